//! What an index must agree with before it is read or written: its format, and the analyzer that made its terms.
//!
//! Both stand in the payload of every commit, so they change together with what they describe.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::error::{LockError, OpenReadError};
use tantivy::{Index, TantivyError};

use crate::analyze::Analyzer;
use crate::analyze::words::{UserWord, Words};

/// Raised whenever the schema, the record or the meaning of a field changes.
pub const FORMAT: u32 = 11;

/// The payload of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub format: u32,
    /// [`crate::analyze::Analyzer::fingerprint`].
    pub analyzer: String,
    /// The version of the program that wrote it.
    pub program: String,
    /// The file beside the index that says which files it was made from.
    #[serde(default)]
    pub manifest: Option<String>,
    /// The file beside the index without which its articles cannot be read; see [`super::dictionary`].
    #[serde(default)]
    pub dictionary: Option<String>,
    /// The user's words it was made with, in the order of their terms; part of the analyzer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<UserWord>,
}

impl Stamp {
    pub fn current(analyzer: &Analyzer) -> Stamp {
        Stamp {
            format: FORMAT,
            analyzer: analyzer.fingerprint().to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            manifest: None,
            dictionary: None,
            words: analyzer.words(),
        }
    }

    /// `analyzer` with the words that the index was made with; an error where they are not of one version and dictionary.
    pub fn analyzer(&self, analyzer: &Analyzer, dir: &Path) -> Result<Analyzer, StoreError> {
        let same = analyzer.with_words(Words::new(self.words.iter().cloned()));
        self.check(same.fingerprint(), dir)?;
        Ok(same)
    }

    /// The stamp of the last commit; `None` before the first.
    pub fn read(index: &Index, dir: &Path) -> Result<Option<Stamp>, StoreError> {
        let meta = index.load_metas().map_err(|error| StoreError::broken(dir, error))?;
        let Some(payload) = meta.payload else { return Ok(None) };
        serde_json::from_str(&payload).map(Some).map_err(|_| StoreError::Foreign(dir.to_owned()))
    }

    /// Refuses an index that this program and this dictionary cannot read rightly.
    pub fn check(&self, analyzer: &str, dir: &Path) -> Result<(), StoreError> {
        if self.format != FORMAT {
            return Err(StoreError::Format { dir: dir.to_owned(), found: self.format, wanted: FORMAT });
        }
        if self.analyzer != analyzer {
            let (found, wanted) = (self.analyzer.clone(), analyzer.to_owned());
            return Err(StoreError::Analyzer { dir: dir.to_owned(), found, wanted });
        }
        Ok(())
    }
}

/// Why an index cannot be used; each message names the command that mends it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{}: there is no index here; run: search index PATH... -i {}", .0.display(), .0.display())]
    Missing(PathBuf),
    #[error("{}: this is an index of another program; name another folder with -i", .0.display())]
    Foreign(PathBuf),
    #[error("{}: this folder holds other files and no index; name an empty or new folder with -i", .0.display())]
    NotEmpty(PathBuf),
    #[error("{}: written in format {found}, this program reads {wanted}; run: search index PATH... -i {} --rebuild", .dir.display(), .dir.display())]
    Format { dir: PathBuf, found: u32, wanted: u32 },
    #[error("{}: made with analyzer {found}, this is {wanted}; run: search index PATH... -i {} --rebuild", .dir.display(), .dir.display())]
    Analyzer { dir: PathBuf, found: String, wanted: String },
    #[error("{}: another `search index` is writing here; wait for it, or name another folder with -i", .0.display())]
    Locked(PathBuf),
    #[error("{}: the index is broken ({reason}); run: search index PATH... -i {} --rebuild", .dir.display(), .dir.display())]
    Broken { dir: PathBuf, reason: String },
    #[error("{}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

impl StoreError {
    pub fn broken(dir: &Path, reason: impl std::fmt::Display) -> StoreError {
        // what libraries say of broken bytes may have several lines
        let reason = reason.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        StoreError::Broken { dir: dir.to_owned(), reason }
    }

    /// What tantivy could not do with the index in `dir`: a file that may not be read is no broken index.
    pub fn of(dir: &Path, error: TantivyError) -> StoreError {
        let io = |source: &std::io::Error| match source.kind() {
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => StoreError::broken(dir, source),
            kind => StoreError::io(dir, std::io::Error::new(kind, source.to_string())),
        };
        match error {
            TantivyError::IoError(source) | TantivyError::LockFailure(LockError::IoError(source), _) => io(&source),
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => io(&io_error),
            TantivyError::LockFailure(LockError::LockBusy, _) => StoreError::Locked(dir.to_owned()),
            error => StoreError::broken(dir, error),
        }
    }

    pub fn io(path: &Path, source: std::io::Error) -> StoreError {
        StoreError::Io { path: path.to_owned(), source }
    }
}
