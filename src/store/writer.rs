//! Writing an index: opened or made, filled by many threads, committed once.
//!
//! Nothing is visible before the commit; killed at any moment, the folder holds the last commit and is free to be written
//! again. Articles are keyed by their id: adding one again replaces it.

use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenDirectoryError;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError};

use super::dictionary::{DICTIONARY_PREFIX, Dictionary};
use super::invert::run::Run;
use super::rebuild::Rebuilt;
use super::removal::Removal;
use super::schema::{Fields, schema};
use super::sections::DERIVED;
use super::segment::{Entry, RunId, SegmentBuilder};
use super::version::{Stamp, StoreError};
use super::words::WORDS_FILE;
use crate::analyze::Analyzer;
use crate::files::write_synced;
use crate::glossary::{self, MINED_PREFIX, USER_FILE};

/// An index open for writing.
pub struct Writer {
    inner: IndexWriter<TantivyDocument>,
    index: Index,
    dir: PathBuf,
    pub fields: Fields,
    stamp: Stamp,
    /// False before the first commit: there is nothing to remove.
    has_articles: bool,
    /// Where an index is made that takes the place of the one in `dir`, and the lock on that.
    rebuilt: Option<Rebuilt>,
}

impl Writer {
    /// Opens the index in `dir`, or makes one where there is none. With `rebuild` it is made again from nothing; the old one
    /// stays until the new one is committed.
    pub fn open(dir: &Path, analyzer: &Analyzer, rebuild: bool) -> Result<Writer, StoreError> {
        Writer::opened(dir, analyzer, rebuild, |found| found.check(analyzer.fingerprint(), dir))
    }

    /// Opens an index that was made with other words of the user's: whoever does must write every article again that holds
    /// one of those that make the difference.
    pub fn open_for_words(dir: &Path, analyzer: &Analyzer) -> Result<Writer, StoreError> {
        Writer::opened(dir, analyzer, false, |found| found.analyzer(analyzer, dir).map(drop))
    }

