//! Writing an index: opened or made, filled by many threads, committed once.
//!
//! Nothing is visible before the commit; killed at any moment, the folder holds the last commit and is free to be written
//! again. Articles are keyed by their id: adding one again replaces it.

use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenDirectoryError;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError, Term};

use super::schema::{Fields, schema};
use super::version::{Stamp, StoreError};
use crate::analyze::adapter::{PACKED, PackedTokenizer};

/// What one indexing thread of tantivy needs at the least, in bytes.
const MIN_THREAD_MEMORY: usize = 20 << 20;

/// An index open for writing.
pub struct Writer {
    inner: IndexWriter<TantivyDocument>,
    index: Index,
    dir: PathBuf,
    pub fields: Fields,
    stamp: Stamp,
    /// False while nothing in the index can have an id that is added: a first run deletes nothing.
    replaces: bool,
}

impl Writer {
    /// Opens the index in `dir`, or makes one where there is none. `memory` is shared by the threads, in bytes.
    pub fn open(
        dir: &Path,
        analyzer: &str,
        threads: usize,
        memory: usize,
        rebuild: bool,
    ) -> Result<Writer, StoreError> {
        std::fs::create_dir_all(dir).map_err(|error| StoreError::io(dir, error))?;
        let stamp = Stamp::current(analyzer);
        let exists = dir.join("meta.json").exists();
        if !exists {
            refuse_foreign_folder(dir)?;
        }
        let (wanted, fields) = schema();
        let directory = open_directory(dir)?;
        let index = if exists && !rebuild {
            let index = Index::open(directory).map_err(|error| StoreError::broken(dir, error))?;
            match Stamp::read(&index, dir)? {
                Some(found) => found.check(analyzer, dir)?,
                None if index.schema() == wanted => {}
                None => return Err(StoreError::Foreign(dir.to_owned())),
            }
            index
        } else {
            // a rebuild starts from an empty schema and keeps the old commit until its own
            let settings = IndexSettings {
                docstore_compression: tantivy::store::Compressor::None,
                docstore_blocksize: 4096,
                ..IndexSettings::default()
            };
            if exists {
                wipe(dir)?;
            }
            Index::create(directory, wanted, settings).map_err(|error| StoreError::broken(dir, error))?
        };
        index.tokenizers().register(PACKED, PackedTokenizer::default());
        let threads = threads.clamp(1, (memory / MIN_THREAD_MEMORY).max(1));
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread((memory / threads).max(MIN_THREAD_MEMORY))
            .num_merge_threads(1)
            .build();
        let inner: IndexWriter = index.writer_with_options(options).map_err(|error| match error {
            TantivyError::LockFailure(..) => StoreError::Locked(dir.to_owned()),
            error => StoreError::broken(dir, error),
        })?;
        let mut policy = LogMergePolicy::default();
        policy.set_max_docs_before_merge(2_000_000);
        inner.set_merge_policy(Box::new(policy));
        let replaces = index
            .searchable_segments()
            .map_err(|error| StoreError::broken(dir, error))?
            .iter()
            .any(|segment| segment.meta().num_docs() > 0);
        Ok(Writer { inner, index, dir: dir.to_owned(), fields, stamp, replaces })
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Adds an article's document, in place of one with the same id.
    pub fn put(&self, id: &str, document: TantivyDocument) -> Result<(), StoreError> {
        if self.replaces {
            self.remove(id);
        }
        self.inner.add_document(document).map(drop).map_err(|error| self.failed(error))
    }

    pub fn remove(&self, id: &str) {
        self.inner.delete_term(Term::from_field_text(self.fields.id, id));
    }

    /// Makes everything since the last commit visible, at once, then lets merges finish.
    pub fn commit(mut self) -> Result<(), StoreError> {
        let dir = self.dir.clone();
        let broken = move |error: TantivyError| write_failure(&dir, error);
        let payload = serde_json::to_string(&self.stamp).map_err(|error| StoreError::broken(&self.dir, error))?;
        let mut commit = self.inner.prepare_commit().map_err(&broken)?;
        commit.set_payload(&payload);
        commit.commit().map_err(&broken)?;
        self.inner.wait_merging_threads().map_err(&broken)
    }

    /// Forgets everything since the last commit.
    pub fn discard(mut self) -> Result<(), StoreError> {
        self.inner.rollback().map(drop).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: TantivyError) -> StoreError {
        write_failure(&self.dir, error)
    }
}

fn write_failure(dir: &Path, error: TantivyError) -> StoreError {
    match error {
        TantivyError::IoError(source) => StoreError::io(dir, std::io::Error::new(source.kind(), source.to_string())),
        error => StoreError::broken(dir, error),
    }
}

fn open_directory(dir: &Path) -> Result<MmapDirectory, StoreError> {
    MmapDirectory::open(dir).map_err(|error| match error {
        OpenDirectoryError::IoError { io_error, .. } => {
            StoreError::io(dir, std::io::Error::new(io_error.kind(), io_error.to_string()))
        }
        error => StoreError::broken(dir, error),
    })
}

/// A folder with other people's files and no index is not ours to write into.
fn refuse_foreign_folder(dir: &Path) -> Result<(), StoreError> {
    let mut entries = std::fs::read_dir(dir).map_err(|error| StoreError::io(dir, error))?;
    let foreign = entries.any(|entry| entry.is_ok_and(|entry| !entry.file_name().to_string_lossy().starts_with('.')));
    if foreign { Err(StoreError::NotEmpty(dir.to_owned())) } else { Ok(()) }
}

/// Removes the files of an index, and nothing else.
fn wipe(dir: &Path) -> Result<(), StoreError> {
    for entry in std::fs::read_dir(dir).map_err(|error| StoreError::io(dir, error))?.flatten() {
        let path = entry.path();
        if path.is_file() && entry.file_name() != ".tantivy-writer.lock" {
            std::fs::remove_file(&path).map_err(|error| StoreError::io(&path, error))?;
        }
    }
    Ok(())
}
