//! Several ways to say one thing, scored as one.
//!
//! A slot gathers what a stretch of the query may be called (`sanctions`: 제재; `CTBT`: 포괄적핵실험금지조약) into one posting list:
//! frequencies are added, and there is one document frequency for all, so a rare translation does not outweigh a usual one
//! and an article with two of them counts once. Articles that hold what was typed are left out: that clue scores them.

use std::rc::Rc;
use std::sync::OnceLock;

use tantivy::schema::Field;
use tantivy::{DocId, Term};

use super::evidence::{Clue, Kind};
use super::occurrences::Occurrence;
use super::several::Terms;
use super::statistics::Weighed;
use super::together::{CloseLists, SLACK, Together};
use crate::article::Lang;
use crate::query::request::DateRange;
use crate::store::reader::Reader;

/// Articles whose frequencies are added up at a time; what they take stays in the nearest cache.
const STRETCH: usize = 1 << 12;

/// One way to say it: all its terms, in one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub terms: Vec<String>,
    /// In a field without positions: the words that must stand close together in one that has them.
    pub close: Option<(Field, Vec<String>)>,
    /// Against the other variants of the slot, above 0 and at most 1.
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

impl Slot {
    /// All of these terms in one article; close together, where the field has positions.
    fn together<'t>(&self, terms: &'t [String]) -> Together<'t> {
        let by_position = matches!(self.kind, Kind::Morpheme | Kind::Stem);
        if by_position { Together::close(self.field, terms) } else { Together::anywhere(self.field, terms) }
    }
}

/// The articles of a slot in one segment.
pub enum Articles<'a> {
    /// In order, each with how often it says it.
    Listed(&'a [(DocId, f32)]),
    /// To be read from these lists.
    Read(&'a Terms),
}

/// A slot with its articles and statistics.
#[derive(Debug)]
pub struct WeighedSlot {
    pub slot: Slot,
    /// For each segment where the variants have their lists, if each is a single term; else nothing, and `lists` are there.
    terms: Vec<Terms>,
    /// For each segment the articles in order, and how often each says it.
    lists: OnceLock<Vec<Vec<(DocId, f32)>>>,
    /// Articles of each variant.
    pub counts: Vec<u64>,
    /// Its document frequency.
    pub articles: u64,
    pub idf: f32,
    pub factor: f32,
    /// How much of its idf counts for closeness.
    pub closeness: f32,
}

impl WeighedSlot {
    /// The articles of the segment of this number.
    pub fn articles_of(&self, ord: usize) -> Articles<'_> {
        match self.lists.get() {
            Some(lists) => Articles::Listed(&lists[ord]),
            None => Articles::Read(&self.terms[ord]),
        }
    }

    /// How many postings it is counted for in the segment of this number, however they come to be read.
    pub fn postings(&self, ord: usize) -> usize {
        match self.terms.get(ord) {
            Some(terms) => terms.postings(),
            None => self.lists.get().map_or(0, |lists| lists[ord].len()),
        }
    }

    /// For each segment the articles in order, and how often each says it; read now if they were not before.
    pub fn lists(&self, reader: &Reader) -> tantivy::Result<&[Vec<(DocId, f32)>]> {
        if let Some(lists) = self.lists.get() {
            return Ok(lists);
        }
        let read = read(&self.slot, &mut CloseLists::new(reader))?;
        Ok(self.lists.get_or_init(|| read.lists))
    }
}

/// What the index has of a slot.
pub struct LookedUp {
    terms: Vec<Terms>,
    lists: OnceLock<Vec<Vec<(DocId, f32)>>>,
    counts: Vec<u64>,
    pub articles: u64,
}

impl LookedUp {
    /// With it, the slot; its weights are still to be filled in.
    pub fn of(self, slot: Slot) -> WeighedSlot {
        let LookedUp { terms, lists, counts, articles } = self;
        WeighedSlot { slot, terms, lists, counts, articles, idf: 0.0, factor: 0.0, closeness: 1.0 }
    }
}

/// Looks up the articles of a slot.
///
/// Single terms are only looked for, and a slot of them is as common as the commonest. All else is read here, because positions
/// and days decide.
pub fn look_up(slot: &Slot, close: &mut CloseLists) -> tantivy::Result<LookedUp> {
    let (terms, lists, counts, articles) = match single_terms(slot, close.reader)? {
        Some(SingleTerms { terms, counts }) => {
            let articles = counts.iter().copied().max().unwrap_or(0);
            (terms, OnceLock::new(), counts, articles)
        }
        None => {
            let Read { lists, counts } = read(slot, close)?;
            let articles = lists.iter().map(|list| list.len() as u64).sum();
            (Vec::new(), OnceLock::from(lists), counts, articles)
        }
    };
    Ok(LookedUp { terms, lists, counts, articles })
}

/// Variants that are single terms, and articles of each.
struct SingleTerms {
    terms: Vec<Terms>,
    counts: Vec<u64>,
}

