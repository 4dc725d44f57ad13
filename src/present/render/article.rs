//! One whole article for a terminal.

use std::io::{self, Write};

use super::style::{DIM, Style, paints, wrap};
use crate::engine::Shown;
use crate::present::clean::one_line;

/// Prints an article, paragraphs wrapped, marks painted.
pub fn text(shown: &Shown, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let article = &shown.article;
    let marks = |section: usize| shown.highlights.get(section).map_or(&[][..], Vec::as_slice);
    paragraphs(&article.title, marks(0), style, out)?;
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
            paragraphs(section, marks(number + 1), style, out)?;
        }
    }
    Ok(())
}

fn paragraphs(text: &str, marks: &[[usize; 2]], style: &Style, out: &mut impl Write) -> io::Result<()> {
    let mut start = 0;
    for line in text.split('\n') {
        let len = line.chars().count();
        let inside: Vec<[usize; 2]> = marks
            .iter()
            .filter(|mark| mark[0] < start + len && mark[1] > start)
            .map(|mark| [mark[0].max(start) - start, mark[1].min(start + len) - start])
            .collect();
        if line.trim().is_empty() {
            writeln!(out)?;
        }
        for line in wrap(&one_line(line), &paints(&inside, &[]), style) {
            writeln!(out, "{line}")?;
        }
        start += len + 1;
    }
    Ok(())
}
