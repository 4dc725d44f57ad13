//! What a search gives back: the fields of the command line's JSON, in its order.

use serde::Serialize;

use crate::rank::explain::Explanation;

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub query: String,
    /// The query as it was understood, printed.
    pub understood: String,
    /// Articles that match, not only those shown.
    pub total: u64,
    pub took_us: u64,
    pub index: IndexSize,
    pub corrections: Vec<Correction>,
    pub expansions: Vec<Expansion>,
    pub hits: Vec<Hit>,
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
    pub snippets: Vec<Snippet>,
    pub duplicates: Vec<Duplicate>,
    /// Where the score comes from, if that was asked for.
    pub explain: Option<Explanation>,
}

/// A passage of the article with its marks, in Unicode code points of `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    pub text: String,
    pub highlights: Vec<[usize; 2]>,
}

/// A wire copy of a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    pub id: String,
    pub source: Option<String>,
    pub published: Option<String>,
}
