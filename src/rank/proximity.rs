//! The second stage: of the best few hundred articles, those first that have many of the words close together.
//!
//! Words that stand near each other are about each other. For each candidate the best stretch of [`REACH`] positions is
//! found and the idf of the different words in it is added to the score.

use super::occurrences::{Occurrence, has_positions, occurrences};
use super::retrieve::Candidate;
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
        candidate.score += CLOSENESS * closest(found, clues);
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
        while occurrence.position - occurrences[start].position > REACH {
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
