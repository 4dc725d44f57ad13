//! One search from the typed words to the answer.

use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

use rustc_hash::FxHashSet;
use tantivy::DocAddress;

use super::answer::{Answer, Correction, Expansion, IndexSize};
use super::expand::{expansions, said};
use super::facet::count;
use super::group::first_of_each;
use super::keywords::{Keyword, SAMPLE, keywords};
use super::page::Page;
use super::words;
use crate::analyze::{Analyzer, Token, Worker};
use crate::eval::judgements::TestQuery;
use crate::glossary::{Glossary, Sources, USER_FILE};
use crate::present::clean::one_line;
use crate::query::ast::Node;
use crate::query::correct::{Fix, apply, fixes};
use crate::query::cursor::CursorError;
use crate::query::entries::{join, take_apart};
use crate::query::forms::look_up;
use crate::query::labels::{Named, named};
use crate::query::matching::{Found, allowed, find, finds_any};
use crate::query::parse::{Query, parse, plain};
use crate::query::request::{Request, Sort};
use crate::query::rewrite::{concepts as named_by, formed, slots};
use crate::query::sought::Sought;
use crate::query::spelling;
use crate::query::words::composed;
use crate::rank::evidence::clues;
use crate::rank::occurrences::Known;
use crate::rank::proximity::groups;
use crate::rank::recency::{Recency, best_recent};
use crate::rank::rescore::rescore;
use crate::rank::retrieve::{Candidate, retrieve, retrieve_any};
use crate::rank::slot::{WeighedSlot, whereabouts};
use crate::rank::statistics::{Norms, Weighed, weigh};
use crate::store::reader::Reader;
use crate::store::sections::SUGGESTIONS;
use crate::store::version::StoreError;
use crate::suggest::table::Table;

