//! The command line: arguments become a request, the library answers, the answer is rendered. No logic of its own.

mod allocator;
mod analyze;
mod bench;
mod check;
mod completions;
mod context;
mod dict;
mod eval;
mod export;
mod filters;
mod glossary;
mod index;
mod progress;
mod query;
mod show;
mod stats;
mod suggest;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Full-text search over Korean and English news.
#[derive(Debug, Parser)]
#[command(name = "search", version, arg_required_else_help = true, before_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  search index corpus/                       read a folder of articles
  search query \"CTBT withdrawal\"             rank and highlight
  search query '\"푸틴의 재선\" +핵실험 -일본'     phrases, must, must not
  search show saved/ctbt.txt                 one whole article";

#[derive(Debug, Subcommand)]
enum Command {
    /// Read files and folders and bring the index up to date
    Index(index::Args),
    /// Rank and highlight
    Query(query::Args),
    /// Completions while typing
    Suggest(suggest::Args),
    /// One whole article
    Show(show::Args),
    /// The tokens of a text, with their spans, tags and positions
    Analyze(analyze::Args),
    /// What is in the index
    Stats(stats::Args),
    /// Articles as JSON lines or CSV, all of them or what a query finds
    Export(export::Args),
    /// Verify the index against its checksums and counts
    Check(check::Args),
    /// Query latency on this index
    Bench(bench::Args),
    /// Ranking quality against judgements
    Eval(eval::Args),
    /// The bilingual pairs that queries use, and where they come from
    Glossary(glossary::Args),
    /// Words of your own, and the Korean dictionary
    Dict(dict::Args),
    /// Shell completions
    Completions(completions::Args),
}

/// How a command ended, as its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done = 0,
    /// A query without hits.
    Nothing = 1,
    /// It could not be done.
    Failed = 2,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(outcome as u8)
    }
}

impl Cli {
    /// Reads the command line of this process; ends it with help or a complaint where that is called for.
    pub fn of_this_process() -> Cli {
        Cli::parse_from(words::set_apart(std::env::args_os()))
    }
}

/// Runs a command.
pub fn run(cli: Cli) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Index(args) => index::run(args),
        Command::Query(args) => query::run(args),
        Command::Suggest(args) => suggest::run(args),
        Command::Show(args) => show::run(args),
        Command::Analyze(args) => analyze::run(args),
        Command::Stats(args) => stats::run(args),
        Command::Export(args) => export::run(args),
        Command::Check(args) => check::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Glossary(args) => glossary::run(args),
        Command::Dict(args) => dict::run(args),
        Command::Completions(args) => completions::run(args),
    }
}
