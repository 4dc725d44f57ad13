//! The words of a query: cut and analysed exactly as the words of articles are.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::analyze::chunk::chunks;
use crate::analyze::number::Joiner;
use crate::analyze::{Evidence, Span, Token, Worker};
use crate::rank::evidence::QueryWord;

/// Composes decomposed Hangul and accents, as articles are when they are read.
pub fn composed(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Analyses the words of `text`, which starts at byte `offset` of the query; `joiner` has seen the words before it.
pub fn words_of(text: &str, offset: usize, joiner: &mut Joiner, worker: &mut Worker) -> Vec<QueryWord> {
    let mut words = Vec::new();
    for chunk in chunks(text) {
        let (core, analysis) = worker.chunk(chunk.of(text));
        let from = offset + chunk.start + core;
        let mut tokens: Vec<Token> = analysis
            .pieces
            .iter()
            .map(|piece| Token {
                term: analysis.term(piece).to_owned(),
                span: Span::new(from + usize::from(piece.span.0), from + usize::from(piece.span.1)),
                position: u32::from(piece.position),
                evidence: piece.evidence,
                tag: piece.tag,
            })
            .collect();
        if let Some(value) = joiner.next(analysis.amount) {
            let span = chunk.shifted(offset);
            tokens.insert(0, Token { term: value, span, position: 0, evidence: Evidence::Word, tag: "SN" });
        }
        if !tokens.is_empty() {
            words.push(QueryWord { text: chunk.of(text).to_owned(), span: chunk.shifted(offset), tokens, weight: 1.0 });
        }
    }
    words
}

/// The terms that may stand at one place: a sign and its reading, a number and its value.
pub type Place<'w> = Vec<&'w str>;

/// The places of words that stand one after the other.
pub fn places(words: &[QueryWord]) -> Vec<Place<'_>> {
    let mut out = Vec::new();
    for word in words {
        let tokens: Vec<_> = word.terms(Evidence::Word).collect();
        let of_one = tokens.chunk_by(|a, b| a.position == b.position);
        out.extend(of_one.map(|tokens| tokens.iter().map(|token| token.term.as_str()).collect::<Place>()));
    }
    out
}

/// True where the query asks for Hangul or hanja anywhere.
pub fn is_korean(words: &[QueryWord]) -> bool {
    words.iter().any(|word| {
        word.terms(Evidence::Word).chain(word.terms(Evidence::Bigram)).any(|token| !matches!(token.tag, "SL" | "SN"))
    })
}
