//! The passages of an article that answer best: few, short, whole sentences where they fit.
//!
//! Sentences are scored by the different things asked for in them (by idf), then by how many marks they hold, then by how
//! early they come; what an earlier passage shows already counts little in the next. A passage grows from the best sentence to
//! its neighbours while it fits, and long sentences are cut between words around their marks, never inside what is one sign
//! to a reader.

use unicode_segmentation::GraphemeCursor;

use crate::analyze::Span;
use crate::analyze::script::is_syllable;

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

/// The sentences of a text, in order: they end after a stop, question or exclamation mark that a space follows (with closing
/// quotation marks), and at line ends.
pub fn sentences(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut start = 0;
    let mut at = 0;
    std::iter::from_fn(move || {
        while start < text.len() {
            let (end, next) = match next_stop(text, at) {
                None => (text.len(), text.len()),
                Some((stop, '\n')) => (stop, stop + 1),
                Some((stop, sign)) => {
                    at = stop + sign.len_utf8();
                    at += text[at..].len() - text[at..].trim_start_matches(CLOSING).len();
                    let next = text[at..].chars().next();
                    let ends_word = next.is_none_or(char::is_whitespace) || runs_on(text, stop, at, next);
                    if !ends_word || is_abbreviation(&text[start..stop]) {
                        continue;
                    }
                    (at, at)
                }
            };
            let piece = &text[start..end];
            let from = start + (piece.len() - piece.trim_start().len());
            let length = piece.trim().len();
            (start, at) = (next, next);
            if length > 0 {
                return Some(Span::new(from, from + length));
            }
        }
        None
    })
}

/// What may follow a stop and belongs to its sentence.
const CLOSING: [char; 11] = ['"', '\'', '”', '’', ')', ']', '」', '』', '.', '?', '!'];

/// The next sign from `at` on that may end a sentence.
fn next_stop(text: &str, mut at: usize) -> Option<(usize, char)> {
    loop {
        // the first bytes of the signs below
        let may = |byte: &u8| matches!(byte, b'\n' | b'.' | b'?' | b'!' | 0xE2 | 0xE3 | 0xEF);
        at += text.as_bytes()[at..].iter().position(may)?;
        let sign = text[at..].chars().next()?;
        if matches!(sign, '\n' | '.' | '?' | '!' | '…' | '。' | '？' | '！') {
            return Some((at, sign));
        }
        at += sign.len_utf8();
    }
}

