//! Several posting lists read as one: the ways to say a thing, each of a single term.

use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, TERMINATED};

use super::positions::BLOCK;
use crate::store::reader::Reader;

/// Where the terms of one segment have their lists.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Each with what an occurrence counts, above 0 and at most 1.
    pub lists: Vec<(TermInfo, f32)>,
    /// Articles of this list do not count.
    pub without: Option<TermInfo>,
}

impl Terms {
    /// All their postings.
    pub fn postings(&self) -> usize {
        self.lists.iter().map(|(list, _)| list.doc_freq as usize).sum()
    }

    /// The list of the only term, where frequencies are as the index has them.
    pub fn alone(&self) -> Option<&TermInfo> {
        match self.lists.as_slice() {
            [(list, 1.0)] if self.without.is_none() => Some(list),
            _ => None,
        }
    }
}

/// A list of the index and the place it is read from, which moves forward only.
pub struct Cursor {
    postings: BlockSegmentPostings,
    /// In the loaded block.
    at: usize,
}

impl Cursor {
    pub fn open(reader: &Reader, ord: usize, field: Field, list: &TermInfo) -> tantivy::Result<Cursor> {
        let inverted = reader.inverted(ord, field)?;
        let postings = inverted.read_block_postings_from_terminfo(list, IndexRecordOption::WithFreqs)?;
        Ok(Cursor { postings, at: 0 })
    }

    /// The article it stands at.
    pub fn doc(&self) -> DocId {
        if self.at < self.postings.block_len() { self.postings.doc(self.at) } else { TERMINATED }
    }

    /// How often the article it stands at holds the term.
    pub fn freq(&self) -> u32 {
        self.postings.freq(self.at)
    }

    /// Moves to the first posting at or after `target`.
    pub fn seek(&mut self, target: DocId) {
        if self.doc() < target {
            self.at = self.postings.seek(target);
        }
    }

    /// Hands on the articles below `end` and their frequencies, block by block, and moves past them.
    #[inline]
    pub fn pass(&mut self, end: DocId, mut give: impl FnMut(&[DocId], &[u32])) {
        loop {
            let (docs, freqs) = (&self.postings.docs()[self.at..], &self.postings.freqs()[self.at..]);
            let whole = docs.last().is_some_and(|&last| last < end);
            let here = if whole { docs.len() } else { docs.partition_point(|&doc| doc < end) };
            give(&docs[..here], &freqs[..here]);
            self.at += here;
            if here < docs.len() || self.postings.block_len() < BLOCK {
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// Several lists of one segment, read as the one of their union.
pub struct Several {
    lists: Vec<(Cursor, f32)>,
    without: Option<Box<Cursor>>,
}

impl Several {
    pub fn open(reader: &Reader, ord: usize, field: Field, terms: &Terms) -> tantivy::Result<Several> {
        let open = |list: &TermInfo| Cursor::open(reader, ord, field, list);
        let lists = terms.lists.iter().map(|(list, share)| Ok((open(list)?, *share)));
        Ok(Several {
            lists: lists.collect::<tantivy::Result<_>>()?,
            without: terms
                .without
                .as_ref()
                .map(|list| Ok::<_, tantivy::TantivyError>(Box::new(open(list)?)))
                .transpose()?,
        })
    }

    /// The article that the first of the lists stands at; it may be one that does not count.
    pub fn doc(&self) -> DocId {
        self.lists.iter().map(|(list, _)| list.doc()).min().unwrap_or(TERMINATED)
    }

    /// Moves to the first article at or after `target`.
    pub fn seek(&mut self, target: DocId) {
        self.lists.iter_mut().for_each(|(list, _)| list.seek(target));
    }

    /// The frequency of `doc`, which is not before the last one asked for.
    pub fn frequency(&mut self, doc: DocId) -> f32 {
        self.seek(doc);
        if let Some(without) = &mut self.without {
            without.seek(doc);
            if without.doc() == doc {
                return 0.0;
            }
        }
        let here = self.lists.iter().filter(|(list, _)| list.doc() == doc);
        here.map(|(list, share)| list.freq() as f32 * share).sum()
    }

    /// Gathers the frequencies of all articles below `end`; `base` is where those of `gathered` begin.
    pub fn pass(&mut self, base: DocId, end: DocId, gathered: &mut Gathered) {
        for (list, share) in &mut self.lists {
            list.pass(end, |docs, freqs| gathered.add(base, docs, freqs, *share));
        }
        if let Some(without) = &mut self.without {
            without.seek(base);
            without.pass(end, |docs, _| docs.iter().for_each(|&doc| gathered.remove(base, doc)));
        }
    }
}

/// Frequencies of a window of articles, added up over several lists.
pub struct Gathered {
    window: usize,
    frequencies: Vec<f32>,
    /// The articles with a frequency, each at least once, not in order.
    docs: Vec<DocId>,
    len: usize,
}

impl Gathered {
    /// For windows of no more than so many articles.
    pub fn new(window: usize) -> Gathered {
        Gathered { window, frequencies: Vec::new(), docs: Vec::new(), len: 0 }
    }

    fn add(&mut self, base: DocId, docs: &[DocId], freqs: &[u32], share: f32) {
        if self.frequencies.is_empty() {
            // one place more: what is written there does not count yet
            (self.frequencies, self.docs) = (vec![0.0; self.window], vec![0; self.window + 1]);
        }
        for (&doc, &freq) in docs.iter().zip(freqs) {
            let sum = &mut self.frequencies[(doc - base) as usize];
            self.docs[self.len] = doc;
            // without a branch: whether another list had it cannot be foretold
            self.len += usize::from(*sum == 0.0);
            *sum += freq as f32 * share;
        }
    }

    /// Takes out an article.
    fn remove(&mut self, base: DocId, doc: DocId) {
        if let Some(sum) = self.frequencies.get_mut((doc - base) as usize) {
            *sum = 0.0;
        }
    }

    /// Hands on the articles with their frequencies, and forgets them.
    pub fn drain(&mut self, base: DocId, mut give: impl FnMut(DocId, f32)) {
        for &doc in &self.docs[..self.len] {
            give(doc, std::mem::take(&mut self.frequencies[(doc - base) as usize]));
        }
        self.len = 0;
    }
}
