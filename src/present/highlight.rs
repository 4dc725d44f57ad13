//! From word positions to marked spans of the stored text.
//!
//! A position leads to its chunk by the stored counts; the chunk alone is analysed again, and the tokens at the position
//! give the span. So a mark always is a token of the article whose term the query asked for: never a search for letters.

use serde::Serialize;

use crate::analyze::chunk::chunks;
use crate::analyze::{Evidence, Span, Worker};
use crate::store::record::{Record, SECTION_GAP};

/// A marked stretch of one section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub span: Span,
    /// The number of the wanted term.
    pub wanted: u16,
}

/// What a marked stretch is of what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// A word of the query.
    Word,
    /// A word of the query, written in hanja.
    Hanja,
    /// What the query says, in the other language or by another name.
    Translation,
}

/// The marks of each section: title, lead, body, captions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    pub sections: Vec<Vec<Mark>>,
}

/// Finds the spans of `wanted` (positions in order, each with the number of its term); `term` names the terms.
pub fn locate<'t>(
    record: &Record<'_>,
    wanted: &[(u32, u16)],
    term: impl Fn(u16) -> &'t str,
    worker: &mut Worker,
) -> Marks {
    let mut marks = Marks::default();
    let mut counts = record.positions.iter().copied();
    let mut position = 0u32;
    let mut wanted = wanted.iter().copied().peekable();
    for section in record.sections() {
        let mut found = Vec::new();
        for chunk in chunks(section) {
            // a record without its counts is damaged; what can be marked is marked
            let Some(count) = counts.next() else { break };
            let next = position + u32::from(count);
            let mut here: Vec<(u32, u16)> = Vec::new();
            while let Some(&(at, number)) = wanted.peek() {
                if at >= next {
                    break;
                }
                here.push((at - position.min(at), number));
                wanted.next();
            }
            if !here.is_empty() {
                let (offset, analysis) = worker.chunk(chunk.of(section));
                for (relative, number) in here {
                    let name = term(number);
                    let mut here = analysis
                        .pieces
                        .iter()
                        .filter(|piece| piece.evidence == Evidence::Word && u32::from(piece.position) == relative);
                    // an amount that began in the chunk before is no term of this one: its last word is marked
                    let first = here.clone().next();
                    let piece = here.find(|piece| analysis.term(piece) == name).or(first);
                    if let Some(piece) = piece {
                        let from = chunk.start + offset;
                        let span = Span::new(from + usize::from(piece.span.0), from + usize::from(piece.span.1));
                        debug_assert!(section.is_char_boundary(span.start) && section.is_char_boundary(span.end));
                        found.push(Mark { span, wanted: number });
                    }
                }
            }
            position = next;
        }
        position += SECTION_GAP;
        found.sort_unstable();
        marks.sections.push(found);
    }
    marks
}

/// Joins marks that overlap or touch, for showing.
pub fn merge(marks: &[Mark]) -> Vec<Span> {
    let mut spans: Vec<Span> = marks.iter().map(|mark| mark.span).collect();
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// Joins marks that overlap or touch, each with its kind: of several kinds the one that is nearest to what was typed.
pub fn merged(marks: &[Mark], kind: impl Fn(&Mark) -> MarkKind) -> Vec<(Span, MarkKind)> {
    let spans = merge(marks);
    let kinds = spans.iter().map(|span| {
        let inside = marks.iter().filter(|mark| mark.span.start < span.end && mark.span.end > span.start);
        inside.map(&kind).min().unwrap_or(MarkKind::Word)
    });
    spans.iter().copied().zip(kinds).collect()
}

/// Byte spans of `text` as spans of Unicode code points, the unit of the JSON output.
pub fn in_code_points(text: &str, spans: &[Span]) -> Vec<[usize; 2]> {
    let mut points = 0;
    let mut at = 0;
    let mut to = |byte: usize| {
        points += text[at..byte].chars().count();
        at = byte;
        points
    };
    spans.iter().map(|span| [to(span.start), to(span.end)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points() {
        let text = "북한이 CTBT를";
        let spans = [Span::new(0, 6), Span::new(10, 14)];
        assert_eq!(in_code_points(text, &spans), [[0, 2], [4, 8]]);
    }

    #[test]
    fn touching_marks_are_one() {
        let mark = |start, end| Mark { span: Span::new(start, end), wanted: 0 };
        assert_eq!(merge(&[mark(6, 9), mark(0, 3), mark(3, 6), mark(12, 15)]), [Span::new(0, 9), Span::new(12, 15)]);
    }
}
