//! Tokens: what the analyzer says about a stretch of text.
//!
//! A span always points into the text that was analysed, in bytes, on character boundaries. Positions count content
//! words: particles, endings and stop words take none, so a phrase matches across them.

use std::fmt;

use super::script::{Script, script_of};
use super::words::{PART, USER};

/// A half-open range of bytes in the analysed text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// The same span, `by` bytes further on.
    pub fn shifted(self, by: usize) -> Span {
        Span { start: self.start + by, end: self.end + by }
    }

    pub fn of(self, text: &str) -> &str {
        debug_assert!(text.is_char_boundary(self.start) && text.is_char_boundary(self.end));
        &text[self.start..self.end]
    }
}

/// The kinds of evidence that a token gives; each kind is scored by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Evidence {
    /// A morpheme, lemma, Latin stem, number or hanja: indexed with positions.
    Word,
    /// Two neighbouring syllables of one run of Hangul.
    Bigram,
    /// The form as printed: a compound without its particles, a Latin word before stemming.
    Exact,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Evidence::Word => "word",
            Evidence::Bigram => "bigram",
            Evidence::Exact => "exact",
        })
    }
}

/// One token of an analysed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What is indexed and looked up.
    pub term: String,
    pub span: Span,
    /// Content words before this one, from the start of the analysed text.
    pub position: u32,
    pub evidence: Evidence,
    /// The part-of-speech tag it came from (ko-dic's names, `SL` Latin, `SN` number, `SH` hanja; empty for a bigram).
    pub tag: &'static str,
}

impl Token {
    /// True for a Latin word or a number.
    pub fn is_latin(&self) -> bool {
        match self.tag {
            "SL" | "SN" => true,
            USER | PART => !self.term.chars().any(|ch| matches!(script_of(ch), Script::Hangul | Script::Hanja)),
            _ => false,
        }
    }
}
