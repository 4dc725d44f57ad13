//! What articles gloss: `국제원자력기구(IAEA)`, `North Korea(북한)`, `블라디미르 푸틴(Vladimir Putin)`, `김구(金九)`.
//!
//! Each gloss becomes one term of the index: the Latin side, then the Korean side as far to the left as it may reach. How far
//! it does reach is decided when all glosses of an archive are known (see [`super::derive`]); counts, dates and examples are
//! those of the term's articles, and go when these go. An article gives at most [`MOST`] glosses.

use super::hanja::glossed_hanja;
use crate::analyze::script::{Script, script_of};
use crate::analyze::{Evidence, Worker};

/// The most glosses of an article.
pub const MOST: usize = 64;
/// The longest content of a bracket, in bytes.
const LONGEST: usize = 160;
/// How many eojeols a Korean form may have.
const EOJEOLS: usize = 6;
/// The most words of a Latin form, and letters of one.
const WORDS: usize = 8;
const LETTERS: usize = 80;
/// Words that names end with and that are written with a full stop.
const SHORTENED: [&str; 12] = ["Assn", "Bros", "Co", "Corp", "Cos", "Dept", "Inc", "Intl", "Jr", "Ltd", "Sr", "Univ"];

/// How the two sides stand to one another, as the first letter of the Korean side of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Korean before the bracket: it reaches as far to the left as its eojeols, or less.
    Before,
    /// Korean in quotes before the bracket: exactly that.
    Quoted,
    /// Korean inside the bracket: exactly that.
    Inside,
    /// No Korean but the words that a Latin acronym stands for.
    Initials,
    /// As many syllables as there are hanja, and they read so.
    Read,
    /// Korean beside hanja that read otherwise: `베이징(北京)`.
    Hanja,
}

impl Side {
    const ALL: [(Side, char); 6] = [
        (Side::Before, 'b'),
        (Side::Quoted, 'q'),
        (Side::Inside, 'i'),
        (Side::Initials, 'e'),
        (Side::Read, 'r'),
        (Side::Hanja, 'h'),
    ];

    fn letter(self) -> char {
        Side::ALL.iter().find(|(side, _)| *side == self).map_or('b', |(_, letter)| *letter)
    }
}

/// The two sides of a gloss; hanja stand where Latin letters do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gloss<'t> {
    pub latin: &'t str,
    pub side: Side,
    /// Eojeols between single spaces; for initials the Latin words.
    pub other: &'t str,
}

impl<'t> Gloss<'t> {
    /// Reads a term of the gloss field.
    pub fn of_term(term: &'t str) -> Option<Gloss<'t>> {
        let (latin, rest) = term.split_once('\t')?;
        let letter = rest.chars().next()?;
        let side = Side::ALL.iter().find(|(_, it)| *it == letter)?.0;
        Some(Gloss { latin, side, other: &rest[letter.len_utf8()..] })
    }
}

/// Adds the glosses of `text` to `terms`, as the terms they are kept as.
pub fn mine(text: &str, worker: &mut Worker, terms: &mut Vec<String>) {
    let mut at = 0;
    while let Some(open) = text[at..].find(['(', '（']) {
        let open = at + open;
        let inner = open + text[open..].chars().next().map_or(1, char::len_utf8);
        at = inner;
        let limit = floor(text, inner + LONGEST);
        let Some(len) = text[inner..limit].find(['(', ')', '（', '）', '\n']) else { continue };
        let close = inner + len;
        if text[close..].starts_with([')', '）']) && terms.len() < MOST {
            bracket(&text[floor(text, open.saturating_sub(240))..open], &text[inner..close], worker, terms);
        }
    }
}

/// The last boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn bracket(before: &str, inside: &str, worker: &mut Worker, terms: &mut Vec<String>) {
    let before = before.strip_suffix(' ').unwrap_or(before);
    let items: Vec<&str> = inside.split(['·', ',', '/', ';', '・', 'ㆍ', '‧', '=']).map(unquoted).collect();
    let Some(&first) = items.first() else { return };
    let mut add = |latin: &str, side: Side, other: &str| {
        let term = format!("{}\t{}{other}", spaced(latin), side.letter());
        if terms.len() < MOST && !terms.contains(&term) {
            terms.push(term);
        }
    };
    let Some(last) = before.chars().next_back() else { return };
    if let Some((hanja, side, korean)) = glossed_hanja(before, first, worker) {
        add(hanja, side, korean);
    } else if is_latin(first) {
        let latin = items.iter().take(3).filter(|item| is_latin(item));
        if let Some(quote) = quoted(before).filter(|quote| is_korean(quote)) {
            latin.for_each(|latin| add(latin, Side::Quoted, &spaced(quote)));
        } else if script_of(last) == Script::Hangul || (last.is_ascii_digit() && is_korean(last_eojeol(before))) {
            if let Some(korean) = korean_before(before, worker) {
                latin.for_each(|latin| add(latin, Side::Before, &korean));
            }
        } else if let Some(words) = words_of_initials(before, first) {
            add(first, Side::Initials, &words);
        }
    } else if is_korean(first) && first.chars().count() <= 20 && !first.contains(['다', '며']) && !inside.contains('=')
    {
        if let Some(latin) = latin_before(before) {
            add(&latin, Side::Inside, &spaced(first));
        }
        for latin in items.iter().skip(1).take(2).filter(|item| is_latin(item)) {
            add(latin, Side::Inside, &spaced(first));
        }
    }
}

