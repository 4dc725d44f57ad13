//! The last step before the commit: articles enter the index in the order of their files, each id once.

use std::path::Path;
use std::sync::atomic::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::TantivyDocument;
use xxhash_rust::xxh3::xxh3_128;

use super::Progress;
use super::feed::Rest;
use super::summary::{LISTED, Summary};
use crate::ingest::Notice;
use crate::ingest::manifest::{ArticleState, FileState, Manifest, READER_VERSION};
use crate::store::version::StoreError;
use crate::store::writer::Writer;

/// Notices of one file that its next, unchanged run repeats.
const REMEMBERED: usize = 100;

/// What the threads have made of an item.
pub enum Entered {
    Begin {
        key: String,
        state: FileState,
        old: FileState,
    },
    /// `same`: the index holds it as it is. Without a document nothing is written.
    Article {
        id: String,
        path: String,
        hash: u64,
        same: bool,
        document: Option<Box<TantivyDocument>>,
    },
    Skipped(Notice),
    Noted(Notice),
    End {
        read: bool,
    },
    Unchanged {
        key: String,
        state: FileState,
    },
}

/// Counts, claims ids, writes, and builds the next manifest.
pub struct Ledger<'a> {
    writer: Option<&'a Writer>,
    progress: &'a Progress,
    notice: &'a (dyn Fn(&Notice) + Sync),
    summary: Summary,
    manifest: Manifest,
    /// Ids in the index before this run (128 bits of XXH3, as below).
    known: FxHashSet<u128>,
    /// Ids that are taken, and the file that has each.
    taken: FxHashMap<u128, u32>,
    files: Vec<String>,
    current: Option<(String, FileState, FileState)>,
    /// Articles that files had and do not have any more, unless another file has taken the id.
    former: Vec<String>,
}

fn key_of(id: &str) -> u128 {
    xxh3_128(id.as_bytes())
}

