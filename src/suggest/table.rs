//! The table of suggestions as bytes on the disk: mapped when it is first asked, never read whole.
//!
//! Entries are numbered in the order of their keys. An automaton (a finite state transducer) leads from keys to numbers, a
//! second one from initials to places in a list of numbers; so what begins with something is a range, and the heaviest of a
//! range are found by the maxima of blocks of [`FAN`], of blocks of blocks, and so on.
//!
//! Sections ([`crate::store::sections`]): keys, initials, ends of texts (u32), texts, weights (u16) with their maxima, numbers by initials (u32), their
//! weights (u16) with their maxima.

use std::collections::BinaryHeap;
use std::io;
use std::ops::Range;
use std::path::Path;

use tantivy::directory::OwnedBytes;
use tantivy_fst::{IntoStreamer, Map, MapBuilder, Streamer};

use super::key::{behind, initials};
use crate::store::sections::{self, SUGGESTIONS, number_at};

/// Weights under one maximum.
const FAN: usize = 16;

/// An entry on its way into a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: Vec<u8>,
    pub text: String,
    pub weight: u16,
}

/// The bytes of a table; `entries` are in the order of their keys, each key once.
pub fn compile(entries: &[Entry]) -> io::Result<Vec<u8>> {
    debug_assert!(entries.is_sorted_by(|a, b| a.key < b.key));
    let mut keys = MapBuilder::memory();
    let (mut ends, mut texts) = (Vec::with_capacity(entries.len() * 4), String::new());
    for (number, entry) in entries.iter().enumerate() {
        keys.insert(&entry.key, number as u64).map_err(io::Error::other)?;
        texts.push_str(&entry.text);
        ends.extend((texts.len() as u32).to_le_bytes());
    }
    let mut by_initials: Vec<(Vec<u8>, u32)> = entries
        .iter()
        .enumerate()
        .filter_map(|(number, entry)| Some((initials(&entry.text).filter(|it| it.len() > 1)?, number as u32)))
        .collect();
    by_initials.sort_unstable();
    let mut openings = MapBuilder::memory();
    for (place, same) in by_initials.chunk_by(|a, b| a.0 == b.0).scan(0, |place, same| {
        *place += same.len();
        Some((*place - same.len(), same))
    }) {
        openings.insert(&same[0].0, place as u64).map_err(io::Error::other)?;
    }
    let weights: Vec<u16> = entries.iter().map(|entry| entry.weight).collect();
    let weights_by_initials: Vec<u16> = by_initials.iter().map(|(_, number)| weights[*number as usize]).collect();
    let sections = [
        keys.into_inner().map_err(io::Error::other)?,
        openings.into_inner().map_err(io::Error::other)?,
        ends,
        texts.into_bytes(),
        with_maxima(weights),
        by_initials.iter().flat_map(|(_, number)| number.to_le_bytes()).collect(),
        with_maxima(weights_by_initials),
    ];
    Ok(SUGGESTIONS.join(&sections))
}

/// The weights, then the maxima of each [`FAN`] of them, then the maxima of these, down to a single block.
fn with_maxima(weights: Vec<u16>) -> Vec<u8> {
    let mut out = Vec::with_capacity(weights.len() * 3);
    let mut level = weights;
    loop {
        out.extend(level.iter().flat_map(|weight| weight.to_le_bytes()));
        if level.len() <= FAN {
            return out;
        }
        level = level.chunks(FAN).map(|block| block.iter().copied().max().unwrap_or(0)).collect();
    }
}

/// Weights with their maxima.
#[derive(Debug, Clone)]
struct Weights {
    bytes: OwnedBytes,
    /// Where each level begins, in weights, and how many it has.
    levels: Vec<(usize, usize)>,
}

impl Weights {
    fn new(bytes: OwnedBytes, len: usize) -> Weights {
        let mut levels = vec![(0, len)];
        let mut last = len;
        while last > FAN {
            let from = levels.iter().map(|(_, len)| len).sum();
            last = last.div_ceil(FAN);
            levels.push((from, last));
        }
        Weights { bytes, levels }
    }

