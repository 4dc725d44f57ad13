//! The last step before the commit: articles enter the index in the order of their files, each id once.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_128;

use super::feed::{Rest, STDIN, absolute};
use super::summary::{LISTED, Summary};
use super::{IndexRequest, Progress};
use crate::ingest::Notice;
use crate::ingest::articles::ArticleState;
use crate::ingest::manifest::{FileState, Manifest, READER_VERSION};
use crate::store::prepare::Prepared;
use crate::store::segment::SegmentBuilder;
use crate::store::version::StoreError;
use crate::store::wire::WireGroups;
use crate::store::writer::Writer;

/// Notices of one file that its next, unchanged run repeats.
const REMEMBERED: usize = 100;

/// What the threads have made of an item.
pub enum Entered {
    Begin { key: String, state: FileState, old: FileState },
    Article { id: String, path: String, hash: u64, content: Content },
    Skipped(Notice),
    Noted(Notice),
    End { read: bool },
    Unchanged { key: String, state: FileState },
}

/// What is to become of an article.
pub enum Content {
    /// The index holds it as it is, in this wire group.
    Same {
        group: u32,
    },
    New(Box<Prepared>),
    /// It would be written, but this is a dry run.
    Unwritten,
}

/// What a run leaves to be committed.
pub struct Closed {
    pub manifest: Manifest,
    pub summary: Summary,
    pub wire: Option<WireGroups>,
    /// The articles that are written, but for their words.
    pub segment: Option<SegmentBuilder>,
    /// Ids of articles that go, or that `segment` has in another form.
    pub removed: Vec<String>,
}

/// The wire groups, read when the first article needs one.
struct Wire {
    dir: PathBuf,
    file: Option<String>,
    groups: Option<WireGroups>,
}

impl Wire {
    fn groups(&mut self) -> Result<&mut WireGroups, StoreError> {
        match &mut self.groups {
            Some(groups) => Ok(groups),
            empty => {
                let groups = match &self.file {
                    Some(file) => WireGroups::read(&self.dir.join(file))
                        .map_err(|error| StoreError::broken(&self.dir, format!("{file}: {error}")))?,
                    None => WireGroups::default(),
                };
                Ok(empty.insert(groups))
            }
        }
    }
}

/// Counts, claims ids, writes, and builds the next manifest.
pub struct Ledger<'a> {
    writer: Option<&'a Writer>,
    /// Made when the first article is written.
    segment: Option<SegmentBuilder>,
    removed: Vec<String>,
    progress: &'a Progress,
    notice: &'a (dyn Fn(&Notice) + Sync),
    summary: Summary,
    manifest: Manifest,
    /// Ids in the index before this run (128 bits of XXH3, as below).
    known: FxHashSet<IdKey>,
    /// Ids of files that this run does not look at, and those files.
    elsewhere: FxHashMap<IdKey, Box<str>>,
    /// Ids that are taken, and the file that has each.
    taken: FxHashMap<IdKey, u32>,
    files: Vec<String>,
    current: Option<(String, FileState, FileState)>,
    /// Articles as files had them and do not have them any more, with their wire groups; an id may since have been taken again.
    former: Vec<(String, u32)>,
    wire: Wire,
}

/// True for a file that this run looks at, if it is still there.
fn is_read(request: &IndexRequest, key: &str) -> bool {
    if key == STDIN {
        return request.stdin;
    }
    request.roots.iter().any(|root| Path::new(key).starts_with(absolute(root)))
}

/// The hash of an id, in a form that takes no room for its alignment: there is one for every article.
type IdKey = [u32; 4];

fn key_of(id: &str) -> IdKey {
    let hash = xxh3_128(id.as_bytes());
    [0, 32, 64, 96].map(|from| (hash >> from) as u32)
}

