//! The query language: words, `"phrases"`, `+must`, `-not`. Nothing a person types is an error.

use std::fmt;

/// What an article must do with a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occur {
    Should,
    Must,
    MustNot,
}

/// One word or phrase of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub occur: Occur,
    pub phrase: bool,
    pub text: String,
    /// Where the text starts in the query, in bytes.
    pub at: usize,
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.occur {
            Occur::Should => "",
            Occur::Must => "+",
            Occur::MustNot => "-",
        })?;
        if self.phrase { write!(f, "\"{}\"", self.text) } else { f.write_str(&self.text) }
    }
}

/// The clauses of `query`; a quoted phrase is required, since quoting it insists on it.
pub fn parse(query: &str) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut at = 0;
    while at < query.len() {
        let rest = &query[at..];
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let rest = &query[at..];
        let Some(first) = rest.chars().next() else { break };
        let after_sign = rest.chars().nth(1);
        let (mut occur, sign) = match first {
            '+' if after_sign.is_some_and(|ch| !ch.is_whitespace()) => (Occur::Must, 1),
            '-' if after_sign.is_some_and(|ch| !ch.is_whitespace()) => (Occur::MustNot, 1),
            _ => (Occur::Should, 0),
        };
        let body = &rest[sign..];
        let quote = body.chars().next().filter(|ch| matches!(ch, '"' | '“' | '”'));
        let closing = quote.and_then(|quote| {
            let from = quote.len_utf8();
            body[from..].find(['"', '“', '”']).map(|end| (from, from + end))
        });
        if let Some((from, end)) = closing {
            if occur == Occur::Should {
                occur = Occur::Must;
            }
            let width = body[end..].chars().next().map_or(1, char::len_utf8);
            clauses.push(Clause { occur, phrase: true, text: body[from..end].to_owned(), at: at + sign + from });
            at += sign + end + width;
        } else {
            let end = body.find(char::is_whitespace).unwrap_or(body.len());
            clauses.push(Clause { occur, phrase: false, text: body[..end].to_owned(), at: at + sign });
            at += sign + end;
        }
    }
    clauses
}

/// Every word of `text`, none of them required: a pasted headline, a test query.
pub fn plain(text: &str) -> Vec<Clause> {
    let words = text.split_whitespace();
    words
        .map(|word| Clause {
            occur: Occur::Should,
            phrase: false,
            text: word.to_owned(),
            // a part of `text`: both addresses lie in one string
            at: word.as_ptr() as usize - text.as_ptr() as usize,
        })
        .collect()
}

/// The query as it was understood.
pub fn printed(clauses: &[Clause]) -> String {
    clauses.iter().map(Clause::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_print_as_understood() {
        let rows = [
            ("CTBT withdrawal", "CTBT withdrawal"),
            ("\"푸틴의 재선\" -일본", "+\"푸틴의 재선\" -일본"),
            ("+북한 “핵실험”", "+북한 +\"핵실험\""),
            ("unbalanced \"quote here", "unbalanced \"quote here"),
            ("- + -", "- + -"),
            ("", ""),
        ];
        for (query, understood) in rows {
            assert_eq!(printed(&parse(query)), understood, "{query}");
        }
    }
}
