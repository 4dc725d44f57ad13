//! The articles of phrases: words one after the other, particles aside.

use tantivy::DocId;
use tantivy::schema::Field;

use super::Lists;
use super::places::Line;
use crate::analyze::Evidence;
use crate::article::Lang;
use crate::query::words::{Place, places};
use crate::rank::evidence::QueryWord;
use crate::rank::together::Together;
use crate::store::bits::Bits;

impl Lists<'_> {
    /// Articles in which the words stand one after the other, particles aside, with at most `slop` words between them.
    pub fn phrase(&self, words: &[QueryWord], slop: u32) -> tantivy::Result<Bits> {
        let mut out = self.none();
        let places = places(words);
        for lang in [Lang::Ko, Lang::En] {
            let field = self.reader.fields.of(lang).text;
            let with = self.with_all(field, &places)?;
            if places.len() < 2 {
                with.into_iter().for_each(|doc| out.insert(doc));
                continue;
            }
            if with.is_empty() {
                continue;
            }
            let Some(mut line) = Line::open(self, field, &places, slop, with.len())? else { continue };
            let mut stretches = Vec::new();
            for doc in with {
                stretches.clear();
                line.stretches(doc, &mut stretches);
                if !stretches.is_empty() {
                    out.insert(doc);
                }
            }
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

    /// The articles with a term of every place, in order; none where there are no places.
    fn with_all(&self, field: Field, places: &[Place]) -> tantivy::Result<Vec<DocId>> {
        let single = |place: &Place| match place.as_slice() {
            [term] => Some((*term).to_owned()),
            _ => None,
        };
        match places.iter().map(single).collect::<Option<Vec<String>>>() {
            Some(terms) => Together::anywhere(field, &terms).anywhere_in(self.reader, self.ord),
            None => Ok(self.all_places(field, places)?.map_or_else(Vec::new, |with| with.iter().collect())),
        }
    }
}
