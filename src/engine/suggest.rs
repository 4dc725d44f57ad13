//! Suggestions while a query is typed: completions from the table of the commit, and the newest headlines that have them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::search::{Engine, SearchError};
use crate::analyze::Worker;
use crate::analyze::number::Joiner;
use crate::article::Lang;
use crate::query::words::{composed, places, words_of};
use crate::suggest::complete::{Suggestion, complete};

/// The most completions of one request.
pub const MAX_SUGGESTIONS: usize = 1000;
/// The most articles that are looked at for the newest headlines of one completion.
const LOOKED_AT: usize = 20_000;
/// Completions whose headlines are looked for.
const TRIED: usize = 3;

/// What to complete, and how much to give back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuggestRequest {
    /// As typed so far; a space at the end closes the last word.
    pub prefix: String,
    pub limit: usize,
    /// Headlines beside the completions.
    pub headlines: usize,
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestions {
    pub prefix: String,
    pub took_us: u64,
    /// Best first.
    pub suggestions: Vec<Suggestion>,
    /// The newest first.
    pub headlines: Vec<Headline>,
}

/// An article whose headline has all words of a completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Headline {
    pub id: String,
    pub title: String,
    pub published: Option<String>,
    pub source: Option<String>,
}

impl Engine {
    /// Completions of what is typed. An index without a table of suggestions gives none.
    pub fn suggest(&self, request: &SuggestRequest, worker: &mut Worker) -> Result<Suggestions, SearchError> {
        let started = Instant::now();
        let typed = composed(&request.prefix);
        let found = self.suggestions().map(|table| complete(table, &typed, request.limit.min(MAX_SUGGESTIONS)));
        let suggestions = found.unwrap_or_default();
        let mut headlines: Vec<Headline> = Vec::new();
        for suggestion in suggestions.iter().take(TRIED) {
            if headlines.len() >= request.headlines {
                break;
            }
            self.headlines(&suggestion.text, request.headlines, worker, &mut headlines)?;
        }
        let took_us = started.elapsed().as_micros() as u64;
        Ok(Suggestions { prefix: request.prefix.clone(), took_us, suggestions, headlines })
    }

    /// Adds the newest headlines with all words of `text`, until there are `most`.
    fn headlines(
        &self,
        text: &str,
        most: usize,
        worker: &mut Worker,
        headlines: &mut Vec<Headline>,
    ) -> Result<(), SearchError> {
        let words = words_of(text, 0, &mut Joiner::default(), worker);
        // of a sign and its reading the sign
        let terms: Vec<&str> = places(&words).iter().map(|place| place[0]).collect();
        if terms.is_empty() {
            return Ok(());
        }
        // twice as many as wanted: the copies of a wire story have one headline
        let mut newest: BinaryHeap<Reverse<(i64, Reverse<DocAddress>)>> = BinaryHeap::new();
        let mut left = LOOKED_AT;
        for (ord, segment) in self.reader.searcher.segment_readers().iter().enumerate() {
            let published = &self.reader.published()?[ord];
            for lang in [Lang::Ko, Lang::En] {
                let field = self.reader.fields.of(lang).title;
                let inverted = segment.inverted_index(field)?;
                let mut lists = Vec::with_capacity(terms.len());
                for term in &terms {
                    let term = Term::from_field_text(field, term);
                    match inverted
                        .read_postings(&term, IndexRecordOption::Basic)
                        .map_err(tantivy::TantivyError::from)?
                    {
                        Some(postings) => lists.push(postings),
                        None => break,
                    }
                }
                if lists.len() < terms.len() {
                    continue;
                }
                lists.sort_by_key(|list| list.doc_freq());
                let [first, rest @ ..] = &mut lists[..] else { continue };
                while first.doc() != TERMINATED && left > 0 {
                    left -= 1;
                    let doc = first.doc();
                    let missing = rest.iter_mut().find_map(|list| {
                        let found = if list.doc() < doc { list.seek(doc) } else { list.doc() };
                        (found != doc).then_some(found)
                    });
                    if let Some(next) = missing {
                        first.seek(next);
                        continue;
                    }
                    if !segment.is_deleted(doc) {
                        let at = published.first(doc).unwrap_or(i64::MIN);
                        newest.push(Reverse((at, Reverse(DocAddress::new(ord as u32, doc)))));
                        if newest.len() > 2 * most {
                            newest.pop();
                        }
                    }
                    first.advance();
                }
            }
        }
        for Reverse((_, Reverse(address))) in newest.into_sorted_vec() {
            if headlines.len() >= most {
                break;
            }
            let unpacked = self.reader.article(address)?;
            let record = self.reader.record(&unpacked)?;
            if headlines.iter().all(|known| known.title != record.title) {
                headlines.push(Headline {
                    id: record.id.to_owned(),
                    title: record.title.to_owned(),
                    published: record.published.map(str::to_owned),
                    source: record.source.map(str::to_owned),
                });
            }
        }
        Ok(())
    }
}
