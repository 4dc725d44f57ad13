//! `search show`: one whole article.

use std::io::{self, BufWriter, Write};

use anyhow::{Result, bail};
use clap::Args as ClapArgs;

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, TextOrJson, engine};
use crate::engine::{Compared, Engine};
use crate::present::render::style::{Color, Style};
use crate::present::render::{article, diff};

#[derive(Debug, ClapArgs)]
#[command(
    before_help = "Examples:\n  search show saved/ctbt.txt\n  search show saved/ctbt.txt --query \"핵실험\"\n  search show wire/copy.json --diff"
)]
pub struct Args {
    /// The article's id, as `search query` prints it
    id: String,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    /// Highlight what this query finds
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    /// What it changed of this article, else of the first of its wire story
    #[arg(long, value_name = "OTHER", num_args = 0..=1, conflicts_with = "query")]
    diff: Option<Option<String>>,
    /// The form of the article
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    /// When to colour
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

pub fn run(args: Args) -> Result<Outcome> {
    let engine = engine(&args.index, &args.dict)?;
    if let Some(other) = &args.diff {
        return compare(&args, other.as_deref(), &engine);
    }
    let Some(shown) = engine.show(&args.id, args.query.as_deref(), &mut engine.worker())? else {
        return missing(&args.id, &args);
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TextOrJson::Json => {
            serde_json::to_writer(&mut out, &shown.article)?;
            writeln!(out)?;
        }
        TextOrJson::Text => article::text(&shown, &Style::for_stdout(args.color), &mut out)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn missing(id: &str, args: &Args) -> Result<Outcome> {
    let dir = args.index.dir.display();
    bail!("{id}: no article with this id in {dir}; ids are what `search query` prints")
}

fn compare(args: &Args, other: Option<&str>, engine: &Engine) -> Result<Outcome> {
    let id = &args.id;
    let found = match engine.compare(id, other)? {
        Compared::Difference(found) => found,
        Compared::First(copies) => {
            bail!("{id}: the first of its story; name a copy: search show {id} --diff {}", copies.join(" or "))
        }
        Compared::Alone => bail!("{id}: no copy of another article; name the one to compare it with: --diff OTHER"),
        Compared::Missing(id) => return missing(&id, args),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TextOrJson::Json => {
            serde_json::to_writer(&mut out, &found)?;
            writeln!(out)?;
        }
        TextOrJson::Text => diff::text(&found, &Style::for_stdout(args.color), &mut out)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}
