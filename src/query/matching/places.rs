//! Where a leaf stands in an article: stretches of word positions, from the posting lists alone.

use std::ops::Range;

use tantivy::index::SegmentReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Term};

use crate::query::words::Place;

/// The posting lists of places in one field of one segment, moved forward together.
pub struct Line {
    places: Vec<Vec<SegmentPostings>>,
    /// Words that may stand between the places.
    slop: u32,
    positions: Vec<Vec<u32>>,
    here: Vec<u32>,
}

impl Line {
    /// `None` where one of the places holds no term of this segment.
    pub fn open(segment: &SegmentReader, field: Field, places: &[Place], slop: u32) -> tantivy::Result<Option<Line>> {
        let inverted = segment.inverted_index(field)?;
        let mut lists = Vec::with_capacity(places.len());
        for place in places {
            let mut here = Vec::new();
            for term in place {
                let term = Term::from_field_text(field, term);
                here.extend(inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            if here.is_empty() {
                return Ok(None);
            }
            lists.push(here);
        }
        let positions = vec![Vec::new(); lists.len()];
        Ok((!lists.is_empty()).then_some(Line { places: lists, slop, positions, here: Vec::new() }))
    }

    /// Adds the stretches in which the places stand in order in `doc`; articles are asked for in ascending order.
    pub fn stretches(&mut self, doc: DocId, out: &mut Vec<Range<u32>>) {
        for (place, positions) in self.places.iter_mut().zip(&mut self.positions) {
            positions.clear();
            for list in place {
                if (if list.doc() < doc { list.seek(doc) } else { list.doc() }) == doc {
                    list.positions(&mut self.here);
                    positions.extend_from_slice(&self.here);
                }
            }
            positions.sort_unstable();
            positions.dedup();
            if positions.is_empty() {
                return;
            }
        }
        let [first, rest @ ..] = &self.positions[..] else { return };
        out.extend(first.iter().filter_map(|&start| {
            let end = in_order(start, rest)?;
            (end - start - rest.len() as u32 <= self.slop).then_some(start..end + 1)
        }));
    }
}

/// The position of the last place, each taken as early as it can be after the one before.
fn in_order(start: u32, rest: &[Vec<u32>]) -> Option<u32> {
    rest.iter().try_fold(start, |last, positions| {
        positions.get(positions.partition_point(|&position| position <= last)).copied()
    })
}

/// The shortest stretches that hold one stretch of every part, the starts of two parts no more than `within` apart for each
/// further part.
pub fn near(parts: &[Vec<Range<u32>>], within: u32) -> Vec<Range<u32>> {
    let mut all: Vec<(Range<u32>, usize)> =
        parts.iter().enumerate().flat_map(|(part, of)| of.iter().map(move |range| (range.clone(), part))).collect();
    all.sort_unstable_by_key(|(range, part)| (range.start, *part));
    let reach = within.saturating_mul(parts.len().saturating_sub(1) as u32);
    let mut last: Vec<Option<Range<u32>>> = vec![None; parts.len()];
    let mut out = Vec::new();
    for (range, part) in all {
        last[part] = Some(range.clone());
        let Some(known) = last.iter().cloned().collect::<Option<Vec<_>>>() else { continue };
        let start = known.iter().map(|range| range.start).min().unwrap_or(range.start);
        let end = known.iter().map(|range| range.end).max().unwrap_or(range.end);
        if range.start - start <= reach {
            out.push(start..end);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_near_each_other() {
        type Row<'a> = (&'a [&'a [u32]], u32, &'a str);
        let rows: &[Row] = &[
            (&[&[1], &[6]], 5, "1..7"),
            (&[&[1], &[7]], 5, ""),
            (&[&[7], &[1]], 6, "1..8"),
            (&[&[1, 20], &[4, 22]], 5, "1..5 20..23"),
            (&[&[1], &[5], &[9]], 4, "1..10"),
            (&[&[1], &[]], 100, ""),
        ];
        for (parts, within, expected) in rows {
            let parts: Vec<Vec<Range<u32>>> =
                parts.iter().map(|part| part.iter().map(|&at| at..at + 1).collect()).collect();
            let found: Vec<String> = near(&parts, *within).iter().map(|it| format!("{it:?}")).collect();
            assert_eq!(found.join(" "), *expected, "{parts:?}");
        }
    }

    #[test]
    fn places_in_order() {
        assert_eq!(in_order(3, &[vec![1, 4, 9], vec![2, 5]]), Some(5));
        assert_eq!(in_order(3, &[vec![1, 7], vec![2, 5]]), None);
        assert_eq!(in_order(3, &[]), Some(3));
    }
}
