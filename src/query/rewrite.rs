//! What else a query is looked for as: each thing it names, in the other language and by its other names.
//!
//! Quoted phrases are looked for as they are, and so is what is excluded. A translation counts less than the typed word, and
//! all translations of one stretch of the query together count as one word.

use std::fmt;

use tantivy::schema::Field;

use super::ast::Form;
use super::forms::LikeForm;
use super::heard::{Stretch, heard, overlap};
use super::request::{DateRange, Request};
use super::sought::{Sought, SoughtLeaf};
use super::words::words_of;
use crate::analyze::latin::fold;
use crate::analyze::number::Joiner;
use crate::analyze::{Evidence, Span, Token, Worker};
use crate::article::Lang;
use crate::glossary::eras;
use crate::glossary::find::named;
use crate::glossary::key::{bare, is_han, is_name_in_capitals, latin_words};
use crate::glossary::{Glossary, Origin, Pair};
use crate::rank::evidence::{Kind, QueryWord};
use crate::rank::slot::{Slot, Variant};
use crate::store::reader::Reader;
use crate::store::schema::Fields;

/// What a word counts that only sounds like the typed one, with no article to confirm it.
const BY_SOUND: f32 = 0.5;
/// What a name counts that a sign stands for at the time of an article.
const OF_AN_ERA: f32 = 1.0;
/// The most translations of one thing.
const MOST: usize = 10;

/// Another way to say what was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    pub form: String,
    pub lang: Lang,
    pub weight: f32,
    pub reason: Reason,
    words: Vec<QueryWord>,
    /// The days of the articles it holds for; open for what is so at any time.
    days: DateRange,
}

/// Why something else is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A table of pairs, or the sound.
    Named(Origin),
    /// It is what a pattern describes.
    Pattern,
    /// It is spelt almost alike.
    Spelling,
    /// It was so on the day of the article.
    Era,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Named(origin) => origin.fmt(f),
            Reason::Pattern => f.write_str("pattern"),
            Reason::Spelling => f.write_str("spelling"),
            Reason::Era => f.write_str("at the time of the article"),
        }
    }
}

/// A thing the query names.
#[derive(Debug, Clone, PartialEq)]
pub struct Concept {
    /// As typed.
    pub text: String,
    pub span: Span,
    /// The leaves it lies in.
    pub leaves: std::ops::Range<usize>,
    /// How much it counts: what was typed with its first leaf.
    pub boost: f32,
    pub translations: Vec<Translation>,
}

/// The things that the leaves name, with what they are called besides.
pub fn concepts(
    sought: &Sought,
    request: &Request,
    glossary: &Glossary,
    reader: &Reader,
    worker: &mut Worker,
) -> tantivy::Result<Vec<Concept>> {
    let mut out = Vec::new();
    let query = &sought.text;
    // all in capitals, nothing is an acronym for being so
    let shouted = !query.contains(char::is_lowercase) && latin_words(query).iter().any(|word| word.text.len() > 6);
    let lowered = if shouted { query.to_ascii_lowercase() } else { String::new() };
    let query = if shouted { &lowered } else { query };
    for run in sought.runs() {
        let (first, last) = (&run[0], &run[run.len() - 1]);
        let start = first.at;
        let Some(text) = query.get(start..last.at + last.leaf.text.len()) else { continue };
        let tokens: Vec<Token> =
            run.iter().flat_map(|leaf| &leaf.words).flat_map(|word| word.tokens.iter().cloned()).collect();
        let inside = |span: Span| {
            let inside = |leaf: &SoughtLeaf| leaf.at < span.end && leaf.at + leaf.leaf.text.len() > span.start;
            let number = first.leaf.number;
            let from = number + run.iter().position(inside).unwrap_or(0);
            from..number + run.iter().rposition(inside).map_or(1, |last| last + 1)
        };
        let eras: Vec<(Span, Vec<Translation>)> = if glossary.uses(Origin::Core) {
            lone_signs(&tokens).map(|(sign, span)| (span, of_an_era(sign, request.published, worker))).collect()
        } else {
            Vec::new()
        };
        let mut named = named(text, start, &tokens, glossary);
        let stretch = Stretch { text, offset: start, tokens: &tokens };
        let heard = heard(stretch, &named, glossary, reader, request.jobs, worker)?;
        // parts of a name are not looked for by themselves
        named.retain(|named| heard.iter().all(|heard| named.lang != heard.lang || !overlap(heard.span, named.span)));
        let mut add = |span: Span, text: String, translations: Vec<Translation>| {
            if !translations.is_empty() {
                let leaves = inside(span);
                let boost = sought.leaves[leaves.start].leaf.boost;
                out.push(Concept { text, span, leaves, boost, translations });
            }
        };
        for (span, translations) in eras {
            add(span, span.of(query).to_owned(), translations);
        }
        for found in named {
            let text = found.span.of(query).to_owned();
            let translations = translations(&text, found.lang, &found.pairs, request.published, worker);
            add(found.span, text, translations);
        }
        for found in heard {
            let text = found.span.of(query).to_owned();
            let lang = if found.lang == Lang::Ko { Lang::En } else { Lang::Ko };
            let like =
                found.words.into_iter().map(|heard| translation(&heard.word, lang, BY_SOUND, Origin::Sound, worker));
            let translations = like.filter(|like| !like.words.is_empty()).collect();
            add(found.span, text, translations);
        }
    }
    Ok(out)
}

