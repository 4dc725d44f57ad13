//! Where the letters of an entry are that word.
//!
//! The Korean dictionary is asked how it would cut the run. Then
//! - the longer word wins: inside a longer word that the dictionary knows (미사 in 미사일) an entry is no word;
//! - at the start of a run it is one (`쿠버네티스를`, `쿠버네티스도입`), and directly behind another entry;
//! - behind other letters it is one where a word may begin: where the dictionary begins a morpheme that is no particle, ending
//!   or verb (이나 is none in 책이나), and an entry of two letters must end with one too; or, for three letters or more, where
//!   all that is before it are nouns; but not where the particles of the run begin with its second letter (시가 in 서울시가).
//!
//! Of entries that overlap the longest is taken, of equals the first.

use super::super::eojeol::{ending_of, is_detached_particle};
use super::super::korean::{Korean, Morpheme, is_nominal};
use super::super::script::{is_syllable, is_word};
use super::{Held, Words};

/// From so many letters on an entry is not likely to be there by chance.
const LONG: usize = 3;

/// The entries that stand in the core of a chunk, in order and apart from each other, but for entry `without`.
pub fn standing(core: &str, words: &Words, without: Option<u32>, korean: &mut Korean) -> Vec<Held> {
    let mut held = words.all(core);
    held.retain(|held| Some(held.entry) != without);
    if held.is_empty() {
        return held;
    }
    let letters = |held: &Held| words.entry(held.entry).term.chars().count();
    held.sort_by_key(|held| (std::cmp::Reverse(letters(held)), held.start));
    let mut taken: Vec<Held> = Vec::new();
    // what begins behind an entry is only known when that entry is
    let mut before = usize::MAX;
    while before != taken.len() {
        before = taken.len();
        for &one in &held {
            let free = taken.iter().all(|other| one.end <= other.start || other.end <= one.start);
            if free && stands(core, one, letters(&one), &taken, korean) {
                taken.push(one);
            }
        }
    }
    taken.sort_by_key(|held| held.start);
    taken
}

fn stands(core: &str, one: Held, letters: usize, taken: &[Held], korean: &mut Korean) -> bool {
    let from = core[..one.start].char_indices().rev().take_while(|&(_, ch)| is_word(ch)).last();
    let from = from.map_or(one.start, |(at, _)| at);
    let to = core[one.end..].find(|ch| !is_word(ch)).map_or(core.len(), |len| one.end + len);
    let other_before = taken.iter().map(|other| other.end).filter(|&end| end <= one.start).max().unwrap_or(0);
    let other_behind = taken.iter().map(|other| other.start).filter(|&start| start >= one.end).min();
    let before = &core[from.max(other_before)..one.start];
    let behind = &core[one.end..to.min(other_behind.unwrap_or(to))];
    let itself: String = core[one.start..one.end].chars().filter(|&ch| is_word(ch)).collect();
    if before.is_empty() && behind.is_empty() && one.start > 0 && is_detached_particle(&itself) {
        return false;
    }
    let (start, end) = (before.len(), before.len() + itself.len());
    let run = format!("{before}{itself}{behind}");
    let morphemes = korean.morphemes(&run);
    let known = |morpheme: &&Morpheme| !matches!(morpheme.tag, "UNKNOWN" | "SL" | "SN");
    let around = |it: &Morpheme| it.start <= start && it.end >= end && it.end - it.start > end - start;
    if morphemes.iter().filter(known).any(around) {
        return false;
    }
    if before.is_empty() {
        return true;
    }
    // a noun of one syllable with what is attached to it: 시가 in 서울시가
    let second = itself.char_indices().filter(|&(_, ch)| is_syllable(ch)).nth(1);
    if second.is_some_and(|(at, _)| ending_of(&run, &morphemes) <= start + at) {
        return false;
    }
    let begins = morphemes.iter().any(|it| it.own_span && it.start == start);
    if !begins {
        let nouns = |it: &Morpheme| it.own_span && is_nominal(it.tag) && it.tag != "UNKNOWN";
        return letters >= LONG && korean.morphemes(before).iter().all(nouns);
    }
    let within = |it: &&Morpheme| it.start < end && it.end > start;
    let says_nothing = morphemes.iter().filter(within).all(|it| is_bound(it.tag));
    let ends = behind.is_empty() || morphemes.iter().any(|it| it.start == end);
    !says_nothing && (letters >= LONG || ends)
}

/// True for particles, endings and what verbs are made of.
fn is_bound(tag: &str) -> bool {
    tag.starts_with(['J', 'E', 'V']) || matches!(tag, "XSV" | "XSA")
}
