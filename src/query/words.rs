//! The words of a query: cut and analysed exactly as the words of articles are.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::analyze::cut::Cut;
use crate::analyze::number::Joiner;
use crate::analyze::words::PART;
use crate::analyze::{Evidence, Span, Token, Worker};
use crate::article::Lang;
use crate::rank::evidence::QueryWord;

/// Composes decomposed Hangul and accents, as articles are when they are read.
pub fn composed(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Analyses the words of `text`, which starts at byte `offset` of the query; `joiner` has seen the words before it.
pub fn words_of(text: &str, offset: usize, joiner: &mut Joiner, worker: &mut Worker) -> Vec<QueryWord> {
    let mut words = Vec::new();
    let mut cut = Cut::new(text);
    while let Some((chunk, _)) = cut.next(worker) {
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
            let (parts, tokens) = tokens.into_iter().partition(|token| token.tag == PART);
            let (text, span) = (chunk.of(text).to_owned(), chunk.shifted(offset));
            words.push(QueryWord { text, span, tokens, parts, weight: 1.0 });
        }
    }
    words
}

/// The terms that may stand at one place: a sign and its reading, a number and its value.
pub type Place<'w> = Vec<&'w str>;

/// The places of words that stand one after the other. A word of the user's stands at the first of its places, and what it is
/// made of at all of them.
pub fn places(words: &[QueryWord]) -> Vec<Place<'_>> {
    let mut out = Vec::new();
    for word in words {
        let parts = word.parts.iter().filter(|part| part.evidence == Evidence::Word);
        let mut tokens: Vec<&Token> = word.terms(Evidence::Word).chain(parts).collect();
        tokens.sort_by_key(|token| token.position);
        out.extend(placed(&tokens));
    }
    out
}

/// The places of one word, wherever they stand; a word of the user's has one.
pub fn places_of(word: &QueryWord) -> Vec<Place<'_>> {
    placed(&word.terms(Evidence::Word).collect::<Vec<_>>())
}

fn placed<'w>(tokens: &[&'w Token]) -> Vec<Place<'w>> {
    let of_one = tokens.chunk_by(|a, b| a.position == b.position);
    of_one.map(|tokens| tokens.iter().map(|token| token.term.as_str()).collect()).collect()
}

/// In which languages' articles the printed forms of a query's words are looked for: in both, but stop words in those of
/// the query's language alone. An English `the` says nothing of a Korean article, however rare it is there. Where stop words are
/// all there is, one may be a name (`who`).
#[derive(Debug, Clone, Copy)]
pub struct FormLangs {
    /// The language of the query: Korean where it asks for Hangul or hanja anywhere.
    pub own: Lang,
    has_stems: bool,
}

impl FormLangs {
    pub fn new<'q>(words: impl Iterator<Item = &'q QueryWord> + Clone) -> FormLangs {
        let korean = |word: &QueryWord| {
            word.terms(Evidence::Word).chain(word.terms(Evidence::Bigram)).any(|token| !token.is_latin())
        };
        let own = if words.clone().any(korean) { Lang::Ko } else { Lang::En };
        FormLangs { own, has_stems: words.into_iter().any(has_stem) }
    }

    /// Those of a form of one word of the query.
    pub fn of(self, word: &QueryWord, form: &Token) -> &'static [Lang] {
        match self.own {
            _ if !form.is_latin() || has_stem(word) || !self.has_stems => &[Lang::Ko, Lang::En],
            Lang::Ko => &[Lang::Ko],
            Lang::En => &[Lang::En],
        }
    }
}

/// False for stop words.
fn has_stem(word: &QueryWord) -> bool {
    word.terms(Evidence::Word).next().is_some()
}
