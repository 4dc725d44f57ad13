//! The first stage: the best articles by the weighted sum of their evidence, without looking at all of them.
//!
//! Articles are scored a window at a time. Posting lists are ordered by the most they can add; those that even together
//! cannot lift an article into the best are only consulted for articles that the others have found (MaxScore: Turtle and
//! Flood 1995; windows as in Mallia et al. 2017). The result is exactly that of scoring everything.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, TERMINATED, Term};

use super::slot::WeighedSlot;
use super::statistics::{FieldNorms, Weighed, score};
use crate::store::reader::Reader;

/// Articles scored together.
const WINDOW: usize = 2048;
/// Sums looked at together.
const LANE: usize = 16;
/// Postings of a full block, as tantivy packs them.
const COMPRESSION_BLOCK_SIZE: usize = 128;

/// An article and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub address: DocAddress,
    /// All of it: the evidence, and what the second stage added.
    pub score: f32,
    /// What the second stage added for words that stand close together.
    pub closeness: f32,
    /// What it added for neighbours of the query that stay together.
    pub phrase: f32,
    /// What it added for brevity; negative for a long article.
    pub brevity: f32,
    /// What its age took, where recent articles are preferred; never above 0.
    pub recency: f32,
}

impl Candidate {
    /// A candidate of the first stage.
    pub fn new(address: DocAddress, score: f32) -> Candidate {
        Candidate { address, score, closeness: 0.0, phrase: 0.0, brevity: 0.0, recency: 0.0 }
    }
}

/// The worst of the best on top.
#[derive(Clone, Copy, PartialEq)]
struct Worst(Candidate);

impl Eq for Worst {}

impl PartialOrd for Worst {
    fn partial_cmp(&self, other: &Worst) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Worst {
    fn cmp(&self, other: &Worst) -> Ordering {
        other.0.score.total_cmp(&self.0.score).then_with(|| self.0.address.cmp(&other.0.address))
    }
}

/// Where postings come from.
enum Source<'a> {
    Index(Box<BlockSegmentPostings>),
    Slot(&'a [(DocId, f32)]),
}

/// A posting list with what scoring needs.
struct List<'a> {
    source: Source<'a>,
    /// The next posting, of the loaded block.
    at: usize,
    norms: FieldNormReader,
    divisors: Rc<[f32; 256]>,
    factor: f32,
    /// The most any article can get from this list.
    bound: f32,
}

impl<'a> List<'a> {
    fn open(segment: &SegmentReader, clue: &Weighed, norms: &FieldNorms) -> tantivy::Result<Option<List<'a>>> {
        let field = clue.clue.field;
        let Some(divisors) = norms.of(field).filter(|_| clue.factor > 0.0) else { return Ok(None) };
        let inverted = segment.inverted_index(field)?;
        let term = Term::from_field_text(field, &clue.clue.term);
        let Some(postings) = inverted.read_block_postings(&term, IndexRecordOption::WithFreqs)? else {
            return Ok(None);
        };
        let norms = segment.get_fieldnorms_reader(field)?;
        let factor = clue.factor;
        // a frequency without end in the shortest article
        let source = Source::Index(Box::new(postings));
        Ok(Some(List { source, at: 0, norms, divisors, factor, bound: factor }))
    }

    fn of_slot(
        segment: &SegmentReader,
        ord: usize,
        slot: &'a WeighedSlot,
        norms: &FieldNorms,
    ) -> tantivy::Result<Option<List<'a>>> {
        let Some(divisors) = norms.of(slot.slot.field) else { return Ok(None) };
        let norms = segment.get_fieldnorms_reader(slot.slot.field)?;
        let source = Source::Slot(&slot.lists[ord]);
        Ok(Some(List { source, at: 0, norms, divisors, factor: slot.factor, bound: slot.factor }))
    }

    fn score(&self, doc: DocId, freq: f32) -> f32 {
        score(self.factor, freq, self.divisors[usize::from(self.norms.fieldnorm_id(doc))])
    }

    fn doc(&self) -> DocId {
        match &self.source {
            Source::Index(postings) if self.at < postings.block_len() => postings.doc(self.at),
            Source::Slot(list) if self.at < list.len() => list[self.at].0,
            _ => TERMINATED,
        }
    }

    /// Adds the scores of all articles below `end` to `sums`, which starts at `base`.
    fn add_window(&mut self, base: DocId, end: DocId, sums: &mut [f32]) {
        let (factor, norms, divisors) = (self.factor, &self.norms, &self.divisors);
        let score = |doc: DocId, freq: f32| score(factor, freq, divisors[usize::from(norms.fieldnorm_id(doc))]);
        match &mut self.source {
            Source::Slot(list) => {
                let from = self.at;
                self.at += list[from..].partition_point(|&(doc, _)| doc < end);
                for &(doc, freq) in &list[from..self.at] {
                    sums[(doc - base) as usize] += score(doc, freq);
                }
            }
            Source::Index(postings) => loop {
                let (docs, freqs) = (&postings.docs()[self.at..], &postings.freqs()[self.at..]);
                let whole = docs.last().is_some_and(|&last| last < end);
                let here = if whole { docs.len() } else { docs.partition_point(|&doc| doc < end) };
                for (&doc, &freq) in docs[..here].iter().zip(freqs) {
                    sums[(doc - base) as usize] += score(doc, freq as f32);
                }
                let more = here == docs.len() && postings.block_len() == COMPRESSION_BLOCK_SIZE;
                self.at += here;
                if !more {
                    return;
                }
                postings.advance();
                self.at = 0;
            },
        }
    }

    /// Moves to the first posting at or after `target`.
    fn seek(&mut self, target: DocId) {
        if self.doc() < target {
            match &mut self.source {
                Source::Index(postings) => self.at = postings.seek(target),
                Source::Slot(list) => self.at += list[self.at..].partition_point(|&(doc, _)| doc < target),
            }
        }
    }

    /// The score of `doc`, which is not before the last one asked for.
    fn score_of(&mut self, doc: DocId) -> f32 {
        self.seek(doc);
        if self.doc() != doc {
            return 0.0;
        }
        let freq = match &self.source {
            Source::Index(postings) => postings.freq(self.at) as f32,
            Source::Slot(list) => list[self.at].1,
        };
        self.score(doc, freq)
    }
}

