//! The kinds of evidence, what each weighs, and the clues that a query gives for them.
//!
//! A clue is one term to look for in one field. Weights were found on development queries by cross-validation and hold
//! for every archive; they are ratios, so only their proportions matter.

use std::fmt;

use clap::ValueEnum;
use tantivy::schema::Field;

use crate::analyze::words::USER;
use crate::analyze::{Evidence, Span, Token};
use crate::article::Lang;
use crate::query::words::FormLangs;
use crate::store::schema::Fields;

/// Where a clue is looked for, which decides its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum Kind {
    /// Korean morphemes and lemmas anywhere in the article.
    Morpheme,
    /// Stems of Latin words and numbers anywhere in the article.
    Stem,
    /// Pairs of syllables; those that are words stand among the words.
    Bigram,
    /// Korean compounds as printed.
    Compound,
    /// Latin words as printed.
    Printed,
    /// The title's words.
    Title,
    /// The words that open an English article.
    Opening,
}

/// What a pair of syllables that is a word of the article counts against one that is none: the word itself counts as well.
const PAIR_AS_WORD: f32 = 0.55;

impl Kind {
    /// The weight of one clue of this kind.
    pub fn weight(self) -> f32 {
        match self {
            Kind::Morpheme => 1.0,
            Kind::Stem => 1.6,
            Kind::Bigram => 1.1,
            Kind::Compound => 0.7,
            Kind::Printed => 1.2,
            Kind::Title => 1.2,
            Kind::Opening => 0.5,
        }
    }

    /// False for what only adds to scores: titles and openings say nothing that the text does not say.
    pub fn finds(self) -> bool {
        !matches!(self, Kind::Title | Kind::Opening)
    }

    /// The language of all articles that have evidence of this kind counted for `lang`: pairs of syllables are in articles
    /// of either.
    pub fn one_lang(self, lang: Lang) -> Option<Lang> {
        Some(lang).filter(|_| self != Kind::Bigram)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Morpheme => "morpheme",
            Kind::Stem => "stem",
            Kind::Bigram => "bigram",
            Kind::Compound => "compound",
            Kind::Printed => "as printed",
            Kind::Title => "title",
            Kind::Opening => "opening",
        })
    }
}

/// One term to look for in one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Clue {
    pub kind: Kind,
    pub field: Field,
    pub lang: Lang,
    pub term: String,
    /// Which word of the query asks for it.
    pub word: usize,
    /// Where in that word: what stands at one place there says one thing in several ways.
    pub place: u32,
    /// How many positions it takes where it stands; more than one for a word of the user's that is made of several.
    pub width: u32,
    /// The weight of the kind, times how much the word counts (translations count less).
    pub weight: f32,
}

/// One word of a query, analysed.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryWord {
    /// As typed.
    pub text: String,
    /// Where it stands in the query, in bytes.
    pub span: Span,
    pub tokens: Vec<Token>,
    /// What words of the user's in it are made of: looked for only where places are asked for.
    pub parts: Vec<Token>,
    /// How much the word counts: 1 for what was typed.
    pub weight: f32,
}

impl QueryWord {
    /// The positions that a token of it takes.
    fn width(&self, token: &Token) -> u32 {
        let inside = |part: &&Token| part.span.start >= token.span.start && part.span.end <= token.span.end;
        let last = self.parts.iter().filter(inside).map(|part| part.position).max();
        last.filter(|_| token.tag == USER).map_or(1, |last| last + 1 - token.position)
    }

    pub fn terms(&self, evidence: Evidence) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(move |token| token.evidence == evidence)
    }
}

/// All clues of `kinds` (of all kinds where it is empty) that `words` give, in every field they may be found in; printed forms
/// in articles of the languages that `forms` tells. The same clue asked twice counts twice.
pub fn clues(words: &[QueryWord], forms: FormLangs, kinds: &[Kind], fields: &Fields) -> Vec<Clue> {
    let mut out: Vec<Clue> = Vec::new();
    let mut add = |kind: Kind, field: Field, lang: Lang, word: usize, token: &Token| {
        let share = if kind == Kind::Bigram && field != fields.bigram { PAIR_AS_WORD } else { 1.0 };
        let weight = kind.weight() * share * words[word].weight;
        if !kinds.is_empty() && !kinds.contains(&kind) {
            return;
        }
        let width = words[word].width(token);
        match out.iter_mut().find(|clue| clue.field == field && clue.term == token.term) {
            Some(clue) => clue.weight += weight,
            None => out.push(Clue {
                kind,
                field,
                lang,
                term: token.term.clone(),
                word,
                place: token.position,
                width,
                weight,
            }),
        }
    };
    let of = |evidence: Evidence| {
        words.iter().enumerate().flat_map(move |(at, word)| word.terms(evidence).map(move |token| (at, token)))
    };
    for (at, token) in of(Evidence::Word) {
        let latin = token.is_latin();
        for lang in [Lang::Ko, Lang::En] {
            let of_lang = fields.of(lang);
            add(if latin { Kind::Stem } else { Kind::Morpheme }, of_lang.text, lang, at, token);
            add(Kind::Title, of_lang.title, lang, at, token);
        }
        if latin {
            add(Kind::Opening, fields.opening, Lang::En, at, token);
        }
    }
    for (at, token) in of(Evidence::Exact) {
        let kind = if token.is_latin() { Kind::Printed } else { Kind::Compound };
        for &lang in forms.of(&words[at], token) {
            add(kind, fields.of(lang).exact, lang, at, token);
        }
    }
    // a pair that is a word stands among the words, and adds to what the word gives
    for (at, token) in of(Evidence::Bigram) {
        for lang in [Lang::Ko, Lang::En] {
            add(Kind::Bigram, fields.of(lang).text, lang, at, token);
        }
        add(Kind::Bigram, fields.bigram, Lang::Ko, at, token);
    }
    out
}
