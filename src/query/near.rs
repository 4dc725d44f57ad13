//! The words of the archive within a few letters of a given one, without going through all of them.
//!
//! The distance of [`super::distance`] is worked out along the term dictionary itself, as an automaton that gives up where
//! every way of going on is too far. Only the cells next to the diagonal can be near enough, so a state is a few bytes.

use tantivy_fst::Automaton;

use crate::analyze::jamo::letters;

/// The most letters that may differ.
pub const MOST_EDITS: usize = 2;
/// Cells of a row that can be near enough.
const BAND: usize = 2 * MOST_EDITS + 1;
/// The longest sign, in bytes.
const SIGN: usize = 4;

/// Accepts what is at most `most` letters from `strokes`.
pub struct Near<'a> {
    strokes: &'a [char],
    most: u8,
}

/// How far the letters read so far are from the openings of the word.
#[derive(Debug, Clone, Copy)]
pub struct NearState {
    /// Letters read.
    read: u16,
    /// The distance to the first `read + k - MOST_EDITS` letters of the word, for every `k`.
    band: [u8; BAND],
    /// Bytes of an unfinished sign.
    bytes: [u8; SIGN],
    pending: u8,
}

impl<'a> Near<'a> {
    /// `strokes` letter by letter, as [`super::forms::spelt`] gives them; `most` is cut to [`MOST_EDITS`].
    pub fn new(strokes: &'a [char], most: usize) -> Near<'a> {
        Near { strokes, most: most.min(MOST_EDITS) as u8 }
    }

    /// The place in the word of cell `k` when `read` letters are read.
    fn place(&self, read: u16, k: usize) -> Option<usize> {
        (usize::from(read) + k).checked_sub(MOST_EDITS).filter(|&at| at <= self.strokes.len())
    }

    fn read(&self, state: &mut NearState, letter: char) {
        let far = self.most + 1;
        let read = state.read.saturating_add(1);
        let mut band = [far; BAND];
        for k in 0..BAND {
            let Some(at) = self.place(read, k) else { continue };
            let mut cost = far;
            if at > 0 {
                cost = cost.min(state.band[k] + u8::from(self.strokes[at - 1] != letter));
                if k > 0 {
                    cost = cost.min(band[k - 1] + 1);
                }
            }
            if let Some(&without) = state.band.get(k + 1) {
                cost = cost.min(without + 1);
            }
            band[k] = cost.min(far);
        }
        (state.read, state.band) = (read, band);
    }
}

impl Automaton for &Near<'_> {
    type State = Option<NearState>;

    fn start(&self) -> Self::State {
        let far = self.most + 1;
        // nothing read is as far from an opening of the word as that is long
        let band = std::array::from_fn(|k| self.place(0, k).map_or(far, |at| far.min(at as u8)));
        Some(NearState { read: 0, band, bytes: [0; SIGN], pending: 0 })
    }

    fn is_match(&self, state: &Self::State) -> bool {
        let Some(state) = state.filter(|state| state.pending == 0) else { return false };
        (0..BAND).any(|k| self.place(state.read, k) == Some(self.strokes.len()) && state.band[k] <= self.most)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        // what is too far is given up where it is read
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let mut next = (*state)?;
        // terms are UTF-8: the first byte of a sign says how many there are
        *next.bytes.get_mut(usize::from(next.pending))? = byte;
        next.pending += 1;
        let length = match next.bytes[0] {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        if usize::from(next.pending) < length {
            return Some(next);
        }
        let sign = std::str::from_utf8(&next.bytes[..length]).ok()?.chars().next()?;
        next.pending = 0;
        let before = next.read;
        letters(sign).for_each(|letter| self.read(&mut next, letter));
        if next.read == before {
            self.read(&mut next, sign);
        }
        next.band.iter().any(|&cost| cost <= self.most).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::distance::distance;
    use crate::query::forms::spelt;

    fn accepts(near: &Near, word: &str) -> bool {
        let state = word.bytes().fold(near.start(), |state, byte| near.accept(&state, byte));
        near.is_match(&state)
    }

    proptest! {
        #[test]
        fn it_accepts_what_is_near_enough(
            word in "[가나간닭a-c北]{0,6}",
            other in "[가나간닭a-c北]{0,6}",
            most in 0usize..=MOST_EDITS,
        ) {
            let strokes = spelt(&word);
            let expected = distance(&strokes, &spelt(&other), most) <= most;
            prop_assert_eq!(accepts(&Near::new(&strokes, most), &other), expected);
        }
    }

    #[test]
    fn words_near_each_other() {
        let rows = [
            ("미사일", "미사잉", 1, true),
            ("withdrawal", "withdrawl", 1, true),
            ("북한", "남한", 2, false),
            ("재선", "재선", 0, true),
        ];
        for (word, other, most, expected) in rows {
            assert_eq!(accepts(&Near::new(&spelt(word), most), other), expected, "{word} {other}");
        }
    }
}