/// Where the variants have their lists, if each that is there is a single term for all days, and what was typed is another
/// or is not there.
fn single_terms(slot: &Slot, reader: &Reader) -> tantivy::Result<Option<SingleTerms>> {
    let all_there = |terms: &[String]| {
        let held = |term| reader.searcher.doc_freq(&Term::from_field_text(slot.field, term));
        terms.iter().try_fold(true, |there, term| tantivy::Result::Ok(there && held(term)? > 0))
    };
    let segments = reader.searcher.segment_readers().len();
    let (mut terms, mut counts) = (vec![Terms::default(); segments], vec![0; slot.variants.len()]);
    for (variant, count) in slot.variants.iter().zip(&mut counts) {
        match variant.terms.as_slice() {
            [term] if variant.days.is_none() => {
                for (terms, list) in terms.iter_mut().zip(reader.lists_of(slot.field, term)?) {
                    *count += list.as_ref().map_or(0, |list| u64::from(list.doc_freq));
                    terms.lists.extend(list.map(|list| (list, variant.share)));
                }
            }
            several if all_there(several)? => return Ok(None),
            _ => {}
        }
    }
    match slot.typed.as_slice() {
        [typed] => {
            for (terms, list) in terms.iter_mut().zip(reader.lists_of(slot.field, typed)?) {
                terms.without = list;
            }
        }
        typed if !typed.is_empty() && all_there(typed)? => return Ok(None),
        _ => {}
    }
    Ok(Some(SingleTerms { terms, counts }))
}

/// What was read of a slot.
struct Read {
    /// For each segment the articles in order, and how often each says it.
    lists: Vec<Vec<(DocId, f32)>>,
    /// Articles of each variant.
    counts: Vec<u64>,
}

fn read(slot: &Slot, close: &mut CloseLists) -> tantivy::Result<Read> {
    let reader = close.reader;
    let mut lists = Vec::new();
    let mut counts = vec![0; slot.variants.len()];
    for ord in 0..reader.searcher.segment_readers().len() {
        let mut of_variants: Vec<Vec<(DocId, f32)>> = Vec::with_capacity(slot.variants.len());
        for (variant, count) in slot.variants.iter().zip(&mut counts) {
            let together = slot.together(&variant.terms);
            let found = match &variant.close {
                Some((field, words)) => {
                    let close = close.articles(ord, *field, words)?;
                    Rc::new(together.among_with_counts(close.iter().map(|&(doc, _)| doc), reader, ord)?)
                }
                None if together.by_position() => close.articles(ord, slot.field, &variant.terms)?,
                None => Rc::new(together.articles(reader, ord)?),
            };
            let mut list: Vec<_> = found.iter().map(|&(doc, freq)| (doc, freq as f32 * variant.share)).collect();
            if let Some(days) = variant.days {
                let (column, days) = (&reader.days()?[ord], days.numbers());
                list.retain(|&(doc, _)| column.first(doc).is_some_and(|day| days.contains(&day)));
            }
            *count += list.len() as u64;
            of_variants.push(list);
        }
        let mut all = united(of_variants);
        if !slot.typed.is_empty() && !all.is_empty() {
            let typed = slot.together(&slot.typed).among(reader, ord, all.iter().map(|&(doc, _)| doc))?;
            let mut next = 0;
            if !typed.is_empty() {
                all.retain(|(doc, _)| {
                    let holds = typed.get(next) == Some(doc);
                    next += usize::from(holds);
                    !holds
                });
            }
        }
        lists.push(all);
    }
    Ok(Read { lists, counts })
}

/// One list of several: what they say of an article is added.
fn united(mut lists: Vec<Vec<(DocId, f32)>>) -> Vec<(DocId, f32)> {
    lists.retain(|list| !list.is_empty());
    if lists.len() < 2 {
        return lists.pop().unwrap_or_default();
    }
    let mut sums = [0f32; STRETCH];
    let mut held = [0u64; STRETCH / 64];
    let mut out = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    let mut rest: Vec<&[(DocId, f32)]> = lists.iter().map(Vec::as_slice).collect();
    while let Some(base) = rest.iter().filter_map(|list| Some(list.first()?.0)).min() {
        for list in &mut rest {
            let here = list.partition_point(|&(doc, _)| ((doc - base) as usize) < STRETCH);
            let (now, later) = list.split_at(here);
            for &(doc, frequency) in now {
                let at = (doc - base) as usize;
                sums[at] += frequency;
                held[at / 64] |= 1 << (at % 64);
            }
            *list = later;
        }
        for (word, held) in held.iter_mut().enumerate() {
            let mut left = std::mem::take(held);
            while left != 0 {
                let at = word * 64 + left.trailing_zeros() as usize;
                out.push((base + at as u32, std::mem::take(&mut sums[at])));
                left &= left - 1;
            }
        }
    }
    out
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
                out.push(Weighed { clue, articles: slot.articles, idf: near, near, factor: 0.0, lists: Vec::new() });
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn one_list_of_several(lists in prop::collection::vec(prop::collection::btree_map(0u32..40_000, 1u32..9, 0..40), 0..6)) {
            let mut expected: BTreeMap<DocId, f32> = BTreeMap::new();
            for (&doc, &times) in lists.iter().flatten() {
                *expected.entry(doc).or_default() += times as f32;
            }
            let lists = lists.iter().map(|list| list.iter().map(|(&doc, &times)| (doc, times as f32)).collect()).collect();
            prop_assert_eq!(united(lists), expected.into_iter().collect::<Vec<_>>());
        }
    }
}
