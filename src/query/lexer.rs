//! A query into signs, words and phrases. Nothing is an error: what does not fit is read as text, with a remark.
//!
//! Signs mean something where they stand as signs: a bracket opens before a word and closes behind one, a minus or a plus
//! stands directly before, a field has its name before the colon. Everywhere else (`10:30`, `삼성(Samsung)`, `a-b`, `왜?`)
//! they are part of the text. A backslash makes text of the sign behind it.

use super::ast::{Filter, Form, Leaf, Part};
use super::dates::{DateError, Today, days};
use super::fields::{Field, field, near};
use super::request::DateRange;
use crate::analyze::Span;
use crate::analyze::script::is_word;
use crate::article::Lang;

/// The most that a boost multiplies.
pub const MOST_BOOST: f32 = 100.0;
/// The words apart that a NEAR without a number allows.
const NEAR: u32 = 10;
/// The most words that a NEAR or a phrase may reach over, and occurrences that may be asked for.
const MOST_NEAR: u32 = 1000;
/// Characters that are looked at to tell a sign from text.
const MOST_AHEAD: usize = 300;
/// White spaces that a date without quotes may have in it: `last 7 days`, `2023년 10월 5일`.
const DATE_WORDS: usize = 3;

/// A sign or a leaf.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Open,
    /// With the boost behind it.
    Close(f32),
    And,
    Or,
    Not,
    Plus,
    Minus,
    Near(u32),
    /// What follows must stand in this part.
    In(Part),
    /// What follows are values of a filter.
    Values(Values),
    /// An opening bracket: so many of what is in it.
    AtLeast(u32),
    /// An opening bracket: all of it in one paragraph.
    SameParagraph,
    Leaf(Leaf),
    Filter(Filter),
}

/// The filters that take text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Source,
    Section,
    Byline,
    Url,
}

impl Values {
    pub fn filter(self, text: String) -> Filter {
        match self {
            Values::Source => Filter::Source(text),
            Values::Section => Filter::Section(text),
            Values::Byline => Filter::Byline(text),
            Values::Url => Filter::Url(text),
        }
    }
}

/// The tokens with their places, and what is to be said about the query.
#[derive(Debug, Clone, Default)]
pub struct Lexed {
    pub tokens: Vec<(Token, Span)>,
    pub remarks: Vec<String>,
}

/// Cuts `query`; days such as `어제` are counted from `today`.
pub fn lex(query: &str, today: Today) -> Lexed {
    let mut lexer = Lexer { query, today, at: 0, out: Lexed::default() };
    while lexer.skip_spaces() {
        lexer.clause();
    }
    lexer.out
}

struct Lexer<'q> {
    query: &'q str,
    today: Today,
    at: usize,
    out: Lexed,
}

fn is_quote(ch: char) -> bool {
    matches!(ch, '"' | '“' | '”')
}

