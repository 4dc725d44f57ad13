//! From an article to what the index keeps of it: analysis once, for every field at the same time.
//!
//! Words of the title and of the first [`LEAD_CHARS`] characters count [`LEAD_COUNT`] times in every kind of evidence: news
//! says first what it is about.

use std::io;

use tantivy::TantivyDocument;
use tantivy::schema::Field;

use super::dictionary::Dictionary;
use super::invert::Detail;
use super::invert::inverter::{Inverter, LEAD_COUNT};
use super::invert::run::Run;
use super::invert::vocabulary::Vocabulary;
use super::numbering::{Kind, Numbering, TOGETHER, UNSKETCHED};
use super::record::{Packer, RecordError, SECTION_GAP};
use super::schema::{Fields, host_of, order_key, schema};
use super::segment::{Entry, Place, RunId};
use crate::analyze::chunk::core_of;
use crate::analyze::cut::Cut;
use crate::analyze::number::Joiner;
use crate::analyze::{Analyzer, Span, Worker};
use crate::article::{Article, Lang};
use crate::glossary::mine::mine;
use crate::ingest::fingerprint::{Sketch, Sketcher};
use crate::suggest::printed::Printed;

/// How far the opening of an article reaches, in characters of the lead and body.
const LEAD_CHARS: usize = 200;
/// How far the opening field of English articles reaches, in characters.
const OPENING_CHARS: usize = 100;

/// The most that a pair of syllables or a Korean printed form counts: two bits of a posting instead of four, and no set of
/// queries is answered worse. (Of English printed forms the same would cost 1 % of nDCG.)
const MOST_KOREAN: u32 = 4;

/// Prepares articles for the writer; one per thread.
pub struct Preparer {
    worker: Worker,
    numbering: Numbering,
    inverter: Inverter,
    run: RunId,
    packer: Packer,
    fields: Fields,
    tokens: Tokens,
    sketcher: Sketcher,
    sketches: bool,
    glosses: Vec<String>,
    mines: bool,
}

/// An article ready to be added, but for its wire group; its words are in a run.
pub struct Prepared {
    /// Labels, columns and the record.
    pub document: TantivyDocument,
    pub sketch: Sketch,
    /// How many words each field has, repetitions counted.
    pub lengths: Vec<(Field, u32)>,
    pub place: Place,
}

impl Prepared {
    pub fn in_group(mut self, fields: &Fields, group: u32) -> Prepared {
        self.document.add_u64(fields.group, u64::from(group));
        self
    }

    pub fn entry(&self) -> Entry<'_> {
        Entry { document: &self.document, lengths: &self.lengths, place: self.place }
    }
}

/// The tokens of one article as numbers of terms, in the order of the text.
#[derive(Default)]
struct Tokens {
    /// Number, position, and whether it leads: 32, 31 and 1 bits.
    words: Vec<u64>,
    /// Number, and whether it leads: 31 and 1 bits, as in the following.
    bigrams: Vec<u32>,
    exact: Vec<u32>,
    title: Vec<u32>,
    opening: Vec<u32>,
    /// How many positions each chunk takes.
    positions: Vec<u8>,
}

/// Terms are forgotten after a run where they take more than this part of the memory.
const VOCABULARY_SHARE: usize = 4;

impl Preparer {
    /// `run` is the number of the first run.
    pub fn new(analyzer: &Analyzer, fields: Fields, run: RunId) -> io::Result<Preparer> {
        Ok(Preparer {
            worker: analyzer.worker(),
            numbering: Numbering::default(),
            inverter: Inverter::new(Detail::of_fields(&schema().0)),
            run,
            packer: Packer::new()?,
            fields,
            tokens: Tokens::default(),
            sketcher: Sketcher::default(),
            sketches: true,
            glosses: Vec::new(),
            mines: true,
        })
    }

    /// The same, mining no glosses.
    pub fn without_glosses(self) -> Preparer {
        Preparer { mines: false, ..self }
    }

    /// The same, giving no article a sketch by which copies are known.
    pub fn without_sketches(self) -> Preparer {
        Preparer { sketches: false, ..self }
    }

    /// Throws away what a fault may have left unfinished; the run stays, for articles in it have entered.
    pub fn recover(&mut self, analyzer: &Analyzer) {
        self.worker = analyzer.worker();
        self.numbering = Numbering::default();
        self.tokens = Tokens::default();
        self.sketcher = Sketcher::default();
    }

