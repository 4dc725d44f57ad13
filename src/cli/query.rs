//! `search query`: rank and highlight.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result, bail};
use clap::{Args as ClapArgs, ValueEnum};
use jiff::civil::Date;

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, engine};
use crate::article::Lang;
use crate::present::render::style::{Color, Style};
use crate::present::render::text;
use crate::query::request::{DateRange, MAX_LIMIT, Request, Sort};

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search query \"CTBT withdrawal\"
  search query 북한 핵실험 -n 5 --since 2023-10-01
  search query '\"한미일 정상회담\" -경제' --format json")]
pub struct Args {
    /// What to look for: words, "phrases", +must, -not
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    /// Hits to show
    #[arg(short = 'n', long = "limit", default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Hits to leave out before the first
    #[arg(long, default_value_t = 0, value_name = "N")]
    offset: usize,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
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
    /// Every copy of a wire story as a hit of its own
    #[arg(long)]
    ungroup: bool,
    /// No translations and other forms of what was typed
    #[arg(long)]
    no_expand: bool,
    #[arg(long, value_enum, default_value_t)]
    sort: Order,
    /// Show where each score comes from
    #[arg(long)]
    explain: bool,
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Order {
    #[default]
    Relevance,
    Newest,
    Oldest,
}

impl Args {
    fn request(&self) -> Result<Request> {
        if self.limit > MAX_LIMIT {
            bail!("-n {}: at most {MAX_LIMIT} hits at a time; use --offset for the next ones", self.limit);
        }
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
            query: self.words.join(" "),
            limit: self.limit,
            offset: self.offset,
            published,
            lang: self.lang.as_deref().and_then(Lang::from_tag),
            source: self.source.clone(),
            sort: match self.sort {
                Order::Relevance => Sort::Relevance,
                Order::Newest => Sort::Newest,
                Order::Oldest => Sort::Oldest,
            },
            ungroup: self.ungroup,
            no_expand: self.no_expand,
            highlight: true,
            explain: self.explain,
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

pub fn run(args: Args) -> Result<Outcome> {
    let request = args.request()?;
    let engine = engine(&args.index, &args.dict)?;
    let answer = engine.search(&request, &mut engine.worker())?;
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => text::answer(&answer, &Style::for_stdout(args.color), &mut out)?,
        Format::Json => {
            serde_json::to_writer(&mut out, &answer)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(if answer.hits.is_empty() { Outcome::Nothing } else { Outcome::Done })
}