impl<'q> Lexer<'q> {
    fn rest(&self) -> &'q str {
        &self.query[self.at..]
    }

    /// What stands before the next white space, as far as signs are looked for: so the time taken grows with the query's
    /// length and no faster.
    fn ahead(&self) -> &'q str {
        let rest = self.rest();
        let end = rest.char_indices().take(MOST_AHEAD).find(|(_, ch)| ch.is_whitespace()).map(|(at, _)| at);
        let cut = || rest.char_indices().nth(MOST_AHEAD).map_or(rest.len(), |(at, _)| at);
        &rest[..end.unwrap_or_else(cut)]
    }

    fn skip_spaces(&mut self) -> bool {
        self.at = self.query.len() - self.rest().trim_start().len();
        self.at < self.query.len()
    }

    fn push(&mut self, token: Token, from: usize) {
        self.out.tokens.push((token, Span::new(from, self.at)));
    }

    fn remark(&mut self, what: &str, reason: impl std::fmt::Display) {
        const SHOWN: usize = 40;
        let cut = what.char_indices().nth(SHOWN).map_or(what.to_owned(), |(at, _)| format!("{}…", &what[..at]));
        self.out.remarks.push(format!("{cut}: {reason}"));
    }

    /// Everything up to the next white space that stands by itself, or the start of it.
    fn clause(&mut self) {
        let start = self.at;
        let chunk = self.ahead();
        let sign = match chunk.chars().next() {
            Some('+') => Some(Token::Plus),
            Some('-') => Some(Token::Minus),
            _ => None,
        };
        let Some(sign) = sign.filter(|_| chunk.len() > 1) else {
            self.unit(chunk, true);
            return;
        };
        self.at += 1;
        self.push(sign, start);
        let signs = self.out.tokens.len();
        self.unit(&chunk[1..], true);
        // a sign before what is no word is no sign
        if self.out.tokens.len() == signs || matches!(self.out.tokens[signs].0, Token::Close(_)) {
            self.out.tokens.remove(signs - 1);
        }
    }

    /// A word, a phrase or a bracket, or, where it stands `free`, a field with its value; `chunk` reaches to the next white
    /// space.
    fn unit(&mut self, chunk: &str, free: bool) {
        let start = self.at;
        let Some(first) = chunk.chars().next() else { return };
        if first == '(' && !closes_inside(chunk) {
            self.at += 1;
            return self.push(Token::Open, start);
        }
        if let Some(boost) = closing(chunk) {
            self.at += boost.1;
            return self.push(Token::Close(boost.0), start);
        }
        if is_quote(first) {
            return self.phrase(first);
        }
        if free && (self.keyword(chunk) || self.field(chunk)) {
            return;
        }
        self.word();
    }

    /// `"..."`, with `~3` and `^2` behind it; a quotation mark without its partner is left out.
    fn phrase(&mut self, quote: char) {
        let start = self.at;
        let from = start + quote.len_utf8();
        let Some(end) = self.query[from..].find(is_quote).map(|end| from + end) else {
            self.at = from;
            let line = &self.query[start..];
            return self.remark(line, "the quotation mark is not closed; read as text");
        };
        let text = &self.query[from..end];
        self.at = end + self.query[end..].chars().next().map_or(0, char::len_utf8);
        let slop = counted(self.rest(), '~').map(|(slop, len)| {
            self.at += len;
            slop.min(MOST_NEAR)
        });
        let boost = boost(self.rest()).map_or(1.0, |(boost, len)| {
            self.at += len;
            boost
        });
        if text.contains(is_word) {
            let form = Form::Phrase { slop: slop.unwrap_or(0) };
            self.push(Token::Leaf(Leaf::new(text.to_owned(), form, boost)), start);
        }
    }

    /// `AND`, `OR`, `NOT`, `NEAR/5`, `ATLEAST3(`, `SAMEPARA(`
    fn keyword(&mut self, chunk: &str) -> bool {
        let start = self.at;
        let alone = |word: &str| chunk.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('('));
        let opening = |word: &str| {
            let rest = chunk.strip_prefix(word)?;
            let digits = rest.find(|ch: char| !ch.is_ascii_digit())?;
            rest[digits..].starts_with('(').then_some((&rest[..digits], word.len() + digits + 1))
        };
        let near = chunk.strip_prefix("NEAR").and_then(|rest| match rest {
            "" => Some((NEAR, 4)),
            _ => counted(rest, '/').filter(|&(_, len)| rest.len() == len).map(|(count, len)| (count, 4 + len)),
        });
        let (token, len) = if alone("AND") {
            (Token::And, 3)
        } else if alone("OR") {
            (Token::Or, 2)
        } else if alone("NOT") {
            (Token::Not, 3)
        } else if let Some((within, len)) = near {
            (Token::Near(within.clamp(1, MOST_NEAR)), len)
        } else if let Some((times, len)) = opening("ATLEAST").filter(|(times, _)| !times.is_empty()) {
            (Token::AtLeast(times.parse().unwrap_or(MOST_NEAR).clamp(1, MOST_NEAR)), len)
        } else if let Some((_, len)) = opening("SAMEPARA").filter(|(digits, _)| digits.is_empty()) {
            (Token::SameParagraph, len)
        } else {
            return false;
        };
        self.at += len;
        self.push(token, start);
        true
    }

    /// `title:`, `date:` and the others, where a value follows; an unknown name is text.
    fn field(&mut self, chunk: &str) -> bool {
        let Some((name, value)) = chunk.split_once(':') else { return false };
        let named = !name.is_empty() && name.chars().all(char::is_alphabetic);
        if !named || value.is_empty() || value.starts_with(['/', ':']) {
            return false;
        }
        let Some(field) = field(name) else {
            if let Some(known) = near(name) {
                self.remark(chunk, format_args!("there is no field {name}: ({known}: was meant?); read as text"));
            }
            return false;
        };
        let start = self.at;
        self.at += name.len() + 1;
        let value_at = self.at;
        match field {
            Field::Text(part) => self.valued(Token::In(part), start, value),
            Field::Source => self.valued(Token::Values(Values::Source), start, value),
            Field::Section => self.valued(Token::Values(Values::Section), start, value),
            Field::Byline => self.valued(Token::Values(Values::Byline), start, value),
            Field::Url => self.valued(Token::Values(Values::Url), start, value),
            Field::Lang => match self.value() {
                Some((text, end)) => {
                    self.at = end;
                    match Lang::from_tag(text) {
                        Some(lang) => self.push(Token::Filter(Filter::Lang(lang)), start),
                        None => self.remark(chunk, "the languages are ko and en; left out"),
                    }
                }
                None => self.at = value_at,
            },
            Field::Date | Field::Since | Field::Until => self.date(field, start),
        }
        true
    }

    /// A field token and its value, or neither.
    fn valued(&mut self, token: Token, start: usize, value: &str) {
        self.push(token, start);
        let fields = self.out.tokens.len();
        self.unit(value, false);
        if self.out.tokens.get(fields).is_none_or(|(token, _)| matches!(token, Token::Close(_))) {
            self.out.tokens.remove(fields - 1);
        }
    }

    /// The text of a value, quoted or up to the next white space or closing bracket, and where it ends.
    fn value(&self) -> Option<(&'q str, usize)> {
        let rest = self.rest();
        let quote = rest.chars().next().filter(|&ch| is_quote(ch));
        if let Some(from) = quote.map(char::len_utf8) {
            let end = from + rest[from..].find(is_quote)?;
            let close = rest[end..].chars().next().map_or(0, char::len_utf8);
            return Some((&rest[from..end], self.at + end + close));
        }
        let end = rest.char_indices().find(|&(at, ch)| ch.is_whitespace() || closing(&rest[at..]).is_some());
        let end = end.map_or(rest.len(), |(at, _)| at);
        Some((&rest[..end], self.at + end))
    }

    /// The longest run of words that names days.
    fn date(&mut self, field: Field, start: usize) {
        let from = self.at;
        let Some((first, end)) = self.value() else {
            return self.remark(&self.query[start..], "the quotation mark is not closed; read as text");
        };
        let mut read = (days(first, self.today), end);
        if !self.rest().starts_with(is_quote) {
            let mut end = end;
            for _ in 0..DATE_WORDS {
                self.at = end;
                if !self.skip_spaces() {
                    break;
                }
                let Some((_, next)) = self.value().filter(|&(_, next)| next > self.at) else { break };
                end = next;
                match days(&self.query[from..end], self.today) {
                    Err(DateError::Form) => {}
                    better => read = (better, end),
                }
            }
        }
        self.at = read.1;
        let typed = &self.query[start..read.1];
        match read.0 {
            Ok(range) => {
                let range = match field {
                    Field::Since => DateRange { until: None, ..range },
                    Field::Until => DateRange { since: None, ..range },
                    _ => range,
                };
                if range == DateRange::default() {
                    return self.remark(typed, "that end of the range is open; left out");
                }
                self.push(Token::Filter(Filter::Published(range)), start);
            }
            Err(error) => self.remark(typed, format_args!("{error}; left out")),
        }
    }

    /// A word up to the next white space or closing bracket, with what its ends say about it.
    fn word(&mut self) {
        let start = self.at;
        let (text, marks, len) = unescaped(self.rest());
        self.at += len;
        // signs that were typed as signs, not behind a backslash
        let sign = |at: usize| marks.get(at).copied().unwrap_or(false);
        let mut body = &text[..];
        let mut boosted = 1.0;
        if let Some(at) = body.rfind('^').filter(|&at| at > 0 && sign(at))
            && let Some((by, len)) = boost(&body[at..])
            && at + len == body.len()
        {
            boosted = by;
            body = &body[..at];
        }
        let mut form = Form::Word;
        if let Some(at) = body.rfind('~').filter(|&at| at > 0 && sign(at))
            && let Some((edits, len)) = counted(&body[at..], '~')
            && at + len == body.len()
            && body[..at].chars().all(is_word)
            && body[..at].chars().filter(|ch| ch.is_alphabetic()).count() > 1
        {
            if edits > 2 {
                self.remark(body, "at most two letters can differ; read as ~2");
            }
            form = if edits == 0 { Form::Word } else { Form::Like { edits: edits.min(2) as u8 } };
            body = &body[..at];
        } else if is_pattern(body, &sign) {
            form = Form::Pattern;
        } else if let Some(exact) = body.strip_prefix('=').filter(|exact| sign(0) && exact.starts_with(is_word)) {
            form = Form::Exact;
            body = exact;
        }
        if body.contains(is_word) {
            self.push(Token::Leaf(Leaf::new(body.to_owned(), form, boosted)), start);
        }
    }
}

