//! A posting list with what scoring needs: what it adds to its articles, and the most that it adds to any.

use std::rc::Rc;

use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, TERMINATED, TantivyError};

use super::evidence::Clue;
use super::positions::BLOCK;
use super::slot::{Slot, WeighedSlot};
use super::statistics::{FieldNorms, Weighed, score};
use crate::article::Lang;
use crate::store::reader::Reader;

/// Postings that are scored in one step.
const STEP: usize = 8;

/// Where postings come from.
enum Source<'a> {
    Index(Box<BlockSegmentPostings>),
    Slot(&'a [(DocId, f32)]),
}

/// A posting list of one segment; it moves forward only.
pub struct List<'a> {
    source: Source<'a>,
    /// The next posting, of the loaded block.
    at: usize,
    scale: Scale,
    /// Postings.
    pub len: usize,
    /// The language of all its articles, where they have one.
    pub lang: Option<Lang>,
    /// False where it only adds to the scores of articles that others find.
    pub finds: bool,
}

/// What makes scores of frequencies.
struct Scale {
    factor: f32,
    /// The length class of every article.
    lengths: OwnedBytes,
    divisors: Rc<[f32; 256]>,
}

impl Scale {
    fn new(segment: &SegmentReader, field: Field, factor: f32, norms: &FieldNorms) -> tantivy::Result<Option<Scale>> {
        let Some(divisors) = norms.of(field).filter(|_| factor > 0.0) else { return Ok(None) };
        let lengths = segment.fieldnorms_readers().get_inner_file().open_read(field);
        let lengths = lengths.ok_or_else(|| TantivyError::SchemaError("a field has no lengths".to_owned()))?;
        Ok(Some(Scale { factor, lengths: lengths.read_bytes()?, divisors }))
    }

    fn score(&self, doc: DocId, freq: f32) -> f32 {
        score(self.factor, freq, self.divisors[usize::from(self.lengths[doc as usize])])
    }

    /// Hands on the scores of articles.
    fn scores(&self, docs: &[DocId], freqs: &[u32], mut give: impl FnMut(DocId, f32)) {
        let lengths = self.lengths.as_slice();
        let divisor = |doc: DocId| self.divisors[usize::from(lengths[doc as usize])];
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
    pub fn open(reader: &Reader, ord: usize, clue: &Weighed, norms: &FieldNorms) -> tantivy::Result<Option<List<'a>>> {
        let segment = reader.searcher.segment_reader(ord as u32);
        let Clue { kind, field, lang, .. } = clue.clue;
        let Some(scale) = Scale::new(segment, field, clue.factor, norms)? else { return Ok(None) };
        let Some(list) = clue.list(reader, ord)? else { return Ok(None) };
        let inverted = segment.inverted_index(field)?;
        let postings = inverted.read_block_postings_from_terminfo(&list, IndexRecordOption::WithFreqs)?;
        let (source, len) = (Source::Index(Box::new(postings)), list.doc_freq as usize);
        Ok(Some(List { source, at: 0, scale, len, lang: kind.one_lang(lang), finds: kind.finds() }))
    }

    /// The articles of a slot in the segment of this number.
    pub fn of_slot(
        reader: &Reader,
        ord: usize,
        slot: &'a WeighedSlot,
        norms: &FieldNorms,
    ) -> tantivy::Result<Option<List<'a>>> {
        let segment = reader.searcher.segment_reader(ord as u32);
        let Some(scale) = Scale::new(segment, slot.slot.field, slot.factor, norms)? else { return Ok(None) };
        let list = slot.lists[ord].as_slice();
        let Slot { kind, lang, .. } = slot.slot;
        let source = Source::Slot(list);
        Ok(Some(List { source, at: 0, scale, len: list.len(), lang: kind.one_lang(lang), finds: kind.finds() }))
    }

    /// The most any article can get: a frequency without end in the shortest article.
    pub fn bound(&self) -> f32 {
        self.scale.factor
    }

    /// The article it stands at.
    pub fn doc(&self) -> DocId {
        match &self.source {
            Source::Index(postings) if self.at < postings.block_len() => postings.doc(self.at),
            Source::Slot(list) if self.at < list.len() => list[self.at].0,
            _ => TERMINATED,
        }
    }

    /// Adds the scores of all articles below `end` to `sums`, which starts at `base`.
    pub fn add_window(&mut self, base: DocId, end: DocId, sums: &mut [f32]) {
        let scale = &self.scale;
        let from = self.at;
        match &mut self.source {
            Source::Slot(list) => {
                for &(doc, freq) in list[from..].iter().take_while(|(doc, _)| *doc < end) {
                    sums[(doc - base) as usize] += scale.score(doc, freq);
                    self.at += 1;
                }
            }
            Source::Index(postings) => loop {
                let (docs, freqs) = (&postings.docs()[self.at..], &postings.freqs()[self.at..]);
                let whole = docs.last().is_some_and(|&last| last < end);
                let here = if whole { docs.len() } else { docs.partition_point(|&doc| doc < end) };
                scale.scores(&docs[..here], &freqs[..here], |doc, score| sums[(doc - base) as usize] += score);
                let more = here == docs.len() && postings.block_len() == BLOCK;
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
    pub fn seek(&mut self, target: DocId) {
        if self.doc() < target {
            match &mut self.source {
                Source::Index(postings) => self.at = postings.seek(target),
                Source::Slot(list) => self.at += leap(&list[self.at..], target),
            }
        }
    }

    /// The score of `doc`, which is not before the last one asked for.
    pub fn score_of(&mut self, doc: DocId) -> f32 {
        self.seek(doc);
        if self.doc() != doc {
            return 0.0;
        }
        match &self.source {
            Source::Index(postings) => self.scale.score(doc, postings.freq(self.at) as f32),
            Source::Slot(list) => self.scale.score(doc, list[self.at].1),
        }
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
