//! An answer as a person reads it in a terminal.

use std::io::{self, Write};

use super::style::{BOLD, DIM, MARK, Style, TITLE, wrap_marked};
use crate::engine::{Answer, Hit};
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
        let shown: Vec<String> = answer.expansions.iter().take(6).map(|e| format!("{} → {}", e.term, e.to)).collect();
        let more = answer.expansions.len().saturating_sub(6);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "{}", style.paint(&one_line(&format!("also searched: {}{more}", shown.join(", "))), DIM))?;
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
        [hit.source.as_deref(), day, hit.byline.as_deref(), Some(hit.path.as_str())].into_iter().flatten().collect();
    writeln!(out, "{indent}{}", style.paint(&one_line(&facts.join(" · ")), DIM))?;
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
        writeln!(out, "{indent}{}", style.paint(&one_line(&line), DIM))?;
    }
    Ok(())
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
