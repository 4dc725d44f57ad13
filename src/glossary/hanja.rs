//! Glosses in hanja: `김구(金九)`, `대통령(大統領)`, `베이징(北京)`, `北京(베이징)`.
//!
//! Most hanja read as the Hangul beside them, so exactly as many syllables belong to them; the dictionary lacks the reading of some
//! signs, which may then read as anything. Names of China and Japan are read in their own way: there the whole word beside the
//! bracket is taken, and counted.

use std::collections::BTreeMap;

use super::derive::{Mined, Seen, wider};
use super::mine::Side;
use crate::analyze::script::{Script, script_of};
use crate::analyze::{Evidence, Worker};

/// How many signs are glossed as one word.
const SIGNS: std::ops::RangeInclusive<usize> = 2..=8;
/// The most syllables that a word of other reading has for each sign, such as 도요토미 for 豊臣.
const SYLLABLES: usize = 3;

/// The hanja, and the Hangul that a bracket with `inside` gives them after the text `before`.
pub fn glossed_hanja<'t>(before: &'t str, inside: &'t str, worker: &mut Worker) -> Option<(&'t str, Side, &'t str)> {
    if is_hanja(inside) {
        let hangul = tail(before, Script::Hangul);
        // as many syllables as there are signs, wherever the word begins
        let from = hangul.char_indices().rev().nth(inside.chars().count() - 1).map(|(at, _)| &hangul[at..]);
        if let Some(read) = from.filter(|hangul| reads(inside, hangul, worker)) {
            return Some((inside, Side::Read, read));
        }
        // no sign is less than a syllable: 安倍晋三 is two words
        let missing = inside.chars().count().saturating_sub(hangul.chars().count());
        let first = before[..before.len() - hangul.len()].strip_suffix(' ').map(|rest| tail(rest, Script::Hangul));
        let named = match first.filter(|_| missing > 0) {
            Some(first) => &before[before.len() - hangul.len() - 1 - first.len()..],
            None => hangul,
        };
        return of_other_reading(inside, named).then_some((inside, Side::Hanja, named));
    }
    let hanja = tail(before, Script::Hanja);
    let hangul = inside.chars().all(|ch| script_of(ch) == Script::Hangul);
    if !is_hanja(hanja) || !hangul {
        return None;
    }
    let side = if reads(hanja, inside, worker) { Side::Read } else { Side::Hanja };
    (side == Side::Read || of_other_reading(hanja, inside)).then_some((hanja, side, inside))
}

/// True for hanja and nothing else, as many as a word has.
pub fn is_hanja(text: &str) -> bool {
    SIGNS.contains(&text.chars().count()) && text.chars().all(|ch| script_of(ch) == Script::Hanja)
}

/// What `text` ends in, in one script.
fn tail(text: &str, script: Script) -> &str {
    let from = text.char_indices().rev().find(|&(_, ch)| script_of(ch) != script);
    from.map_or(text, |(at, ch)| &text[at + ch.len_utf8()..])
}

fn of_other_reading(hanja: &str, hangul: &str) -> bool {
    let (signs, syllables) = (hanja.chars().count(), hangul.chars().filter(|ch| *ch != ' ').count());
    syllables >= signs && syllables <= signs * SYLLABLES
}

/// True where each sign reads as its syllable, and the reading of one at least is known.
fn reads(hanja: &str, hangul: &str, worker: &mut Worker) -> bool {
    let mut known = 0;
    if hanja.chars().count() != hangul.chars().count() {
        return false;
    }
    for (sign, syllable) in hanja.chars().zip(hangul.chars()) {
        let (_, analysis) = worker.chunk(sign.encode_utf8(&mut [0; 4]));
        let words = analysis.pieces.iter().filter(|piece| piece.evidence == Evidence::Word);
        let readings = words.map(|piece| analysis.term(piece)).filter_map(|term| {
            let mut chars = term.chars();
            chars.next().filter(|&ch| chars.next().is_none() && script_of(ch) == Script::Hangul)
        });
        let readings: Vec<char> = readings.collect();
        if readings.iter().any(|&reading| same_reading(reading, syllable)) {
            known += 1;
        } else if !readings.is_empty() {
            return false;
        }
    }
    known > 0
}

/// True for one reading at the head of a word and inside of one: 여 and 녀, 이 and 리.
fn same_reading(a: char, b: char) -> bool {
    let parts = |ch: char| (ch as u32).checked_sub(0xAC00).map(|code| (code / 588, code % 588));
    // ㄴ, ㄹ and ㅇ
    let soft = |initial: u32| matches!(initial, 2 | 5 | 11);
    match (parts(a), parts(b)) {
        (Some((one, rest)), Some((other, same))) => rest == same && (one == other || soft(one) && soft(other)),
        _ => false,
    }
}

/// The pairs of one hanja word.
pub fn pairs(hanja: &str, seen: &[Seen]) -> Vec<Mined> {
    let mut forms: BTreeMap<&str, Mined> = BTreeMap::new();
    for it in seen.iter().filter(|it| matches!(it.side, Side::Read | Side::Hanja)) {
        let mined = forms.entry(&it.other).or_insert_with(|| Mined {
            korean: it.other.clone(),
            latin: vec![hanja.to_owned()],
            articles: 0,
            dates: None,
            sure: if it.side == Side::Read { 95 } else { 40 },
            confirmed: it.side == Side::Read,
        });
        mined.articles += it.articles;
        mined.dates = wider(mined.dates, it.dates);
    }
    let total: u32 = forms.values().map(|mined| mined.articles).sum();
    let mut out: Vec<Mined> = forms.into_values().collect();
    for mined in out.iter_mut().filter(|mined| !mined.confirmed) {
        // the same word beside the hanja twice, and seldom another one
        if mined.articles >= 2 && mined.articles * 2 > total {
            mined.sure = (55 + 10 * mined.articles).min(95);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_at_the_head_of_a_word() {
        let rows =
            [('여', '녀', true), ('이', '리', true), ('노', '로', true), ('김', '금', false), ('가', '나', false)];
        for (a, b, expected) in rows {
            assert_eq!(same_reading(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn counted_forms() {
        let seen = |side, other: &str, articles| Seen { side, other: other.to_owned(), articles, dates: None };
        let rows = [seen(Side::Hanja, "베이징", 3), seen(Side::Hanja, "수도베이징", 1), seen(Side::Read, "북경", 1)];
        let sure: Vec<(String, u32)> = pairs("北京", &rows).into_iter().map(|it| (it.korean, it.sure)).collect();
        assert_eq!(sure, [("베이징".to_owned(), 85), ("북경".to_owned(), 95), ("수도베이징".to_owned(), 40)]);
    }
}
