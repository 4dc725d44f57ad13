//! Collection statistics per language: document frequencies, average lengths, and the BM25 weights made of them.
//!
//! BM25 as Robertson and Zaragoza give it (The Probabilistic Relevance Framework, 2009), k1 = 1.2 and b = 0.75, idf with
//! the added one that keeps it positive: ln(1 + (N - n + 0.5) / (n + 0.5)).

use std::sync::OnceLock;

use tantivy::Term;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::evidence::{Clue, Kind};
use super::lookup::{OfClue, look_up_all};
use super::slot::{Slot, WeighedSlot};
use crate::article::Lang;
use crate::jobs::Jobs;
use crate::store::reader::Reader;

const K1: f32 = 1.2;
const B: f32 = 0.75;

/// How much of its full score an article in another language than the query's can reach.
const FOREIGN: f32 = 0.6;

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
    /// Its idf where words that stand together are counted: less in the language that was not asked in.
    pub near: f32,
    /// Everything a term frequency is multiplied with: weight, idf, language, k1 + 1.
    pub factor: f32,
    /// Where its list is in each segment; empty where that was not looked up.
    pub lists: Vec<Option<TermInfo>>,
}

impl Weighed {
    /// Where its list is in the segment of this number; `None` where the segment does not have the term.
    pub fn list(&self, reader: &Reader, ord: usize) -> tantivy::Result<Option<TermInfo>> {
        match self.lists.get(ord) {
            Some(list) => Ok(list.clone()),
            None => {
                let inverted = reader.inverted(ord, self.clue.field)?;
                Ok(inverted.get_term_info(&Term::from_field_text(self.clue.field, &self.clue.term))?)
            }
        }
    }

    /// What the clue can give at the most, before the languages are brought to one scale.
    fn most(&self) -> f32 {
        self.clue.weight * self.idf
    }
}

/// What the lengths of a field's articles do to term frequencies: k1 (1 - b + b length / average) for each of tantivy's 256
/// length classes.
pub type Divisors = [f32; 256];

/// What a clue adds to the score of an article that holds it `frequency` times.
#[inline]
pub fn score(factor: f32, frequency: f32, divisor: f32) -> f32 {
    factor * frequency / (frequency + divisor)
}

fn divisors(average: f32) -> Divisors {
    let length = |class: usize| FieldNormReader::id_to_fieldnorm(class as u8) as f32;
    std::array::from_fn(|class| K1 * (1.0 - B + B * length(class) / average))
}

/// What ranking knows of an index as a whole, worked out once.
pub struct Norms {
    /// Articles of each language, at least one.
    articles: [u64; 2],
    /// By the number of the field; made when a query first asks for it.
    divisors: Vec<OnceLock<Box<Divisors>>>,
}

impl Norms {
    pub fn new(reader: &Reader) -> Norms {
        let articles = [Lang::Ko, Lang::En].map(|lang| reader.articles_in(lang).max(1));
        let fields = reader.searcher.schema().num_fields();
        Norms { articles, divisors: std::iter::repeat_with(OnceLock::new).take(fields).collect() }
    }

    /// Articles of a language.
    fn articles(&self, lang: Lang) -> u64 {
        self.articles[lang as usize]
    }

    /// The divisors of a field with evidence.
    pub fn of(&self, reader: &Reader, field: Field) -> tantivy::Result<&Divisors> {
        let place = &self.divisors[field.field_id() as usize];
        if let Some(divisors) = place.get() {
            return Ok(divisors);
        }
        let average = self.average(reader, field)?.max(1.0);
        Ok(place.get_or_init(|| Box::new(divisors(average))))
    }

    /// The average length of an article in a field.
    pub fn average(&self, reader: &Reader, field: Field) -> tantivy::Result<f32> {
        let mut tokens = 0;
        for ord in 0..reader.searcher.segment_readers().len() {
            tokens += reader.inverted(ord, field)?.total_num_tokens();
        }
        Ok(tokens as f32 / self.articles(reader.fields.lang_of(field)) as f32)
    }
}