    fn at(&self, level: usize, place: usize) -> u16 {
        let at = (self.levels[level].0 + place) * 2;
        self.bytes.get(at..at + 2).map_or(0, |pair| u16::from_le_bytes([pair[0], pair[1]]))
    }

    /// The heaviest of the places of a level, of equals the first.
    fn heaviest(&self, level: usize, places: Range<usize>) -> Option<(u16, usize)> {
        let scan = |level: usize, places: Range<usize>| {
            places.map(|place| (self.at(level, place), place)).reduce(|a, b| if b.0 > a.0 { b } else { a })
        };
        let (first, last) = (places.start.div_ceil(FAN), places.end / FAN);
        if first >= last || level + 1 == self.levels.len() {
            return scan(level, places);
        }
        let block = self.heaviest(level + 1, first..last);
        let inner = block.and_then(|(_, block)| scan(level, block * FAN..(block + 1) * FAN));
        let found = [scan(level, places.start..first * FAN), inner, scan(level, last * FAN..places.end)];
        found.into_iter().flatten().reduce(|a, b| if b.0 > a.0 { b } else { a })
    }
}

/// A table of suggestions.
pub struct Table {
    keys: Map<OwnedBytes>,
    openings: Map<OwnedBytes>,
    ends: OwnedBytes,
    texts: OwnedBytes,
    weights: Weights,
    by_initials: OwnedBytes,
    weights_by_initials: Weights,
}

/// Entries of a table that begin with something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    Keys(Range<usize>),
    Initials(Range<usize>),
}

impl Table {
    /// Maps the table of this name in `dir`.
    pub fn open(dir: &Path, name: &str) -> io::Result<Table> {
        Table::new(sections::map(dir, name)?)
    }

    /// The table in `bytes`; fails where they are cut short or no table.
    pub fn new(bytes: OwnedBytes) -> io::Result<Table> {
        let [keys, openings, ends, texts, weights, by_initials, weights_by_initials] = SUGGESTIONS.split(&bytes)?;
        let (entries, initials) = (ends.len() / 4, by_initials.len() / 4);
        Ok(Table {
            keys: Map::from(tantivy_fst::raw::Fst::new(keys).map_err(io::Error::other)?),
            openings: Map::from(tantivy_fst::raw::Fst::new(openings).map_err(io::Error::other)?),
            ends,
            texts,
            weights: Weights::new(weights, entries),
            by_initials,
            weights_by_initials: Weights::new(weights_by_initials, initials),
        })
    }

