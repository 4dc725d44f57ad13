//! Wire copies as one result: of each group the best article is shown, and the others stand behind it.

use rustc_hash::FxHashMap;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::answer::Duplicate;
use super::search::SearchError;
use crate::query::matching::Found;
use crate::rank::retrieve::Candidate;
use crate::store::reader::Reader;
use crate::store::version::StoreError;

/// Copies listed behind a hit; all are counted.
const LISTED: usize = 100;

/// The first candidate of each wire group, in order.
pub fn first_of_each(reader: &Reader, candidates: &[Candidate]) -> tantivy::Result<Vec<Candidate>> {
    let groups = Groups::open(reader)?;
    let mut seen: FxHashMap<u64, ()> = FxHashMap::default();
    let first = |candidate: &&Candidate| seen.insert(groups.of(candidate.address), ()).is_none();
    Ok(candidates.iter().filter(first).copied().collect())
}

/// The other articles of a hit's wire group that the query finds, in order of publication.
pub fn copies(reader: &Reader, hit: DocAddress, found: &Found) -> Result<Vec<Duplicate>, SearchError> {
    let group = Groups::open(reader)?.of(hit);
    let term = Term::from_field_u64(reader.fields.group, group);
    let mut copies = Vec::new();
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let inverted = segment.inverted_index(reader.fields.group)?;
        let postings = inverted.read_postings(&term, IndexRecordOption::Basic);
        let Some(mut postings) = postings.map_err(tantivy::TantivyError::from)? else { continue };
        while postings.doc() != TERMINATED && copies.len() < LISTED {
            let address = DocAddress::new(ord as u32, postings.doc());
            if address != hit && found.contains(address) {
                let unpacked = reader.article(address)?;
                let record = unpacked.record().map_err(|error| StoreError::broken(reader.dir(), error))?;
                copies.push(Duplicate {
                    id: record.id.to_owned(),
                    source: record.source.map(str::to_owned),
                    published: record.published.map(str::to_owned),
                });
            }
            postings.advance();
        }
    }
    copies.sort_by(|a, b| a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id)));
    Ok(copies)
}

/// The column of wire groups.
struct Groups {
    columns: Vec<tantivy::columnar::Column<u64>>,
}

impl Groups {
    fn open(reader: &Reader) -> tantivy::Result<Groups> {
        let segments = reader.searcher.segment_readers().iter();
        Ok(Groups { columns: segments.map(|segment| segment.fast_fields().u64("group")).collect::<Result<_, _>>()? })
    }

    fn of(&self, address: DocAddress) -> u64 {
        // every article has a group; one without stands alone
        let alone = u64::MAX - (u64::from(address.segment_ord) << 32 | u64::from(address.doc_id));
        self.columns[address.segment_ord as usize].first(address.doc_id).unwrap_or(alone)
    }
}
