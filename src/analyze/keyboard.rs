//! The two-set keyboard (KS X 5002): which letter of Hangul is on which key.
//!
//! Who forgets to switch the language types `qnrgks` for 북한 and `ㅊㅅㅠㅅ` for ctbt; both are read back here, and nothing
//! is decided.

use super::jamo::{composed, is_jamo, letters};
use super::script::is_syllable;

/// The letters on the keys a to z.
const PLAIN: [char; 26] = [
    'ㅁ', 'ㅠ', 'ㅊ', 'ㅇ', 'ㄷ', 'ㄹ', 'ㅎ', 'ㅗ', 'ㅑ', 'ㅓ', 'ㅏ', 'ㅣ', 'ㅡ', 'ㅜ', 'ㅐ', 'ㅔ', 'ㅂ', 'ㄱ', 'ㄴ',
    'ㅅ', 'ㅕ', 'ㅍ', 'ㅈ', 'ㅌ', 'ㅛ', 'ㅋ',
];
/// Letters that want the shift key.
const SHIFTED: [(char, char); 7] =
    [('Q', 'ㅃ'), ('W', 'ㅉ'), ('E', 'ㄸ'), ('R', 'ㄲ'), ('T', 'ㅆ'), ('O', 'ㅒ'), ('P', 'ㅖ')];

/// The key of a letter.
fn key(letter: char) -> Option<char> {
    let shifted = SHIFTED.iter().find(|(_, it)| *it == letter).map(|(key, _)| *key);
    let plain = || PLAIN.iter().position(|&it| it == letter).map(|at| char::from(b'a' + at as u8));
    shifted.or_else(plain)
}

/// The letter on a key.
fn letter(key: char) -> Option<char> {
    let shifted = SHIFTED.iter().find(|(it, _)| *it == key).map(|(_, letter)| *letter);
    let plain = || key.is_ascii_alphabetic().then(|| PLAIN[usize::from(key.to_ascii_lowercase() as u8 - b'a')]);
    shifted.or_else(plain)
}

/// The keys that a syllable or a letter by itself is typed with; none for anything else.
pub fn keys(ch: char) -> impl Iterator<Item = char> {
    letters(ch).filter_map(key)
}

/// What the same keys give in Hangul, where every sign of `text` is a Latin letter.
pub fn in_hangul(text: &str) -> Option<String> {
    let typed: Vec<char> = text.chars().map(letter).collect::<Option<_>>()?;
    (!typed.is_empty()).then(|| composed(&typed))
}

/// What the same keys give in Latin letters, where every sign of `text` is Hangul.
pub fn in_latin(text: &str) -> Option<String> {
    let hangul = !text.is_empty() && text.chars().all(|ch| is_syllable(ch) || is_jamo(ch));
    hangul.then(|| text.chars().flat_map(keys).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let rows = [
            ("qnrgks", "북한"),
            ("altkdlf", "미사일"),
            ("Qkffo", "빨래"),
            ("dhkd", "왕"),
            ("ekfr", "닭"),
            ("ctbt", "ㅊ슛"),
        ];
        for (latin, hangul) in rows {
            assert_eq!(in_hangul(latin).as_deref(), Some(hangul));
            assert_eq!(in_latin(hangul).as_deref(), Some(latin));
        }
        assert_eq!(in_latin("ㅊㅅㅠㅅ").as_deref(), Some("ctbt"));
        assert_eq!((in_hangul("a1"), in_latin("북a"), in_latin(""), in_hangul("")), (None, None, None, None));
        for key in ('a'..='z').chain(SHIFTED.map(|(key, _)| key)) {
            assert_eq!(super::letter(key).and_then(super::key), Some(key));
        }
    }
}
