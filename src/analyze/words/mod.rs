//! The words that the owner of an archive adds: names and coinages that no dictionary has, or that it cuts wrongly.
//!
//! An entry is one word wherever a text holds it, with particles and endings behind it, inside a compound, in small letters or
//! capitals. Where an entry has spaces, its parts may stand with white space, a joining sign or nothing between them. Letters
//! alone tell where an entry may be ([`trie`]); whether it stands there as a word is asked of the Korean dictionary
//! ([`standing`]); [`closed`] closes up the gaps inside of it, and [`run`] gives its tokens. Which words there are is part of the analyzer, and of its fingerprint.

pub mod closed;
pub mod run;
pub mod standing;
mod trie;

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64;

use super::script::{Script, is_word, script_of};
use trie::Trie;

/// The tag of an entry.
pub const USER: &str = "USER";
/// The tag of what an entry is made of: found by itself, and not asked for where the entry is.
pub const PART: &str = "PART";

/// The longest entry, in letters, and the most parts of one.
pub const LONGEST: usize = 40;
pub const MOST_PARTS: usize = 8;

/// A word of the user's: its parts as written, between single spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserWord(String);

/// Why something cannot be a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("no letters in it")]
    NoLetters,
    #[error("one letter alone is in too many words; give two or more")]
    Short,
    #[error("longer than {LONGEST} letters, or of more than {MOST_PARTS} parts")]
    Long,
}

impl UserWord {
    /// Reads a word as typed: composed, without the signs around and between its parts.
    pub fn new(typed: &str) -> Result<UserWord, Unfit> {
        let composed: String = typed.nfc().collect();
        let parts: Vec<&str> = composed.split(|ch| !is_word(ch)).filter(|part| !part.is_empty()).collect();
        let letters = parts.iter().flat_map(|part| part.chars());
        if !letters.clone().any(|ch| !matches!(script_of(ch), Script::Digit)) {
            return Err(Unfit::NoLetters);
        }
        match letters.count() {
            ..2 => Err(Unfit::Short),
            long if long > LONGEST || parts.len() > MOST_PARTS => Err(Unfit::Long),
            _ => Ok(UserWord(parts.join(" "))),
        }
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// How many parts it has.
    pub fn parts(&self) -> usize {
        self.0.split(' ').count()
    }

    /// The word in one piece and in small letters: the term of the index, the same for all spellings.
    pub fn term(&self) -> String {
        self.0.chars().filter(|&ch| ch != ' ').map(small).collect()
    }
}

impl fmt::Display for UserWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A letter as entries are compared: small, full-width forms as plain ones. One letter for one, so places are kept.
fn small(ch: char) -> char {
    let ch = match ch {
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            char::from_u32(ch as u32 - 0xFEE0).unwrap_or(ch)
        }
        _ => ch,
    };
    let mut lower = ch.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => ch,
    }
}

/// An entry, as it is looked for.
#[derive(Debug)]
pub struct Entry {
    pub word: UserWord,
    /// See [`UserWord::term`].
    pub term: String,
}

/// Words of the user's, made ready to be found.
#[derive(Debug)]
pub struct Words {
    /// In the order of their terms.
    entries: Vec<Entry>,
    trie: Trie,
    /// The last letters of parts that another part follows.
    opening: FxHashSet<char>,
}

/// A stretch of a text that has the letters of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub start: usize,
    pub end: usize,
    /// The number of the entry.
    pub entry: u32,
}

/// Words by their terms. Of two with the same letters the one with more parts counts: it is found in every way the other is.
fn by_term(words: impl IntoIterator<Item = UserWord>) -> BTreeMap<String, UserWord> {
    let mut by_term: BTreeMap<String, UserWord> = BTreeMap::new();
    for word in words {
        let known = by_term.entry(word.term()).or_insert_with(|| word.clone());
        if (word.parts(), &*known.0) > (known.parts(), &*word.0) {
            *known = word;
        }
    }
    by_term
}

/// The words, each once, in the order of their terms: as [`Words::list`] has them.
pub fn distinct(words: impl IntoIterator<Item = UserWord>) -> Vec<UserWord> {
    by_term(words).into_values().collect()
}

impl Words {
    pub fn new(words: impl IntoIterator<Item = UserWord>) -> Words {
        let by_term = by_term(words);
        let (mut trie, mut opening) = (Trie::default(), FxHashSet::default());
        let mut entries = Vec::with_capacity(by_term.len());
        for (term, word) in by_term {
            let parts: Vec<String> = word.text().split(' ').map(|part| part.chars().map(small).collect()).collect();
            opening.extend(parts[..parts.len() - 1].iter().filter_map(|part| part.chars().next_back()));
            trie.insert(&parts, entries.len() as u32);
            entries.push(Entry { term, word });
        }
        Words { entries, trie, opening }
    }

