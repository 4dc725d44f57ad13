//! A short signature of a text by which near copies are known: the same story sent round by an agency, cut or retitled.
//!
//! The text's content words are taken in pairs (shingles of two), each pair is hashed, and the [`SKETCH`] smallest hashes
//! are kept (a bottom-k sketch: Broder 1997, On the resemblance and containment of documents). The share of equal
//! hashes among the smallest of two texts estimates the Jaccard similarity of their sets of pairs, within about 0.09.

/// Hashes kept of a text.
pub const SKETCH: usize = 32;
/// A text with fewer pairs is too short to be told from others.
const LEAST: usize = 12;

/// The smallest hashes of a text's pairs of words, in order; empty for a short text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch(Vec<u32>);

/// Takes the words of a text one after the other.
#[derive(Debug, Default)]
pub struct Sketcher {
    last: Option<u64>,
    pairs: Vec<u32>,
}

impl Sketcher {
    /// Takes a word by a hash of it.
    pub fn word(&mut self, hash: u32) {
        let word = u64::from(hash);
        if let Some(last) = self.last.replace(word) {
            // order matters: the multiplier is odd, so nothing is lost
            let pair = (last.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ word).wrapping_mul(0xD6E8_FEB8_6659_FD93);
            self.pairs.push((pair >> 32) as u32);
        }
    }

    /// The sketch of the words so far; the sketcher is empty afterwards.
    pub fn take(&mut self) -> Sketch {
        self.last = None;
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.sort_unstable();
        pairs.dedup();
        let sketch =
            if pairs.len() < LEAST { Sketch::default() } else { Sketch(pairs[..pairs.len().min(SKETCH)].to_vec()) };
        pairs.clear();
        self.pairs = pairs;
        sketch
    }
}

impl Sketch {
    pub fn hashes(&self) -> &[u32] {
        &self.0
    }
}

/// The estimated Jaccard similarity of two texts by their hashes, from 0 to 1: of the smallest hashes of both together,
/// the share that both have. `None` where that is below `least`, which shows before all are compared.
pub fn similarity(a: &[u32], b: &[u32], least: f32) -> Option<f32> {
    let wanted = a.len().max(b.len());
    let needed = (least * wanted as f32) as usize;
    let (mut i, mut j, mut seen, mut shared) = (0, 0, 0, 0);
    while seen < wanted && i < a.len() && j < b.len() {
        if shared + (wanted - seen) < needed {
            return None;
        }
        let (x, y) = (a[i], b[j]);
        shared += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
        seen += 1;
    }
    let similarity = if wanted == 0 { 0.0 } else { shared as f32 / wanted as f32 };
    (similarity >= least).then_some(similarity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(words: &[u32]) -> Sketch {
        let mut sketcher = Sketcher::default();
        words.iter().for_each(|word| sketcher.word(word.wrapping_mul(0x9E37_79B1)));
        sketcher.take()
    }

    #[test]
    fn edits_lower_the_similarity_gently() {
        let text: Vec<u32> = (0..400).collect();
        let original = sketch(&text);
        let similarity = |a: &Sketch, b: &Sketch| similarity(a.hashes(), b.hashes(), 0.0).unwrap();
        assert_eq!(similarity(&original, &original), 1.0);
        let edited =
            |every: u32| sketch(&text.iter().map(|&w| if w % every == 3 { w + 10_000 } else { w }).collect::<Vec<_>>());
        for (every, least, most) in [(20, 0.6, 1.0), (10, 0.4, 0.9), (5, 0.2, 0.7)] {
            let found = similarity(&original, &edited(every));
            assert!((least..=most).contains(&found), "1 in {every}: {found}");
            let from = |least: f32| super::similarity(original.hashes(), edited(every).hashes(), least);
            assert_eq!((from(found), from(found + 0.01)), (Some(found), None));
        }
        assert!(similarity(&original, &sketch(&(5000..5400).collect::<Vec<_>>())) < 0.1);
    }

    #[test]
    fn short_texts_have_no_copies() {
        let short = sketch(&[1, 2, 3, 4, 5]);
        assert!(short.hashes().is_empty());
        assert_eq!(similarity(short.hashes(), short.hashes(), 0.0), Some(0.0));
    }
}
