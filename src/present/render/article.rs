//! One whole article for a terminal.

use std::io::{self, Write};

use super::style::{DIM, Paint, Style, paints, wrap};
use crate::engine::Shown;
use crate::present::clean::one_line;

/// Prints an article, paragraphs wrapped, marks painted.
pub fn text(shown: &Shown, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let article = &shown.article;
    let marks = |section: usize| match (shown.highlights.get(section), shown.kinds.get(section)) {
        (Some(spans), Some(kinds)) => paints(spans, kinds),
        _ => Vec::new(),
    };
    paragraphs(&article.title, &marks(0), style, out)?;
    let facts: Vec<&str> = [&article.source, &article.published, &article.byline, &article.section, &article.url]
        .into_iter()
        .filter_map(|fact| fact.as_deref())
        .chain([article.path.as_str()])
        .collect();
    writeln!(out, "{}", style.paint(&one_line(&facts.join(" · ")), DIM))?;
    for (number, section) in [&article.lead, &article.body].into_iter().chain(&article.captions).enumerate() {
        if !section.trim().is_empty() {
            writeln!(out)?;
            if number > 1 {
                write!(out, "{}", style.paint("caption: ", DIM))?;
            }
            paragraphs(section, &marks(number + 1), style, out)?;
        }
    }
    Ok(())
}

fn paragraphs(text: &str, marks: &[Paint], style: &Style, out: &mut impl Write) -> io::Result<()> {
    let mut start = 0;
    for line in text.split('\n') {
        let len = line.chars().count();
        let inside: Vec<Paint> = marks
            .iter()
            .filter(|mark| mark.span[0] < start + len && mark.span[1] > start)
            .map(|mark| Paint { span: mark.span.map(|at| at.clamp(start, start + len) - start), ..*mark })
            .collect();
        if line.trim().is_empty() {
            writeln!(out)?;
        }
        for line in wrap(&one_line(line), &inside, style) {
            writeln!(out, "{line}")?;
        }
        start += len + 1;
    }
    Ok(())
}
