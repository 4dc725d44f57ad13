//! From the terms of an archive to its table of suggestions: what is frequent in headlines, recent ones above all.
//!
//! A headline counts more the newer it is, against the newest article; printed forms of the bodies add to a word as far as
//! headlines bear it out, so that `said` does not stand above `sanctions`. The heaviest [`MOST`] entries are kept: the table
//! does not grow with the archive.

use std::io;

use rustc_hash::FxHashMap;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED};

use super::key::{LONGEST, key};
use super::printed::NEUTRAL;
use super::table::{Entry, compile};
use crate::analyze::latin::{fold, is_stop_word};
use crate::analyze::script::{Script, script_of};
use crate::store::reader::Reader;

/// The most entries of a table.
const MOST: usize = 200_000;
/// After this many days a headline counts half, and never less than [`OLD`].
const HALF_LIFE: f64 = 365.0;
const OLD: f64 = 0.25;
/// What a headline and an article count, and how many articles one headline bears out.
const HEADLINE: f64 = 4.0;
const ARTICLE: f64 = 0.25;
const BORNE: f64 = 32.0;
/// Steps of a weight for each e-fold of the score.
const STEPS: f64 = 4000.0;

/// What is known of a word or pair.
#[derive(Debug, Default, Clone)]
struct Seen {
    /// The usual form so far, and how many headlines say that it is.
    form: String,
    telling: u32,
    /// Headlines that print it, and these by their age.
    printed: u32,
    headlines: f64,
    /// Articles that print it.
    articles: u32,
}

impl Seen {
    /// Takes a form that `printed` headlines have; their capitals say nothing where it is `neutral`.
    fn take(&mut self, form: &str, printed: u32, neutral: bool) {
        let telling = if neutral { 0 } else { printed };
        let capitals = neutral && self.telling == 0 && form.contains(char::is_uppercase);
        if self.form.is_empty() || telling > self.telling || capitals {
            self.form = form.to_owned();
            self.telling = telling;
        }
        self.printed += printed;
    }
}

/// The table of everything the index holds, as bytes.
pub fn build(reader: &Reader) -> io::Result<Vec<u8>> {
    let mut seen = headlines(reader).map_err(io::Error::other)?;
    let articles = reader.articles();
    // in a large archive what is printed once is most often a slip of somebody
    let least = (articles / 10_000).clamp(1, 4) as u32;
    for field in [reader.fields.ko.exact, reader.fields.en.exact] {
        bodies(reader, field, least, &mut seen).map_err(io::Error::other)?;
    }
    let pair_least = if articles < 2_000 { 1 } else { 2 };
    let mut kept: Vec<(f64, &Vec<u8>, &Seen)> = seen
        .iter()
        .filter(|(_, seen)| !seen.form.contains(' ') || seen.printed >= pair_least)
        .map(|(key, seen)| (score(seen), key, seen))
        .collect();
    kept.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    kept.truncate(MOST);
    kept.sort_unstable_by(|a, b| a.1.cmp(b.1));
    let entries = kept.into_iter().map(|(score, key, it)| Entry {
        key: key.clone(),
        text: it.form.split(' ').map(|word| usual(word, &seen)).collect::<Vec<_>>().join(" "),
        weight: ((1.0 + score).ln() * STEPS).min(f64::from(u16::MAX)) as u16,
    });
    compile(&entries.collect::<Vec<_>>())
}

/// A word of a pair with the capitals that it has by itself.
fn usual<'s>(word: &'s str, seen: &'s FxHashMap<Vec<u8>, Seen>) -> &'s str {
    seen.get(&key(word)).map_or(word, |known| known.form.as_str())
}

fn score(seen: &Seen) -> f64 {
    let borne = f64::from(seen.printed) * BORNE + 8.0;
    HEADLINE * seen.headlines + ARTICLE * f64::from(seen.articles).min(borne)
}

/// The words and pairs of all headlines, by key.
fn headlines(reader: &Reader) -> tantivy::Result<FxHashMap<Vec<u8>, Seen>> {
    let columns = reader.published()?;
    let newest = columns.iter().filter(|column| column.values.num_vals() > 0).map(|column| column.max_value()).max();
    let newest = newest.unwrap_or(0);
    let mut seen: FxHashMap<Vec<u8>, Seen> = FxHashMap::default();
    for (segment, published) in reader.searcher.segment_readers().iter().zip(columns) {
        let inverted = segment.inverted_index(reader.fields.headline)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            let Ok(form) = std::str::from_utf8(term) else { continue };
            let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            let (mut printed, mut headlines) = (0, 0.0);
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    printed += 1;
                    headlines += published.first(postings.doc()).map_or(OLD, |at| by_age(newest - at));
                }
                postings.advance();
            }
            if printed == 0 {
                continue;
            }
            let (form, neutral) = form.strip_suffix(NEUTRAL).map_or((form, false), |form| (form, true));
            let known = seen.entry(key(form)).or_default();
            known.take(form, printed, neutral);
            known.headlines += headlines;
        }
    }
    Ok(seen)
}

/// What a headline counts that is this many seconds older than the newest.
fn by_age(seconds: i64) -> f64 {
    OLD + (1.0 - OLD) * 0.5f64.powf(seconds.max(0) as f64 / 86_400.0 / HALF_LIFE)
}

/// Adds the printed forms of bodies that `least` articles have.
fn bodies(reader: &Reader, field: Field, least: u32, seen: &mut FxHashMap<Vec<u8>, Seen>) -> tantivy::Result<()> {
    let mut counts: FxHashMap<String, u32> = FxHashMap::default();
    let segments = reader.searcher.segment_readers();
    for segment in segments {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            let Some(form) = std::str::from_utf8(term).ok().filter(|form| is_word(form)) else { continue };
            if segments.len() == 1 {
                add(form, info.doc_freq, least, seen);
            } else {
                *counts.entry(form.to_owned()).or_default() += info.doc_freq;
            }
        }
    }
    counts.iter().for_each(|(form, articles)| add(form, *articles, least, seen));
    Ok(())
}

fn add(form: &str, articles: u32, least: u32, seen: &mut FxHashMap<Vec<u8>, Seen>) {
    if articles < least {
        return;
    }
    let key = key(form);
    if key.len() >= LONGEST {
        return;
    }
    let known = seen.entry(key).or_default();
    known.articles += articles;
    if known.form.is_empty() {
        known.form = form.to_owned();
    }
}

/// True for a printed form worth suggesting: letters, two syllables or three Latin letters, no function word.
fn is_word(form: &str) -> bool {
    let mut hangul = 0;
    let mut letters = 0;
    for ch in form.chars() {
        match script_of(ch) {
            Script::Hangul => hangul += 1,
            Script::Latin | Script::Hanja => letters += 1,
            Script::Digit => {}
            _ => return false,
        }
    }
    (hangul >= 2 || letters >= 3 || (hangul + letters >= 2 && hangul > 0))
        && hangul + letters <= 16
        && !is_stop_word(form, &fold(form))
}
