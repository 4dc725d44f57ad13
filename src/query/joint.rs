//! Which words are looked up together at the commit: the forms of several words that the core table has.
//!
//! Any query may ask for them, in either language, and all archives of news say many of them often. What only this archive
//! pairs is seldom so frequent that looking it up takes long.

use std::collections::BTreeSet;

use tantivy::schema::Field;
use tantivy::{TantivyError, Term};

use super::rewrite::words_in;
use crate::analyze::Worker;
use crate::article::Lang;
use crate::glossary::Glossary;
use crate::rank::together::Together;
use crate::store::joint::{Builder, Key, Lists};
use crate::store::reader::Reader;

/// Where one of the words is in fewer articles of a segment, a query looks them up itself.
const FREQUENT: u32 = 1_000;

/// The joint lists of an index, as bytes; `earlier` are those of the commit before.
pub fn build(reader: &Reader, earlier: Option<&Lists>, worker: &mut Worker) -> tantivy::Result<Vec<u8>> {
    let mut lists = Builder::default();
    let mut asked = None;
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        if segment.max_doc() < FREQUENT || lists.begin(segment.segment_id(), earlier) {
            continue;
        }
        for (field, terms) in asked.get_or_insert_with(|| forms(reader, worker)).iter() {
            let inverted = segment.inverted_index(*field)?;
            let frequent = |term: &String| -> tantivy::Result<bool> {
                Ok(inverted.doc_freq(&Term::from_field_text(*field, term))? >= FREQUENT)
            };
            if terms.iter().try_fold(true, |all, term| Ok::<_, TantivyError>(all && frequent(term)?))? {
                let postings = Together::close(*field, terms).computed(reader, ord)?;
                lists.add(Key::new(segment.segment_id(), *field, terms), &postings);
            }
        }
    }
    Ok(lists.build())
}

/// The terms of all forms of several words.
fn forms(reader: &Reader, worker: &mut Worker) -> BTreeSet<(Field, Vec<String>)> {
    let core = Glossary::core();
    let mut asked = BTreeSet::new();
    for pair in core.all() {
        for lang in [Lang::Ko, Lang::En] {
            let field = reader.fields.of(lang).text;
            asked.extend(pair.entry.forms(lang).map(|form| (field, words_in(form, worker))));
        }
    }
    asked.retain(|(_, terms)| terms.len() > 1);
    asked
}
