//! Suggestions as lines: completions as they are, then headlines, set apart.

use std::io::{self, Write};

use super::style::{DIM, Style};
use crate::engine::Suggestions;
use crate::present::clean::one_line;
use crate::suggest::complete::Reason;

/// Prints one completion a line; what is no plain beginning says why it is there.
pub fn print(found: &Suggestions, style: &Style, out: &mut impl Write) -> io::Result<()> {
    for suggestion in &found.suggestions {
        let text = one_line(&suggestion.text);
        match suggestion.reason {
            Reason::Prefix | Reason::LastWords => writeln!(out, "{text}")?,
            Reason::Initials => writeln!(out, "{text}  {}", style.paint("initials", DIM))?,
            Reason::Layout => writeln!(out, "{text}  {}", style.paint("keyboard layout", DIM))?,
        }
    }
    for headline in &found.headlines {
        let day = headline.published.as_deref().map(|at| at.get(..10).unwrap_or(at));
        let facts: Vec<&str> = [day, headline.source.as_deref()].into_iter().flatten().collect();
        let facts = if facts.is_empty() { String::new() } else { format!("  {}", facts.join(" · ")) };
        writeln!(out, "  → {}{}", one_line(&headline.title), style.paint(&one_line(&facts), DIM))?;
    }
    Ok(())
}
