//! Applying the user's words to an index that was made with others.
//!
//! Every article is stored whole, so no file is read: the articles that hold the letters of a word that was added or removed
//! are analysed again and written in one commit, whose payload carries the words. All others stay as they are, and so do
//! wire groups and the manifest: what an article says has not changed.

use std::collections::BTreeSet;
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread::ScopedJoinHandle;
use std::time::Instant;

use serde::Serialize;
use tantivy::{DocAddress, TantivyError};

use super::{Deriving, IndexError, Manifest, Reader, StoreError, Table, Writer, commit, earlier_lists, file_of};
use crate::analyze::script::is_syllable;
use crate::analyze::words::{UserWord, Words};
use crate::analyze::{Analyzer, is_detached_particle};
use crate::query::matching::{Found, with_pair};
use crate::store::prepare::{Prepared, Preparer};
use crate::store::segment::RunId;
use crate::store::words::{Pending, WORDS_FILE, WordsFile};

/// Articles that a thread prepares before they are entered.
const BLOCK: usize = 512;

/// How words are applied.
#[derive(Clone, Copy)]
pub struct Applying<'a> {
    /// Say what would be done, and do none of it.
    pub dry_run: bool,
    /// Derive suggestions and mined pairs at once; else the run that follows does.
    pub derive: bool,
    /// Threads that look through articles and analyze them, at least 1.
    pub jobs: usize,
    /// For postings before they are written, in bytes.
    pub memory: usize,
    /// Told how many articles will be analyzed again, before they are.
    pub found: &'a dyn Fn(u64),
}

/// What applying words did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Applied {
    pub added: usize,
    pub removed: usize,
    /// Articles that hold one of them, and were analysed again.
    pub articles: u64,
    pub seconds: f64,
}

pub(super) fn unreadable(dir: &Path, source: io::Error) -> IndexError {
    IndexError::Io { path: dir.join(WORDS_FILE).display().to_string(), source }
}

