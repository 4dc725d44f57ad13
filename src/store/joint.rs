//! Joint lists: the articles that say several words together, found at the commit where finding them takes long.
//!
//! A translation of several words (`last year`, 서울 and 시 side by side) has the articles that all of its words have, close to
//! one another. Where all of them are frequent, a query would take longer to find these than for all else it does.
//!
//! A segment never changes, so the next commit takes its lists over.
//!
//! Sections ([`super::sections`]): the ids of the segments that were looked through; rows in the order of their keys, each the
//! key (u64), the number of the segment, where the list begins in the third section, its bytes and its articles (u32 each); the
//! lists. A posting is the distance from the article before, doubled, and one more where the frequency is not 1 and follows
//! (LEB128).

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
const ROW: usize = 24;
/// Bytes of the id of a segment.
const ID: usize = 32;

/// What tells a list from all others.
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
    segments: Vec<SegmentId>,
    rows: BTreeMap<Key, Row>,
    lists: Vec<u8>,
}

/// Where a list is.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// The number of its segment.
    segment: u32,
    start: u32,
    bytes: u32,
    articles: u32,
}

impl Builder {
    /// Begins with a segment, and takes over what an earlier table has of it. True where that looked it through.
    pub fn begin(&mut self, segment: SegmentId, earlier: Option<&Lists>) -> bool {
        let number = self.segments.len() as u32;
        self.segments.push(segment);
        let Some((earlier, of)) = earlier.and_then(|lists| Some((lists, lists.number_of(segment)?))) else {
            return false;
        };
        let mut rows: Vec<(Key, Row)> = earlier.rows().filter(|(_, row)| row.segment == of).collect();
        // as they were written
        rows.sort_unstable_by_key(|(_, row)| row.start);
        for (key, row) in rows {
            let Some(bytes) = earlier.bytes(row) else { continue };
            self.rows.insert(key, Row { segment: number, start: self.lists.len() as u32, ..row });
            self.lists.extend_from_slice(bytes);
        }
        true
    }

    /// Adds the list of a key of the last segment.
    pub fn add(&mut self, key: Key, postings: &[(DocId, u32)]) {
        let start = self.lists.len();
        let mut last = 0;
        for &(doc, frequency) in postings {
            let often = frequency != 1;
            varint::put((doc - last) << 1 | u32::from(often), &mut self.lists);
            if often {
                varint::put(frequency, &mut self.lists);
            }
            last = doc;
        }
        let (bytes, articles) = ((self.lists.len() - start) as u32, postings.len() as u32);
        let segment = self.segments.len().saturating_sub(1) as u32;
        self.rows.insert(key, Row { segment, start: start as u32, bytes, articles });
    }

    /// The table, as bytes.
    pub fn build(self) -> Vec<u8> {
        let segments = self.segments.iter().map(SegmentId::uuid_string).collect::<String>().into_bytes();
        let mut rows = Vec::with_capacity(self.rows.len() * ROW);
        for (Key(key), Row { segment, start, bytes, articles }) in self.rows {
            rows.extend(key.to_le_bytes());
            [segment, start, bytes, articles].iter().for_each(|number| rows.extend(number.to_le_bytes()));
        }
        JOINT.join(&[segments, rows, self.lists])
    }
}

/// The joint lists of an index.
#[derive(Debug)]
pub struct Lists {
    segments: OwnedBytes,
    rows: OwnedBytes,
    lists: OwnedBytes,
}

impl Lists {
    /// Maps the table of this name in `dir`.
    pub fn open(dir: &Path, name: &str) -> io::Result<Lists> {
        Lists::new(sections::map(dir, name)?)
    }

    /// The same to take lists over from it: none where it is damaged.
    pub fn open_whole(dir: &Path, name: &str) -> Option<Lists> {
        JOINT.is_whole(dir, name).ok().filter(|&whole| whole)?;
        Lists::open(dir, name).ok()
    }

    fn new(bytes: OwnedBytes) -> io::Result<Lists> {
        let [segments, rows, lists] = JOINT.split(&bytes)?;
        Ok(Lists { segments, rows, lists })
    }

    /// The number of a segment that was looked through.
    fn number_of(&self, segment: SegmentId) -> Option<u32> {
        let id = segment.uuid_string();
        self.segments.as_chunks::<ID>().0.iter().position(|it| it == id.as_bytes()).map(|number| number as u32)
    }

    fn rows(&self) -> impl Iterator<Item = (Key, Row)> {
        self.rows.as_chunks::<ROW>().0.iter().map(|row| (key_of(row), row_of(row)))
    }

    fn bytes(&self, row: Row) -> Option<&[u8]> {
        self.lists.get(row.start as usize..)?.get(..row.bytes as usize)
    }

    /// The list of this key, of a segment with `max_doc` articles; `None` where it was not worth one. Damaged bytes end it.
    pub fn get(&self, key: Key, max_doc: DocId) -> Option<Postings> {
        let rows = self.rows.as_chunks::<ROW>().0;
        let row = rows.get(rows.partition_point(|row| key_of(row) < key)).filter(|row| key_of(row) == key)?;
        let row = row_of(row);
        let articles = row.articles.min(max_doc) as usize;
        let mut bytes = self.bytes(row)?;
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

fn key_of(row: &[u8; ROW]) -> Key {
    Key(row.first_chunk().map_or(0, |key| u64::from_le_bytes(*key)))
}

fn row_of(row: &[u8; ROW]) -> Row {
    let number = |at| sections::number_at(row, at).unwrap_or(0) as u32;
    Row { segment: number(2), start: number(3), bytes: number(4), articles: number(5) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment(number: u8) -> SegmentId {
        SegmentId::from_uuid_string(&format!("{number:032}")).unwrap()
    }

    fn key(term: &str) -> Key {
        Key::new(segment(7), Field::from_field_id(3), &[term.to_owned(), "b".to_owned()])
    }

    fn table(lists: &BTreeMap<String, BTreeMap<DocId, u32>>) -> Vec<u8> {
        let mut builder = Builder::default();
        assert!(!builder.begin(segment(7), None));
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
        let of = |terms: &[&str]| {
            let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
            Key::new(segment(7), Field::from_field_id(3), &terms)
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
        fn lists_are_taken_over(lists in lists()) {
            let earlier = Lists::new(OwnedBytes::new(table(&lists))).unwrap();
            let mut builder = Builder::default();
            prop_assert!(!builder.begin(segment(8), Some(&earlier)));
            let other = Key::new(segment(8), Field::from_field_id(3), &["a".to_owned()]);
            builder.add(other, &[(5, 2)]);
            prop_assert!(builder.begin(segment(7), Some(&earlier)));
            let read = Lists::new(OwnedBytes::new(builder.build())).unwrap();
            prop_assert_eq!(read.get(other, 9), Some(vec![(5, 2)]));
            for term in lists.keys() {
                prop_assert_eq!(read.get(key(term), 3_000_000), earlier.get(key(term), 3_000_000));
            }
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
