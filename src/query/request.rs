//! A search as it will be run: checked, complete, and the same whether it came from a terminal or over HTTP.

use std::fmt;
use std::ops::RangeInclusive;

use clap::ValueEnum;
use jiff::civil::Date;

use super::cursor::Cursor;
use super::dates::Today;
use crate::article::{Lang, day_number};
use crate::glossary::Sources;
use crate::jobs::Jobs;
use crate::rank::evidence::Kind;
use crate::rank::recency::HalfLife;

/// The most hits one request may ask for.
pub const MAX_LIMIT: usize = 10_000;

/// Days of publication, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateRange {
    pub since: Option<Date>,
    pub until: Option<Date>,
}

impl DateRange {
    /// The same in days since 1970.
    pub fn numbers(&self) -> RangeInclusive<i64> {
        self.since.map_or(i64::MIN, day_number)..=self.until.map_or(i64::MAX, day_number)
    }
}

/// The order of the hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// The best answers first
    #[default]
    Relevance,
    /// By time of publication, undated articles last
    Newest,
    /// By time of publication, undated articles last
    Oldest,
}

/// What articles are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum Facet {
    Source,
    Lang,
    Section,
    Year,
    Month,
    Day,
}

impl Facet {
    /// True where the values are dates, which stand in their own order.
    pub fn is_date(self) -> bool {
        matches!(self, Facet::Year | Facet::Month | Facet::Day)
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Facet::Source => "source",
            Facet::Lang => "lang",
            Facet::Section => "section",
            Facet::Year => "year",
            Facet::Month => "month",
            Facet::Day => "day",
        })
    }
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
    /// An outlet; its case does not matter.
    pub source: Option<String>,
    /// A section; its case does not matter.
    pub section: Option<String>,
    pub sort: Sort,
    /// Relevance that prefers recent articles.
    pub recent: Option<HalfLife>,
    /// The hits after those of an earlier page, in place of `offset`.
    pub cursor: Option<Cursor>,
    /// What the articles found are counted by.
    pub facets: Vec<Facet>,
    /// How many words that set the articles found apart are wanted.
    pub keywords: usize,
    /// The query is text to be looked for, signs and all: no operators in it.
    pub plain: bool,
    /// Every copy of a wire story is a hit of its own.
    pub ungroup: bool,
    /// Every copy behind a hit by its id; else only how many there are, from when to when, and whose.
    pub list_copies: bool,
    /// Words as printed only: no parts, no bigrams.
    pub exact: bool,
    /// No translations, readings or other forms.
    pub no_expand: bool,
    /// Every word as typed, also where no article holds it.
    pub no_correct: bool,
    /// Which tables translations are taken from.
    pub glossary: Sources,
    /// Marks and passages are made for the hits.
    pub highlight: bool,
    pub explain: bool,
    /// The kinds of evidence that rank; empty for all. To measure what each kind earns and costs.
    pub evidence: Vec<Kind>,
    /// How much of the machine it may use.
    pub jobs: Jobs,
    /// The day that `어제` and `last 7 days` are counted from; the system's day where it is not said.
    pub today: Option<Date>,
}

impl Request {
    /// The day that relative days are counted from.
    pub fn today(&self) -> Today {
        self.today.map_or(Today::OfClock, Today::Stated)
    }

    /// True where its filters leave articles out.
    pub fn restricts(&self) -> bool {
        let Request { lang, source, section, published, .. } = self;
        lang.is_some() || source.is_some() || section.is_some() || *published != DateRange::default()
    }
}