impl<'a> Ledger<'a> {
    /// Without a writer nothing is written (a dry run).
    pub fn new(
        request: &IndexRequest,
        known: &Manifest,
        writer: Option<&'a Writer>,
        progress: &'a Progress,
        notice: &'a (dyn Fn(&Notice) + Sync),
    ) -> Ledger<'a> {
        let ids = known.files.values().flat_map(|file| file.articles.iter());
        let elsewhere = known.files.iter().filter(|(key, _)| !is_read(request, key));
        let elsewhere =
            elsewhere.flat_map(|(key, file)| file.articles.iter().map(move |it| (key_of(it.id), key.as_str().into())));
        Ledger {
            writer,
            segment: None,
            removed: Vec::new(),
            progress,
            notice,
            summary: Summary { changed: known.reader != READER_VERSION, ..Summary::default() },
            manifest: Manifest { reader: READER_VERSION, wire: known.wire.clone(), ..Manifest::default() },
            known: ids.map(|article| key_of(article.id)).collect(),
            elsewhere: elsewhere.collect(),
            taken: FxHashMap::default(),
            files: Vec::new(),
            current: None,
            former: Vec::new(),
            wire: Wire { dir: request.dir.clone(), file: known.wire.clone(), groups: None },
        }
    }

    pub fn enter(&mut self, entered: Entered) -> Result<(), StoreError> {
        match entered {
            Entered::Begin { key, state, old } => {
                self.files.push(state.shown.clone());
                self.current = Some((key, state, old));
            }
            Entered::Article { id, path, hash, content } => self.article(id, path, hash, content)?,
            Entered::Skipped(notice) => self.skipped(notice),
            Entered::Noted(notice) => (self.notice)(&notice),
            Entered::End { read } => self.end(read),
            Entered::Unchanged { key, state } => self.unchanged(key, state),
        }
        Ok(())
    }

    fn article(&mut self, id: String, path: String, hash: u64, content: Content) -> Result<(), StoreError> {
        let file = (self.files.len() - 1) as u32;
        if let Some(holder) = self.holder(&id) {
            let reason = format!("the id {id} is already that of an article of {holder}; only the first is kept");
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
        match (&content, self.known.contains(&key_of(&id))) {
            (Content::Same { .. }, _) => counts.unchanged += 1,
            (_, true) => counts.updated += 1,
            (_, false) => counts.added += 1,
        }
        let group = match content {
            Content::Same { group } => group,
            Content::Unwritten => 0,
            Content::New(prepared) => {
                let group = self.wire.groups()?.join(&prepared.sketch);
                if let Some(writer) = self.writer {
                    let segment = match &mut self.segment {
                        Some(segment) => segment,
                        empty => empty.insert(writer.segment()?),
                    };
                    let prepared = prepared.in_group(&writer.fields, group);
                    writer.put(&prepared.entry(), segment)?;
                    if self.known.contains(&key_of(&id)) {
                        self.removed.push(id.clone());
                    }
                }
                self.summary.changed = true;
                group
            }
        };
        if let Some((_, state, _)) = &mut self.current {
            state.articles.push(ArticleState { id: &id, hash, group });
        }
        Ok(())
    }

    /// The file that has this id: one met before in this run, or one elsewhere that is still there.
    fn holder(&self, id: &str) -> Option<String> {
        if let Some(&file) = self.taken.get(&key_of(id)) {
            return Some(self.files[file as usize].clone());
        }
        let key = self.elsewhere.get(&key_of(id))?;
        let there = &**key == STDIN || Path::new(&**key).exists();
        there.then(|| if &**key == STDIN { "standard input".to_owned() } else { key.to_string() })
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
        if key == STDIN {
            // a stream cannot say what is gone: what came in before stays
            let file = (self.files.len() - 1) as u32;
            for article in old.articles.iter() {
                if self.holder(article.id).is_none() {
                    self.taken.insert(key_of(article.id), file);
                    state.articles.push(article);
                }
            }
        }
        if !old.articles.is_empty() {
            let same: FxHashSet<(&str, u64)> = state.articles.iter().map(|now| (now.id, now.hash)).collect();
            let former = old.articles.iter().filter(|was| !same.contains(&(was.id, was.hash)));
            self.former.extend(former.map(|was| (was.id.to_owned(), was.group)));
        }
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
        state.articles.retain(|article| *self.taken.entry(key_of(article.id)).or_insert(file) == file);
        state.contested |= state.articles.len() < before;
        self.manifest.files.insert(key, state);
    }

    /// Removes what is gone; gives the manifest of what is left, and the wire groups where they changed.
    pub fn close(mut self, rest: Rest) -> Result<Closed, StoreError> {
        if let Some((key, state, old)) = self.current.take() {
            // the run was stopped inside of this file: all its articles are known, and it will be read again
            let mut state = FileState { modified: i64::MIN, ..state };
            for article in old.articles.iter() {
                if !self.taken.contains_key(&key_of(article.id)) {
                    state.articles.push(article);
                }
            }
            self.summary.changed = true;
            self.manifest.files.insert(key, state);
        }
        for (key, state) in rest.kept {
            // a file that was moved to where this run read it has lost its articles to its new place
            if !Path::new(&key).exists()
                && state.articles.iter().all(|article| self.taken.contains_key(&key_of(article.id)))
            {
                self.summary.changed = true;
                continue;
            }
            self.files.push(state.shown.clone());
            self.keep(key, state);
        }
        self.summary.changed |= !rest.gone.is_empty();
        for (_, state) in rest.gone {
            self.former.extend(state.articles.iter().map(|was| (was.id.to_owned(), was.group)));
        }
        for (id, group) in std::mem::take(&mut self.former) {
            if self.writer.is_some() {
                self.wire.groups()?.leave(group);
            }
            if !self.taken.contains_key(&key_of(&id)) {
                self.summary.articles.removed += 1;
                self.summary.changed = true;
                self.removed.push(id);
            }
        }
        Ok(Closed {
            manifest: self.manifest,
            summary: self.summary,
            wire: self.wire.groups,
            segment: self.segment,
            removed: self.removed,
        })
    }
}
