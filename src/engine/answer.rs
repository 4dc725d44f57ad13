//! What a search gives back: the fields of the command line's JSON, in its order.

use serde::Serialize;

use crate::query::correct::Fix;

use super::facet::Facets;
use super::keywords::Keyword;
use crate::present::highlight::MarkKind;
use crate::rank::explain::Explanation;

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub query: String,
    /// The query as it was understood, printed.
    pub understood: String,
    /// What was not taken as it may have been meant, a line each.
    pub remarks: Vec<String>,
    /// Articles that match, not only those shown; every copy of a wire story counts.
    pub total: u64,
    pub took_us: u64,
    pub index: IndexSize,
    /// How many hits were asked for.
    #[serde(skip)]
    pub limit: usize,
    pub corrections: Vec<Correction>,
    pub expansions: Vec<Expansion>,
    pub hits: Vec<Hit>,
    /// What leads to the next page; `None` on the last one.
    pub next_cursor: Option<String>,
    /// Counts over all articles that match, of every facet that was asked for.
    pub facets: Facets,
    /// Words that set the articles found apart from the archive, the most telling first.
    pub keywords: Vec<Keyword>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IndexSize {
    pub articles: u64,
}

/// A word that was read as another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    pub from: String,
    pub to: String,
    pub reason: String,
}

impl From<&Fix> for Correction {
    fn from(fix: &Fix) -> Correction {
        Correction { from: fix.from.clone(), to: fix.to.clone(), reason: fix.reason.to_string() }
    }
}

/// A term that was looked for beside a typed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expansion {
    pub term: String,
    pub to: String,
    pub reason: String,
    /// Articles that hold it.
    pub articles: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// From 1, counted over all pages.
    pub rank: usize,
    pub score: f32,
    pub id: String,
    pub path: String,
    pub title: String,
    pub published: Option<String>,
    pub source: Option<String>,
    pub byline: Option<String>,
    pub lang: Option<&'static str>,
    pub url: Option<String>,
    /// Half-open spans of the title, in Unicode code points.
    pub title_highlights: Vec<[usize; 2]>,
    /// What each highlight of the title is.
    pub title_kinds: Vec<MarkKind>,
    pub snippets: Vec<Snippet>,
    /// Wire copies that the query finds as well, in order of publication, of very many the first hundred; where they were
    /// asked for by name.
    pub duplicates: Vec<Duplicate>,
    /// How many copies there are.
    pub copies: u64,
    #[serde(skip)]
    pub spread: Spread,
    /// Where the score comes from, if that was asked for.
    pub explain: Option<Explanation>,
}

/// A passage of the article with its marks, in Unicode code points of `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    pub text: String,
    pub highlights: Vec<[usize; 2]>,
    /// What each highlight is.
    pub kinds: Vec<MarkKind>,
}

/// How far a wire story has spread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    /// The days of the first and the last copy, as `2023-12-13`.
    pub first: Option<String>,
    pub last: Option<String>,
    /// In order of publication, each once.
    pub outlets: Vec<String>,
}

/// A wire copy of a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    pub id: String,
    pub source: Option<String>,
    pub published: Option<String>,
}
