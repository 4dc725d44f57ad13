//! Brevity: of two Korean articles with the same evidence the shorter one is about it.
//!
//! BM25 discounts frequencies by length, yet an article that holds every word of a long query once or twice gains from being
//! long all the same. So the second stage takes away a little for every doubling of the length, the more the more the
//! query asks for. English articles gained nothing from it.

use tantivy::DocAddress;
use tantivy::fieldnorm::FieldNormReader;

use super::evidence::Kind;
use super::statistics::{Norms, Weighed};
use crate::article::Lang;
use crate::store::reader::Reader;

/// What e times the average length costs, as a multiple of the idf of the query's morphemes.
const BREVITY: f32 = 0.1;
/// Words added to every length, so that the shortest articles do not gain without end.
const SOFTENING: f32 = 20.0;

/// What an article gets for its length, for one query.
pub struct Brevity<'a> {
    reader: &'a Reader,
    scale: f32,
    average: f32,
}

impl<'a> Brevity<'a> {
    pub fn new(reader: &'a Reader, clues: &[Weighed], norms: &Norms) -> tantivy::Result<Brevity<'a>> {
        let morphemes = clues
            .iter()
            .filter(|clue| clue.clue.kind == Kind::Morpheme && clue.clue.lang == Lang::Ko && clue.clue.weight > 0.0);
        let scale = BREVITY * morphemes.map(|clue| clue.idf).sum::<f32>();
        Ok(Brevity { reader, scale, average: norms.average(reader, reader.fields.ko.text)? })
    }

    pub fn of(&self, address: DocAddress) -> tantivy::Result<f32> {
        if self.scale == 0.0 {
            return Ok(0.0);
        }
        let lengths = self.reader.lengths(address.segment_ord as usize, self.reader.fields.ko.text)?;
        let words = FieldNormReader::id_to_fieldnorm(lengths[address.doc_id as usize]);
        if words == 0 {
            return Ok(0.0);
        }
        Ok(-self.scale * ((words as f32 + SOFTENING) / (self.average + SOFTENING)).ln())
    }
}
