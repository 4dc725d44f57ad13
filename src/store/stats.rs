//! Numbers about an index: how many articles of which kind, and where its bytes go.

use serde::Serialize;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED};

use super::dictionary::DICTIONARY_PREFIX;
use super::reader::Reader;
use super::sections::DERIVED;
use super::version::StoreError;
use super::writer::{MANIFEST_PREFIX, WIRE_PREFIX};
use crate::article::day_of_number;
use crate::glossary::MINED_PREFIX;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub articles: u64,
    /// Most first, as all counts here.
    pub languages: Vec<(String, u64)>,
    pub sources: Vec<(String, u64)>,
    /// Day of the earliest and the latest article.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Bytes of all files of the index.
    pub bytes: u64,
    pub segments: usize,
    pub analyzer: String,
    /// Words of the user's.
    pub words: usize,
    pub format: u32,
    pub program: String,
    pub sizes: Vec<PartSize>,
}

/// The bytes of one part of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartSize {
    pub name: String,
    pub bytes: u64,
}

/// Counts the index; `sizes` adds the bytes of each part.
pub fn stats(reader: &Reader, sizes: bool) -> Result<Stats, StoreError> {
    let broken = |error: tantivy::TantivyError| StoreError::broken(reader.dir(), error);
    let (first, last) = days(reader).map_err(broken)?;
    Ok(Stats {
        articles: reader.articles(),
        languages: counts(reader, reader.fields.lang).map_err(broken)?,
        sources: counts(reader, reader.fields.source).map_err(broken)?,
        first,
        last,
        bytes: folder_bytes(reader),
        segments: reader.searcher.segment_readers().len(),
        analyzer: reader.stamp.analyzer.clone(),
        words: reader.stamp.words.len(),
        format: reader.stamp.format,
        program: reader.stamp.program.clone(),
        sizes: if sizes { part_sizes(reader).map_err(broken)? } else { Vec::new() },
    })
}

/// Articles per value of a label, deleted ones left out.
pub fn counts(reader: &Reader, field: Field) -> tantivy::Result<Vec<(String, u64)>> {
    let mut totals: std::collections::BTreeMap<String, u64> = Default::default();
    for segment in reader.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            let n = if segment.has_deletes() {
                let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                let mut n = 0;
                while postings.doc() != TERMINATED {
                    n += u64::from(!segment.is_deleted(postings.doc()));
                    postings.advance();
                }
                n
            } else {
                u64::from(info.doc_freq)
            };
            if n > 0 {
                *totals.entry(String::from_utf8_lossy(term).into_owned()).or_default() += n;
            }
        }
    }
    let mut counts: Vec<(String, u64)> = totals.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(counts)
}

fn days(reader: &Reader) -> tantivy::Result<(Option<String>, Option<String>)> {
    let mut range: Option<(i64, i64)> = None;
    for segment in reader.searcher.segment_readers() {
        let column = segment.fast_fields().i64("day")?;
        for doc in segment.doc_ids_alive() {
            if let Some(at) = column.first(doc) {
                let (first, last) = range.unwrap_or((at, at));
                range = Some((first.min(at), last.max(at)));
            }
        }
    }
    let day = |number: i64| day_of_number(number).map(|day| day.to_string());
    Ok(range.map_or((None, None), |(first, last)| (day(first), day(last))))
}

fn folder_bytes(reader: &Reader) -> u64 {
    walkdir::WalkDir::new(reader.dir())
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .filter(|meta| meta.is_file())
        .map(|meta| meta.len())
        .sum()
}

fn part_sizes(reader: &Reader) -> tantivy::Result<Vec<PartSize>> {
    let usage = reader.searcher.space_usage()?;
    let mut totals: std::collections::BTreeMap<String, u64> = Default::default();
    let mut add = |name: String, bytes: u64| *totals.entry(name).or_default() += bytes;
    for segment in usage.segments() {
        for (part, of) in [
            ("terms", segment.termdict()),
            ("postings", segment.postings()),
            ("positions", segment.positions()),
            ("columns", segment.fast_fields()),
            ("lengths", segment.fieldnorms()),
        ] {
            for usage in of.fields() {
                add(format!("{} {part}", usage.field_name()), usage.total().get_bytes());
            }
        }
        add("stored articles".to_owned(), segment.store().total().get_bytes());
    }
    let beside = [
        (MINED_PREFIX, "mined pairs"),
        (WIRE_PREFIX, "wire groups"),
        (MANIFEST_PREFIX, "manifest"),
        (DICTIONARY_PREFIX, "dictionary of stored articles"),
    ];
    for entry in std::fs::read_dir(reader.dir())?.flatten() {
        let name = entry.file_name();
        let derived = DERIVED.map(|kind| (kind.prefix, kind.of));
        if let Some((_, part)) =
            beside.iter().chain(&derived).find(|(prefix, _)| name.to_string_lossy().starts_with(prefix))
        {
            *totals.entry((*part).to_owned()).or_default() += entry.metadata()?.len();
        }
    }
    let mut sizes: Vec<PartSize> = totals.into_iter().map(|(name, bytes)| PartSize { name, bytes }).collect();
    sizes.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    Ok(sizes)
}
