//! Conditions on articles: days, languages, outlets.

use super::Lists;
use crate::query::ast::Filter;
use crate::query::labels::{Named, named};
use crate::query::request::{DateRange, Request};
use crate::store::bits::Bits;

impl Lists<'_> {
    /// Keeps the articles that the conditions of the request allow.
    pub fn restrict(&self, request: &Request, bits: &mut Bits) -> tantivy::Result<()> {
        let fields = &self.reader.fields;
        if let Some(lang) = request.lang {
            bits.and(&self.matching(&Filter::Lang(lang))?);
        }
        for (field, name) in [(fields.source, &request.source), (fields.section, &request.section)] {
            let Some(name) = name else { continue };
            let mut with = self.none();
            if let Named::Labels(labels) = named(self.reader, field, name)? {
                labels.iter().try_for_each(|label| self.add(field, label, &mut with))?;
            }
            bits.and(&with);
        }
        if request.published != DateRange::default() {
            bits.and(&self.published(request.published)?);
        }
        Ok(())
    }

    /// The articles that a condition allows.
    pub fn matching(&self, filter: &Filter) -> tantivy::Result<Bits> {
        let fields = &self.reader.fields;
        let mut with = self.none();
        match filter {
            Filter::Lang(lang) => self.add(fields.lang, lang.code(), &mut with)?,
            Filter::Published(range) => with = self.published(*range)?,
            Filter::Source(name) => self.labelled(fields.source, name, &mut with)?,
            Filter::Section(name) => self.labelled(fields.section, name, &mut with)?,
            Filter::Byline(name) => self.labelled(fields.byline, name, &mut with)?,
            Filter::Url(address) => self.addressed(address, &mut with)?,
        }
        Ok(with)
    }

    /// The articles published on these days; one without a date is on none.
    fn published(&self, range: DateRange) -> tantivy::Result<Bits> {
        let (mut on, mut docs) = (self.none(), Vec::new());
        let days = range.numbers();
        let column = &self.reader.days()?[self.ord];
        // days before the first give the first: tantivy 0.27 takes them for it
        if *days.end() >= column.min_value() {
            column.get_docids_for_value_range(days, 0..self.segment.max_doc(), &mut docs);
        }
        docs.into_iter().for_each(|doc| on.insert(doc));
        Ok(on)
    }

    /// Adds the articles of a host or of one below it, and of these the ones whose address goes on as `address` does.
    fn addressed(&self, address: &str, with: &mut Bits) -> tantivy::Result<()> {
        let address = address.split_once("://").map_or(address, |(_, rest)| rest).trim_start_matches("www.");
        let (host, path) = address.find('/').map_or((address, ""), |at| address.split_at(at));
        let host = host.to_lowercase();
        let below = format!(".{host}");
        let inverted = self.segment.inverted_index(self.reader.fields.host)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let Ok(known) = std::str::from_utf8(terms.key()) else { continue };
            if known == host || known.ends_with(&below) {
                self.add(self.reader.fields.host, known, with)?;
            }
        }
        if path.len() <= 1 {
            return Ok(());
        }
        with.retain(|doc| {
            self.record(doc, |record| {
                let rest = record.url.and_then(|url| url.split_once("://")).map_or("", |(_, rest)| rest);
                rest.find('/').is_some_and(|at| rest[at..].starts_with(path))
            })
        })
    }

    /// Adds the articles whose label has `text` in it, without regard to case.
    fn labelled(&self, field: tantivy::schema::Field, text: &str, with: &mut Bits) -> tantivy::Result<()> {
        let text = text.to_lowercase();
        let inverted = self.segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let Ok(label) = std::str::from_utf8(terms.key()) else { continue };
            if label.to_lowercase().contains(&text) {
                self.add(field, label, with)?;
            }
        }
        Ok(())
    }
}
