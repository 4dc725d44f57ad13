//! Several ways to say one thing, scored as one.
//!
//! A slot gathers what a stretch of the query may be called (`sanctions`: 제재; `CTBT`: 포괄적핵실험금지조약) into one posting list:
//! frequencies are added, the document frequency is that of the union, so a rare translation does not outweigh a usual one
//! and an article with two of them counts once. Articles that hold what was typed are left out: that clue scores them.

use tantivy::index::SegmentReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED, Term};

use super::evidence::{Clue, Kind};
use super::occurrences::Occurrence;
use super::statistics::Weighed;
use crate::article::Lang;
use crate::query::request::DateRange;
use crate::store::reader::Reader;

/// Positions that the words of one variant may take beyond their number.
const SLACK: u32 = 2;

/// One way to say it: all its terms, in one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub terms: Vec<String>,
    /// Against the other variants of the slot, at most 1.
    pub share: f32,
    /// Which translation it belongs to.
    pub number: usize,
    /// It holds for articles of these days alone.
    pub days: Option<DateRange>,
}

impl Variant {
    /// True where it holds for an article of this day, counted from 1970.
    fn is_of(&self, day: Option<i64>) -> bool {
        self.days.is_none_or(|days| day.is_some_and(|day| days.numbers().contains(&day)))
    }
}

/// Variants to look for in one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    pub kind: Kind,
    pub field: Field,
    pub lang: Lang,
    /// The terms of what was typed, in this field.
    pub typed: Vec<String>,
    pub variants: Vec<Variant>,
    pub weight: f32,
    /// The thing of the query it stands for.
    pub concept: usize,
}

/// A slot with its articles and statistics.
#[derive(Debug)]
pub struct WeighedSlot {
    pub slot: Slot,
    /// For each segment the articles in order, and how often each says it.
    pub lists: Vec<Vec<(DocId, f32)>>,
    /// Articles of each variant.
    pub counts: Vec<u64>,
    pub articles: u64,
    pub idf: f32,
    pub factor: f32,
    /// How much of its idf counts for closeness.
    pub closeness: f32,
}

/// Looks up the articles of a slot; its weights are still to be filled in.
pub fn look_up(slot: Slot, reader: &Reader) -> tantivy::Result<WeighedSlot> {
    let mut lists = Vec::new();
    let mut counts = vec![0; slot.variants.len()];
    for segment in reader.searcher.segment_readers() {
        let mut all: Vec<(DocId, f32)> = Vec::new();
        for (variant, count) in slot.variants.iter().zip(&mut counts) {
            let before = all.len();
            together(segment, &slot, &variant.terms, |doc, freq| all.push((doc, freq as f32 * variant.share)))?;
            if variant.days.is_some() {
                let column = segment.fast_fields().i64("day")?;
                let of_these_days = all.drain(before..).filter(|&(doc, _)| variant.is_of(column.first(doc)));
                let of_these_days: Vec<_> = of_these_days.collect();
                all.extend(of_these_days);
            }
            *count += (all.len() - before) as u64;
        }
        // several sorted runs, which this sort merges
        all.sort_by_key(|&(doc, _)| doc);
        all.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 += later.1;
            }
            same
        });
        if !slot.typed.is_empty() && !all.is_empty() {
            let mut typed = Vec::new();
            together(segment, &slot, &slot.typed, |doc, _| typed.push(doc))?;
            // both are in order
            let mut next = 0;
            all.retain(|(doc, _)| {
                while typed.get(next).is_some_and(|known| known < doc) {
                    next += 1;
                }
                typed.get(next) != Some(doc)
            });
        }
        lists.push(all);
    }
    let articles = lists.iter().map(|list| list.len() as u64).sum();
    Ok(WeighedSlot { slot, lists, counts, articles, idf: 0.0, factor: 0.0, closeness: 1.0 })
}

/// Clues that say where the words of slots stand, for closeness and marking; they add nothing to a score. `place` gives the
/// word of the query that a concept begins with, and the place in it.
pub fn whereabouts(slots: &[WeighedSlot], place: impl Fn(usize) -> (usize, u32)) -> Vec<Weighed> {
    let mut out: Vec<Weighed> = Vec::new();
    for slot in slots.iter().filter(|slot| matches!(slot.slot.kind, Kind::Morpheme | Kind::Stem)) {
        let Slot { kind, field, lang, concept, .. } = slot.slot;
        let found = slot.slot.variants.iter().zip(&slot.counts).filter(|(_, count)| **count > 0);
        for term in found.flat_map(|(variant, _)| &variant.terms) {
            if !out.iter().any(|known| known.clue.field == field && known.clue.term == *term) {
                let (word, place) = place(concept);
                let clue = Clue { kind, field, lang, term: term.clone(), word, place, width: 1, weight: 0.0 };
                let near = slot.idf * slot.closeness;
                out.push(Weighed { clue, articles: slot.articles, idf: near, near, factor: 0.0 });
            }
        }
    }
    out
}

