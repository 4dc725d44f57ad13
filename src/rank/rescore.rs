//! The second stage: the best few hundred articles in a better order.

use super::brevity::Brevity;
use super::occurrences::{Known, has_positions, occurrences};
use super::phrase::Phrases;
use super::proximity::{closeness, groups};
use super::retrieve::Candidate;
use super::statistics::{Norms, Weighed};
use crate::jobs::Jobs;
use crate::store::reader::Reader;

/// How many postings take as long to read as an article takes to be scored.
const CANDIDATE: usize = 150;

/// Adds closeness, phrases and brevity to the scores of `candidates` and puts them in order again. Gives what had to be read
/// for it.
pub fn rescore(
    reader: &Reader,
    clues: &[Weighed],
    norms: &Norms,
    candidates: &mut [Candidate],
    jobs: Jobs,
) -> tantivy::Result<Known> {
    let groups = groups(clues);
    let mut places: Vec<usize> =
        clues.iter().zip(&groups).filter(|(clue, _)| has_positions(clue)).map(|(_, &group)| group).collect();
    places.sort_unstable();
    places.dedup();
    if places.len() < 2 {
        return Ok(Known::default());
    }
    let addresses: Vec<_> = candidates.iter().map(|candidate| candidate.address).collect();
    let found = occurrences(reader, clues, &addresses, jobs)?;
    let brevity = Brevity::new(reader, clues, norms)?;
    let phrases = Phrases::new(clues, &groups, &places);
    let added = |at: usize| -> tantivy::Result<(f32, f32, f32)> {
        let found = &found[at];
        Ok((closeness(found, clues, &groups), phrases.of(found), brevity.of(addresses[at])?))
    };
    let added = jobs.each(CANDIDATE, candidates.len(), || (), |(), at| added(at))?;
    for (candidate, added) in candidates.iter_mut().zip(added) {
        (candidate.closeness, candidate.phrase, candidate.brevity) = added;
        candidate.score += candidate.closeness + candidate.phrase + candidate.brevity;
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.address.cmp(&b.address)));
    Ok(Known { addresses, found })
}
