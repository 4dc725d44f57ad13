//! `search suggest`: completions while typing.

use std::io::{self, BufWriter, Write};

use anyhow::{Result, bail};
use clap::Args as ClapArgs;

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, TextOrJson, engine};
use crate::engine::{MAX_SUGGESTIONS, SuggestRequest};
use crate::present::render::style::{Color, Style};
use crate::present::render::suggest;

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search suggest 북ㅎ                 half-typed syllables
  search suggest ㅂㅎ                 initial consonants
  search suggest '북한 ' -n 5         what follows a word
  search suggest qnrg --format json   typed in the other keyboard layout")]
pub struct Args {
    /// What is typed so far; a space at the end closes the last word
    #[arg(required = true, value_name = "PREFIX")]
    prefix: Vec<String>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    /// Completions to show
    #[arg(short = 'n', long = "limit", default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Headlines to show beside them
    #[arg(long, default_value_t = 3, value_name = "N")]
    headlines: usize,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    /// When to colour
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

pub fn run(args: Args) -> Result<Outcome> {
    if args.limit.max(args.headlines) > MAX_SUGGESTIONS {
        bail!("at most {MAX_SUGGESTIONS} suggestions at a time");
    }
    let engine = engine(&args.index, &args.dict)?;
    let request = SuggestRequest { prefix: args.prefix.join(" "), limit: args.limit, headlines: args.headlines };
    let found = engine.suggest(&request, &mut engine.worker())?;
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TextOrJson::Text => suggest::print(&found, &Style::for_stdout(args.color), &mut out)?,
        TextOrJson::Json => {
            serde_json::to_writer(&mut out, &found)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(if found.suggestions.is_empty() { Outcome::Nothing } else { Outcome::Done })
}
