//! Names that no glossary has: which words of a query are worth hearing, and what they are found to sound like.
//!
//! Capitalised words may be farther from what they sound like than small ones, which are only taken for loanwords; Korean
//! words must be names to the dictionary, or strange to it.

use tantivy::Term;

use crate::analyze::latin::{fold, is_stop_word};
use crate::analyze::number::Joiner;
use crate::analyze::{Evidence, Span, Token, Worker};
use crate::article::Lang;
use crate::glossary::Glossary;
use crate::glossary::find::Named;
use crate::glossary::hear::{Heard, hear};
use crate::glossary::key::{is_name_in_capitals, latin_words};
use crate::glossary::sound::{SAME, sounds};
use crate::jobs::Jobs;
use crate::query::words::words_of;
use crate::store::reader::Reader;

/// The most words of a query that are heard.
const MOST: usize = 12;
/// How far a loanword, a short name and a name among known parts may be.
const LOANWORD: f32 = 0.03;
const SHORT: f32 = 0.04;
const DOUBTFUL: f32 = 0.05;

/// A word of the query that may sound like one of the archive.
#[derive(Debug, Clone, PartialEq)]
struct Word {
    text: String,
    span: Span,
    lang: Lang,
    most: f32,
    name: bool,
}

/// What was heard for a stretch of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    pub span: Span,
    pub lang: Lang,
    pub words: Vec<Heard>,
}

/// A stretch of a query.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'q> {
    pub text: &'q str,
    /// Where it starts.
    pub offset: usize,
    pub tokens: &'q [Token],
}

/// Hears what is not `named` in a stretch of the query.
pub fn heard(
    stretch: Stretch,
    named: &[Named],
    glossary: &Glossary,
    reader: &Reader,
    jobs: Jobs,
    worker: &mut Worker,
) -> tantivy::Result<Vec<Likeness>> {
    let Stretch { text, offset, tokens } = stretch;
    let mut words = latin(text, offset, named);
    words.extend(korean(text, offset, tokens, named));
    let mut out = Vec::new();
    if words.is_empty() {
        return Ok(out);
    }
    let Some(archive) = glossary.words() else { return Ok(out) };
    for word in words.into_iter().take(MOST) {
        // there is nothing to find where no article is in the other language
        let other = if word.lang == Lang::Ko { Lang::En } else { Lang::Ko };
        if reader.articles_in(other) == 0 {
            continue;
        }
        // where the query has other words to translate, only a word that no article of its own language has
        if !named.is_empty() && is_held(&word, reader)? {
            continue;
        }
        let mut words = hear(archive, &word.text, word.lang, word.most, jobs);
        if word.lang == Lang::En && word.name {
            words.retain(|heard| !is_common(&heard.word, worker));
        }
        if !words.is_empty() {
            out.push(Likeness { span: word.span, lang: word.lang, words });
        }
    }
    Ok(out)
}

fn latin(text: &str, offset: usize, named: &[Named]) -> Vec<Word> {
    let small = !text.contains(char::is_uppercase);
    let known = |span: &Span| named.iter().any(|it| it.lang == Lang::En && overlap(it.span, *span));
    let words = latin_words(text).into_iter().enumerate();
    words
        .filter_map(|(at, word)| {
            let span = Span::new(word.start, word.end).shifted(offset);
            let letters = word.text.len();
            let plain = word.text.bytes().all(|byte| byte.is_ascii_alphabetic());
            if !plain || known(&span) || is_name_in_capitals(&word.text) || is_stop_word(&word.text, &fold(&word.text))
            {
                return None;
            }
            let capital = word.text.starts_with(char::is_uppercase) && at > 0;
            let (most, name) = match letters {
                5.. if capital => (SAME, true),
                4 if capital => (SHORT, true),
                6.. if small => (DOUBTFUL, true),
                6.. => (LOANWORD, false),
                _ => return None,
            };
            Some(Word { text: word.text, span, lang: Lang::En, most, name })
        })
        .collect()
}

fn korean(text: &str, offset: usize, tokens: &[Token], named: &[Named]) -> Vec<Word> {
    let printed =
        tokens.iter().filter(|token| token.evidence == Evidence::Exact && (token.tag == "SN" || !token.is_latin()));
    printed
        .filter_map(|token| {
            let form = text.get(token.span.start - offset..token.span.end - offset)?;
            let syllables = form.chars().count();
            if !(2..=8).contains(&syllables) || sounds(form).len() < 4 {
                return None;
            }
            let inside = |it: &&Token| it.span.start >= token.span.start && it.span.end <= token.span.end;
            let parts: Vec<&Token> = tokens.iter().filter(|it| it.evidence == Evidence::Word).filter(inside).collect();
            let strange = parts.iter().any(|it| matches!(it.tag, "NNP" | "UNKNOWN")) || parts.is_empty();
            let broken = parts.len() > 1 && parts.iter().any(|it| it.term.chars().count() == 1);
            let covers =
                |it: &Named| it.lang == Lang::Ko && it.span.start <= token.span.start && it.span.end >= token.span.end;
            if named.iter().any(covers) {
                return None;
            }
            let touched = named.iter().any(|it| it.lang == Lang::Ko && overlap(it.span, token.span));
            let most = match (touched, syllables) {
                (true, 3..) if broken => DOUBTFUL,
                (true, _) => return None,
                (false, 3..) if strange || broken => SAME,
                (false, 2) if strange => SHORT,
                (false, 3..) => LOANWORD,
                _ => return None,
            };
            Some(Word { text: form.to_owned(), span: token.span, lang: Lang::Ko, most, name: strange || broken })
        })
        .collect()
}

pub fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// True where an article in the word's own language has it as printed.
fn is_held(word: &Word, reader: &Reader) -> tantivy::Result<bool> {
    let field = reader.fields.of(word.lang).exact;
    Ok(reader.searcher.doc_freq(&Term::from_field_text(field, &word.text.to_ascii_lowercase()))? > 0)
}

/// True for a common noun of the Korean dictionary, which a name must not be taken for.
fn is_common(korean: &str, worker: &mut Worker) -> bool {
    let words = words_of(korean, 0, &mut Joiner::default(), worker);
    let mut tags = words.iter().flat_map(|word| word.terms(Evidence::Word)).map(|token| token.tag);
    tags.next() == Some("NNG") && tags.next().is_none()
}
