//! The page that was asked for: the hits after an offset or a cursor, of each wire group the best.

use rustc_hash::FxHashSet;
use tantivy::columnar::Column;

use super::group::{Groups, first_of_each};
use super::search::{Engine, Ranked, SearchError, second_stage};
use crate::analyze::Worker;
use crate::query::cursor::Cursor;
use crate::query::request::Request;
use crate::rank::retrieve::Candidate;
use crate::store::reader::Reader;

/// A page of hits.
pub(super) struct Page {
    pub ranked: Ranked,
    pub hits: Vec<Candidate>,
    /// Hits on the pages before it.
    pub before: usize,
    /// What leads to the next page.
    pub next: Option<Cursor>,
}

impl Engine {
    pub(super) fn page(&self, request: &Request, worker: &mut Worker) -> Result<Page, SearchError> {
        let shown = match &request.cursor {
            Some(cursor) => {
                cursor.check(request)?;
                cursor.shown()
            }
            None => &[],
        };
        let before = if request.cursor.is_some() { shown.len() } else { request.offset };
        // one more than is shown tells whether there is a next page
        let end = before.saturating_add(request.limit).saturating_add(1);
        // some candidates more than hits, for the copies among them
        let more = if request.ungroup { 0 } else { request.limit.saturating_add(10) };
        let mut most = end.saturating_add(more);
        loop {
            let wide = Request { limit: most, offset: 0, ..request.clone() };
            let ranked = self.rank_with(&wide, second_stage(request.limit), worker)?;
            let passed = Passed::new(&self.reader, &ranked, shown, request.ungroup)?;
            let left: Vec<Candidate> =
                ranked.candidates.iter().filter(|candidate| !passed.holds(candidate)).copied().collect();
            let mut hits = if request.ungroup { left } else { first_of_each(&self.reader, &left)? };
            if request.cursor.is_none() {
                hits.drain(..request.offset.min(hits.len()));
            }
            // copies may have taken the place of other stories: look further down
            let exhausted = ranked.candidates.len() < most;
            if hits.len() > request.limit || exhausted {
                let next = self.next(request, &hits)?;
                hits.truncate(request.limit);
                return Ok(Page { ranked, hits, before, next });
            }
            most = most.saturating_mul(2);
        }
    }

    /// Puts candidates that score the same in the order of their keys, which is that of every index with these articles.
    pub(super) fn order_ties(&self, ranked: &mut [Candidate]) -> tantivy::Result<()> {
        if ranked.is_sorted_by(|a, b| a.score != b.score) {
            return Ok(());
        }
        let keys = Keys::open(&self.reader)?;
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| keys.of(a).cmp(&keys.of(b))));
        Ok(())
    }

    /// The cursor behind a page; `None` where nothing follows, or where an offset hides what came before.
    fn next(&self, request: &Request, hits: &[Candidate]) -> Result<Option<Cursor>, SearchError> {
        if hits.len() <= request.limit || request.limit == 0 || (request.cursor.is_none() && request.offset > 0) {
            return Ok(None);
        }
        let keys = Keys::open(&self.reader)?;
        Ok(Cursor::after(request, hits[..request.limit].iter().map(|hit| keys.of(hit))))
    }
}

/// The articles of earlier pages, and those of their wire groups.
struct Passed<'r> {
    keys: FxHashSet<u64>,
    groups: FxHashSet<u64>,
    columns: Option<(Keys<'r>, Groups<'r>)>,
}

impl<'r> Passed<'r> {
    fn new(reader: &'r Reader, ranked: &Ranked, shown: &[u64], ungroup: bool) -> tantivy::Result<Passed<'r>> {
        let keys: FxHashSet<u64> = shown.iter().copied().collect();
        let mut groups = FxHashSet::default();
        if keys.is_empty() {
            return Ok(Passed { keys, groups, columns: None });
        }
        let columns = (Keys::open(reader)?, Groups::open(reader)?);
        if !ungroup {
            let found = ranked.found.iter().map(|address| Candidate::new(address, 0.0));
            groups.extend(found.filter(|it| keys.contains(&columns.0.of(it))).map(|it| columns.1.of(it.address)));
        }
        Ok(Passed { keys, groups, columns: Some(columns) })
    }

    fn holds(&self, candidate: &Candidate) -> bool {
        self.columns.as_ref().is_some_and(|(keys, groups)| {
            self.keys.contains(&keys.of(candidate)) || self.groups.contains(&groups.of(candidate.address))
        })
    }
}

/// The column of order keys.
struct Keys<'r> {
    columns: &'r [Column<u64>],
}

impl Keys<'_> {
    fn open(reader: &Reader) -> tantivy::Result<Keys<'_>> {
        Ok(Keys { columns: reader.keys()? })
    }

    fn of(&self, candidate: &Candidate) -> u64 {
        let address = candidate.address;
        self.columns[address.segment_ord as usize].first(address.doc_id).unwrap_or(0)
    }
}