    pub fn len(&self) -> usize {
        self.ends.len() / 4
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of exactly this key.
    pub fn get(&self, key: &[u8]) -> Option<usize> {
        self.keys.get(key).map(|number| number as usize)
    }

    pub fn text(&self, number: usize) -> &str {
        let end = |number: usize| place_at(&self.ends, number);
        let start = number.checked_sub(1).map_or(0, end);
        self.texts.get(start..end(number)).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or("")
    }

    pub fn weight(&self, number: usize) -> u16 {
        self.weights.at(0, number)
    }

    /// The entries whose key begins with `prefix`.
    pub fn beginning(&self, prefix: &[u8]) -> Beginning {
        Beginning::Keys(range(&self.keys, prefix, self.len()))
    }

    /// The entries whose initials begin with `typed` (see [`super::key::typed_initials`]).
    pub fn opening(&self, typed: &[u8]) -> Beginning {
        Beginning::Initials(range(&self.openings, typed, self.by_initials.len() / 4))
    }

    /// The entries of a range, the heaviest first.
    pub fn heaviest(&self, beginning: Beginning) -> impl Iterator<Item = usize> {
        let (weights, places) = match &beginning {
            Beginning::Keys(places) => (&self.weights, places.clone()),
            Beginning::Initials(places) => (&self.weights_by_initials, places.clone()),
        };
        let mut parts: BinaryHeap<Part> = Part::of(weights, places).into_iter().collect();
        std::iter::from_fn(move || {
            let part = parts.pop()?;
            let place = part.place.0;
            parts.extend(Part::of(weights, part.places.start..place));
            parts.extend(Part::of(weights, place + 1..part.places.end));
            Some(match beginning {
                Beginning::Keys(_) => place,
                Beginning::Initials(_) => place_at(&self.by_initials, place),
            })
        })
    }
}

/// A stretch of places and the heaviest of them, ordered by that.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    weight: u16,
    place: std::cmp::Reverse<usize>,
    places: PlacesOf,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PlacesOf {
    start: usize,
    end: usize,
}

impl Part {
    fn of(weights: &Weights, places: Range<usize>) -> Option<Part> {
        let PlacesOf { start, end } = PlacesOf { start: places.start, end: places.end };
        if start >= end {
            return None;
        }
        let (weight, place) = weights.heaviest(0, places)?;
        Some(Part { weight, place: std::cmp::Reverse(place), places: PlacesOf { start, end } })
    }
}

fn place_at(bytes: &[u8], at: usize) -> usize {
    number_at(bytes, at).unwrap_or(0)
}

/// The values of all keys that begin with `prefix`; values grow with the keys, up to `all`.
fn range(map: &Map<OwnedBytes>, prefix: &[u8], all: usize) -> Range<usize> {
    let first = |key: &[u8]| map.range().ge(key).into_stream().next().map_or(all, |(_, value)| value as usize);
    let start = first(prefix);
    let end = behind(prefix).map_or(all, |end| first(&end));
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::key::{key, typed_initials};
    use proptest::prelude::*;

    fn table(mut words: Vec<(String, u16)>) -> Table {
        words.sort_by_key(|(text, _)| key(text));
        words.dedup_by_key(|(text, _)| key(text));
        let entries: Vec<Entry> =
            words.into_iter().map(|(text, weight)| Entry { key: key(&text), text, weight }).collect();
        Table::new(OwnedBytes::new(compile(&entries).unwrap())).unwrap()
    }

    fn texts(table: &Table, beginning: Beginning) -> Vec<&str> {
        table.heaviest(beginning).map(|number| table.text(number)).collect()
    }

    #[test]
    fn the_heaviest_come_first() {
        let words = [
            ("북한", 9),
            ("북한군", 4),
            ("북핵", 7),
            ("북", 1),
            ("가방", 5),
            ("CTBT", 3),
            ("북한 미사일", 8),
            ("보훈", 2),
        ];
        let table = table(words.map(|(text, weight)| (text.to_owned(), weight)).into());
        assert_eq!(texts(&table, table.beginning(&key("북ㅎ"))), ["북한", "북한 미사일", "북핵", "북한군"]);
        assert_eq!(texts(&table, table.beginning(&key("갑"))), ["가방"]);
        assert_eq!(texts(&table, table.beginning(&key("ct"))), ["CTBT"]);
        assert_eq!(
            texts(&table, table.opening(&typed_initials("ㅂㅎ").unwrap())),
            ["북한", "북한 미사일", "북핵", "북한군", "보훈"]
        );
        assert_eq!(texts(&table, table.beginning(&key("힣"))), [""; 0]);
        assert_eq!(texts(&table, table.beginning(b"")).len(), 8);
        assert_eq!(table.get(&key("북핵")).map(|number| table.text(number)), Some("북핵"));
    }

    #[test]
    fn damaged_bytes_are_no_table() {
        let bytes = compile(&[Entry { key: key("북한"), text: "북한".to_owned(), weight: 1 }]).unwrap();
        for end in 0..bytes.len() {
            assert!(Table::new(OwnedBytes::new(bytes[..end].to_vec())).is_err(), "{end}");
        }
        assert!(Table::new(OwnedBytes::new(compile(&[]).unwrap())).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn as_a_plain_search_would_find(
            words in prop::collection::vec(("[가나다북한]{1,4}|[ab]{1,3}", 0u16..50), 0..200),
            typed in "[가나ㄱㅂ북]{0,2}|[ab]{1,2}",
        ) {
            let table = table(words);
            let found = texts(&table, table.beginning(&key(&typed)));
            let mut expected: Vec<usize> =
                (0..table.len()).filter(|&at| key(table.text(at)).starts_with(&key(&typed))).collect();
            expected.sort_by_key(|&at| (std::cmp::Reverse(table.weight(at)), at));
            let expected: Vec<&str> = expected.into_iter().map(|at| table.text(at)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
