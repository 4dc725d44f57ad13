//! The pairs of an archive as they are shown: filtered, counted, each mined one with a passage that glosses it.

use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED};

use super::search::SearchError;
use crate::analyze::latin::fold;
use crate::article::Lang;
use crate::glossary::key::bare;
use crate::glossary::{Glossary, Origin, Pair};
use crate::store::reader::Reader;
use crate::store::version::StoreError;

/// Characters of a passage before and after the gloss.
const AROUND: usize = 40;

/// A pair, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairOut {
    pub korean: Vec<String>,
    pub english: Vec<String>,
    /// `user`, `mined` or `core`.
    pub origin: &'static str,
    /// Articles that gloss it; `null` for pairs that were not mined.
    pub articles: Option<u64>,
    pub first: Option<String>,
    pub last: Option<String>,
    /// How sure a mined pair is, in hundredths.
    pub sure: Option<u32>,
    /// False for pairs that are shown but not used for queries.
    pub used: bool,
    pub example: Option<Example>,
}

/// Where an article glosses a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    pub id: String,
    pub text: String,
}

impl PairOut {
    fn of(pair: &Pair) -> PairOut {
        let forms = |lang| pair.entry.forms(lang).map(str::to_owned).collect();
        let text = |name| pair.entry.value(name).map(str::to_owned);
        PairOut {
            korean: forms(Lang::Ko),
            english: forms(Lang::En),
            origin: match pair.origin {
                Origin::User => "user",
                Origin::Mined => "mined",
                Origin::Core | Origin::Sound => "core",
            },
            articles: pair.entry.number("n"),
            first: text("first"),
            last: text("last"),
            sure: pair.entry.number("sure"),
            used: !pair.entry.has("unsure"),
            example: None,
        }
    }
}

/// The pairs with `term` in one of their forms, the exact ones first; without a term those of this archive. Each origin in
/// turn: the user's, mined ones by their articles, the core table's.
pub fn pairs(glossary: &Glossary, term: Option<&str>) -> Vec<PairOut> {
    let wanted = term.map(|term| (bare(term), fold(term)));
    let exact = |pair: &PairOut| {
        let Some((korean, english)) = &wanted else { return true };
        pair.korean.iter().any(|form| bare(form) == *korean) || pair.english.iter().any(|form| fold(form) == *english)
    };
    let holds = |pair: &Pair| match &wanted {
        None => pair.origin != Origin::Core,
        Some((korean, english)) => {
            (!korean.is_empty() && pair.entry.forms(Lang::Ko).any(|form| bare(form).contains(korean)))
                || (english.len() > 1 && pair.entry.forms(Lang::En).any(|form| fold(form).contains(english)))
        }
    };
    let mut found: Vec<PairOut> = glossary.all().filter(holds).map(|pair| PairOut::of(&pair)).collect();
    let order = ["user", "mined", "core"];
    let place = |pair: &PairOut| order.iter().position(|origin| *origin == pair.origin);
    found.sort_by_cached_key(|pair| {
        (!exact(pair), place(pair), std::cmp::Reverse((pair.used, pair.articles, pair.sure)))
    });
    found
}

/// A passage of the index that glosses the pair.
pub fn example(reader: &Reader, pair: &PairOut) -> Result<Option<Example>, SearchError> {
    let korean = pair.korean.first().map(|form| bare(form)).unwrap_or_default();
    for latin in &pair.english {
        for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
            let inverted = segment.inverted_index(reader.fields.gloss)?;
            let from = format!("{latin}\t");
            let mut terms =
                inverted.terms().range().ge(from.as_bytes()).into_stream().map_err(tantivy::TantivyError::from)?;
            while let Some((term, info)) = terms.next() {
                let Some(other) = std::str::from_utf8(term).ok().and_then(|term| term.strip_prefix(&from)) else {
                    break;
                };
                if !bare(other).ends_with(&korean) {
                    continue;
                }
                let mut postings = inverted
                    .read_postings_from_terminfo(info, IndexRecordOption::Basic)
                    .map_err(tantivy::TantivyError::from)?;
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    if !segment.is_deleted(doc) {
                        return passage(reader, DocAddress::new(ord as u32, doc), latin);
                    }
                    postings.advance();
                }
            }
        }
    }
    Ok(None)
}

fn passage(reader: &Reader, address: DocAddress, latin: &str) -> Result<Option<Example>, SearchError> {
    let unpacked = reader.article(address)?;
    let record = unpacked.record().map_err(|error| StoreError::broken(reader.dir(), error))?;
    let glossed = |text: &str| {
        let places = text.match_indices(latin).map(|(at, _)| at);
        places
            .filter(|&at| {
                text[..at].ends_with(['(', '（', '·', ' ', ','])
                    || text[at + latin.len()..].starts_with(['(', '（', ' '])
            })
            .last()
    };
    for section in record.sections() {
        if let Some(at) = glossed(section) {
            let before: Vec<char> = section[..at].chars().rev().take(AROUND).collect();
            let after: String = section[at..].chars().take(latin.chars().count() + AROUND).collect();
            let text = before.into_iter().rev().collect::<String>() + &after;
            return Ok(Some(Example {
                id: record.id.to_owned(),
                text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            }));
        }
    }
    Ok(Some(Example { id: record.id.to_owned(), text: String::new() }))
}
