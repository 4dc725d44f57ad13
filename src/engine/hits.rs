//! The hits of a page as they are shown: what the stored articles say, with marks, passages and copies.

use std::sync::{Mutex, PoisonError};

use super::answer::{Hit, Snippet, Spread};
use super::group::{Groups, copies, duplicates, spread};
use super::search::{Engine, Ranked, SearchError};
use crate::analyze::Worker;
use crate::article::Lang;
use crate::present::highlight::locate;
use crate::present::passage::passages;
use crate::query::request::Request;
use crate::rank::explain::explain;
use crate::rank::occurrences::Occurrence;
use crate::rank::retrieve::Candidate;

/// Passages shown of a hit.
const PASSAGES: usize = 2;
/// How many postings take as long to read as a hit takes to be made.
const HIT: usize = 5_000;

/// A thread that makes hits: with the caller's worker, or with one of the engine's, which goes back to it.
struct Maker<'a> {
    engine: &'a Engine,
    of_caller: Option<&'a mut Worker>,
    own: Option<Worker>,
}

impl Maker<'_> {
    fn worker(&mut self) -> &mut Worker {
        let engine = self.engine;
        let known = || engine.helpers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match &mut self.of_caller {
            Some(worker) => worker,
            None => self.own.get_or_insert_with(|| known().unwrap_or_else(|| engine.worker())),
        }
    }
}

impl Drop for Maker<'_> {
    fn drop(&mut self) {
        // what a panic left half done is not used again
        if std::thread::panicking() {
            return;
        }
        self.engine.helpers.lock().unwrap_or_else(PoisonError::into_inner).extend(self.own.take());
    }
}

impl Engine {
    /// The hits of a page, behind so many `before` it; `wanted` says of each what is to be marked.
    pub(super) fn hits(
        &self,
        request: &Request,
        page: &[Candidate],
        wanted: &[Vec<Occurrence>],
        before: usize,
        ranked: &Ranked,
        worker: &mut Worker,
    ) -> Result<Vec<Hit>, SearchError> {
        let of_caller = Mutex::new(Some(worker));
        let take = || of_caller.lock().unwrap_or_else(PoisonError::into_inner).take();
        let begin = || Maker { engine: self, of_caller: take(), own: None };
        request.jobs.each(HIT, page.len(), begin, |maker, at| {
            self.hit(request, before + at + 1, &page[at], &wanted[at], ranked, maker.worker())
        })
    }

    fn hit(
        &self,
        request: &Request,
        rank: usize,
        candidate: &Candidate,
        wanted: &[Occurrence],
        ranked: &Ranked,
        worker: &mut Worker,
    ) -> Result<Hit, SearchError> {
        let unpacked = self.reader.article(candidate.address)?;
        let record = self.reader.record(&unpacked)?;
        let (mut title_highlights, mut title_kinds, mut snippets) = (Vec::new(), Vec::new(), Vec::new());
        let weighed = &ranked.weighed;
        if request.highlight {
            let positions: Vec<(u32, u16)> = wanted.iter().map(|at| (at.position, at.clue)).collect();
            let marks = locate(&record, &positions, |clue| &weighed[usize::from(clue)].clue.term, worker);
            let sections: Vec<&str> = record.sections().collect();
            let thing = |clue: u16| (ranked.things[usize::from(clue)], weighed[usize::from(clue)].idf);
            let passages = passages(&sections, &marks, PASSAGES, thing);
            (title_highlights, title_kinds) =
                ranked.marked(record.title, marks.sections.first().map_or(&[], Vec::as_slice));
            snippets = passages
                .into_iter()
                .map(|passage| {
                    let (highlights, kinds) = ranked.marked(&passage.text, &passage.marks);
                    Snippet { text: passage.text, highlights, kinds }
                })
                .collect();
        }
        let copies = if request.ungroup {
            Vec::new()
        } else {
            copies(&self.reader, &Groups::open(&self.reader)?, candidate.address, &ranked.found)?
        };
        Ok(Hit {
            rank,
            score: candidate.score,
            id: record.id.to_owned(),
            path: record.path.to_owned(),
            title: record.title.to_owned(),
            published: record.published.map(str::to_owned),
            source: record.source.map(str::to_owned),
            byline: record.byline.map(str::to_owned),
            lang: record.lang.map(Lang::code),
            url: record.url.map(str::to_owned),
            title_highlights,
            title_kinds,
            snippets,
            copies: copies.len() as u64,
            spread: if copies.is_empty() { Spread::default() } else { spread(&self.reader, &copies)? },
            duplicates: if request.list_copies { duplicates(&self.reader, copies)? } else { Vec::new() },
            explain: if request.explain {
                Some(explain(&self.reader, &ranked.sought.wanted(), weighed, &ranked.slots, &self.norms, candidate)?)
            } else {
                None
            },
        })
    }
}
