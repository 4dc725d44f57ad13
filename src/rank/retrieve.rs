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
/// What it costs to look one article up in a posting list, in postings that are scored one after the other.
const PROBE: usize = 8;
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

/// A place among the best; the worst of them is on top of the heap.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    score: f32,
    address: DocAddress,
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Place) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Place) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.address.cmp(&other.address))
    }
}

/// The best so far, `k` at the most.
struct Best {
    places: BinaryHeap<Place>,
    k: usize,
}

impl Best {
    /// What an article must beat: the score of the worst of the best, once there are enough.
    fn threshold(&self) -> f32 {
        if self.places.len() < self.k { 0.0 } else { self.places.peek().map_or(0.0, |worst| worst.score) }
    }

    fn add(&mut self, place: Place) {
        if self.places.len() < self.k {
            self.places.push(place);
        } else if let Some(mut worst) = self.places.peek_mut() {
            *worst = place;
        }
    }

    /// Best first.
    fn into_candidates(self) -> Vec<Candidate> {
        self.places.into_sorted_vec().into_iter().map(|place| Candidate::new(place.address, place.score)).collect()
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
    /// Postings in a window, on average.
    density: usize,
}

/// Postings that fall into a window where `postings` are spread over `articles`.
fn density(postings: usize, articles: DocId) -> usize {
    postings * WINDOW / articles.max(1) as usize
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
        let density = density(postings.doc_freq() as usize, segment.max_doc());
        let source = Source::Index(Box::new(postings));
        Ok(Some(List { source, at: 0, norms, divisors, factor, bound: factor, density }))
    }

    fn of_slot(
        segment: &SegmentReader,
        ord: usize,
        slot: &'a WeighedSlot,
        norms: &FieldNorms,
    ) -> tantivy::Result<Option<List<'a>>> {
        let Some(divisors) = norms.of(slot.slot.field) else { return Ok(None) };
        let norms = segment.get_fieldnorms_reader(slot.slot.field)?;
        let list = slot.lists[ord].as_slice();
        let density = density(list.len(), segment.max_doc());
        let (source, factor) = (Source::Slot(list), slot.factor);
        Ok(Some(List { source, at: 0, norms, divisors, factor, bound: factor, density }))
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
                Source::Slot(list) => self.at += leap(&list[self.at..], target),
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

/// How many postings stand before `target`; what is near is found in few steps.
fn leap(list: &[(DocId, f32)], target: DocId) -> usize {
    let mut step = 1;
    while step < list.len() && list[step].0 < target {
        step *= 2;
    }
    let from = step / 2;
    from + list[from..list.len().min(step + 1)].partition_point(|&(doc, _)| doc < target)
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
    let mut best = Best { places: BinaryHeap::with_capacity(k), k };
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let mut lists = Vec::with_capacity(clues.len());
        for clue in clues {
            lists.extend(List::open(segment, clue, norms)?);
        }
        for slot in slots {
            lists.extend(List::of_slot(segment, ord, slot, norms)?);
        }
        segment_best(segment, ord as u32, lists, keep, &mut best);
    }
    Ok(best.into_candidates())
}

/// The highest sum of each lane.
fn highest(sums: &[f32], of_lanes: &mut [f32; WINDOW / LANE]) {
    let max = |a: f32, b: f32| if a > b { a } else { b };
    for (highest, lane) in of_lanes.iter_mut().zip(sums.as_chunks::<LANE>().0) {
        // halved four times, which the compiler does for four sums in one step
        let eight: [f32; 8] = std::array::from_fn(|at| max(lane[at], lane[at + 8]));
        let four: [f32; 4] = std::array::from_fn(|at| max(eight[at], eight[at + 4]));
        *highest = max(max(four[0], four[2]), max(four[1], four[3]));
    }
}

fn segment_best(
    segment: &SegmentReader,
    ord: u32,
    mut lists: Vec<List>,
    keep: &dyn Fn(DocAddress) -> bool,
    best: &mut Best,
) {
    // least first: a prefix of the lists is what may be skipped
    lists.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    let mut sums = vec![0f32; WINDOW];
    let mut of_lanes = [0f32; WINDOW / LANE];
    let mut base: DocId = 0;
    let max_doc = segment.max_doc();
    while base < max_doc {
        let mut threshold = best.threshold();
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
        for list in &mut lists[essential..] {
            list.add_window(base, end, &mut sums);
        }
        highest(&sums, &mut of_lanes);
        // looking up many articles one by one costs more than scoring all postings of the window
        let hopeful = of_lanes.iter().filter(|&&most| most > 0.0 && most + optional_bound > threshold).count();
        let probed = lists[..essential].iter().rposition(|list| hopeful * PROBE < list.density).map_or(0, |at| at + 1);
        for list in &mut lists[probed..essential] {
            list.seek(base);
            list.add_window(base, end, &mut sums);
            optional_bound -= list.bound;
        }
        if probed < essential {
            highest(&sums, &mut of_lanes);
        }
        let optional = &mut lists[..probed];
        for (lane, (sums, &most)) in sums.chunks_exact_mut(LANE).zip(&of_lanes).enumerate() {
            if most <= 0.0 {
                continue;
            }
            if most + optional_bound <= threshold {
                sums.fill(0.0);
                continue;
            }
            for (at, sum) in sums.iter_mut().enumerate() {
                let mut score = std::mem::take(sum);
                let mut open = optional_bound;
                if score <= 0.0 || score + open <= threshold {
                    continue;
                }
                let doc = base + (lane * LANE + at) as u32;
                for list in optional.iter_mut().rev() {
                    if score + open <= threshold {
                        break;
                    }
                    open -= list.bound;
                    score += list.score_of(doc);
                }
                let address = DocAddress::new(ord, doc);
                if score <= threshold || segment.is_deleted(doc) || !keep(address) {
                    continue;
                }
                best.add(Place { score, address });
                threshold = best.threshold();
            }
        }
        base = end;
    }
}
