//! How many of the articles found are of each outlet, language, section, year, month or day.
//!
//! Every article counts, wire copies as well, so the counts of a facet add up to the total of the answer; articles that do
//! not say stand under no value, last. Labels stand by count, dates in their own order. Counted on columns, without reading an
//! article, and only what was asked for.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::article::day_of_number;
use crate::query::matching::Found;
use crate::query::request::Facet;
use crate::store::reader::Reader;

/// The counts of one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// A label as it is spelt in the index, or `2023`, `2023-12`, `2023-12-13`; `None` for articles that do not say.
    pub value: Option<String>,
    pub count: u64,
}

/// Facets in the order in which they were asked for; in JSON an object with their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets(pub Vec<(Facet, Vec<FacetCount>)>);

impl Serialize for Facets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(facet, counts)| map.serialize_entry(&facet.to_string(), counts))?;
        map.end()
    }
}

/// Counts the articles of `found` by each of `facets`.
pub fn count(reader: &Reader, found: &Found, facets: &[Facet]) -> tantivy::Result<Facets> {
    let mut out: Vec<(Facet, Vec<FacetCount>)> = Vec::new();
    let mut days: Option<FxHashMap<Option<i64>, u64>> = None;
    for &facet in facets {
        if out.iter().any(|(known, _)| *known == facet) {
            continue;
        }
        let counts = if facet.is_date() {
            let days = match &mut days {
                Some(days) => days,
                None => days.insert(by_day(reader, found)?),
            };
            dates(facet, days)
        } else {
            labels(facet, by_label(reader, found, facet)?)
        };
        out.push((facet, counts));
    }
    Ok(Facets(out))
}

fn by_day(reader: &Reader, found: &Found) -> tantivy::Result<FxHashMap<Option<i64>, u64>> {
    let mut days: FxHashMap<Option<i64>, u64> = FxHashMap::default();
    let columns = reader.days()?;
    for address in found.iter() {
        *days.entry(columns[address.segment_ord as usize].first(address.doc_id)).or_default() += 1;
    }
    Ok(days)
}

fn dates(facet: Facet, days: &FxHashMap<Option<i64>, u64>) -> Vec<FacetCount> {
    let mut values: BTreeMap<Option<String>, u64> = BTreeMap::new();
    for (&day, &count) in days {
        let value = day.and_then(day_of_number).map(|day| match facet {
            Facet::Year => day.strftime("%Y").to_string(),
            Facet::Month => day.strftime("%Y-%m").to_string(),
            _ => day.to_string(),
        });
        *values.entry(value).or_default() += count;
    }
    let unknown = values.remove(&None).map(|count| (None, count));
    values.into_iter().chain(unknown).map(|(value, count)| FacetCount { value, count }).collect()
}

fn by_label(reader: &Reader, found: &Found, facet: Facet) -> tantivy::Result<FxHashMap<Option<String>, u64>> {
    let mut values: FxHashMap<Option<String>, u64> = FxHashMap::default();
    let mut articles = found.iter().peekable();
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let column = segment.fast_fields().str(&facet.to_string())?;
        let mut counts = vec![0u64; column.as_ref().map_or(0, |column| column.num_terms())];
        let mut unknown = 0;
        while let Some(address) = articles.next_if(|address| address.segment_ord as usize == ord) {
            match column.as_ref().and_then(|column| column.ords().first(address.doc_id)) {
                Some(ord) => counts[ord as usize] += 1,
                None => unknown += 1,
            }
        }
        for (ord, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let mut label = String::new();
            if let Some(column) = &column {
                column.ord_to_str(ord as u64, &mut label)?;
            }
            *values.entry(Some(label)).or_default() += count;
        }
        if unknown > 0 {
            *values.entry(None).or_default() += unknown;
        }
    }
    Ok(values)
}

fn labels(facet: Facet, mut values: FxHashMap<Option<String>, u64>) -> Vec<FacetCount> {
    debug_assert!(!facet.is_date());
    let unknown = values.remove(&None).map(|count| FacetCount { value: None, count });
    let mut counts: Vec<FacetCount> = values.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    counts.extend(unknown);
    counts
}
