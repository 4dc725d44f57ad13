//! `search show`: one whole article.

use std::io::{self, BufWriter, Write};

use anyhow::{Result, bail};
use clap::{Args as ClapArgs, ValueEnum};

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, engine};
use crate::present::render::article;
use crate::present::render::style::{Color, Style};

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  search show saved/ctbt.txt\n  search show saved/ctbt.txt --query \"핵실험\"")]
pub struct Args {
    /// The article's id, as `search query` prints it
    id: String,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    /// Highlight what this query finds
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub fn run(args: Args) -> Result<Outcome> {
    let engine = engine(&args.index, &args.dict)?;
    let Some(shown) = engine.show(&args.id, args.query.as_deref(), &mut engine.worker())? else {
        bail!(
            "{}: no article with this id in {}; ids are what `search query` prints",
            args.id,
            args.index.dir.display()
        );
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => {
            serde_json::to_writer(&mut out, &shown.article)?;
            writeln!(out)?;
        }
        Format::Text => article::text(&shown, &Style::for_stdout(args.color), &mut out)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}
