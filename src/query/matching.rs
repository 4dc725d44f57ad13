//! Which articles a query finds: the set that is counted, filtered and paged, exactly.
//!
//! An article is found by a word if it holds the word's morphemes all together, or its printed form, or all pairs of its
//! syllables: `에어팟` does not find every 팟, yet `레이` finds 레이텍. That is asked of a single word and of whatever is
//! required or excluded. Several plain words find what holds anything of any of them: which articles hold more, or hold
//! it whole, is for the ranking to say. A single word that nothing holds whole is looked for in the same way, so that a
//! misspelt or unknown name never gives an empty page while a part of it is there.

use tantivy::index::SegmentReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{EnableScoring, PhraseQuery, Query};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, TERMINATED, Term};

use super::labels::{Named, named};
use super::parse::{Clause, Occur};
use super::request::{DateRange, Request};
use crate::analyze::{Evidence, Span, Token};
use crate::article::{Lang, day_number};
use crate::rank::evidence::QueryWord;
use crate::store::reader::Reader;

/// A set of articles of one segment, a bit each.
#[derive(Debug, Clone)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    fn empty(len: u32) -> Bits {
        Bits { words: vec![0; len.div_ceil(64) as usize], len }
    }

    fn full(len: u32) -> Bits {
        let mut words = vec![u64::MAX; len.div_ceil(64) as usize];
        if let (Some(last), 1..) = (words.last_mut(), len % 64) {
            *last = (1 << (len % 64)) - 1;
        }
        Bits { words, len }
    }

    fn insert(&mut self, doc: DocId) {
        self.words[(doc / 64) as usize] |= 1 << (doc % 64);
    }

    pub fn contains(&self, doc: DocId) -> bool {
        self.words[(doc / 64) as usize] >> (doc % 64) & 1 == 1
    }

    fn or(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    fn and(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    fn and_not(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The articles of the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        (0..self.len).filter(|&doc| self.contains(doc))
    }
}

/// The articles that a query finds.
#[derive(Debug, Clone)]
pub struct Found {
    segments: Vec<Bits>,
}

impl Found {
    pub fn contains(&self, address: DocAddress) -> bool {
        self.segments[address.segment_ord as usize].contains(address.doc_id)
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

/// Articles that say in other words what some clauses ask for.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    pub clauses: std::ops::Range<usize>,
    /// Of each segment.
    pub lists: &'a [Vec<(DocId, f32)>],
}

/// Finds the articles for `clauses` (with the words of each) under the filters of `request`.
pub fn find(
    reader: &Reader,
    clauses: &[(Clause, Vec<QueryWord>)],
    said: &[Said],
    request: &Request,
) -> tantivy::Result<Found> {
    let plain = || clauses.iter().filter(|(clause, _)| clause.occur == Occur::Should).map(|(_, words)| words.len());
    if request.exact {
        return found(reader, clauses, said, request, Hold::Printed);
    }
    if plain().sum::<usize>() > 1 {
        return found(reader, clauses, said, request, Hold::Any);
    }
    let whole = found(reader, clauses, said, request, Hold::Whole)?;
    if whole.total() == 0 && plain().sum::<usize>() > 0 {
        return found(reader, clauses, said, request, Hold::Any);
    }
    Ok(whole)
}

/// All articles that the filters of `request` allow.
pub fn everything(reader: &Reader, request: &Request) -> tantivy::Result<Found> {
    let mut segments = Vec::new();
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let mut bits = Bits::empty(segment.max_doc());
        segment.doc_ids_alive().for_each(|doc| bits.insert(doc));
        Segment { reader, segment, ord }.filter(request, &mut bits)?;
        segments.push(bits);
    }
    Ok(Found { segments })
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

fn found(
    reader: &Reader,
    clauses: &[(Clause, Vec<QueryWord>)],
    said: &[Said],
    request: &Request,
    plain: Hold,
) -> tantivy::Result<Found> {
    let mut segments = Vec::new();
    for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
        let search = Segment { reader, segment, ord };
        let mut bits = search.clauses(clauses, said, plain)?;
        search.filter(request, &mut bits)?;
        if let Some(alive) = segment.alive_bitset() {
            let dead: Vec<DocId> = bits.iter().filter(|&doc| !alive.is_alive(doc)).collect();
            for doc in dead {
                bits.words[(doc / 64) as usize] &= !(1 << (doc % 64));
            }
        }
        segments.push(bits);
    }
    Ok(Found { segments })
}

struct Segment<'a> {
    ord: usize,
    reader: &'a Reader,
    segment: &'a SegmentReader,
}

