//! Hangul letter by letter: a syllable as its jamo, and jamo as syllables.
//!
//! Letters are those of the compatibility block (U+3131 to U+3163), the ones that a keyboard gives one at a time: the same
//! sign whether it opens a syllable or closes it.

use super::script::is_syllable;

/// Letters that open a syllable, in the order of the code chart.
pub const ONSETS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
const VOWELS: u32 = 21;
const FIRST_VOWEL: u32 = 'ㅏ' as u32;
/// Letters that close a syllable; the first stands for none.
const CODAS: [char; 28] = [
    '\0', 'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ', 'ㅂ', 'ㅄ',
    'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];
/// Letters that are typed as two.
const DOUBLE: [(char, char, char); 18] = [
    ('ㄳ', 'ㄱ', 'ㅅ'),
    ('ㄵ', 'ㄴ', 'ㅈ'),
    ('ㄶ', 'ㄴ', 'ㅎ'),
    ('ㄺ', 'ㄹ', 'ㄱ'),
    ('ㄻ', 'ㄹ', 'ㅁ'),
    ('ㄼ', 'ㄹ', 'ㅂ'),
    ('ㄽ', 'ㄹ', 'ㅅ'),
    ('ㄾ', 'ㄹ', 'ㅌ'),
    ('ㄿ', 'ㄹ', 'ㅍ'),
    ('ㅀ', 'ㄹ', 'ㅎ'),
    ('ㅄ', 'ㅂ', 'ㅅ'),
    ('ㅘ', 'ㅗ', 'ㅏ'),
    ('ㅙ', 'ㅗ', 'ㅐ'),
    ('ㅚ', 'ㅗ', 'ㅣ'),
    ('ㅝ', 'ㅜ', 'ㅓ'),
    ('ㅞ', 'ㅜ', 'ㅔ'),
    ('ㅟ', 'ㅜ', 'ㅣ'),
    ('ㅢ', 'ㅡ', 'ㅣ'),
];

/// True for a letter by itself.
pub fn is_jamo(ch: char) -> bool {
    matches!(ch, 'ㄱ'..='ㅣ')
}

pub fn is_vowel(jamo: char) -> bool {
    matches!(jamo, 'ㅏ'..='ㅣ')
}

/// The letters of a syllable or of a letter by itself, one per stroke of a key; none of anything else.
pub fn letters(ch: char) -> impl Iterator<Item = char> {
    let parts = match ch {
        ch if is_syllable(ch) => {
            let code = ch as u32 - '가' as u32;
            let vowel = char::from_u32(FIRST_VOWEL + code / 28 % VOWELS);
            let coda = CODAS[(code % 28) as usize];
            [Some(ONSETS[(code / 28 / VOWELS) as usize]), vowel, Some(coda).filter(|&coda| coda != '\0')]
        }
        ch if is_jamo(ch) => [Some(ch), None, None],
        _ => [None; 3],
    };
    parts
        .into_iter()
        .flatten()
        .flat_map(|letter| match DOUBLE.iter().find(|(double, ..)| *double == letter) {
            Some(&(_, first, second)) => [Some(first), Some(second)],
            None => [Some(letter), None],
        })
        .flatten()
}

/// The letter that opens a syllable.
pub fn onset(syllable: char) -> Option<char> {
    is_syllable(syllable).then(|| ONSETS[((syllable as u32 - '가' as u32) / 28 / VOWELS) as usize])
}

fn joined(first: char, second: char) -> Option<char> {
    DOUBLE.iter().find(|(_, a, b)| (*a, *b) == (first, second)).map(|(double, ..)| *double)
}

/// Letters put together as an input method does: a consonant closes a syllable unless a vowel follows it. What makes no
/// syllable stays a letter.
pub fn composed(letters: &[char]) -> String {
    let vowel_at = |at: usize| letters.get(at).is_some_and(|&letter| is_vowel(letter));
    let mut out = String::with_capacity(letters.len() * 2);
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let Some(onset) = ONSETS.iter().position(|&it| it == letter).filter(|_| vowel_at(at + 1)) else {
            out.push(letter);
            at += 1;
            continue;
        };
        at += 1;
        let mut vowel = letters[at];
        at += 1;
        if let Some(double) = letters.get(at).and_then(|&next| joined(vowel, next)) {
            vowel = double;
            at += 1;
        }
        let closing = |at: usize| letters.get(at).copied().filter(|&it| CODAS.contains(&it) && !vowel_at(at + 1));
        let mut coda = closing(at);
        if let Some(first) = coda {
            at += 1;
            if let Some(double) = closing(at).and_then(|second| joined(first, second)) {
                coda = Some(double);
                at += 1;
            }
        }
        let coda = coda.and_then(|coda| CODAS.iter().position(|&it| it == coda)).unwrap_or(0) as u32;
        let code = (onset as u32 * VOWELS + (vowel as u32 - FIRST_VOWEL)) * 28 + coda;
        out.extend(char::from_u32('가' as u32 + code));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_in_the_order_of_their_strokes() {
        let rows = [
            ("북한", "ㅂㅜㄱㅎㅏㄴ"),
            ("닭", "ㄷㅏㄹㄱ"),
            ("과외", "ㄱㅗㅏㅇㅗㅣ"),
            ("ㅄ", "ㅂㅅ"),
            ("까", "ㄲㅏ"),
            ("a北", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(text.chars().flat_map(letters).collect::<String>(), expected, "{text}");
        }
    }

    #[test]
    fn a_consonant_goes_with_the_vowel_after_it() {
        let rows = [
            ("ㄱㅏㅂㅏㅇ", "가방"),
            ("ㄱㅏㅂ", "갑"),
            ("ㄷㅏㄹㄱㅏㄹ", "달갈"),
            ("ㄱㅏㄲㅏ", "가까"),
            ("ㅊㅅㅠㅅ", "ㅊ슛"),
            ("ㅏㄱ", "ㅏㄱ"),
        ];
        for (typed, expected) in rows {
            assert_eq!(composed(&typed.chars().collect::<Vec<_>>()), expected, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn syllables_come_back(text in "[가-힣]{0,12}") {
            let typed: Vec<char> = text.chars().flat_map(letters).collect();
            prop_assert_eq!(composed(&typed), text);
        }
    }
}
