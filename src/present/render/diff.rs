//! What a copy changed, for a terminal: `[-removed-]` and `{+added+}`, in colour where there is colour.

use std::io::{self, Write};

use super::style::{ADDED, BOLD, DIM, Paint, REMOVED, Style, wrap};
use super::text::dim_lines;
use crate::present::clean::one_line;
use crate::present::diff::{Change, Difference, Op};

/// Prints a difference.
pub fn text(found: &Difference, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let head = format!("{} against {}", found.copy, found.original);
    for line in wrap(&one_line(&head), &[], style) {
        writeln!(out, "{}", style.paint(&line, BOLD))?;
    }
    dim_lines(&format!("{:.0} % of the sentences are the same", found.same * 100.0), "", style, out)?;
    for fact in &found.facts {
        let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "not said".to_owned());
        dim_lines(&format!("{}: {} → {}", fact.fact, said(&fact.original), said(&fact.copy)), "", style, out)?;
    }
    let title: Vec<&Change> = found.title.iter().filter(|it| !matches!(it, Change::Same { .. })).collect();
    if !title.is_empty() {
        writeln!(out)?;
    }
    title.into_iter().try_for_each(|change| print(change, style, out))?;
    writeln!(out)?;
    found.text.iter().try_for_each(|change| print(change, style, out))
}

fn print(change: &Change, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    let mut paints = Vec::new();
    let mut add = |op: Op, text: &str| {
        if !line.is_empty() {
            line.push(' ');
        }
        let from = line.chars().count();
        let (before, after, codes) = match op {
            Op::Same => ("", "", None),
            Op::Removed => ("[-", "-]", Some(REMOVED)),
            Op::Added => ("{+", "+}", Some(ADDED)),
        };
        line += &format!("{before}{}{after}", one_line(text));
        let span = [from, line.chars().count()];
        paints.extend(codes.map(|codes| Paint { span, codes }));
    };
    let sign = match change {
        Change::Same { sentences: 1 } => return dim_lines("= 1 sentence the same", "", style, out),
        Change::Same { sentences } => return dim_lines(&format!("= {sentences} sentences the same"), "", style, out),
        Change::Removed { text } => {
            add(Op::Removed, text);
            "-"
        }
        Change::Added { text } => {
            add(Op::Added, text);
            "+"
        }
        Change::Changed { words } => {
            words.iter().for_each(|words| add(words.op, &words.text));
            "~"
        }
    };
    for (at, line) in wrap(&line, &paints, &style.narrower(2)).iter().enumerate() {
        let start = if at == 0 { style.paint(sign, DIM) } else { " ".to_owned() };
        writeln!(out, "{start} {line}")?;
    }
    Ok(())
}
