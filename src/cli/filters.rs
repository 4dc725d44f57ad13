//! Which articles: the flags that `query` and `export` share.

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::article::Lang;
use crate::query::dates::{Today, days};
use crate::query::request::{DateRange, Request};

#[derive(Debug, Clone, Args)]
pub struct Filters {
    /// Only articles published on this day or later (2023-10-05, 2023-10, "last 7 days", 어제)
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Only articles published on this day or earlier
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Only articles in this language
    #[arg(long, value_name = "LANG", value_parser = ["ko", "en"])]
    lang: Option<String>,
    /// Only articles of this outlet
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Only articles of this section
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// The day that relative days and ages are counted from, if not from today
    #[arg(long, value_name = "DAY")]
    today: Option<String>,
}

impl Filters {
    /// A request for `query` with these filters.
    pub fn request(&self, query: String) -> Result<Request> {
        let named = |flag: &str, text: &Option<String>, today: Today| {
            let text = text.as_deref();
            text.map(|text| days(text, today).with_context(|| format!("--{flag} {text}"))).transpose()
        };
        let first = |range: DateRange| range.since.or(range.until);
        let today = named("today", &self.today, Today::OfClock)?.and_then(first);
        let counted_from = today.map_or(Today::OfClock, Today::Stated);
        let from = named("since", &self.since, counted_from)?;
        let to = named("until", &self.until, counted_from)?;
        let published =
            DateRange { since: from.and_then(|range| range.since), until: to.and_then(|range| range.until) };
        if let DateRange { since: Some(since), until: Some(until) } = published
            && since > until
        {
            bail!("--since {since} is after --until {until}: no day lies between them");
        }
        Ok(Request {
            query,
            published,
            lang: self.lang.as_deref().and_then(Lang::from_tag),
            source: self.source.clone(),
            section: self.section.clone(),
            today,
            ..Request::default()
        })
    }
}
