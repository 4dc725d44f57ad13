//! The threads of a run, and the order they keep.
//!
//! Items are numbered in batches. Workers take batches as they come; a finished batch waits until all before it are
//! entered. The feeding thread waits where it is too far ahead, in batches or in bytes, so memory does not grow with the
//! archive.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::feed::{Before, Item, Rest, feed};
use super::learning::{Learning, Samples, Turn, Turns};
use super::ledger::{Content, Entered, Ledger};
use super::{IndexError, IndexRequest, Progress};
use crate::analyze::Analyzer;
use crate::ingest::manifest::{Manifest, content_hash};
use crate::ingest::{Found, Limits, Notice, Piece, extract};
use crate::store::dictionary::Dictionary;
use crate::store::invert::run::Run;
use crate::store::prepare::{Prepared, Preparer};
use crate::store::schema::Fields;
use crate::store::segment::RunId;

/// A batch is handed on when it holds this many items or bytes.
const BATCH_ITEMS: usize = 64;
const BATCH_BYTES: usize = 256 << 10;
/// How many batches per worker may be under way.
const AHEAD: u64 = 6;
/// The part of the memory that text under way may take; what is made of it while it is read takes about as much again.
const TEXT_SHARE: usize = 8;

/// What is kept of an entered article until the commit: its id, hash, sketch, columns.
const KEPT: usize = 300;
/// The part of the memory that words may take at the least.
const LEAST_SHARE: usize = 4;

struct Batch {
    number: u64,
    /// Of the text in it.
    bytes: usize,
    turn: Turn,
    items: Vec<Item>,
}

/// What was made of a batch.
struct Worked {
    turn: Turn,
    entered: Vec<Entered>,
    samples: Samples,
}

/// What is entered next, what waits for it, and whether the run has failed.
struct Order<'a> {
    ledger: Ledger<'a>,
    next: u64,
    waiting: BTreeMap<u64, Worked>,
    samples: Samples,
    /// Bytes of the batches that are sent and not yet prepared.
    under_way: usize,
    failure: Option<IndexError>,
}

struct Shared<'a> {
    order: Mutex<Order<'a>>,
    moved_on: Condvar,
    learning: Learning,
}

/// The words of the articles, sorted by the threads that prepared them.
#[derive(Default)]
struct Runs {
    finished: Mutex<Vec<(RunId, Run)>>,
    next: AtomicU32,
}

