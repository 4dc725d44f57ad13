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
    /// The positions that are being logged.
    ways: Vec<u8>,
}

/// The postings of one field, in the order of their articles.
#[derive(Debug, Default)]
struct Log {
    entries: Vec<Entry>,
    /// Of each entry of a field with positions: the article, how many bytes follow, and in these for each position the way
    /// from the last one, doubled, plus one where it counts [`LEAD_COUNT`] times.
    positions: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    term: TermId,
    /// The article and how often the term is counted; with positions, where in these it is.
    posting: u32,
}

/// How often a position counts that is marked as leading.
pub const LEAD_COUNT: u32 = 3;

impl Inverter {
    /// `details` says what the lists of each field hold.
    pub fn new(details: Vec<Option<Detail>>) -> Inverter {
        let logs = details.iter().map(|_| Log::default()).collect();
        Inverter { vocabulary: Vocabulary::default(), details, logs, docs: 0, ways: Vec::new() }
    }

    /// Begins the next article, and gives its number.
    pub fn begin(&mut self) -> LocalDoc {
        self.docs += 1;
        self.docs - 1
    }

    /// Bytes in use, but for the vocabulary.
    pub fn weight(&self) -> usize {
        // an entry takes eight bytes, and four more while it is sorted
        let log = |log: &Log| 12 * log.entries.len() + log.positions.len();
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
        let posting = (self.docs - 1) << COUNT_BITS | count.min(MOST_COUNTED);
        self.logs[field.field_id() as usize].entries.push(Entry { term, posting });
    }

    /// Logs, once, where the article has `term`: positions in order, each with whether it counts [`LEAD_COUNT`] times.
    pub fn positions(&mut self, field: Field, term: TermId, positions: impl Iterator<Item = (u32, bool)>) {
        let log = &mut self.logs[field.field_id() as usize];
        log.entries.push(Entry { term, posting: log.positions.len() as u32 });
        varint::put(self.docs - 1, &mut log.positions);
        self.ways.clear();
        let mut last = 0;
        for (position, leading) in positions {
            varint::put((position - last) << 1 | u32::from(leading), &mut self.ways);
            last = position;
        }
        varint::put(self.ways.len() as u32, &mut log.positions);
        log.positions.extend_from_slice(&self.ways);
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
            // its room is given back: the next run may have less
            let Log { entries, positions } = std::mem::take(log);
            let (order, starts) = by_rank(&entries, &ranks);
            drop(entries);
            for (rank, &id) in sorted.iter().enumerate() {
                let postings = &order[starts[rank] as usize..starts[rank + 1] as usize];
                if postings.is_empty() {
                    continue;
                }
                writer.term(vocabulary.term(id), |bytes| match detail {
                    Detail::Positions => with_positions(postings, &positions, bytes),
                    detail => counted(postings, detail, bytes),
                })?;
            }
            writer.end_field()?;
        }
        self.docs = 0;
        writer.finish()
    }
}

/// The postings of `entries` in the order of the rank of their terms, and where in that order each rank begins.
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
    for entry in entries {
        let place = &mut next[ranks[entry.term as usize] as usize];
        order[*place as usize] = entry.posting;
        *place += 1;
    }
    (order, starts)
}

/// Writes the list of one term: for each article the way from the last one, then the count if `detail` asks for it.
fn counted(postings: &[u32], detail: Detail, bytes: &mut Vec<u8>) {
    let mut last = 0;
    for same in postings.chunk_by(|a, b| a >> COUNT_BITS == b >> COUNT_BITS) {
        let doc = same[0] >> COUNT_BITS;
        varint::put(doc - last, bytes);
        last = doc;
        if detail == Detail::Count {
            varint::put(same.iter().map(|posting| posting & MOST_COUNTED).sum(), bytes);
        }
    }
}

/// The same for postings that say where in the log of `positions` they are, which follow each article.
fn with_positions(postings: &[u32], positions: &[u8], bytes: &mut Vec<u8>) {
    let mut last = 0;
    for &posting in postings {
        let mut log = &positions[posting as usize..];
        let doc = varint::take(&mut log);
        let len = varint::take(&mut log);
        varint::put(doc - last, bytes);
        last = doc;
        varint::put(len, bytes);
        bytes.extend_from_slice(&log[..len as usize]);
    }
}
