//! An answer as a person reads it in a terminal.

use std::io::{self, Write};

use super::style::{BOLD, DIM, MARK, Style, TITLE, wrap_marked};
use crate::engine::{Answer, Expansion, Hit};
use crate::present::clean::one_line;
use crate::rank::explain::Explanation;

/// Prints an answer: a line about it, then the hits.
pub fn answer(answer: &Answer, style: &Style, out: &mut impl Write) -> io::Result<()> {
    for correction in &answer.corrections {
        let line = format!(
            "read \"{}\" as \"{}\" ({}); put it in quotes to insist",
            correction.from, correction.to, correction.reason
        );
        writeln!(out, "{}", style.paint(&one_line(&line), DIM))?;
    }
    if !answer.expansions.is_empty() {
        dim_lines(&format!("also searched: {}", expansions(&answer.expansions)), "", style, out)?;
    }
    let head = match answer.total {
        0 => format!("nothing found in {} articles", answer.index.articles),
        1 => format!("1 of {} articles", answer.index.articles),
        n => format!("{n} of {} articles", answer.index.articles),
    };
    writeln!(out, "{}", style.paint(&format!("{head}, {}", milliseconds(answer.took_us)), DIM))?;
    for hit in &answer.hits {
        writeln!(out)?;
        print_hit(hit, style, out)?;
    }
    Ok(())
}

fn milliseconds(us: u64) -> String {
    if us < 10_000 { format!("{:.1} ms", us as f64 / 1000.0) } else { format!("{} ms", us / 1000) }
}

fn print_hit(hit: &Hit, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let number = format!("{:>2}. ", hit.rank);
    let indent = " ".repeat(number.len());
    let width = style.width.saturating_sub(indent.len()).max(20);
    let title = if hit.title.is_empty() { "(no title)" } else { &hit.title };
    let painted = Style { color: style.color, width };
    for (at, line) in wrap_marked(&one_line(title), &hit.title_highlights, width, &painted, MARK).iter().enumerate() {
        let start = if at == 0 { style.paint(&number, BOLD) } else { indent.clone() };
        let line = if hit.title_highlights.is_empty() { style.paint(line, TITLE) } else { line.clone() };
        writeln!(out, "{start}{line}")?;
    }
    let day = hit.published.as_deref().map(|at| at.get(..10).unwrap_or(at));
    let facts: Vec<&str> =
        [hit.source.as_deref(), day, hit.byline.as_deref(), Some(place(hit))].into_iter().flatten().collect();
    dim_lines(&facts.join(" · "), &indent, style, out)?;
    for snippet in &hit.snippets {
        for line in wrap_marked(&one_line(&snippet.text), &snippet.highlights, width, &painted, MARK) {
            writeln!(out, "{indent}{line}")?;
        }
    }
    if let Some(explanation) = &hit.explain {
        print_explanation(explanation, &indent, style, out)?;
    }
    if !hit.duplicates.is_empty() {
        let outlets: Vec<&str> = hit.duplicates.iter().filter_map(|copy| copy.source.as_deref()).collect();
        let line = match hit.duplicates.len() {
            1 => "+1 copy".to_owned(),
            n => format!("+{n} copies"),
        };
        let line = if outlets.is_empty() { line } else { format!("{line}: {}", outlets.join(", ")) };
        dim_lines(&line, &indent, style, out)?;
    }
    Ok(())
}

/// A remark, wrapped behind its indent.
fn dim_lines(text: &str, indent: &str, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let width = style.width.saturating_sub(indent.len()).max(20);
    for line in wrap_marked(&one_line(text), &[], width, style, DIM) {
        writeln!(out, "{indent}{}", style.paint(&line, DIM))?;
    }
    Ok(())
}

/// Expansions shown of one term, and terms.
const SHOWN: usize = 3;

/// `CTBT → a, b, c; withdrawal → d`, the first of each.
fn expansions(all: &[Expansion]) -> String {
    let mut terms: Vec<(&str, Vec<&str>)> = Vec::new();
    for expansion in all {
        match terms.iter_mut().find(|(term, _)| *term == expansion.term) {
            Some((_, forms)) => forms.push(&expansion.to),
            None => terms.push((&expansion.term, vec![&expansion.to])),
        }
    }
    let said = terms.iter().take(2 * SHOWN).map(|(term, forms)| {
        let more = if forms.len() > SHOWN { ", …" } else { "" };
        format!("{term} → {}{more}", forms[..forms.len().min(SHOWN)].join(", "))
    });
    let more = if terms.len() > 2 * SHOWN { "; …" } else { "" };
    said.collect::<Vec<_>>().join("; ") + more
}

fn print_explanation(explanation: &Explanation, indent: &str, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let mut line = |text: String| writeln!(out, "{indent}{}", style.paint(&one_line(&text), DIM));
    line(format!("{:9.3}  score", explanation.score))?;
    for part in &explanation.evidence {
        line(format!(
            "{:9.3}  {} ({} {}): {} times, idf {:.2} of {} articles, weight {:.2}",
            part.score, part.term, part.lang, part.kind, part.frequency, part.idf, part.articles, part.weight
        ))?;
    }
    for (score, name) in [(explanation.closeness, "closeness"), (explanation.brevity, "brevity")] {
        if score != 0.0 {
            line(format!("{score:9.3}  {name}"))?;
        }
    }
    Ok(())
}

/// What leads to the article: its path, or its id where the path does not end in it.
fn place(hit: &Hit) -> &str {
    if hit.path.ends_with(&hit.id) { &hit.path } else { &hit.id }
}