/// Brings the index in `dir` in agreement with its file of words; `None` where it is.
pub fn apply(dir: &Path, analyzer: &Analyzer, file: &WordsFile, how: &Applying) -> Result<Option<Applied>, IndexError> {
    let started = Instant::now();
    let reader = match Reader::open(dir, analyzer) {
        Ok((reader, _)) => reader,
        // without a commit there is nothing to agree with
        Err(StoreError::Missing(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if Pending::between(&file.words(), &reader.stamp.words).is_empty() {
        return Ok(None);
    }
    let new = analyzer.with_words(Words::new(file.words()));
    // whoever writes looks at the last commit there is: nobody else writes from here on
    let mut writer = if how.dry_run { None } else { Some(Writer::open_for_words(dir, &new)?) };
    let reader = Reader::open_unchecked(dir)?;
    let pending = Pending::between(&file.words(), &reader.stamp.words);
    let found = holding(&reader, &pending.words(), how.jobs)?;
    let mut applied = Applied {
        added: pending.added.len(),
        removed: pending.removed.len(),
        articles: found.len() as u64,
        ..Applied::default()
    };
    (how.found)(applied.articles);
    if let Some(writer) = writer.take_if(|_| found.is_empty()) {
        // nothing but the words is another: the manifest stays, and what was derived from its commit
        let name = manifest_of(&reader)?;
        let wire = Manifest::read(&dir.join(name)).map_err(|error| unread(dir, name, error))?.wire;
        writer.commit(name, wire.as_deref())?;
    } else if let Some(writer) = writer {
        let no_glossary = !is_mined(&reader).map_err(|error| StoreError::broken(dir, error))?;
        let joint = if how.derive { earlier_lists(dir, reader.stamp.manifest.as_deref()) } else { None };
        let manifest = write(writer, &reader, &new, &found, no_glossary, how)?;
        drop(reader);
        if how.derive {
            let Applying { memory, jobs, .. } = *how;
            Deriving { dir, manifest, analyzer: &new, joint, no_glossary, memory, jobs }.run()?;
        }
    }
    applied.seconds = started.elapsed().as_secs_f64();
    Ok(Some(applied))
}

/// Writes the articles at `addresses` again, in one commit; gives the name of its manifest.
fn write(
    writer: Writer,
    reader: &Reader,
    analyzer: &Analyzer,
    addresses: &[DocAddress],
    no_glossary: bool,
    how: &Applying,
) -> Result<String, IndexError> {
    let dir = reader.dir();
    let spilt = |source| IndexError::Io { path: std::env::temp_dir().display().to_string(), source };
    let name = manifest_of(reader)?;
    let manifest = Manifest::read(&dir.join(name)).map_err(|error| unread(dir, name, error))?;
    let dictionary = writer.dictionary()?;
    let mut preparers = Vec::with_capacity(how.jobs);
    for run in 0..how.jobs.max(1) as RunId {
        let preparer = Preparer::new(analyzer, writer.fields, run).map_err(spilt)?;
        let mut preparer = if no_glossary { preparer.without_glosses() } else { preparer };
        if let Some(dictionary) = &dictionary {
            preparer.learn(dictionary).map_err(spilt)?;
        }
        preparers.push(preparer);
    }
    let mut next = preparers.len() as RunId;
    let groups = reader.groups().map_err(|error| StoreError::of(dir, error))?;
    let (mut runs, mut removed, mut segment) = (Vec::new(), Vec::with_capacity(addresses.len()), None);
    for block in addresses.chunks(BLOCK * preparers.len()) {
        for (address, id, prepared) in prepare(block, &mut preparers, reader)? {
            let group = groups[address.segment_ord as usize].first(address.doc_id).unwrap_or(0) as u32;
            let prepared = prepared.in_group(&writer.fields, group);
            let segment = match &mut segment {
                Some(segment) => segment,
                empty => empty.insert(writer.segment()?),
            };
            writer.put(&prepared.entry(), segment)?;
            removed.push(id);
        }
        let share = how.memory / preparers.len();
        for preparer in preparers.iter_mut().filter(|preparer| preparer.is_full(share)) {
            runs.push(preparer.take_run(next, share).map_err(spilt)?);
            next += 1;
        }
    }
    for preparer in &mut preparers {
        runs.push(preparer.take_run(next, how.memory).map_err(spilt)?);
    }
    writer.change(segment, runs, removed, how.jobs)?;
    commit(writer, dir, manifest, None)
}

/// The articles of a block as their records say, analysed on as many threads as there are preparers; in order.
fn prepare(
    block: &[DocAddress],
    preparers: &mut [Preparer],
    reader: &Reader,
) -> Result<Vec<(DocAddress, String, Prepared)>, StoreError> {
    let share = block.len().div_ceil(preparers.len());
    let one = |address: DocAddress, preparer: &mut Preparer| {
        let unpacked = reader.article(address)?;
        let article = reader.record(&unpacked)?.article();
        let prepared = preparer.prepare(&article).map_err(|error| StoreError::broken(reader.dir(), error))?;
        Ok((address, article.id, prepared))
    };
    std::thread::scope(|scope| {
        let parts = block.chunks(share).zip(preparers).map(|(part, preparer)| {
            scope.spawn(move || part.iter().map(|&address| one(address, preparer)).collect::<Result<Vec<_>, _>>())
        });
        let parts: Vec<_> = parts.collect();
        joined(parts)
    })
}

/// What threads have made, in the order of the threads.
fn joined<T>(parts: Vec<ScopedJoinHandle<'_, Result<Vec<T>, StoreError>>>) -> Result<Vec<T>, StoreError> {
    // a thread that panicked has said why
    let made = |part: ScopedJoinHandle<'_, _>| part.join().unwrap_or_else(|panic| resume_unwind(panic));
    let parts: Result<Vec<Vec<T>>, StoreError> = parts.into_iter().map(made).collect();
    Ok(parts?.into_iter().flatten().collect())
}

fn manifest_of(reader: &Reader) -> Result<&str, StoreError> {
    let none = || StoreError::broken(reader.dir(), "it names no manifest");
    reader.stamp.manifest.as_deref().ok_or_else(none)
}

fn unread(dir: &Path, manifest: &str, error: io::Error) -> IndexError {
    IndexError::Manifest(dir.join(manifest).display().to_string(), error)
}

/// True where the articles of an index say what they gloss.
fn is_mined(reader: &Reader) -> tantivy::Result<bool> {
    let table = reader.stamp.manifest.as_deref().map(|name| Table::open(reader.dir(), &file_of(name)));
    if table.is_some_and(|table| table.is_ok()) {
        return Ok(true);
    }
    for segment in reader.searcher.segment_readers() {
        if segment.inverted_index(reader.fields.gloss)?.terms().num_terms() > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The articles that have the letters of any of `words`, in order. Where pairs of syllables tell which articles may, only
/// these are read; else all.
fn holding(reader: &Reader, words: &Words, jobs: usize) -> Result<Vec<DocAddress>, IndexError> {
    let failed = |error: TantivyError| StoreError::of(reader.dir(), error);
    let mut candidates = BTreeSet::new();
    for word in words.list() {
        match with_first_pairs(reader, &word).map_err(failed)? {
            Some(found) => candidates.extend(found.iter().flat_map(Found::iter)),
            None => {
                let segments = reader.searcher.segment_readers().iter().enumerate();
                let all = |(ord, segment): (usize, &tantivy::SegmentReader)| {
                    segment.doc_ids_alive().map(move |doc| DocAddress::new(ord as u32, doc)).collect::<Vec<_>>()
                };
                candidates = segments.flat_map(all).collect();
                break;
            }
        }
    }
    let candidates: Vec<DocAddress> = candidates.into_iter().collect();
    let share = candidates.len().div_ceil(jobs.max(1)).max(1);
    let holds = |&address: &DocAddress| -> Result<Option<DocAddress>, StoreError> {
        let unpacked = reader.article(address)?;
        Ok(reader.record(&unpacked)?.sections().any(|section| words.any(section)).then_some(address))
    };
    let found = std::thread::scope(|scope| {
        let parts = candidates.chunks(share).map(|part| {
            scope.spawn(move || {
                part.iter().filter_map(|address| holds(address).transpose()).collect::<Result<Vec<_>, _>>()
            })
        });
        let parts: Vec<_> = parts.collect();
        joined(parts)
    });
    Ok(found?)
}

/// For each part of a word the articles with its first two syllables side by side, one of which an article with the word holds;
/// `None` where they do not tell. What follows these may be listed or not, for endings give no pairs (see `ending_of` in
/// `analyze/eojeol.rs`): the pair that opens a run always is, and that of the whole word where its parts are one run.
fn with_first_pairs(reader: &Reader, word: &UserWord) -> tantivy::Result<Option<Vec<Found>>> {
    let mut found = Vec::new();
    for (at, part) in word.text().split(' ').enumerate() {
        match first_pair(part) {
            Some(pair) => found.push(with_pair(reader, &pair)?),
            None if at == 0 && !part.contains(is_syllable) => {}
            None => return Ok(None),
        }
    }
    Ok(Some(found).filter(|found| !found.is_empty()))
}

/// The first two syllables of a part of a word, where nothing is between them.
fn first_pair(part: &str) -> Option<String> {
    let mut syllables = part.char_indices().filter(|&(_, ch)| is_syllable(ch));
    let ((from, first), (at, second)) = (syllables.next()?, syllables.next()?);
    // a particle behind a sign gives no pairs
    let told = from + first.len_utf8() == at && !is_detached_particle(part);
    told.then(|| String::from_iter([first, second]))
}
