//! `search dict`: the Korean dictionary, and the words that the owner of an index adds to it.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, InstallProgress};
use crate::analyze::dictionary::{self, InstallOptions};
use crate::analyze::words::UserWord;
use crate::engine::index::words::{Applied, Applying, apply};
use crate::engine::words::{State, listed};
use crate::present::clean::one_line;
use crate::store::version::StoreError;
use crate::store::words::{Adding, WORDS_FILE, WordsFile};

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search dict add 마라샹궈집 갤럭시Z           each is one word from now on, wherever articles hold it
  search dict add '대학생 선교회'              found as 대학생 선교회 and as 대학생선교회
  search dict list
  search dict remove 갤럭시Z
  search dict apply                          after index/words.txt was edited
  search dict install                        the Korean dictionary
  search dict path")]
pub struct Args {
    #[command(subcommand)]
    command: DictCommand,
}

#[derive(Debug, Subcommand)]
enum DictCommand {
    /// Add words of your own, and analyze again the articles that hold them
    #[command(before_help = "\
Examples:
  search dict add 마라샹궈집 갤럭시Z C타입
  search dict add '대학생 선교회' -i news-index    one word, with or without the space
  search dict add 쿠버네티스 --later               write it down; `search dict apply` or `search index` applies it")]
    Add(Change),
    /// Remove words of your own, and analyze again the articles that hold them
    #[command(before_help = "Example:\n  search dict remove 갤럭시Z '대학생 선교회'")]
    Remove(Change),
    /// The words of your own
    #[command(before_help = "Examples:\n  search dict list\n  search dict list --format tsv > words.tsv")]
    List {
        #[command(flatten)]
        index: IndexDir,
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Bring the index in agreement with its file of words
    #[command(before_help = "Example:\n  $EDITOR index/words.txt && search dict apply")]
    Apply {
        #[command(flatten)]
        index: IndexDir,
        #[command(flatten)]
        dict: DictionaryDir,
        /// Say how many articles hold the words that changed, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Fetch and build the Korean dictionary; also runs by itself when it is first needed
    #[command(
        before_help = "Examples:\n  search dict install\n  search dict install --from python_mecab_ko_dic-2.1.1.post2-py3-none-any.whl"
    )]
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
    /// Print the folder of the Korean dictionary that is used
    Path {
        #[command(flatten)]
        dict: DictionaryDir,
    },
}

#[derive(Debug, ClapArgs)]
struct Change {
    /// Words; quote one with spaces
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    /// Change the file only, and leave the index for later
    #[arg(long)]
    later: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// The words, with what is not yet applied
    #[default]
    Text,
    /// Word, state, articles
    Tsv,
    Json,
}

/// Words that are named where they were changed.
const NAMED: usize = 5;
/// So many articles take long enough to say so first.
const MANY: u64 = 5000;

pub fn run(args: Args) -> Result<Outcome> {
    match args.command {
        DictCommand::Install { from, to, force } => {
            let mut progress = InstallProgress::default();
            let path = dictionary::install(&InstallOptions { from, to, force }, &mut |step| progress.show(&step))?;
            println!("{}", path.display());
        }
        DictCommand::Path { dict } => println!("{}", dictionary::locate(dict.dict.as_deref())?.display()),
        DictCommand::Add(change) => return add(&change),
        DictCommand::Remove(change) => return remove(&change),
        DictCommand::List { index, format } => return list(&index, format),
        DictCommand::Apply { index, dict, dry_run } => {
            if !index.dir.join("meta.json").exists() {
                return Err(StoreError::Missing(index.dir).into());
            }
            let file = read(&index)?;
            complain(&file);
            if !bring_in_agreement(&index, &dict, &file, dry_run)? {
                eprintln!("{}: nothing has changed", shown(&file));
            }
        }
    }
    Ok(Outcome::Done)
}

fn read(index: &IndexDir) -> Result<WordsFile> {
    WordsFile::read(&index.dir).with_context(|| index.dir.join(WORDS_FILE).display().to_string())
}

fn shown(file: &WordsFile) -> String {
    one_line(&file.path().display().to_string())
}

fn complain(file: &WordsFile) {
    for complaint in &file.complaints {
        eprintln!("{}: {}", shown(file), one_line(&complaint.to_string()));
    }
}

fn add(change: &Change) -> Result<Outcome> {
    let mut file = read(&change.index)?;
    complain(&file);
    let (mut changed, mut failed) = (Vec::new(), false);
    for typed in &change.words {
        let word = match UserWord::new(typed) {
            Ok(word) => word,
            Err(unfit) => {
                eprintln!("{}: {unfit}", if typed.is_empty() { "''".to_owned() } else { one_line(typed) });
                failed = true;
                continue;
            }
        };
        match file.add(&word) {
            Adding::Known => eprintln!("{word}: is there already"),
            Adding::Added => changed.push(word),
            Adding::Respaced => {
                eprintln!("{word}: was there without the space; now it is found with and without");
                changed.push(word);
            }
        }
    }
    finish(change, &file, &changed, "added", failed)
}

