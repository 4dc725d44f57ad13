//! Where a score comes from: what every clue added, then what the second stage did.
//!
//! The parts are computed by the functions that ranked the article and add up to its score.

use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{Term, postings::Postings};

use super::evidence::{Kind, QueryWord};
use super::ladder::{Rung, Step, step};
use super::positions::holds;
use super::retrieve::Candidate;
use super::slot::{Slot, WeighedSlot};
use super::statistics::{Norms, Weighed, score};
use crate::analyze::{Evidence, Token};
use crate::article::Lang;
use crate::store::reader::Reader;

/// A score in its parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// What the article has of each word of the query.
    pub words: Vec<Rung>,
    /// Most first.
    pub evidence: Vec<Part>,
    /// For words that stand close together.
    pub closeness: f32,
    /// For words that follow one another as in the query.
    pub phrase: f32,
    /// For being short; negative for a long article.
    pub brevity: f32,
    /// What its age took of the rest; 0 unless recent articles are preferred.
    pub recency: f32,
    pub score: f32,
}

/// What one clue added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    pub term: String,
    /// The kind of evidence, as [`super::evidence::Kind`] prints itself.
    pub kind: String,
    pub lang: &'static str,
    /// How often the article holds the term; words of the title and the opening count three times.
    pub frequency: u32,
    /// Articles that hold it; of a thing said in several single words those that hold the commonest.
    pub articles: u64,
    pub idf: f32,
    pub weight: f32,
    pub score: f32,
}

/// Explains the score of `candidate`; `words` are those of the query, by the numbers that clues give them.
pub fn explain(
    reader: &Reader,
    words: &[QueryWord],
    clues: &[Weighed],
    slots: &[WeighedSlot],
    norms: &Norms,
    candidate: &Candidate,
) -> tantivy::Result<Explanation> {
    let segment = reader.searcher.segment_reader(candidate.address.segment_ord);
    let doc = candidate.address.doc_id;
    let mut evidence = Vec::new();
    let mut held = vec![false; clues.len()];
    for (number, clue) in clues.iter().enumerate().filter(|(_, clue)| clue.factor > 0.0) {
        let field = clue.clue.field;
        let term = Term::from_field_text(field, &clue.clue.term);
        let postings = segment.inverted_index(field)?.read_postings(&term, IndexRecordOption::WithFreqs)?;
        let Some(mut postings) = postings else { continue };
        if !holds(&mut postings, doc) {
            continue;
        }
        held[number] = true;
        let length = segment.get_fieldnorms_reader(field)?.fieldnorm_id(doc);
        let frequency = postings.term_freq();
        evidence.push(Part {
            term: clue.clue.term.clone(),
            kind: clue.clue.kind.to_string(),
            lang: clue.clue.lang.code(),
            frequency,
            articles: clue.articles,
            idf: clue.idf,
            weight: clue.clue.weight,
            score: score(clue.factor, frequency as f32, norms.of(reader, field)?[usize::from(length)]),
        });
    }
    for slot in slots {
        let Slot { kind, field, lang, ref variants, weight, .. } = slot.slot;
        let list = &slot.lists(reader)?[candidate.address.segment_ord as usize];
        let Ok(at) = list.binary_search_by_key(&doc, |&(doc, _)| doc) else { continue };
        let length = segment.get_fieldnorms_reader(field)?.fieldnorm_id(doc);
        evidence.push(Part {
            term: variants.iter().map(|variant| variant.terms.join(" ")).collect::<Vec<_>>().join(" | "),
            kind: kind.to_string(),
            lang: lang.code(),
            frequency: list[at].1.ceil() as u32,
            articles: slot.articles,
            idf: slot.idf,
            weight,
            score: score(slot.factor, list[at].1, norms.of(reader, field)?[usize::from(length)]),
        });
    }
    evidence.sort_by(|a, b| b.score.total_cmp(&a.score));
    let holds = |token: &Token, lang: Lang| {
        let kinds: &[Kind] = match token.evidence {
            Evidence::Word => &[Kind::Morpheme, Kind::Stem],
            Evidence::Exact => &[Kind::Compound, Kind::Printed],
            // a pair that is a word as well stands among the words
            Evidence::Bigram => &[Kind::Bigram, Kind::Morpheme],
        };
        let asked = |clue: &Weighed| clue.clue.term == token.term && clue.clue.lang == lang;
        clues.iter().zip(&held).any(|(clue, &held)| held && asked(clue) && kinds.contains(&clue.clue.kind))
    };
    let rung = |word: &QueryWord| {
        // an article is in one language: what the other one lacks says nothing
        let langs = [Lang::Ko, Lang::En].map(|lang| {
            // at one place stand a sign and its reading: one of them is enough
            let places = word.tokens.chunk_by(|a, b| a.evidence == b.evidence && a.position == b.position);
            step(places.map(|place| (place[0].evidence, place.iter().any(|token| holds(token, lang)))))
        });
        Rung { word: word.text.clone(), step: langs.into_iter().max().unwrap_or(Step::Nothing) }
    };
    let words = words.iter().map(rung).collect();
    let Candidate { closeness, phrase, brevity, recency, score, .. } = *candidate;
    Ok(Explanation { words, evidence, closeness, phrase, brevity, recency, score })
}