impl<'a> Ledger<'a> {
    /// Without a writer nothing is written (a dry run).
    pub fn new(
        known: &Manifest,
        writer: Option<&'a Writer>,
        progress: &'a Progress,
        notice: &'a (dyn Fn(&Notice) + Sync),
    ) -> Ledger<'a> {
        let ids = known.files.values().flat_map(|file| &file.articles);
        Ledger {
            writer,
            progress,
            notice,
            summary: Summary { changed: known.reader != READER_VERSION, ..Summary::default() },
            manifest: Manifest { reader: READER_VERSION, ..Manifest::default() },
            known: ids.map(|article| key_of(&article.id)).collect(),
            taken: FxHashMap::default(),
            files: Vec::new(),
            current: None,
            former: Vec::new(),
        }
    }

    pub fn enter(&mut self, entered: Entered) -> Result<(), StoreError> {
        match entered {
            Entered::Begin { key, state, old } => {
                self.files.push(state.shown.clone());
                self.current = Some((key, state, old));
            }
            Entered::Article { id, path, hash, same, document } => self.article(id, path, hash, same, document)?,
            Entered::Skipped(notice) => self.skipped(notice),
            Entered::Noted(notice) => (self.notice)(&notice),
            Entered::End { read } => self.end(read),
            Entered::Unchanged { key, state } => self.unchanged(key, state),
        }
        Ok(())
    }

    fn article(
        &mut self,
        id: String,
        path: String,
        hash: u64,
        same: bool,
        document: Option<Box<TantivyDocument>>,
    ) -> Result<(), StoreError> {
        let file = (self.files.len() - 1) as u32;
        if let Some(&holder) = self.taken.get(&key_of(&id)) {
            let reason = format!(
                "the id {id} is already that of an article of {}; only the first is kept",
                self.files[holder as usize]
            );
            if let Some((_, state, _)) = &mut self.current {
                state.contested = true;
            }
            self.skipped(Notice { path, reason });
            return Ok(());
        }
        self.taken.insert(key_of(&id), file);
        self.progress.articles.fetch_add(1, Ordering::Relaxed);
        self.summary.articles.seen += 1;
        let counts = &mut self.summary.articles;
        match (same, self.known.contains(&key_of(&id))) {
            (true, _) => counts.unchanged += 1,
            (false, true) => counts.updated += 1,
            (false, false) => counts.added += 1,
        }
        self.summary.changed |= !same;
        if let (Some(writer), Some(document)) = (self.writer, document) {
            writer.put(&id, *document)?;
        }
        if let Some((_, state, _)) = &mut self.current {
            state.articles.push(ArticleState { id, hash });
        }
        Ok(())
    }

    fn skipped(&mut self, notice: Notice) {
        (self.notice)(&notice);
        self.progress.skipped.fetch_add(1, Ordering::Relaxed);
        self.summary.articles.skipped += 1;
        if let Some((_, state, _)) = &mut self.current {
            state.skipped += 1;
            if state.notices.len() < REMEMBERED {
                state.notices.push(notice.clone());
            }
        }
        if self.summary.skipped.len() < LISTED {
            self.summary.skipped.push(notice);
        }
    }

    fn end(&mut self, read: bool) {
        let Some((key, mut state, old)) = self.current.take() else { return };
        if !read {
            // it is there but cannot be opened now: what it gave before stays, and it is tried again next time
            self.summary.changed |= old.articles.is_empty() && !state.notices.is_empty();
            let stays = FileState { modified: i64::MIN, ..old };
            return self.keep(key, stays);
        }
        self.summary.changed |= state != old;
        self.former.extend(old.articles.into_iter().map(|article| article.id));
        state.articles.shrink_to_fit();
        self.manifest.files.insert(key, state);
    }

    fn unchanged(&mut self, key: String, state: FileState) {
        self.files.push(state.shown.clone());
        self.summary.articles.seen += state.articles.len() as u64;
        self.summary.articles.unchanged += state.articles.len() as u64;
        self.summary.articles.skipped += state.skipped;
        self.progress.articles.fetch_add(state.articles.len() as u64, Ordering::Relaxed);
        for notice in &state.notices {
            (self.notice)(notice);
            if self.summary.skipped.len() < LISTED {
                self.summary.skipped.push(notice.clone());
            }
        }
        self.keep(key, state);
    }

    /// A file whose articles stay as they are; an id that another file has taken meanwhile is that file's.
    fn keep(&mut self, key: String, mut state: FileState) {
        let file = self.files.len() as u32 - u32::from(!self.files.is_empty());
        let before = state.articles.len();
        state.articles.retain(|article| *self.taken.entry(key_of(&article.id)).or_insert(file) == file);
        state.contested |= state.articles.len() < before;
        self.manifest.files.insert(key, state);
    }

    /// Removes what is gone and gives the manifest of what is left.
    pub fn close(mut self, rest: Rest) -> (Manifest, Summary) {
        if let Some((key, state, old)) = self.current.take() {
            // the run was stopped inside of this file: all its articles are known, and it will be read again
            let mut state = FileState { modified: i64::MIN, ..state };
            for article in old.articles {
                if !self.taken.contains_key(&key_of(&article.id)) {
                    state.articles.push(article);
                }
            }
            self.summary.changed = true;
            self.manifest.files.insert(key, state);
        }
        for (key, state) in rest.kept {
            // a file that was moved to where this run read it has lost its articles to its new place
            if !Path::new(&key).exists()
                && state.articles.iter().all(|article| self.taken.contains_key(&key_of(&article.id)))
            {
                self.summary.changed = true;
                continue;
            }
            self.files.push(state.shown.clone());
            self.keep(key, state);
        }
        self.summary.changed |= !rest.gone.is_empty();
        for (_, state) in rest.gone {
            self.former.extend(state.articles.into_iter().map(|article| article.id));
        }
        for id in &self.former {
            if !self.taken.contains_key(&key_of(id)) {
                self.summary.articles.removed += 1;
                self.summary.changed = true;
                if let Some(writer) = self.writer {
                    writer.remove(id);
                }
            }
        }
        (self.manifest, self.summary)
    }
}
