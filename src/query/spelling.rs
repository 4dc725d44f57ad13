//! Words that no article holds, as they may have been meant: a letter mistyped, two words run together, one torn apart.
//!
//! A word comes into question only if the archive prints it nowhere, does not hold its morphemes one after the other, and
//! knows no other name for it, or if two of its syllables stand side by side nowhere; that is found out by a few look-ups, and only then is the vocabulary gone through. Hangul is
//! compared letter by letter. The first letter is taken to be right: it seldom is not, and it bounds what is gone through.

use std::collections::BTreeMap;
use std::ops::Range;

use super::correct::{Fix, Reason, printed};
use super::distance::distance;
use super::forms::spelt;
use super::matching::{holds_pair, holds_phrase};
use super::near::Near;
use super::sought::{Sought, SoughtLeaf};
use super::words::words_of;
use crate::analyze::jamo::ONSETS;
use crate::analyze::number::Joiner;
use crate::analyze::script::{is_syllable, small};
use crate::analyze::{Evidence, Worker};
use crate::article::Lang;
use crate::store::reader::Reader;

/// Fewer letters than these are too little to tell by; from so many on two of them may differ.
const FEWEST: usize = 5;
const LONG: usize = 9;
/// The longest word that is compared, in letters.
const LONGEST: usize = 40;
/// Words of a query that are looked after.
const MOST: usize = 4;
/// One article in so many must print what is taken for right, besides the first.
const SELDOM: u64 = 20_000;

/// What words that nothing holds and nothing `names` may have been meant to be.
pub fn fixes(
    sought: &Sought,
    names: impl Fn(usize) -> bool,
    reader: &Reader,
    worker: &mut Worker,
) -> tantivy::Result<Vec<Fix>> {
    let mut lost = Vec::new();
    for (at, leaf) in sought.leaves.iter().enumerate() {
        let in_question = leaf.is_open() && !leaf.has_user_word() && lost.len() < MOST && is_word(&leaf.leaf.text);
        if in_question && (is_foreign_body(leaf, reader)? || !names(leaf.leaf.number) && is_lost(leaf, reader)?) {
            lost.push(at);
        }
    }
    let mut out: Vec<Fix> = Vec::new();
    for at in lost {
        let text = &sought.leaves[at].leaf.text;
        if out.iter().any(|fix| fix.leaves.contains(&at)) {
            continue;
        }
        if let Some((leaves, to)) = torn(sought, at, reader)? {
            let from = sought.leaves[leaves.clone()].iter().map(|leaf| leaf.leaf.text.as_str());
            let from = from.collect::<Vec<_>>().join(" ");
            out.push(Fix { leaves, from, to, reason: Reason::Spacing });
        } else if let Some(to) = run_together(text, reader, worker)? {
            out.push(Fix { leaves: at..at + 1, from: text.clone(), to, reason: Reason::Spacing });
        } else if let Some(to) = mistyped(text, reader)? {
            out.push(Fix { leaves: at..at + 1, from: text.clone(), to, reason: Reason::Spelling });
        }
    }
    Ok(out)
}

/// Letters only, of one script, and enough of them.
fn is_word(text: &str) -> bool {
    let letters = spelt(&small(text)).len();
    let hangul = text.chars().all(is_syllable);
    (FEWEST..=LONGEST).contains(&letters) && (hangul || text.chars().all(|ch| ch.is_ascii_alphabetic() || ch == '\''))
}

