//! The words that set what a query found apart from the archive.
//!
//! The first [`SAMPLE`] hits of the order asked for, one of each wire story, are read; for every printed form (a Korean noun
//! phrase without its particles, a Latin word) the articles among them that hold it are held against the articles of the same
//! language that do, by the log-likelihood ratio of Dunning (Accurate Methods for the Statistics of Surprise and
//! Coincidence, 1993) over counts of articles. Words of the query itself, numbers and single letters are left out. The cost
//! is bounded by the sample and by [`READ`] bytes of each article, however many articles are found.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use tantivy::Term;

use super::search::SearchError;
use crate::analyze::cut::Cut;
use crate::analyze::words::PART;
use crate::analyze::{Evidence, Worker};
use crate::article::Lang;
use crate::rank::retrieve::Candidate;
use crate::store::reader::Reader;

/// Hits read.
pub const SAMPLE: usize = 200;
/// Bytes read of each section of an article.
const READ: usize = 16 << 10;
/// A word of fewer of the articles read says nothing of them all, where there are more than a few.
const LEAST: u64 = 2;

/// A word and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Keyword {
    /// As the articles found print it most often.
    pub word: String,
    pub lang: &'static str,
    /// Articles with the word among those read of this language.
    pub articles: u64,
    /// Articles read of this language.
    pub of: u64,
    /// Articles of the archive with the word, and all of this language.
    pub archive_articles: u64,
    pub archive_of: u64,
    /// The log-likelihood ratio (G2): above 10.8 one chance in a thousand.
    pub log_likelihood: f64,
}

/// What is known of a word of the sample.
#[derive(Default)]
struct Seen {
    articles: u64,
    /// How often each printed form stands there.
    forms: FxHashMap<String, u32>,
}

/// The `most` keywords of `hits`; `asked` are the terms of the query.
pub fn keywords(
    reader: &Reader,
    hits: &[Candidate],
    asked: &FxHashSet<&str>,
    most: usize,
    worker: &mut Worker,
) -> Result<Vec<Keyword>, SearchError> {
    let mut seen: [FxHashMap<String, Seen>; 2] = Default::default();
    let mut read = [0u64; 2];
    for hit in hits.iter().take(SAMPLE) {
        let unpacked = reader.article(hit.address)?;
        let record = reader.record(&unpacked)?;
        let lang = record.lang.unwrap_or(Lang::En);
        read[lang as usize] += 1;
        let mut here: FxHashSet<String> = FxHashSet::default();
        for section in record.sections() {
            let end = (0..=READ.min(section.len())).rev().find(|&end| section.is_char_boundary(end)).unwrap_or(0);
            words(&section[..end], worker, |term, form| {
                if asked.contains(term) {
                    return;
                }
                let known = seen[lang as usize].entry(term.to_owned()).or_default();
                known.articles += u64::from(here.insert(term.to_owned()));
                *known.forms.entry(form.to_owned()).or_default() += 1;
            });
        }
    }
    let mut out = Vec::new();
    for lang in [Lang::Ko, Lang::En] {
        let (of, archive_of) = (read[lang as usize], reader.articles_in(lang));
        let least = if of > 3 { LEAST } else { 1 };
        for (term, seen) in &seen[lang as usize] {
            if seen.articles < least {
                continue;
            }
            let archive_articles =
                reader.searcher.doc_freq(&Term::from_field_text(reader.fields.of(lang).exact, term))?;
            let score = log_likelihood(seen.articles, of, archive_articles.max(seen.articles), archive_of.max(of));
            let word = seen.forms.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
            if let (Some((word, _)), Some(log_likelihood)) = (word, score) {
                let (word, lang) = (word.clone(), lang.code());
                let articles = seen.articles;
                out.push(Keyword { word, lang, articles, of, archive_articles, archive_of, log_likelihood });
            }
        }
    }
    out.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| a.word.cmp(&b.word)));
    out.truncate(most);
    Ok(out)
}

/// Hands on the words of `text` that may tell something: the indexed form, and the form as it stands there.
fn words(text: &str, worker: &mut Worker, mut found: impl FnMut(&str, &str)) {
    let mut cut = Cut::new(text);
    while let Some((chunk, _)) = cut.next(worker) {
        let chunk = chunk.of(text);
        let (core, analysis) = worker.chunk(chunk);
        let telling = |span: (u16, u16)| {
            analysis.pieces.iter().any(|piece| {
                piece.evidence == Evidence::Word
                    && piece.span.0 >= span.0
                    && piece.span.1 <= span.1
                    && piece.tag != "SN"
            })
        };
        for piece in analysis.pieces.iter().filter(|piece| piece.evidence == Evidence::Exact && piece.tag != PART) {
            let form = &chunk[core + usize::from(piece.span.0)..core + usize::from(piece.span.1)];
            let letters = form.chars().filter(|ch| ch.is_alphabetic()).count();
            let digits = form.chars().any(|ch| ch.is_numeric());
            if letters >= 2 && !digits && telling(piece.span) {
                found(analysis.term(piece), form);
            }
        }
    }
}

/// Dunning's ratio for a word of `k1` of `n1` articles read, and of `k2` of all `n2`, where it is more frequent among those
/// read than elsewhere; `None` where it is not.
fn log_likelihood(k1: u64, n1: u64, k2: u64, n2: u64) -> Option<f64> {
    let cells = [[k1, k2 - k1], [n1 - k1, (n2 - n1).saturating_sub(k2 - k1)]].map(|row| row.map(|n| n as f64));
    let rows = cells.map(|row| row[0] + row[1]);
    let columns = [cells[0][0] + cells[1][0], cells[0][1] + cells[1][1]];
    let all = rows[0] + rows[1];
    let more = columns[1] == 0.0 || cells[0][0] / columns[0] > cells[0][1] / columns[1];
    let part = |row: usize, column: usize| {
        let (seen, expected) = (cells[row][column], rows[row] * columns[column] / all);
        if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 }
    };
    let ratio = 2.0 * (part(0, 0) + part(0, 1) + part(1, 0) + part(1, 1));
    (more && ratio > 0.0).then_some(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dunning() {
        // Dunning's own table: "the swiss", 110 times, 2442 and 111 without the other, 29114 neither
        let swiss = log_likelihood(110, 110 + 111, 110 + 2442, 110 + 2442 + 111 + 29114).unwrap();
        assert!((swiss - 270.72).abs() < 1.0, "{swiss}");
        // as frequent as elsewhere, and rarer
        assert_eq!(log_likelihood(10, 100, 100, 1000), None);
        assert_eq!(log_likelihood(1, 100, 500, 1000), None);
        // everything was read
        assert_eq!(log_likelihood(5, 10, 5, 10), None);
    }
}
