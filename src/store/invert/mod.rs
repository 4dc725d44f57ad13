//! From analysed articles to posting lists, as single-pass in-memory inversion (Heinz and Zobel 2003).
//!
//! Each thread inverts the articles it prepares: terms become numbers ([`vocabulary`]), postings are logged in the order in
//! which they come ([`inverter`]), and a full log is sorted into a [`run`]. When all articles are entered the runs are
//! merged, term by term, straight into the lists of one segment ([`merge`]). Nothing is hashed twice, no list is written
//! and read again by merges of segments, and because articles are numbered in the order of their files the index
//! does not depend on how many threads made it.

pub mod inverter;
pub mod merge;
pub mod run;
pub(super) mod varint;
pub mod vocabulary;

use tantivy::schema::{Field, IndexRecordOption, Schema};

/// What a field's lists say of an article beside its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Nothing,
    Count,
    Positions,
}

impl Detail {
    /// The detail of every field of a schema by its number; `None` where a field has no lists.
    pub fn of_fields(schema: &Schema) -> Vec<Option<Detail>> {
        let detail = |field: Field| {
            let option = schema.get_field_entry(field).field_type().index_record_option()?;
            Some(match option {
                IndexRecordOption::Basic => Detail::Nothing,
                IndexRecordOption::WithFreqs => Detail::Count,
                IndexRecordOption::WithFreqsAndPositions => Detail::Positions,
            })
        };
        schema.fields().map(|(field, _)| detail(field)).collect()
    }
}
