//! What the articles of one language open with: the words that an event is told by, and the articles each of them opens.
//!
//! Words of the title and the opening count [`LEAD_COUNT`] times in an index, so a frequency tells them from the rest: one
//! pass over the postings gives every article's opening words, and no article is read again. Korean words are morphemes and
//! printed forms; Latin words of either language are stems, kept with the form that most articles print.

use rustc_hash::FxHashMap;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use crate::analyze::latin::{English, is_stop_word};
use crate::article::Lang;
use crate::glossary::key::bare;
use crate::store::invert::inverter::LEAD_COUNT;
use crate::store::reader::Reader;

/// A word that this share of the articles opens with says nothing about any.
const COMMON: usize = 8;
/// The most words of an opening.
const LONGEST: usize = 120;

/// The articles of one language, in order of publication.
#[derive(Debug, Default)]
pub struct Side {
    pub articles: Vec<Opening>,
    pub words: Vec<Word>,
    by_key: FxHashMap<String, u32>,
    scripts: Vec<bool>,
}

/// An article by what it opens with.
#[derive(Debug)]
pub struct Opening {
    pub address: DocAddress,
    /// Days since 1970; `None` without a date.
    pub day: Option<i64>,
    pub words: Vec<u32>,
}

/// A word and the articles that open with it, in order.
#[derive(Debug)]
pub struct Word {
    pub key: String,
    /// As most articles print it.
    pub form: String,
    printed: u32,
    pub articles: Vec<u32>,
}

impl Side {
    /// Reads the openings of the articles in `lang` that are published on one of `days`, or undated.
    pub fn read(
        reader: &Reader,
        lang: Lang,
        chosen: &[(DocAddress, Option<i64>)],
        english: &English,
    ) -> tantivy::Result<Side> {
        let mut side = Side {
            articles: chosen.iter().map(|&(address, day)| Opening { address, day, words: Vec::new() }).collect(),
            ..Side::default()
        };
        let of = reader.fields.of(lang);
        for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
            let mut place = vec![u32::MAX; segment.max_doc() as usize];
            for (at, (address, _)) in chosen.iter().enumerate().filter(|(_, it)| it.0.segment_ord == ord as u32) {
                place[address.doc_id as usize] = at as u32;
            }
            let fields: &[(Field, bool)] = match lang {
                Lang::Ko => &[(of.text, false), (of.exact, true)],
                Lang::En => &[(of.text, false), (of.exact, true)],
            };
            for &(field, printed) in fields {
                let inverted = segment.inverted_index(field)?;
                let mut terms = inverted.terms().stream()?;
                while let Some((term, info)) = terms.next() {
                    let Some((key, form)) =
                        std::str::from_utf8(term).ok().and_then(|term| word(term, printed, english))
                    else {
                        continue;
                    };
                    let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
                    let mut found = Vec::new();
                    while postings.doc() != TERMINATED {
                        let at = place[postings.doc() as usize];
                        if at != u32::MAX && postings.term_freq() >= LEAD_COUNT {
                            found.push(at);
                        }
                        postings.advance();
                    }
                    if !found.is_empty() {
                        side.add(key, form, found);
                    }
                }
            }
        }
        side.settle();
        Ok(side)
    }

    fn add(&mut self, key: String, form: &str, mut found: Vec<u32>) {
        let at = *self.by_key.entry(key).or_insert_with_key(|key| {
            self.words.push(Word { key: key.clone(), form: form.to_owned(), printed: 0, articles: Vec::new() });
            self.words.len() as u32 - 1
        });
        let word = &mut self.words[at as usize];
        if found.len() as u32 > word.printed {
            word.printed = found.len() as u32;
            form.clone_into(&mut word.form);
        }
        word.articles.append(&mut found);
    }

    /// Sorts the lists, leaves out what is common, and turns words into the openings of articles.
    fn settle(&mut self) {
        let most = (self.articles.len() / COMMON).max(20);
        for word in &mut self.words {
            word.articles.sort_unstable();
            word.articles.dedup();
            if word.articles.len() > most {
                word.articles = Vec::new();
            }
        }
        for (at, word) in self.words.iter().enumerate() {
            for &article in &word.articles {
                let words = &mut self.articles[article as usize].words;
                if words.len() < LONGEST {
                    words.push(at as u32);
                }
            }
        }
        self.scripts = self.words.iter().map(|word| word.key.bytes().all(|byte| byte.is_ascii())).collect();
    }

    pub fn get(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// True for words in Latin letters and for numbers.
    pub fn is_latin(&self, word: u32) -> bool {
        self.scripts[word as usize]
    }

    /// How telling a word is.
    pub fn idf(&self, articles: usize) -> f32 {
        (self.articles.len() as f32 / articles.max(1) as f32).ln()
    }
}

/// The key and the printed form of a term: Hangul as it is, numbers from where they are evaluated, Latin words from where they
/// are printed whole.
fn word<'t>(term: &'t str, printed: bool, english: &English) -> Option<(String, &'t str)> {
    let first = term.chars().next()?;
    if first.is_ascii_digit() {
        let plain = term.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        return (!printed && plain && term.len() > 1).then(|| (term.to_owned(), term));
    }
    if first.is_ascii() {
        let latin = printed && term.is_ascii() && term.len() > 1 && !is_stop_word(term, term);
        return latin.then(|| (english.stem(term), term));
    }
    let korean = term.chars().all(|ch| matches!(ch, '가'..='힣')) && term.chars().count() > 1;
    korean.then(|| (bare(term), term))
}

/// The articles of one language that may have a counterpart: one of each wire group, in order of publication; undated ones last.
pub fn articles(reader: &Reader, lang: Lang) -> tantivy::Result<Vec<(DocAddress, Option<i64>)>> {
    let mut out = Vec::new();
    let mut groups = rustc_hash::FxHashSet::default();
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let day = segment.fast_fields().i64("day")?;
        let group = segment.fast_fields().u64("group")?;
        let inverted = segment.inverted_index(reader.fields.lang)?;
        let term = Term::from_field_text(reader.fields.lang, lang.code());
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            postings.advance();
            if !segment.is_deleted(doc) && group.first(doc).is_none_or(|group| groups.insert(group)) {
                out.push((DocAddress::new(ord as u32, doc), day.first(doc)));
            }
        }
    }
    out.sort_by_key(|&(address, day)| (day.unwrap_or(i64::MAX), address));
    Ok(out)
}