/// The patterns and the words with `~`, as what the archive's words make of them.
pub fn formed(sought: &Sought) -> Vec<Concept> {
    let open = sought.leaves.iter().filter(|leaf| !leaf.excluded && !leaf.forms.is_empty());
    open.map(|leaf| {
        let reason = if leaf.leaf.form == Form::Pattern { Reason::Pattern } else { Reason::Spelling };
        let of = |form: &LikeForm| Translation {
            form: form.text.clone(),
            lang: form.lang,
            weight: 1.0,
            reason,
            words: form.words.clone(),
            days: DateRange::default(),
        };
        let number = leaf.leaf.number;
        Concept {
            text: leaf.leaf.text.clone(),
            span: Span::new(leaf.at, leaf.at + leaf.leaf.text.len()),
            leaves: number..number + 1,
            boost: leaf.leaf.boost,
            translations: leaf.forms.iter().filter(|form| !form.words.is_empty()).map(of).collect(),
        }
    })
    .collect()
}

fn translation(form: &str, lang: Lang, weight: f32, origin: Origin, worker: &mut Worker) -> Translation {
    let words = words_of(form, 0, &mut Joiner::default(), worker);
    let days = DateRange::default();
    Translation { form: form.to_owned(), lang, weight, reason: Reason::Named(origin), words, days }
}

/// The names that a sign by itself stands for at the time of an article.
fn of_an_era(sign: char, published: DateRange, worker: &mut Worker) -> Vec<Translation> {
    let names = eras::named(sign, published).map(|era| Translation {
        form: era.name.to_owned(),
        lang: Lang::Ko,
        weight: OF_AN_ERA,
        reason: Reason::Era,
        words: words_of(era.name, 0, &mut Joiner::default(), worker),
        days: era.days,
    });
    names.collect()
}

/// The signs of a run that no other sign stands beside but one of their kind, with their places.
fn lone_signs(tokens: &[Token]) -> impl Iterator<Item = (char, Span)> + '_ {
    let signs = tokens.iter().filter(|token| token.tag == "SH" && token.evidence == Evidence::Word);
    let lone = signs.filter(|token| {
        let each = |sign| is_han(sign) && eras::named(sign, DateRange::default()).next().is_some();
        token.span.end - token.span.start == token.term.len() && token.term.chars().all(each)
    });
    lone.flat_map(|token| {
        token.term.char_indices().map(|(at, sign)| {
            let from = token.span.start + at;
            (sign, Span::new(from, from + sign.len_utf8()))
        })
    })
}

fn translations(
    typed: &str,
    lang: Lang,
    pairs: &[Pair],
    published: DateRange,
    worker: &mut Worker,
) -> Vec<Translation> {
    let mut out: Vec<Translation> = Vec::new();
    let same = |a: &str, b: &str| bare(a) == bare(b);
    for pair in pairs.iter().filter(|pair| pair.is_of(published)) {
        let other = if lang == Lang::Ko { Lang::En } else { Lang::Ko };
        for form in pair.entry.forms(other) {
            let known = out.iter().any(|translation| same(&translation.form, form)) || same(typed, form);
            // hanja are written in Korean articles
            let of = if form.contains(is_han) { Lang::Ko } else { other };
            if !known && out.len() < MOST {
                out.push(translation(form, of, pair.weight(), pair.origin, worker));
            }
        }
        if !pair.is_name() {
            continue;
        }
        for form in pair.entry.forms(lang) {
            // names in one language: an acronym and what it stands for, an old name and a new one
            let telling = lang == Lang::Ko || is_name_in_capitals(form) || is_name_in_capitals(typed);
            let known = out.iter().any(|translation| same(&translation.form, form));
            if telling && !known && fold(form) != fold(typed) && !same(form, typed) && out.len() < MOST {
                out.push(translation(form, lang, pair.weight(), pair.origin, worker));
            }
        }
    }
    out.retain(|translation| !translation.words.is_empty());
    out
}

