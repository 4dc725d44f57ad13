//! The articles of words: whole, as printed, or by any of their terms.

use tantivy::schema::Field;

use super::{Hold, Search};
use crate::analyze::{Evidence, Span, Token};
use crate::article::Lang;
use crate::query::bits::{Bits, all_of};
use crate::rank::evidence::QueryWord;

impl Search<'_> {
    /// Articles that hold every word of a clause (nearly always one word).
    pub fn words(&self, words: &[QueryWord], hold: Hold) -> tantivy::Result<Bits> {
        let of = |word| if hold == Hold::Any { self.any(word) } else { self.word(word, hold == Hold::Printed) };
        let sets: Vec<Bits> = words.iter().map(of).collect::<tantivy::Result<_>>()?;
        Ok(all_of(sets).unwrap_or_else(|| self.none()))
    }

    /// Articles with any term of the word.
    fn any(&self, word: &QueryWord) -> tantivy::Result<Bits> {
        let fields = &self.reader.fields;
        let mut out = self.none();
        for token in &word.tokens {
            match token.evidence {
                Evidence::Word => {
                    self.add(fields.ko.text, &token.term, &mut out)?;
                    self.add(fields.en.text, &token.term, &mut out)?;
                }
                Evidence::Exact => {
                    self.add(fields.ko.exact, &token.term, &mut out)?;
                    self.add(fields.en.exact, &token.term, &mut out)?;
                }
                Evidence::Bigram => self.add(fields.bigram, &token.term, &mut out)?,
            }
        }
        Ok(out)
    }

    fn word(&self, word: &QueryWord, exact: bool) -> tantivy::Result<Bits> {
        let fields = &self.reader.fields;
        let mut out = self.none();
        for lang in [Lang::Ko, Lang::En] {
            let of_lang = fields.of(lang);
            for token in word.terms(Evidence::Exact) {
                // the printed form of the whole word, not of one of several parts
                if word.terms(Evidence::Exact).count() == 1 {
                    self.add(of_lang.exact, &token.term, &mut out)?;
                }
            }
            if !exact {
                self.places(of_lang.text, word, &mut out)?;
            }
        }
        if !exact {
            let pairs: Vec<&str> = word.terms(Evidence::Bigram).map(|token| token.term.as_str()).collect();
            self.add_all(fields.bigram, &pairs, &mut out)?;
        }
        Ok(out)
    }

    /// The articles whose title holds every word.
    pub fn in_title(&self, words: &[QueryWord]) -> tantivy::Result<Bits> {
        let mut sets = Vec::with_capacity(words.len());
        for word in words {
            let mut with = self.none();
            for lang in [Lang::Ko, Lang::En] {
                self.places(self.reader.fields.of(lang).title, word, &mut with)?;
            }
            sets.push(with);
        }
        Ok(all_of(sets).unwrap_or_else(|| self.none()))
    }

    /// Adds the articles that hold one term for every place of the word: at one place stand a sign and its reading, or a
    /// number and its value. What spans the whole word (the joined form of `e-mail`) is enough by itself.
    fn places(&self, field: Field, word: &QueryWord, out: &mut Bits) -> tantivy::Result<()> {
        let tokens: Vec<&Token> = word.terms(Evidence::Word).collect();
        let (Some(start), Some(end)) =
            (tokens.iter().map(|token| token.span.start).min(), tokens.iter().map(|token| token.span.end).max())
        else {
            return Ok(());
        };
        let mut all: Option<Bits> = None;
        for place in tokens.chunk_by(|a, b| a.position == b.position) {
            let mut any = self.none();
            for token in place {
                self.add(field, &token.term, &mut any)?;
                if token.span == Span::new(start, end) {
                    self.add(field, &token.term, out)?;
                }
            }
            match &mut all {
                Some(all) => all.and(&any),
                None => all = Some(any),
            }
        }
        if let Some(all) = all {
            out.or(&all);
        }
        Ok(())
    }
}