impl Segment<'_> {
    fn len(&self) -> u32 {
        self.segment.max_doc()
    }

    fn clauses(&self, clauses: &[(Clause, Vec<QueryWord>)], said: &[Said], plain: Hold) -> tantivy::Result<Bits> {
        let strict = if plain == Hold::Printed { Hold::Printed } else { Hold::Whole };
        let mut any = Bits::empty(self.len());
        let mut required: Option<Bits> = None;
        let mut has_plain = false;
        for (at, (clause, words)) in clauses.iter().enumerate() {
            if clause.occur == Occur::MustNot {
                continue;
            }
            let hold = if clause.occur == Occur::Should { plain } else { strict };
            let mut bits = if clause.phrase { self.phrase(words)? } else { self.words(words, hold)? };
            // a name of several clauses, each of which is required, is looked for as typed
            let of_this =
                |said: &&Said| said.clauses == (at..at + 1) || (hold == Hold::Any && said.clauses.contains(&at));
            for said in said.iter().filter(of_this) {
                said.lists[self.ord].iter().for_each(|&(doc, _)| bits.insert(doc));
            }
            match clause.occur {
                Occur::Must => match &mut required {
                    Some(required) => required.and(&bits),
                    None => required = Some(bits),
                },
                _ => {
                    has_plain = true;
                    any.or(&bits);
                }
            }
        }
        let mut found = match required {
            Some(required) => required,
            None if has_plain => any,
            None if clauses.is_empty() => any,
            // only exclusions: everything but those
            None => Bits::full(self.len()),
        };
        for (clause, words) in clauses.iter().filter(|(clause, _)| clause.occur == Occur::MustNot) {
            let bits = if clause.phrase { self.phrase(words)? } else { self.words(words, strict)? };
            found.and_not(&bits);
        }
        Ok(found)
    }

    /// Articles that hold every word of a clause (nearly always one word).
    fn words(&self, words: &[QueryWord], hold: Hold) -> tantivy::Result<Bits> {
        let mut all: Option<Bits> = None;
        for word in words {
            let bits = if hold == Hold::Any { self.any(word)? } else { self.word(word, hold == Hold::Printed)? };
            match &mut all {
                Some(all) => all.and(&bits),
                None => all = Some(bits),
            }
        }
        Ok(all.unwrap_or_else(|| Bits::empty(self.len())))
    }

    /// Articles with any term of the word.
    fn any(&self, word: &QueryWord) -> tantivy::Result<Bits> {
        let fields = &self.reader.fields;
        let mut out = Bits::empty(self.len());
        for token in &word.tokens {
            match token.evidence {
                Evidence::Word => {
                    self.add(fields.ko.text, &token.term, &mut out)?;
                    self.add(fields.en.text, &token.term, &mut out)?;
                }
                Evidence::Exact => {
                    self.add(fields.ko.exact, &token.term, &mut out)?;
                    self.add(fields.en.exact, &token.term, &mut out)?;
                }
                Evidence::Bigram => self.add(fields.bigram, &token.term, &mut out)?,
            }
        }
        Ok(out)
    }

    fn word(&self, word: &QueryWord, exact: bool) -> tantivy::Result<Bits> {
        let fields = &self.reader.fields;
        let mut out = Bits::empty(self.len());
        for lang in [Lang::Ko, Lang::En] {
            let of_lang = fields.of(lang);
            for token in word.terms(Evidence::Exact) {
                // the printed form of the whole word, not of one of several parts
                if word.terms(Evidence::Exact).count() == 1 {
                    self.add(of_lang.exact, &token.term, &mut out)?;
                }
            }
            if !exact {
                self.places(of_lang.text, word, &mut out)?;
            }
        }
        if !exact {
            let pairs: Vec<&str> = word.terms(Evidence::Bigram).map(|token| token.term.as_str()).collect();
            self.add_all(fields.bigram, &pairs, &mut out)?;
        }
        Ok(out)
    }

    /// Adds the articles that hold one term for every place of the word: at one place stand a sign and its reading, or a
    /// number and its value. What spans the whole word (the joined form of `e-mail`) is enough by itself.
    fn places(&self, field: Field, word: &QueryWord, out: &mut Bits) -> tantivy::Result<()> {
        let tokens: Vec<&Token> = word.terms(Evidence::Word).collect();
        let (Some(start), Some(end)) =
            (tokens.iter().map(|token| token.span.start).min(), tokens.iter().map(|token| token.span.end).max())
        else {
            return Ok(());
        };
        let mut all: Option<Bits> = None;
        for place in tokens.chunk_by(|a, b| a.position == b.position) {
            let mut any = Bits::empty(self.len());
            for token in place {
                self.add(field, &token.term, &mut any)?;
                if token.span == Span::new(start, end) {
                    self.add(field, &token.term, out)?;
                }
            }
            match &mut all {
                Some(all) => all.and(&any),
                None => all = Some(any),
            }
        }
        if let Some(all) = all {
            out.or(&all);
        }
        Ok(())
    }

    /// Articles in which the words stand one after the other, particles aside.
    fn phrase(&self, words: &[QueryWord]) -> tantivy::Result<Bits> {
        let mut out = Bits::empty(self.len());
        let mut terms: Vec<(usize, &str)> = Vec::new();
        let mut position = 0;
        for word in words {
            let mut last = None;
            for token in word.terms(Evidence::Word) {
                if last != Some(token.position) {
                    terms.push((position, &token.term));
                    position += 1;
                    last = Some(token.position);
                }
            }
        }
        for lang in [Lang::Ko, Lang::En] {
            let field = self.reader.fields.of(lang).text;
            match &terms[..] {
                [] => {}
                [(_, term)] => self.add(field, term, &mut out)?,
                _ => {
                    let terms = terms.iter().map(|&(at, term)| (at, Term::from_field_text(field, term))).collect();
                    let query = PhraseQuery::new_with_offset(terms);
                    let weight = query.weight(EnableScoring::disabled_from_searcher(&self.reader.searcher))?;
                    let mut scorer = weight.scorer(self.segment, 1.0)?;
                    while scorer.doc() != TERMINATED {
                        out.insert(scorer.doc());
                        scorer.advance();
                    }
                }
            }
        }
        if terms.is_empty() {
            // function words only: as printed, all of them
            let printed: Vec<&str> =
                words.iter().flat_map(|word| word.terms(Evidence::Exact)).map(|token| token.term.as_str()).collect();
            for lang in [Lang::Ko, Lang::En] {
                self.add_all(self.reader.fields.of(lang).exact, &printed, &mut out)?;
            }
        }
        Ok(out)
    }

    fn postings(&self, field: Field, term: &str) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let inverted = self.segment.inverted_index(field)?;
        Ok(inverted.read_block_postings(&Term::from_field_text(field, term), IndexRecordOption::Basic)?)
    }

    /// Adds the articles with `term`.
    fn add(&self, field: Field, term: &str, out: &mut Bits) -> tantivy::Result<()> {
        let Some(mut postings) = self.postings(field, term)? else { return Ok(()) };
        loop {
            let docs = postings.docs();
            if docs.is_empty() {
                return Ok(());
            }
            for &doc in docs {
                out.insert(doc);
            }
            postings.advance();
        }
    }

    /// Adds the articles with all of `terms`.
    fn add_all(&self, field: Field, terms: &[&str], out: &mut Bits) -> tantivy::Result<()> {
        match terms {
            [] => Ok(()),
            [term] => self.add(field, term, out),
            [first, rest @ ..] => {
                let mut all = Bits::empty(self.len());
                self.add(field, first, &mut all)?;
                for term in rest {
                    let mut bits = Bits::empty(self.len());
                    self.add(field, term, &mut bits)?;
                    all.and(&bits);
                }
                out.or(&all);
                Ok(())
            }
        }
    }

    fn filter(&self, request: &Request, bits: &mut Bits) -> tantivy::Result<()> {
        let fields = &self.reader.fields;
        let label = |field: Field, value: &str, bits: &mut Bits| -> tantivy::Result<()> {
            let mut with = Bits::empty(self.len());
            self.add(field, value, &mut with)?;
            bits.and(&with);
            Ok(())
        };
        if let Some(lang) = request.lang {
            label(fields.lang, lang.code(), bits)?;
        }
        for (field, name) in [(fields.source, &request.source), (fields.section, &request.section)] {
            let Some(name) = name else { continue };
            let mut with = Bits::empty(self.len());
            if let Named::Labels(labels) = named(self.reader, field, name)? {
                labels.iter().try_for_each(|label| self.add(field, label, &mut with))?;
            }
            bits.and(&with);
        }
        let DateRange { since, until } = request.published;
        if since.is_some() || until.is_some() {
            let from = since.map_or(i64::MIN, day_number);
            let to = until.map_or(i64::MAX, day_number);
            let column = self.segment.fast_fields().i64("day")?;
            let mut with = Bits::empty(self.len());
            for doc in bits.iter() {
                if column.first(doc).is_some_and(|at| at >= from && at <= to) {
                    with.insert(doc);
                }
            }
            *bits = with;
        }
        Ok(())
    }
}
