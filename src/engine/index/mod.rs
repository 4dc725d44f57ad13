//! The index flow: what is on the disk and what the index holds are brought together, in one commit.
//!
//! One thread lists and opens files ([`feed`]); `jobs` threads extract, analyze and pack ([`line`]); what they make
//! is entered in the order of the files, whichever thread was faster ([`ledger`]). So of two articles with one id always
//! the same one stays, and the result does not depend on the number of threads.

mod feed;
mod learning;
mod ledger;
mod line;
mod summary;
pub mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::analyze::Analyzer;
use crate::analyze::words::Words;
use crate::files::write_at_once;
use crate::glossary::derive::{collect, pairs, rows};
use crate::glossary::layout::Row;
use crate::glossary::skeletons;
use crate::glossary::table::Table;
use crate::glossary::{Glossary, align, file_of};
use crate::ingest::manifest::{Manifest, READER_VERSION};
use crate::ingest::{Limits, Notice};
use crate::query::joint;
use crate::store::joint::Lists;
use crate::store::reader::Reader;
use crate::store::schema::schema;
use crate::store::sections::{DERIVED, JOINT, Kind, SOUNDS, SUGGESTIONS};
use crate::store::version::StoreError;
use crate::store::wire::WireGroups;
use crate::store::words::WordsFile;
use crate::store::writer::{MANIFEST_PREFIX, WIRE_PREFIX, Writer};
use crate::suggest;
use ledger::{Closed, Ledger};
pub use summary::{ArticleCounts, Summary};

/// What to read, and into which index.
#[derive(Debug, Clone)]
pub struct IndexRequest {
    pub dir: PathBuf,
    pub roots: Vec<PathBuf>,
    /// JSON lines on standard input are read as well.
    pub stdin: bool,
    pub rebuild: bool,
    /// Say what would be done, and do none of it.
    pub dry_run: bool,
    /// Mine no pairs: articles that are read now say nothing to the glossary until the index is made again.
    pub no_glossary: bool,
    /// Look for no near copies: each article that is read now has a wire group of its own.
    pub no_groups: bool,
    /// Threads that extract and analyze, at least 1.
    pub jobs: usize,
    /// For articles under way and postings before they are written, in bytes.
    pub memory: usize,
    pub limits: Limits,
}

/// Why an index could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}: no such file or folder; nothing was changed")]
    NoRoot(String),
    #[error("stopped while the index was made again; the old one is as it was")]
    RebuildStopped,
    #[error("{path}")]
    Io { path: String, source: std::io::Error },
    #[error("{0}: the manifest of the index cannot be read ({1}); run the same command with --rebuild")]
    Manifest(String, std::io::Error),
}

/// How far a run is; read by whoever shows it, on another thread.
#[derive(Debug, Default)]
pub struct Progress {
    pub files: AtomicU64,
    /// Bytes that were read, unpacked.
    pub bytes: AtomicU64,
    /// Bytes on the disk of the files that are done, read or found unchanged.
    pub done: AtomicU64,
    /// Bytes of the file that is being read; an estimate where it is packed.
    pub current: AtomicU64,
    pub articles: AtomicU64,
    pub skipped: AtomicU64,
    /// Set from outside to end the run early: what was read is committed, the rest is left for the next run.
    pub stop: Arc<AtomicBool>,
    /// All is read; the index is being written.
    pub writing: AtomicBool,
}

