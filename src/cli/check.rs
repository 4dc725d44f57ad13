//! `search check`: is the index whole?

use std::io::{self, Write};

use anyhow::Result;
use clap::Args as ClapArgs;

use super::Outcome;
use super::context::IndexDir;
use crate::engine::check::check;
use crate::present::clean::one_line;

#[derive(Debug, ClapArgs)]
#[command(before_help = "Example:\n  search check")]
pub struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Result<Outcome> {
    let checkup = check(&args.index.dir)?;
    let dir = one_line(&args.index.dir.display().to_string());
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &checkup)?;
        writeln!(out)?;
    } else if checkup.is_whole() {
        writeln!(
            out,
            "{dir}: whole; {} articles of {} files, every checksum as written",
            checkup.articles, checkup.files
        )?;
    } else {
        for fault in checkup.faults.iter().chain(&checkup.unmined) {
            writeln!(out, "{dir}: {}", one_line(fault))?;
        }
        let rebuild = if checkup.faults.is_empty() { "" } else { " --rebuild" };
        writeln!(out, "to mend it run: search index PATH... -i {dir}{rebuild}")?;
    }
    Ok(if checkup.is_whole() { Outcome::Done } else { Outcome::Failed })
}
