//! The second stage: the best few hundred articles in a better order.

use super::brevity::Brevity;
use super::occurrences::{Known, has_positions, occurrences};
use super::phrase::Phrases;
use super::proximity::{closeness, groups};
use super::retrieve::Candidate;
use super::statistics::Weighed;
use crate::store::reader::Reader;

/// Adds closeness, phrases and brevity to the scores of `candidates` and puts them in order again. Gives what had to be read
/// for it.
pub fn rescore(reader: &Reader, clues: &[Weighed], candidates: &mut [Candidate]) -> tantivy::Result<Known> {
    let groups = groups(clues);
    let mut places: Vec<usize> =
        clues.iter().zip(&groups).filter(|(clue, _)| has_positions(clue)).map(|(_, &group)| group).collect();
    places.sort_unstable();
    places.dedup();
    if places.len() < 2 {
        return Ok(Known::default());
    }
    let addresses: Vec<_> = candidates.iter().map(|candidate| candidate.address).collect();
    let found = occurrences(reader, clues, &addresses)?;
    let brevity = Brevity::new(reader, clues)?;
    let phrases = Phrases::new(clues, &groups, &places);
    for (candidate, found) in candidates.iter_mut().zip(&found) {
        candidate.closeness = closeness(found, clues, &groups);
        candidate.phrase = phrases.of(found);
        candidate.brevity = brevity.of(candidate.address)?;
        candidate.score += candidate.closeness + candidate.phrase + candidate.brevity;
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.address.cmp(&b.address)));
    Ok(Known { addresses, found })
}
