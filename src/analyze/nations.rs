//! Nations by one sign each, written as one word: 한미일, 북중러, 중러.
//!
//! The dictionary knows some of these words and reads the others as whatever their syllables may be, a determiner or an
//! ending, which would be lost. Each sign is then a word of its own, as it is in 한·미·일.

use super::korean::Morpheme;

const SIGNS: &str = "한미일중러북남영불독";

/// How many bytes of `run` are signs of nations that its morphemes do not all keep.
pub fn nations(run: &str, morphemes: &[Morpheme]) -> Option<usize> {
    let mut seen = String::new();
    for ch in run.chars() {
        if !SIGNS.contains(ch) || seen.contains(ch) {
            break;
        }
        seen.push(ch);
    }
    // the longest that ends where a morpheme does
    while seen.chars().count() >= 2 {
        let inside = morphemes.iter().take_while(|morpheme| morpheme.end <= seen.len());
        let ends = inside.clone().last().is_some_and(|last| last.end == seen.len());
        if ends {
            let lost = |morpheme: &Morpheme| matches!(morpheme.tag, "MM" | "EC" | "NNB" | "VCP");
            let made = |morpheme: &Morpheme| matches!(morpheme.tag, "XSA" | "XSV" | "VV" | "VA" | "ETM");
            let fits = inside.clone().any(lost) && !inside.clone().any(made);
            return fits.then_some(seen.len());
        }
        seen.pop();
    }
    None
}
