//! Closeness: words that stand near each other are about each other.
//!
//! The best stretch of [`REACH`] positions of an article is found; the idf of the different words in it counts.

use super::occurrences::Occurrence;
use super::statistics::Weighed;

/// Positions that count as close: about 15 eojeols, a sentence.
const REACH: u32 = 25;
/// What the closeness of words adds, as a multiple of their idf.
const CLOSENESS: f32 = 0.5;

/// What an article with `occurrences` gets for closeness; `groups` is what [`groups`] gives for the clues.
pub fn closeness(occurrences: &[Occurrence], clues: &[Weighed], groups: &[usize]) -> f32 {
    CLOSENESS * closest(occurrences, clues, groups)
}

/// The largest sum of idf of different words within [`REACH`] positions; what says one word in several ways counts once.
fn closest(occurrences: &[Occurrence], clues: &[Weighed], groups: &[usize]) -> f32 {
    let mut counts = vec![(0u32, 0f32); groups.len()];
    let (mut start, mut sum, mut best) = (0, 0f32, 0f32);
    for occurrence in occurrences {
        let (count, idf) = &mut counts[groups[usize::from(occurrence.clue)]];
        *count += 1;
        if *count == 1 {
            *idf = clues[usize::from(occurrence.clue)].idf;
            sum += *idf;
        }
        while occurrence.position - occurrences[start].position > REACH {
            let (count, idf) = &mut counts[groups[usize::from(occurrences[start].clue)]];
            *count -= 1;
            if *count == 0 {
                sum -= *idf;
            }
            start += 1;
        }
        best = best.max(sum);
    }
    best
}

/// For each clue the first one at its place of the query.
pub fn groups(clues: &[Weighed]) -> Vec<usize> {
    let place = |clue: &Weighed| (clue.clue.word, clue.clue.place);
    clues.iter().map(|clue| clues.iter().position(|other| place(other) == place(clue)).unwrap_or(0)).collect()
}
