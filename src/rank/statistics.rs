//! Collection statistics per language: document frequencies, average lengths, and the BM25 weights made of them.
//!
//! BM25 as Robertson and Zaragoza give it (The Probabilistic Relevance Framework, 2009), k1 = 1.2 and b = 0.75, idf with
//! the added one that keeps it positive: ln(1 + (N - n + 0.5) / (n + 0.5)).

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;

use super::evidence::Clue;
use crate::article::Lang;
use crate::store::reader::Reader;

pub const K1: f32 = 1.2;
const B: f32 = 0.75;

/// How much of its full score an article in another language than the query's can reach.
const FOREIGN: f32 = 0.8;

/// The idf of a term in `n` of `all` articles.
pub fn idf(n: u64, all: u64) -> f32 {
    let (n, all) = (n.min(all) as f32, all as f32);
    (1.0 + (all - n + 0.5) / (n + 0.5)).ln()
}

/// A clue with its statistics.
#[derive(Debug, Clone)]
pub struct Weighed {
    pub clue: Clue,
    /// Articles that hold the term.
    pub articles: u64,
    pub idf: f32,
    /// Everything a term frequency is multiplied with: weight, idf, language, k1 + 1.
    pub factor: f32,
}

/// What the lengths of a field's articles do to term frequencies: one divisor for each of tantivy's 256 length classes.
pub struct FieldNorms {
    of: FxHashMap<Field, Rc<[f32; 256]>>,
}

impl FieldNorms {
    pub fn of(&self, field: Field) -> Option<Rc<[f32; 256]>> {
        self.of.get(&field).cloned()
    }
}

/// k1 (1 - b + b length / average) for every length class.
fn divisors(average: f32, b: f32) -> Rc<[f32; 256]> {
    let length = |class: usize| FieldNormReader::id_to_fieldnorm(class as u8) as f32;
    Rc::new(std::array::from_fn(|class| K1 * (1.0 - b + b * length(class) / average)))
}

/// Looks up every clue and weighs it; the languages are brought to one scale.
///
/// Each language's scores are divided by the most its clues could give and multiplied with the same of the query's own
/// language, so a word that is rare in one language does not lift that language's articles over the other's.
pub fn weigh(
    clues: Vec<Clue>,
    query_lang: Option<Lang>,
    reader: &Reader,
) -> tantivy::Result<(Vec<Weighed>, FieldNorms)> {
    let articles = [Lang::Ko, Lang::En].map(|lang| reader.articles_in(lang).max(1));
    let of = |lang: Lang| articles[lang as usize];
    let mut norms: FxHashMap<Field, Rc<[f32; 256]>> = FxHashMap::default();
    let mut weighed = Vec::with_capacity(clues.len());
    let mut bounds = [0f32; 2];
    let segments = reader.searcher.segment_readers();
    for clue in clues {
        let mut n = 0u64;
        let mut tokens = 0u64;
        let known = norms.contains_key(&clue.field);
        for segment in segments {
            let inverted = segment.inverted_index(clue.field)?;
            n += u64::from(inverted.doc_freq(&tantivy::Term::from_field_text(clue.field, &clue.term))?);
            tokens += if known { 0 } else { inverted.total_num_tokens() };
        }
        if !known {
            let average = (tokens as f32 / of(clue.lang) as f32).max(1.0);
            let b = match clue.lang { Lang::Ko => crate::rank::knob("BK", B), Lang::En => crate::rank::knob("BE", B) };
            norms.insert(clue.field, divisors(average, b));
        }
        let idf = idf(n, of(clue.lang));
        bounds[clue.lang as usize] += clue.weight * idf;
        weighed.push(Weighed { idf, articles: n, factor: clue.weight * idf * (K1 + 1.0), clue });
    }
    let own = query_lang.unwrap_or(Lang::En);
    for clue in &mut weighed {
        let lang = clue.clue.lang;
        if lang != own && bounds[lang as usize] > 0.0 && bounds[own as usize] > 0.0 {
            clue.factor *= FOREIGN * bounds[own as usize] / bounds[lang as usize];
        }
    }
    weighed.retain(|clue| clue.articles > 0);
    Ok((weighed, FieldNorms { of: norms }))
}
