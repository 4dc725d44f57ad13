//! Runs into the posting lists of one segment, in one pass.

use std::io;

use tantivy::fieldnorm::FieldNormReaders;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Field;
use tantivy::{DocId, TantivyError};

use super::inverter::LEAD_COUNT;
use super::run::{Run, RunReader};
use super::{Detail, varint};

/// The number of an article that did not enter the index.
pub const NOWHERE: DocId = DocId::MAX;

/// A run, and for each of its articles the number it has in the segment; these rise. Articles behind the last of them did
/// not enter.
pub struct Placed {
    pub run: Run,
    pub docs: Vec<DocId>,
}

/// The postings of one term, of all runs.
#[derive(Default)]
struct List {
    postings: Vec<Posting>,
    deltas: Vec<u32>,
}

struct Posting {
    doc: DocId,
    count: u32,
    /// Where its positions begin in the deltas.
    from: u32,
}

/// Writes the lists of all fields; `tokens` gives how many tokens each field has.
pub fn merge(
    runs: Vec<Placed>,
    details: &[Option<Detail>],
    tokens: &[u64],
    norms: &FieldNormReaders,
    mut serializer: InvertedIndexSerializer,
) -> tantivy::Result<()> {
    let mut readers = Vec::with_capacity(runs.len());
    for placed in runs {
        readers.push((RunReader::new(placed.run)?, placed.docs));
    }
    let mut list = List::default();
    let mut term = Vec::new();
    for (at, detail) in details.iter().enumerate() {
        let Some(detail) = *detail else { continue };
        let field = Field::from_field_id(at as u32);
        let mut out = serializer.new_field(field, tokens[at], norms.get_field(field)?)?;
        readers.iter_mut().try_for_each(|(reader, _)| reader.advance())?;
        while let Some(least) = readers.iter().filter_map(|(reader, _)| reader.term()).min() {
            term.clear();
            term.extend_from_slice(least);
            list.clear();
            let mut sources = 0;
            for (reader, docs) in &mut readers {
                if reader.term() == Some(&term) {
                    list.read(reader.list(), detail, docs)?;
                    reader.advance()?;
                    sources += 1;
                }
            }
            if sources > 1 {
                list.postings.sort_by_key(|posting| posting.doc);
            }
            if list.postings.is_empty() {
                continue;
            }
            out.new_term(&term, list.postings.len() as u32, detail != Detail::Nothing)?;
            for posting in &list.postings {
                let from = posting.from as usize;
                let deltas = match detail {
                    Detail::Positions => &list.deltas[from..from + posting.count as usize],
                    _ => &[],
                };
                out.write_doc(posting.doc, posting.count, deltas);
            }
            out.close_term()?;
        }
        out.close()?;
    }
    serializer.close()?;
    Ok(())
}

impl List {
    fn clear(&mut self) {
        self.postings.clear();
        self.deltas.clear();
    }

    fn read(&mut self, mut bytes: &[u8], detail: Detail, docs: &[DocId]) -> Result<(), TantivyError> {
        let short = || io::Error::new(io::ErrorKind::InvalidData, "a run of postings is damaged");
        let mut local = 0;
        while !bytes.is_empty() {
            local += varint::take(&mut bytes);
            let doc = docs.get(local as usize).copied().unwrap_or(NOWHERE);
            let from = self.deltas.len() as u32;
            let count = match detail {
                Detail::Nothing => 1,
                Detail::Count => varint::take(&mut bytes),
                Detail::Positions => {
                    let len = varint::take(&mut bytes) as usize;
                    let (positions, rest) = bytes.split_at_checked(len).ok_or_else(short)?;
                    bytes = rest;
                    self.positions(positions);
                    self.deltas.len() as u32 - from
                }
            };
            if doc == NOWHERE {
                self.deltas.truncate(from as usize);
            } else {
                self.postings.push(Posting { doc, count, from });
            }
        }
        Ok(())
    }

    /// A leading position stands [`LEAD_COUNT`] times.
    fn positions(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let code = varint::take(&mut bytes);
            self.deltas.push(code >> 1);
            if code & 1 == 1 {
                self.deltas.extend([0; LEAD_COUNT as usize - 1]);
            }
        }
    }
}