/// A word with its backslashes taken away, which of its bytes are signs as typed, and its length as typed.
fn unescaped(rest: &str) -> (String, Vec<bool>, usize) {
    let mut text = String::new();
    let mut signs = Vec::new();
    let mut depth = 0usize;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        let mut add = |ch: char, sign: bool| {
            text.push(ch);
            signs.resize(text.len(), sign);
        };
        match ch {
            _ if ch.is_whitespace() => return (text, signs, at),
            '\\' => {
                // at the start even a letter: \AND is the word
                let escapes = |next: char| !next.is_whitespace() && (at == 0 || !next.is_alphanumeric());
                match chars.next_if(|&(_, next)| escapes(next)) {
                    Some((_, next)) => add(next, false),
                    None => add(ch, false),
                }
            }
            '(' => {
                depth += 1;
                add(ch, true);
            }
            ')' if depth > 0 => {
                depth -= 1;
                add(ch, true);
            }
            ')' if at > 0 && closing(&rest[at..]).is_some() => return (text, signs, at),
            _ => add(ch, true),
        }
    }
    (text, signs, rest.len())
}

/// Letters and digits with a star anywhere or a question mark inside.
fn is_pattern(word: &str, sign: &impl Fn(usize) -> bool) -> bool {
    let mut wild = false;
    for (at, ch) in word.char_indices() {
        match ch {
            '*' if sign(at) => wild = true,
            '?' if sign(at) && at > 0 && at + 1 < word.len() => wild = true,
            _ if is_word(ch) => {}
            _ => return false,
        }
    }
    wild && word.chars().any(char::is_alphabetic)
}

