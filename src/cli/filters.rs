//! Which articles: the flags that `query` and `export` share.

use anyhow::{Context, Result, bail};
use clap::Args;
use jiff::civil::Date;

use crate::article::Lang;
use crate::query::request::{DateRange, Request};

#[derive(Debug, Clone, Args)]
pub struct Filters {
    /// Only articles published on this day or later (2023, 2023-10 or 2023-10-05)
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
    /// The day that relative days and ages are counted from
    #[arg(long, value_name = "DAY")]
    today: Option<String>,
}

impl Filters {
    /// A request for `query` with these filters.
    pub fn request(&self, query: String) -> Result<Request> {
        let day = |text: &Option<String>, last: bool| {
            text.as_deref()
                .map(|text| {
                    day(text, last).with_context(|| format!("{text}: not a day; write 2023, 2023-10 or 2023-10-05"))
                })
                .transpose()
        };
        let published = DateRange { since: day(&self.since, false)?, until: day(&self.until, true)? };
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
            today: day(&self.today, false)?,
            ..Request::default()
        })
    }
}

/// A year, a month or a day; the last day of a year or month where it ends a range.
fn day(text: &str, last: bool) -> Option<Date> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize| parts[at].parse::<i8>().ok();
    let year: i16 = parts[0].parse().ok().filter(|_| parts[0].len() == 4)?;
    match parts.len() {
        1 => Date::new(year, if last { 12 } else { 1 }, if last { 31 } else { 1 }).ok(),
        2 => Date::new(year, number(1)?, 1).ok().map(|first| if last { first.last_of_month() } else { first }),
        3 => Date::new(year, number(1)?, number(2)?).ok(),
        _ => None,
    }
}
