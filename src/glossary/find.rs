//! The things a query names, and what they are called in the other language.
//!
//! Latin words are looked up by runs of words, Korean by runs of morphemes: from a morpheme's start to a morpheme's end,
//! so particles are left out and spaces do not matter. The longest run that is known wins, and its parts are not looked
//! up by themselves.

use super::key::{LatinWord, MAX_SYLLABLES, bare, english_keys, latin_words, query_keys};
use super::{Glossary, Pair};
use crate::analyze::latin::{English, fold, is_stop_word};
use crate::analyze::{Evidence, Span, Token};
use crate::article::Lang;

/// The most morphemes of a Korean run.
const MAX_MORPHEMES: usize = 8;

/// A stretch of the query that names something known.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<'g> {
    /// Bytes of the query.
    pub span: Span,
    /// The language it was found in.
    pub lang: Lang,
    pub pairs: Vec<Pair<'g>>,
}

/// Finds what `text` names; `offset` is where it starts in the query, as do the spans of its Korean `tokens`.
pub fn named<'g>(text: &str, offset: usize, tokens: &[Token], glossary: &'g Glossary) -> Vec<Named<'g>> {
    let mut found = latin(text, offset, glossary);
    found.extend(korean(text, offset, tokens, glossary));
    found.sort_by_key(|named| named.span);
    found
}

fn latin<'g>(text: &str, offset: usize, glossary: &'g Glossary) -> Vec<Named<'g>> {
    let english = English::default();
    let small = !text.contains(char::is_uppercase);
    let words = latin_words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (at + 1..=words.len().min(at + super::key::MAX_WORDS)).rev().find_map(|end| {
            let run = &words[at..end];
            let function_word = run.len() == 1 && is_stop_word(&run[0].text, &fold(&run[0].text));
            if function_word || !one_phrase(text, run) {
                return None;
            }
            let pairs =
                query_keys(run, small, &english).iter().map(|key| glossary.get(key)).find(|pairs| !pairs.is_empty())?;
            Some((end, pairs))
        });
        match longest {
            Some((end, pairs)) => {
                let span = Span::new(words[at].start, words[end - 1].end).shifted(offset);
                found.push(Named { span, lang: Lang::En, pairs });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// True where nothing but spaces and joining signs is between the words.
fn one_phrase(text: &str, words: &[LatinWord]) -> bool {
    words.windows(2).all(|pair| {
        let between = &text[pair[0].end..pair[1].start];
        between.chars().all(|ch| ch.is_whitespace() || matches!(ch, '-' | '‐' | '‑' | '.' | '&' | '/'))
    })
}

fn korean<'g>(text: &str, offset: usize, tokens: &[Token], glossary: &'g Glossary) -> Vec<Named<'g>> {
    let tokens: Vec<&Token> = tokens
        .iter()
        .filter(|token| token.evidence == Evidence::Word && !(token.is_latin() && token.tag != "SN"))
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let from = tokens[at].span.start;
        let longest = (at + 1..=tokens.len().min(at + MAX_MORPHEMES)).rev().find_map(|end| {
            let last = tokens[end - 1];
            if last.span.end <= from || (end == at + 1 && last.tag == "SN") {
                return None;
            }
            let surface = bare(&text[from - offset..last.span.end - offset]);
            if is_piece(&tokens, at, end, &surface) {
                return None;
            }
            if surface.chars().count() > MAX_SYLLABLES || surface.is_empty() {
                return None;
            }
            let pairs = glossary.get(&surface);
            if !pairs.is_empty() {
                return Some((end, pairs));
            }
            // a verb by its dictionary form
            let before = bare(&text[from - offset..last.span.start.max(from) - offset]);
            let pairs = if last.term.ends_with('다') { glossary.get(&(before + &last.term)) } else { Vec::new() };
            (!pairs.is_empty()).then_some((end, pairs))
        });
        match longest {
            Some((end, pairs)) => {
                let pairs = with_other_names(pairs, glossary);
                found.push(Named { span: Span::new(from, tokens[end - 1].span.end), lang: Lang::Ko, pairs });
                let to = tokens[end - 1].span.end;
                // what stands beside a morpheme (a reading, a joined form) is part of it
                at = end;
                while at < tokens.len() && tokens[at].span.start < to {
                    at += 1;
                }
            }
            None => at += 1,
        }
    }
    found
}

/// Beside a name that was given up, or is new, the names of the same thing at other times: 키예프 and 키이우 are both Kiev.
fn with_other_names<'g>(mut pairs: Vec<Pair<'g>>, glossary: &'g Glossary) -> Vec<Pair<'g>> {
    let of_a_time = |pair: &Pair| {
        let years = pair.entry.value("from").or(pair.entry.value("until"));
        years.is_some() && pair.is_name() && pair.entry.value("in") != Some("people")
    };
    let named: Vec<Pair<'g>> = pairs.iter().filter(|pair| of_a_time(pair)).copied().collect();
    if named.is_empty() {
        return pairs;
    }
    let english = English::default();
    let forms = named.iter().flat_map(|pair| pair.entry.forms(Lang::En));
    for key in forms.flat_map(|form| english_keys(form, &english)) {
        for other in glossary.get(&key).into_iter().filter(of_a_time) {
            if !pairs.contains(&other) {
                pairs.push(other);
            }
        }
    }
    pairs
}

/// True for what means something else by itself: a prefix (비 of 비급여), what a prefix has changed, and one syllable of a
/// longer word.
fn is_piece(tokens: &[&Token], at: usize, end: usize, surface: &str) -> bool {
    let touches = |left: usize, right: usize| {
        let pair = tokens.get(left).zip(tokens.get(right));
        pair.is_some_and(|(left, right)| left.span.end == right.span.start)
    };
    let after_word = at > 0 && touches(at - 1, at);
    let changed = after_word && tokens[at - 1].tag == "XPN";
    let one = end == at + 1;
    let syllable = one && surface.chars().count() == 1 && (after_word || touches(at, at + 1));
    changed || syllable || (one && tokens[at].tag == "XPN")
}
