//! The threads of a run, and the order they keep.
//!
//! Items are numbered in batches. Workers take batches as they come; a finished batch waits until all before it are
//! entered. The feeding thread waits where it is too far ahead, so memory does not grow with the archive.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::feed::{Before, Item, Rest, feed};
use super::ledger::{Content, Entered, Ledger};
use super::{IndexError, IndexRequest, Progress};
use crate::analyze::Analyzer;
use crate::ingest::manifest::{Manifest, content_hash};
use crate::ingest::{Found, Limits, Notice, Piece, extract};
use crate::store::prepare::{Prepared, Preparer};
use crate::store::schema::Fields;

/// A batch is handed on when it holds this many items or bytes.
const BATCH_ITEMS: usize = 64;
const BATCH_BYTES: usize = 256 << 10;
/// How many batches per worker may be under way.
const AHEAD: u64 = 6;

struct Batch {
    number: u64,
    items: Vec<Item>,
}

/// What is entered next, what waits for it, and whether the run has failed.
struct Order<'a> {
    ledger: Ledger<'a>,
    next: u64,
    waiting: BTreeMap<u64, Vec<Entered>>,
    failure: Option<IndexError>,
}

struct Shared<'a> {
    order: Mutex<Order<'a>>,
    moved_on: Condvar,
}

impl<'a> Shared<'a> {
    fn lock(&self) -> MutexGuard<'_, Order<'a>> {
        // a thread that panicked has left the order as it was between two batches
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn of batch `number`; false where the run has failed.
    fn wait_for_room(&self, number: u64, ahead: u64) -> bool {
        let mut order = self.lock();
        while order.failure.is_none() && number >= order.next + ahead {
            order = self.moved_on.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
        order.failure.is_none()
    }

    fn enter(&self, number: u64, made: Vec<Entered>) {
        let mut order = self.lock();
        order.waiting.insert(number, made);
        while let Some(made) = order.next_batch() {
            for entered in made {
                if order.failure.is_none()
                    && let Err(error) = order.ledger.enter(entered)
                {
                    order.failure = Some(error.into());
                }
            }
        }
        drop(order);
        self.moved_on.notify_all();
    }
}

impl Order<'_> {
    fn next_batch(&mut self) -> Option<Vec<Entered>> {
        let made = self.waiting.remove(&self.next)?;
        self.next += 1;
        Some(made)
    }
}

/// Runs the whole line; gives back the ledger, all entered, and the known files that were not met.
pub fn run<'a>(
    analyzer: &Analyzer,
    fields: Fields,
    request: &IndexRequest,
    progress: &Progress,
    known: Manifest,
    ledger: Ledger<'a>,
) -> Result<(Ledger<'a>, Rest), IndexError> {
    let order = Order { ledger, next: 0, waiting: BTreeMap::new(), failure: None };
    let shared = Shared { order: Mutex::new(order), moved_on: Condvar::new() };
    let jobs = request.jobs.max(1);
    let ahead = AHEAD * jobs as u64;
    let (batches, queue) = crossbeam_channel::bounded::<Batch>(ahead as usize);
    let rest = std::thread::scope(|scope| {
        for _ in 0..jobs {
            let queue = queue.clone();
            scope.spawn(|| {
                let mut work = Work::new(analyzer, fields, request);
                for batch in queue {
                    let made = batch.items.into_iter().flat_map(|item| work.item(item)).collect();
                    shared.enter(batch.number, made);
                }
            });
        }
        drop(queue);
        let mut number = 0;
        let mut items = Vec::new();
        let mut bytes = 0;
        let mut send = |items: &mut Vec<Item>| {
            let batch = Batch { number, items: std::mem::take(items) };
            number += 1;
            if shared.wait_for_room(batch.number, ahead) && batches.send(batch).is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let rest = feed(request, known, progress, &mut |item| {
            bytes += item.bytes();
            items.push(item);
            if items.len() < BATCH_ITEMS && bytes < BATCH_BYTES {
                return ControlFlow::Continue(());
            }
            bytes = 0;
            send(&mut items)
        });
        let _ = send(&mut items);
        drop(batches);
        rest
    });
    let order = shared.order.into_inner().unwrap_or_else(PoisonError::into_inner);
    match order.failure {
        Some(error) => Err(error),
        None => Ok((order.ledger, rest)),
    }
}

impl Item {
    fn bytes(&self) -> usize {
        match self {
            Item::Piece(Found::One(piece), _) => piece.bytes.len(),
            _ => 0,
        }
    }
}

/// What one thread needs to turn pieces into documents.
struct Work<'a> {
    analyzer: &'a Analyzer,
    fields: Fields,
    limits: &'a Limits,
    /// Made when first needed: a run without changes analyses nothing. Stays `None` in a dry run.
    preparer: Option<Preparer>,
    dry_run: bool,
    no_glossary: bool,
}

impl<'a> Work<'a> {
    fn new(analyzer: &'a Analyzer, fields: Fields, request: &'a IndexRequest) -> Work<'a> {
        let IndexRequest { limits, dry_run, no_glossary, .. } = request;
        Work { analyzer, fields, limits, preparer: None, dry_run: *dry_run, no_glossary: *no_glossary }
    }

    fn item(&mut self, item: Item) -> Vec<Entered> {
        match item {
            Item::Begin { key, state, old } => vec![Entered::Begin { key, state, old }],
            Item::End { read } => vec![Entered::End { read }],
            Item::Unchanged { key, state } => vec![Entered::Unchanged { key, state }],
            Item::Notice(notice) => vec![Entered::Skipped(notice)],
            Item::Piece(Found::Skipped(notice), _) => vec![Entered::Skipped(notice)],
            Item::Piece(Found::Noted(notice), _) => vec![Entered::Noted(notice)],
            Item::Piece(Found::One(piece), before) => {
                let path = piece.origin.to_string();
                // a fault in reading one piece must not end the run; what it was working with is thrown away
                catch_unwind(AssertUnwindSafe(|| self.piece(piece, &before))).unwrap_or_else(|_| {
                    self.preparer = None;
                    let reason = "reading it failed inside of this program; please report the file".to_owned();
                    vec![Entered::Skipped(Notice { path, reason })]
                })
            }
        }
    }

    fn piece(&mut self, piece: Piece, before: &Before) -> Vec<Entered> {
        let mut made = Vec::with_capacity(1);
        extract(piece, self.limits, &mut |found| {
            made.push(match found {
                Found::Skipped(notice) => Entered::Skipped(notice),
                Found::Noted(notice) => Entered::Noted(notice),
                Found::One(article) => {
                    let hash = content_hash(&article);
                    let (id, path) = (article.id.clone(), article.path.clone());
                    let content = match before.get(id.as_str()) {
                        Some(&(known, group)) if known == hash => Ok(Content::Same { group }),
                        _ if self.dry_run => Ok(Content::Unwritten),
                        _ => self.prepare(&article).map(|prepared| Content::New(Box::new(prepared))),
                    };
                    match content {
                        Ok(content) => Entered::Article { id, path, hash, content },
                        Err(reason) => Entered::Skipped(Notice { path, reason }),
                    }
                }
            });
        });
        made
    }

    fn prepare(&mut self, article: &crate::article::Article) -> Result<Prepared, String> {
        let preparer = match &mut self.preparer {
            Some(preparer) => preparer,
            None => {
                let preparer = Preparer::new(self.analyzer, self.fields).map_err(|error| error.to_string())?;
                self.preparer.insert(if self.no_glossary { preparer.without_glosses() } else { preparer })
            }
        };
        preparer.prepare(article).map_err(|error| error.to_string())
    }
}
