//! A search as it will be run: checked, complete, and the same whether it came from a terminal or over HTTP.

use jiff::civil::Date;

use crate::article::Lang;

/// The most hits one request may ask for.
pub const MAX_LIMIT: usize = 10_000;

/// Days of publication, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateRange {
    pub since: Option<Date>,
    pub until: Option<Date>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Relevance,
    Newest,
    Oldest,
}

/// What to look for, in which articles, and how much of it to give back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// The query as typed.
    pub query: String,
    pub limit: usize,
    pub offset: usize,
    pub published: DateRange,
    pub lang: Option<Lang>,
    pub source: Option<String>,
    pub sort: Sort,
    /// The query is text to be looked for, signs and all: no operators in it.
    pub plain: bool,
    /// Every copy of a wire story is a hit of its own.
    pub ungroup: bool,
    /// Words as printed only: no parts, no bigrams.
    pub exact: bool,
    /// No translations, readings or other forms.
    pub no_expand: bool,
    /// Marks and passages are made for the hits.
    pub highlight: bool,
    pub explain: bool,
}
