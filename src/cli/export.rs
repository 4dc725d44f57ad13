//! `search export`: articles as JSON lines or CSV, of any number.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use clap::{Args as ClapArgs, ValueEnum};

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, engine};
use super::filters::Filters;
use crate::present::render::csv;
use crate::query::request::Request;

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search export > archive.jsonl
  search export \"북한 핵실험\" --format csv > found.csv
  search export --source 너울방송 --since 2023-10 > part.jsonl")]
pub struct Args {
    /// Only what this query finds
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    #[command(flatten)]
    filters: Filters,
    /// No translations and other forms of what was typed
    #[arg(long)]
    no_expand: bool,
    /// The form of the articles
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line, texts as they are
    #[default]
    Jsonl,
    /// For a spreadsheet; a cell that would be a formula begins with an apostrophe
    Csv,
}

pub fn run(args: Args) -> Result<Outcome> {
    let engine = engine(&args.index, &args.dict)?;
    let mut worker = engine.worker();
    let request = Request { no_expand: args.no_expand, ..args.filters.request(args.query.join(" "))? };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let count = match args.format {
        Format::Jsonl => {
            let count = engine.export(&request, &mut worker, &mut |article| -> io::Result<()> {
                serde_json::to_writer(&mut out, &article)?;
                out.write_all(b"\n")
            })??;
            out.flush()?;
            count
        }
        Format::Csv => {
            let mut articles = csv::Articles::new(out)?;
            let count = engine.export(&request, &mut worker, &mut |article| articles.write(&article))??;
            articles.flush()?;
            count
        }
    };
    Ok(if count == 0 { Outcome::Nothing } else { Outcome::Done })
}
