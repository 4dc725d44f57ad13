//! Which articles a query finds: the set that is counted, filtered and paged, exactly.
//!
//! An article is found by a word if it holds the word's morphemes all together, or its printed form, or all pairs of its
//! syllables: `에어팟` does not find every 팟, yet `레이` finds 레이텍. That is asked of a single word and of whatever is
//! required, excluded or joined by signs. Several plain words find what holds anything of any of them: which articles hold
//! more, or hold it whole, is for the ranking to say. A single word that nothing holds whole is looked for in the same way,
//! so that a misspelt or unknown name never gives an empty page while a part of it is there.

mod filters;
mod phrase;
mod places;
pub mod standing;
mod tree;
mod words;

use tantivy::index::SegmentReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, TantivyError, Term};

use super::ast::{Clause, Filter, Form, Node, Occur};
use super::parse::Query;
use super::request::Request;
use super::sought::{Sought, wishes};
use super::words::Place;
use tree::Search;
use words::has_no_parts;

use crate::analyze::Span;
use crate::rank::evidence::QueryWord;
use crate::store::bits::{Bits, all_of};
use crate::store::reader::Reader;
use crate::store::record::Record;
use crate::store::version::StoreError;

/// The articles that a query finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    segments: Vec<Bits>,
}

impl Found {
    /// The articles that `keep` accepts.
    pub fn new(reader: &Reader, mut keep: impl FnMut(DocAddress) -> bool) -> Found {
        let of_segment = |(ord, segment): (usize, &SegmentReader)| {
            let mut bits = Bits::empty(segment.max_doc());
            let accepted = segment.doc_ids_alive().filter(|&doc| keep(DocAddress::new(ord as u32, doc)));
            accepted.for_each(|doc| bits.insert(doc));
            bits
        };
        Found { segments: reader.searcher.segment_readers().iter().enumerate().map(of_segment).collect() }
    }

    /// The sets of all segments, in their order.
    pub fn of(segments: Vec<Bits>) -> Found {
        Found { segments }
    }

    pub fn contains(&self, address: DocAddress) -> bool {
        self.segments[address.segment_ord as usize].contains(address.doc_id)
    }

    /// Those of the segment of this number.
    pub fn of_segment(&self, ord: usize) -> &Bits {
        &self.segments[ord]
    }

    pub fn total(&self) -> u64 {
        self.segments.iter().map(Bits::count).sum()
    }

    /// All of them, in order of their addresses.
    pub fn iter(&self) -> impl Iterator<Item = DocAddress> + '_ {
        self.segments
            .iter()
            .enumerate()
            .flat_map(|(ord, bits)| bits.iter().map(move |doc| DocAddress::new(ord as u32, doc)))
    }
}

/// Articles that say in other words what some leaves ask for.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    /// The numbers of the leaves.
    pub leaves: std::ops::Range<usize>,
    /// The part of the query's text that is said so.
    pub span: Span,
    /// Of each segment.
    pub lists: &'a [Vec<(DocId, f32)>],
}

/// Finds the articles for `query`, whose leaves are `sought`, under the filters of `request`.
pub fn find(
    reader: &Reader,
    query: &Query,
    sought: &Sought,
    said: &[Said],
    request: &Request,
) -> tantivy::Result<Found> {
    let forms = sought.forms();
    let wished = wishes(&query.root).map(|leaf| sought.leaves[leaf.number].words.len()).sum::<usize>();
    let found = |wish: Hold| -> tantivy::Result<Found> {
        let strict = if request.exact { Hold::Printed } else { Hold::Whole };
        let segments = Lists::of(reader).map(|lists| {
            let search = Search { lists, sought, said, forms, wish, strict };
            let mut bits = search.root(&query.root)?;
            search.lists.restrict(request, &mut bits)?;
            search.lists.drop_removed(&mut bits);
            Ok(bits)
        });
        Ok(Found { segments: segments.collect::<tantivy::Result<_>>()? })
    };
    if request.exact {
        return found(Hold::Printed);
    }
    if wished > 1 {
        return found(Hold::Any);
    }
    let whole = found(Hold::Whole)?;
    if whole.total() == 0 && wished > 0 { found(Hold::Any) } else { Ok(whole) }
}

/// The conditions on articles of a query that otherwise finds whatever holds any term of its words, or says it in other words:
/// several plain words, or a single one that cannot be held in part. `None` where it asks for more.
pub fn finds_any<'q>(query: &'q Query, sought: &Sought, request: &Request) -> Option<Vec<&'q Filter>> {
    let Node::List(clauses) = &query.root else { return None };
    let (mut words, mut conditions) = (Vec::new(), Vec::new());
    for Clause { occur, node } in clauses {
        match (occur, node) {
            (Occur::Should, Node::Leaf(leaf)) if leaf.form == Form::Word && leaf.part.is_none() && leaf.boost > 0.0 => {
                let [word] = sought.leaves[leaf.number].words.as_slice() else { return None };
                words.push(word);
            }
            (Occur::Must, Node::Filter(filter)) => conditions.push(filter),
            _ => return None,
        }
    }
    let any = match words.as_slice() {
        [] => false,
        [word] => has_no_parts(word),
        _ => true,
    };
    (any && !request.exact).then_some(conditions)
}

