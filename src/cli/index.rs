//! `search index`: read files and folders and bring the index up to date.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args as ClapArgs;

use super::Outcome;
use super::allocator::give_back_large_blocks;
use super::context::{DictionaryDir, IndexDir};
use super::dict::applied;
use super::progress::{IndexProgress, Stop};
use crate::analyze::Analyzer;
use crate::engine::index::{IndexRequest, Summary, index};
use crate::ingest::Limits;
use crate::ingest::watch::Watch;
use crate::present::clean::one_line;

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search index corpus/
  search index archive/ pages.zip -i news-index --jobs 4
  zcat export.jsonl.gz | search index -")]
pub struct Args {
    /// Files and folders to read; `-` is JSON lines on standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    /// Make the index again from nothing; the old one serves until the new one is whole
    #[arg(long)]
    rebuild: bool,
    /// Threads that read and analyze [default: one per core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Memory for articles under way, for postings before they are written, and for mining pairs
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = size)]
    memory: u64,
    /// Mine no bilingual pairs from the articles: a little faster, and `search glossary` has none of this archive
    #[arg(long)]
    no_glossary: bool,
    /// Look for no wire copies among the articles that are read
    #[arg(long)]
    no_groups: bool,
    /// Exit with 2 where anything was skipped
    #[arg(long)]
    strict: bool,
    /// Say what would be done, and do none of it
    #[arg(long)]
    dry_run: bool,
    /// Keep in step with the folders until interrupted
    #[arg(long, conflicts_with_all = ["dry_run", "rebuild"])]
    watch: bool,
    /// The summary as JSON, on standard output
    #[arg(long)]
    json: bool,
    /// The largest file that is read as one document
    #[arg(long, value_name = "SIZE", default_value = "32M", value_parser = size)]
    max_document: u64,
    /// The largest record of a file that holds many
    #[arg(long, value_name = "SIZE", default_value = "32M", value_parser = size)]
    max_record: u64,
    /// The most that one compressed file may expand to
    #[arg(long, value_name = "SIZE", default_value = "64G", value_parser = size)]
    max_unpacked: u64,
}

/// A size such as `512K`, `256M` or `2G`, in bytes.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|ch: char| ch.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err("write a size as 512K, 256M or 2G".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "write a size as 512K, 256M or 2G".to_owned())?;
    number.checked_mul(1 << unit).ok_or_else(|| "that is more than any machine has".to_owned())
}

impl Args {
    fn request(&self) -> IndexRequest {
        let stdin = |path: &&PathBuf| path.as_os_str() == "-";
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        IndexRequest {
            dir: self.index.dir.clone(),
            roots: self.paths.iter().filter(|path| !stdin(path)).cloned().collect(),
            stdin: self.paths.iter().any(|path| stdin(&path)),
            rebuild: self.rebuild,
            dry_run: self.dry_run,
            no_glossary: self.no_glossary,
            no_groups: self.no_groups,
            jobs: self.jobs.unwrap_or(cores).max(1),
            memory: usize::try_from(self.memory).unwrap_or(usize::MAX),
            limits: Limits {
                document: self.max_document,
                record: self.max_record,
                unpacked: self.max_unpacked,
                ..Limits::default()
            },
        }
    }
}

pub fn run(args: Args) -> Result<Outcome> {
    give_back_large_blocks();
    let request = args.request();
    let analyzer = args.dict.analyzer()?;
    let stop = Stop::on_signal()?;
    let watch = if args.watch { Some(watch(&request)?) } else { None };
    let mut failed = round(&args, &request, &analyzer, &stop)?;
    while watch.as_ref().is_some_and(|watch| watch.wait(&stop.asked)) {
        // what fails now may work after the next change: a folder that is being replaced, an index that is busy
        match round(&args, &request, &analyzer, &stop) {
            Ok(skipped) => failed = skipped,
            Err(error) => eprintln!("search: {}", one_line(&format!("{error:#}"))),
        }
    }
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

/// Watches before the first run, so that no change falls between the two.
fn watch(request: &IndexRequest) -> Result<Watch> {
    // the index has to be there to be left out
    std::fs::create_dir_all(&request.dir).with_context(|| request.dir.display().to_string())?;
    Watch::new(&request.roots, &request.dir).context("watching for changes")
}

/// One run with its summary; true where it was strict and something was skipped.
fn round(args: &Args, request: &IndexRequest, analyzer: &Analyzer, stop: &Stop) -> Result<bool> {
    let progress = IndexProgress::start(stop, &request.roots);
    let summary = index(request, analyzer, progress.counts(), &|notice| progress.notice(notice));
    progress.finish();
    let summary = summary?;
    if args.json {
        let mut out = io::stdout().lock();
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
    }
    if !args.watch || summary.changed || summary.stopped {
        eprintln!("{}", in_words(&summary, args));
    }
    Ok(args.strict && summary.articles.skipped > 0)
}

/// The summary as one or two lines.
fn in_words(summary: &Summary, args: &Args) -> String {
    let counts = &summary.articles;
    let mut parts = Vec::new();
    for (number, what) in [
        (counts.added, "added"),
        (counts.updated, "updated"),
        (counts.unchanged, "unchanged"),
        (counts.removed, "removed"),
        (counts.skipped, "skipped"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    if parts.is_empty() {
        parts.push("no articles found".to_owned());
    }
    let megabytes = summary.bytes_read as f64 / 1e6;
    let rate = megabytes / summary.seconds.max(1e-9);
    let dir = one_line(&args.index.dir.display().to_string());
    let head = if args.dry_run { "would be: " } else { "" };
    let words = summary.words.as_ref().map_or(String::new(), |words| applied(words, args.dry_run) + "\n");
    let noun = if summary.total_articles == 1 { "article" } else { "articles" };
    let mut line = format!("{words}{head}{}; {dir} holds {} {noun}", parts.join(", "), summary.total_articles);
    line += &format!(" ({megabytes:.1} MB read in {:.1} s, {rate:.1} MB/s)", summary.seconds);
    if summary.stopped {
        line += "\nstopped early: what was read is in the index; run the same command again for the rest";
    }
    line
}
