//! Words of the archive that are like a typed one: by a pattern (`미사*`, `wor?d`), or a few letters away (`미사잉~1`), where
//! Hangul is compared letter by letter and not syllable by syllable.
//!
//! For a pattern the printed forms of both languages are gone through once: from the letters before the first sign on where
//! it has such letters, else all of them; so the time taken grows with the vocabulary and with nothing else. What is a few
//! letters away is found along the term dictionary ([`super::near`]).

use std::collections::BTreeMap;

use tantivy::termdict::TermDictionary;

use super::ast::{Form, Leaf};
use super::near::Near;
use super::sought::Sought;
use super::words::words_of;
use crate::analyze::Worker;
use crate::analyze::jamo::letters;
use crate::analyze::number::Joiner;
use crate::analyze::script::small;
use crate::article::Lang;
use crate::rank::evidence::QueryWord;
use crate::store::reader::Reader;

/// The most forms of one leaf, and of a query, that are looked for.
const MOST: usize = 50;
const MOST_OF_QUERY: usize = 200;
/// The longest pattern, in characters.
const LONGEST: usize = 60;

/// A printed form of the archive.
#[derive(Debug, Clone)]
pub struct LikeForm {
    pub text: String,
    pub lang: Lang,
    pub words: Vec<QueryWord>,
}

/// Looks up the forms of every pattern and every word with `~`, the most frequent first; says what was left out.
pub fn look_up(sought: &mut Sought, reader: &Reader, worker: &mut Worker) -> tantivy::Result<Vec<String>> {
    let mut remarks = Vec::new();
    let mut left = MOST_OF_QUERY;
    for leaf in sought.leaves.iter_mut().filter(|leaf| leaf.leaf.form.is_loose()) {
        let found = like(reader, &leaf.leaf)?;
        let most = MOST.min(left);
        if found.len() > most {
            let many = found.len();
            remarks.push(format!("{}: {many} words are like this; the {most} most frequent are looked for", leaf.leaf));
        }
        left -= found.len().min(most);
        leaf.forms = found
            .into_iter()
            .take(most)
            .map(|(text, lang)| {
                let words = words_of(&text, leaf.at, &mut Joiner::default(), worker);
                LikeForm { text, lang, words }
            })
            .collect();
    }
    Ok(remarks)
}

/// The forms like a leaf, the most frequent first.
fn like(reader: &Reader, leaf: &Leaf) -> tantivy::Result<Vec<(String, Lang)>> {
    let wanted = small(&leaf.text);
    if wanted.chars().count() > LONGEST {
        return Ok(Vec::new());
    }
    let mut counts: BTreeMap<(Lang, String), u64> = BTreeMap::new();
    for segment in reader.searcher.segment_readers() {
        for lang in [Lang::Ko, Lang::En] {
            let inverted = segment.inverted_index(reader.fields.of(lang).exact)?;
            let mut add = |form: &str, articles: u32| {
                *counts.entry((lang, form.to_owned())).or_default() += u64::from(articles);
            };
            match leaf.form {
                Form::Like { edits } => near(inverted.terms(), &wanted, usize::from(edits), &mut add)?,
                _ => fitting(inverted.terms(), &wanted, &mut add)?,
            }
        }
    }
    let mut found: Vec<((Lang, String), u64)> = counts.into_iter().collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.1.cmp(&b.0.1)));
    Ok(found.into_iter().map(|((lang, form), _)| (form, lang)).collect())
}

/// Hands on the words within `edits` letters and as many syllables of `wanted`, and in how many articles each is.
fn near(terms: &TermDictionary, wanted: &str, edits: usize, add: &mut dyn FnMut(&str, u32)) -> tantivy::Result<()> {
    let (strokes, signs) = (spelt(wanted), wanted.chars().count());
    let near = Near::new(&strokes, edits);
    let mut found = terms.search(&near).into_stream()?;
    while let Some((term, info)) = found.next() {
        let Ok(form) = std::str::from_utf8(term) else { continue };
        if form.chars().count().abs_diff(signs) <= edits {
            add(form, info.doc_freq);
        }
    }
    Ok(())
}

/// Hands on the words that `pattern` describes, and in how many articles each is.
fn fitting(terms: &TermDictionary, pattern: &str, add: &mut dyn FnMut(&str, u32)) -> tantivy::Result<()> {
    let prefix = pattern.split(['*', '?']).next().unwrap_or("");
    let signs: Vec<char> = pattern.chars().collect();
    let mut found = terms.range().ge(prefix.as_bytes()).into_stream()?;
    while let Some((term, info)) = found.next() {
        let Ok(form) = std::str::from_utf8(term) else { continue };
        if !form.starts_with(prefix) {
            break;
        }
        if fits(&signs, &form.chars().collect::<Vec<_>>()) {
            add(form, info.doc_freq);
        }
    }
    Ok(())
}

/// A word letter by letter.
pub(super) fn spelt(word: &str) -> Vec<char> {
    let mut out = Vec::new();
    for ch in word.chars() {
        let before = out.len();
        out.extend(letters(ch));
        if out.len() == before {
            out.push(ch);
        }
    }
    out
}

/// True where `form` is what the pattern describes: `*` stands for any letters, `?` for one. One step back at the most for
/// each letter, however many stars there are.
fn fits(pattern: &[char], form: &[char]) -> bool {
    let (mut at, mut to) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while to < form.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, to));
                at += 1;
            }
            Some(&ch) if ch == '?' || ch == form[to] => {
                at += 1;
                to += 1;
            }
            _ => {
                let Some((from, behind)) = star else { return false };
                star = Some((from, behind + 1));
                (at, to) = (from + 1, behind + 1);
            }
        }
    }
    pattern[at..].iter().all(|&ch| ch == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::distance::distance;

    #[test]
    fn forms_fit_patterns() {
        let rows = [
            ("미사*", "미사일", true),
            ("미사*", "미사", true),
            ("미사*", "장미사", false),
            ("*사일", "미사일", true),
            ("wor?d", "world", true),
            ("wor?d", "word", false),
            ("w*r*d", "withdrawword", true),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ];
        for (pattern, form, expected) in rows {
            let [pattern, form] = [pattern, form].map(|text| text.chars().collect::<Vec<_>>());
            assert_eq!(fits(&pattern, &form), expected, "{pattern:?} {form:?}");
        }
    }

    #[test]
    fn letters_apart() {
        let rows = [("미사잉", "미사일", 1), ("북한", "북하", 1), ("withdrawl", "withdrawal", 1), ("북한", "남한", 3)];
        for (a, b, expected) in rows {
            assert_eq!(distance(&spelt(a), &spelt(b), 2), expected, "{a} {b}");
        }
    }
}
