//! Reads MeCab's compiled lexicons (`sys.dic`, `unk.dic`) back into rows.
//!
//! The published packages hold only compiled files, and the morphology library builds from text. The files come from
//! outside: every offset is checked, no input makes this panic, loop or allocate more than a few times its size.
//!
//! The layout is that of MeCab 0.996 (`dictionary.cpp`, `darts.h`).

use super::DictionaryError;

/// What MeCab's `sys.dic` and `unk.dic` begin with once xored with the file's length.
const MAGIC: u32 = 0xef71_8f77;
const FORMAT: u32 = 102;
const HEADER: usize = 72;
const TOKEN: usize = 16;
/// The longest surface of the real dictionary has 51 bytes.
const MAX_SURFACE: usize = 1024;
/// The longest list of features of the real dictionary has 196 bytes.
const MAX_FEATURES: usize = 4096;

/// One reading of a surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    pub left: u16,
    pub right: u16,
    pub cost: i16,
    /// The features, comma-separated, as they were compiled.
    pub features: &'a str,
}

impl Entry<'_> {
    /// The tag of the entry's first part: `VV` of `VV+EC`.
    pub fn first_tag(&self) -> &str {
        let tag = self.features.split(',').next().unwrap_or("");
        tag.split('+').next().unwrap_or(tag)
    }
}

/// A compiled lexicon: `sys.dic`, or `unk.dic` whose surfaces are names of character categories.
pub struct Lexicon<'a> {
    file: &'static str,
    /// Units of the double array: base and check.
    units: &'a [[u8; 8]],
    tokens: &'a [[u8; TOKEN]],
    features: &'a [u8],
}

