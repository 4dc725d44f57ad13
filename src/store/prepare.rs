//! From an article to what the index keeps of it: analysis once, for every field at the same time.
//!
//! Words of the title and of the first [`LEAD_CHARS`] characters count [`LEAD_COUNT`] times in every kind of evidence: news
//! says first what it is about.

use tantivy::TantivyDocument;

use super::record::{Packer, RecordError, SECTION_GAP};
use super::schema::{Fields, order_key};
use crate::analyze::adapter::PackedField;
use crate::analyze::chunk::chunks;
use crate::analyze::number::Joiner;
use crate::analyze::{Analyzer, Evidence, Worker};
use crate::article::{Article, Lang};
use crate::glossary::mine::mine;
use crate::ingest::fingerprint::{Sketch, Sketcher};
use crate::suggest::printed::printed;

/// How far the opening of an article reaches, in characters of the lead and body.
const LEAD_CHARS: usize = 200;
/// How often a word of the title or the opening counts.
pub const LEAD_COUNT: u32 = 3;
/// How far the opening field of English articles reaches, in characters.
const OPENING_CHARS: usize = 100;

impl Prepared {
    /// The whole document.
    pub fn in_group(self, fields: &Fields, group: u32) -> TantivyDocument {
        let mut document = self.document;
        document.add_u64(fields.group, u64::from(group));
        document
    }
}

/// Prepares articles for the writer; one per thread.
pub struct Preparer {
    worker: Worker,
    packer: Packer,
    fields: Fields,
    text: PackedField,
    bigram: PackedField,
    exact: PackedField,
    title: PackedField,
    opening: PackedField,
    sketcher: Sketcher,
    glosses: Vec<String>,
    mines: bool,
    positions: Vec<u8>,
}

/// An article ready to be added, but for its wire group.
pub struct Prepared {
    pub document: TantivyDocument,
    pub sketch: Sketch,
}

impl Preparer {
    pub fn new(analyzer: &Analyzer, fields: Fields) -> std::io::Result<Preparer> {
        Ok(Preparer {
            worker: analyzer.worker(),
            packer: Packer::new()?,
            fields,
            text: PackedField::default(),
            bigram: PackedField::default(),
            exact: PackedField::default(),
            title: PackedField::default(),
            opening: PackedField::default(),
            sketcher: Sketcher::default(),
            glosses: Vec::new(),
            mines: true,
            positions: Vec::new(),
        })
    }

    /// The same, mining no glosses.
    pub fn without_glosses(self) -> Preparer {
        Preparer { mines: false, ..self }
    }

    /// The document of an article, ready to be added.
    pub fn prepare(&mut self, article: &Article) -> Result<Prepared, RecordError> {
        let lang = article.lang.unwrap_or(Lang::En);
        self.positions.clear();
        let mut position = 0;
        let mut chars = 0;
        position = self.section(&article.title, position, Part::Title, lang, &mut chars);
        chars = 0;
        for part in [&article.lead, &article.body].into_iter().chain(&article.captions) {
            position = self.section(part, position, Part::Text, lang, &mut chars);
        }

        let fields = &self.fields;
        let of_lang = fields.of(lang);
        let mut document = TantivyDocument::new();
        document.add_text(fields.id, &article.id);
        document.add_bytes(fields.article, &self.packer.pack(article, &self.positions)?);
        for (field, packed) in [
            (of_lang.text, &mut self.text),
            (of_lang.exact, &mut self.exact),
            (of_lang.title, &mut self.title),
            (fields.bigram, &mut self.bigram),
            (fields.opening, &mut self.opening),
        ] {
            if !packed.is_empty() {
                document.add_text(field, packed.take());
            }
        }
        self.glosses.clear();
        let parts = [&article.title, &article.lead, &article.body].into_iter().chain(&article.captions);
        for part in parts.filter(|_| self.mines) {
            mine(part, &mut self.worker, &mut self.glosses);
        }
        for gloss in self.glosses.drain(..) {
            document.add_text(fields.gloss, gloss);
        }
        printed(&article.title, &mut self.worker, &mut |term| document.add_text(fields.headline, term));
        document.add_text(fields.lang, lang.code());
        if let Some(source) = &article.source {
            document.add_text(fields.source, source);
        }
        if let Some(section) = &article.section {
            document.add_text(fields.section, section);
        }
        if let Some(published) = &article.published {
            document.add_i64(fields.published, published.sort_key());
            document.add_i64(fields.day, published.day_number());
        }
        document.add_u64(fields.key, order_key(&article.id));
        Ok(Prepared { document, sketch: self.sketcher.take() })
    }

    /// Chunks looked up so far, and how many of them were remembered.
    pub fn cache_use(&self) -> (u64, u64) {
        self.worker.cache_use()
    }

    /// Analyses one part of the article from `position` on; returns where the next part begins.
    fn section(&mut self, text: &str, position: u32, part: Part, lang: Lang, chars: &mut usize) -> u32 {
        let mut at = position;
        let mut counted_to = 0;
        let mut joiner = Joiner::default();
        for chunk in chunks(text) {
            if *chars <= LEAD_CHARS {
                *chars += text[counted_to..chunk.start].chars().count();
                counted_to = chunk.start;
            }
            let leading = part == Part::Title || *chars < LEAD_CHARS;
            let opening = part == Part::Text && lang == Lang::En && *chars < OPENING_CHARS;
            let count = if leading { LEAD_COUNT } else { 1 };
            let (_, analysis) = self.worker.chunk(chunk.of(text));
            if let Some(value) = joiner.next(analysis.amount) {
                self.text.push(&value, at, count);
            }
            for piece in &analysis.pieces {
                let term = analysis.term(piece);
                match piece.evidence {
                    Evidence::Word => {
                        self.text.push(term, at + u32::from(piece.position), count);
                        match part {
                            Part::Title => self.title.push(term, 0, 1),
                            // copies are known by their text: every outlet writes a headline of its own
                            Part::Text => self.sketcher.word(term),
                        }
                        if opening {
                            self.opening.push(term, 0, 1);
                        }
                    }
                    Evidence::Bigram => self.bigram.push(term, 0, count),
                    Evidence::Exact => self.exact.push(term, 0, count),
                }
            }
            self.positions.push(analysis.positions);
            at += u32::from(analysis.positions);
        }
        if *chars <= LEAD_CHARS {
            *chars += text[counted_to..].chars().count();
        }
        at + SECTION_GAP
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Title,
    Text,
}