    /// The words, each once, in the order of their terms.
    pub fn list(&self) -> Vec<UserWord> {
        self.entries.iter().map(|entry| entry.word.clone()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn entry(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    /// The word with this term.
    pub fn word(&self, term: &str) -> Option<&UserWord> {
        let at = self.entries.binary_search_by(|entry| entry.term.as_str().cmp(term)).ok()?;
        Some(&self.entries[at].word)
    }

    /// Names this set of words: 12 hex digits.
    pub fn fingerprint(&self) -> String {
        let lines: String = self.entries.iter().map(|entry| format!("{}\n", entry.word)).collect();
        format!("{:012x}", xxh3_64(lines.as_bytes()) >> 16)
    }

    /// True where some entry has spaces.
    pub fn have_parts(&self) -> bool {
        !self.opening.is_empty()
    }

    /// True where an entry may go on behind this letter and a space.
    pub fn may_go_on(&self, last: char) -> bool {
        self.opening.contains(&small(last))
    }

    /// Adds the stretches from byte `at` of `text` on that have the letters of an entry, the shortest first; not those that
    /// end or begin inside of a Latin word or a number.
    pub fn at(&self, text: &str, at: usize, out: &mut Vec<Held>) {
        if text[..at].chars().next_back().is_some_and(|before| touches(before, &text[at..])) {
            return;
        }
        self.trie.walk(text, at, &mut |end, entry| {
            let last = text[..end].chars().next_back();
            if !last.is_some_and(|last| touches(last, &text[end..])) {
                out.push(Held { start: at, end, entry });
            }
        });
    }

    /// All stretches of `text` that have the letters of an entry.
    pub fn all(&self, text: &str) -> Vec<Held> {
        let mut out = Vec::new();
        for (at, ch) in text.char_indices() {
            if self.trie.begins(ch) {
                self.at(text, at, &mut out);
            }
        }
        out
    }

    /// True where `text` has the letters of some entry.
    pub fn any(&self, text: &str) -> bool {
        let mut out = Vec::new();
        text.char_indices().any(|(at, ch)| {
            if self.trie.begins(ch) {
                self.at(text, at, &mut out);
            }
            !out.is_empty()
        })
    }
}

/// True where the first letter of `rest` belongs to one Latin word or number with the letter `before`.
fn touches(before: char, rest: &str) -> bool {
    let Some(next) = rest.chars().next() else { return false };
    let (a, b) = (script_of(before), script_of(next));
    super::script::is_mark(next) || a == b && matches!(a, Script::Latin | Script::Digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_they_are_typed() {
        let rows = [
            ("  대학생   선교회 ", Ok("대학생 선교회")),
            ("“갤럭시Z”", Ok("갤럭시Z")),
            ("T-50", Ok("T 50")),
            ("4세대실손", Ok("4세대실손")),
            ("安全保障", Ok("安全保障")),
            ("\u{1100}\u{1161}\u{1102}\u{1161}", Ok("가나")),
            ("", Err(Unfit::NoLetters)),
            ("2024", Err(Unfit::NoLetters)),
            ("?!", Err(Unfit::NoLetters)),
            ("이", Err(Unfit::Short)),
            ("a b c d e f g h i", Err(Unfit::Long)),
        ];
        for (typed, expected) in rows {
            assert_eq!(UserWord::new(typed).as_ref().map(UserWord::text), expected.as_ref().map(|it| *it), "{typed}");
        }
        assert_eq!(UserWord::new(&"가".repeat(41)), Err(Unfit::Long));
        assert_eq!(UserWord::new("Ｇalaxy Z").unwrap().term(), "galaxyz");
    }

    #[test]
    fn letters_of_entries() {
        let words = ["대학생 선교회", "대학생", "갤럭시Z", "4세대실손", "T-50", "이나"];
        let words = Words::new(words.map(|word| UserWord::new(word).unwrap()));
        let rows: &[(&str, &[&str])] = &[
            ("대학생 선교회는", &["대학생", "대학생 선교회"]),
            ("대학생선교회는", &["대학생", "대학생선교회"]),
            ("대학생\u{a0} 선교회", &["대학생", "대학생\u{a0} 선교회"]),
            ("대학생, 선교회", &["대학생"]),
            ("대학생\n선교회", &["대학생"]),
            ("갤럭시z를", &["갤럭시z"]),
            ("갤럭시Zero", &[]),
            ("14세대실손", &[]),
            ("4세대실손은", &["4세대실손"]),
            ("T-50과 T50, t 50", &["T-50", "T50", "t 50"]),
            ("T-500", &[]),
            // letters only: whether it is a word there is asked elsewhere
            ("차이나", &["이나"]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = words.all(text).iter().map(|held| &text[held.start..held.end]).collect();
            assert_eq!(&found, expected, "{text}");
            assert_eq!(words.any(text), !expected.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_set_has_one_name_in_any_order() {
        let set = |words: &[&str]| Words::new(words.iter().map(|word| UserWord::new(word).unwrap())).fingerprint();
        assert_eq!(set(&["마라샹궈", "갤럭시Z"]), set(&["갤럭시Z", "마라샹궈", "마라샹궈"]));
        assert_ne!(set(&["대학생 선교회"]), set(&["대학생선교회"]));
        assert_eq!(set(&["가나"]).len(), 12);
    }
}