/// How many candidates the second stage looks at, where so many hits stand on a page: what is further down does not come up
/// among the first thirty, and for the first hundred 200 are enough. All pages of one size are of one order.
pub(super) fn second_stage(page: usize) -> usize {
    (2 * page).clamp(64, 200)
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the cursor cannot be used")]
    Cursor(#[from] CursorError),
    #[error("the index cannot be read ({}); run `search check` on it", one_line(&.0.to_string()))]
    Index(tantivy::TantivyError),
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> SearchError {
        SearchError::Index(error)
    }
}

/// An open index with its analyzer.
pub struct Engine {
    pub reader: Reader,
    pub glossary: Glossary,
    /// What is to be said where the user's words are not those that the index was made with.
    words_remark: Option<String>,
    analyzer: Analyzer,
    suggestions: OnceLock<Option<Table>>,
    pub(super) norms: Norms,
    /// For threads that help with a page; each remembers the words it has seen.
    pub(super) helpers: Mutex<Vec<Worker>>,
}

/// The best articles of a query and what made them so.
pub struct Ranked {
    /// As it was understood.
    pub query: Query,
    /// Its words, analysed.
    pub(super) sought: Sought,
    /// Best first.
    pub candidates: Vec<Candidate>,
    pub weighed: Vec<Weighed>,
    pub(super) slots: Vec<WeighedSlot>,
    /// Occurrences that the second stage had to read.
    pub(super) known: Known,
    /// For each clue the first one that says the same thing; empty where nothing is highlighted.
    pub(super) things: Vec<usize>,
    pub found: Found,
    /// Words that were read as others.
    pub fixes: Vec<Fix>,
    pub expansions: Vec<Expansion>,
}

/// Adds what is found without a score, behind all that has one: an article that only meets a condition, as in `a OR date:2023`.
fn add_unscored(found: &Found, most: usize, candidates: &mut Vec<Candidate>) {
    if candidates.len() >= most || found.total() <= candidates.len() as u64 {
        return;
    }
    let scored: FxHashSet<DocAddress> = candidates.iter().map(|candidate| candidate.address).collect();
    let unscored = found.iter().filter(|address| !scored.contains(address));
    let more: Vec<Candidate> = unscored.take(most - scored.len()).map(|address| Candidate::new(address, 0.0)).collect();
    candidates.extend(more);
}

impl Engine {
    pub fn open(dir: &Path, analyzer: Analyzer) -> Result<Engine, SearchError> {
        let (reader, analyzer) = Reader::open(dir, &analyzer)?;
        let glossary = Glossary::open(dir, reader.stamp.manifest.as_deref())
            .map_err(|error| StoreError::io(&dir.join(USER_FILE), error))?;
        let words_remark = words::remark(&reader);
        let norms = Norms::new(&reader);
        Ok(Engine {
            reader,
            glossary,
            words_remark,
            analyzer,
            suggestions: OnceLock::new(),
            norms,
            helpers: Mutex::default(),
        })
    }

    /// The analyzer that made the index, the user's words included.
    pub fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }

    /// A worker for the thread that searches; reused, it remembers the words it has seen.
    pub fn worker(&self) -> Worker {
        self.analyzer.worker()
    }

    /// The table of suggestions, mapped when it is first asked for; `None` where the last commit has none that can be read.
    pub fn suggestions(&self) -> Option<&Table> {
        let open = || Table::open(self.reader.dir(), &SUGGESTIONS.file_of(self.reader.stamp.manifest.as_deref()?)).ok();
        self.suggestions.get_or_init(open).as_ref()
    }

    /// The leaves of a query, analysed.
    fn sought(&self, root: &Node, worker: &mut Worker) -> tantivy::Result<Sought> {
        let mut sought = Sought::new(root, worker);
        take_apart(&mut sought, &self.reader, worker)?;
        Ok(sought)
    }

    /// The best articles of a request, without reading any of them.
    pub fn rank(&self, request: &Request, worker: &mut Worker) -> Result<Ranked, SearchError> {
        request.jobs.attended(|jobs| self.rank_best(&Request { jobs, ..request.clone() }, worker))
    }

    /// The same, where others were asked to stand by before.
    fn rank_best(&self, request: &Request, worker: &mut Worker) -> Result<Ranked, SearchError> {
        self.rank_with(request, second_stage(request.limit), worker)
    }

    /// The same, with `seconds` candidates for the second stage.
    pub(super) fn rank_with(
        &self,
        request: &Request,
        seconds: usize,
        worker: &mut Worker,
    ) -> Result<Ranked, SearchError> {
        let typed = composed(&request.query);
        let mut query = if request.plain { plain(&typed) } else { parse(&typed, request.today()) };
        join(&mut query.root, worker);
        let mut sought = self.sought(&query.root, worker)?;
        let corrected = !request.plain && !request.exact && !request.no_correct;
        let mut fixes = if corrected { fixes(&sought, &self.reader, worker)? } else { Vec::new() };
        if !fixes.is_empty() {
            apply(&mut query.root, &fixes);
            sought = self.sought(&query.root, worker)?;
        }
        query.remarks.extend(look_up(&mut sought, &self.reader, worker)?);
        let fields = &self.reader.fields;
        let expanded = !request.no_expand && !request.exact;
        let limited;
        let glossary = if request.glossary == Sources::ALL {
            &self.glossary
        } else {
            limited = self.glossary.limited(request.glossary);
            &limited
        };
        let mut concepts =
            if expanded { named_by(&sought, request, glossary, &self.reader, worker)? } else { Vec::new() };
        if corrected {
            let named = |number: usize| concepts.iter().any(|concept| concept.leaves.contains(&number));
            let respelt = spelling::fixes(&sought, named, &self.reader, worker)?;
            if !respelt.is_empty() {
                apply(&mut query.root, &respelt);
                sought = self.sought(&query.root, worker)?;
                look_up(&mut sought, &self.reader, worker)?;
                if expanded {
                    concepts = named_by(&sought, request, glossary, &self.reader, worker)?;
                }
                fixes.extend(respelt);
            }
        }
        let wanted = sought.wanted();
        let forms = sought.forms();
        concepts.extend(formed(&sought));
        let (clues, mut slots) = (clues(&wanted, forms, &request.evidence, fields), slots(&concepts, &wanted, fields));
        if !request.evidence.is_empty() {
            slots.retain(|slot| request.evidence.contains(&slot.kind));
        }
        let (mut weighed, slots) = weigh(clues, slots, forms.own, &self.reader, &self.norms, request.jobs)?;
        let place_of = |concept: usize| {
            let span = concepts[concept].span;
            let within = |token: &Token| token.span.start < span.end && token.span.end > span.start;
            let places = wanted.iter().enumerate().flat_map(|(at, word)| word.tokens.iter().map(move |it| (at, it)));
            places.filter(|(_, it)| within(it)).map(|(at, it)| (at, it.position)).next().unwrap_or_default()
        };
        weighed.extend(whereabouts(&slots, place_of));
        let expansions = expansions(&concepts, &slots);
        let most = request.offset.saturating_add(request.limit);
        let find = || find(&self.reader, &query, &sought, &said(&concepts, &slots, &self.reader)?, request);
        let by_score = request.sort == Sort::Relevance && request.recent.is_none() && request.evidence.is_empty();
        let (found, retrieved) = match finds_any(&query, &sought, request).filter(|_| by_score) {
            Some(conditions) => {
                let allowed = allowed(&self.reader, request, &conditions)?;
                let (best, found) = retrieve_any(
                    &self.reader,
                    &weighed,
                    &slots,
                    &self.norms,
                    most.max(seconds),
                    allowed.as_ref(),
                    request.jobs,
                )?;
                debug_assert_eq!(found, find()?, "{query}");
                (found, Some(best))
            }
            None => (find()?, None),
        };
        let mut known = Known::default();
        let candidates = match request.sort {
            Sort::Relevance if wanted.is_empty() && slots.is_empty() => {
                let all = found.iter().take(most);
                all.map(|address| Candidate::new(address, 0.0)).collect()
            }
            Sort::Relevance => {
                let best = |k| retrieve(&self.reader, &weighed, &slots, &self.norms, k, &found);
                let recency = match request.recent {
                    Some(half_life) => Some(Recency::new(&self.reader, half_life, request.today)?),
                    None => None,
                };
                let mut candidates = match (retrieved, &recency) {
                    (Some(retrieved), _) => retrieved,
                    (None, Some(recency)) => best_recent(recency, most.max(seconds), best)?,
                    (None, None) => best(most.max(seconds))?,
                };
                let seconds = seconds.min(candidates.len());
                let (head, tail) = candidates.split_at_mut(seconds);
                known = rescore(&self.reader, &weighed, &self.norms, head, request.jobs)?;
                if let Some(recency) = &recency {
                    recency.apply(head);
                    recency.apply(tail);
                }
                self.order_ties(head)?;
                add_unscored(&found, most, &mut candidates);
                candidates.truncate(most);
                candidates
            }
            Sort::Newest | Sort::Oldest => self.by_date(&found, request.sort == Sort::Newest, most)?,
        };
        let things = if request.highlight { groups(&weighed) } else { Vec::new() };
        Ok(Ranked { query, sought, candidates, weighed, slots, known, things, found, fixes, expansions })
    }

    /// Articles in order of publication; undated ones come last either way, and what ties stands in the order of its keys.
    pub(super) fn by_date(&self, found: &Found, newest: bool, most: usize) -> Result<Vec<Candidate>, SearchError> {
        let (published, keys) = (self.reader.published()?, self.reader.keys()?);
        let mut dated: Vec<(i64, u64, DocAddress)> = found
            .iter()
            .map(|address| {
                let segment = address.segment_ord as usize;
                let at = published[segment].first(address.doc_id);
                let at = at.map_or(i64::MAX, |at| if newest { -at } else { at });
                (at, keys[segment].first(address.doc_id).unwrap_or(0), address)
            })
            .collect();
        dated.sort_unstable();
        Ok(dated.into_iter().take(most).map(|(_, _, address)| Candidate::new(address, 0.0)).collect())
    }

    /// Runs a request.
    pub fn search(&self, request: &Request, worker: &mut Worker) -> Result<Answer, SearchError> {
        let started = Instant::now();
        request.jobs.attended(|jobs| self.answer(&Request { jobs, ..request.clone() }, started, worker))
    }

    fn answer(&self, request: &Request, started: Instant, worker: &mut Worker) -> Result<Answer, SearchError> {
        let Page { ranked, hits: page, before, next } = self.page(request, worker)?;
        let addresses: Vec<DocAddress> = page.iter().map(|candidate| candidate.address).collect();
        let wanted = if request.highlight {
            ranked.occurrences(&self.reader, &addresses, request.jobs)?
        } else {
            vec![Vec::new(); page.len()]
        };
        let hits = self.hits(request, &page, &wanted, before, &ranked, worker)?;
        let facets = count(&self.reader, &ranked.found, &request.facets)?;
        let keywords = self.keywords(request, &ranked, worker)?;
        Ok(Answer {
            query: request.query.clone(),
            understood: ranked.query.to_string(),
            remarks: self.remarks(request, &ranked.query)?,
            total: ranked.found.total(),
            took_us: started.elapsed().as_micros() as u64,
            index: IndexSize { articles: self.reader.articles() },
            limit: request.limit,
            corrections: ranked.fixes.iter().map(Correction::from).collect(),
            expansions: ranked.expansions,
            hits,
            next_cursor: next.map(|cursor| cursor.to_string()),
            facets,
            keywords,
        })
    }

    /// What was not taken as it may have been meant, and what names nothing of this index.
    fn remarks(&self, request: &Request, query: &Query) -> Result<Vec<String>, SearchError> {
        let fields = &self.reader.fields;
        let mut out = query.remarks.clone();
        out.extend(self.words_remark.clone());
        for (what, field, name) in
            [("outlet", fields.source, &request.source), ("section", fields.section, &request.section)]
        {
            let Some(name) = name else { continue };
            if let Named::Near(near) = named(&self.reader, field, name)? {
                let near = if near.is_empty() { String::new() } else { format!("; near: {}", near.join(", ")) };
                out.push(format!("{name}: no {what} of this name{near}"));
            }
        }
        Ok(out)
    }

    fn keywords(&self, request: &Request, ranked: &Ranked, worker: &mut Worker) -> Result<Vec<Keyword>, SearchError> {
        if request.keywords == 0 {
            return Ok(Vec::new());
        }
        let wide = Request { limit: SAMPLE, offset: 0, ..request.clone() };
        let hits = first_of_each(&self.reader, &self.rank_best(&wide, worker)?.candidates)?;
        let variants = ranked.slots.iter().flat_map(|slot| &slot.slot.variants);
        let typed = ranked.weighed.iter().map(|clue| clue.clue.term.as_str());
        let asked = typed.chain(variants.flat_map(|variant| variant.terms.iter().map(String::as_str))).collect();
        keywords(&self.reader, &hits, &asked, request.keywords, worker)
    }

    /// The ids of the best articles with their scores, best first.
    pub fn ranked_ids(&self, request: &Request, worker: &mut Worker) -> Result<Vec<(String, f32)>, SearchError> {
        let ranked = self.rank(request, worker)?;
        ranked
            .candidates
            .iter()
            .map(|candidate| {
                let unpacked = self.reader.article(candidate.address)?;
                let record = self.reader.record(&unpacked)?;
                Ok((record.id.to_owned(), candidate.score))
            })
            .collect()
    }

    /// Queries drawn evenly from the index: the first words of titles and bodies, of one to three words.
    pub fn sample_queries(&self, most: usize) -> Result<Vec<TestQuery>, SearchError> {
        let mut queries = Vec::new();
        let total = self.reader.articles() as usize;
        let step = (total / most.max(1)).max(1);
        let mut seen = 0;
        for (ord, segment) in self.reader.searcher.segment_readers().iter().enumerate() {
            for doc in segment.doc_ids_alive() {
                seen += 1;
                if (seen - 1) % step != 0 || queries.len() == most {
                    continue;
                }
                let unpacked = self.reader.article(DocAddress::new(ord as u32, doc))?;
                let record = self.reader.record(&unpacked)?;
                let text = if record.title.is_empty() { record.body } else { record.title };
                let length = queries.len() % 3 + 1;
                let words: Vec<&str> = text.split_whitespace().take(length).collect();
                if !words.is_empty() {
                    let class = ["one word", "two words", "three words"][words.len() - 1];
                    queries.push(TestQuery {
                        id: format!("q{}", queries.len()),
                        class: Some(class.to_owned()),
                        text: words.join(" "),
                    });
                }
            }
        }
        Ok(queries)
    }
}
