//! Which script a character belongs to, and what holds a word together.
//!
//! Analysis never looks at Unicode properties beyond this file: a word is a run of letters and digits, and everything
//! else separates. The classes are coarse on purpose: only Hangul needs morphology, only Latin needs stems.

use super::latin::fold;

/// The class of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    Hangul,
    Hanja,
    Latin,
    Digit,
    /// A letter of any other alphabet (kana, Cyrillic, Greek, ...).
    Other,
    /// White space, punctuation, symbols, controls.
    Separator,
}

/// The class of `ch`; full-width Latin and digits count as what they are.
pub fn script_of(ch: char) -> Script {
    match ch {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        '0'..='9' => Script::Digit,
        '\0'..='\u{7F}' => Script::Separator,
        '가'..='힣'
        | '\u{1100}'..='\u{11FF}'
        | '\u{3131}'..='\u{318E}'
        | '\u{A960}'..='\u{A97C}'
        | '\u{D7B0}'..='\u{D7FB}' => Script::Hangul,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => {
            Script::Hanja
        }
        '\u{C0}'..='\u{24F}' if ch != '×' && ch != '÷' => Script::Latin,
        '\u{1E00}'..='\u{1EFF}' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => Script::Latin,
        '０'..='９' => Script::Digit,
        _ if ch.is_alphanumeric() || is_mark(ch) => Script::Other,
        _ => Script::Separator,
    }
}

/// True for a combining mark that continues the letter before it.
pub fn is_mark(ch: char) -> bool {
    matches!(ch, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20F0}' | '\u{3099}' | '\u{309A}')
}

/// True for what belongs to a word: letters, digits, combining marks.
pub fn is_word(ch: char) -> bool {
    script_of(ch) != Script::Separator
}

/// True for a precomposed Hangul syllable.
pub fn is_syllable(ch: char) -> bool {
    matches!(ch, '가'..='힣')
}

/// A word as its printed form is kept: in small letters, Latin without accents, Hangul as it is written.
pub fn small(word: &str) -> String {
    if word.chars().any(|ch| script_of(ch) == Script::Hangul) { word.to_lowercase() } else { fold(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let rows = [
            ("한ㅎㅏ", Script::Hangul),
            ("北樂", Script::Hanja),
            ("aZéＡ", Script::Latin),
            ("09５", Script::Digit),
            ("かЖω", Script::Other),
            (" .,·…“”()×\u{200B}%", Script::Separator),
        ];
        for (chars, script) in rows {
            for ch in chars.chars() {
                assert_eq!(script_of(ch), script, "{ch:?}");
            }
        }
    }
}