/// Leaves out words that only mean something beside others which are not there: the 국제 of 국제원자력기구 alone, a `nuclear` that
/// is not of Comprehensive Nuclear-Test-Ban Treaty.
pub fn drop_strays(occurrences: &mut Vec<Occurrence>, clues: &[Weighed], slots: &[WeighedSlot], day: Option<i64>) {
    let variants = || {
        let all =
            slots.iter().flat_map(|slot| slot.slot.variants.iter().map(move |variant| (slot.slot.field, variant)));
        all.filter(move |(_, variant)| variant.is_of(day))
    };
    // a clue that adds nothing to a score only says where the words of slots stand
    let mut kept: Vec<bool> = occurrences.iter().map(|at| clues[usize::from(at.clue)].factor > 0.0).collect();
    if kept.iter().all(|&kept| kept) {
        return;
    }
    for (field, variant) in variants() {
        let part = |at: &Occurrence| {
            let clue = &clues[usize::from(at.clue)].clue;
            if clue.field != field { None } else { variant.terms.iter().position(|term| *term == clue.term) }
        };
        let parts: Vec<(usize, u32, usize)> = occurrences
            .iter()
            .enumerate()
            .filter_map(|(number, at)| part(at).map(|part| (number, at.position, part)))
            .collect();
        let places: Vec<(u32, usize)> = parts.iter().map(|&(_, position, part)| (position, part)).collect();
        for stretch in whole(&places, variant.terms.len()) {
            parts[stretch].iter().for_each(|&(number, ..)| kept[number] = true);
        }
    }
    let mut kept = kept.iter();
    occurrences.retain(|_| kept.next().is_some_and(|&kept| kept));
}

/// The stretches of `places` (positions in order, each with the number of its word) that hold all of `words` words, no more
/// than [`SLACK`] positions longer than these need, and no shorter stretch that does.
fn whole(places: &[(u32, usize)], words: usize) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut counts = vec![0u32; words];
    let (mut start, mut missing) = (0, words);
    for (end, &(position, word)) in places.iter().enumerate() {
        missing -= usize::from(counts[word] == 0);
        counts[word] += 1;
        // what stands here again is not needed where it stood first
        while counts[places[start].1] > 1 {
            counts[places[start].1] -= 1;
            start += 1;
        }
        let minimal = missing == 0 && counts[word] == 1;
        if minimal && position - places[start].0 < words as u32 + SLACK {
            out.push(start..end + 1);
        }
    }
    out
}

/// Hands on each article that holds all `terms` (close together, where the field has positions) and how often.
fn together(
    segment: &SegmentReader,
    slot: &Slot,
    terms: &[String],
    mut found: impl FnMut(DocId, u32),
) -> tantivy::Result<()> {
    let positions = terms.len() > 1 && matches!(slot.kind, Kind::Morpheme | Kind::Stem);
    let option = if positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
    let inverted = segment.inverted_index(slot.field)?;
    if let [term] = terms {
        let term = Term::from_field_text(slot.field, term);
        let Some(mut postings) = inverted.read_block_postings(&term, option)? else { return Ok(()) };
        while !postings.docs().is_empty() {
            postings.docs().iter().zip(postings.freqs()).for_each(|(&doc, &freq)| found(doc, freq));
            postings.advance();
        }
        return Ok(());
    }
    let mut lists: Vec<SegmentPostings> = Vec::with_capacity(terms.len());
    for term in terms {
        match inverted.read_postings(&Term::from_field_text(slot.field, term), option)? {
            Some(list) => lists.push(list),
            None => return Ok(()),
        }
    }
    let Some(mut doc) = lists.iter().map(DocSet::doc).max() else { return Ok(()) };
    let mut here: Vec<Vec<u32>> = vec![Vec::new(); lists.len()];
    while doc != TERMINATED {
        let mut furthest = doc;
        for list in &mut lists {
            let at = if list.doc() < doc { list.seek(doc) } else { list.doc() };
            furthest = furthest.max(at);
        }
        if furthest > doc {
            doc = furthest;
            continue;
        }
        let freq = if positions {
            lists.iter_mut().zip(&mut here).for_each(|(list, here)| list.positions(here));
            close(&here)
        } else {
            lists.iter().map(Postings::term_freq).min().unwrap_or(0)
        };
        if freq > 0 {
            found(doc, freq);
        }
        doc = lists[0].advance();
    }
    Ok(())
}

/// How often the words stand together: occurrences of the first with all others close to it.
fn close(positions: &[Vec<u32>]) -> u32 {
    let [first, rest @ ..] = positions else { return 0 };
    let reach = rest.len() as u32 + SLACK;
    let near = |at: u32, others: &Vec<u32>| {
        let from = others.partition_point(|&other| other + reach < at);
        others.get(from).is_some_and(|&other| other <= at + reach)
    };
    first.iter().filter(|&&at| rest.iter().all(|others| near(at, others))).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_are_whole() {
        type Row<'a> = (&'a [(u32, usize)], usize, &'a str);
        let rows: &[Row] = &[
            (&[(0, 0), (1, 1), (2, 2)], 3, "0..3"),
            // the second word once more behind the whole, and before it
            (&[(0, 0), (1, 1), (2, 2), (4, 1)], 3, "0..3"),
            (&[(0, 1), (2, 0), (3, 1)], 2, "0..2 1..3"),
            (&[(0, 0), (1, 1), (9, 0), (10, 1)], 2, "0..2 2..4"),
            (&[(0, 0), (4, 1)], 2, ""),
            (&[(3, 0)], 1, "0..1"),
            (&[(3, 0), (5, 0)], 2, ""),
            (&[], 2, ""),
        ];
        for (places, words, expected) in rows {
            let found: Vec<String> = whole(places, *words).iter().map(|it| format!("{it:?}")).collect();
            assert_eq!(found.join(" "), *expected, "{places:?}");
        }
    }

    #[test]
    fn words_close_together() {
        let rows: &[(&[&[u32]], u32)] = &[
            (&[&[1, 50], &[2, 90]], 1),
            (&[&[1], &[4]], 1),
            (&[&[1], &[5]], 0),
            (&[&[7], &[5]], 1),
            (&[&[1, 1, 1], &[2]], 3),
            (&[&[1], &[]], 0),
        ];
        for (positions, expected) in rows {
            let positions: Vec<Vec<u32>> = positions.iter().map(|list| list.to_vec()).collect();
            assert_eq!(close(&positions), *expected, "{positions:?}");
        }
    }
}
