//! The best articles so far, and what another one must beat.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::DocAddress;

use super::retrieve::Candidate;

/// A place among the best; the worst of them is on top of the heap.
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

/// The best so far, `k` at the most; of equal ones those that came first.
pub struct Best {
    places: BinaryHeap<Place>,
    k: usize,
    threshold: f32,
}

impl Best {
    pub fn new(k: usize) -> Best {
        Best { places: BinaryHeap::with_capacity(k), k, threshold: 0.0 }
    }

    /// What an article must beat: the score of the worst of the best, once there are enough.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// Takes in an article that beats the threshold.
    pub fn add(&mut self, score: f32, address: DocAddress) {
        let place = Place { score, address };
        if self.places.len() < self.k {
            self.places.push(place);
        } else if let Some(mut worst) = self.places.peek_mut() {
            *worst = place;
        }
        self.raise();
    }

    /// Takes in the best of other articles.
    pub fn absorb(&mut self, mut others: Best) {
        self.places.append(&mut others.places);
        while self.places.len() > self.k {
            self.places.pop();
        }
        self.raise();
    }

    fn raise(&mut self) {
        if self.places.len() == self.k {
            self.threshold = self.places.peek().map_or(0.0, |worst| worst.score);
        }
    }

    /// Best first.
    pub fn into_candidates(self) -> Vec<Candidate> {
        self.places.into_sorted_vec().into_iter().map(|place| Candidate::new(place.address, place.score)).collect()
    }
}
