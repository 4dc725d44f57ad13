//! From word positions to marked spans of the stored text.
//!
//! A position leads to its chunk by the stored counts; the chunk alone is analysed again, and the tokens at the position
//! give the span. So a mark always is a token of the article whose term the query asked for: never a search for letters.

use serde::Serialize;

use crate::analyze::cut::Cut;
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
    let mut counts = record.widths.iter();
    let mut position = 0u32;
    let mut wanted = wanted.iter().copied().peekable();
    for section in record.sections() {
        let mut found = Vec::new();
        let mut cut = Cut::new(section);
        while let Some((chunk, many)) = cut.next(worker) {
            if wanted.peek().is_none() {
                break;
            }
            // a record without its counts is damaged; what can be marked is marked
            let Some(count) = counts.next() else { break };
            counts.by_ref().take(many - 1).for_each(drop);
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

/// What `text` shows of its marks, in order and apart from each other. `of` gives for a mark the word of the query it
/// answers, and what it is.
///
/// Marks of one word are joined over a single sign between them: the 적 of 포괄적핵실험금지조약, a hyphen, a middle dot. Then
/// whatever touches is one stretch, and it is what its longest part is.
pub fn stretches(text: &str, marks: &[Mark], of: impl Fn(&Mark) -> (usize, MarkKind)) -> Vec<(Span, MarkKind)> {
    let mut words: Vec<(usize, MarkKind, Span)> = marks
        .iter()
        .map(|mark| {
            let (word, kind) = of(mark);
            (word, kind, mark.span)
        })
        .collect();
    words.sort_unstable();
    words.dedup_by(|later, kept| {
        let same = (kept.0, kept.1) == (later.0, later.1);
        let joined = same && (later.2.start <= kept.2.end || is_one_sign(&text[kept.2.end..later.2.start]));
        if joined {
            kept.2.end = kept.2.end.max(later.2.end);
        }
        joined
    });
    words.sort_unstable_by_key(|&(_, kind, span)| (span, kind));
    let mut out: Vec<(Span, MarkKind)> = Vec::with_capacity(words.len());
    let mut longest = 0;
    for (_, kind, span) in words {
        let length = span.end - span.start;
        match out.last_mut() {
            Some((last, last_kind)) if span.start <= last.end => {
                last.end = last.end.max(span.end);
                if length > longest {
                    (longest, *last_kind) = (length, kind);
                }
            }
            _ => {
                out.push((span, kind));
                longest = length;
            }
        }
    }
    out
}

fn is_one_sign(between: &str) -> bool {
    let mut chars = between.chars();
    chars.next().is_some_and(|ch| !ch.is_whitespace()) && chars.next().is_none()
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
    fn marks_as_they_are_shown() {
        use MarkKind::{Translation, Word};
        // what is marked of a text, each with the number of its word, and what is shown of that
        type Row<'a> = (&'a str, &'a [(&'a str, u16)], &'a [(&'a str, MarkKind)]);
        let rows: &[Row] = &[
            ("북한핵실험을", &[("핵실험", 1), ("북한", 0)], &[("북한핵실험", Word)]),
            ("북한 핵실험을", &[("북한", 0), ("핵실험", 1)], &[("북한", Word), ("핵실험", Word)]),
            ("한·미·일", &[("한", 0), ("미", 0), ("일", 0)], &[("한·미·일", Word)]),
            ("한·미", &[("한", 0), ("미", 1)], &[("한", Word), ("미", Word)]),
            // the typed 핵실험 inside a translation; words from 10 on are translations
            (
                "포괄적핵실험금지조약은",
                &[("포괄", 10), ("핵실험", 1), ("핵실험", 10), ("금지", 10), ("조약", 10)],
                &[("포괄적핵실험금지조약", Translation)],
            ),
            ("핵실험(test)", &[("핵실험", 1), ("test", 11)], &[("핵실험", Word), ("test", Translation)]),
        ];
        for (text, marks, expected) in rows {
            let mut at: Vec<Mark> = marks
                .iter()
                .map(|&(part, wanted)| {
                    let start = text.find(part).unwrap();
                    Mark { span: Span::new(start, start + part.len()), wanted }
                })
                .collect();
            at.sort_unstable();
            let kind = |mark: &Mark| if mark.wanted < 10 { Word } else { Translation };
            let shown = stretches(text, &at, |mark| (usize::from(mark.wanted), kind(mark)));
            let shown: Vec<(&str, MarkKind)> = shown.iter().map(|(span, kind)| (span.of(text), *kind)).collect();
            assert_eq!(&shown, expected, "{text}");
        }
    }
}
