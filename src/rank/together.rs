//! Articles of a segment that hold several terms of a field together.
//!
//! The rarest list leads: its articles are sought in the others block by block, and only where all terms are do positions say
//! whether they stand close to one another.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Term};

use super::positions::Positions;
use crate::store::joint::{Key, Postings};
use crate::store::reader::Reader;

/// Positions that words may take beyond their number to be close together.
pub const SLACK: u32 = 2;
/// How many times longer a list may be for its articles to be passed one by one.
const NEAR: usize = 4;

/// What is to be held, and how.
#[derive(Debug, Clone, Copy)]
pub struct Together<'t> {
    field: Field,
    terms: &'t [String],
    /// The terms must stand close to one another.
    close: bool,
}

impl<'t> Together<'t> {
    /// All of these terms in one article.
    pub fn anywhere(field: Field, terms: &'t [String]) -> Together<'t> {
        Together { field, terms, close: false }
    }

    /// All of these terms close to one another, in a field with positions.
    pub fn close(field: Field, terms: &'t [String]) -> Together<'t> {
        Together { field, terms, close: true }
    }

    /// True where positions decide, which takes longest.
    pub fn by_position(&self) -> bool {
        self.close && self.terms.len() > 1
    }

    /// The joint list that the commit prepared, if it did.
    fn prepared(&self, reader: &Reader, ord: usize) -> Option<Postings> {
        if !self.by_position() {
            return None;
        }
        let segment = reader.searcher.segment_reader(ord as u32);
        reader.joint()?.get(Key::new(segment.segment_id(), self.field, self.terms), segment.max_doc())
    }

    /// The articles in order, each with how often it holds all of it: as often as the rarest of the terms, or as the first one
    /// stands close to all others.
    pub fn articles(&self, reader: &Reader, ord: usize) -> tantivy::Result<Postings> {
        self.prepared(reader, ord).map_or_else(|| self.computed(reader, ord), Ok)
    }

    /// The same from the lists of the terms.
    pub fn computed(&self, reader: &Reader, ord: usize) -> tantivy::Result<Postings> {
        let Some(infos) = self.look_up(reader, ord)? else { return Ok(Vec::new()) };
        if !self.by_position() {
            return self.held(reader, ord, &infos, IndexRecordOption::WithFreqs);
        }
        let mut found = self.held(reader, ord, &infos, IndexRecordOption::Basic)?;
        self.keep_close(reader, ord, &infos, &mut found)?;
        Ok(found)
    }

    /// The articles that hold every term, in order, wherever the terms stand.
    pub fn anywhere_in(&self, reader: &Reader, ord: usize) -> tantivy::Result<Vec<DocId>> {
        let Some(infos) = self.look_up(reader, ord)? else { return Ok(Vec::new()) };
        let found = self.held(reader, ord, &infos, IndexRecordOption::Basic)?;
        Ok(found.into_iter().map(|(doc, _)| doc).collect())
    }

    /// The articles that hold every term, each as often as it holds the rarest in it, where frequencies are read.
    fn held(
        &self,
        reader: &Reader,
        ord: usize,
        infos: &[TermInfo],
        option: IndexRecordOption,
    ) -> tantivy::Result<Postings> {
        let mut lists = self.open(reader, ord, infos, option)?.into_iter();
        let Some(mut rarest) = lists.next() else { return Ok(Vec::new()) };
        let mut found = Vec::with_capacity(rarest.doc_freq() as usize);
        while !rarest.docs().is_empty() {
            let docs = rarest.docs().iter().copied();
            if option.has_freq() {
                found.extend(docs.zip(rarest.freqs().iter().copied()));
            } else {
                found.extend(docs.map(|doc| (doc, u32::MAX)));
            }
            rarest.advance();
        }
        for list in lists {
            keep(&mut found, list);
        }
        Ok(found)
    }

    /// Those of `articles`, which are in order, that hold all of it anywhere, each with how often.
    pub fn among_with_counts(
        &self,
        articles: impl Iterator<Item = DocId>,
        reader: &Reader,
        ord: usize,
    ) -> tantivy::Result<Postings> {
        let Some(infos) = self.look_up(reader, ord)? else { return Ok(Vec::new()) };
        let mut found: Postings = articles.map(|doc| (doc, u32::MAX)).collect();
        for list in self.open(reader, ord, &infos, IndexRecordOption::WithFreqs)? {
            keep(&mut found, list);
        }
        Ok(found)
    }

    /// Those of `articles`, which are in order, that hold all of it.
    pub fn among(
        &self,
        reader: &Reader,
        ord: usize,
        articles: impl Iterator<Item = DocId>,
    ) -> tantivy::Result<Vec<DocId>> {
        if let Some(prepared) = self.prepared(reader, ord) {
            let mut rest = prepared.iter().map(|&(doc, _)| doc).peekable();
            let holds = |doc: &DocId| {
                while rest.next_if(|it| it < doc).is_some() {}
                rest.peek() == Some(doc)
            };
            return Ok(articles.filter(holds).collect());
        }
        let Some(infos) = self.look_up(reader, ord)? else { return Ok(Vec::new()) };
        let mut found: Vec<(DocId, u32)> = articles.map(|doc| (doc, u32::MAX)).collect();
        for list in self.open(reader, ord, &infos, IndexRecordOption::Basic)? {
            keep(&mut found, list);
        }
        if self.by_position() {
            self.keep_close(reader, ord, &infos, &mut found)?;
        }
        Ok(found.into_iter().map(|(doc, _)| doc).collect())
    }

    /// Where the lists of the terms are; `None` where one of them has none.
    fn look_up(&self, reader: &Reader, ord: usize) -> tantivy::Result<Option<Vec<TermInfo>>> {
        let inverted = reader.inverted(ord, self.field)?;
        let mut infos = Vec::with_capacity(self.terms.len());
        for term in self.terms {
            match inverted.get_term_info(&Term::from_field_text(self.field, term))? {
                Some(info) => infos.push(info),
                None => return Ok(None),
            }
        }
        Ok(Some(infos))
    }

    /// The lists, the rarest first.
    fn open(
        &self,
        reader: &Reader,
        ord: usize,
        infos: &[TermInfo],
        option: IndexRecordOption,
    ) -> tantivy::Result<Vec<BlockSegmentPostings>> {
        let inverted = reader.inverted(ord, self.field)?;
        let mut rarest: Vec<&TermInfo> = infos.iter().collect();
        rarest.sort_by_key(|info| info.doc_freq);
        let lists = rarest.into_iter().map(|info| inverted.read_block_postings_from_terminfo(info, option));
        Ok(lists.collect::<std::io::Result<_>>()?)
    }

    /// Of articles that hold every term, keeps those where they are close together.
    fn keep_close(
        &self,
        reader: &Reader,
        ord: usize,
        infos: &[TermInfo],
        found: &mut Vec<(DocId, u32)>,
    ) -> tantivy::Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let open = |info| Positions::open(reader, ord, self.field, info, found.len());
        let mut lists: Vec<Positions> = infos.iter().map(open).collect::<tantivy::Result<_>>()?;
        let Some((first, others)) = lists.split_first_mut() else { return Ok(()) };
        let reach = others.len() as u32 + SLACK;
        let mut places = Vec::new();
        found.retain_mut(|(doc, freq)| {
            places.clear();
            places.extend_from_slice(first.of(*doc));
            for other in others.iter_mut() {
                keep_near(&mut places, other.of(*doc), reach);
                if places.is_empty() {
                    return false;
                }
            }
            *freq = places.len() as u32;
            true
        });
        Ok(())
    }
}

/// What one query has found close together: its slots ask for the same words in several fields.
pub struct CloseLists<'r> {
    pub reader: &'r Reader,
    found: FxHashMap<(usize, Field, Vec<String>), Rc<Postings>>,
}