    fn opened(
        dir: &Path,
        analyzer: &Analyzer,
        rebuild: bool,
        check: impl Fn(&Stamp) -> Result<(), StoreError>,
    ) -> Result<Writer, StoreError> {
        std::fs::create_dir_all(dir).map_err(|error| StoreError::io(dir, error))?;
        let exists = dir.join("meta.json").exists();
        if !exists {
            refuse_foreign_folder(dir)?;
        }
        let broken = |error: TantivyError| StoreError::of(dir, error);
        let rebuilt = if exists && rebuild { Some(Rebuilt::begin(dir)?) } else { None };
        let (wanted, fields) = schema();
        let directory = open_directory(rebuilt.as_ref().map_or(dir, |rebuilt| &rebuilt.fresh))?;
        let mut stamp = Stamp::current(analyzer);
        let index = if exists && rebuilt.is_none() {
            let index = Index::open(directory).map_err(broken)?;
            match Stamp::read(&index, dir)? {
                Some(found) => {
                    check(&found)?;
                    stamp.manifest = found.manifest;
                    stamp.dictionary = found.dictionary;
                }
                None if index.schema() == wanted => {}
                None => return Err(StoreError::Foreign(dir.to_owned())),
            }
            index
        } else {
            let settings = IndexSettings {
                docstore_compression: tantivy::store::Compressor::None,
                docstore_blocksize: 4096,
                ..IndexSettings::default()
            };
            Index::create(directory, wanted, settings).map_err(broken)?
        };
        // it is given whole segments: its own threads have nothing to do
        let writer = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).build();
        let inner: IndexWriter = index.writer_with_options(writer).map_err(|error| StoreError::of(dir, error))?;
        let mut policy = LogMergePolicy::default();
        policy.set_max_docs_before_merge(2_000_000);
        inner.set_merge_policy(Box::new(policy));
        let has_articles =
            index.searchable_segments().map_err(broken)?.iter().any(|segment| segment.meta().num_docs() > 0);
        Ok(Writer { inner, index, dir: dir.to_owned(), fields, stamp, has_articles, rebuilt })
    }

    /// True where the commit takes the place of a whole index.
    pub fn replaces_an_index(&self) -> bool {
        self.rebuilt.is_some()
    }

    /// The manifest of the last commit, beside the index.
    pub fn manifest(&self) -> Option<PathBuf> {
        self.stamp.manifest.as_ref().map(|name| self.dir.join(name))
    }

    /// The dictionary that the index's articles are packed with, if it has one.
    pub fn dictionary(&self) -> Result<Option<Dictionary>, StoreError> {
        let read = |name: &String| {
            Dictionary::read(&self.dir, name).map_err(|error| StoreError::broken(&self.dir, format!("{name}: {error}")))
        };
        self.stamp.dictionary.as_ref().map(read).transpose()
    }

    /// Lets the next commit name `dictionary`, which is written here: articles of that commit are packed with it.
    pub fn learnt(&mut self, dictionary: &Dictionary) -> Result<(), StoreError> {
        let path = self.dir.join(&dictionary.name);
        write_synced(&path, &dictionary.bytes).map_err(|error| StoreError::io(&path, error))?;
        self.stamp.dictionary = Some(dictionary.name.clone());
        Ok(())
    }

    /// A new segment, for the articles of this commit.
    pub fn segment(&self) -> Result<SegmentBuilder, StoreError> {
        SegmentBuilder::new(self.index.new_segment()).map_err(|error| self.failed(error))
    }

    /// Adds an article to `segment`.
    pub fn put(&self, entry: &Entry, segment: &mut SegmentBuilder) -> Result<(), StoreError> {
        segment.add(entry).map_err(|error| self.failed(error))
    }

    /// Brings a segment into the index, on up to `threads` threads, and takes the articles with the ids in `removed` out of all
    /// others.
    pub fn change(
        &self,
        segment: Option<SegmentBuilder>,
        runs: Vec<(RunId, Run)>,
        removed: Vec<String>,
        threads: usize,
    ) -> Result<(), StoreError> {
        if self.has_articles && !removed.is_empty() {
            let spared = segment.as_ref().map(SegmentBuilder::id);
            let removal = Removal { field: self.fields.id, ids: removed.into(), spared };
            self.inner.delete_query(Box::new(removal)).map_err(|error| self.failed(error))?;
        }
        let Some(segment) = segment else { return Ok(()) };
        let meta = segment.finish(runs, threads).map_err(|error| self.failed(error))?;
        self.inner.add_segment(meta).map_err(|error| self.failed(error))
    }

    /// Makes everything since the last commit visible, at once, then lets merges finish. `manifest` and
    /// `wire` name the files in the index's folder that belong to this commit; those of earlier commits are removed.
    pub fn commit(mut self, manifest: &str, wire: Option<&str>) -> Result<(), StoreError> {
        let dir = self.dir.clone();
        let broken = |error: TantivyError| StoreError::of(&dir, error);
        self.stamp.manifest = Some(manifest.to_owned());
        let payload = serde_json::to_string(&self.stamp).map_err(|error| StoreError::broken(&self.dir, error))?;
        let mut commit = self.inner.prepare_commit().map_err(broken)?;
        commit.set_payload(&payload);
        commit.commit().map_err(broken)?;
        self.inner.wait_merging_threads().map_err(broken)?;
        if let Some(rebuilt) = self.rebuilt {
            rebuilt.publish(&dir)?;
        }
        share(&dir, manifest);
        let dictionary = self.stamp.dictionary.as_deref();
        // where the manifest is that of the commit before, so is what was derived
        let mut derived = vec![glossary::file_of(manifest)];
        derived.extend(DERIVED.map(|kind| kind.file_of(manifest)));
        remove_earlier(&dir, |name| {
            name == manifest
                || [wire, dictionary].contains(&Some(name))
                || derived.iter().any(|derived| derived == name)
        });
        Ok(())
    }

    /// Forgets everything since the last commit.
    pub fn discard(mut self) -> Result<(), StoreError> {
        self.inner.rollback().map(drop).map_err(|error| self.failed(error))?;
        match self.rebuilt {
            Some(rebuilt) => rebuilt.discard(),
            None => Ok(()),
        }
    }

    fn failed(&self, error: TantivyError) -> StoreError {
        StoreError::of(&self.dir, error)
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

/// True for the names of what belongs to one commit.
fn stands_beside(name: &str) -> bool {
    let derived = DERIVED.map(|kind| kind.prefix);
    [MANIFEST_PREFIX, WIRE_PREFIX, MINED_PREFIX, DICTIONARY_PREFIX]
        .iter()
        .chain(&derived)
        .any(|prefix| name.starts_with(prefix))
}

/// True for the names that an index has: of a segment's files, and of what stands beside them.
fn is_ours(name: &str) -> bool {
    let segment =
        name.split('.').next().is_some_and(|id| id.len() == 32 && id.bytes().all(|it| it.is_ascii_hexdigit()));
    stands_beside(name) || segment || name.starts_with('.') || name == USER_FILE || name == WORDS_FILE
}

/// A folder with other people's files and no index is not ours to write into.
fn refuse_foreign_folder(dir: &Path) -> Result<(), StoreError> {
    let mut entries = std::fs::read_dir(dir).map_err(|error| StoreError::io(dir, error))?;
    let foreign = entries.any(|entry| entry.is_ok_and(|entry| !is_ours(&entry.file_name().to_string_lossy())));
    if foreign { Err(StoreError::NotEmpty(dir.to_owned())) } else { Ok(()) }
}

/// What the names of manifests begin with.
pub const MANIFEST_PREFIX: &str = "manifest-";

/// What the names of files with wire groups begin with.
pub const WIRE_PREFIX: &str = "wire-";

/// Lets whoever may read the manifest read the lists of segments: tantivy writes these for their owner alone. Where that
/// cannot be changed, others are told that they may not read them.
fn share(dir: &Path, manifest: &str) {
    let Ok(like) = std::fs::metadata(dir.join(manifest)).map(|meta| meta.permissions()) else { return };
    for name in ["meta.json", ".managed.json"] {
        let _ = std::fs::set_permissions(dir.join(name), like.clone());
    }
}

/// Removes the files of earlier commits; one that cannot be removed is in nobody's way.
fn remove_earlier(dir: &Path, current: impl Fn(&str) -> bool) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if stands_beside(&name) && !current(&name) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