impl<'a> Lexicon<'a> {
    pub fn parse(file: &'static str, bytes: &'a [u8]) -> Result<Lexicon<'a>, DictionaryError> {
        let bad = |reason: &str| DictionaryError::source(file, reason);
        if bytes.len() < HEADER {
            return Err(bad("is too short"));
        }
        let word = |at: usize| u32_at(bytes, at * 4);
        if word(0) ^ MAGIC != bytes.len() as u32 {
            return Err(bad("is not a MeCab dictionary, or is cut short"));
        }
        if word(1) != FORMAT {
            return Err(bad("has another format version"));
        }
        let charset = bytes[40..HEADER].split(|&b| b == 0).next().unwrap_or(&[]);
        if !charset.eq_ignore_ascii_case(b"utf-8") && !charset.eq_ignore_ascii_case(b"utf8") {
            return Err(bad("is not in UTF-8"));
        }
        let (trie, tokens, features) = (word(6) as usize, word(7) as usize, word(8) as usize);
        if trie as u64 + tokens as u64 + features as u64 != (bytes.len() - HEADER) as u64 {
            return Err(bad("has sections of another length than its header says"));
        }
        let body = &bytes[HEADER..];
        let (units, rest) = body[..trie].as_chunks::<8>();
        let (tokens, loose) = body[trie..trie + tokens].as_chunks::<TOKEN>();
        if !rest.is_empty() || !loose.is_empty() {
            return Err(bad("has a section that ends within a record"));
        }
        Ok(Lexicon { file, units, tokens, features: &body[body.len() - features..] })
    }

    /// How many rows it holds.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Calls `each` for every surface with its rows, in the bytewise order of CSV lines: a surface comes as if a comma
    /// followed it.
    pub fn for_each_surface(
        &self,
        mut each: impl FnMut(&str, &[Entry<'a>]) -> Result<(), DictionaryError>,
    ) -> Result<(), DictionaryError> {
        let bad = |reason: &str| DictionaryError::source(self.file, reason);
        let tree = Children::of(self.units);
        let Some(root) = self.units.first().map(base_of) else {
            return Err(bad("has an empty trie"));
        };
        let mut surface: Vec<u8> = Vec::new();
        let mut entries = Vec::new();
        let mut steps = 0usize;
        let mut rows = 0usize;
        let mut path = vec![tree.node(root, 0)];
        while let Some(node) = path.last_mut() {
            let next = tree.byte_and_unit(node);
            let ended = node.terminal.take_if(|_| next.is_none_or(|(byte, _)| byte >= b','));
            if let Some(unit) = ended {
                surface.truncate(node.depth);
                entries.clear();
                self.read_entries(unit, &mut entries)?;
                rows += entries.len();
                if rows > self.tokens.len() {
                    return Err(bad("leads to a row twice"));
                }
                let text = std::str::from_utf8(&surface).map_err(|_| bad("has a surface that is not UTF-8"))?;
                each(text, &entries)?;
            } else if let Some((byte, unit)) = next {
                node.next += 1;
                surface.truncate(node.depth);
                surface.push(byte);
                steps += 1;
                if steps > self.units.len() || surface.len() > MAX_SURFACE {
                    return Err(bad("has a trie that turns back on itself"));
                }
                let below = tree.node(base_of(&self.units[unit]), surface.len());
                path.push(below);
            } else {
                path.pop();
            }
        }
        if rows != self.tokens.len() {
            return Err(bad("has rows that no surface leads to"));
        }
        Ok(())
    }

    /// The rows a terminal unit stands for: their first index and their number are packed in its negated base.
    fn read_entries(&self, unit: usize, out: &mut Vec<Entry<'a>>) -> Result<(), DictionaryError> {
        let value = -(i64::from(base_of(&self.units[unit]))) - 1;
        let (first, count) = ((value >> 8) as usize, (value & 0xff) as usize);
        let tokens = match value {
            0.. => self.tokens.get(first..first + count),
            _ => None,
        };
        for token in tokens.ok_or_else(|| DictionaryError::source(self.file, "has a surface without rows"))? {
            let half = |at: usize| u16::from_le_bytes([token[at], token[at + 1]]);
            let features = self.features.get(u32_at(token, 8) as usize..).unwrap_or(&[]);
            let features = &features[..features.len().min(MAX_FEATURES)];
            let end = memchr::memchr(0, features).unwrap_or(features.len());
            let features = std::str::from_utf8(&features[..end])
                .map_err(|_| DictionaryError::source(self.file, "has features that are not UTF-8"))?;
            if features.is_empty() || features.contains(['\n', '\r', '"']) {
                return Err(DictionaryError::source(self.file, "has features that are no list"));
            }
            out.push(Entry { left: half(0), right: half(2), cost: half(6) as i16, features });
        }
        Ok(())
    }
}

/// The units of a double array by their parent, so that walking it needs no search: unit `p` belongs to the state
/// whose base is `check[p]`, under the byte `p - base - 1`; `p == base` ends a surface.
struct Children {
    starts: Vec<u32>,
    units: Vec<u32>,
}

/// A state on the way to the surface being read.
struct Node {
    base: usize,
    depth: usize,
    next: usize,
    end: usize,
    terminal: Option<usize>,
}

impl Children {
    fn of(array: &[[u8; 8]]) -> Children {
        let check = |unit: &[u8; 8]| u32_at(unit, 4) as usize;
        let mut starts = vec![0u32; array.len() + 1];
        for unit in array {
            if let Some(count) = starts.get_mut(check(unit) + 1) {
                *count += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut fill = starts.clone();
        let mut units = vec![0u32; *starts.last().unwrap_or(&0) as usize];
        for (at, unit) in array.iter().enumerate() {
            let parent = check(unit);
            if parent < array.len() {
                units[fill[parent] as usize] = at as u32;
                fill[parent] += 1;
            }
        }
        Children { starts, units }
    }

    fn node(&self, base: i32, depth: usize) -> Node {
        // base 0 would claim the unused units, whose check is 0
        let base = usize::try_from(base).unwrap_or(0);
        let range = match base {
            1.. if base + 1 < self.starts.len() => self.starts[base] as usize..self.starts[base + 1] as usize,
            _ => 0..0,
        };
        // ascending, so units before the base (which no writer makes) and the terminal come first
        let (mut next, mut terminal) = (range.start, None);
        while next < range.end && self.units[next] as usize <= base {
            terminal = (self.units[next] as usize == base).then_some(base);
            next += 1;
        }
        Node { base, depth, next, end: range.end, terminal }
    }

    fn byte_and_unit(&self, node: &Node) -> Option<(u8, usize)> {
        let unit = *self.units[..node.end].get(node.next)? as usize;
        u8::try_from(unit - node.base - 1).ok().map(|byte| (byte, unit))
    }
}

fn base_of(unit: &[u8; 8]) -> i32 {
    u32_at(unit, 0) as i32
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use proptest::prelude::*;

    type Read = Vec<(String, u16, u16, i16, String)>;

    fn read(bytes: &[u8]) -> Result<Read, DictionaryError> {
        let mut rows = Vec::new();
        Lexicon::parse("sys.dic", bytes)?.for_each_surface(|surface, entries| {
            rows.extend(entries.iter().map(|e| (surface.to_owned(), e.left, e.right, e.cost, e.features.to_owned())));
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn surfaces_come_in_the_order_of_csv_lines() {
        // a comma follows a surface: what sorts before the comma comes first
        let surfaces = ["a!", "a", "a.", "ab", "가", "가나"];
        let mut given = surfaces;
        given.reverse();
        let rows: Vec<_> = given.iter().map(|&surface| (surface, 1, 2, -3, "NNG,*")).collect();
        let read: Vec<String> = read(&fixture::lexicon(&rows)).unwrap().into_iter().map(|row| row.0).collect();
        assert_eq!(read, surfaces);
    }

    #[test]
    fn rows_of_a_surface_stay_together() {
        let read = read(&fixture::lexicon(&fixture::WORDS)).unwrap();
        let costs: Vec<i16> = read.iter().filter(|row| row.0 == "이").map(|row| row.3).collect();
        assert_eq!(costs, [50, 400]);
    }

    #[test]
    fn first_tags() {
        for (features, tag) in [("NNG,*,F", "NNG"), ("VV+EC,*", "VV"), ("SY", "SY"), ("+,", "")] {
            assert_eq!(Entry { left: 0, right: 0, cost: 0, features }.first_tag(), tag);
        }
    }

    #[test]
    fn broken_files_are_named_with_their_fault() {
        let good = fixture::lexicon(&fixture::WORDS);
        let changed = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        let tokens = 72 + u32_at(&good, 24) as usize;
        for (bytes, fault) in [
            (Vec::new(), "is too short"),
            (good[..good.len() - 1].to_vec(), "is not a MeCab dictionary, or is cut short"),
            (changed(4, 101), "has another format version"),
            (changed(40, b'E'), "is not in UTF-8"),
            (changed(24, good[24] ^ 8), "has sections of another length than its header says"),
            (changed(72, 0), "has rows that no surface leads to"),
            (changed(tokens + 11, 0xff), "has features that are no list"),
        ] {
            let error = read(&bytes).unwrap_err().to_string();
            assert_eq!(error, format!("sys.dic: {fault}"));
        }
    }

    proptest! {
        #[test]
        fn every_row_comes_back(
            words in prop::collection::btree_map("[ -~가-힣一-龥]{1,6}", prop::collection::vec((0u16..100, 0u16..100, any::<i16>()), 1..4), 1..30)
        ) {
            let rows: Vec<_> = words
                .iter()
                .flat_map(|(surface, readings)| readings.iter().map(|&(l, r, c)| (surface.as_str(), l, r, c, "NNG,*,가")))
                .collect();
            let mut back = read(&fixture::lexicon(&rows)).unwrap();
            let mut wanted: Read =
                rows.iter().map(|row| (row.0.to_owned(), row.1, row.2, row.3, row.4.to_owned())).collect();
            back.sort();
            wanted.sort();
            prop_assert_eq!(back, wanted);
        }

        #[test]
        fn no_damage_makes_it_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        ) {
            let mut bytes = fixture::lexicon(&fixture::WORDS);
            let length = bytes.len();
            // the header and the first units decide most, so half of the changes go there
            for (turn, (at, byte)) in changes.into_iter().enumerate() {
                bytes[at.index(if turn % 2 == 0 { length } else { 400 })] = byte;
            }
            let _ = read(&bytes);
        }
    }
}