fn remove(change: &Change) -> Result<Outcome> {
    let mut file = read(&change.index)?;
    complain(&file);
    let (mut changed, mut failed) = (Vec::new(), false);
    for typed in &change.words {
        match UserWord::new(typed) {
            Ok(word) if file.remove(&word) => changed.push(word),
            _ => {
                eprintln!("{}: is not among your words; run: search dict list", one_line(typed));
                failed = true;
            }
        }
    }
    finish(change, &file, &changed, "removed", failed)
}

/// Writes the file, and applies it where there is an index.
fn finish(change: &Change, file: &WordsFile, changed: &[UserWord], what: &str, failed: bool) -> Result<Outcome> {
    if !changed.is_empty() {
        file.write().with_context(|| file.path().display().to_string())?;
        let many = if changed.len() == 1 { "word" } else { "words" };
        let more = if changed.len() > NAMED { ", ..." } else { "" };
        // one that was typed without quotes is seen to be two
        let names: Vec<String> = changed.iter().take(NAMED).map(|word| format!("\"{word}\"")).collect();
        eprintln!("{}: {} {many} {what}: {}{more}", shown(file), changed.len(), names.join(", "));
    }
    let dir = one_line(&change.index.dir.display().to_string());
    if !change.index.dir.join("meta.json").exists() {
        if changed.is_empty() {
            return Ok(if failed { Outcome::Failed } else { Outcome::Done });
        }
        eprintln!("{dir}: there is no index yet; the words count when it is made");
    } else if change.later {
        eprintln!("not applied; run: search dict apply -i {dir}");
    } else {
        bring_in_agreement(&change.index, &change.dict, file, false)?;
    }
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

/// Applies the file to the index and says what that did; false where nothing had to be done.
fn bring_in_agreement(index: &IndexDir, dict: &DictionaryDir, file: &WordsFile, dry_run: bool) -> Result<bool> {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let found = |articles: u64| {
        if articles >= MANY && !dry_run {
            eprintln!(
                "{articles} articles hold these words and are analyzed again; killed before it is done, nothing changes"
            );
        }
    };
    let how = Applying { dry_run, derive: true, jobs, memory: 256 << 20, found: &found };
    let done = apply(&index.dir, &dict.analyzer()?, file, &how)?;
    if let Some(done) = &done {
        eprintln!("{}", applied(done, dry_run));
    }
    Ok(done.is_some())
}

/// What applying words did, or would do, in a line.
pub fn applied(applied: &Applied, dry_run: bool) -> String {
    let count = |number: usize, what: &str| {
        let many = if number == 1 { "word" } else { "words" };
        (number > 0).then(|| format!("{number} {many} {what}"))
    };
    let words = [count(applied.added, "new"), count(applied.removed, "gone")].into_iter().flatten();
    let words = words.collect::<Vec<_>>().join(", ");
    let articles = if applied.articles == 1 { "article" } else { "articles" };
    let (number, seconds) = (applied.articles, applied.seconds);
    if dry_run {
        format!("{words}: {number} {articles} would be analyzed again")
    } else {
        format!("{words}: {number} {articles} analyzed again in {seconds:.1} s")
    }
}

fn list(index: &IndexDir, format: ListFormat) -> Result<Outcome> {
    let file = read(index)?;
    complain(&file);
    let words = listed(&index.dir, &file)?;
    let made = index.dir.join("meta.json").exists();
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        ListFormat::Json => {
            serde_json::to_writer(&mut out, &words)?;
            writeln!(out)?;
        }
        ListFormat::Tsv => {
            for word in &words {
                let articles = word.articles.map_or(String::new(), |articles| articles.to_string());
                writeln!(out, "{}\t{}\t{articles}", word.word, word.state)?;
            }
        }
        ListFormat::Text => {
            for word in &words {
                match (word.state, word.articles) {
                    (State::Applied, Some(1)) => writeln!(out, "{}  1 article", word.word)?,
                    (State::Applied, Some(articles)) => writeln!(out, "{}  {articles} articles", word.word)?,
                    _ if !made => writeln!(out, "{}", word.word)?,
                    (state, _) => writeln!(out, "{}  {state}; run: search dict apply", word.word)?,
                }
            }
        }
    }
    out.flush()?;
    if words.is_empty() && format == ListFormat::Text {
        eprintln!("{}: no words; add some with: search dict add WORD...", shown(&file));
    }
    Ok(if words.is_empty() { Outcome::Nothing } else { Outcome::Done })
}
