//! `search dict`: the Korean dictionary.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args as ClapArgs, Subcommand};

use super::Outcome;
use super::context::{DictionaryDir, InstallProgress};
use crate::analyze::dictionary::{self, InstallOptions};

#[derive(Debug, ClapArgs)]
#[command(
    before_help = "Examples:\n  search dict install\n  search dict install --from python_mecab_ko_dic-2.1.1.post2-py3-none-any.whl\n  search dict path"
)]
pub struct Args {
    #[command(subcommand)]
    command: DictCommand,
}

#[derive(Debug, Subcommand)]
enum DictCommand {
    /// Fetch and build the dictionary; also runs by itself when it is first needed
    Install {
        /// A wheel, a gzipped tar or an unpacked folder to build from, in place of a download
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// Where to put it [default: this user's data folder]
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
        /// Build it again even if it is there
        #[arg(long)]
        force: bool,
    },
    /// Print the folder of the dictionary that is used
    Path {
        #[command(flatten)]
        dict: DictionaryDir,
    },
}

pub fn run(args: Args) -> Result<Outcome> {
    match args.command {
        DictCommand::Install { from, to, force } => {
            let mut progress = InstallProgress::default();
            let path = dictionary::install(&InstallOptions { from, to, force }, &mut |step| progress.show(&step))?;
            println!("{}", path.display());
        }
        DictCommand::Path { dict } => println!("{}", dictionary::locate(dict.dict.as_deref())?.display()),
    }
    Ok(Outcome::Done)
}