/// The `k` best articles among those that `keep` accepts, best first.
pub fn retrieve(
    reader: &Reader,
    clues: &[Weighed],
    slots: &[WeighedSlot],
    norms: &FieldNorms,
    k: usize,
    keep: &dyn Fn(DocAddress) -> bool,
) -> tantivy::Result<Vec<Candidate>> {
    let mut best: BinaryHeap<Worst> = BinaryHeap::with_capacity(k + 1);
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let mut lists = Vec::with_capacity(clues.len());
        for clue in clues {
            lists.extend(List::open(segment, clue, norms)?);
        }
        for slot in slots {
            lists.extend(List::of_slot(segment, ord, slot, norms)?);
        }
        segment_best(segment, ord as u32, lists, k, keep, &mut best);
    }
    let mut found: Vec<Candidate> = best.into_iter().map(|worst| worst.0).collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.address.cmp(&b.address)));
    Ok(found)
}

fn segment_best(
    segment: &SegmentReader,
    ord: u32,
    mut lists: Vec<List>,
    k: usize,
    keep: &dyn Fn(DocAddress) -> bool,
    best: &mut BinaryHeap<Worst>,
) {
    // least first: a prefix of the lists is what may be skipped
    lists.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    let mut sums = vec![0f32; WINDOW];
    let mut base: DocId = 0;
    let max_doc = segment.max_doc();
    while base < max_doc {
        let threshold = if best.len() == k { best.peek().map_or(0.0, |worst| worst.0.score) } else { 0.0 };
        // lists before `essential` cannot make a candidate by themselves
        let mut essential = 0;
        let mut optional_bound = 0.0;
        while essential < lists.len() && optional_bound + lists[essential].bound <= threshold {
            optional_bound += lists[essential].bound;
            essential += 1;
        }
        let Some(next) = lists[essential..].iter().map(List::doc).min().filter(|&doc| doc < max_doc) else { return };
        base = next;
        let end = base.saturating_add(WINDOW as u32).min(max_doc);
        let (optional, scanned) = lists.split_at_mut(essential);
        for list in scanned.iter_mut() {
            list.add_window(base, end, &mut sums);
        }
        for (lane, sums) in sums.chunks_exact_mut(LANE).enumerate() {
            let threshold = if best.len() == k { best.peek().map_or(0.0, |worst| worst.0.score) } else { 0.0 };
            // the bits of floats that are not negative have their order
            let most = f32::from_bits(sums.iter().fold(0, |most, sum| most.max(sum.to_bits())));
            if most <= 0.0 || most + optional_bound <= threshold {
                sums.fill(0.0);
                continue;
            }
            for (at, sum) in sums.iter_mut().enumerate() {
                let mut score = std::mem::take(sum);
                if score <= 0.0 {
                    continue;
                }
                let threshold = if best.len() == k { best.peek().map_or(0.0, |worst| worst.0.score) } else { 0.0 };
                let doc = base + (lane * LANE + at) as u32;
                let mut open = optional_bound;
                if score + open <= threshold {
                    continue;
                }
                for list in optional.iter_mut().rev() {
                    if score + open <= threshold {
                        break;
                    }
                    open -= list.bound;
                    score += list.score_of(doc);
                }
                let address = DocAddress::new(ord, doc);
                if (best.len() == k && score <= threshold) || segment.is_deleted(doc) || !keep(address) {
                    continue;
                }
                best.push(Worst(Candidate::new(address, score)));
                if best.len() > k {
                    best.pop();
                }
            }
        }
        base = end;
    }
}
