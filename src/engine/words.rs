//! The user's words of an index as they are shown: each with how far it is applied and how many articles hold it, and what
//! is to be said where index and file differ.

use std::fmt;
use std::path::Path;

use rustc_hash::FxHashSet;
use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Term};

use super::search::SearchError;
use crate::analyze::words::UserWord;
use crate::article::Lang;
use crate::store::reader::Reader;
use crate::store::version::StoreError;
use crate::store::words::{Pending, WORDS_FILE, WordsFile};

/// How far a word is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Applied,
    /// In the file and not in the index.
    New,
    /// In the index and not in the file any more.
    Gone,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Applied => "applied",
            State::New => "new",
            State::Gone => "gone",
        })
    }
}

/// A word, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordOut {
    pub word: UserWord,
    pub state: State,
    /// Articles that hold it, where the index knows it.
    pub articles: Option<u64>,
}

/// The words of the file and of the index in `dir`, in the order of their letters.
pub fn listed(dir: &Path, file: &WordsFile) -> Result<Vec<WordOut>, SearchError> {
    let reader = match Reader::open_unchecked(dir) {
        Ok(reader) => Some(reader),
        Err(StoreError::Missing(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let known = reader.as_ref().map_or(&[][..], |reader| &reader.stamp.words);
    let wanted = file.words();
    let Pending { added, removed } = Pending::between(&wanted, known);
    let (added, gone): (FxHashSet<&UserWord>, FxHashSet<&UserWord>) =
        (added.iter().collect(), removed.iter().collect());
    let mut out = Vec::with_capacity(wanted.len());
    for word in removed.iter().chain(&wanted) {
        let state = match () {
            () if added.contains(word) => State::New,
            () if gone.contains(word) => State::Gone,
            () => State::Applied,
        };
        let articles = match &reader {
            Some(reader) if state != State::New => Some(articles(reader, word)?),
            _ => None,
        };
        out.push(WordOut { word: word.clone(), state, articles });
    }
    out.sort_by_cached_key(|word| word.word.term());
    Ok(out)
}

/// An index is searched with the words it was made with; says where its file has others by now, or cannot be read.
pub(super) fn remark(reader: &Reader) -> Option<String> {
    let dir = reader.dir().display();
    match WordsFile::read(reader.dir()) {
        Ok(file) => {
            let pending = Pending::between(&file.words(), &reader.stamp.words);
            let apply =
                || format!("{dir}/{WORDS_FILE}: {pending} and not yet applied; run: search dict apply -i {dir}");
            (!pending.is_empty()).then(apply)
        }
        Err(error) => Some(format!("{dir}/{WORDS_FILE}: {error}")),
    }
}

fn articles(reader: &Reader, word: &UserWord) -> tantivy::Result<u64> {
    let mut count = 0;
    for segment in reader.searcher.segment_readers() {
        for lang in [Lang::Ko, Lang::En] {
            let field = reader.fields.of(lang).text;
            let term = Term::from_field_text(field, &word.term());
            let postings = segment.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?;
            count += postings.map_or(0, |mut postings| match segment.alive_bitset() {
                Some(alive) => u64::from(postings.count(alive)),
                None => u64::from(postings.count_including_deleted()),
            });
        }
    }
    Ok(count)
}
