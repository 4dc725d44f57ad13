//! The passages of an article that answer best: few, short, whole sentences where they fit.
//!
//! Sentences are scored by the different wanted terms in them (by idf), then by how many marks they hold, then by how
//! early they come. A passage grows from the best sentence to its neighbours while it fits, and long sentences are cut
//! between words around their marks.

use crate::analyze::Span;

use super::highlight::{Mark, Marks};

/// How long a passage may be, in characters.
pub const PASSAGE_CHARS: usize = 180;

/// A stretch of one section with its marks; where it is cut out of a sentence, dots say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub section: usize,
    /// Bytes of the section.
    pub span: Span,
    pub text: String,
    /// Bytes of `text`.
    pub marks: Vec<Mark>,
}

/// The ends of sentences: after a stop, question or exclamation mark that a space follows (with closing quotation marks),
/// and at line ends.
pub fn sentences(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut push = |from: usize, to: usize| {
        let piece = &text[from..to];
        let trimmed = piece.trim();
        if !trimmed.is_empty() {
            let at = from + (piece.len() - piece.trim_start().len());
            out.push(Span::new(at, at + trimmed.len()));
        }
    };
    while let Some((at, ch)) = chars.next() {
        match ch {
            '\n' => {
                push(start, at);
                start = at + 1;
            }
            '.' | '?' | '!' | '…' | '。' | '？' | '！' => {
                let mut end = at + ch.len_utf8();
                while let Some(&(next, closing)) = chars.peek() {
                    if !matches!(closing, '"' | '\'' | '”' | '’' | ')' | ']' | '」' | '』' | '.' | '?' | '!') {
                        break;
                    }
                    end = next + closing.len_utf8();
                    chars.next();
                }
                let ends_word = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
                if ends_word && !is_abbreviation(&text[start..at]) {
                    push(start, end);
                    start = end;
                }
            }
            _ => {}
        }
    }
    push(start, text.len());
    out
}

