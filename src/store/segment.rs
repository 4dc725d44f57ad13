//! One segment of the index, built article by article in the order in which they enter.
//!
//! Stored articles and columns are written as they come; labels are inverted here, the words of an article by the thread that
//! prepared it, and all lists are merged when the segment is finished.

use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReader, FieldNormReaders, FieldNormsSerializer};
use tantivy::index::{Segment, SegmentComponent, SegmentId, SegmentMeta};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf};
use tantivy::schema::{Field, Schema, Value};
use tantivy::store::StoreWriter;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{DocId, Document, TantivyDocument, i64_to_u64};

use super::invert::Detail;
use super::invert::inverter::{Inverter, LocalDoc};
use super::invert::merge::{NOWHERE, Placed, merge};
use super::invert::run::Run;
use super::invert::vocabulary::Vocabulary;

/// What labels may take before they are sorted into a run, in bytes.
const LABEL_MEMORY: usize = 8 << 20;
/// A longer label cannot be looked up.
const LONGEST_LABEL: usize = 65_000;

/// The number of a run; each thread has one run at a time.
pub type RunId = u32;

/// Where the words of a prepared article are: an article of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub run: RunId,
    pub doc: LocalDoc,
}

/// Everything of an article but the postings of its words.
pub struct Entry<'a> {
    /// Labels, columns and the record.
    pub document: &'a TantivyDocument,
    /// How many words each field has, repetitions counted.
    pub lengths: &'a [(Field, u32)],
    pub place: Place,
}

pub struct SegmentBuilder {
    segment: Segment,
    schema: Schema,
    details: Vec<Option<Detail>>,
    store: StoreWriter,
    columns: FastFieldsWriter,
    labels: Inverter,
    /// Labels of the articles before those in `labels`.
    earlier: Vec<Placed>,
    /// Of each field with lengths, the length class of every article.
    norms: Vec<Option<Vec<u8>>>,
    tokens: Vec<u64>,
    /// Of each run, the number here of every article.
    places: Vec<Vec<DocId>>,
    docs: DocId,
    /// How many of the articles have their labels in `labels`.
    labelled: DocId,
}

impl SegmentBuilder {
    pub fn new(segment: Segment) -> tantivy::Result<SegmentBuilder> {
        let schema = segment.schema();
        let settings = segment.index().settings();
        let store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            false,
        )?;
        let columns = FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, TokenizerManager::default())?;
        let details = Detail::of_fields(&schema);
        let norms = schema.fields().map(|(_, entry)| entry.has_fieldnorms().then(Vec::new)).collect();
        Ok(SegmentBuilder {
            labels: Inverter::new(details.clone()),
            tokens: vec![0; details.len()],
            segment,
            schema,
            details,
            store,
            columns,
            norms,
            earlier: Vec::new(),
            places: Vec::new(),
            docs: 0,
            labelled: 0,
        })
    }

    pub fn id(&self) -> SegmentId {
        self.segment.id()
    }

    /// Adds an article as the next of the segment.
    pub fn add(&mut self, entry: &Entry) -> tantivy::Result<()> {
        let doc = self.docs;
        self.store.store(entry.document, &self.schema)?;
        self.columns.add_document(entry.document)?;
        if self.labels.vocabulary.weight() + self.labels.weight() > LABEL_MEMORY || self.labels.is_full() {
            self.put_labels_away()?;
        }
        self.labels.begin();
        self.labelled += 1;
        for (field, value) in entry.document.iter_fields_and_values() {
            if self.details[field.field_id() as usize].is_some() {
                self.label(field, value.as_value());
            }
        }
        for &(field, length) in entry.lengths {
            let at = field.field_id() as usize;
            self.tokens[at] += u64::from(length);
            if let Some(norms) = &mut self.norms[at] {
                norms.resize(doc as usize, 0);
                norms.push(FieldNormReader::fieldnorm_to_id(length));
            }
        }
        let run = entry.place.run as usize;
        if self.places.len() <= run {
            self.places.resize_with(run + 1, Vec::new);
        }
        let docs = &mut self.places[run];
        docs.resize(entry.place.doc as usize, NOWHERE);
        docs.push(doc);
        self.docs += 1;
        Ok(())
    }

    fn put_labels_away(&mut self) -> tantivy::Result<()> {
        let docs = self.docs - self.labelled..self.docs;
        self.earlier.push(Placed { run: self.labels.take()?, docs: docs.collect() });
        self.labels.vocabulary = Vocabulary::default();
        self.labelled = 0;
        Ok(())
    }

    /// Logs the term of a value that is indexed as it is.
    fn label<'a, V: Value<'a>>(&mut self, field: Field, value: ReferenceValue<'a, V>) {
        let ReferenceValue::Leaf(leaf) = value else { return };
        let number;
        let term = match leaf {
            ReferenceValueLeaf::Str(text) => text.as_bytes(),
            ReferenceValueLeaf::U64(value) => {
                number = value.to_be_bytes();
                &number[..]
            }
            ReferenceValueLeaf::I64(value) => {
                number = i64_to_u64(value).to_be_bytes();
                &number[..]
            }
            _ => return,
        };
        if term.len() > LONGEST_LABEL {
            return;
        }
        let id = self.labels.vocabulary.id(term);
        self.labels.count(field, id, 1);
        self.tokens[field.field_id() as usize] += 1;
    }

    /// Writes what is left, with the words of the articles in `runs`, on up to `threads` threads.
    pub fn finish(mut self, runs: Vec<(RunId, Run)>, threads: usize) -> tantivy::Result<SegmentMeta> {
        self.put_labels_away()?;
        self.store.close()?;
        let mut columns = self.segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut columns, None)?;
        tantivy::directory::TerminatingWrite::terminate(columns)?;
        let mut norms = FieldNormsSerializer::from_write(self.segment.open_write(SegmentComponent::FieldNorms)?)?;
        for (at, of_field) in self.norms.iter_mut().enumerate() {
            if let Some(of_field) = of_field {
                of_field.resize(self.docs as usize, 0);
                norms.serialize_field(Field::from_field_id(at as u32), of_field)?;
            }
        }
        norms.close()?;
        let norms = FieldNormReaders::open(self.segment.open_read(SegmentComponent::FieldNorms)?)?;

        let mut placed = self.earlier;
        for (number, run) in runs {
            let docs = self.places.get_mut(number as usize).map(std::mem::take).unwrap_or_default();
            placed.push(Placed { run, docs });
        }
        let serializer = InvertedIndexSerializer::open(&self.segment)?;
        merge(placed, &self.details, &self.tokens, &norms, serializer, threads)?;
        let segment = self.segment.with_max_doc(self.docs);
        let meta = segment.meta().clone();
        // there is no such file, and nothing should look for it
        meta.untrack_temp_docstore();
        Ok(meta)
    }
}
