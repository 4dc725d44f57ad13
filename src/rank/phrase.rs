//! Phrases: neighbours of the query that are neighbours in the article, in the same order.
//!
//! Every two words that follow one another in the query count once for an article that has them so anywhere, with the
//! smaller idf of the two (after the ordered windows of Metzler and Croft, A Markov Random Field Model for Term
//! Dependencies, 2005). Particles and function words have no position, so `회의 결과` stands in `회의의 결과`.

use super::occurrences::Occurrence;
use super::statistics::Weighed;

/// What a pair of neighbours adds, as a multiple of its idf.
const PHRASE: f32 = 0.8;

/// The neighbours of a query.
pub struct Phrases<'a> {
    clues: &'a [Weighed],
    groups: &'a [usize],
    /// For each group the one that follows it in the query.
    next: Vec<Option<usize>>,
}

impl<'a> Phrases<'a> {
    /// `groups` is what [`super::proximity::groups`] gives for the clues; `asked` are those that have positions.
    pub fn new(clues: &'a [Weighed], groups: &'a [usize], asked: &[usize]) -> Phrases<'a> {
        let mut order = asked.to_vec();
        order.sort_unstable_by_key(|&group| (clues[group].clue.word, clues[group].clue.place));
        let mut next = vec![None; clues.len()];
        order.windows(2).for_each(|pair| next[pair[0]] = Some(pair[1]));
        Phrases { clues, groups, next }
    }

    /// What an article with `occurrences`, in order of position, gets for the neighbours it keeps together.
    pub fn of(&self, occurrences: &[Occurrence]) -> f32 {
        let group = |at: &Occurrence| self.groups[usize::from(at.clue)];
        let idf = |at: &Occurrence| self.clues[usize::from(at.clue)].near;
        let mut best = vec![0f32; self.next.len()];
        for (number, first) in occurrences.iter().enumerate() {
            let Some(wanted) = self.next[group(first)] else { continue };
            let next = first.position + self.clues[usize::from(first.clue)].clue.width;
            let behind = occurrences[number + 1..].iter().skip_while(|at| at.position < next);
            for second in behind.take_while(|at| at.position == next) {
                if group(second) == wanted {
                    let known = &mut best[group(first)];
                    *known = known.max(idf(first).min(idf(second)));
                }
            }
        }
        PHRASE * best.iter().sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::Field;

    use super::*;
    use crate::article::Lang;
    use crate::rank::evidence::{Clue, Kind};
    use crate::rank::proximity::groups;

    /// A word of the query with its idf.
    fn word(word: usize, idf: f32) -> Weighed {
        let term = format!("w{word}");
        let clue = Clue {
            kind: Kind::Stem,
            field: Field::from_field_id(0),
            lang: Lang::En,
            term,
            word,
            place: 0,
            width: 1,
            weight: 1.0,
        };
        Weighed { clue, articles: 1, idf, near: idf, factor: 1.0, lists: Vec::new() }
    }

    #[test]
    fn a_word_of_several_positions_has_its_neighbour_behind_all_of_them() {
        let mut clues = [word(0, 3.0), word(1, 2.0)];
        clues[0].clue.width = 3;
        let groups = groups(&clues);
        let phrases = Phrases::new(&clues, &groups, &[0, 1]);
        for (second, expected) in [(5, 0.0), (6, 0.0), (7, 2.0), (8, 0.0)] {
            let found = [Occurrence { position: 4, clue: 0 }, Occurrence { position: second, clue: 1 }];
            assert_eq!(phrases.of(&found), PHRASE * expected, "{second}");
        }
    }

    #[test]
    fn neighbours_in_order_count_once() {
        let clues = [word(0, 3.0), word(1, 2.0), word(2, 5.0)];
        let groups = groups(&clues);
        let phrases = Phrases::new(&clues, &groups, &[0, 1, 2]);
        // (position, word of the query), and the idf that counts
        let rows: &[(&[(u32, u16)], f32)] = &[
            (&[(4, 0), (5, 1)], 2.0),
            (&[(4, 1), (5, 0)], 0.0),
            (&[(4, 0), (6, 1)], 0.0),
            (&[(4, 0), (5, 1), (6, 2)], 4.0),
            (&[(4, 0), (5, 1), (8, 0), (9, 1)], 2.0),
            (&[(4, 0), (5, 2)], 0.0),
            (&[(4, 0), (4, 1), (5, 1)], 2.0),
        ];
        for (places, expected) in rows {
            let found: Vec<Occurrence> = places.iter().map(|&(position, clue)| Occurrence { position, clue }).collect();
            assert!((phrases.of(&found) - PHRASE * expected).abs() < 1e-6, "{places:?}");
        }
    }
}