fn unquoted(item: &str) -> &str {
    item.trim_matches(|ch: char| {
        ch.is_whitespace() || matches!(ch, '‘' | '’' | '“' | '”' | '\'' | '"' | '「' | '」' | ':' | '〈' | '〉')
    })
}

/// Single spaces only; tabs never.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn last_eojeol(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or("")
}

/// A name or word in Latin letters.
fn is_latin(item: &str) -> bool {
    let letters = item.chars().filter(|&ch| script_of(ch) == Script::Latin).count();
    (2..=LETTERS).contains(&letters)
        && item.chars().all(|ch| {
            matches!(script_of(ch), Script::Latin | Script::Digit)
                || matches!(ch, ' ' | '-' | '.' | '\'' | '’' | '&' | '+')
        })
        && item.starts_with(|ch: char| script_of(ch) == Script::Latin || ch.is_ascii_digit())
        && item.split_whitespace().count() <= WORDS
}

/// Two syllables or more, and nothing but Hangul, digits, Latin letters and signs of names.
fn is_korean(item: &str) -> bool {
    item.chars().filter(|&ch| matches!(ch, '가'..='힣')).count() >= 2
        && item.chars().all(|ch| {
            matches!(script_of(ch), Script::Hangul | Script::Latin | Script::Digit)
                || matches!(ch, ' ' | '-' | '·' | 'ㆍ' | '&')
        })
        && item.split_whitespace().count() <= EOJEOLS
}

/// What stands in quotes at the very end of `before`.
fn quoted(before: &str) -> Option<&str> {
    let close = before.chars().next_back()?;
    let open: &[char] = match close {
        '’' => &['‘'],
        '”' => &['“'],
        '\'' => &['\''],
        '"' => &['"'],
        '」' => &['「'],
        '》' => &['《'],
        '〉' => &['〈'],
        '>' => &['<'],
        _ => return None,
    };
    let text = &before[..before.len() - close.len_utf8()];
    let from = text.rfind(open)?;
    let quote = &text[from..];
    Some(quote[quote.chars().next().map_or(0, char::len_utf8)..].trim())
}

