//! `search query`: rank and highlight.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result, bail};
use clap::{Args as ClapArgs, ValueEnum};

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, engine};
use super::filters::Filters;
use crate::present::render::style::{Color, Style};
use crate::present::render::{csv, html, text};
use crate::query::request::{Facet, MAX_LIMIT, Request, Sort};
use crate::rank::recency::HalfLife;

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search query \"CTBT withdrawal\"
  search query 북한 핵실험 -n 5 --since 2023-10-01
  search query '\"한미일 정상회담\" -경제' --format json
  search query '(북한 OR 러시아) AND 핵 AND NOT 발전소'
  search query 'title:treaty source:meridian date:2023-10..2023-12'
  search query '핵실험^2 since:\"last 7 days\" lang:ko' --today 2023-12-14
The forms a query may take are listed in docs/query-language.md.")]
pub struct Args {
    /// What to look for: words, "phrases", +must, -not, AND OR NOT ( ), title:, source:, date:, word^2
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
    /// The hits after those of an earlier page: `next_cursor` of its JSON
    #[arg(long, value_name = "CURSOR", conflicts_with = "offset")]
    cursor: Option<String>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    filters: Filters,
    /// Every copy of a wire story as a hit of its own
    #[arg(long)]
    ungroup: bool,
    /// No translations and other forms of what was typed
    #[arg(long)]
    no_expand: bool,
    /// Words as printed only: no parts, no other endings, no translations
    #[arg(long)]
    exact: bool,
    /// Every word as typed, also where it looks like a slip of the keyboard layout
    #[arg(long)]
    no_correct: bool,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    /// Prefer recent articles: the age that costs an article a quarter of its score (7d, 2w, 3m, 1y)
    #[arg(long, value_name = "HALFLIFE")]
    recent: Option<String>,
    /// Count all articles found by this; may be given several times
    #[arg(long, value_enum, value_name = "BY")]
    facet: Vec<Facet>,
    /// The words that set the articles found apart from the archive
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20", require_equals = true)]
    keywords: Option<usize>,
    /// Show where each score comes from
    #[arg(long)]
    explain: bool,
    /// When to colour
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person: wrapped to the terminal, marks in colour
    #[default]
    Text,
    /// The whole answer as one JSON object
    Json,
    /// The hits, one JSON object a line
    Jsonl,
    /// The hits for a spreadsheet
    Csv,
    /// A web page that needs nothing else
    Html,
}

impl Args {
    fn request(&self) -> Result<Request> {
        if self.limit > MAX_LIMIT {
            bail!("-n {}: at most {MAX_LIMIT} hits at a time; use --offset for the next ones", self.limit);
        }
        let recent = self.recent.as_deref().map(|text| text.parse::<HalfLife>().with_context(|| text.to_owned()));
        if self.recent.is_some() && self.sort != Sort::Relevance {
            bail!("--recent changes the relevance of articles; leave it out where they are sorted by date");
        }
        let cursor = self.cursor.as_deref().map(|text| text.parse().context("the cursor cannot be used"));
        Ok(Request {
            limit: self.limit,
            offset: self.offset,
            cursor: cursor.transpose()?,
            sort: self.sort,
            recent: recent.transpose()?,
            facets: self.facet.clone(),
            keywords: self.keywords.unwrap_or(0),
            ungroup: self.ungroup,
            list_copies: matches!(self.format, Format::Json | Format::Jsonl),
            no_expand: self.no_expand,
            exact: self.exact,
            no_correct: self.no_correct,
            highlight: true,
            explain: self.explain,
            ..self.filters.request(self.words.join(" "))?
        })
    }
}

pub fn run(args: Args) -> Result<Outcome> {
    let request = args.request()?;
    request.jobs.take_part();
    let engine = engine(&args.index, &args.dict)?;
    let answer = engine.search(&request, &mut engine.worker())?;
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => text::answer(&answer, &Style::for_stdout(args.color), &mut out)?,
        Format::Json => {
            serde_json::to_writer(&mut out, &answer)?;
            writeln!(out)?;
        }
        Format::Jsonl => {
            for hit in &answer.hits {
                serde_json::to_writer(&mut out, hit)?;
                writeln!(out)?;
            }
        }
        Format::Csv => csv::answer(&answer, &mut out)?,
        Format::Html => html::answer(&answer, &mut out)?,
    }
    out.flush()?;
    let found = if args.limit == 0 { answer.total > 0 } else { !answer.hits.is_empty() };
    Ok(if found { Outcome::Done } else { Outcome::Nothing })
}
