//! What most commands need first: the dictionary, then the index.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::analyze::Analyzer;
use crate::analyze::dictionary::{self, KoreanDictionary, Step};
use crate::analyze::words::Words;
use crate::engine::Engine;
use crate::present::clean::one_line;
use crate::store::reader::Reader;
use crate::store::version::StoreError;
use crate::store::words::{WORDS_FILE, WordsFile};

/// How one answer is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// For a person: wrapped to the terminal, marks in colour
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// Where the index is.
#[derive(Debug, Clone, Args)]
pub struct IndexDir {
    /// Folder of the index
    #[arg(short = 'i', long = "index", env = "SEARCH_INDEX", default_value = "index", value_name = "DIR")]
    pub dir: PathBuf,
}

/// Where the Korean dictionary is.
#[derive(Debug, Clone, Args)]
pub struct DictionaryDir {
    /// Folder of the Korean dictionary [default: installed for this user]
    #[arg(long = "dict", env = "SEARCH_KO_DICT", value_name = "DIR")]
    pub dict: Option<PathBuf>,
}

impl DictionaryDir {
    /// Opens the dictionary, and installs it first where there is none.
    pub fn open(&self) -> Result<KoreanDictionary> {
        let mut progress = InstallProgress::default();
        Ok(dictionary::find_or_install(self.dict.as_deref(), &mut |step| progress.show(&step))?)
    }

    pub fn analyzer(&self) -> Result<Analyzer> {
        Ok(Analyzer::new(self.open()?))
    }
}

/// Opens the index with the analyzer that made it.
pub fn engine(index: &IndexDir, dict: &DictionaryDir) -> Result<Engine> {
    Ok(Engine::open(&index.dir, dict.analyzer()?)?)
}

/// The analyzer of the index, with the user's words it was made with; where there is no index, with those that one would be
/// made with.
pub fn with_words_of(index: &IndexDir, analyzer: Analyzer) -> Result<Analyzer> {
    match Reader::open(&index.dir, &analyzer) {
        Ok((_, analyzer)) => Ok(analyzer),
        Err(StoreError::Missing(_)) => {
            let file = WordsFile::read(&index.dir).with_context(|| index.dir.join(WORDS_FILE).display().to_string())?;
            Ok(analyzer.with_words(Words::new(file.words())))
        }
        Err(error) => Err(error.into()),
    }
}

/// One line that explains the wait, then a bar for the steps of the installation; nothing where nothing is installed.
#[derive(Default)]
pub struct InstallProgress {
    bar: Option<ProgressBar>,
}

impl InstallProgress {
    pub fn show(&mut self, step: &Step) {
        if let (Step::Installed { .. }, None) = (step, &self.bar) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            eprintln!("the Korean dictionary is not installed yet: it is fetched and built once, in about 15 seconds");
            let style =
                ProgressStyle::with_template("  {bar:30} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(1000).with_style(style)
        });
        match step {
            Step::AttemptFailed(attempt) => bar.suspend(|| eprintln!("  {}", one_line(&attempt.to_string()))),
            Step::Installed { .. } => {
                bar.finish_and_clear();
                eprintln!("{}", one_line(&step.to_string()));
            }
            _ => {
                bar.set_position((step.progress() * 1000.0) as u64);
                bar.set_message(one_line(&step.to_string()));
            }
        }
    }
}