/// The weight of a slot. Korean words that are not typed are looked for without the pairs of their syllables and count for both;
/// where Korean was typed, no more than that does.
fn weight_of(kind: Kind, korean_typed: bool) -> f32 {
    match kind {
        Kind::Morpheme if korean_typed => 1.6,
        Kind::Morpheme => 2.2,
        _ => kind.weight(),
    }
}

/// Where a form of a language is looked for in its articles, and as what.
fn kinds(lang: Lang, fields: &Fields) -> Vec<(Kind, Field, Evidence)> {
    let of = fields.of(lang);
    let mut kinds = match lang {
        Lang::Ko => vec![(Kind::Morpheme, of.text, Evidence::Word), (Kind::Compound, of.exact, Evidence::Exact)],
        Lang::En => vec![(Kind::Stem, of.text, Evidence::Word), (Kind::Printed, of.exact, Evidence::Exact)],
    };
    kinds.push((Kind::Title, of.title, Evidence::Word));
    if lang == Lang::En {
        kinds.push((Kind::Opening, fields.opening, Evidence::Word));
    }
    kinds
}

/// The words that a form of a table of pairs is looked for as.
pub fn words_in(form: &str, worker: &mut Worker) -> Vec<String> {
    terms(&words_of(form, 0, &mut Joiner::default(), worker), Evidence::Word)
}

/// The terms of one kind of evidence that stand for `words`.
fn terms(words: &[QueryWord], evidence: Evidence) -> Vec<String> {
    words.iter().flat_map(|word| first_terms(&word.tokens, evidence)).collect()
}

/// The slots that `concepts` are looked for in; `words` are those of the query.
pub fn slots(concepts: &[Concept], words: &[QueryWord], fields: &Fields) -> Vec<Slot> {
    let mut out = Vec::new();
    for (number, concept) in concepts.iter().enumerate() {
        let typed: Vec<&Token> = words
            .iter()
            .flat_map(|word| &word.tokens)
            .filter(|token| token.span.start < concept.span.end && token.span.end > concept.span.start)
            .collect();
        let korean_typed = typed.iter().any(|token| !token.is_latin());
        for lang in [Lang::Ko, Lang::En] {
            // an acronym is the same in articles of either language
            let here: Vec<(usize, &Translation)> = concept
                .translations
                .iter()
                .enumerate()
                .filter(|(_, it)| it.lang == lang || (lang == Lang::Ko && is_name_in_capitals(&it.form)))
                .collect();
            let Some(most) = here.iter().map(|(_, it)| it.weight).max_by(f32::total_cmp) else { continue };
            for (kind, field, evidence) in kinds(lang, fields) {
                let variants: Vec<Variant> = here
                    .iter()
                    .map(|&(number, it)| {
                        let said = terms(&it.words, evidence);
                        let close = (said.len() > 1 && field != fields.of(lang).text)
                            .then(|| (fields.of(lang).text, terms(&it.words, Evidence::Word)))
                            .filter(|(_, words)| words.len() > 1);
                        let days = it.days != DateRange::default();
                        let share = it.weight / most;
                        Variant { terms: said, close, share, number, days: days.then_some(it.days) }
                    })
                    .filter(|variant| !variant.terms.is_empty())
                    .collect();
                if !variants.is_empty() {
                    let typed = first_terms(typed.iter().copied(), evidence);
                    out.push(Slot {
                        kind,
                        field,
                        lang,
                        typed,
                        variants,
                        weight: weight_of(kind, korean_typed) * most * concept.boost,
                        concept: number,
                    });
                }
            }
        }
    }
    out
}

/// The terms of one kind, of words one per position: what stands beside a word (a reading, a joined form) is left out.
fn first_terms<'t>(tokens: impl IntoIterator<Item = &'t Token>, evidence: Evidence) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    let mut last = None;
    for token in tokens.into_iter().filter(|token| token.evidence == evidence) {
        let place = (token.position, token.span);
        let beside = evidence == Evidence::Word
            && last.is_some_and(|(position, span): (u32, Span)| {
                position == token.position && span.start < token.span.end && token.span.start < span.end
            });
        if !beside && !terms.contains(&token.term) {
            terms.push(token.term.clone());
        }
        last = Some(place);
    }
    terms
}
