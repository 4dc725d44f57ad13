//! Latin words and plain numbers of a chunk as tokens: single words, letters with digits, words of several runs.

use super::latin::{English, fold, is_stop_word};
use super::pieces::Analysis;
use super::script::is_mark;
use super::token::{Evidence, Span};
use super::unit::unit;

/// A single Latin word: its stem with a position, its printed form beside it.
pub fn latin_word(word: &str, start: usize, english: &English, out: &mut Analysis) {
    let span = Span::new(start, start + word.len());
    let folded = fold(word);
    if is_stop_word(word, &folded) {
        out.push(Evidence::Exact, &folded, span, "SL", out.positions);
        return;
    }
    let position = match unit(&folded) {
        Some(term) => out.word(term, span, "SL"),
        None => out.word(&english.stem(&folded), span, "SL"),
    };
    out.push(Evidence::Exact, &folded, span, "SL", position);
}

/// Letters and digits in one word (`K9`, `iPhone15`, `10km`): whole, and in parts where the letters say something alone.
pub fn alphanumeric(word: &str, start: usize, english: &English, out: &mut Analysis) {
    let span = Span::new(start, start + word.len());
    let folded = fold(&word.replace(',', ""));
    let letters = folded.chars().filter(|ch| ch.is_alphabetic()).count();
    let digits = folded.chars().any(|ch| ch.is_ascii_digit());
    match (letters, digits) {
        (0, _) => {
            let position = out.word(&folded, span, "SN");
            out.push(Evidence::Exact, &folded, span, "SN", position);
        }
        (_, false) => latin_word(word, start, english, out),
        (_, true) => {
            let position = out.word(&folded, span, "SL");
            out.push(Evidence::Exact, &folded, span, "SL", position);
            if letters >= 2 {
                for part in parts_by_kind(word) {
                    let text = part.of(word);
                    let term = english.stem(&fold(&text.replace(',', "")));
                    // 70th: the ending of an ordinal says nothing
                    if matches!(term.as_str(), "st" | "nd" | "rd" | "th") {
                        continue;
                    }
                    let tag = if text.starts_with(|ch: char| ch.is_ascii_digit()) { "SN" } else { "SL" };
                    out.push(Evidence::Word, &term, part.shifted(start), tag, position);
                }
            }
        }
    }
}

/// Cuts `iPhone15` between letters and digits.
fn parts_by_kind(word: &str) -> Vec<Span> {
    let mut parts: Vec<Span> = Vec::new();
    let mut last_digit = None;
    for (at, ch) in word.char_indices() {
        let digit = ch.is_ascii_digit() || matches!(ch, '.' | ',');
        let end = at + ch.len_utf8();
        match parts.last_mut() {
            Some(part) if last_digit == Some(digit) || is_mark(ch) => part.end = end,
            _ => parts.push(Span::new(at, end)),
        }
        last_digit = Some(digit);
    }
    parts
}

/// A Latin word of several runs: possessive dropped, initials joined, hyphenated parts with the joined form beside them.
pub fn latin_group(core: &str, runs: &[Span], english: &English, out: &mut Analysis) {
    let mut parts: Vec<Span> = Vec::with_capacity(runs.len());
    let mut initials = runs.len() > 1;
    for (at, run) in runs.iter().enumerate() {
        let text = run.of(core);
        let before = if at == 0 { "" } else { &core[runs[at - 1].end..run.start] };
        initials &=
            text.chars().count() == 1 && (at == 0 || before == ".") && !text.starts_with(|c: char| c.is_ascii_digit());
        if matches!(before, "'" | "’") {
            if !text.eq_ignore_ascii_case("s") {
                // O'Brien, don't: one word
                if let Some(last) = parts.last_mut() {
                    last.end = run.end;
                }
            }
            continue;
        }
        parts.push(*run);
    }
    if initials {
        let span = Span::new(runs[0].start, runs[runs.len() - 1].end);
        let joined = fold(&runs.iter().map(|run| run.of(core)).collect::<String>());
        let position = out.word(&joined, span, "SL");
        out.push(Evidence::Exact, &joined, span, "SL", position);
        return;
    }
    let first_position = out.positions;
    for part in &parts {
        let text = part.of(core);
        if text.contains(['\'', '’']) {
            let first = out.pieces.len();
            latin_word(&text.replace(['\'', '’'], ""), part.start, english, out);
            for piece in &mut out.pieces[first..] {
                piece.span.1 = part.end as u16;
            }
        } else {
            let end = part.end;
            // C#, C++: the sign is the name
            let signs = core[end..].chars().take_while(|&ch| ch == '#' || ch == '+').count();
            if signs > 0 && end + signs == core.len() && text.len() <= 2 {
                let span = Span::new(part.start, core.len());
                let term = fold(&core[part.start..]);
                let position = out.word(&term, span, "SL");
                out.push(Evidence::Exact, &term, span, "SL", position);
            } else {
                alphanumeric(text, part.start, english, out);
            }
        }
    }
    if parts.len() > 1 && parts.len() <= 4 {
        let span = Span::new(parts[0].start, parts[parts.len() - 1].end);
        let joined = fold(&parts.iter().map(|part| part.of(core)).collect::<String>());
        if out.positions > first_position {
            out.push(Evidence::Word, &english.stem(&joined), span, "SL", first_position);
        }
    }
}
