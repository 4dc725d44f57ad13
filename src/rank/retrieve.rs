//! The first stage: the best articles by the weighted sum of their evidence, without looking at all of it.
//!
//! Articles are scored a window at a time. Posting lists are ordered by the most that they can add for what they cost; long
//! ones that even together cannot lift an article into the best are only consulted for articles that the others have found
//! (MaxScore: Turtle and Flood 1995; windows as in Mallia et al. 2017). The result is exactly that of scoring everything.

use std::ops::Range;

use tantivy::index::SegmentReader;
use tantivy::{DocAddress, DocId};

use super::best::Best;
use super::list::List;
use super::several::Gathered;
use super::slot::WeighedSlot;
use super::statistics::{Norms, Weighed};
use super::sums::{LANE, Sums, WINDOW, above, all_below, ones};
use crate::article::Lang;
use crate::jobs::Jobs;
use crate::query::matching::Found;
use crate::store::bits::Bits;
use crate::store::reader::Reader;

/// Sums are rounded by no more than this share.
const ROUNDING: f32 = 1e-5;
/// What it costs to look one article up in a posting list, in postings that are scored one after the other.
const PROBE: usize = 8;

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

/// The `k` best articles among those found, best first.
pub fn retrieve(
    reader: &Reader,
    clues: &[Weighed],
    slots: &[WeighedSlot],
    norms: &Norms,
    k: usize,
    found: &Found,
) -> tantivy::Result<Vec<Candidate>> {
    let mut best = Best::new(k);
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let lists = lists(reader, ord, clues, slots, norms)?;
        let found = found.of_segment(ord);
        let part = Part::new(segment, ord as u32, lists, Some(found));
        if part.are_few(found) { part.each(found, &mut best) } else { part.best(&mut best) }
    }
    Ok(best.into_candidates())
}

/// The `k` best of the articles that hold a clue or are in a slot, best first, and all of these, as far as they are `allowed`:
/// where everything is found, finding and scoring are one pass over the postings.
pub fn retrieve_any(
    reader: &Reader,
    clues: &[Weighed],
    slots: &[WeighedSlot],
    norms: &Norms,
    k: usize,
    allowed: Option<&Found>,
    jobs: Jobs,
) -> tantivy::Result<(Vec<Candidate>, Found)> {
    let mut best = Best::new(k);
    let mut found = Vec::new();
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let of_clues = clues.iter().filter_map(|clue| clue.lists.get(ord)?.as_ref()).map(|list| list.doc_freq as usize);
        let postings = of_clues.sum::<usize>() + slots.iter().map(|slot| slot.postings(ord)).sum::<usize>();
        let windows = (segment.max_doc() as usize).div_ceil(WINDOW);
        let allowed = allowed.map(|allowed| allowed.of_segment(ord));
        let shares = jobs.share(postings, windows, |windows| -> tantivy::Result<(Best, Bits)> {
            let lists = lists(reader, ord, clues, slots, norms)?;
            let mut best = Best::new(k);
            let found = Part::new(segment, ord as u32, lists, allowed).all(windows, &mut best);
            Ok((best, found))
        });
        let mut here = Bits::empty(segment.max_doc());
        for share in shares {
            let (its_best, its_found) = share?;
            best.absorb(its_best);
            here.or(&its_found);
        }
        found.push(here);
    }
    Ok((best.into_candidates(), Found::of(found)))
}

/// The posting lists of a segment that add to scores.
fn lists<'a>(
    reader: &'a Reader,
    ord: usize,
    clues: &[Weighed],
    slots: &'a [WeighedSlot],
    norms: &'a Norms,
) -> tantivy::Result<Vec<List<'a>>> {
    let mut lists = Vec::with_capacity(clues.len());
    for clue in clues {
        lists.extend(List::open(reader, ord, clue, norms)?);
    }
    for slot in slots {
        lists.extend(List::of_slot(reader, ord, slot, norms)?);
    }
    Ok(lists)
}

/// One segment.
struct Part<'a> {
    ord: u32,
    max_doc: DocId,
    /// The articles that count; `None` where all do.
    count: Option<&'a Bits>,
    /// First those that cost most for the least that they can add: a prefix of the lists is what may be skipped.
    lists: Vec<List<'a>>,
    /// What the first so many lists can add to one article together.
    bounds: Vec<f32>,
    /// Postings of each list that fall into a window, on average.
    densities: Vec<usize>,
    /// For lists that are read as one.
    gathered: Gathered,
}

