//! Closeness: words that stand near each other are about each other.
//!
//! The best stretch of each length in [`REACHES`] is found; the idf of the different words in it counts.

use super::occurrences::Occurrence;
use super::statistics::Weighed;

/// Positions that count as close, a sentence (about 15 eojeols) and a paragraph, and what the words within them add, as a
/// multiple of their idf.
const REACHES: [(u32, f32); 2] = [(25, 0.5), (60, 0.15)];

/// What an article with `occurrences` gets for closeness; `groups` is what [`groups`] gives for the clues.
pub fn closeness(occurrences: &[Occurrence], clues: &[Weighed], groups: &[usize]) -> f32 {
    REACHES.iter().map(|&(reach, weight)| weight * closest(occurrences, clues, groups, reach)).sum()
}

/// The largest sum of idf of different words within `reach` positions; what says one word in several ways counts once.
fn closest(occurrences: &[Occurrence], clues: &[Weighed], groups: &[usize], reach: u32) -> f32 {
    let mut counts = vec![(0u32, 0f32); groups.len()];
    let (mut start, mut sum, mut best) = (0, 0f32, 0f32);
    for occurrence in occurrences {
        let (count, idf) = &mut counts[groups[usize::from(occurrence.clue)]];
        *count += 1;
        if *count == 1 {
            *idf = clues[usize::from(occurrence.clue)].near;
            sum += *idf;
        }
        while occurrence.position - occurrences[start].position > reach {
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