impl<'r> CloseLists<'r> {
    pub fn new(reader: &'r Reader) -> CloseLists<'r> {
        CloseLists { reader, found: FxHashMap::default() }
    }

    /// The articles of a segment where `terms` stand close together in `field`.
    pub fn articles(&mut self, ord: usize, field: Field, terms: &[String]) -> tantivy::Result<Rc<Postings>> {
        let key = (ord, field, terms.to_vec());
        if let Some(found) = self.found.get(&key) {
            return Ok(found.clone());
        }
        let found = Rc::new(Together::close(field, terms).articles(self.reader, ord)?);
        self.found.insert(key, found.clone());
        Ok(found)
    }
}

/// Keeps the articles that are in `list`, each with the lower of the two frequencies.
fn keep(found: &mut Vec<(DocId, u32)>, list: BlockSegmentPostings) {
    if list.doc_freq() as usize / NEAR < found.len() { keep_passing(found, list) } else { keep_seeking(found, list) }
}

/// The same where the list is hardly longer: both are passed from their beginning to their end.
fn keep_passing(found: &mut Vec<(DocId, u32)>, mut list: BlockSegmentPostings) {
    let (mut from, mut kept) = (0, 0);
    while from < found.len() && !list.docs().is_empty() {
        let (docs, freqs) = (list.docs(), list.freqs());
        let mut at = 0;
        while let (Some(&(doc, freq)), Some(&theirs)) = (found.get(from), docs.get(at)) {
            // without a branch: which of the two is next cannot be foretold
            let same = doc == theirs;
            found[kept] = (doc, if same { freqs.get(at).map_or(freq, |&their| freq.min(their)) } else { freq });
            kept += usize::from(same);
            from += usize::from(doc <= theirs);
            at += usize::from(doc >= theirs);
        }
        if at == docs.len() {
            list.advance();
        }
    }
    found.truncate(kept);
}

/// The same where it is much longer: its blocks without an article of ours are passed over.
fn keep_seeking(found: &mut Vec<(DocId, u32)>, mut list: BlockSegmentPostings) {
    let mut at = 0;
    found.retain_mut(|(doc, freq)| {
        let docs = list.docs();
        match docs.last() {
            Some(&last) if *doc <= last => at += docs[at..].partition_point(|it| it < doc),
            Some(_) => at = list.seek(*doc),
            None => return false,
        }
        if list.docs().get(at) != Some(doc) {
            return false;
        }
        if let Some(&theirs) = list.freqs().get(at) {
            *freq = theirs.min(*freq);
        }
        true
    });
}

/// Keeps the `places` that have one of `theirs` within `reach`; both are in order.
fn keep_near(places: &mut Vec<u32>, theirs: &[u32], reach: u32) {
    let (mut from, mut kept) = (0, 0);
    for place in 0..places.len() {
        let at = places[place];
        while from < theirs.len() && theirs[from] + reach < at {
            from += 1;
        }
        places[kept] = at;
        kept += usize::from(from < theirs.len() && theirs[from] <= at + reach);
    }
    places.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_close_together() {
        let rows: &[(&[u32], &[u32], usize)] = &[
            (&[1, 50], &[2, 90], 1),
            (&[1], &[4], 1),
            (&[1], &[5], 0),
            (&[7], &[5], 1),
            (&[1, 1, 1], &[2], 3),
            (&[1], &[], 0),
        ];
        for (places, theirs, expected) in rows {
            let mut kept = places.to_vec();
            keep_near(&mut kept, theirs, 1 + SLACK);
            assert_eq!(kept.len(), *expected, "{places:?} {theirs:?}");
        }
    }

    /// How often article `doc` says the term that every `every`th article says.
    fn times(doc: DocId, every: u32) -> u32 {
        if doc.is_multiple_of(every) { 1 + doc / every % 3 } else { 0 }
    }

    #[test]
    fn articles_of_two_lists() {
        const EVERY: [u32; 7] = [1, 2, 3, 7, 40, 130, 999];
        let mut schema = tantivy::schema::Schema::builder();
        let field = schema.add_text_field("text", tantivy::schema::TEXT);
        let index = tantivy::Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads::<tantivy::TantivyDocument>(1, 15_000_000).unwrap();
        for doc in 0..2_000 {
            let words = EVERY.map(|every| format!("t{every} ").repeat(times(doc, every) as usize));
            writer.add_document(tantivy::doc!(field => words.concat())).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let inverted = searcher.segment_reader(0).inverted_index(field).unwrap();
        for (first, second) in EVERY.iter().flat_map(|first| EVERY.map(|second| (*first, second))) {
            let all = (0..2_000).map(|doc| (doc, times(doc, first))).filter(|(_, times)| *times > 0);
            let found: Vec<(DocId, u32)> = all.collect();
            let both = found.iter().map(|&(doc, freq)| (doc, freq.min(times(doc, second))));
            let expected: Vec<(DocId, u32)> = both.filter(|(_, times)| *times > 0).collect();
            let open = || {
                let term = Term::from_field_text(field, &format!("t{second}"));
                inverted.read_block_postings(&term, IndexRecordOption::WithFreqs).unwrap().unwrap()
            };
            for keep in [keep_passing, keep_seeking] {
                let mut found = found.clone();
                keep(&mut found, open());
                assert_eq!(found, expected, "{first} {second}");
            }
        }
    }
}
