//! A posting list with what scoring needs: what it adds to its articles, and the most that it adds to any.

use tantivy::schema::Field;
use tantivy::{DocId, TERMINATED};

use super::evidence::Clue;
use super::several::{Cursor, Gathered, Several};
use super::slot::{Articles, Slot, WeighedSlot};
use super::statistics::{Divisors, Norms, Weighed, score};
use super::sums::Sums;
use crate::article::Lang;
use crate::store::reader::Reader;

/// Postings that are scored in one step.
const STEP: usize = 8;

/// Where postings come from.
enum Source<'a> {
    Term(Box<Cursor>),
    Several(Several),
    /// Gathered before, and the next of them.
    Listed(&'a [(DocId, f32)], usize),
}

/// A posting list of one segment; it moves forward only.
pub struct List<'a> {
    source: Source<'a>,
    scale: Scale<'a>,
    /// Postings.
    pub len: usize,
    /// The language of all its articles, where they have one.
    pub lang: Option<Lang>,
    /// False where it only adds to the scores of articles that others find.
    pub finds: bool,
}

/// What makes scores of frequencies.
struct Scale<'a> {
    factor: f32,
    /// The length class of every article.
    lengths: &'a [u8],
    divisors: &'a Divisors,
}

impl<'a> Scale<'a> {
    /// `None` where it would add nothing.
    fn new(
        reader: &'a Reader,
        ord: usize,
        field: Field,
        factor: f32,
        norms: &'a Norms,
    ) -> tantivy::Result<Option<Scale<'a>>> {
        if factor <= 0.0 {
            return Ok(None);
        }
        Ok(Some(Scale { factor, lengths: reader.lengths(ord, field)?, divisors: norms.of(reader, field)? }))
    }

    fn score(&self, doc: DocId, freq: f32) -> f32 {
        score(self.factor, freq, self.divisors[usize::from(self.lengths[doc as usize])])
    }

    /// Hands on the scores of articles.
    #[inline]
    fn scores(&self, docs: &[DocId], freqs: &[u32], mut give: impl FnMut(DocId, f32)) {
        let divisor = |doc: DocId| self.divisors[usize::from(self.lengths[doc as usize])];
        let ((steps, docs), (of_steps, freqs)) = (docs.as_chunks::<STEP>(), freqs.as_chunks::<STEP>());
        for (docs, freqs) in steps.iter().zip(of_steps) {
            // looked up first, so that the division is done for several at once
            let divisors = docs.map(divisor);
            let scores: [f32; STEP] =
                std::array::from_fn(|at| score(self.factor, freqs[at] as i32 as f32, divisors[at]));
            docs.iter().zip(scores).for_each(|(&doc, score)| give(doc, score));
        }
        docs.iter().zip(freqs).for_each(|(&doc, &freq)| give(doc, score(self.factor, freq as f32, divisor(doc))));
    }
}

impl<'a> List<'a> {
    /// `None` where the segment of this number does not have the term.
    pub fn open(reader: &'a Reader, ord: usize, clue: &Weighed, norms: &'a Norms) -> tantivy::Result<Option<List<'a>>> {
        let Clue { kind, field, lang, .. } = clue.clue;
        let Some(scale) = Scale::new(reader, ord, field, clue.factor, norms)? else { return Ok(None) };
        let Some(list) = clue.list(reader, ord)? else { return Ok(None) };
        let source = Source::Term(Box::new(Cursor::open(reader, ord, field, &list)?));
        let len = list.doc_freq as usize;
        Ok(Some(List { source, scale, len, lang: kind.one_lang(lang), finds: kind.finds() }))
    }

    /// The articles of a slot in the segment of this number.
    pub fn of_slot(
        reader: &'a Reader,
        ord: usize,
        slot: &'a WeighedSlot,
        norms: &'a Norms,
    ) -> tantivy::Result<Option<List<'a>>> {
        let Slot { kind, lang, field, .. } = slot.slot;
        let Some(scale) = Scale::new(reader, ord, field, slot.factor, norms)? else { return Ok(None) };
        let source = match slot.articles_of(ord) {
            Articles::Listed(list) => Source::Listed(list, 0),
            Articles::Read(terms) => match terms.alone() {
                Some(list) => Source::Term(Box::new(Cursor::open(reader, ord, field, list)?)),
                None => Source::Several(Several::open(reader, ord, field, terms)?),
            },
        };
        let len = slot.postings(ord);
        Ok(Some(List { source, scale, len, lang: kind.one_lang(lang), finds: kind.finds() }))
    }

    /// The most any article can get: a frequency without end in the shortest article.
    pub fn bound(&self) -> f32 {
        self.scale.factor
    }

    /// The article it stands at.
    pub fn doc(&self) -> DocId {
        match &self.source {
            Source::Term(cursor) => cursor.doc(),
            Source::Several(several) => several.doc(),
            Source::Listed(list, at) => list.get(*at).map_or(TERMINATED, |&(doc, _)| doc),
        }
    }

    /// Adds the scores of all articles below `end` to `sums`; `gathered` is empty before and after.
    pub fn add_window(&mut self, end: DocId, sums: &mut Sums, gathered: &mut Gathered) {
        let (scale, base) = (&self.scale, sums.base());
        let mut add = |doc: DocId, freq: f32| {
            sums.touch(doc);
            sums.add(doc, scale.score(doc, freq));
        };
        match &mut self.source {
            Source::Term(cursor) => cursor.pass(end, |docs, freqs| {
                sums.touch_all(docs);
                scale.scores(docs, freqs, |doc, score| sums.add(doc, score));
            }),
            Source::Several(several) => {
                several.pass(base, end, gathered);
                gathered.drain(base, add);
            }
            Source::Listed(list, at) => {
                for &(doc, freq) in list[*at..].iter().take_while(|(doc, _)| *doc < end) {
                    add(doc, freq);
                    *at += 1;
                }
            }
        }
    }

    /// Moves to the first posting at or after `target`.
    pub fn seek(&mut self, target: DocId) {
        match &mut self.source {
            Source::Term(cursor) => cursor.seek(target),
            Source::Several(several) => several.seek(target),
            Source::Listed(list, at) => *at += leap(&list[*at..], target),
        }
    }

    /// The score of `doc`, which is not before the last one asked for.
    pub fn score_of(&mut self, doc: DocId) -> f32 {
        self.seek(doc);
        let freq = match &mut self.source {
            Source::Term(cursor) if cursor.doc() == doc => cursor.freq() as f32,
            Source::Several(several) => several.frequency(doc),
            Source::Listed(list, at) => list.get(*at).filter(|it| it.0 == doc).map_or(0.0, |it| it.1),
            Source::Term(_) => 0.0,
        };
        self.scale.score(doc, freq)
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