/// True for a stop between two Korean sentences without a space: 했다.그는.
fn runs_on(text: &str, at: usize, end: usize, next: Option<char>) -> bool {
    const ENDINGS: [char; 4] = ['다', '요', '까', '죠'];
    end == at + 1 && text[..at].ends_with(ENDINGS) && next.is_some_and(is_syllable)
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

/// A sentence with something in it that was asked for.
struct Sentence {
    section: usize,
    span: Span,
    /// The things asked for, once each, with their idf.
    things: Vec<(usize, f32)>,
    marks: usize,
}

/// What a thing counts in a passage that another one shows already.
const SHOWN_ALREADY: f32 = 0.3;

impl Sentence {
    fn worth(&self, shown: &[usize]) -> f32 {
        let worth = |&(thing, idf): &(usize, f32)| idf * if shown.contains(&thing) { SHOWN_ALREADY } else { 1.0 };
        self.things.iter().map(worth).sum::<f32>() + 0.05 * self.marks.min(10) as f32
    }
}

/// The `most` best passages of `sections` (section 0, the title, is left out). `thing` gives for a wanted term which thing that
/// was asked for it says (a word and its translations are one), and its idf.
pub fn passages(sections: &[&str], marks: &Marks, most: usize, thing: impl Fn(u16) -> (usize, f32)) -> Vec<Passage> {
    let mut open = marked_sentences(sections, marks, thing);
    let mut shown: Vec<usize> = Vec::new();
    let mut out: Vec<Passage> = Vec::new();
    while out.len() < most {
        // of equals the earlier one
        let best = open.iter().enumerate().rev().max_by(|(_, a), (_, b)| a.worth(&shown).total_cmp(&b.worth(&shown)));
        let Some((at, _)) = best else { break };
        let best = open.remove(at);
        let text = sections[best.section];
        let span = widen(text, best.span, &marks.sections[best.section]);
        let overlaps = |known: &Passage| {
            known.section == best.section && span.start < known.span.end && known.span.start < span.end
        };
        if !out.iter().any(overlaps) {
            shown.extend(best.things.iter().map(|&(thing, _)| thing));
            out.push(passage(best.section, text, span, &marks.sections[best.section]));
        }
    }
    out.sort_by_key(|passage| (passage.section, passage.span));
    if out.is_empty() {
        let first = sections.iter().enumerate().skip(1).find_map(|(number, text)| {
            sentences(text).next().map(|sentence| passage(number, text, widen(text, sentence, &[]), &[]))
        });
        out.extend(first);
    }
    out
}

/// The sentences of the lines with marks, in order; nothing else of the text is looked through, for a line end ends a sentence.
fn sentences_around<'t>(text: &'t str, marks: &'t [Mark]) -> impl Iterator<Item = Span> + 't {
    let (mut at, mut left) = (0, marks.iter().peekable());
    let lines = std::iter::from_fn(move || {
        while left.next_if(|mark| mark.span.end <= at).is_some() {}
        let marked = left.peek()?.span.start;
        let start = text[..marked].rfind('\n').map_or(0, |end| end + 1).max(at);
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        at = end + 1;
        Some(Span::new(start, end))
    });
    lines.flat_map(move |line| sentences(line.of(text)).map(move |sentence| sentence.shifted(line.start)))
}

fn marked_sentences(sections: &[&str], marks: &Marks, thing: impl Fn(u16) -> (usize, f32)) -> Vec<Sentence> {
    let mut out = Vec::new();
    for (section, (&text, marks)) in sections.iter().zip(&marks.sections).enumerate().skip(1) {
        if marks.is_empty() {
            continue;
        }
        let mut next = 0;
        for span in sentences_around(text, marks) {
            let from = next + marks[next..].partition_point(|mark| mark.span.end <= span.start);
            let to = from + marks[from..].partition_point(|mark| mark.span.start < span.end);
            next = from;
            if from == marks.len() {
                break;
            }
            if from == to {
                continue;
            }
            let mut things: Vec<(usize, f32)> = Vec::new();
            for mark in &marks[from..to] {
                let (thing, idf) = thing(mark.wanted);
                let idf = idf.max(0.1);
                match things.iter_mut().find(|(known, _)| *known == thing) {
                    Some((_, known)) => *known = known.max(idf),
                    None => things.push((thing, idf)),
                }
            }
            out.push(Sentence { section, span, things, marks: to - from });
        }
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
    let stop = trimmed.len().saturating_sub(1);
    let runs_on = || before.ends_with('.') && runs_on(text, stop, at, text[at..].chars().next());
    trimmed.is_empty()
        || trimmed.ends_with('\n')
        || (trimmed.ends_with(STOPS) && trimmed.len() < before.len())
        || runs_on()
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
    let mut start = whole_sign(text, anchor - lead);
    if start > sentence.start {
        start = text[start..anchor].find(char::is_whitespace).map_or(start, |at| start + at);
        start += text[start..].len() - text[start..].trim_start().len();
    }
    let mut end = whole_sign(text, bytes_of(start, PASSAGE_CHARS)).max(start);
    if end < sentence.end {
        let last_mark =
            inside.iter().filter(|mark| mark.span.end <= end).map(|mark| mark.span.end).max().unwrap_or(start);
        end = text[last_mark.max(start)..end].rfind(char::is_whitespace).map_or(end, |at| last_mark.max(start) + at);
    }
    let piece = &text[start..end];
    Span::new(start, start + piece.trim_end().len())
}

/// `at`, or the start of the sign (the grapheme) that it lies in.
fn whole_sign(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    // the whole text is at hand, so neither call can ask for more of it
    match cursor.is_boundary(text, 0) {
        Ok(true) => at,
        _ => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn sentence_ends() {
        let rows: &[(&str, &[&str])] = &[
            ("북한이 발사했다. 군은 “유감이다.” 했다", &["북한이 발사했다.", "군은 “유감이다.”", "했다"]),
            ("The U.S. said no. Mr. Kim left!", &["The U.S. said no.", "Mr. Kim left!"]),
            ("쏘았다.그는 말했다. U.S.군이 3.2조를", &["쏘았다.", "그는 말했다.", "U.S.군이 3.2조를"]),
            ("3.2조 원이다.\n다음 줄", &["3.2조 원이다.", "다음 줄"]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = sentences(text).map(|span| span.of(text)).collect();
            assert_eq!(&found, expected);
        }
    }

    #[test]
    fn the_second_passage_says_something_else() {
        let text = "가와 나가 있다. 가와 나가 또 있다. 멀리 다가 있다.";
        let mark = |part: &str, from: usize, wanted| {
            let start = from + text[from..].find(part).unwrap();
            Mark { span: Span::new(start, start + part.len()), wanted }
        };
        let second = text.find("또").unwrap() - 14;
        let mut marks = vec![mark("가와", 0, 0), mark("나가", 0, 1), mark("가와", second, 0), mark("나가", second, 1)];
        marks.push(mark("다가", text.find("멀리").unwrap(), 2));
        let found = marked_sentences(&["", text], &Marks { sections: vec![Vec::new(), marks] }, |wanted| {
            (usize::from(wanted), 1.0)
        });
        assert_eq!(found.len(), 3);
        assert!(found[1].worth(&[0, 1]) < found[2].worth(&[0, 1]));
        assert!(found[1].worth(&[]) > found[2].worth(&[]));
    }

    proptest! {
        /// Whatever the text: passages lie in it, on whole signs, with their marks.
        #[test]
        fn passages_of_any_text(
            text in "(가나다|[a-z]{1,9}|\u{1112}\u{1161}\u{11ab}|👨\u{200d}👩\u{200d}👧|e\u{301}|다\\.|[.?!…” \n]){1,400}",
            places in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u16..4), 0..12),
        ) {
            let signs: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
            let mut marks: Vec<Mark> = places
                .iter()
                .map(|(from, len, wanted)| {
                    let from = from.index(signs.len() - 1);
                    let to = from + 1 + len.index(4).min(signs.len() - 2 - from);
                    Mark { span: Span::new(signs[from], signs[to]), wanted: *wanted }
                })
                .collect();
            marks.sort_unstable();
            let touches = |span: &Span| marks.iter().any(|mark| mark.span.start < span.end && span.start < mark.span.end);
            let all: Vec<Span> = sentences(&text).filter(touches).collect();
            prop_assert_eq!(sentences_around(&text, &marks).filter(touches).collect::<Vec<_>>(), all);
            let marks = Marks { sections: vec![Vec::new(), marks] };
            for passage in passages(&["title", &text], &marks, 2, |wanted| (usize::from(wanted), 1.0)) {
                let inside = passage.span.of(&text);
                prop_assert!(passage.text.contains(inside));
                prop_assert!(passage.text.chars().count() <= inside.chars().count() + 4);
                prop_assert!(inside.chars().count() <= PASSAGE_CHARS);
                for edge in [passage.span.start, passage.span.end] {
                    prop_assert!(signs.contains(&edge), "{} cuts a sign of {:?}", edge, text);
                }
                for mark in &passage.marks {
                    let shown = mark.span.of(&passage.text);
                    prop_assert!(marks.sections[1].iter().any(|it| it.wanted == mark.wanted && it.span.of(&text) == shown));
                }
            }
        }
    }
}
