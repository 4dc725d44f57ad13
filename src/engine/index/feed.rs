//! The first step: list the files, compare them with what is known, open those that changed.
//!
//! It runs on one thread and gives every other step its order.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{IndexRequest, Progress};
use crate::ingest::decode::clean;
use crate::ingest::manifest::{FileState, Manifest, READER_VERSION};
use crate::ingest::{Entry, Found, Notice, Piece, open, open_lines, walk};

/// The articles a file had when it was last read: the hash of the content and the wire group of each id.
pub type Before = FxHashMap<Box<str>, (u64, u32)>;

/// What travels along the line, in the order of the files.
pub enum Item {
    /// The pieces that follow are of this file; `old` is how it was before.
    Begin {
        key: String,
        state: FileState,
        old: FileState,
    },
    Piece(Found<Piece>, Arc<Before>),
    /// The last piece of the file has come; `read` is false where the file could not be opened.
    End {
        read: bool,
    },
    /// A file that need not be read.
    Unchanged {
        key: String,
        state: FileState,
    },
    Notice(Notice),
}

/// The known files that were not met, told apart.
pub struct Rest {
    /// Under the folders that were read: their articles go.
    pub gone: BTreeMap<String, FileState>,
    /// Elsewhere, or where a folder could not be read: they stay.
    pub kept: BTreeMap<String, FileState>,
}

/// Hands every item to `sink`, until it breaks off or the run is stopped.
pub fn feed(
    request: &IndexRequest,
    mut known: Manifest,
    progress: &Progress,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Rest {
    let reread = known.reader != READER_VERSION;
    // by the names that people are shown: those are composed
    let mut unreadable: Vec<PathBuf> = Vec::new();
    let mut stopped = false;
    for root in &request.roots {
        walk(std::slice::from_ref(root), &mut |found| {
            if stopped || progress.stopped() {
                stopped = true;
                return;
            }
            let flow = match found {
                Found::One(entry) => file(&entry, request, &mut known.files, reread, progress, sink),
                Found::Skipped(notice) => {
                    unreadable.push(absolute(Path::new(&notice.path)));
                    sink(Item::Notice(notice))
                }
                Found::Noted(notice) => sink(Item::Notice(notice)),
            };
            stopped = flow.is_break();
        });
    }
    if request.stdin && !stopped {
        let _ = standard_input(request, &mut known.files, progress, sink);
    }
    let roots: Vec<PathBuf> = request.roots.iter().map(|root| absolute(root)).collect();
    let under = |path: &Path, of: &[PathBuf]| of.iter().any(|root| path.starts_with(root));
    let (kept, gone) = known.files.into_iter().partition(|(key, _)| {
        let path = Path::new(key);
        stopped || progress.stopped() || !under(path, &roots) || under(Path::new(&clean(key)), &unreadable)
    });
    Rest { gone, kept }
}

fn file(
    entry: &Entry,
    request: &IndexRequest,
    known: &mut BTreeMap<String, FileState>,
    reread: bool,
    progress: &Progress,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> ControlFlow<()> {
    use std::sync::atomic::Ordering::Relaxed;
    if absolute(&entry.path).starts_with(absolute(&request.dir)) {
        return ControlFlow::Continue(());
    }
    progress.files.fetch_add(1, Relaxed);
    let key = absolute(&entry.path).to_string_lossy().into_owned();
    let old = match known.remove(&key) {
        Some(state) if !reread && !state.contested && state.is(entry) => {
            progress.done.fetch_add(entry.bytes, Relaxed);
            return sink(Item::Unchanged { key, state });
        }
        Some(state) => state,
        None => FileState::default(),
    };
    let before = before(&old, &entry.shown);
    sink(Item::Begin { key, state: FileState::of(entry), old })?;
    let mut read = true;
    let mut pieces = 0u64;
    open(entry, &request.limits, &mut |found| {
        if progress.stopped() {
            return ControlFlow::Break(());
        }
        match &found {
            Found::One(piece) => {
                pieces += 1;
                progress.bytes.fetch_add(piece.bytes.len() as u64, Relaxed);
                progress.current.fetch_add(piece.bytes.len() as u64, Relaxed);
            }
            // nothing came of it, not even an empty record: it could not be opened
            Found::Skipped(_) if pieces == 0 => read = std::fs::File::open(&entry.path).is_ok(),
            _ => {}
        }
        sink(Item::Piece(found, before.clone()))
    })?;
    progress.current.store(0, Relaxed);
    progress.done.fetch_add(entry.bytes, Relaxed);
    sink(Item::End { read })
}

/// What names the standard input among the files.
pub const STDIN: &str = "-";

fn standard_input(
    request: &IndexRequest,
    known: &mut BTreeMap<String, FileState>,
    progress: &Progress,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let old = known.remove(STDIN).unwrap_or_default();
    let state = FileState { shown: STDIN.to_owned(), id: STDIN.to_owned(), ..FileState::default() };
    let before = before(&old, STDIN);
    sink(Item::Begin { key: STDIN.to_owned(), state, old })?;
    open_lines(io::stdin().lock(), STDIN, &request.limits, &mut |found| {
        if progress.stopped() { ControlFlow::Break(()) } else { sink(Item::Piece(found, before.clone())) }
    })?;
    sink(Item::End { read: true })
}

/// The articles of `old` that need not be written again if they have not changed; none where their path has.
fn before(old: &FileState, shown: &str) -> Arc<Before> {
    let articles = old.articles.iter().filter(|_| old.shown == shown);
    Arc::new(articles.map(|article| (article.id.into(), (article.hash, article.group))).collect())
}

/// The path from the root of the file system, without resolving links: a file keeps its name.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
