//! The words of a headline as a reader would type them, and each two that follow one another.
//!
//! Words are without their particles. Pairs are in small letters; they break at punctuation, so a pair is a phrase and not a
//! chance, and function words stay inside of it (`bank of england`). Words keep their capitals, with a mark where these say
//! nothing: at the start of a headline, in one of capitals, in one with Capitals On Every Word.

use std::borrow::Cow;

use crate::analyze::Span;
use crate::analyze::latin::is_stop_word;
use crate::analyze::script::{Script, is_syllable, script_of, small};

/// Behind a word whose capitals say nothing.
pub const NEUTRAL: char = '\u{1}';
/// The longest word, in characters, and the most terms of a headline.
const LONGEST: usize = 24;
const MOST: usize = 64;
/// The most function words inside of a pair.
const BETWEEN: usize = 2;

/// A text with single spaces, if any.
fn spaced(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_whitespace) {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

/// The words and pairs of one headline.
#[derive(Debug)]
pub struct Printed<'t> {
    headline: &'t str,
    capitals: Capitals,
    terms: Vec<String>,
    /// The last word with the function words after it, where they end, and how many they are.
    before: Option<(String, usize, usize)>,
    first: bool,
}

impl<'t> Printed<'t> {
    pub fn new(headline: &'t str) -> Printed<'t> {
        Printed { headline, capitals: Capitals::of(headline), terms: Vec::new(), before: None, first: true }
    }

    /// What was taken, each once.
    pub fn terms(self) -> Vec<String> {
        self.terms
    }

    /// Takes the next printed form, which is `text` and stands at `span`.
    pub fn take(&mut self, span: Span, text: &str) {
        // a word of the user's may have been written with spaces
        let text = &*spaced(text);
        let small = small(text);
        let gap = |until: usize| (until <= span.start).then(|| &self.headline[until..span.start]);
        let near = self.before.take().filter(|(_, until, _)| gap(*until).is_some_and(follows));
        let first = std::mem::take(&mut self.first);
        if is_stop_word(if self.capitals == Capitals::None { &small } else { text }, &small) {
            self.before = near
                .filter(|(.., between)| *between < BETWEEN)
                .map(|(last, _, between)| (format!("{last} {small}"), span.end, between + 1));
        } else if small.chars().count() <= LONGEST {
            if let Some((last, ..)) = near
                && small.chars().count() > 1
            {
                self.give(format!("{last} {small}"));
            }
            if is_telling(&small) {
                self.give(self.capitals.shown(text, &small, first));
                self.before = Some((small, span.end, 0));
            }
        }
    }

    fn give(&mut self, term: String) {
        if self.terms.len() < MOST && !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }
}

/// True where a word may follow another over `gap`: a space, a hyphen, what belongs to the word before.
fn follows(gap: &str) -> bool {
    matches!(gap.trim(), "" | "-" | "의" | "'s" | "’s" | ".")
}

/// True for what is worth suggesting by itself: two syllables, two letters, no bare number.
fn is_telling(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().any(|ch| !matches!(script_of(ch), Script::Digit | Script::Separator))
}

/// Which capitals of a headline say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capitals {
    /// None: all letters are capitals.
    None,
    /// Those inside of words and of acronyms: every word begins with one.
    Inner,
    All,
}

impl Capitals {
    fn of(headline: &str) -> Capitals {
        if headline.chars().any(is_syllable) {
            return Capitals::All;
        }
        let words = headline.split(|ch: char| !ch.is_alphabetic()).filter(|word| word.len() > 4);
        let (mut small, mut titled) = (0, 0);
        for word in words {
            small += usize::from(word.starts_with(char::is_lowercase));
            titled += usize::from(word.starts_with(char::is_uppercase));
        }
        match (headline.contains(char::is_lowercase), small * 4 < titled) {
            (false, _) => Capitals::None,
            (true, true) => Capitals::Inner,
            (true, false) => Capitals::All,
        }
    }

    /// The word as a term: `text` is as printed, `first` in its headline.
    fn shown(self, text: &str, small: &str, first: bool) -> String {
        let inner = text.chars().skip(1).any(char::is_uppercase);
        let has_capitals = inner || text.starts_with(char::is_uppercase);
        match self {
            Capitals::None if has_capitals => format!("{small}{NEUTRAL}"),
            Capitals::Inner if has_capitals && !inner => format!("{text}{NEUTRAL}"),
            Capitals::All if has_capitals && !inner && first => format!("{text}{NEUTRAL}"),
            _ => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_that_say_something() {
        let rows = [
            ("Envoy meets Putin in Moscow", "Putin", false, "Putin"),
            ("Putin meets the envoy in Moscow", "Putin", true, "Putin\u{1}"),
            ("Envoy Meets Putin Again In Moscow", "Putin", false, "Putin\u{1}"),
            ("Envoy Meets IAEA Chief In Moscow", "IAEA", false, "IAEA"),
            ("ENVOY MEETS PUTIN", "PUTIN", false, "putin\u{1}"),
            ("Envoy meets Putin in Moscow", "meets", false, "meets"),
            ("특사, CTBT 비준 논의", "CTBT", false, "CTBT"),
        ];
        for (headline, word, first, term) in rows {
            assert_eq!(Capitals::of(headline).shown(word, &small(word), first), term, "{headline}");
        }
    }
}
