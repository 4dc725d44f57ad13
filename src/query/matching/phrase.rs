//! The articles of phrases: words one after the other, particles aside.

use tantivy::query::{EnableScoring, PhraseQuery, Query};
use tantivy::{DocSet, TERMINATED, Term};

use super::Search;
use crate::analyze::Evidence;
use crate::article::Lang;
use crate::query::bits::Bits;
use crate::rank::evidence::QueryWord;

impl Search<'_> {
    /// Articles in which the words stand one after the other, particles aside.
    pub fn phrase(&self, words: &[QueryWord]) -> tantivy::Result<Bits> {
        let mut out = self.none();
        let mut terms: Vec<(usize, &str)> = Vec::new();
        let mut position = 0;
        for word in words {
            let mut last = None;
            for token in word.terms(Evidence::Word) {
                if last != Some(token.position) {
                    terms.push((position, &token.term));
                    position += 1;
                    last = Some(token.position);
                }
            }
        }
        for lang in [Lang::Ko, Lang::En] {
            let field = self.reader.fields.of(lang).text;
            match &terms[..] {
                [] => {}
                [(_, term)] => self.add(field, term, &mut out)?,
                _ => {
                    let terms = terms.iter().map(|&(at, term)| (at, Term::from_field_text(field, term))).collect();
                    let query = PhraseQuery::new_with_offset(terms);
                    let weight = query.weight(EnableScoring::disabled_from_searcher(&self.reader.searcher))?;
                    let mut scorer = weight.scorer(self.segment, 1.0)?;
                    while scorer.doc() != TERMINATED {
                        out.insert(scorer.doc());
                        scorer.advance();
                    }
                }
            }
        }
        if terms.is_empty() {
            // function words only: as printed, all of them
            let printed: Vec<&str> =
                words.iter().flat_map(|word| word.terms(Evidence::Exact)).map(|token| token.term.as_str()).collect();
            for lang in [Lang::Ko, Lang::En] {
                self.add_all(self.reader.fields.of(lang).exact, &printed, &mut out)?;
            }
        }
        Ok(out)
    }
}