/// A sign with a whole number behind it: the number, and the length of both.
fn counted(text: &str, sign: char) -> Option<(u32, usize)> {
    let digits = text.strip_prefix(sign)?;
    let len = digits.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(digits.len());
    (len > 0).then(|| (digits[..len].parse().unwrap_or(u32::MAX), 1 + len))
}

/// `^2`, `^0.5`: the boost, and the length of it.
fn boost(text: &str) -> Option<(f32, usize)> {
    let digits = text.strip_prefix('^')?;
    let len = digits.find(|ch: char| !(ch.is_ascii_digit() || ch == '.')).unwrap_or(digits.len());
    let boost: f32 = digits[..len].parse().ok()?;
    Some((boost.min(MOST_BOOST), 1 + len))
}

/// A closing bracket with nothing but a boost, a bracket or white space behind it: its boost, and its length with it.
fn closing(text: &str) -> Option<(f32, usize)> {
    let rest = text.strip_prefix(')')?;
    match boost(rest) {
        Some((boost, len)) => Some((boost, 1 + len)),
        None => (rest.is_empty() || rest.starts_with(|ch: char| ch == ')' || ch.is_whitespace())).then_some((1.0, 1)),
    }
}

/// True where the bracket that `chunk` begins with closes in the middle of it, before more text: `(주)교보`.
fn closes_inside(chunk: &str) -> bool {
    let mut depth = 0usize;
    let mut chars = chunk.char_indices();
    while let Some((at, ch)) = chars.next() {
        match ch {
            '\\' => drop(chars.next()),
            _ if is_quote(ch) => return false,
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return closing(&chunk[at..]).is_none();
                }
            }
            _ => {}
        }
    }
    false
}
