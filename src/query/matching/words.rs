//! The articles of words: whole, as printed, or by any of their terms.

use tantivy::schema::Field;

use super::{Hold, Lists};
use crate::analyze::script::{Script, is_syllable, script_of};
use crate::analyze::words::USER;
use crate::analyze::{Evidence, Span, Token};
use crate::article::Lang;
use crate::query::forms::LikeForm;
use crate::query::words::{FormLangs, places_of};
use crate::rank::evidence::QueryWord;
use crate::store::bits::{Bits, all_of};

impl Lists<'_> {
    /// Articles that hold every word of a clause (nearly always one word); `forms` tells in which
    /// languages they may do so by a form.
    pub fn words(&self, words: &[QueryWord], hold: Hold, forms: FormLangs) -> tantivy::Result<Bits> {
        let of = |word| {
            if hold == Hold::Any { self.any(word, forms) } else { self.word(word, forms, hold == Hold::Printed) }
        };
        let sets: Vec<Bits> = words.iter().map(of).collect::<tantivy::Result<_>>()?;
        Ok(all_of(sets).unwrap_or_else(|| self.none()))
    }

    /// Articles with any term of the word.
    fn any(&self, word: &QueryWord, forms: FormLangs) -> tantivy::Result<Bits> {
        let fields = &self.reader.fields;
        let mut out = self.none();
        for token in &word.tokens {
            match token.evidence {
                Evidence::Word => {
                    self.add(fields.ko.text, &token.term, &mut out)?;
                    self.add(fields.en.text, &token.term, &mut out)?;
                }
                Evidence::Exact => {
                    let langs = forms.of(word, token);
                    langs.iter().try_for_each(|&lang| self.add(fields.of(lang).exact, &token.term, &mut out))?;
                }
                Evidence::Bigram => self.pair(&token.term, &mut out)?,
            }
        }
        Ok(out)
    }

    fn word(&self, word: &QueryWord, forms: FormLangs, exact: bool) -> tantivy::Result<Bits> {
        let fields = &self.reader.fields;
        let mut out = self.none();
        for lang in [Lang::Ko, Lang::En] {
            let of_lang = fields.of(lang);
            // the printed form of the whole word, not of one of several parts
            let form = whole_form(word).filter(|form| forms.of(word, form).contains(&lang));
            if let Some(form) = form {
                self.add(of_lang.exact, &form.term, &mut out)?;
            }
            if !exact {
                self.places(of_lang.text, word, &mut out)?;
            }
        }
        if !exact && pairs_say_it(word) {
            let pairs: Vec<&str> = word.terms(Evidence::Bigram).map(|token| token.term.as_str()).collect();
            out.or(&self.with_pairs(&pairs)?);
        }
        Ok(out)
    }

    /// The articles that hold all pairs of syllables, of which there may be none.
    fn with_pairs(&self, pairs: &[&str]) -> tantivy::Result<Bits> {
        let sets: Vec<Bits> = pairs
            .iter()
            .map(|pair| {
                let mut with = self.none();
                self.pair(pair, &mut with)?;
                Ok(with)
            })
            .collect::<tantivy::Result<_>>()?;
        Ok(all_of(sets).unwrap_or_else(|| self.none()))
    }

    /// Adds the articles that hold a pair of syllables, as a word or not.
    pub fn pair(&self, pair: &str, out: &mut Bits) -> tantivy::Result<()> {
        self.reader.fields.of_pairs().into_iter().try_for_each(|field| self.add(field, pair, out))
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

    /// Articles that print one of the forms.
    pub fn forms(&self, forms: &[LikeForm]) -> tantivy::Result<Bits> {
        let mut any = self.none();
        for form in forms {
            self.add(self.reader.fields.of(form.lang).exact, &form.text, &mut any)?;
        }
        Ok(any)
    }

    /// Of the articles that print a word those that print it with these capitals: what the posting lists cannot tell.
    pub fn in_this_form(&self, text: &str, mut bits: Bits) -> tantivy::Result<Bits> {
        if text.chars().all(|ch| !ch.is_lowercase() && !ch.is_uppercase()) {
            return Ok(bits);
        }
        bits.retain(|doc| self.record(doc, |record| record.sections().any(|section| prints(section, text))))?;
        Ok(bits)
    }

    /// Adds the articles that hold one term for every place of the word: at one place stand a sign and its reading, or a
    /// number and its value. What spans the whole word (the joined form of `e-mail`) is enough by itself.
    fn places(&self, field: Field, word: &QueryWord, out: &mut Bits) -> tantivy::Result<()> {
        let tokens = || word.terms(Evidence::Word);
        let ends = (tokens().map(|token| token.span.start).min(), tokens().map(|token| token.span.end).max());
        let (Some(start), Some(end)) = ends else { return Ok(()) };
        let whole = Span::new(start, end);
        tokens().filter(|token| token.span == whole).try_for_each(|token| self.add(field, &token.term, out))?;
        if let Some(all) = self.all_places(field, &places_of(word))? {
            out.or(&all);
        }
        Ok(())
    }
}

/// True where an article that holds any term of a word holds the whole word.
pub(super) fn has_no_parts(word: &QueryWord) -> bool {
    let at_most_one = |evidence| word.terms(evidence).nth(1).is_none();
    let pair_is_all = word.terms(Evidence::Bigram).next().is_none() || pairs_say_it(word);
    places_of(word).len() < 2 && at_most_one(Evidence::Exact) && at_most_one(Evidence::Bigram) && pair_is_all
}

/// The one printed form of a word; that of a word of the user's inside of it is none.
fn whole_form(word: &QueryWord) -> Option<&Token> {
    let mut forms: Vec<&Token> = word.terms(Evidence::Exact).collect();
    if forms.len() > 1 {
        forms.retain(|form| form.tag != USER);
    }
    if let [form] = forms[..] { Some(form) } else { None }
}

/// True where pairs of syllables leave out no letter of a word of the user's: C타입 is more than 타입.
fn pairs_say_it(word: &QueryWord) -> bool {
    word.terms(Evidence::Word).all(|token| token.tag != USER || token.term.chars().all(is_syllable))
}

/// True where `text` prints `word` by itself; a particle in Hangul may follow.
fn prints(text: &str, word: &str) -> bool {
    let part_of = |ch: char| ch.is_alphanumeric() && script_of(ch) != Script::Hangul;
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(part_of)
    })
}
