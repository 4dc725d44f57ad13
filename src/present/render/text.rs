//! An answer as a person reads it in a terminal.

use std::io::{self, Write};

use super::facets;
use super::style::{BOLD, DIM, Style, TITLE, paints, wrap};
use crate::engine::{Answer, Expansion, Hit};
use crate::present::clean::one_line;
use crate::rank::explain::Explanation;

/// Prints an answer: a line about it, the hits, then what they were counted by.
pub fn answer(answer: &Answer, style: &Style, out: &mut impl Write) -> io::Result<()> {
    for remark in &answer.remarks {
        dim_lines(remark, "", style, out)?;
    }
    for correction in &answer.corrections {
        let line = format!(
            "searched for {} (typed: {from}, {}); to search as typed: ={from} or --no-correct",
            correction.to,
            correction.reason,
            from = correction.from
        );
        dim_lines(&line, "", style, out)?;
    }
    if answer.hits.iter().any(|hit| hit.explain.is_some()) {
        dim_lines(&format!("understood: {}", answer.understood), "", style, out)?;
    }
    if !answer.expansions.is_empty() {
        dim_lines(&format!("also searched: {}", expansions(&answer.expansions)), "", style, out)?;
    }
    let head = match answer.total {
        0 => format!("nothing found in {} articles", answer.index.articles),
        1 => format!("1 of {} articles", answer.index.articles),
        n => format!("{n} of {} articles", answer.index.articles),
    };
    dim_lines(&format!("{head}, {}", milliseconds(answer.took_us)), "", style, out)?;
    if answer.hits.is_empty() && answer.total > 0 {
        dim_lines(no_hits(answer), "", style, out)?;
    }
    for hit in &answer.hits {
        writeln!(out)?;
        print_hit(hit, style, out)?;
    }
    facets::facets(&answer.facets, style, out)?;
    facets::keywords(&answer.keywords, style, out)
}

/// Why a page is empty although articles were found.
fn no_hits(answer: &Answer) -> &'static str {
    match answer.limit {
        0 => "no hits are shown: none were asked for (-n 0)",
        _ => "no hits are shown: the page that was asked for is past the last of them",
    }
}

fn milliseconds(us: u64) -> String {
    if us < 10_000 { format!("{:.1} ms", us as f64 / 1000.0) } else { format!("{} ms", us / 1000) }
}

fn print_hit(hit: &Hit, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let number = format!("{:>2}. ", hit.rank);
    let indent = " ".repeat(number.len());
    let inner = style.narrower(indent.len());
    let title = if hit.title.is_empty() { "(no title)" } else { &hit.title };
    let marks = paints(&hit.title_highlights, &hit.title_kinds);
    for (at, line) in wrap(&one_line(title), &marks, &inner).iter().enumerate() {
        let start = if at == 0 { style.paint(&number, BOLD) } else { indent.clone() };
        let line = if marks.is_empty() { style.paint(line, TITLE) } else { line.clone() };
        writeln!(out, "{start}{line}")?;
    }
    let day = hit.published.as_deref().map(|at| at.get(..10).unwrap_or(at));
    let facts: Vec<&str> =
        [hit.source.as_deref(), day, hit.byline.as_deref(), Some(place(hit))].into_iter().flatten().collect();
    dim_lines(&facts.join(" · "), &indent, style, out)?;
    for snippet in &hit.snippets {
        for line in wrap(&one_line(&snippet.text), &paints(&snippet.highlights, &snippet.kinds), &inner) {
            writeln!(out, "{indent}{line}")?;
        }
    }
    if let Some(explanation) = &hit.explain {
        print_explanation(explanation, &indent, style, out)?;
    }
    if hit.copies > 0 {
        dim_lines(&copies(hit), &indent, style, out)?;
    }
    Ok(())
}

/// Outlets named of the copies of a story.
const OUTLETS: usize = 5;

/// `+23 copies, 2023-11-02 to 2023-11-05: 온새미통신, 달무리일보, …`
fn copies(hit: &Hit) -> String {
    let number = match hit.copies {
        1 => "+1 copy".to_owned(),
        n => format!("+{n} copies"),
    };
    let days = match (&hit.spread.first, &hit.spread.last) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        (Some(day), _) => format!(", {day}"),
        _ => String::new(),
    };
    let outlets = &hit.spread.outlets;
    let more = if outlets.len() > OUTLETS { ", …" } else { "" };
    let named = outlets[..outlets.len().min(OUTLETS)].join(", ");
    let outlets = if named.is_empty() { String::new() } else { format!(": {named}{more}") };
    format!("{number}{days}{outlets}")
}

/// A remark, wrapped behind its indent.
pub(super) fn dim_lines(text: &str, indent: &str, style: &Style, out: &mut impl Write) -> io::Result<()> {
    for line in wrap(&one_line(text), &[], &style.narrower(indent.len())) {
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
    let words = explanation.words.iter().map(|rung| format!("{} {}", rung.word, rung.step));
    line(words.collect::<Vec<_>>().join(", "))?;
    line(format!("{:9.3}  score", explanation.score))?;
    for part in &explanation.evidence {
        line(format!(
            "{:9.3}  {} ({} {}): {} times, idf {:.2} of {} articles, weight {:.2}",
            part.score, part.term, part.lang, part.kind, part.frequency, part.idf, part.articles, part.weight
        ))?;
    }
    for (score, name) in [
        (explanation.closeness, "closeness"),
        (explanation.phrase, "phrases"),
        (explanation.brevity, "brevity"),
        (explanation.recency, "age, taken from the rest"),
    ] {
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