/// A Latin word tells no more in articles of the other language than in all `articles` together: an English `said` is rare in
/// Korean articles, and still only a `said`.
fn cap_foreign(weighed: &mut [Weighed], own: Lang, articles: u64) {
    let is_latin = |clue: &Weighed| matches!(clue.clue.kind, Kind::Stem | Kind::Printed) && clue.articles > 0;
    let (at_home, foreign): (Vec<&mut Weighed>, Vec<&mut Weighed>) =
        weighed.iter_mut().filter(|clue| is_latin(clue)).partition(|clue| clue.clue.lang == own);
    for clue in foreign {
        let same = |it: &&&mut Weighed| it.clue.kind == clue.clue.kind && it.clue.term == clue.clue.term;
        if let Some(same) = at_home.iter().find(same) {
            clue.idf = clue.idf.min(idf(same.articles + clue.articles, articles));
        }
    }
}

/// Looks up every clue and weighs it; the languages are brought to one scale.
///
/// Each language's scores are divided by the most its clues could give and multiplied with the same of the query's own
/// language, so a word that is rare in one language does not lift that language's articles over the other's.
///
/// A slot stands in for the clues of what was typed where those find nothing.
pub fn weigh(
    clues: Vec<Clue>,
    slots: Vec<Slot>,
    own: Lang,
    reader: &Reader,
    norms: &Norms,
    jobs: Jobs,
) -> tantivy::Result<(Vec<Weighed>, Vec<WeighedSlot>)> {
    let (of_clues, of_slots) = look_up_all(&clues, &slots, reader, jobs)?;
    let weighed = clues.into_iter().zip(of_clues).map(|(clue, OfClue { lists, articles, held })| {
        let idf = idf(held, norms.articles(clue.lang));
        Weighed { idf, near: 0.0, articles, factor: 0.0, clue, lists }
    });
    let mut weighed: Vec<Weighed> = weighed.collect();
    cap_foreign(&mut weighed, own, norms.articles.iter().sum());
    let mut bounds = [0f32; 2];
    for clue in &mut weighed {
        clue.near = clue.idf;
        clue.factor = clue.most() * (K1 + 1.0);
        bounds[clue.clue.lang as usize] += clue.most();
    }
    let mut weighed_slots = Vec::with_capacity(slots.len());
    for (slot, looked_up) in slots.into_iter().zip(of_slots) {
        if looked_up.articles == 0 {
            continue;
        }
        let mut slot = looked_up.of(slot);
        slot.idf = idf(slot.articles, norms.articles(slot.slot.lang));
        let most = slot.slot.weight * slot.idf;
        slot.factor = most * (K1 + 1.0);
        let typed = weighed
            .iter()
            .filter(|clue| clue.clue.field == slot.slot.field && slot.slot.typed.contains(&clue.clue.term));
        let (known, given) =
            typed.fold((false, 0.0), |(known, sum), clue| (known || clue.articles > 0, sum + clue.most()));
        bounds[slot.slot.lang as usize] += if known { (most - given).max(0.0) } else { most - given };
        weighed_slots.push(slot);
    }
    let scale = |lang: Lang| {
        let (here, there) = (bounds[own as usize], bounds[lang as usize]);
        if lang != own && here > 0.0 && there > 0.0 { FOREIGN * here / there } else { 1.0 }
    };
    let near = |lang: Lang| if lang == own { 1.0 } else { FOREIGN };
    for clue in &mut weighed {
        clue.factor *= scale(clue.clue.lang);
        clue.near *= near(clue.clue.lang);
    }
    for slot in &mut weighed_slots {
        slot.factor *= scale(slot.slot.lang);
        slot.closeness = near(slot.slot.lang);
    }
    weighed.retain(|clue| clue.articles > 0);
    Ok((weighed, weighed_slots))
}
