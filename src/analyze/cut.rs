//! Cutting a text as the user's words ask for: chunks that an entry with spaces spans are one.
//!
//! Where no entry has spaces these are the chunks of [`super::chunk`], one by one. Else a chunk that ends in the first parts of
//! an entry is taken together with those that the entry reaches into, if the entry stands there as a word: what is cut
//! together depends on the text alone, and all that walk a text walk it alike.

use super::Worker;
use super::chunk::{Chunks, MAX_CHUNK, chunks, core_of};
use super::script::is_word;
use super::token::Span;

/// Walks the chunks of a text.
pub struct Cut<'t> {
    text: &'t str,
    chunks: Chunks<'t>,
}

impl<'t> Cut<'t> {
    pub fn new(text: &'t str) -> Cut<'t> {
        Cut { text, chunks: chunks(text) }
    }

    /// The next chunk, and how many of [`chunks`] it is.
    pub fn next(&mut self, worker: &mut Worker) -> Option<(Span, usize)> {
        let mut chunk = self.chunks.next()?;
        let mut many = 1;
        if worker.words().is_some_and(|words| words.have_parts()) {
            let mut last = chunk;
            while let Some((longer, behind, rest)) = self.longer(chunk, last, worker) {
                (chunk, last, self.chunks) = (longer, behind, rest);
                many += chunks(chunk.of(self.text)).count() - many;
            }
        }
        Some((chunk, many))
    }

    /// `chunk`, whose last part is `last`, with the chunks that an entry reaches into from there: the whole of it, the last of
    /// them, and those that follow.
    fn longer(&self, chunk: Span, last: Span, worker: &mut Worker) -> Option<(Span, Span, Chunks<'t>)> {
        let words = worker.words()?;
        let end = last.of(self.text).chars().next_back().filter(|&ch| is_word(ch))?;
        if !words.may_go_on(end) {
            return None;
        }
        let mut held = Vec::new();
        for (at, _) in last.of(self.text).char_indices() {
            words.at(self.text, last.start + at, &mut held);
        }
        let mut ends: Vec<usize> = held.into_iter().map(|held| held.end).filter(|&end| end > last.end).collect();
        ends.sort_unstable();
        ends.dedup();
        ends.into_iter().rev().find_map(|end| {
            let mut rest = self.chunks.clone();
            let behind = rest.by_ref().find(|chunk| chunk.end >= end)?;
            let longer = Span::new(chunk.start, behind.end);
            let text = longer.of(self.text);
            let fits = text.len() <= MAX_CHUNK && core_of(text).of(text).contains(char::is_whitespace);
            (fits && worker.chunk(text).1.whole).then_some((longer, behind, rest))
        })
    }
}
