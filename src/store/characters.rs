//! Text in fewer bytes, before it is compressed.
//!
//! UTF-8 takes three bytes for every Korean syllable, and a compressor of bytes pays for it: it seeks matches over a longer
//! text and codes the parts of a syllable one by one. Here the syllables that news uses most take one byte, all that are in
//! common use two, and ASCII what it took: stored Korean articles get a fifth smaller, and are faster to pack and to expand.
//!
//! Bytes: below 0x80 themselves; [`ESCAPE`] before a character that has no code, or before a byte that is no part of a
//! character (without its highest bit); then the lead bytes of two, then the codes of one.

use std::sync::OnceLock;

/// The characters with a code, those of one byte first; each takes three bytes of UTF-8. First those of the sample archive by
/// how often they stand there, then the syllables, signs and hanja of KS X 1001 in their order. Part of the index's format.
const CHARACTERS: &[[u8; 3]] = include_bytes!("characters.txt").as_chunks::<3>().0;
/// Before what has no code.
const ESCAPE: u8 = 0x80;
/// The first byte of two.
const FIRST_LEAD: u8 = ESCAPE + 1;
/// The codes of one byte.
const FIRST_SINGLE: u8 = 0x92;
const SINGLES: usize = 0x100 - FIRST_SINGLE as usize;

const _: () = assert!(CHARACTERS.len() == SINGLES + 0x100 * (FIRST_SINGLE - FIRST_LEAD) as usize);

/// The code of every character of three bytes, with a lead of 0 where it is a single byte; 0 where there is none.
fn codes() -> &'static [u16] {
    static CODES: OnceLock<Vec<u16>> = OnceLock::new();
    CODES.get_or_init(|| {
        let mut codes = vec![0; 1 << 16];
        for (number, &character) in CHARACTERS.iter().enumerate() {
            let code = match number.checked_sub(SINGLES) {
                Some(number) => 0x100 * u16::from(FIRST_LEAD) + number as u16,
                None => u16::from(FIRST_SINGLE) + number as u16,
            };
            codes[usize::from(scalar(character))] = code;
        }
        codes
    })
}

/// The number of a character of three bytes.
fn scalar([first, second, third]: [u8; 3]) -> u16 {
    u16::from(first) << 12 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f)
}

/// The bytes of the character that begins with this one.
fn length_of(first: u8) -> usize {
    match first {
        ..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

/// Appends the short form of `bytes`, which may hold anything and is mostly text.
pub fn shorten(bytes: &[u8], out: &mut Vec<u8>) {
    let codes = codes();
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid().as_bytes();
        while let Some(&first) = rest.first() {
            let (character, after) = rest.split_at(length_of(first));
            match *character {
                [ascii] => out.push(ascii),
                [first, second, third] => match codes[usize::from(scalar([first, second, third]))].to_be_bytes() {
                    [0, 0] => out.extend([ESCAPE, first, second, third]),
                    [0, single] => out.push(single),
                    pair => out.extend(pair),
                },
                _ => {
                    out.push(ESCAPE);
                    out.extend_from_slice(character);
                }
            }
            rest = after;
        }
        out.extend(chunk.invalid().iter().flat_map(|stray| [ESCAPE, stray & 0x7f]));
    }
}

/// What each code stands for, in four bytes of which the first one or three count: ASCII, then [`CHARACTERS`].
static STANDS_FOR: [[u8; 4]; 0x80 + CHARACTERS.len()] = {
    let mut table = [[0; 4]; 0x80 + CHARACTERS.len()];
    let mut number = 0;
    while number < table.len() {
        table[number] = match number.checked_sub(0x80) {
            Some(number) => [CHARACTERS[number][0], CHARACTERS[number][1], CHARACTERS[number][2], 0],
            None => [number as u8, 0, 0, 0],
        };
        number += 1;
    }
    table
};

/// Where the characters of each first byte begin in [`STANDS_FOR`].
const BEGINS: [u16; 0x100] = {
    let mut begins = [0; 0x100];
    let mut first = 0;
    while first < begins.len() {
        begins[first] = match first as u8 {
            FIRST_SINGLE.. => 0x80 + first as u16 - FIRST_SINGLE as u16,
            FIRST_LEAD.. => 0x80 + SINGLES as u16 + 0x100 * (first as u16 - FIRST_LEAD as u16),
            _ => first as u16,
        };
        first += 1;
    }
    begins
};

/// Appends what [`shorten`] made `short` of; `None` where it is damaged.
pub fn restore(short: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut end = out.len();
    // what is written at once may be more than what counts
    out.resize(end + 3 * short.len() + 8, 0);
    let mut at = 0;
    while at < short.len() {
        if let Some(eight) = short[at..].first_chunk::<8>()
            && u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080 == 0
        {
            *out[end..].first_chunk_mut()? = *eight;
            (at, end) = (at + 8, end + 8);
            continue;
        }
        let first = short[at];
        if first == ESCAPE {
            let (&next, after) = short[at + 1..].split_first()?;
            let length = length_of(next);
            // what takes one byte is none of a character, without its highest bit
            out[end] = if length == 1 { next | 0x80 } else { next };
            out[end + 1..end + length].copy_from_slice(after.get(..length - 1)?);
            (at, end) = (at + 1 + length, end + length);
            continue;
        }
        // without a branch: which codes have two bytes cannot be foretold
        let is_pair = u8::from((FIRST_LEAD..FIRST_SINGLE).contains(&first));
        let second = short.get(at + 1).map_or(0, |second| second & is_pair.wrapping_neg());
        let stands_for = STANDS_FOR[usize::from(BEGINS[usize::from(first)]) + usize::from(second)];
        *out[end..].first_chunk_mut()? = stands_for;
        at += 1 + usize::from(is_pair);
        end += 1 + 2 * usize::from(first >> 7);
    }
    out.truncate(end);
    // the last of two bytes may be missing
    (at == short.len()).then_some(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn short(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        shorten(bytes, &mut out);
        out
    }

    #[test]
    fn every_code_is_of_one_character() {
        let text = str::from_utf8(include_bytes!("characters.txt")).unwrap();
        assert_eq!(text.chars().collect::<BTreeSet<char>>().len(), CHARACTERS.len());
        assert_eq!(text.chars().count(), CHARACTERS.len());
    }

    #[test]
    fn lengths_of_short_forms() {
        let rows: &[(&[u8], usize)] = &[
            ("다이는".as_bytes(), 3),
            ("핥".as_bytes(), 2),
            ("the end".as_bytes(), 7),
            // no code: a syllable that nobody writes, an accent, a sign outside the first plane
            ("뷃".as_bytes(), 4),
            ("é".as_bytes(), 3),
            ("🙂".as_bytes(), 5),
            (b"\xff", 2),
        ];
        for (bytes, length) in rows {
            assert_eq!(short(bytes).len(), *length, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn text_comes_back(text in "([가-힣]{0,4}[ a-z]{0,20}(\\PC|.)?){0,9}") {
            let mut out = Vec::new();
            prop_assert_eq!(restore(&short(text.as_bytes()), &mut out), Some(()));
            prop_assert_eq!(out, text.as_bytes());
        }

        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut out = vec![7];
            prop_assert_eq!(restore(&short(&bytes), &mut out), Some(()));
            prop_assert_eq!(&out[1..], bytes);
        }

        #[test]
        fn damaged_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut out = Vec::new();
            let whole = restore(&bytes, &mut out).is_some();
            prop_assert!(!whole || out.len() <= 3 * bytes.len());
        }
    }
}
