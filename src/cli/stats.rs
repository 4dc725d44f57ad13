//! `search stats`: what is in the index.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use clap::Args as ClapArgs;

use super::Outcome;
use super::context::IndexDir;
use crate::present::clean::one_line;
use crate::store::reader::Reader;
use crate::store::stats::{Stats, stats};

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

fn print(stats: &Stats, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "articles   {}", stats.articles)?;
    let counts = |counts: &[(String, u64)]| {
        counts.iter().take(12).map(|(name, n)| format!("{} {n}", one_line(name))).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "languages  {}", counts(&stats.languages))?;
    writeln!(out, "sources    {}{}", counts(&stats.sources), if stats.sources.len() > 12 { ", ..." } else { "" })?;
    if let (Some(first), Some(last)) = (&stats.first, &stats.last) {
        writeln!(out, "published  {first} to {last}")?;
    }
    writeln!(out, "size       {:.1} MB in {} segments", stats.bytes as f64 / 1e6, stats.segments)?;
    writeln!(out, "analyzer   {}", stats.analyzer)?;
    writeln!(out, "format     {} (written by search {})", stats.format, stats.program)?;
    for part in &stats.sizes {
        writeln!(
            out,
            "  {:<24} {:>12} bytes {:>9.1} per article",
            part.name,
            part.bytes,
            part.bytes as f64 / stats.articles.max(1) as f64
        )?;
    }
    Ok(())
}
