//! Latin words and plain numbers: folding, stop words, Porter2 stems.
//!
//! A word is indexed as its stem (evidence `Word`) and as printed (evidence `Exact`). Function words give no `Word`
//! token unless they are printed in capitals (`WHO`, `IT`, `US` name things), so `us` never finds the United States.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words that say nothing about an article's subject. Short on purpose: every longer list that was tried cost ranking.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he", "her",
    "his", "i", "if", "in", "into", "is", "it", "its", "no", "not", "of", "on", "or", "she", "such", "that", "the",
    "their", "then", "there", "these", "they", "this", "to", "us", "was", "we", "were", "which", "who", "will", "with",
    "you",
];

/// Lower-case letters without accents, full-width forms as plain ones.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    // a lone mark comes apart into a space and itself
    word.nfkd().filter(|&ch| !is_combining_mark(ch) && !ch.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// True for a function word in lower or title case; capitals of two letters or more name something.
pub fn is_stop_word(printed: &str, folded: &str) -> bool {
    STOP_WORDS.binary_search(&folded).is_ok() && !is_acronym(printed)
}

/// True for a word of two or more letters, all of them capitals.
pub fn is_acronym(printed: &str) -> bool {
    printed.len() >= 2 && printed.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// English stems by Porter's second algorithm (the English stemmer of Snowball).
pub struct English {
    stemmer: Stemmer,
}

impl Default for English {
    fn default() -> Self {
        English { stemmer: Stemmer::create(Algorithm::English) }
    }
}

impl English {
    /// The stem of a folded word; words with digits stand for themselves.
    pub fn stem(&self, folded: &str) -> String {
        if folded.len() < 3 || folded.bytes().any(|byte| byte.is_ascii_digit()) {
            return folded.to_owned();
        }
        self.stemmer.stem(folded).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted_for_the_search() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn folding_and_stems() {
        let rows = [
            ("Zelénskyy", "zelenskyy", "zelenskyy"),
            ("Withdrawal", "withdrawal", "withdraw"),
            ("ＣＴＢＴ", "ctbt", "ctbt"),
            ("tests", "tests", "test"),
            ("K9", "k9", "k9"),
        ];
        let english = English::default();
        for (printed, folded, stem) in rows {
            assert_eq!(fold(printed), folded);
            assert_eq!(english.stem(folded), stem);
        }
    }

    #[test]
    fn capitals_name_things() {
        for (printed, stop) in
            [("who", true), ("Who", true), ("WHO", false), ("US", false), ("us", true), ("treaty", false)]
        {
            assert_eq!(is_stop_word(printed, &fold(printed)), stop, "{printed}");
        }
    }
}
