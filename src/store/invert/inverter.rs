//! Postings as they come: a log for each field, sorted by term when it is full.

use std::io;

use tantivy::schema::Field;

use super::run::{Run, RunWriter};
use super::vocabulary::{TermId, Vocabulary};
use super::{Detail, varint};

/// An article's number in its run.
pub type LocalDoc = u32;

/// Bits of an entry that hold how often a term is counted; more than that adds nothing to any score.
const COUNT_BITS: u32 = 12;
const MOST_COUNTED: u32 = (1 << COUNT_BITS) - 1;
/// The most articles of a run.
const MOST_DOCS: LocalDoc = 1 << (32 - COUNT_BITS);

/// Inverts articles; one per thread.
#[derive(Debug)]
pub struct Inverter {
    pub vocabulary: Vocabulary,
    details: Vec<Option<Detail>>,
    logs: Vec<Log>,
    docs: LocalDoc,
}

/// The postings of one field, in the order of their articles.
#[derive(Debug, Default)]
struct Log {
    entries: Vec<Entry>,
    /// Where the positions of each entry end; empty for a field without.
    ends: Vec<u32>,
    /// Positions of each entry: the way from the last one, doubled, plus one where it counts [`LEAD_COUNT`] times.
    positions: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    term: TermId,
    /// The article, and how often the term is counted.
    doc_and_count: u32,
}

/// How often a position counts that is marked as leading.
pub const LEAD_COUNT: u32 = 3;

impl Inverter {
    /// `details` says what the lists of each field hold.
    pub fn new(details: Vec<Option<Detail>>) -> Inverter {
        let logs = details.iter().map(|_| Log::default()).collect();
        Inverter { vocabulary: Vocabulary::default(), details, logs, docs: 0 }
    }

    /// Begins the next article, and gives its number.
    pub fn begin(&mut self) -> LocalDoc {
        self.docs += 1;
        self.docs - 1
    }

    /// Bytes in use, but for the vocabulary.
    pub fn weight(&self) -> usize {
        // an entry takes eight bytes, and four more while it is sorted
        let log = |log: &Log| 12 * log.entries.len() + 4 * log.ends.len() + log.positions.len();
        self.logs.iter().map(log).sum::<usize>()
    }

    pub fn is_empty(&self) -> bool {
        self.docs == 0
    }

    /// True where no further article fits, whatever memory there is.
    pub fn is_full(&self) -> bool {
        let most = |log: &Log| log.positions.len().max(log.entries.len());
        self.docs >= MOST_DOCS - 1 || self.logs.iter().map(most).max().unwrap_or(0) >= 1 << 31
    }

    /// Logs that the article has `term`, counted `count` times; said again, the counts are added.
    pub fn count(&mut self, field: Field, term: TermId, count: u32) {
        let doc_and_count = (self.docs - 1) << COUNT_BITS | count.min(MOST_COUNTED);
        self.logs[field.field_id() as usize].entries.push(Entry { term, doc_and_count });
    }

    /// Logs, once, where the article has `term`: positions in order, each with whether it counts [`LEAD_COUNT`] times.
    pub fn positions(&mut self, field: Field, term: TermId, positions: impl Iterator<Item = (u32, bool)>) {
        let log = &mut self.logs[field.field_id() as usize];
        let mut last = 0;
        for (position, leading) in positions {
            varint::put((position - last) << 1 | u32::from(leading), &mut log.positions);
            last = position;
        }
        log.entries.push(Entry { term, doc_and_count: (self.docs - 1) << COUNT_BITS });
        log.ends.push(log.positions.len() as u32);
    }

    /// Sorts all postings into a run; there are none afterwards, and terms keep their numbers.
    pub fn take(&mut self) -> io::Result<Run> {
        let vocabulary = &self.vocabulary;
        let sorted = vocabulary.sorted();
        let mut ranks = vec![0; sorted.len()];
        sorted.iter().enumerate().for_each(|(rank, &id)| ranks[id as usize] = rank as u32);
        let mut writer = RunWriter::default();
        for (log, detail) in self.logs.iter_mut().zip(&self.details) {
            let Some(detail) = *detail else { continue };
            let (order, starts) = by_rank(&log.entries, &ranks);
            for (rank, &id) in sorted.iter().enumerate() {
                let entries = &order[starts[rank] as usize..starts[rank + 1] as usize];
                if entries.is_empty() {
                    continue;
                }
                writer.term(vocabulary.term(id), |bytes| log.write(entries, detail, bytes))?;
            }
            writer.end_field()?;
            // its room is taken again by the next run
            log.clear();
        }
        self.docs = 0;
        writer.finish()
    }
}

/// The places of `entries` in the order of the rank of their terms, and where in that order each rank begins.
fn by_rank(entries: &[Entry], ranks: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; ranks.len() + 1];
    for entry in entries {
        starts[ranks[entry.term as usize] as usize + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut order = vec![0; entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        let place = &mut next[ranks[entry.term as usize] as usize];
        order[*place as usize] = at as u32;
        *place += 1;
    }
    (order, starts)
}

impl Log {
    fn clear(&mut self) {
        self.entries.clear();
        self.ends.clear();
        self.positions.clear();
    }

    /// Writes the list of one term: for each article the way from the last one, then what `detail` asks for.
    fn write(&self, entries: &[u32], detail: Detail, bytes: &mut Vec<u8>) {
        let mut last = 0;
        let doc = |at: &u32| self.entries[*at as usize].doc_and_count >> COUNT_BITS;
        for same in entries.chunk_by(|a, b| doc(a) == doc(b)) {
            varint::put(doc(&same[0]) - last, bytes);
            last = doc(&same[0]);
            match detail {
                Detail::Nothing => {}
                Detail::Count => {
                    let count = |at: &u32| self.entries[*at as usize].doc_and_count & MOST_COUNTED;
                    varint::put(same.iter().map(count).sum(), bytes);
                }
                Detail::Positions => {
                    let at = same[0] as usize;
                    let start = if at == 0 { 0 } else { self.ends[at - 1] };
                    let positions = &self.positions[start as usize..self.ends[at] as usize];
                    varint::put(positions.len() as u32, bytes);
                    bytes.extend_from_slice(positions);
                }
            }
        }
    }
}
