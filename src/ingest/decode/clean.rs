//! What readers are shown: composed text, line feeds, no control characters.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Composes `text` (NFC), gives half-width jamo their normal form, ends lines with a line feed and removes controls.
pub fn clean<'t>(text: impl Into<Cow<'t, str>>) -> String {
    let text = text.into();
    if text.chars().all(is_plain) {
        return text.into_owned();
    }
    let odd = |ch: char| (ch.is_control() && ch != '\n' && ch != '\t') || ch == '\u{FEFF}' || half_width(ch).is_some();
    let mended = if text.chars().any(odd) { mend(&text).into() } else { text };
    match is_nfc_quick(mended.chars()) {
        IsNormalized::Yes => mended.into_owned(),
        _ => mended.nfc().collect(),
    }
}

/// True for characters that are as they should be whatever stands beside them, which nearly all are: composed, and none that a
/// mark before or after it would move or join.
fn is_plain(ch: char) -> bool {
    matches!(
        ch,
        '\n' | '\t' | ' '..='~' | '\u{A0}'..='\u{2FF}' | '가'..='힣' | '\u{4E00}'..='\u{9FFF}' | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{205E}' | '\u{3000}'..='\u{3029}'
    )
}

fn mend(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\r' => {
                chars.next_if_eq(&'\n');
                mended.push('\n');
            }
            '\n' | '\t' => mended.push(ch),
            '\u{0B}' | '\u{0C}' | '\u{85}' => mended.push('\n'),
            '\u{FEFF}' => {}
            _ if ch.is_control() => {}
            _ => mended.push(half_width(ch).unwrap_or(ch)),
        }
    }
    mended
}

/// The jamo of normal width (Unicode, halfwidth and fullwidth forms).
fn half_width(ch: char) -> Option<char> {
    let code = u32::from(ch);
    let normal = match code {
        0xFFA0 => 0x3164,
        0xFFA1..=0xFFBE => 0x3131 + (code - 0xFFA1),
        0xFFC2..=0xFFC7 => 0x314F + (code - 0xFFC2),
        0xFFCA..=0xFFCF => 0x3155 + (code - 0xFFCA),
        0xFFD2..=0xFFD7 => 0x315B + (code - 0xFFD2),
        0xFFDA..=0xFFDC => 0x3161 + (code - 0xFFDA),
        _ => return None,
    };
    char::from_u32(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_composed_and_no_control() {
        let plain: String = ('\0'..=char::MAX).filter(|&ch| is_plain(ch)).collect();
        assert_eq!(is_nfc_quick(plain.chars()), IsNormalized::Yes);
        assert!(plain.nfc().eq(plain.chars()));
        assert_eq!(mend(&plain), plain);
    }

    #[test]
    fn text_is_composed_and_clean() {
        for (given, clean_text) in [
            ("a\r\nb\rc\u{0}d\u{85}", "a\nb\ncd\n"),
            ("\u{1112}\u{1161}\u{11AB}", "한"),
            ("\u{FFA1}\u{FFC2}\u{FFDC}", "ㄱㅏㅣ"),
            ("\u{FEFF}tab\tstays", "tab\tstays"),
        ] {
            assert_eq!(clean(given), clean_text);
        }
    }
}
