//! The best articles so far, and what another one must beat.

use std::cmp::Ordering;

use tantivy::DocAddress;

use super::retrieve::Candidate;

/// Places that there is room for at once.
const MOST_AT_ONCE: usize = 1 << 14;

/// A place among the best; the better one comes first.
#[derive(Clone, Copy, PartialEq)]
struct Place {
    score: f32,
    address: DocAddress,
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Place) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Place) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.address.cmp(&other.address))
    }
}

/// The best so far, `k` at the most; of equal ones those with the lowest address, if articles come in order.
///
/// What beats the threshold is put behind the others, and only when there are twice as many as wanted are the worse ones taken
/// out: a few steps for each, however large `k` is.
pub struct Best {
    places: Vec<Place>,
    k: usize,
    /// So many places are cut down to the `k` best.
    room: usize,
    threshold: f32,
}

impl Best {
    pub fn new(k: usize) -> Best {
        // the first `k` give a threshold at once
        Best { places: Vec::with_capacity(k.saturating_mul(2).min(MOST_AT_ONCE)), k, room: k, threshold: 0.0 }
    }

    /// What an article must beat: a score that `k` others have at the least, once there are enough.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// Takes in an article that beats the threshold.
    pub fn add(&mut self, score: f32, address: DocAddress) {
        self.places.push(Place { score, address });
        if self.places.len() >= self.room {
            self.cut();
        }
    }

    /// Takes in the best of other articles.
    pub fn absorb(&mut self, mut others: Best) {
        self.places.append(&mut others.places);
        self.cut();
    }

    fn cut(&mut self) {
        if self.places.len() > self.k {
            if self.k > 0 {
                self.places.select_nth_unstable(self.k - 1);
            }
            self.places.truncate(self.k);
        }
        if self.places.len() == self.k {
            self.threshold = self.places.iter().max().map_or(self.threshold, |worst| worst.score);
            self.room = self.k.saturating_mul(2);
        }
    }

    /// Best first.
    pub fn into_candidates(mut self) -> Vec<Candidate> {
        self.cut();
        self.places.sort_unstable();
        self.places.into_iter().map(|place| Candidate::new(place.address, place.score)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_of_all(scores in prop::collection::vec(1u8..20, 0..200), k in 0usize..40, parts in 1usize..4) {
            let all: Vec<(f32, DocAddress)> =
                scores.iter().zip(0..).map(|(&score, doc)| (f32::from(score), DocAddress::new(0, doc))).collect();
            let mut best = Best::new(k);
            for part in all.chunks(all.len().div_ceil(parts).max(1)).rev() {
                let mut of_part = Best::new(k);
                for &(score, address) in part {
                    if score > of_part.threshold() {
                        of_part.add(score, address);
                    }
                }
                best.absorb(of_part);
            }
            let mut expected = all;
            expected.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            expected.truncate(k);
            let found = best.into_candidates().into_iter().map(|it| (it.score, it.address));
            prop_assert_eq!(found.collect::<Vec<_>>(), expected);
        }
    }
}
