//! Colours and columns of a terminal.

use std::io::IsTerminal;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::present::highlight::MarkKind;

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also into a pipe, as for `less -R`
    Always,
    Never,
}

/// How a page is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub color: bool,
    /// Columns of a line; wide characters count two.
    pub width: usize,
}

impl Style {
    /// The style for standard output: as wide as the terminal, else as `COLUMNS` says, else 100 columns.
    pub fn for_stdout(color: Color) -> Style {
        let terminal = std::io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !no_color && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let said = || std::env::var("COLUMNS").ok()?.parse().ok();
        let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).or_else(said);
        Style { color, width: columns.unwrap_or(100).clamp(40, 120) }
    }

    /// The same, with `columns` of every line taken by something else.
    pub fn narrower(&self, columns: usize) -> Style {
        Style { color: self.color, width: self.width.saturating_sub(columns).max(20) }
    }

    pub fn paint(&self, text: &str, codes: &str) -> String {
        if self.color && !text.is_empty() { format!("\u{1b}[{codes}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

pub const BOLD: &str = "1";
pub const DIM: &str = "2";
pub const MARK: &str = "1;33";
/// A mark of what says otherwise what was typed.
pub const OTHER_MARK: &str = "1;32";
pub const REMOVED: &str = "31";
pub const ADDED: &str = "32";
pub const TITLE: &str = "1;36";

/// A stretch of a text, in characters, and how it is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    pub span: [usize; 2],
    pub codes: &'static str,
}

/// The marks of an answer as they are painted: what was typed, and what says it otherwise.
pub fn paints(spans: &[[usize; 2]], kinds: &[MarkKind]) -> Vec<Paint> {
    let kinds = kinds.iter().copied().chain(std::iter::repeat(MarkKind::Word));
    let codes = |kind| if kind == MarkKind::Translation { OTHER_MARK } else { MARK };
    spans.iter().zip(kinds).map(|(&span, kind)| Paint { span, codes: codes(kind) }).collect()
}

/// `text` wrapped into lines of at most `style.width` columns, broken at spaces where there are any, never inside what is
/// one sign to a reader (a grapheme: Hangul of several letters, an emoji of several parts). Paint goes on across a break.
pub fn wrap(text: &str, marks: &[Paint], style: &Style) -> Vec<String> {
    let signs: Vec<&str> = text.graphemes(true).collect();
    let mut lines = Vec::new();
    let (mut start, mut chars) = (0, 0);
    while start < signs.len() {
        let (mut used, mut end, mut space) = (0, start, None);
        while end < signs.len() && used + signs[end].width() <= style.width {
            if signs[end] == " " {
                space = Some(end);
            }
            used += signs[end].width();
            end += 1;
        }
        if end < signs.len() && signs[end] != " " {
            // a word that fills most of a line is broken; Korean may break anywhere, but words read better whole
            if let Some(space) = space.filter(|&space| space > start) {
                end = space;
            }
        }
        end = end.max(start + 1);
        let line = signs[start..end].concat();
        lines.push(painted(&line, chars, marks, style));
        chars += line.chars().count();
        start = end;
        while signs.get(start) == Some(&" ") {
            start += 1;
            chars += 1;
        }
    }
    lines
}

/// `line`, which begins with character `first` of its text, with its marks painted.
fn painted(line: &str, first: usize, marks: &[Paint], style: &Style) -> String {
    let chars: Vec<char> = line.trim_end().chars().collect();
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        let [from, to] = mark.span.map(|place| place.saturating_sub(first).clamp(at, chars.len()));
        if from < to {
            out.extend(&chars[at..from]);
            out.push_str(&style.paint(&chars[from..to].iter().collect::<String>(), mark.codes));
            at = to;
        }
    }
    out.extend(&chars[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(color: bool, width: usize) -> Style {
        Style { color, width }
    }

    #[test]
    fn wide_characters_count_two() {
        let lines = wrap("북한이 핵실험을 했다 ok", &[], &style(false, 10));
        assert_eq!(lines, ["북한이", "핵실험을", "했다 ok"]);
        let long = wrap(&"가".repeat(12), &[], &style(false, 10));
        assert_eq!(long.iter().map(|line| line.chars().count()).collect::<Vec<_>>(), [5, 5, 2]);
    }

    #[test]
    fn signs_of_several_characters_stay_whole() {
        let family = "👨\u{200d}👩\u{200d}👧";
        let lines = wrap(&family.repeat(3), &[], &style(false, 4));
        assert_eq!(lines, [family.repeat(2), family.to_owned()]);
        // letters of one syllable, not composed
        let syllable = "\u{1112}\u{1161}\u{11ab}";
        assert_eq!(wrap(&syllable.repeat(3), &[], &style(false, 4)), [syllable.repeat(2), syllable.to_owned()]);
    }

    #[test]
    fn marks_survive_a_break() {
        let marks = [Paint { span: [0, 5], codes: "1" }];
        assert_eq!(wrap("가나 다라", &marks, &style(true, 6)), ["\u{1b}[1m가나\u{1b}[0m", "\u{1b}[1m다라\u{1b}[0m"]);
    }
}