/// The articles that the filters of `request` and these conditions allow; `None` where these are all.
pub fn allowed(reader: &Reader, request: &Request, conditions: &[&Filter]) -> tantivy::Result<Option<Found>> {
    let removed = (0..reader.searcher.segment_readers().len()).any(|ord| reader.kept(ord).is_some());
    if conditions.is_empty() && !request.restricts() && !removed {
        return Ok(None);
    }
    let segments = Lists::of(reader).map(|lists| {
        let mut bits = Bits::full(lists.segment.max_doc());
        lists.restrict(request, &mut bits)?;
        for filter in conditions {
            bits.and(&lists.matching(filter)?);
        }
        lists.drop_removed(&mut bits);
        Ok(bits)
    });
    Ok(Some(Found { segments: segments.collect::<tantivy::Result<_>>()? }))
}

/// All articles that the filters of `request` allow.
pub fn everything(reader: &Reader, request: &Request) -> tantivy::Result<Found> {
    let all = || Found::of(Lists::of(reader).map(|lists| Bits::full(lists.segment.max_doc())).collect());
    Ok(allowed(reader, request, &[])?.unwrap_or_else(all))
}

/// The articles that hold a pair of syllables.
pub fn with_pair(reader: &Reader, pair: &str) -> tantivy::Result<Found> {
    let segments = Lists::of(reader).map(|lists| {
        let mut bits = lists.none();
        lists.pair(pair, &mut bits)?;
        lists.drop_removed(&mut bits);
        Ok(bits)
    });
    Ok(Found { segments: segments.collect::<tantivy::Result<_>>()? })
}

/// True where some article holds the pair of syllables.
pub fn holds_pair(reader: &Reader, pair: &str) -> tantivy::Result<bool> {
    for field in reader.fields.of_pairs() {
        if reader.searcher.doc_freq(&Term::from_field_text(field, pair))? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// True where some article holds the words one after the other.
pub fn holds_phrase(reader: &Reader, words: &[QueryWord]) -> tantivy::Result<bool> {
    for lists in Lists::of(reader) {
        if !lists.phrase(words, 0)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How much of a word an article must hold to be found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// The word as printed.
    Printed,
    /// The word as printed, or all of its morphemes, or all pairs of its syllables.
    Whole,
    /// Any term of the word.
    Any,
}

/// Adds the articles of a list.
fn add_list(mut postings: BlockSegmentPostings, out: &mut Bits) {
    while !postings.docs().is_empty() {
        postings.docs().iter().for_each(|&doc| out.insert(doc));
        postings.advance();
    }
}

/// The posting lists, columns and records of one segment.
struct Lists<'a> {
    reader: &'a Reader,
    segment: &'a SegmentReader,
    ord: usize,
}

impl Lists<'_> {
    /// Those of all segments, in their order.
    fn of(reader: &Reader) -> impl Iterator<Item = Lists<'_>> {
        let segments = reader.searcher.segment_readers().iter().enumerate();
        segments.map(move |(ord, segment)| Lists { reader, segment, ord })
    }

    fn none(&self) -> Bits {
        Bits::empty(self.segment.max_doc())
    }

    /// Takes out what was removed since the segment was written.
    fn drop_removed(&self, bits: &mut Bits) {
        if let Some(kept) = self.reader.kept(self.ord) {
            bits.and(kept);
        }
    }

    fn postings(&self, field: Field, term: &str) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let inverted = self.reader.inverted(self.ord, field)?;
        Ok(inverted.read_block_postings(&Term::from_field_text(field, term), IndexRecordOption::Basic)?)
    }

    /// What a stored article says, for what no list tells.
    fn record<T>(&self, doc: DocId, says: impl FnOnce(&Record) -> T) -> tantivy::Result<T> {
        let unreadable = |error: StoreError| TantivyError::InternalError(error.to_string());
        let unpacked = self.reader.article(DocAddress::new(self.ord as u32, doc)).map_err(unreadable)?;
        let record = self.reader.record(&unpacked).map_err(unreadable)?;
        Ok(says(&record))
    }

    /// The articles with one of the terms of every place; `None` where there are no places.
    fn all_places(&self, field: Field, places: &[Place]) -> tantivy::Result<Option<Bits>> {
        let mut sets = Vec::with_capacity(places.len());
        for place in places {
            let mut any = self.none();
            place.iter().try_for_each(|term| self.add(field, term, &mut any))?;
            sets.push(any);
        }
        Ok(all_of(sets))
    }

    /// Adds the articles with `term`.
    fn add(&self, field: Field, term: &str, out: &mut Bits) -> tantivy::Result<()> {
        if let Some(postings) = self.postings(field, term)? {
            add_list(postings, out);
        }
        Ok(())
    }

    /// Adds the articles with all of `terms`.
    fn add_all(&self, field: Field, terms: &[&str], out: &mut Bits) -> tantivy::Result<()> {
        match terms {
            [] => Ok(()),
            [term] => self.add(field, term, out),
            [first, rest @ ..] => {
                let mut all = self.none();
                self.add(field, first, &mut all)?;
                for term in rest {
                    let mut bits = self.none();
                    self.add(field, term, &mut bits)?;
                    all.and(&bits);
                }
                out.or(&all);
                Ok(())
            }
        }
    }
}