/// The eojeols before a bracket that can belong to one name: until one with a particle or a verb, or a sign that ends.
fn korean_before(before: &str, worker: &mut Worker) -> Option<String> {
    let ends = |ch: char| {
        !(matches!(script_of(ch), Script::Hangul | Script::Latin | Script::Digit)
            || matches!(ch, ' ' | '-' | '·' | 'ㆍ' | '&'))
    };
    let from = before.char_indices().rev().find(|&(_, ch)| ends(ch)).map_or(0, |(at, ch)| at + ch.len_utf8());
    let mut eojeols: Vec<&str> = Vec::new();
    for eojeol in before[from..].split_whitespace().rev().take(EOJEOLS) {
        let eojeol = eojeol.trim_matches(['-', '·', 'ㆍ', '&']);
        if eojeol.is_empty() || (!eojeols.is_empty() && !is_nominal(eojeol, worker)) {
            break;
        }
        eojeols.push(eojeol);
    }
    eojeols.reverse();
    let korean = eojeols.join(" ");
    is_korean(&korean).then_some(korean)
}

/// True for an eojeol that is a noun to its last letter.
fn is_nominal(eojeol: &str, worker: &mut Worker) -> bool {
    let (offset, analysis) = worker.chunk(eojeol);
    let verbal = |tag: &str| matches!(tag, "VV" | "VA" | "VCN" | "VX");
    let mut reaches = 0;
    for piece in &analysis.pieces {
        match piece.evidence {
            Evidence::Word if verbal(piece.tag) => return false,
            Evidence::Word | Evidence::Exact => reaches = reaches.max(offset + usize::from(piece.span.1)),
            Evidence::Bigram => {}
        }
    }
    reaches == eojeol.len()
}

/// The Latin name at the end of `before`: capitalised words, with the small ones between them.
fn latin_before(before: &str) -> Option<String> {
    let joins =
        |word: &str| matches!(word, "of" | "the" | "and" | "for" | "de" | "al" | "bin" | "von" | "van" | "la" | "on");
    let mut words: Vec<&str> = Vec::new();
    // what a line begins with glosses nothing of the line before
    let before = before.rsplit('\n').next().unwrap_or(before);
    if before.strip_suffix('.').is_some_and(|before| !is_shortened(last_eojeol(before))) {
        // the sentence is over
        return None;
    }
    for word in before.split_whitespace().rev().take(WORDS) {
        let name = word.starts_with(|ch: char| ch.is_uppercase() || ch.is_ascii_digit());
        if !is_latin_word(word) || !(name || joins(word) || words.is_empty()) {
            // a Korean word that touches: `방송사CNN`
            break;
        }
        words.push(word);
    }
    while words.last().is_some_and(|word| joins(word)) {
        words.pop();
    }
    words.reverse();
    let latin = words.join(" ");
    is_latin(&latin).then_some(latin)
}

/// True for what has a full stop of its own: `U.S`, `Co`, `J`.
fn is_shortened(word: &str) -> bool {
    word.contains('.') && !word.ends_with('.') || word.chars().count() == 1 || SHORTENED.contains(&word)
}

fn is_latin_word(word: &str) -> bool {
    word.chars()
        .all(|ch| matches!(script_of(ch), Script::Latin | Script::Digit) || matches!(ch, '-' | '.' | '\'' | '’' | '&'))
}

/// The words before an acronym whose initials it is.
fn words_of_initials(before: &str, acronym: &str) -> Option<String> {
    if acronym.len() < 2 || !acronym.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let words: Vec<&str> = before.split_whitespace().rev().take(acronym.len() * 2 + 2).collect();
    let mut wanted = acronym.bytes().rev().peekable();
    let mut taken = 0;
    for word in words {
        if !is_latin_word(word) {
            return None;
        }
        taken += 1;
        if matches!(word, "of" | "the" | "and" | "for" | "in" | "on" | "to" | "&") {
            continue;
        }
        // the initials of a hyphenated word are those of its parts, or the first
        let initials: Vec<u8> = word.split('-').rev().filter_map(|part| part.bytes().next()).collect();
        for initial in initials {
            if wanted.peek() == Some(&initial.to_ascii_uppercase()) {
                wanted.next();
            } else if initial.is_ascii_uppercase() && !word.contains('-') {
                return None;
            }
        }
        if wanted.peek().is_none() {
            let mut phrase: Vec<&str> = before.split_whitespace().rev().take(taken).collect();
            phrase.reverse();
            let phrase = phrase.join(" ");
            return is_latin(&phrase).then_some(phrase);
        }
    }
    None
}