    /// Packs articles with the archive's own dictionary from here on.
    pub fn learn(&mut self, dictionary: &Dictionary) -> io::Result<()> {
        self.packer.learn(dictionary)
    }

    /// The record of the last article as it was compressed.
    pub fn record(&self) -> &[u8] {
        self.packer.short()
    }

    /// The document of an article, ready to be added.
    pub fn prepare(&mut self, article: &Article) -> Result<Prepared, RecordError> {
        let lang = article.lang.unwrap_or(Lang::En);
        self.tokens.clear();
        let mut chars = 0;
        let mut printed = Printed::new(&article.title);
        let mut position = self.section(&article.title, 0, Part::Title(&mut printed), lang, &mut chars);
        chars = 0;
        for part in [&article.lead, &article.body].into_iter().chain(&article.captions) {
            position = self.section(part, position, Part::Text, lang, &mut chars);
        }
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.id, &article.id);
        document.add_bytes(fields.article, &self.packer.pack(article, &self.tokens.positions)?);
        self.glosses.clear();
        let parts = [&article.title, &article.lead, &article.body].into_iter().chain(&article.captions);
        for part in parts.filter(|_| self.mines) {
            mine(part, &mut self.worker, &mut self.glosses);
        }
        for gloss in self.glosses.drain(..) {
            document.add_text(fields.gloss, gloss);
        }
        for term in printed.terms() {
            document.add_text(fields.headline, term);
        }
        document.add_text(fields.lang, lang.code());
        if let Some(source) = &article.source {
            document.add_text(fields.source, source);
        }
        if let Some(byline) = &article.byline {
            document.add_text(fields.byline, byline);
        }
        if let Some(host) = article.url.as_deref().and_then(host_of) {
            document.add_text(fields.host, host);
        }
        if let Some(section) = &article.section {
            document.add_text(fields.section, section);
        }
        if let Some(published) = &article.published {
            document.add_i64(fields.published, published.sort_key());
            document.add_i64(fields.day, published.day_number());
        }
        document.add_u64(fields.key, order_key(&article.id));
        let place = Place { run: self.run, doc: self.inverter.begin() };
        let of_lang = fields.of(lang);
        let most_printed = if lang == Lang::Ko { MOST_KOREAN } else { u32::MAX };
        let words = self.tokens.words(of_lang.text, &mut self.inverter);
        count(&mut self.tokens.bigrams, fields.bigram, MOST_KOREAN, &mut self.inverter);
        let lengths = vec![
            (of_lang.text, words),
            (of_lang.exact, count(&mut self.tokens.exact, of_lang.exact, most_printed, &mut self.inverter)),
            (of_lang.title, count(&mut self.tokens.title, of_lang.title, u32::MAX, &mut self.inverter)),
            // some pairs are listed and some are words: an article is as long for the ones as for the others
            (fields.bigram, words),
            (fields.opening, count(&mut self.tokens.opening, fields.opening, u32::MAX, &mut self.inverter)),
        ];
        Ok(Prepared { document, sketch: self.sketcher.take(), lengths, place })
    }

    /// Chunks looked up so far, and how many of them were remembered.
    pub fn cache_use(&self) -> (u64, u64) {
        self.numbering.memory_use()
    }

    /// True where the words of the articles since the last run take `memory` bytes.
    pub fn is_full(&self, memory: usize) -> bool {
        let terms = self.inverter.vocabulary.weight();
        terms > memory / VOCABULARY_SHARE || terms + self.inverter.weight() > memory || self.inverter.is_full()
    }

    /// The words of the articles since the last run; those of the next articles go to run `next`. Terms keep their numbers
    /// unless they take too much of `memory`.
    pub fn take_run(&mut self, next: RunId, memory: usize) -> io::Result<(RunId, Run)> {
        let run = self.inverter.take()?;
        if self.inverter.vocabulary.weight() > memory / VOCABULARY_SHARE {
            self.inverter.vocabulary = Vocabulary::default();
            self.numbering.clear();
        }
        Ok((std::mem::replace(&mut self.run, next), run))
    }

    /// Analyses one part of the article from `position` on; returns where the next part begins.
    fn section(&mut self, text: &str, position: u32, mut part: Part, lang: Lang, chars: &mut usize) -> u32 {
        let mut at = position;
        let mut counted_to = 0;
        let mut joiner = Joiner::default();
        let mut cut = Cut::new(text);
        let tokens = &mut self.tokens;
        let opens = lang == Lang::En && matches!(part, Part::Text);
        let mut ahead = Vec::with_capacity(TOGETHER);
        loop {
            ahead.clear();
            while ahead.len() < TOGETHER
                && let Some((chunk, many)) = cut.next(&mut self.worker)
            {
                ahead.push((chunk, core_of(chunk.of(text)).shifted(chunk.start), many));
            }
            if ahead.is_empty() {
                break;
            }
            let sought = self.numbering.seek(ahead.iter().map(|(_, core, _)| core.of(text)));
            for (&(chunk, core, many), sought) in ahead.iter().zip(&sought) {
                if *chars <= LEAD_CHARS {
                    *chars += text[counted_to..chunk.start].chars().count();
                    counted_to = chunk.start;
                }
                let leading = u32::from(matches!(part, Part::Title(_)) || *chars < LEAD_CHARS);
                let opening = opens && *chars < OPENING_CHARS;
                let vocabulary = &mut self.inverter.vocabulary;
                let found = self.numbering.of(sought, &mut self.worker, vocabulary);
                if let Some(value) = joiner.next(found.amount) {
                    tokens.words.push(word(vocabulary.id(value.as_bytes()), at, leading));
                }
                tokens.bigrams.extend(found.bigrams().map(|term| term << 1 | leading));
                tokens.exact.extend(found.forms().map(|form| form.term << 1 | leading));
                for token in found.words() {
                    tokens.words.push(word(token.term, at + u32::from(token.position), leading));
                    if opening {
                        tokens.opening.push(token.term << 1);
                    }
                }
                match &mut part {
                    Part::Title(printed) => {
                        tokens.title.extend(found.words().map(|token| token.term << 1));
                        for form in found.forms().filter(|form| form.kind != Kind::Part) {
                            let span = Span::new(form.start.into(), form.end.into()).shifted(core.start);
                            let meaning = vocabulary.term(form.term);
                            let meaning = std::str::from_utf8(meaning).ok().filter(|_| form.kind == Kind::Meaning);
                            printed.take(span, meaning.unwrap_or(span.of(text)));
                        }
                    }
                    // copies are known by their text: every outlet writes a headline of its own
                    Part::Text if self.sketches => {
                        let hashes = found.words().map(|token| token.hash);
                        hashes.filter(|&hash| hash != UNSKETCHED).for_each(|hash| self.sketcher.word(hash));
                    }
                    Part::Text => {}
                }
                tokens.positions.push(found.positions);
                // what was cut together still counts as the chunks it is of
                tokens.positions.resize(tokens.positions.len() + many - 1, 0);
                at += u32::from(found.positions);
            }
        }
        if *chars <= LEAD_CHARS {
            *chars += text[counted_to..].chars().count();
        }
        at + SECTION_GAP
    }
}

