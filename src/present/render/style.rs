//! Colours and columns of a terminal.

use std::io::IsTerminal;

use unicode_width::UnicodeWidthChar;

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
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
    /// The style for standard output.
    pub fn for_stdout(color: Color) -> Style {
        let terminal = std::io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !no_color && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Style { color, width: columns.unwrap_or(100).clamp(40, 120) }
    }

    pub fn paint(&self, text: &str, codes: &str) -> String {
        if self.color && !text.is_empty() { format!("\u{1b}[{codes}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

pub const BOLD: &str = "1";
pub const DIM: &str = "2";
pub const MARK: &str = "1;33";
pub const TITLE: &str = "1;36";

/// Columns that `ch` takes.
pub fn columns(ch: char) -> usize {
    ch.width().unwrap_or(0)
}

/// `text` wrapped into lines of at most `width` columns, broken at spaces where there are any; marks (half-open spans of
/// characters) are painted, also across a break.
pub fn wrap_marked(text: &str, marks: &[[usize; 2]], width: usize, style: &Style, codes: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut lines = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let (mut used, mut end, mut space) = (0, start, None);
        while end < chars.len() && used + columns(chars[end]) <= width {
            if chars[end] == ' ' {
                space = Some(end);
            }
            used += columns(chars[end]);
            end += 1;
        }
        if end < chars.len() && chars[end] != ' ' {
            // a word that fills most of a line is broken; Korean may break anywhere, but words read better whole
            if let Some(space) = space.filter(|&space| space > start) {
                end = space;
            }
        }
        end = end.max(start + 1);
        lines.push(painted(&chars, start, end, marks, style, codes));
        start = end;
        while chars.get(start) == Some(&' ') {
            start += 1;
        }
    }
    lines
}

fn painted(chars: &[char], start: usize, end: usize, marks: &[[usize; 2]], style: &Style, codes: &str) -> String {
    let mut line = String::new();
    let mut at = start;
    for &[from, to] in marks {
        let (from, to) = (from.clamp(at, end), to.clamp(at, end));
        if from < to {
            line.extend(&chars[at..from]);
            line.push_str(&style.paint(&chars[from..to].iter().collect::<String>(), codes));
            at = to;
        }
    }
    line.extend(&chars[at..end]);
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_two() {
        let style = Style { color: false, width: 10 };
        let lines = wrap_marked("북한이 핵실험을 했다 ok", &[], 10, &style, MARK);
        assert_eq!(lines, ["북한이", "핵실험을", "했다 ok"]);
        let long = wrap_marked(&"가".repeat(12), &[], 10, &style, MARK);
        assert_eq!(long.iter().map(|line| line.chars().count()).collect::<Vec<_>>(), [5, 5, 2]);
    }

    #[test]
    fn marks_survive_a_break() {
        let style = Style { color: true, width: 6 };
        let lines = wrap_marked("가나 다라", &[[0, 5]], 6, &style, "1");
        assert_eq!(lines, ["\u{1b}[1m가나\u{1b}[0m", "\u{1b}[1m다라\u{1b}[0m"]);
    }
}
