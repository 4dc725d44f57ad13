//! The one place where analysis meets tantivy.
//!
//! Articles are analysed once, by our own workers, for every field at the same time. A field's tokens travel to tantivy
//! packed into one string, which this tokenizer takes apart again: terms, positions and counts, nothing else.
//!
//! Packed token: one character for the advance of the position plus one, one for the count plus one, the term, NUL.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name under which the tokenizer is registered in every index.
pub const PACKED: &str = "packed";

/// Tokens of one field, in order of position.
#[derive(Debug, Default, Clone)]
pub struct PackedField {
    text: String,
    position: u32,
}

impl PackedField {
    /// Adds a term at `position` (not before the last one), counted `count` times.
    pub fn push(&mut self, term: &str, position: u32, count: u32) {
        debug_assert!(position >= self.position && count > 0 && !term.contains('\0'));
        let mut advance = position - self.position;
        // far more than a chunk or a gap between fields ever advances; a longer way is walked by empty tokens
        while advance > 0x7000 {
            self.text.push_str("\u{7001}\u{1}\0");
            advance -= 0x7000;
        }
        self.text.extend([char::from_u32(advance + 1), char::from_u32(count + 1)].into_iter().flatten());
        self.text.push_str(term);
        self.text.push('\0');
        self.position = position;
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The packed text; the field is empty afterwards.
    pub fn take(&mut self) -> String {
        self.position = 0;
        std::mem::take(&mut self.text)
    }
}

/// Unpacks what [`PackedField`] packed.
#[derive(Clone, Default)]
pub struct PackedTokenizer {
    token: Token,
}

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = PackedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PackedStream<'a> {
        self.token.reset();
        self.token.position = 0;
        PackedStream { rest: text, repeat: 0, token: &mut self.token }
    }
}

pub struct PackedStream<'a> {
    rest: &'a str,
    repeat: u32,
    token: &'a mut Token,
}

impl TokenStream for PackedStream<'_> {
    fn advance(&mut self) -> bool {
        if self.repeat > 0 {
            self.repeat -= 1;
            return true;
        }
        loop {
            let mut chars = self.rest.chars();
            let (Some(advance), Some(count)) = (chars.next(), chars.next()) else { return false };
            let body = chars.as_str();
            let Some(end) = memchr::memchr(0, body.as_bytes()) else { return false };
            self.token.position += advance as usize - 1;
            self.rest = &body[end + 1..];
            if count as u32 > 1 {
                self.token.text.clear();
                self.token.text.push_str(&body[..end]);
                self.repeat = count as u32 - 2;
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_round_trip() {
        let mut field = PackedField::default();
        for (term, position, count) in [("북한", 0, 3), ("핵", 1, 1), ("실험", 1, 1), ("ctbt", 70_000, 2)] {
            field.push(term, position, count);
        }
        let text = field.take();
        let mut tokenizer = PackedTokenizer::default();
        let mut stream = tokenizer.token_stream(&text);
        let mut seen = Vec::new();
        while stream.advance() {
            seen.push((stream.token().text.clone(), stream.token().position));
        }
        let expected =
            [("북한", 0), ("북한", 0), ("북한", 0), ("핵", 1), ("실험", 1), ("ctbt", 70_000), ("ctbt", 70_000)];
        assert_eq!(seen, expected.map(|(term, position)| (term.to_owned(), position)));
    }
}
