//! Wire copies as one result: of each group the best article is shown, and the others stand behind it.

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::answer::{Duplicate, Spread};
use super::search::SearchError;
use crate::article::day_of_number;
use crate::query::matching::Found;
use crate::rank::retrieve::Candidate;
use crate::store::reader::Reader;

/// Copies listed behind a hit; all are counted.
const LISTED: usize = 100;

/// The first candidate of each wire group, in order.
pub fn first_of_each(reader: &Reader, candidates: &[Candidate]) -> tantivy::Result<Vec<Candidate>> {
    let groups = Groups::open(reader)?;
    let mut seen: FxHashMap<u64, ()> = FxHashMap::default();
    let first = |candidate: &&Candidate| seen.insert(groups.of(candidate.address), ()).is_none();
    Ok(candidates.iter().filter(first).copied().collect())
}

/// The articles of a wire group, in the order of the index.
pub fn members(reader: &Reader, group: u64) -> tantivy::Result<Vec<DocAddress>> {
    let term = Term::from_field_u64(reader.fields.group, group);
    let mut members = Vec::new();
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let inverted = segment.inverted_index(reader.fields.group)?;
        let postings = inverted.read_postings(&term, IndexRecordOption::Basic);
        let Some(mut postings) = postings.map_err(tantivy::TantivyError::from)? else { continue };
        while postings.doc() != TERMINATED {
            if !segment.is_deleted(postings.doc()) {
                members.push(DocAddress::new(ord as u32, postings.doc()));
            }
            postings.advance();
        }
    }
    Ok(members)
}

/// The other articles of a hit's wire group that the query finds.
pub fn copies(reader: &Reader, groups: &Groups, hit: DocAddress, found: &Found) -> tantivy::Result<Vec<DocAddress>> {
    let mut copies = members(reader, groups.of(hit))?;
    copies.retain(|&address| address != hit && found.contains(address));
    Ok(copies)
}

/// What is said of each of `copies`, in order of publication; of very many the first hundred.
pub fn duplicates(reader: &Reader, mut copies: Vec<DocAddress>) -> Result<Vec<Duplicate>, SearchError> {
    if copies.len() > LISTED {
        let columns = reader.published()?;
        let published = |it: &DocAddress| columns[it.segment_ord as usize].first(it.doc_id);
        let mut dated: Vec<_> = copies.iter().map(|it| (published(it), *it)).collect();
        dated.sort_unstable();
        copies = dated.into_iter().take(LISTED).map(|(_, address)| address).collect();
    }
    let mut listed = Vec::with_capacity(copies.len());
    for address in copies {
        let unpacked = reader.article(address)?;
        let record = reader.record(&unpacked)?;
        listed.push(Duplicate {
            id: record.id.to_owned(),
            source: record.source.map(str::to_owned),
            published: record.published.map(str::to_owned),
        });
    }
    listed.sort_by(|a, b| a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id)));
    Ok(listed)
}

/// When `copies` came out, and where: told by columns, without reading an article.
pub fn spread(reader: &Reader, copies: &[DocAddress]) -> tantivy::Result<Spread> {
    let mut out = Spread::default();
    let mut told: Vec<(Option<i64>, Option<i64>, Option<String>)> = Vec::with_capacity(copies.len());
    let (published, days, sources) = (reader.published()?, reader.days()?, reader.sources()?);
    for &DocAddress { segment_ord, doc_id } in copies {
        let segment = segment_ord as usize;
        let mut outlet = None;
        if let Some(source) = &sources[segment]
            && let Some(ord) = source.term_ords(doc_id).next()
        {
            let mut name = String::new();
            source.ord_to_str(ord, &mut name)?;
            outlet = Some(name);
        }
        told.push((published[segment].first(doc_id), days[segment].first(doc_id), outlet));
    }
    told.sort();
    let days = || told.iter().filter_map(|(_, day, _)| *day);
    let printed = |day: Option<i64>| day.and_then(day_of_number).map(|day| day.to_string());
    (out.first, out.last) = (printed(days().min()), printed(days().max()));
    for (.., outlet) in told {
        if let Some(outlet) = outlet.filter(|outlet| !out.outlets.contains(outlet)) {
            out.outlets.push(outlet);
        }
    }
    Ok(out)
}

/// The column of wire groups.
pub struct Groups<'r> {
    columns: &'r [Column<u64>],
}

impl Groups<'_> {
    pub fn open(reader: &Reader) -> tantivy::Result<Groups<'_>> {
        Ok(Groups { columns: reader.groups()? })
    }

    pub fn of(&self, address: DocAddress) -> u64 {
        // every article has a group; one without stands alone
        let alone = u64::MAX - (u64::from(address.segment_ord) << 32 | u64::from(address.doc_id));
        self.columns[address.segment_ord as usize].first(address.doc_id).unwrap_or(alone)
    }
}