impl Runs {
    fn number(&self) -> RunId {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn add(&self, run: (RunId, Run)) {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    }
}

impl<'a> Shared<'a> {
    fn lock(&self) -> MutexGuard<'_, Order<'a>> {
        // a thread that panicked has left the order as it was between two batches
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn of a batch, which may be larger than `memory` where it is alone; false where the run has failed.
    fn wait_for_room(&self, batch: &Batch, ahead: u64, memory: usize) -> bool {
        let mut order = self.lock();
        let crowded = |order: &Order| order.under_way > 0 && order.under_way + batch.bytes > memory;
        while order.failure.is_none() && (batch.number >= order.next + ahead || crowded(&order)) {
            order = self.moved_on.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
        order.under_way += batch.bytes;
        order.failure.is_none()
    }

    fn fail(&self, error: IndexError) {
        self.lock().failure.get_or_insert(error);
        self.moved_on.notify_all();
    }

    /// Enters what was made of batch `number`, which held `bytes`, as soon as all before it are entered.
    fn enter(&self, number: u64, bytes: usize, made: Worked) {
        let mut order = self.lock();
        order.under_way -= bytes;
        order.waiting.insert(number, made);
        let mut samples = None;
        while let Some(made) = order.next_batch() {
            order.samples.append(&made.samples);
            if made.turn == Turn::LastSample {
                samples = Some(std::mem::take(&mut order.samples));
            }
            for entered in made.entered {
                if order.failure.is_none()
                    && let Err(error) = order.ledger.enter(entered)
                {
                    order.failure = Some(error.into());
                }
            }
        }
        drop(order);
        self.moved_on.notify_all();
        if let Some(samples) = samples {
            self.learning.learn(&samples);
        }
    }
}

impl Order<'_> {
    fn next_batch(&mut self) -> Option<Worked> {
        let made = self.waiting.remove(&self.next)?;
        self.next += 1;
        Some(made)
    }
}

/// What a run of the line gives back.
pub struct Made<'a> {
    /// Everything is entered.
    pub ledger: Ledger<'a>,
    /// The known files that were not met.
    pub rest: Rest,
    /// The words of the articles that are written.
    pub runs: Vec<(RunId, Run)>,
    /// What the articles are packed with, where the archive had nothing of its own before.
    pub learnt: Option<Dictionary>,
}

/// Runs the whole line; `dictionary` is the one that the archive has.
pub fn run<'a>(
    analyzer: &Analyzer,
    fields: Fields,
    request: &IndexRequest,
    progress: &Progress,
    known: Manifest,
    dictionary: Option<Dictionary>,
    ledger: Ledger<'a>,
) -> Result<Made<'a>, IndexError> {
    let order =
        Order { ledger, next: 0, waiting: BTreeMap::new(), samples: Samples::default(), under_way: 0, failure: None };
    let shared = Shared { order: Mutex::new(order), moved_on: Condvar::new(), learning: Learning::new(dictionary) };
    let runs = Runs::default();
    let jobs = request.jobs.max(1);
    let ahead = AHEAD * jobs as u64;
    let (batches, queue) = crossbeam_channel::bounded::<Batch>(ahead as usize);
    let rest = std::thread::scope(|scope| {
        for _ in 0..jobs {
            let queue = queue.clone();
            scope.spawn(|| {
                let mut work = Work::new(analyzer, fields, request, &runs);
                for batch in queue {
                    let made = work.batch(batch.items, batch.turn, &shared.learning);
                    shared.enter(batch.number, batch.bytes, made);
                    let entered = progress.articles.load(Ordering::Relaxed);
                    if let Err(error) = work.put_away(words_memory(request.memory, entered) / jobs) {
                        shared.fail(error);
                    }
                }
                if let Err(error) = work.put_away(0) {
                    shared.fail(error);
                }
            });
        }
        drop(queue);
        let mut number = 0;
        let mut items = Vec::new();
        let mut turns = Turns::default();
        let mut send = |items: &mut Vec<Item>, bytes: &mut usize| {
            let items = std::mem::take(items);
            let pieces = items.iter().filter(|item| matches!(item, Item::Piece(Found::One(_), _))).count();
            let batch = Batch { number, bytes: std::mem::take(bytes), turn: turns.next(pieces), items };
            number += 1;
            if shared.wait_for_room(&batch, ahead, request.memory / TEXT_SHARE) && batches.send(batch).is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let mut bytes = 0;
        let rest = feed(request, known, progress, &mut |item| {
            bytes += item.bytes();
            items.push(item);
            if items.len() < BATCH_ITEMS && bytes < BATCH_BYTES {
                return ControlFlow::Continue(());
            }
            send(&mut items, &mut bytes)
        });
        let _ = send(&mut items, &mut bytes);
        drop(batches);
        rest
    });
    let order = shared.order.into_inner().unwrap_or_else(PoisonError::into_inner);
    match order.failure {
        Some(error) => Err(error),
        None => {
            let runs = runs.finished.into_inner().unwrap_or_else(PoisonError::into_inner);
            Ok(Made { ledger: order.ledger, rest, runs, learnt: shared.learning.learnt() })
        }
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

/// What the words of articles may take before they are sorted into a run, in bytes, on all threads: what text under way and
/// the `entered` articles leave of `memory`.
fn words_memory(memory: usize, entered: u64) -> usize {
    let kept = usize::try_from(entered).unwrap_or(usize::MAX).saturating_mul(KEPT);
    (memory - memory / TEXT_SHARE).saturating_sub(kept).max(memory / LEAST_SHARE)
}

/// What one thread needs to turn pieces into documents.
struct Work<'a> {
    analyzer: &'a Analyzer,
    runs: &'a Runs,
    fields: Fields,
    limits: &'a Limits,
    /// Made when first needed: a run without changes analyses nothing. Stays `None` in a dry run.
    preparer: Option<Preparer>,
    dry_run: bool,
    no_glossary: bool,
    no_groups: bool,
    /// The records of the batch that are learnt from, where that is wanted.
    samples: Option<Samples>,
    /// What articles are packed with.
    dictionary: Option<&'a Dictionary>,
}

impl<'a> Work<'a> {
    fn new(analyzer: &'a Analyzer, fields: Fields, request: &'a IndexRequest, runs: &'a Runs) -> Work<'a> {
        let IndexRequest { limits, dry_run, no_glossary, no_groups, .. } = request;
        let (dry_run, no_glossary, no_groups) = (*dry_run, *no_glossary, *no_groups);
        Work {
            analyzer,
            runs,
            fields,
            limits,
            preparer: None,
            dry_run,
            no_glossary,
            no_groups,
            samples: None,
            dictionary: None,
        }
    }

    fn batch(&mut self, items: Vec<Item>, turn: Turn, learning: &'a Learning) -> Worked {
        self.samples = learning.samples(turn).then(Samples::default);
        self.dictionary = learning.of(turn);
        let entered = items.into_iter().flat_map(|item| self.item(item)).collect();
        Worked { turn, entered, samples: self.samples.take().unwrap_or_default() }
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
                    if let Some(preparer) = &mut self.preparer {
                        preparer.recover(self.analyzer);
                    }
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

    /// Sorts the words of what was prepared into a run, if they take more than `memory` bytes.
    fn put_away(&mut self, memory: usize) -> Result<(), IndexError> {
        let Some(preparer) = self.preparer.as_mut().filter(|preparer| preparer.is_full(memory)) else {
            return Ok(());
        };
        let failed = |source| IndexError::Io { path: std::env::temp_dir().display().to_string(), source };
        preparer.take_run(self.runs.number(), memory).map(|run| self.runs.add(run)).map_err(failed)
    }

    fn prepare(&mut self, article: &crate::article::Article) -> Result<Prepared, String> {
        let preparer = match &mut self.preparer {
            Some(preparer) => preparer,
            None => {
                let preparer = Preparer::new(self.analyzer, self.fields, self.runs.number());
                let preparer = preparer.map_err(|error| error.to_string())?;
                let preparer = if self.no_glossary { preparer.without_glosses() } else { preparer };
                self.preparer.insert(if self.no_groups { preparer.without_sketches() } else { preparer })
            }
        };
        if let Some(dictionary) = self.dictionary {
            preparer.learn(dictionary).map_err(|error| error.to_string())?;
        }
        let prepared = preparer.prepare(article).map_err(|error| error.to_string())?;
        if let Some(samples) = &mut self.samples {
            samples.add(preparer.record());
        }
        Ok(prepared)
    }
}
