//! How much of each word of a query an article holds: as printed, by its morphemes, by part of them, by pairs of syllables.
//!
//! The steps are one score and not several tries; this only names the highest step that added to it.

use std::fmt;

use serde::Serialize;

use crate::analyze::Evidence;

/// The best that an article has of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing of it: other words found the article, or its translations.
    Nothing,
    Syllables,
    SomeMorphemes,
    Morphemes,
    AsPrinted,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Nothing => "not held",
            Step::Syllables => "by pairs of syllables",
            Step::SomeMorphemes => "by part of it",
            Step::Morphemes => "by its morphemes",
            Step::AsPrinted => "as printed",
        })
    }
}

/// A word as typed, and its step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rung {
    pub word: String,
    pub step: Step,
}

/// The step that the places of a word give, each of a kind of evidence, held by the article or not.
pub fn step(places: impl Iterator<Item = (Evidence, bool)> + Clone) -> Step {
    let of = |kind: Evidence| {
        let of_kind = places.clone().filter(|(evidence, _)| *evidence == kind);
        of_kind.fold((0, 0), |(held, all), (_, is)| (held + u32::from(is), all + 1))
    };
    let (printed, forms) = of(Evidence::Exact);
    let (held, morphemes) = of(Evidence::Word);
    let (pairs, _) = of(Evidence::Bigram);
    match () {
        () if printed > 0 && printed == forms => Step::AsPrinted,
        () if held > 0 && held == morphemes => Step::Morphemes,
        () if held > 0 || printed > 0 => Step::SomeMorphemes,
        () if pairs > 0 => Step::Syllables,
        () => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_step_is_named() {
        use Evidence::{Bigram, Exact, Word};
        let rows: &[(&[(Evidence, bool)], Step)] = &[
            (&[(Exact, true), (Word, true)], Step::AsPrinted),
            (&[(Exact, false), (Word, true), (Word, true)], Step::Morphemes),
            (&[(Exact, false), (Word, true), (Word, false)], Step::SomeMorphemes),
            (&[(Word, false), (Bigram, true)], Step::Syllables),
            (&[(Word, false)], Step::Nothing),
            (&[], Step::Nothing),
        ];
        for (places, expected) in rows {
            assert_eq!(step(places.iter().copied()), *expected, "{places:?}");
        }
    }
}