fn word(term: u32, position: u32, leading: u32) -> u64 {
    u64::from(term) << 32 | u64::from(position << 1 | leading)
}

/// How often a token counts by the flag in its lowest bit.
fn weight(flagged: u32) -> u32 {
    if flagged & 1 == 1 { LEAD_COUNT } else { 1 }
}

impl Tokens {
    fn clear(&mut self) {
        let Tokens { words, bigrams, exact, title, opening, positions } = self;
        words.clear();
        positions.clear();
        [bigrams, exact, title, opening].into_iter().for_each(Vec::clear);
    }

    /// Logs the words with their positions; gives the length of the field.
    fn words(&mut self, field: Field, inverter: &mut Inverter) -> u32 {
        self.words.sort_unstable();
        for same in self.words.chunk_by(|a, b| a >> 32 == b >> 32) {
            let positions = same.iter().map(|&word| (word as u32 >> 1, word & 1 == 1));
            inverter.positions(field, (same[0] >> 32) as u32, positions);
        }
        self.words.iter().map(|&word| weight(word as u32)).sum()
    }
}

/// Logs tokens that are only counted, each `most` times at the most; gives the length of the field.
fn count(tokens: &mut [u32], field: Field, most: u32, inverter: &mut Inverter) -> u32 {
    tokens.sort_unstable();
    let mut length = 0;
    for same in tokens.chunk_by(|a, b| a >> 1 == b >> 1) {
        let count: u32 = same.iter().map(|&token| weight(token)).sum();
        inverter.count(field, same[0] >> 1, count.min(most));
        length += count;
    }
    length
}

enum Part<'a, 't> {
    /// Its printed forms are handed on as well.
    Title(&'a mut Printed<'t>),
    Text,
}
