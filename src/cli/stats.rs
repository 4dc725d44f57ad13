//! `search stats`: what is in the index.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use clap::Args as ClapArgs;

use super::Outcome;
use super::context::IndexDir;
use crate::present::clean::one_line;
use crate::present::render::style::{Color, Style, wrap};
use crate::store::reader::Reader;
use crate::store::stats::{Stats, stats};

/// Labels of one kind shown.
const SHOWN: usize = 12;

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  search stats\n  search stats --sizes")]
pub struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// Bytes of each part of the index, and per article
    #[arg(long)]
    sizes: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Result<Outcome> {
    let reader = Reader::open_unchecked(&args.index.dir)?;
    let stats = stats(&reader, args.sizes)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        serde_json::to_writer(&mut out, &stats)?;
        writeln!(out)?;
    } else {
        print(&stats, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The column that the facts stand in.
const COLUMN: usize = 11;

fn print(stats: &Stats, out: &mut impl Write) -> io::Result<()> {
    let style = Style::for_stdout(Color::Never);
    let mut fact = |name: &str, fact: &str| {
        for (at, line) in wrap(&one_line(fact), &[], &style.narrower(COLUMN)).iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            writeln!(out, "{name:COLUMN$}{line}")?;
        }
        Ok::<(), io::Error>(())
    };
    let counts = |counts: &[(String, u64)]| {
        let more = if counts.len() > SHOWN { ", ..." } else { "" };
        let shown: Vec<String> = counts.iter().take(SHOWN).map(|(name, n)| format!("{name} {n}")).collect();
        shown.join(", ") + more
    };
    fact("articles", &stats.articles.to_string())?;
    fact("languages", &counts(&stats.languages))?;
    fact("sources", &counts(&stats.sources))?;
    if let (Some(first), Some(last)) = (&stats.first, &stats.last) {
        fact("published", &format!("{first} to {last}"))?;
    }
    fact("size", &format!("{:.1} MB in {} segments", stats.bytes as f64 / 1e6, stats.segments))?;
    fact("analyzer", &stats.analyzer)?;
    if stats.words > 0 {
        fact("words", &format!("{} of your own (search dict list)", stats.words))?;
    }
    fact("format", &format!("{} (written by search {})", stats.format, stats.program))?;
    for part in stats.sizes.iter().filter(|part| part.bytes > 0) {
        let each = part.bytes as f64 / stats.articles.max(1) as f64;
        writeln!(out, "  {:<24} {:>12} bytes {each:>9.1} per article", part.name, part.bytes)?;
    }
    Ok(())
}
