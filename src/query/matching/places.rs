//! Where a leaf stands in an article: stretches of word positions, from the posting lists alone.

use std::ops::Range;

use tantivy::schema::Field;
use tantivy::{DocId, Term};

use super::Lists;
use crate::query::words::Place;
use crate::rank::positions::Positions;

/// The posting lists of places in one field of one segment, moved forward together.
pub struct Line {
    places: Vec<Vec<Positions>>,
    /// Words that may stand between the places.
    slop: u32,
    /// Positions of a place with several terms.
    several: Vec<u32>,
}

impl Line {
    /// To be asked of so many articles; `None` where one of the places holds no term of this segment.
    pub fn open(
        lists: &Lists,
        field: Field,
        places: &[Place],
        slop: u32,
        articles: usize,
    ) -> tantivy::Result<Option<Line>> {
        let inverted = lists.reader.inverted(lists.ord, field)?;
        let mut of_places = Vec::with_capacity(places.len());
        for place in places {
            let mut here = Vec::with_capacity(place.len());
            for term in place {
                if let Some(info) = inverted.get_term_info(&Term::from_field_text(field, term))? {
                    here.push(Positions::open(lists.reader, lists.ord, field, &info, articles)?);
                }
            }
            if here.is_empty() {
                return Ok(None);
            }
            of_places.push(here);
        }
        Ok((!of_places.is_empty()).then_some(Line { places: of_places, slop, several: Vec::new() }))
    }

    /// Adds the stretches in which the places stand in order in `doc`; articles are asked for in ascending order, each once.
    pub fn stretches(&mut self, doc: DocId, out: &mut Vec<Range<u32>>) {
        let before = out.len();
        for (number, place) in self.places.iter_mut().enumerate() {
            let positions = match place.as_mut_slice() {
                [list] => list.of(doc),
                lists => {
                    self.several.clear();
                    lists.iter_mut().for_each(|list| self.several.extend_from_slice(list.of(doc)));
                    self.several.sort_unstable();
                    &self.several
                }
            };
            if number == 0 {
                begin(out, positions);
            } else {
                lengthen(out, before, positions, number as u32 + self.slop);
            }
            if out.len() == before {
                return;
            }
        }
    }
}

/// Adds a stretch for each of the `positions`, which are in order; some may be there twice.
fn begin(stretches: &mut Vec<Range<u32>>, positions: &[u32]) {
    stretches.extend(positions.chunk_by(|a, b| a == b).map(|same| same[0]..same[0] + 1));
}

/// Takes into each stretch from the one of number `from` the first of the `positions` behind it, and leaves out those where
/// there is none, or one further than `reach` from where the stretch starts. All are in order.
fn lengthen(stretches: &mut Vec<Range<u32>>, from: usize, positions: &[u32], reach: u32) {
    let (mut at, mut kept) = (0, from);
    for number in from..stretches.len() {
        let Range { start, end } = stretches[number];
        while positions.get(at).is_some_and(|&position| position < end) {
            at += 1;
        }
        let Some(&position) = positions.get(at) else { break };
        stretches[kept] = start..position + 1;
        kept += usize::from(position - start <= reach);
    }
    stretches.truncate(kept);
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
        type Row<'a> = (&'a [u32], &'a [&'a [u32]], u32, &'a str);
        let rows: &[Row] = &[
            (&[3], &[&[1, 4, 9], &[2, 5]], 0, "3..6"),
            (&[3], &[&[1, 7], &[2, 5]], 9, ""),
            (&[3], &[&[5]], 0, ""),
            (&[3], &[&[5]], 1, "3..6"),
            // what lies between two places is no more allowed between the next two
            (&[3], &[&[5], &[7]], 1, ""),
            (&[3, 8], &[&[4, 9], &[10]], 0, "8..11"),
            (&[3, 8], &[&[9]], 9, "3..10 8..10"),
            (&[3], &[], 0, "3..4"),
            (&[3, 3, 8], &[&[4, 4]], 0, "3..5"),
        ];
        for (first, rest, slop, expected) in rows {
            // behind what was found before, which stays as it is, be it the same
            for before in [vec![], vec![8..9, 3..4], vec![3..6, 3..4]] {
                let mut found = before.clone();
                begin(&mut found, first);
                for (number, positions) in rest.iter().enumerate() {
                    lengthen(&mut found, before.len(), positions, number as u32 + 1 + slop);
                }
                let found: Vec<String> = found.split_off(before.len()).iter().map(|it| format!("{it:?}")).collect();
                assert_eq!(found.join(" "), *expected, "{before:?} {first:?} {rest:?}");
            }
        }
    }
}
