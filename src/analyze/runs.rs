//! Cutting a chunk into runs at punctuation, and saying which runs make one Latin word.

use super::script::{Script, is_word, script_of};
use super::token::Span;

/// True for a run with Hangul or hanja in it.
pub fn needs_morphology(run: &str) -> bool {
    run.chars().any(|ch| matches!(script_of(ch), Script::Hangul | Script::Hanja))
}

/// Runs of letters and digits; a point or comma between digits belongs to the number.
pub fn runs_of(core: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut start = None;
    let mut chars = core.char_indices().peekable();
    let mut before_is_digit = false;
    while let Some((at, ch)) = chars.next() {
        let digit_next = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if is_word(ch) || (matches!(ch, '.' | ',') && before_is_digit && digit_next) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            runs.push(Span::new(from, at));
        }
        before_is_digit = ch.is_ascii_digit();
    }
    if let Some(from) = start {
        runs.push(Span::new(from, core.len()));
    }
    runs
}

/// How many runs from the first on belong to one Latin word: `Nuclear-Test-Ban`, `U.S.`, `Putin's`, `AT&T`.
pub fn latin_group_len(core: &str, runs: &[Span]) -> usize {
    let mut len = 1;
    while let Some(next) = runs.get(len) {
        let between = &core[runs[len - 1].end..next.start];
        if !matches!(between, "-" | "‐" | "‑" | "." | "'" | "’" | "&") || needs_morphology(next.of(core)) {
            break;
        }
        len += 1;
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs() {
        let rows: &[(&str, &[&str])] = &[
            ("CTBT(포괄적핵실험금지조약)에서", &["CTBT", "포괄적핵실험금지조약", "에서"]),
            ("3.2조", &["3.2조"]),
            ("12,300원", &["12,300원"]),
            ("한·미·일", &["한", "미", "일"]),
            ("2024.", &["2024"]),
        ];
        for (core, expected) in rows {
            let found: Vec<&str> = runs_of(core).into_iter().map(|run| run.of(core)).collect();
            assert_eq!(&found, expected);
        }
    }
}
