//! The scores of a window of articles, added up list by list.

use tantivy::DocId;
use wide::f32x8;

/// Articles scored together.
pub const WINDOW: usize = 4096;
/// Sums looked at together: as many as an integer has bits, and as many of these make a window.
pub const LANE: usize = 64;

/// Sums of scores, of which those that nothing was added to cost nothing.
pub struct Sums {
    /// The first article.
    base: DocId,
    scores: Box<[f32; WINDOW]>,
    /// The lanes that something was added to, a bit each, and at times others.
    touched: u64,
}

impl Default for Sums {
    fn default() -> Sums {
        Sums { base: 0, scores: Box::new([0.0; WINDOW]), touched: 0 }
    }
}

impl Sums {
    /// Begins at `base`, a multiple of [`LANE`]; all sums were drained.
    pub fn start(&mut self, base: DocId) {
        debug_assert!((base as usize).is_multiple_of(LANE) && self.touched == 0, "{base}");
        self.base = base;
    }

    pub fn base(&self) -> DocId {
        self.base
    }

    fn at(&self, doc: DocId) -> usize {
        (doc - self.base) as usize % WINDOW
    }

    /// Adds to the score of an article that was touched.
    #[inline]
    pub fn add(&mut self, doc: DocId, score: f32) {
        let at = self.at(doc);
        self.scores[at] += score;
    }

    #[inline]
    pub fn touch(&mut self, doc: DocId) {
        self.touched |= 1 << (self.at(doc) / LANE);
    }

    /// Touches articles that stand in order.
    #[inline]
    pub fn touch_all(&mut self, docs: &[DocId]) {
        match docs {
            // so many are in nearly every lane
            [first, .., last] if docs.len() >= LANE => {
                let (first, last) = (self.at(*first) / LANE, self.at(*last) / LANE);
                self.touched |= u64::MAX >> (LANE - 1 - (last - first)) << first;
            }
            _ => docs.iter().for_each(|&doc| self.touch(doc)),
        }
    }

    /// The first article of each lane that was touched, and its sums.
    pub fn lanes(&self) -> impl Iterator<Item = (DocId, &[f32; LANE])> {
        let (base, lanes) = (self.base, self.scores.as_chunks::<LANE>().0);
        ones(self.touched).map(move |at| (base + (at * LANE) as DocId, &lanes[at]))
    }

    /// The same, one after the other, and nothing is left of them.
    pub fn drain(&mut self, mut each: impl FnMut(DocId, &[f32; LANE])) {
        let lanes = self.scores.as_chunks_mut::<LANE>().0;
        for at in ones(std::mem::take(&mut self.touched)) {
            let lane = &mut lanes[at];
            each(self.base + (at * LANE) as DocId, lane);
            lane.fill(0.0);
        }
    }
}

/// The places of the bits that are set.
pub fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (bits != 0).then(|| bits.trailing_zeros())?;
        bits &= bits - 1;
        Some(at as usize)
    })
}

/// True where none of the sums is above `least`.
pub fn all_below(sums: &[f32; LANE], least: f32) -> bool {
    let most = sums.as_chunks().0.iter().fold(f32x8::ZERO, |most, &eight| f32x8::new(eight).fast_max(most));
    most.simd_gt(f32x8::splat(least)).none()
}

/// The sums above `least`, a bit each.
pub fn above(sums: &[f32; LANE], least: f32) -> u64 {
    let least = f32x8::splat(least);
    let eights = sums.as_chunks().0.iter().rev();
    eights.fold(0, |bits, &eight| bits << 8 | u64::from(f32x8::new(eight).simd_gt(least).to_bitmask()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_above_a_score() {
        let sums: [f32; LANE] = std::array::from_fn(|at| (at * 37 % 64) as f32);
        for least in [0.0, 0.5, 17.0, 62.0, 63.0] {
            let bits = (0..LANE).filter(|&at| sums[at] > least).fold(0u64, |bits, at| bits | 1 << at);
            assert_eq!(above(&sums, least), bits, "{least}");
            assert_eq!(all_below(&sums, least), bits == 0, "{least}");
        }
    }

    proptest! {
        #[test]
        fn what_was_added_is_drained(
            windows in prop::collection::vec(prop::collection::vec(prop::collection::btree_set(0..WINDOW as u32, 0..200), 0..4), 1..4),
            lanes in 1usize..200,
        ) {
            let mut sums = Sums::default();
            for (base, lists) in (0..).step_by(lanes * LANE).zip(windows) {
                sums.start(base);
                let mut expected: BTreeMap<DocId, f32> = BTreeMap::new();
                for list in lists {
                    let docs: Vec<DocId> = list.into_iter().map(|doc| base + doc).collect();
                    sums.touch_all(&docs);
                    for doc in docs {
                        sums.add(doc, 1.0);
                        *expected.entry(doc).or_default() += 1.0;
                    }
                }
                let of_lane = |(first, lane): (DocId, &[f32; LANE])| {
                    (first..).zip(*lane).filter(|it| it.1 > 0.0).collect::<Vec<_>>()
                };
                let seen: BTreeMap<DocId, f32> = sums.lanes().flat_map(of_lane).collect();
                prop_assert_eq!(&seen, &expected);
                let mut drained = BTreeMap::new();
                sums.drain(|first, lane| drained.extend(of_lane((first, lane))));
                prop_assert_eq!(drained, expected);
                prop_assert_eq!(sums.lanes().count(), 0);
            }
        }
    }
}
