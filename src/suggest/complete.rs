//! From what is typed so far to what may be meant.
//!
//! First what begins with it, stroke by stroke; then, of consonants alone, what has these initials; then what begins with
//! the same keys in the other layout; then the last words by themselves, behind the words before them.

use serde::Serialize;

use super::key::{key, other_layout, typed_initials};
use super::table::{Beginning, Table};

/// Why something is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Reason {
    #[serde(rename = "prefix")]
    Prefix,
    #[serde(rename = "initials")]
    Initials,
    #[serde(rename = "keyboard layout")]
    Layout,
    /// Only the last words are completed: nothing begins with all of them.
    #[serde(rename = "last words")]
    LastWords,
}

/// A completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    pub text: String,
    pub reason: Reason,
    /// Grows with the logarithm of how often and how lately headlines print it; comparable within one table.
    pub weight: u16,
}

/// The most words that are looked at, from the last back.
const WORDS: usize = 8;

/// Completions of `typed`, best first, at most `most`.
pub fn complete(table: &Table, typed: &str, most: usize) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    let typed_key = key(typed);
    if typed_key.is_empty() {
        return found;
    }
    let mut add = |beginning: Beginning, before: &str, reason: Reason| {
        for number in table.heaviest(beginning) {
            if found.len() >= most {
                break;
            }
            let text = format!("{before}{}", table.text(number));
            if found.iter().all(|known| known.text.to_lowercase() != text.to_lowercase()) {
                found.push(Suggestion { text, reason, weight: table.weight(number) });
            }
        }
    };
    // what is typed to its end comes first, whatever else begins with it
    if let Some(whole) = table.get(&typed_key) {
        add(Beginning::Keys(whole..whole + 1), "", Reason::Prefix);
    }
    add(table.beginning(&typed_key), "", Reason::Prefix);
    if let Some(initials) = typed_initials(typed) {
        add(table.opening(&initials), "", Reason::Initials);
    }
    if let Some(keys) = other_layout(typed) {
        add(table.beginning(&keys), "", Reason::Layout);
    }
    for at in starts(typed) {
        let (before, rest) = typed.split_at(at);
        add(table.beginning(&key(rest)), before, Reason::LastWords);
    }
    found
}

/// Where the second and the further words begin, as far as they are looked at.
fn starts(typed: &str) -> impl Iterator<Item = usize> {
    let words: Vec<usize> = typed
        .char_indices()
        .filter(|&(at, ch)| !ch.is_whitespace() && typed[..at].ends_with(char::is_whitespace))
        .map(|(at, _)| at)
        .filter(|at| !typed[..*at].trim().is_empty())
        .collect();
    let from = words.len().saturating_sub(WORDS);
    words.into_iter().skip(from)
}
