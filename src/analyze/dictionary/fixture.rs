//! For tests: a tiny dictionary of our own, compiled as MeCab would.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::build;
use super::pins::Content;
use super::source::Source;

/// surface, left id, right id, cost, features
pub type Row<'a> = (&'a str, u16, u16, i16, &'a str);

pub const RIGHTS: u16 = 6;
pub const LEFTS: u16 = 5;
/// The right id of a space, and of nothing else.
pub const SPACE: u16 = 5;

pub const WORDS: [Row; 5] = [
    ("나라", 1, 1, 100, "NNG,*,F,나라,*,*,*,*"),
    ("강", 1, 2, 100, "NNG,*,T,강,*,*,*,*"),
    ("이", 2, 3, 50, "JKS,*,F,이,*,*,*,*"),
    ("이", 3, 3, 400, "MM,*,F,이,*,*,*,*"),
    ("는다", 4, 4, 80, "EP+EF,*,F,는다,Inflect,EP,EF,느/EP/*+ㄴ다/EF/*"),
];

pub const CATEGORIES: [Row; 3] = [
    ("DEFAULT", 0, 0, 900, "SY,*,*,*,*,*,*,*"),
    ("HANGUL", 0, 0, 2000, "UNKNOWN,*,*,*,*,*,*,*"),
    ("SPACE", 0, SPACE, 10, "SP,*,*,*,*,*,*,*"),
];

/// A compiled lexicon. Rows of one surface must stand together.
pub fn lexicon(rows: &[Row]) -> Vec<u8> {
    let (mut tokens, mut features, mut surfaces) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (at, (surface, left, right, cost, list)) in rows.iter().enumerate() {
        surfaces.entry(surface.as_bytes().to_vec()).or_insert((at, 0)).1 += 1;
        for half in [*left, *right, 0, *cost as u16] {
            tokens.extend(half.to_le_bytes());
        }
        tokens.extend((features.len() as u32).to_le_bytes());
        tokens.extend([0; 4]);
        features.extend(list.as_bytes());
        features.push(0);
    }
    let trie = double_array(&surfaces);
    let mut bytes = vec![0; 72];
    bytes[40..45].copy_from_slice(b"UTF-8");
    let (tsize, fsize) = (tokens.len(), features.len());
    let total = 72 + trie.len() + tsize + fsize;
    let header = [total as u32 ^ 0xef71_8f77, 102, 0, rows.len() as u32, 0, 0, trie.len() as u32, tsize as u32];
    for (at, word) in header.into_iter().chain([fsize as u32]).enumerate() {
        bytes[at * 4..at * 4 + 4].copy_from_slice(&word.to_le_bytes());
    }
    bytes.extend(trie);
    bytes.extend(tokens);
    bytes.extend(features);
    bytes
}

/// A double array that maps each surface to (first row, number of rows).
fn double_array(surfaces: &BTreeMap<Vec<u8>, (usize, usize)>) -> Vec<u8> {
    let mut units: Vec<Option<(i32, u32)>> = vec![Some((1, 0))];
    let mut bases = vec![0usize];
    // unit to fill in, and the beginning of the surfaces below it
    let mut open: Vec<(usize, Vec<u8>)> = vec![(0, Vec::new())];
    while let Some((unit, begin)) = open.pop() {
        let below = || surfaces.iter().filter(|(surface, _)| surface.starts_with(&begin));
        let mut codes: Vec<usize> =
            below().map(|(surface, _)| surface.get(begin.len()).map_or(0, |&byte| usize::from(byte) + 1)).collect();
        codes.dedup();
        let free = |base: usize| {
            !bases.contains(&base) && codes.iter().all(|code| units.get(base + code).is_none_or(Option::is_none))
        };
        let base = (1..).find(|&base| free(base)).expect("numbers do not end");
        bases.push(base);
        units.resize(units.len().max(base + 257), None);
        let (_, parent) = units[unit].expect("is filled before what is below it");
        units[unit] = Some((base as i32, parent));
        for code in codes {
            if code == 0 {
                let (first, count) = surfaces[&begin];
                units[base] = Some((-((first << 8 | count) as i32) - 1, base as u32));
            } else {
                units[base + code] = Some((0, base as u32));
                open.push((base + code, [&begin[..], &[(code - 1) as u8]].concat()));
            }
        }
    }
    units
        .into_iter()
        .flat_map(|unit| {
            let (base, check) = unit.unwrap_or_default();
            [base.to_le_bytes(), check.to_le_bytes()].concat()
        })
        .collect()
}

/// All costs are 0 but for what `cost` says of (right, left).
pub fn matrix(rights: u16, lefts: u16, cost: impl Fn(u16, u16) -> i16) -> Vec<u8> {
    let mut bytes = [rights.to_le_bytes(), lefts.to_le_bytes()].concat();
    for left in 0..lefts {
        for right in 0..rights {
            bytes.extend(cost(right, left).to_le_bytes());
        }
    }
    bytes
}

/// Hangul syllables and the space have categories of their own.
pub fn characters() -> Vec<u8> {
    let mut bytes = 3u32.to_le_bytes().to_vec();
    for name in ["DEFAULT", "SPACE", "HANGUL"] {
        let mut field = [0; 32];
        field[..name.len()].copy_from_slice(name.as_bytes());
        bytes.extend(field);
    }
    for point in 0..0xffffu32 {
        let (category, length, group) = match point {
            0x20 => (1, 0, 1),
            0xac00..=0xd7a3 => (2, 2, 1),
            _ => (0, 0, 1),
        };
        let info: u32 = 1 << category | category << 18 | length << 26 | group << 30;
        bytes.extend(info.to_le_bytes());
    }
    bytes
}

pub fn source() -> Source {
    Source {
        sys: lexicon(&WORDS),
        matrix: matrix(RIGHTS, LEFTS, |_, _| 0),
        chars: characters(),
        unk: lexicon(&CATEGORIES),
        licence: b"free\n".to_vec(),
    }
}

/// The same as a folder of files.
pub fn write_folder(folder: &Path) {
    let Source { sys, matrix, chars, unk, licence } = source();
    fs::create_dir_all(folder).unwrap();
    let files = [("sys.dic", sys), ("matrix.bin", matrix), ("char.bin", chars), ("unk.dic", unk), ("COPYING", licence)];
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
}

/// What the tiny dictionary consists of.
pub fn content() -> Content {
    let texts = tempfile::tempdir().unwrap();
    build::write_texts(source(), texts.path(), &mut |_| ()).unwrap()
}