/// A full stop after these does not end a sentence: `Mr.`, `U.S.`, single capitals.
fn is_abbreviation(before: &str) -> bool {
    const SHORT: &[&str] = &[
        "Mr", "Mrs", "Ms", "Dr", "Gen", "Col", "Sen", "Rep", "Gov", "St", "No", "vs", "Jan", "Feb", "Mar", "Apr",
        "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "Inc", "Co", "Corp", "Ltd", "Prof", "Lt", "Sgt",
    ];
    let word = before.rsplit(|ch: char| ch.is_whitespace() || ch == '(').next().unwrap_or("");
    SHORT.contains(&word)
        || word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
        || word.contains('.')
            && word.split('.').all(|part| part.len() == 1 && part.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// The `most` best passages of `sections` (section 0, the title, is left out); idf gives the worth of a wanted term.
pub fn passages(sections: &[&str], marks: &Marks, most: usize, idf: impl Fn(u16) -> f32) -> Vec<Passage> {
    let mut scored: Vec<(f32, usize, Span)> = Vec::new();
    for (number, (&text, marks)) in sections.iter().zip(&marks.sections).enumerate().skip(1) {
        if marks.is_empty() {
            continue;
        }
        let mut next = 0;
        for sentence in sentences(text) {
            let from = next + marks[next..].partition_point(|mark| mark.span.end <= sentence.start);
            let to = from + marks[from..].partition_point(|mark| mark.span.start < sentence.end);
            next = from;
            if from == to {
                continue;
            }
            let mut terms: Vec<u16> = marks[from..to].iter().map(|mark| mark.wanted).collect();
            terms.sort_unstable();
            terms.dedup();
            let worth: f32 = terms.iter().map(|&term| idf(term).max(0.1)).sum();
            let score = worth + 0.05 * (to - from).min(10) as f32;
            scored.push((score, number, sentence));
        }
    }
    // stable: of equals the earlier one
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut out: Vec<Passage> = Vec::new();
    for (_, number, sentence) in scored {
        if out.len() == most {
            break;
        }
        let text = sections[number];
        let span = widen(text, sentence, &marks.sections[number]);
        if out.iter().any(|known| known.section == number && span.start < known.span.end && known.span.start < span.end)
        {
            continue;
        }
        out.push(passage(number, text, span, &marks.sections[number]));
    }
    out.sort_by_key(|passage| (passage.section, passage.span));
    if out.is_empty() {
        let first = sections.iter().enumerate().skip(1).find_map(|(number, text)| {
            sentences(text).first().map(|&sentence| passage(number, text, widen(text, sentence, &[]), &[]))
        });
        out.extend(first);
    }
    out
}

fn passage(section: usize, text: &str, span: Span, marks: &[Mark]) -> Passage {
    let inside: Vec<Mark> =
        marks.iter().copied().filter(|mark| mark.span.start >= span.start && mark.span.end <= span.end).collect();
    let before = if begins_sentence(text, span.start) { "" } else { "… " };
    let after = if ends_sentence(text, span.end) { "" } else { " …" };
    let place = |at: usize| at - span.start + before.len();
    let marks = inside
        .into_iter()
        .map(|mark| Mark { span: Span::new(place(mark.span.start), place(mark.span.end)), ..mark })
        .collect();
    Passage { section, span, text: format!("{before}{}{after}", span.of(text)), marks }
}

/// What may stand at the end of a sentence.
const STOPS: [char; 16] = ['.', '?', '!', '…', '。', '？', '！', '"', '\'', '”', '’', ')', ']', '」', '』', '>'];

fn begins_sentence(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let trimmed = before.trim_end_matches([' ', '\t']);
    trimmed.is_empty() || trimmed.ends_with('\n') || (trimmed.ends_with(STOPS) && trimmed.len() < before.len())
}

fn ends_sentence(text: &str, at: usize) -> bool {
    let after = text[at..].trim_start_matches([' ', '\t']);
    after.is_empty() || after.starts_with('\n') || text[..at].ends_with(STOPS)
}

/// Brings a sentence to the length of a passage: cut around its marks where it is long, with what follows where it is short.
fn widen(text: &str, sentence: Span, marks: &[Mark]) -> Span {
    let chars = sentence.of(text).chars().count();
    if chars > PASSAGE_CHARS {
        return cut(text, sentence, marks);
    }
    let mut span = sentence;
    let paragraph_end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    let mut room = PASSAGE_CHARS - chars;
    for following in sentences(&text[sentence.end..paragraph_end]) {
        let following = following.shifted(sentence.end);
        let cost = following.of(text).chars().count() + 1;
        let Some(left) = room.checked_sub(cost) else { break };
        room = left;
        span.end = following.end;
    }
    span
}

/// The stretch of a long sentence with the most marks, cut between words.
fn cut(text: &str, sentence: Span, marks: &[Mark]) -> Span {
    let inside: Vec<&Mark> =
        marks.iter().filter(|mark| mark.span.start >= sentence.start && mark.span.end <= sentence.end).collect();
    let bytes_of = |from: usize, chars: usize| {
        text[from..sentence.end].char_indices().nth(chars).map_or(sentence.end, |(at, _)| from + at)
    };
    let best = inside
        .iter()
        .enumerate()
        .map(|(at, first)| {
            let end = bytes_of(first.span.start, PASSAGE_CHARS * 3 / 4);
            let held = inside[at..].iter().take_while(|mark| mark.span.end <= end).count();
            (held, first.span.start)
        })
        .max_by_key(|&(held, start)| (held, std::cmp::Reverse(start)));
    let anchor = best.map_or(sentence.start, |(_, start)| start);
    // some words before the first mark, then as much as fits
    let lead: usize =
        text[sentence.start..anchor].char_indices().rev().take(PASSAGE_CHARS / 5).map(|(_, ch)| ch.len_utf8()).sum();
    let mut start = anchor - lead;
    if start > sentence.start {
        start = text[start..anchor].find(char::is_whitespace).map_or(start, |at| start + at);
        start += text[start..].len() - text[start..].trim_start().len();
    }
    let mut end = bytes_of(start, PASSAGE_CHARS);
    if end < sentence.end {
        let last_mark =
            inside.iter().filter(|mark| mark.span.end <= end).map(|mark| mark.span.end).max().unwrap_or(start);
        end = text[last_mark.max(start)..end].rfind(char::is_whitespace).map_or(end, |at| last_mark.max(start) + at);
    }
    let piece = &text[start..end];
    Span::new(start, start + piece.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentence_ends() {
        let rows: &[(&str, &[&str])] = &[
            ("북한이 발사했다. 군은 “유감이다.” 했다", &["북한이 발사했다.", "군은 “유감이다.”", "했다"]),
            ("The U.S. said no. Mr. Kim left!", &["The U.S. said no.", "Mr. Kim left!"]),
            ("3.2조 원이다.\n다음 줄", &["3.2조 원이다.", "다음 줄"]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = sentences(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(&found, expected);
        }
    }
}
