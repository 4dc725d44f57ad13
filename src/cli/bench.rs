//! `search bench`: how long queries take on this index.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args as ClapArgs;
use serde::Serialize;

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, engine};
use crate::engine::{Engine, SuggestRequest};
use crate::eval::judgements::{TestQuery, queries};
use crate::jobs::Jobs;
use crate::present::clean::one_line;
use crate::query::request::Request;
use crate::rank::evidence::Kind;

#[derive(Debug, ClapArgs)]
#[command(before_help = "Examples:\n  search bench\n  search bench --queries queries.tsv --cold")]
pub struct Args {
    /// Queries, one a line: id<TAB>text or id<TAB>class<TAB>text [default: words drawn from the index]
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// Also time whole fresh processes, this many
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "50")]
    cold: Option<usize>,
    /// Hits asked for
    #[arg(short = 'n', default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Hits left out before the first, for deep pages
    #[arg(long, default_value_t = 0, value_name = "N", conflicts_with = "suggest")]
    offset: usize,
    /// Without correcting slips
    #[arg(long)]
    no_correct: bool,
    /// Leave out marks and passages
    #[arg(long)]
    no_highlight: bool,
    /// Time completions of what the queries begin with, keystroke by keystroke, in place of the queries
    #[arg(long, conflicts_with = "cold")]
    suggest: bool,
    /// Threads a query may use; fresh processes use all [default: one for each core, up to four]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Rank by these kinds of evidence alone
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    evidence: Vec<Kind>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
}

/// Latency of one class of queries, in microseconds.
#[derive(Debug, Serialize)]
struct Latency {
    class: String,
    queries: usize,
    p50: u64,
    p90: u64,
    p95: u64,
    p99: u64,
    max: u64,
    per_second: f64,
}

fn latency(class: &str, mut times: Vec<Duration>) -> Latency {
    times.sort_unstable();
    // nearest rank
    let at =
        |share: f64| times[((times.len() as f64 * share).ceil() as usize).clamp(1, times.len()) - 1].as_micros() as u64;
    let total: Duration = times.iter().sum();
    Latency {
        class: class.to_owned(),
        queries: times.len(),
        p50: at(0.5),
        p90: at(0.9),
        p95: at(0.95),
        p99: at(0.99),
        max: at(1.0),
        per_second: times.len() as f64 / total.as_secs_f64().max(1e-9),
    }
}

pub fn run(args: Args) -> Result<Outcome> {
    let jobs = args.jobs.map_or_else(Jobs::default, Jobs::at_most);
    jobs.take_part();
    let engine = engine(&args.index, &args.dict)?;
    let queries = match &args.queries {
        Some(path) => queries(path)?,
        None => engine.sample_queries(200)?,
    };
    if queries.is_empty() {
        bail!("no queries to time");
    }
    let mut worker = engine.worker();
    if args.suggest {
        let rows = suggestions(&engine, &queries, args.limit)?;
        return print(&args, &rows, &format!("{} articles, {} completions", engine.reader.articles(), args.limit));
    }
    let request = |query: &TestQuery| Request {
        query: query.text.clone(),
        limit: args.limit,
        offset: args.offset,
        highlight: !args.no_highlight,
        no_correct: args.no_correct,
        evidence: args.evidence.clone(),
        jobs,
        ..Request::default()
    };
    // the first pass warms the caches of the system and of the analyzer, the second is timed
    for query in &queries {
        engine.search(&request(query), &mut worker)?;
    }
    let mut by_class: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut all = Vec::with_capacity(queries.len());
    for query in &queries {
        let started = Instant::now();
        engine.search(&request(query), &mut worker)?;
        let took = started.elapsed();
        by_class.entry(query.class.as_deref().unwrap_or("all")).or_default().push(took);
        all.push(took);
    }
    let mut rows: Vec<Latency> =
        by_class.into_iter().filter(|(class, _)| *class != "all").map(|(class, times)| latency(class, times)).collect();
    rows.push(latency("all", all));
    if let Some(processes) = args.cold {
        rows.push(latency("fresh process", cold(&args, &queries, processes.max(1))?));
    }
    let what = format!(
        "{} articles, {}{}",
        engine.reader.articles(),
        if args.offset == 0 {
            format!("top {}", args.limit)
        } else {
            format!("{} hits after {}", args.limit, args.offset)
        },
        if args.no_highlight { ", without highlights" } else { " with highlights" }
    );
    print(&args, &rows, &what)
}

/// Times completions of every beginning of the queries, without and with the newest headlines.
fn suggestions(engine: &Engine, queries: &[TestQuery], limit: usize) -> Result<Vec<Latency>> {
    let mut worker = engine.worker();
    let beginnings: Vec<&str> = queries
        .iter()
        .flat_map(|query| query.text.char_indices().map(|(at, ch)| &query.text[..at + ch.len_utf8()]))
        .collect();
    let mut rows = Vec::new();
    for (class, headlines) in [("completions", 0), ("with headlines", 3)] {
        let mut times = Vec::new();
        // the first pass warms, the second is timed
        for timed in [false, true] {
            for beginning in &beginnings {
                let request = SuggestRequest { prefix: (*beginning).to_owned(), limit, headlines };
                let started = Instant::now();
                engine.suggest(&request, &mut worker)?;
                if timed {
                    times.push(started.elapsed());
                }
            }
        }
        rows.push(latency(class, times));
    }
    Ok(rows)
}

fn print(args: &Args, rows: &[Latency], what: &str) -> Result<Outcome> {
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        serde_json::to_writer(&mut out, rows)?;
        writeln!(out)?;
    } else {
        writeln!(
            out,
            "{:<16} {:>7} {:>8} {:>8} {:>8} {:>8} {:>8} {:>10}",
            "class", "queries", "p50", "p90", "p95", "p99", "max", "queries/s"
        )?;
        for row in rows {
            let ms = |us: u64| format!("{:.3}", us as f64 / 1000.0);
            writeln!(
                out,
                "{:<16} {:>7} {:>8} {:>8} {:>8} {:>8} {:>8} {:>10.0}",
                one_line(&row.class),
                row.queries,
                ms(row.p50),
                ms(row.p90),
                ms(row.p95),
                ms(row.p99),
                ms(row.max),
                row.per_second
            )?;
        }
        writeln!(out, "milliseconds; {what}")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Times whole processes of this program, from start to printed results.
fn cold(args: &Args, queries: &[TestQuery], processes: usize) -> Result<Vec<Duration>> {
    let program = std::env::current_exe().context("the path of this program")?;
    let step = (queries.len() / processes).max(1);
    let mut times = Vec::with_capacity(processes);
    for query in queries.iter().step_by(step).cycle().take(processes) {
        let mut command = Command::new(&program);
        command.arg("query").arg("-i").arg(&args.index.dir).args(["-n", &args.limit.to_string()]);
        command.args(["--offset", &args.offset.to_string()]);
        if let Some(dict) = &args.dict.dict {
            command.arg("--dict").arg(dict);
        }
        command.arg("--").arg(&query.text).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        let status = command.status().context("starting a fresh process")?;
        times.push(started.elapsed());
        if !matches!(status.code(), Some(0 | 1)) {
            bail!("a fresh process failed on the query {:?}", one_line(&query.text));
        }
    }
    Ok(times)
}
