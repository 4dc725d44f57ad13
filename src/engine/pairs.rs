//! The pairs of an archive as they are shown: filtered, counted, each mined one with a passage that glosses it.

use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::search::SearchError;
use crate::analyze::latin::fold;
use crate::article::Lang;
use crate::glossary::key::bare;
use crate::glossary::{Glossary, Origin, Pair};
use crate::store::reader::Reader;

/// Characters of a passage before and after the gloss.
const AROUND: usize = 40;

/// A pair, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairOut {
    pub korean: Vec<String>,
    pub english: Vec<String>,
    /// The name of its [`Origin`].
    pub origin: &'static str,
    /// Articles that gloss it, or pairs of articles that use it alike; `null` for pairs that were not mined.
    pub articles: Option<u64>,
    pub first: Option<String>,
    pub last: Option<String>,
    /// How sure a mined pair is, in hundredths.
    pub sure: Option<u32>,
    /// False for pairs that are shown but not used for queries.
    pub used: bool,
    pub example: Option<Example>,
    /// For pairs of comparable articles the English one beside the example.
    pub counterpart: Option<Example>,
    /// Where these two are.
    #[serde(skip)]
    places: Option<[DocAddress; 2]>,
}

/// Where an article glosses or uses a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    pub id: String,
    pub text: String,
}

impl PairOut {
    fn of(pair: &Pair) -> PairOut {
        let forms = |lang| pair.entry.forms(lang).map(str::to_owned).collect();
        let text = |name| pair.entry.value(name).map(str::to_owned);
        let place = |name| {
            let (segment, doc) = pair.entry.value(name)?.split_once(':')?;
            Some(DocAddress::new(segment.parse().ok()?, doc.parse().ok()?))
        };
        PairOut {
            korean: forms(Lang::Ko),
            english: forms(Lang::En),
            origin: pair.origin.name(),
            articles: pair.entry.number("n"),
            first: text("first"),
            last: text("last"),
            sure: pair.entry.number("sure"),
            used: !pair.entry.has("unsure"),
            example: None,
            counterpart: None,
            places: place("ko").zip(place("en")).map(|(ko, en)| [ko, en]),
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
    let place = |pair: &PairOut| Origin::ALL.iter().position(|origin| origin.name() == pair.origin);
    found.sort_by_cached_key(|pair| {
        (!exact(pair), place(pair), std::cmp::Reverse((pair.used, pair.articles, pair.sure)))
    });
    found
}

/// Draws `count` of the mined pairs that queries use, the same ones for the same `seed`: those whose forms hash lowest.
pub fn draw(pairs: Vec<PairOut>, count: usize, seed: u64) -> Vec<PairOut> {
    let mined = |pair: &PairOut| pair.used && pair.articles.is_some();
    let mut drawn: Vec<PairOut> = pairs.into_iter().filter(mined).collect();
    drawn.sort_by_cached_key(|pair| {
        let forms = [pair.korean.join("|"), pair.english.join("|")].join("\t");
        (xxh3_64_with_seed(forms.as_bytes(), seed), forms)
    });
    drawn.truncate(count);
    drawn
}

/// Fills in where the articles of the index gloss or use a mined pair.
pub fn illustrate(reader: &Reader, pair: &mut PairOut) -> Result<(), SearchError> {
    match pair.places {
        Some([ko, en]) => {
            pair.example = used(reader, ko, &pair.korean)?;
            pair.counterpart = used(reader, en, &pair.english)?;
        }
        None => pair.example = glossed(reader, pair)?,
    }
    Ok(())
}

/// The passage of an article that uses one of `forms`, or its opening where it is inflected.
fn used(reader: &Reader, address: DocAddress, forms: &[String]) -> Result<Option<Example>, SearchError> {
    let segment = reader.searcher.segment_readers().get(address.segment_ord as usize);
    if segment.is_none_or(|segment| address.doc_id >= segment.max_doc()) {
        return Ok(None);
    }
    let unpacked = reader.article(address)?;
    let record = reader.record(&unpacked)?;
    for section in record.sections() {
        let lower = section.to_ascii_lowercase();
        if let Some(at) = forms.iter().find_map(|form| lower.find(form.as_str())) {
            return Ok(Some(around(record.id, section, at, AROUND)));
        }
    }
    let opening = record.sections().find(|section| !section.is_empty()).unwrap_or("");
    Ok(Some(around(record.id, opening, 0, AROUND)))
}

/// What stands before and after the byte `at` of a text.
fn around(id: &str, text: &str, at: usize, reach: usize) -> Example {
    let before: Vec<char> = text[..at].chars().rev().take(AROUND).collect();
    let after: String = text[at..].chars().take(reach + AROUND).collect();
    let text = before.into_iter().rev().collect::<String>() + &after;
    Example { id: id.to_owned(), text: text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// A passage of the index that glosses the pair.
fn glossed(reader: &Reader, pair: &PairOut) -> Result<Option<Example>, SearchError> {
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
    let record = reader.record(&unpacked)?;
    let glossed = |text: &str| {
        let places = text.match_indices(latin).map(|(at, _)| at);
        let mut bracketed = places.filter(|&at| {
            text[..at].ends_with(['(', '（', '·', ',']) || text[at + latin.len()..].starts_with(['(', '（'])
        });
        bracketed.next()
    };
    for section in record.sections() {
        if let Some(at) = glossed(section) {
            return Ok(Some(around(record.id, section, at, latin.chars().count())));
        }
    }
    Ok(Some(Example { id: record.id.to_owned(), text: String::new() }))
}