/// True for Hangul with two syllables side by side that stand so in no article: whatever was made of the rest of it, this was
/// never printed.
fn is_foreign_body(leaf: &SoughtLeaf, reader: &Reader) -> tantivy::Result<bool> {
    for pair in leaf.words.iter().flat_map(|word| word.terms(Evidence::Bigram)) {
        if !holds_pair(reader, &pair.term)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// True where no article prints the word or holds its morphemes one after the other.
fn is_lost(leaf: &SoughtLeaf, reader: &Reader) -> tantivy::Result<bool> {
    for token in leaf.words.iter().flat_map(|word| word.terms(Evidence::Exact)) {
        if printed(&token.term, reader)? > 0 {
            return Ok(false);
        }
    }
    Ok(!leaf.words.is_empty() && !holds_phrase(reader, &leaf.words)?)
}

/// Articles that must print what is taken for right.
fn least(reader: &Reader) -> u64 {
    1 + reader.articles() / SELDOM
}

/// The leaves that make one printed word: a lost one and the one behind or before it.
fn torn(sought: &Sought, at: usize, reader: &Reader) -> tantivy::Result<Option<(Range<usize>, String)>> {
    let pairs = [Some(at..at + 2), at.checked_sub(1).map(|before| before..at + 1)];
    for pair in pairs.into_iter().flatten().filter(|pair| sought.side_by_side(pair.clone())) {
        let whole: String = sought.leaves[pair.clone()].iter().map(|leaf| leaf.leaf.text.as_str()).collect();
        if printed(&small(&whole), reader)? >= least(reader) {
            return Ok(Some((pair, whole)));
        }
    }
    Ok(None)
}

/// Two printed words that a lost one is made of, the more usual ones first.
fn run_together(text: &str, reader: &Reader, worker: &mut Worker) -> tantivy::Result<Option<String>> {
    let mut best: Option<(u64, String)> = None;
    for (at, _) in text.char_indices().skip(1) {
        let (head, tail) = text.split_at(at);
        let enough = |part: &str| spelt(part).len() >= 4;
        if !enough(head) || !enough(tail) {
            continue;
        }
        let both = printed(&small(head), reader)?.min(printed(&small(tail), reader)?);
        let words = words_of(&format!("{head} {tail}"), 0, &mut Joiner::default(), worker);
        if both >= least(reader) && best.as_ref().is_none_or(|(most, _)| both > *most) && holds_phrase(reader, &words)?
        {
            best = Some((both, format!("{head} {tail}")));
        }
    }
    Ok(best.map(|(_, words)| words))
}

/// The nearest printed form with the same first letter, of those the most frequent.
fn mistyped(text: &str, reader: &Reader) -> tantivy::Result<Option<String>> {
    let wanted = small(text);
    let strokes = spelt(&wanted);
    let most = if strokes.len() >= LONG { 2 } else { 1 };
    let size = wanted.chars().count();
    let (from, to) = opening(&wanted);
    let near = Near::new(&strokes, most);
    let mut counts: BTreeMap<String, (usize, u64)> = BTreeMap::new();
    for segment in reader.searcher.segment_readers() {
        for lang in [Lang::Ko, Lang::En] {
            let inverted = segment.inverted_index(reader.fields.of(lang).exact)?;
            let mut terms = inverted.terms().search(&near).ge(from.as_bytes()).lt(to.as_bytes()).into_stream()?;
            while let Some((term, info)) = terms.next() {
                let Ok(form) = std::str::from_utf8(term) else { continue };
                if form.chars().count().abs_diff(size) > most || form.contains(|ch: char| !ch.is_alphabetic()) {
                    continue;
                }
                let away = distance(&strokes, &spelt(form), most);
                counts.entry(form.to_owned()).or_insert((away, 0)).1 += u64::from(info.doc_freq);
            }
        }
    }
    let held = counts.into_iter().filter(|(_, (_, articles))| *articles >= least(reader));
    Ok(held.min_by_key(|(_, (away, articles))| (*away, u64::MAX - articles)).map(|(form, _)| form))
}

/// The range of words that open with the same letter.
fn opening(word: &str) -> (String, String) {
    let first = word.chars().next().unwrap_or('\0');
    let block = |onset: u32| char::from_u32('가' as u32 + onset * 588).unwrap_or('힣').to_string();
    if is_syllable(first) {
        let onset = (first as u32 - '가' as u32) / 588;
        let end = if onset as usize + 1 < ONSETS.len() { block(onset + 1) } else { '\u{d7a4}'.to_string() };
        (block(onset), end)
    } else {
        let next = char::from_u32(first as u32 + 1).unwrap_or(char::MAX);
        (first.to_string(), next.to_string())
    }
}
