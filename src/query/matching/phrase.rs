//! The articles of phrases: words one after the other, particles aside.

use super::Lists;
use super::places::Line;
use crate::analyze::Evidence;
use crate::article::Lang;
use crate::query::bits::Bits;
use crate::query::words::places;
use crate::rank::evidence::QueryWord;

impl Lists<'_> {
    /// Articles in which the words stand one after the other, particles aside, with at most `slop` words between them.
    pub fn phrase(&self, words: &[QueryWord], slop: u32) -> tantivy::Result<Bits> {
        let mut out = self.none();
        let places = places(words);
        for lang in [Lang::Ko, Lang::En] {
            let field = self.reader.fields.of(lang).text;
            let all = self.all_places(field, &places)?;
            let Some(mut with) = all.filter(|with| !with.is_empty()) else { continue };
            if places.len() > 1 {
                let Some(mut line) = Line::open(self.segment, field, &places, slop)? else { continue };
                let mut stretches = Vec::new();
                with.retain(|doc| {
                    stretches.clear();
                    line.stretches(doc, &mut stretches);
                    Ok::<_, tantivy::TantivyError>(!stretches.is_empty())
                })?;
            }
            out.or(&with);
        }
        if places.is_empty() {
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
