//! `search completions`: completions for a shell, on standard output.

use anyhow::Result;
use clap::{Args as ClapArgs, CommandFactory};

use super::{Cli, Outcome};

#[derive(Debug, ClapArgs)]
#[command(before_help = "Example:\n  search completions bash > ~/.local/share/bash-completion/completions/search")]
pub struct Args {
    shell: clap_complete::Shell,
}

pub fn run(args: Args) -> Result<Outcome> {
    clap_complete::generate(args.shell, &mut Cli::command(), "search", &mut std::io::stdout());
    Ok(Outcome::Done)
}
