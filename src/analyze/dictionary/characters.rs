//! Reads MeCab's table of character categories (`char.bin`) back into the text it was made of, in the layout of MeCab
//! 0.996 (`char_property.h`).

use super::DictionaryError;

/// The `char.def` that MeCab compiled into a `char.bin`: the categories, then the ranges of code points in them.
pub fn characters(bytes: &[u8]) -> Result<String, DictionaryError> {
    const NAME: usize = 32;
    const POINTS: usize = 0xffff;
    let bad = |reason: &str| DictionaryError::source("char.bin", reason);
    let count = bytes.first_chunk::<4>().map_or(0, |n| u32::from_le_bytes(*n) as usize);
    if !(1..=18).contains(&count) || bytes.len() != 4 + NAME * count + 4 * POINTS {
        return Err(bad("is not as long as its number of categories says"));
    }
    let (names, table) = bytes[4..].split_at(NAME * count);
    let names: Vec<&str> = names
        .chunks_exact(NAME)
        .map(|name| std::str::from_utf8(name.split(|&b| b == 0).next().unwrap_or(&[])))
        .collect::<Result<_, _>>()
        .map_err(|_| bad("has a category name that is not UTF-8"))?;
    if names.iter().any(|name| name.is_empty() || !name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')) {
        return Err(bad("has a category name that is no name"));
    }
    let points: Vec<CharInfo> =
        table.as_chunks::<4>().0.iter().map(|info| CharInfo(u32::from_le_bytes(*info))).collect();

    let mut out = String::new();
    for (id, name) in names.iter().enumerate() {
        let info = points.iter().find(|info| info.main() == id).copied().unwrap_or(CharInfo(0));
        out += &format!("{name} {} {} {}\n", info.invoke(), info.group(), info.length());
    }
    let mut from = 0;
    for run in points.chunk_by(|a, b| a == b) {
        let (first, last) = (from, from + run.len() - 1);
        from += run.len();
        let info = run[0];
        if info.main() >= count || info.members() >> count != 0 {
            return Err(bad("names a category that it does not hold"));
        }
        if info.main() == 0 && info.members() == 1 {
            continue; // the default needs no line
        }
        // ends that the builder's UTF-16 reading would not take for characters
        if [first, last].iter().any(|end| (0xd800..0xe000).contains(end) || *end == 0xfeff) {
            return Err(bad("has a range that ends at no character"));
        }
        out += &format!("0x{first:04X}..0x{last:04X} {}", names[info.main()]);
        for (id, name) in names.iter().enumerate() {
            if id != info.main() && info.members() >> id & 1 == 1 {
                out += " ";
                out += name;
            }
        }
        out += "\n";
    }
    Ok(out)
}

/// MeCab's bit field of a code point, lowest bits first: 18 of categories, 8 of the main one, 4 of length, group, invoke.
#[derive(Clone, Copy, PartialEq)]
struct CharInfo(u32);

impl CharInfo {
    fn members(self) -> u32 {
        self.0 & 0x3ffff
    }
    fn main(self) -> usize {
        (self.0 >> 18 & 0xff) as usize
    }
    fn length(self) -> u32 {
        self.0 >> 26 & 0xf
    }
    fn group(self) -> u32 {
        self.0 >> 30 & 1
    }
    fn invoke(self) -> u32 {
        self.0 >> 31
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture;
    use super::*;

    #[test]
    fn character_ranges() {
        let text = characters(&fixture::characters()).unwrap();
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            ["DEFAULT 0 1 0", "SPACE 0 1 0", "HANGUL 0 1 2", "0x0020..0x0020 SPACE", "0xAC00..0xD7A3 HANGUL",]
        );
    }

    #[test]
    fn character_ranges_that_no_text_can_name_are_refused() {
        let mut bytes = fixture::characters();
        let at = |point: usize| 4 + 3 * 32 + 4 * point;
        let space: [u8; 4] = bytes[at(0x20)..at(0x21)].try_into().unwrap();
        bytes[at(0xfeff)..at(0xff00)].copy_from_slice(&space);
        assert!(characters(&bytes).unwrap_err().to_string().contains("ends at no character"));
        bytes[at(0)..at(1)].copy_from_slice(&[0xff; 4]);
        assert!(characters(&bytes).unwrap_err().to_string().contains("category"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn no_damage_makes_it_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        ) {
            let mut bytes = fixture::characters();
            let length = bytes.len();
            for (turn, (at, byte)) in changes.into_iter().enumerate() {
                bytes[at.index(if turn % 2 == 0 { length } else { 400 })] = byte;
            }
            let _ = characters(&bytes);
        }
    }
}
