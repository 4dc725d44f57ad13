//! Sets of articles, a bit each.

use tantivy::DocId;

/// A set of articles of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    pub fn empty(len: u32) -> Bits {
        Bits { words: vec![0; len.div_ceil(64) as usize], len }
    }

    pub fn full(len: u32) -> Bits {
        let mut words = vec![u64::MAX; len.div_ceil(64) as usize];
        if let (Some(last), 1..) = (words.last_mut(), len % 64) {
            *last = (1 << (len % 64)) - 1;
        }
        Bits { words, len }
    }

    pub fn insert(&mut self, doc: DocId) {
        self.words[(doc / 64) as usize] |= 1 << (doc % 64);
    }

    /// Adds of the articles from `first`, a multiple of 64, those whose bits are set.
    pub fn insert_64(&mut self, first: DocId, bits: u64) {
        if bits != 0 {
            self.words[(first / 64) as usize] |= bits;
        }
    }

    /// The articles from `first`, a multiple of 64: a bit each, and none where there are no more.
    pub fn of_64(&self, first: DocId) -> u64 {
        self.words.get((first / 64) as usize).copied().unwrap_or(0)
    }

    /// True where none from `start` to before `end` is in it; these are multiples of 64, or the end is that of all.
    pub fn none_in(&self, start: DocId, end: DocId) -> bool {
        self.words[(start / 64) as usize..end.div_ceil(64) as usize].iter().all(|&word| word == 0)
    }

    pub fn contains(&self, doc: DocId) -> bool {
        self.words[(doc / 64) as usize] >> (doc % 64) & 1 == 1
    }

    pub fn or(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub fn and(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    pub fn and_not(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The articles of the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }

    /// Keeps the articles that `keep` accepts.
    pub fn retain<E>(&mut self, mut keep: impl FnMut(DocId) -> Result<bool, E>) -> Result<(), E> {
        for (at, word) in self.words.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !keep(at as u32 * 64 + bit)? {
                    *word &= !(1 << bit);
                }
            }
        }
        Ok(())
    }
}

/// All of the sets, where there is one.
pub fn all_of(sets: impl IntoIterator<Item = Bits>) -> Option<Bits> {
    sets.into_iter().reduce(|mut all, set| {
        all.and(&set);
        all
    })
}

/// Any of the sets, where there is one.
pub fn any_of(sets: impl IntoIterator<Item = Bits>) -> Option<Bits> {
    sets.into_iter().reduce(|mut any, set| {
        any.or(&set);
        any
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sets_are_sets(len in 1u32..200, a in prop::collection::btree_set(0u32..200, 0..60), b in prop::collection::btree_set(0u32..200, 0..60)) {
            let of = |docs: &std::collections::BTreeSet<u32>| {
                let mut bits = Bits::empty(len);
                docs.iter().filter(|&&doc| doc < len).for_each(|&doc| bits.insert(doc));
                bits
            };
            let (x, y) = (of(&a), of(&b));
            let listed = |keep: &dyn Fn(u32) -> bool| (0..len).filter(|&doc| keep(doc)).collect::<Vec<_>>();
            let got = |change: &dyn Fn(&mut Bits)| {
                let mut bits = x.clone();
                change(&mut bits);
                prop_assert_eq!(bits.count() as usize, bits.iter().count());
                Ok(bits.iter().collect::<Vec<_>>())
            };
            prop_assert_eq!(got(&|it| it.or(&y))?, listed(&|doc| a.contains(&doc) || b.contains(&doc)));
            prop_assert_eq!(got(&|it| it.and(&y))?, listed(&|doc| a.contains(&doc) && b.contains(&doc)));
            prop_assert_eq!(got(&|it| it.and_not(&y))?, listed(&|doc| a.contains(&doc) && !b.contains(&doc)));
            prop_assert_eq!(got(&|it| it.retain(|doc| Ok::<_, ()>(doc % 3 == 0)).unwrap())?, listed(&|doc| a.contains(&doc) && doc % 3 == 0));
            let mut at_once = Bits::empty(len);
            (0..len).step_by(64).for_each(|first| at_once.insert_64(first, (0..64).filter(|at| x.len > first + at && x.contains(first + at)).fold(0, |bits, at| bits | 1 << at)));
            prop_assert_eq!(&at_once, &x);
            let none = |first: u32| (first..first + 64).all(|doc| doc >= len || !x.contains(doc));
            (0..len).step_by(64).for_each(|first| {
                assert_eq!(x.of_64(first) == 0, none(first));
                assert_eq!(x.none_in(first, len), (first..len).step_by(64).all(none));
            });
            let mut rest = Bits::full(len);
            rest.and_not(&x);
            prop_assert_eq!(rest.count() + x.count(), u64::from(len));
        }
    }
}
