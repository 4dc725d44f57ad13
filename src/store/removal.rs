//! Taking articles out of the index by their ids, but not out of the segment that replaces them.
//!
//! tantivy applies a removal to all segments that are there at the commit, the new one included.

use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Finds articles by their ids, in all segments but one.
#[derive(Debug, Clone)]
pub struct Removal {
    pub field: Field,
    pub ids: Arc<[String]>,
    pub spared: Option<SegmentId>,
}

impl Query for Removal {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Removal {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if Some(reader.segment_id()) == self.spared {
            return Ok(Box::new(EmptyScorer));
        }
        let inverted = reader.inverted_index(self.field)?;
        let mut docs = BitSet::with_max_value(reader.max_doc());
        for id in self.ids.iter() {
            let term = Term::from_field_text(self.field, id);
            let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while postings.doc() != TERMINATED {
                docs.insert(postings.doc());
                postings.advance();
            }
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(docs), boost)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("removed by its id", 1.0))
    }
}
