//! Joint lists: the articles that say several words together, found at the commit where finding them takes long.
//!
//! A translation of several words (`last year`, 서울 and 시 side by side) has the articles that all of its words have, close to
//! one another. Where all of them are frequent, a query would take longer to find these than for all else it does.
//!
//! Sections ([`super::sections`]): rows in the order of their keys, each the key (u64), where the list begins in the second
//! section (u32) and how many articles it has (u32); the lists. A posting is the distance from the article before, doubled,
//! and one more where the frequency is not 1 and follows (LEB128).

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use tantivy::DocId;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentId;
use tantivy::schema::Field;
use xxhash_rust::xxh3::Xxh3;

use super::invert::varint;
use super::sections::{self, JOINT};

/// Bytes of a row.
const ROW: usize = 16;

/// What tells a list from all others: a segment never changes, and other segments have other ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

impl Key {
    /// Of `terms`, which an article must have in `field`.
    pub fn new(segment: SegmentId, field: Field, terms: &[String]) -> Key {
        let mut hash = Xxh3::new();
        hash.update(segment.uuid_string().as_bytes());
        hash.update(&field.field_id().to_le_bytes());
        for term in terms {
            hash.update(&(term.len() as u32).to_le_bytes());
            hash.update(term.as_bytes());
        }
        Key(hash.digest())
    }
}

/// Articles in order, each with how often it says it.
pub type Postings = Vec<(DocId, u32)>;

/// Lists on their way into a table.
#[derive(Debug, Default)]
pub struct Builder {
    /// Where each list begins, and its articles.
    rows: BTreeMap<Key, (u32, u32)>,
    lists: Vec<u8>,
}

impl Builder {
    /// Adds the list of a key that has none yet.
    pub fn add(&mut self, key: Key, postings: &[(DocId, u32)]) {
        self.rows.insert(key, (self.lists.len() as u32, postings.len() as u32));
        let mut last = 0;
        for &(doc, frequency) in postings {
            let often = frequency != 1;
            varint::put((doc - last) << 1 | u32::from(often), &mut self.lists);
            if often {
                varint::put(frequency, &mut self.lists);
            }
            last = doc;
        }
    }

    /// The table, as bytes.
    pub fn build(self) -> Vec<u8> {
        let mut rows = Vec::with_capacity(self.rows.len() * ROW);
        for (Key(key), (start, articles)) in self.rows {
            rows.extend(key.to_le_bytes());
            rows.extend(start.to_le_bytes());
            rows.extend(articles.to_le_bytes());
        }
        JOINT.join(&[rows, self.lists])
    }
}

/// The joint lists of an index.
#[derive(Debug)]
pub struct Lists {
    rows: OwnedBytes,
    lists: OwnedBytes,
}

impl Lists {
    /// Maps the table of this name in `dir`.
    pub fn open(dir: &Path, name: &str) -> io::Result<Lists> {
        Lists::new(sections::map(dir, name)?)
    }

    fn new(bytes: OwnedBytes) -> io::Result<Lists> {
        let [rows, lists] = JOINT.split(&bytes)?;
        Ok(Lists { rows, lists })
    }

    /// The list of this key, of a segment with `max_doc` articles; `None` where it was not worth one. Damaged bytes end it.
    pub fn get(&self, Key(key): Key, max_doc: DocId) -> Option<Postings> {
        let rows = self.rows.as_chunks::<ROW>().0;
        let key_of = |row: &[u8; ROW]| row.first_chunk().map_or(0, |key| u64::from_le_bytes(*key));
        let row = rows.get(rows.partition_point(|row| key_of(row) < key)).filter(|row| key_of(row) == key)?;
        let number = |at: usize| sections::number_at(row, at);
        let (start, articles) = (number(2)?, number(3)?.min(max_doc as usize));
        let mut bytes = self.lists.get(start..)?;
        let mut postings = Vec::with_capacity(articles);
        let mut doc = 0u32;
        while postings.len() < articles {
            let distance = varint::take(&mut bytes);
            doc = doc.saturating_add(distance >> 1);
            if doc >= max_doc {
                break;
            }
            let frequency = if distance & 1 == 1 { varint::take(&mut bytes) } else { 1 };
            postings.push((doc, frequency));
        }
        Some(postings)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(term: &str) -> Key {
        let segment = SegmentId::from_uuid_string("00000000000000000000000000000007").unwrap();
        Key::new(segment, Field::from_field_id(3), &[term.to_owned(), "b".to_owned()])
    }

    fn table(lists: &BTreeMap<String, BTreeMap<DocId, u32>>) -> Vec<u8> {
        let mut builder = Builder::default();
        for (term, list) in lists {
            builder.add(key(term), &list.iter().map(|(&doc, &frequency)| (doc, frequency)).collect::<Vec<_>>());
        }
        builder.build()
    }

    fn lists() -> impl Strategy<Value = BTreeMap<String, BTreeMap<DocId, u32>>> {
        let list = prop::collection::btree_map(0u32..3_000_000, prop_oneof![Just(1u32), 1u32..400], 0..60);
        prop::collection::btree_map("[a-d]{1,3}", list, 0..8)
    }

    #[test]
    fn keys_tell_terms_apart() {
        let segment = SegmentId::from_uuid_string("00000000000000000000000000000007").unwrap();
        let of = |terms: &[&str]| {
            let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
            Key::new(segment, Field::from_field_id(3), &terms)
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab"]), of(&["ab", ""]));
    }

    proptest! {
        #[test]
        fn lists_come_back(lists in lists()) {
            let read = Lists::new(OwnedBytes::new(table(&lists))).unwrap();
            for (term, list) in &lists {
                let expected: Postings = list.iter().map(|(&doc, &frequency)| (doc, frequency)).collect();
                prop_assert_eq!(read.get(key(term), 3_000_000), Some(expected));
            }
            prop_assert_eq!(read.get(key("none"), 3_000_000), None);
        }

        #[test]
        fn damaged_lists_end(lists in lists(), at in 0usize..4_000, to in any::<u8>()) {
            let mut bytes = table(&lists);
            let at = at % bytes.len();
            bytes[at] = to;
            if let Ok(read) = Lists::new(OwnedBytes::new(bytes)) {
                for term in lists.keys() {
                    let list = read.get(key(term), 1_000_000).unwrap_or_default();
                    prop_assert!(list.iter().all(|(doc, _)| *doc < 1_000_000) && list.is_sorted_by_key(|(doc, _)| *doc));
                }
            }
        }
    }
}