impl<'a> Part<'a> {
    fn new(segment: &SegmentReader, ord: u32, mut lists: Vec<List<'a>>, count: Option<&'a Bits>) -> Part<'a> {
        let worth = |list: &List| list.bound() / list.len.max(1) as f32;
        lists.sort_by(|a, b| worth(a).total_cmp(&worth(b)));
        let max_doc = segment.max_doc();
        let densities = lists.iter().map(|list| list.len * WINDOW / max_doc.max(1) as usize).collect();
        let (mut of_langs, mut of_both) = ([0f32; 2], 0f32);
        let mut bounds = vec![0.0];
        for list in &lists {
            match list.lang {
                Some(lang) => of_langs[lang as usize] += list.bound(),
                None => of_both += list.bound(),
            }
            // an article is in one language
            bounds.push(of_both + of_langs[Lang::Ko as usize].max(of_langs[Lang::En as usize]));
        }
        Part { ord, max_doc, count, lists, bounds, densities, gathered: Gathered::new(WINDOW) }
    }

    /// How many lists, from the first, are best looked up article by article: without them nothing gets above `threshold`,
    /// and each has more postings in a window than looking up the articles of the others costs.
    fn optional(&self, threshold: f32) -> usize {
        let most = self.bounds[1..].partition_point(|&bound| bound <= threshold);
        let mut others: usize = self.densities[most..].iter().sum();
        let mut optional = most;
        while optional > 0 && others * PROBE >= self.densities[optional - 1] {
            optional -= 1;
            others += self.densities[optional];
        }
        optional
    }

    /// True where looking up every article costs less than going through the lists.
    fn are_few(&self, articles: &Bits) -> bool {
        let postings: usize = self.lists.iter().map(|list| list.len).sum();
        articles.count() as usize * self.lists.len() * PROBE < postings
    }

    /// True where some article from `start` to before `end` counts.
    fn some_count(&self, start: DocId, end: DocId) -> bool {
        self.count.is_none_or(|count| !count.none_in(start, end))
    }

    /// The articles from `first` that count, a bit each.
    fn counting(&self, first: DocId) -> u64 {
        self.count.map_or(u64::MAX, |count| count.of_64(first))
    }

    /// Looks up each of the articles.
    fn each(mut self, articles: &Bits, best: &mut Best) {
        articles.iter().for_each(|doc| self.try_one(doc, 0.0, self.lists.len(), best));
    }

    fn best(mut self, best: &mut Best) {
        let mut sums = Sums::default();
        let mut base: DocId = 0;
        while base < self.max_doc {
            let optional = self.optional(best.threshold());
            let next = self.lists[optional..].iter().map(List::doc).min();
            let Some(next) = next.filter(|&doc| doc < self.max_doc) else { return };
            base = base.max(next / LANE as u32 * LANE as u32);
            let end = base.saturating_add(WINDOW as u32).min(self.max_doc);
            if self.some_count(base, end) {
                sums.start(base);
                for list in &mut self.lists[optional..] {
                    list.seek(base);
                    list.add_window(end, &mut sums, &mut self.gathered);
                }
                self.harvest(optional, &mut sums, best);
            }
            base = end;
        }
    }

    /// Scores everything in these stretches of windows, and gives all articles that count and that lists find there.
    fn all(mut self, stretches: &mut dyn Iterator<Item = Range<usize>>, best: &mut Best) -> Bits {
        let mut found = Bits::empty(self.max_doc);
        let mut sums = Sums::default();
        let mut reached = 0;
        for window in stretches.flatten() {
            let base = (window * WINDOW) as DocId;
            let end = base.saturating_add(WINDOW as u32).min(self.max_doc);
            if !self.some_count(base, end) {
                continue;
            }
            if window > reached {
                self.lists.iter_mut().for_each(|list| list.seek(base));
            }
            reached = window + 1;
            sums.start(base);
            self.add_window(end, &mut sums, |list| list.finds);
            for (first, lane) in sums.lanes() {
                found.insert_64(first, above(lane, 0.0) & self.counting(first));
            }
            self.add_window(end, &mut sums, |list| !list.finds);
            self.harvest(0, &mut sums, best);
        }
        found
    }

    /// Adds the scores that these lists give articles below `end`.
    fn add_window(&mut self, end: DocId, sums: &mut Sums, these: impl Fn(&List) -> bool) {
        let lists = self.lists.iter_mut().filter(|list| these(list));
        lists.for_each(|list| list.add_window(end, sums, &mut self.gathered));
    }

    /// Takes the best of a window, and empties it; the first `optional` lists are still to be looked at.
    fn harvest(&mut self, optional: usize, sums: &mut Sums, best: &mut Best) {
        sums.drain(|first, lane| {
            let least = (best.threshold() * (1.0 - ROUNDING) - self.bounds[optional]).max(0.0);
            if all_below(lane, least) {
                return;
            }
            for at in ones(above(lane, least) & self.counting(first)) {
                self.try_one(first + at as DocId, lane[at], optional, best);
            }
        });
    }

    /// Looks an article up in the `optional` lists, as far as it may still be among the best.
    fn try_one(&mut self, doc: DocId, mut score: f32, optional: usize, best: &mut Best) {
        let address = DocAddress::new(self.ord, doc);
        let threshold = best.threshold();
        if score + self.bounds[optional] <= threshold {
            return;
        }
        for (list, bounds) in self.lists[..optional].iter_mut().zip(self.bounds.windows(2)).rev() {
            if score + bounds[1] <= threshold {
                return;
            }
            score += list.score_of(doc);
        }
        if score > threshold {
            best.add(score, address);
        }
    }
}
