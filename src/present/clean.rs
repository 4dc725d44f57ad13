//! Text from outside, made safe to print: no control characters, no escape sequences, nothing that turns lines around.

/// True for characters that a terminal or a reader's eye could be misled by.
fn is_unsafe(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

/// `text` on one line: line ends and tabs become spaces, what is unsafe becomes U+FFFD. The number of characters stays the
/// same, so spans counted in characters stay right.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|ch| match ch {
            '\n' | '\r' | '\t' => ' ',
            ch if is_unsafe(ch) => '\u{FFFD}',
            ch => ch,
        })
        .collect()
}

/// `text` with its line ends and tabs, what is unsafe replaced by U+FFFD.
pub fn lines(text: &str) -> String {
    text.chars().map(|ch| if is_unsafe(ch) && !matches!(ch, '\n' | '\t') { '\u{FFFD}' } else { ch }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unsafe_comes_through() {
        let rows = [
            ("\u{1b}[31mred\u{1b}[0m", "\u{FFFD}[31mred\u{FFFD}[0m"),
            ("a\nb\tc\r", "a b c "),
            ("\u{9b}2J\u{202E}txt", "\u{FFFD}2J\u{FFFD}txt"),
            ("북한 👨‍👩‍👧", "북한 👨‍👩‍👧"),
        ];
        for (text, safe) in rows {
            assert_eq!(one_line(text), safe);
            assert_eq!(text.chars().count(), safe.chars().count());
        }
    }
}
