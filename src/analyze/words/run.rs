//! The tokens of entries, and of the runs that hold them.
//!
//! A run is cut with a letter that no dictionary word has in the place of each entry, so what is around it is read as around
//! a name: particles, endings, the other parts of a compound. The entry itself is a word at the first of its positions; what
//! it is made of, cut as if it stood alone, has positions from there on, so that nothing that was found by a part is lost.

use std::sync::Arc;

use super::super::eojeol::{bigrams, exact_forms, words as content_words};
use super::super::korean::{Korean, Morpheme};
use super::super::latin::English;
use super::super::pieces::Analysis;
use super::super::script::{Script, script_of};
use super::super::token::{Evidence, Span};
use super::{Held, PART, USER, Words};

/// What stands for an entry while a run is cut: a letter of its own script, which is read as a foreign name.
const STAND_IN: char = 'Ж';

/// Something that an entry is made of.
#[derive(Debug)]
pub struct Part {
    term: String,
    /// In letters of the entry.
    span: (usize, usize),
    position: u8,
    evidence: Evidence,
}

/// What an entry is made of.
#[derive(Debug, Default)]
pub struct Parts {
    parts: Vec<Part>,
    /// Positions of all of them.
    positions: u8,
}

impl Parts {
    /// Adds the tokens of a piece of the entry that begins with its letter `from`; `term` is that of the entry.
    pub fn add(&mut self, text: &str, analysis: &Analysis, from: usize, term: &str) {
        let letters = |bytes: u16| from + text[..usize::from(bytes)].chars().filter(|&ch| ch != ' ').count();
        for piece in &analysis.pieces {
            let itself = analysis.term(piece) == term;
            if piece.evidence != Evidence::Bigram && !itself {
                self.parts.push(Part {
                    term: analysis.term(piece).to_owned(),
                    span: (letters(piece.span.0), letters(piece.span.1)),
                    position: self.positions.saturating_add(piece.position),
                    evidence: piece.evidence,
                });
            }
        }
        self.positions = self.positions.saturating_add(analysis.positions);
    }
}

/// Adds what `run` of `core` gives, which holds `entries`, each with what it is made of.
pub fn run_with_entries(
    core: &str,
    run: Span,
    entries: &[(Held, Arc<Parts>)],
    words: &Words,
    korean: &mut Korean,
    english: &English,
    out: &mut Analysis,
) {
    let text = run.of(core);
    let spans: Vec<Span> =
        entries.iter().map(|(held, _)| Span::new(held.start - run.start, held.end - run.start)).collect();
    let morphemes = cut(text, &spans, korean);
    let mut rest = &morphemes[..];
    for ((held, parts), span) in entries.iter().zip(&spans) {
        let before = rest.partition_point(|morpheme| morpheme.start < span.start);
        content_words(text, run.start, &rest[..before], korean, english, out);
        entry(core, *held, parts, words, out);
        rest = &rest[(before + 1).min(rest.len())..];
    }
    content_words(text, run.start, rest, korean, english, out);
    exact_forms(text, run.start, &morphemes, out);
    // what is around an entry may be cut otherwise without it: all pairs are kept
    bigrams(text, run.start, text.len(), &morphemes, out);
}

/// The morphemes of a run, its entries among them.
fn cut(text: &str, entries: &[Span], korean: &mut Korean) -> Vec<Morpheme> {
    let mut stood_in = String::with_capacity(text.len());
    // where each entry is in that text
    let mut places = Vec::with_capacity(entries.len());
    let mut at = 0;
    for entry in entries {
        stood_in += &text[at..entry.start];
        places.push(stood_in.len());
        stood_in.push(STAND_IN);
        at = entry.end;
    }
    stood_in += &text[at..];
    let size = STAND_IN.len_utf8();
    let back = |at: usize| {
        let before = places.partition_point(|&place| place + size <= at);
        let entries = &entries[..before];
        entries.iter().fold(at - before * size, |at, entry| at + (entry.end - entry.start))
    };
    let mut out: Vec<Morpheme> = Vec::new();
    for morpheme in korean.morphemes(&stood_in) {
        let inside = |&&place: &&usize| place >= morpheme.start && place < morpheme.end;
        let held = places.iter().filter(inside).count();
        let (start, end) = (back(morpheme.start), back(morpheme.end));
        if held == 0 {
            out.push(Morpheme { start, end, ..morpheme });
            continue;
        }
        // letters of the same script that touch are one word to the dictionary
        let mut at = start;
        let unknown = |start, end| Morpheme { start, end, lemma: None, tag: "UNKNOWN", own_span: true };
        for entry in entries.iter().filter(|entry| entry.start >= start && entry.end <= end) {
            if entry.start > at {
                out.push(unknown(at, entry.start));
            }
            out.push(Morpheme { tag: USER, ..unknown(entry.start, entry.end) });
            at = entry.end;
        }
        if at < end {
            out.push(unknown(at, end));
        }
    }
    out
}

/// Adds an entry and what it is made of.
fn entry(core: &str, held: Held, parts: &Parts, words: &Words, out: &mut Analysis) {
    let span = Span::new(held.start, held.end);
    let term = words.entry(held.entry).term.as_str();
    let first = out.word(term, span, USER);
    if !term.chars().any(|ch| script_of(ch) == Script::Hangul) {
        // forms as printed are told by their Hangul
        out.push(Evidence::Exact, term, span, USER, first);
    }
    // letters of the entry and of the text are one for one
    let letter = |number: usize| {
        let at = span.of(core).char_indices().nth(number);
        at.map_or(held.end, |(at, _)| held.start + at)
    };
    for part in &parts.parts {
        let span = Span::new(letter(part.span.0), letter(part.span.1));
        out.push(part.evidence, &part.term, span, PART, first.saturating_add(part.position));
    }
    out.positions = out.positions.max(first.saturating_add(parts.positions));
}
