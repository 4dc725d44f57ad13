//! Keys of suggestions: what is typed, stroke by stroke.
//!
//! A syllable gives the strokes that type it, so 북ㅎ and 북하 are beginnings of 북한, and 갑 is one of 가방. Latin letters are
//! folded, signs separate like a space. A stroke of Hangul is the byte of its key with the high bit set: the key of what was
//! typed in the wrong layout differs in that bit alone.

use crate::analyze::jamo::{ONSETS, is_jamo, letters, onset};
use crate::analyze::keyboard::keys;
use crate::analyze::latin::fold;
use crate::analyze::script::{Script, is_syllable, script_of};

const HANGUL: u8 = 0x80;
/// Before each sign of another script, so that its bytes are never taken for strokes.
const OTHER: u8 = 1;
/// The longest key, in bytes; what is typed beyond it is not looked at.
pub const LONGEST: usize = 64;

/// The key of `text`. A space at its end stays: the word before it is typed to its end.
pub fn key(text: &str) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut latin = String::new();
    let close = |latin: &mut String, out: &mut Vec<u8>| {
        if !latin.is_empty() {
            out.extend(fold(latin).bytes());
            latin.clear();
        }
    };
    for ch in text.chars() {
        match script_of(ch) {
            Script::Latin | Script::Digit => {
                latin.push(ch);
                continue;
            }
            _ if matches!(ch, '\'' | '’') => continue,
            _ => close(&mut latin, &mut out),
        }
        match script_of(ch) {
            Script::Hangul => out.extend(keys(ch).map(|key| key as u8 | HANGUL)),
            Script::Separator => {
                if out.last().is_some_and(|&last| last != b' ') {
                    out.push(b' ');
                }
            }
            _ => {
                out.push(OTHER);
                out.extend(ch.encode_utf8(&mut [0; 4]).bytes());
            }
        }
        if out.len() > LONGEST {
            break;
        }
    }
    close(&mut latin, &mut out);
    out.truncate(LONGEST);
    out
}

/// The keys of what was typed in the other layout of the keyboard: all Latin, or all Hangul.
pub fn other_layout(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let hangul = |ch: char| is_syllable(ch) || is_jamo(ch);
    let in_hangul = text.chars().all(|ch| ch.is_ascii_alphabetic() || ch == ' ');
    if text.is_empty() || !(in_hangul || text.chars().all(|ch| hangul(ch) || ch == ' ')) {
        return None;
    }
    if in_hangul {
        const SHIFTED: &[u8] = b"QWERTOP";
        let small = |byte: u8| if SHIFTED.contains(&byte) { byte } else { byte.to_ascii_lowercase() };
        return Some(text.bytes().map(|byte| if byte == b' ' { byte } else { small(byte) | HANGUL }).collect());
    }
    let typed = |ch: char| keys(ch).map(|key| key.to_ascii_lowercase() as u8);
    Some(text.chars().flat_map(|ch| (ch == ' ').then_some(b' ').into_iter().chain(typed(ch))).collect())
}

/// The letters that open the syllables of a word or phrase of Hangul; `None` where anything else is in it.
pub fn initials(text: &str) -> Option<Vec<u8>> {
    let code = |ch: char| onset(ch).and_then(place);
    text.chars().filter(|ch| *ch != ' ').map(code).collect::<Option<Vec<u8>>>().filter(|initials| !initials.is_empty())
}

/// What was typed as initials: nothing but consonants, at least two of them; ㄳ is the two that make it.
pub fn typed_initials(text: &str) -> Option<Vec<u8>> {
    let text: Vec<char> = text.chars().filter(|ch| !ch.is_whitespace()).collect();
    let lone = text.iter().all(|&ch| is_jamo(ch));
    let found: Option<Vec<u8>> = text.iter().flat_map(|&ch| letters(ch)).map(place).collect();
    found.filter(|found| lone && found.len() > 1)
}

fn place(onset: char) -> Option<u8> {
    ONSETS.iter().position(|&it| it == onset).map(|at| at as u8 + 1)
}

/// The first key behind every key that begins with `prefix`; `None` where there is none.
pub fn behind(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte < u8::MAX)?;
    let mut behind = prefix[..=last].to_vec();
    behind[last] += 1;
    Some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_begins_what_is_meant() {
        let rows = [
            ("북ㅎ", "북한"),
            ("북하", "북한"),
            ("북", "북한 미사일"),
            ("북한 ", "북한 미사일"),
            ("북한  미ㅅ", "북한 미사일"),
            ("갑", "가방"),
            ("달", "닭갈비"),
            ("고", "과학"),
            ("ct", "CTBT"),
            ("CTB", "ctbt"),
            ("F-1", "F-16"),
            ("zelé", "Zelenskyy"),
            ("people's", "Peoples"),
            ("北", "北핵"),
        ];
        for (typed, meant) in rows {
            assert!(key(meant).starts_with(&key(typed)), "{typed} {meant}");
        }
        for (typed, other) in [("가", "나라"), ("북한 ", "북한군"), ("qnr", "북한"), ("北", "南北")] {
            assert!(!key(other).starts_with(&key(typed)), "{typed} {other}");
        }
    }

    #[test]
    fn the_other_layout() {
        for (typed, meant) in
            [("qnrgk", "북한"), ("ㅊㅅㅠ", "CTBT"), ("ㅊ슛", "ctbt"), ("qnrgks alt", "북한 미사일"), ("QNRGK", "북한")]
        {
            let typed_keys = other_layout(typed).unwrap();
            assert!(key(meant).starts_with(&typed_keys) || typed == "QNRGK", "{typed} {meant}");
        }
        assert_eq!((other_layout("북a"), other_layout("12"), other_layout(" ")), (None, None, None));
    }

    #[test]
    fn initials_of_words() {
        for (typed, meant) in
            [("ㅂㅎ", "북한"), ("ㅂㅎㅁㅅ", "북한 미사일"), ("ㅂㅎ ㅁ", "북한 미사일"), ("ㄳ", "기술")]
        {
            assert!(initials(meant).unwrap().starts_with(&typed_initials(typed).unwrap()), "{typed} {meant}");
        }
        assert_eq!(
            (typed_initials("ㅂ"), typed_initials("북ㅎ"), typed_initials("ㅏㅎ"), initials("K팝")),
            (None, None, None, None)
        );
    }

    #[test]
    fn the_end_of_a_range() {
        for (prefix, end) in [(&b"ab"[..], Some(&b"ac"[..])), (b"a\xff", Some(b"b")), (b"\xff", None), (b"", None)] {
            assert_eq!(behind(prefix).as_deref(), end);
        }
    }
}
