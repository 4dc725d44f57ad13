//! The second stage: of the best few hundred articles, those first that have many of the words close together.
//!
//! Words that stand near each other are about each other. For each candidate the best stretch of [`REACH`] positions is
//! found and the idf of the different words in it is added to the score.

use super::occurrences::{Occurrence, has_positions, occurrences};
use super::retrieve::Candidate;
use super::knob;
use super::statistics::Weighed;
use crate::store::reader::Reader;

/// Positions that count as close: about 25 eojeols.
pub const REACH: u32 = 40;
/// What the closeness of words adds, as a multiple of their idf.
const CLOSENESS: f32 = 0.6;

/// Adds closeness to the scores of `candidates` and puts them in order again.
pub fn rescore(reader: &Reader, clues: &[Weighed], candidates: &mut [Candidate]) -> tantivy::Result<()> {
    let mut names: Vec<&str> =
        clues.iter().filter(|clue| has_positions(clue)).map(|clue| clue.clue.term.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 {
        return Ok(());
    }
    let addresses: Vec<_> = candidates.iter().map(|candidate| candidate.address).collect();
    let found = occurrences(reader, clues, &addresses)?;
    for (candidate, found) in candidates.iter_mut().zip(&found) {
        candidate.score += knob("CLOSE", CLOSENESS) * closest(found, clues);
    }
    let idfk: f32 = clues
        .iter()
        .filter(|c| c.clue.kind == super::evidence::Kind::Morpheme && c.clue.lang == crate::article::Lang::Ko)
        .map(|c| c.idf)
        .sum();
    let prior = knob("PRIOR", 0.0);
    if prior > 0.0 {
        for candidate in candidates.iter_mut() {
            let seg = reader.searcher.segment_reader(candidate.address.segment_ord);
            let n = seg.get_fieldnorms_reader(reader.fields.ko.text)?.fieldnorm(candidate.address.doc_id);
            if n > 0 {
                candidate.score -= prior * idfk * ((n + 20) as f32).ln();
            }
        }
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.address.cmp(&b.address)));
    Ok(())
}

/// The largest sum of idf of different terms within [`REACH`] positions.
fn closest(occurrences: &[Occurrence], clues: &[Weighed]) -> f32 {
    let mut counts = vec![0u32; clues.len()];
    let (mut start, mut sum, mut best) = (0, 0f32, 0f32);
    for occurrence in occurrences {
        let idf = |occurrence: &Occurrence| clues[usize::from(occurrence.clue)].idf;
        let count = &mut counts[usize::from(occurrence.clue)];
        *count += 1;
        if *count == 1 {
            sum += idf(occurrence);
        }
        while occurrence.position - occurrences[start].position > knob("REACH", REACH as f32) as u32 {
            let gone = &occurrences[start];
            let count = &mut counts[usize::from(gone.clue)];
            *count -= 1;
            if *count == 0 {
                sum -= idf(gone);
            }
            start += 1;
        }
        best = best.max(sum);
    }
    best
}