impl Progress {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Brings the index up to date. Notices are handed to `notice` in the order of the files.
pub fn index(
    request: &IndexRequest,
    analyzer: &Analyzer,
    progress: &Progress,
    notice: &(dyn Fn(&Notice) + Sync),
) -> Result<Summary, IndexError> {
    let started = Instant::now();
    if let Some(root) = request.roots.iter().find(|root| std::fs::symlink_metadata(root).is_err()) {
        return Err(IndexError::NoRoot(root.display().to_string()));
    }
    let request = &IndexRequest { roots: apart(&request.roots), ..request.clone() };
    let file = WordsFile::read(&request.dir).map_err(|error| words::unreadable(&request.dir, error))?;
    for complaint in &file.complaints {
        let path = file.path().display().to_string();
        notice(&Notice { path, reason: complaint.to_string() });
    }
    // words that were added or removed first, in a commit of their own: then all articles agree again
    let applied = if request.rebuild || !request.dir.join("meta.json").exists() {
        None
    } else {
        let IndexRequest { dry_run, jobs, memory, .. } = *request;
        let how = words::Applying { dry_run, derive: false, jobs, memory, found: &|_| {} };
        words::apply(&request.dir, analyzer, &file, &how)?
    };
    let analyzer = &analyzer.with_words(Words::new(file.words()));
    // a dry run opens nothing for writing: it leaves the disk as it is
    let writer = if request.dry_run { None } else { Some(Writer::open(&request.dir, analyzer, request.rebuild)?) };
    let before = match &writer {
        Some(writer) => writer.manifest(),
        None => manifest_of(&request.dir, analyzer)?,
    };
    let known = match before.as_ref().filter(|_| !request.rebuild) {
        Some(path) => Manifest::read(path).map_err(|error| IndexError::Manifest(path.display().to_string(), error))?,
        None => Manifest::default(),
    };
    let dictionary = writer.as_ref().map_or(Ok(None), Writer::dictionary)?;
    let ledger = Ledger::new(request, &known, writer.as_ref(), progress, notice);
    let made = line::run(analyzer, schema().1, request, progress, known, dictionary, ledger)?;
    let line::Made { ledger, rest, runs, learnt } = made;
    let Closed { manifest, mut summary, wire, segment, removed } = ledger.close(rest)?;
    summary.stopped = progress.stopped();
    summary.total_articles = manifest.files.values().map(|file| file.articles.len() as u64).sum();
    match writer {
        None => {}
        Some(writer) if summary.stopped && writer.replaces_an_index() => {
            writer.discard()?;
            return Err(IndexError::RebuildStopped);
        }
        Some(mut writer) if summary.changed => {
            if let Some(dictionary) = learnt {
                writer.learnt(&dictionary)?;
            }
            progress.writing.store(true, Ordering::Relaxed);
            writer.change(segment, runs, removed, request.jobs)?;
            let mut deriving = Deriving::after(before.as_deref().and_then(name_of), request, analyzer);
            deriving.manifest = commit(writer, &request.dir, manifest, wire)?;
            deriving.run()?;
        }
        Some(writer) => {
            writer.discard()?;
            let whole = |name: &str| {
                DERIVED.iter().all(|kind| kind.is_whole(&request.dir, &kind.file_of(name)).unwrap_or(false))
            };
            if let Some(name) = before.as_deref().and_then(name_of)
                && ((!request.no_glossary && Table::open(&request.dir, &file_of(name)).is_err()) || !whole(name))
            {
                Deriving::after(Some(name), request, analyzer).run()?;
            }
        }
    }
    summary.bytes_read = progress.bytes.load(Ordering::Relaxed);
    summary.seconds = started.elapsed().as_secs_f64();
    summary.changed |= applied.is_some();
    summary.words = applied;
    Ok(summary)
}

/// The manifest of the index in `dir`, if there is one that this analyzer made.
fn manifest_of(dir: &Path, analyzer: &Analyzer) -> Result<Option<PathBuf>, StoreError> {
    match Reader::open(dir, analyzer) {
        Ok((reader, _)) => Ok(reader.stamp.manifest.map(|name| dir.join(name))),
        Err(StoreError::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The roots that lie under no other: a file is read once, whichever of them leads to it.
fn apart(roots: &[PathBuf]) -> Vec<PathBuf> {
    let absolute: Vec<PathBuf> =
        roots.iter().map(|root| std::path::absolute(root).unwrap_or_else(|_| root.clone())).collect();
    let covered = |at: usize| {
        let others = absolute.iter().enumerate().filter(|(other, _)| *other != at);
        others.into_iter().any(|(other, path)| absolute[at].starts_with(path) && (absolute[at] != *path || other < at))
    };
    roots.iter().enumerate().filter(|(at, _)| !covered(*at)).map(|(_, root)| root.clone()).collect()
}

/// Writes what belongs to the commit, then the commit, which names it: a kill in between leaves the last commit whole. Gives the
/// name of its manifest.
fn commit(writer: Writer, dir: &Path, mut manifest: Manifest, wire: Option<WireGroups>) -> Result<String, IndexError> {
    debug_assert_eq!(manifest.reader, READER_VERSION);
    let failed = |path: &Path, source| IndexError::Io { path: path.display().to_string(), source };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |at| at.as_nanos());
    if let Some(wire) = wire {
        let path = dir.join(format!("{WIRE_PREFIX}{now:x}"));
        wire.write(&path).map_err(|error| failed(&path, error))?;
        manifest.wire = Some(format!("{WIRE_PREFIX}{now:x}"));
    }
    let name = format!("{MANIFEST_PREFIX}{now:x}");
    let path = dir.join(&name);
    manifest.write(&path).map_err(|error| failed(&path, error))?;
    writer.commit(&name, manifest.wire.as_deref())?;
    Ok(name)
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// What is derived from the terms of a commit, and written beside it.
struct Deriving<'a> {
    dir: &'a Path,
    /// That of the commit.
    manifest: String,
    analyzer: &'a Analyzer,
    /// Of the commit before, to be taken over.
    joint: Option<Lists>,
    no_glossary: bool,
    memory: usize,
    jobs: usize,
}

impl<'a> Deriving<'a> {
    /// After the commit that wrote `manifest`; asked for before the next one removes what belongs to it.
    fn after(manifest: Option<&str>, request: &'a IndexRequest, analyzer: &'a Analyzer) -> Deriving<'a> {
        let IndexRequest { no_glossary, memory, jobs, .. } = *request;
        let joint = earlier_lists(&request.dir, manifest);
        Deriving {
            dir: &request.dir,
            manifest: manifest.unwrap_or_default().to_owned(),
            analyzer,
            joint,
            no_glossary,
            memory,
            jobs,
        }
    }

    /// The tables that every commit has, and the pairs that its articles gloss; these at the same time where there are `jobs`
    /// for it. What is missing because of a kill in between is made by the next run.
    fn run(&self) -> Result<(), IndexError> {
        let reader = &Reader::open_to_go_through(self.dir)?;
        if self.no_glossary {
            return self.tables(reader);
        }
        let pairs = || mine_from(reader, &self.dir.join(file_of(&self.manifest)), self.memory);
        if self.jobs < 2 {
            self.tables(reader)?;
            return pairs();
        }
        std::thread::scope(|scope| {
            let beside = scope.spawn(|| self.tables(reader));
            let mined = pairs();
            beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).and(mined)
        })
    }

    fn tables(&self, reader: &Reader) -> Result<(), IndexError> {
        let write = |kind: &Kind, table: &[u8]| {
            let path = self.dir.join(kind.file_of(&self.manifest));
            write_at_once(&path, table).map_err(|source| IndexError::Io { path: path.display().to_string(), source })
        };
        let broken = |error| StoreError::broken(self.dir, error);
        // one after the other: each is as large as what it is made of
        write(&SUGGESTIONS, &suggest::build::build(reader).map_err(|error| StoreError::broken(self.dir, error))?)?;
        write(&SOUNDS, &skeletons::build(reader).map_err(broken)?)?;
        write(&JOINT, &joint::build(reader, self.joint.as_ref(), &mut self.analyzer.worker()).map_err(broken)?)
    }
}

/// The joint lists of the commit that wrote `manifest`.
fn earlier_lists(dir: &Path, manifest: Option<&str>) -> Option<Lists> {
    Lists::open_whole(dir, &JOINT.file_of(manifest?))
}

fn mine_from(reader: &Reader, path: &Path, memory: usize) -> Result<(), IndexError> {
    let broken = |error| StoreError::broken(reader.dir(), error);
    let groups = collect(reader).map_err(broken)?;
    let core = Glossary::core();
    let mut glossed = rows(&pairs(&groups, &core));
    let known = core.with_mined(Table::made(parsed(&glossed)));
    let found = align::mine(reader, &known, memory).map_err(broken)?;
    glossed.push_str(&align::rows(&found));
    let failed = |source| IndexError::Io { path: path.display().to_string(), source };
    Table::made(parsed(&glossed)).write(path).map_err(failed)
}

fn parsed(rows: &str) -> impl Iterator<Item = Row<'_>> {
    rows.lines().filter_map(Row::parse).flatten()
}
