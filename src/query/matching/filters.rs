//! Conditions on articles: days, languages, outlets.

use std::ops::RangeInclusive;

use tantivy::Term;
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;

use super::{Lists, add_list};
use crate::query::ast::Filter;
use crate::query::labels::{Named, named};
use crate::query::request::{DateRange, Request};
use crate::store::bits::Bits;

/// Days whose lists are read whatever the archive holds.
const MONTH: i64 = 31;
/// How many articles of a column take as long to read as a list of one day.
const LIST: i64 = 300;

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

    /// The articles published on these days; one without a date is on none. Few days are taken from their lists, of many the
    /// whole column is read.
    fn published(&self, range: DateRange) -> tantivy::Result<Bits> {
        let column = &self.reader.days()?[self.ord];
        let (first, last) = range.numbers().into_inner();
        let (first, last) = (first.max(column.min_value()), last.min(column.max_value()));
        let beyond_a_month = last.saturating_sub(first).saturating_add(1).saturating_sub(MONTH);
        let many = beyond_a_month.saturating_mul(LIST) > i64::from(self.segment.max_doc());
        if many { self.by_column(column, first..=last) } else { self.by_lists(first..=last) }
    }

    fn by_column(&self, column: &Column<i64>, days: RangeInclusive<i64>) -> tantivy::Result<Bits> {
        let (mut on, mut docs) = (self.none(), Vec::new());
        column.get_docids_for_value_range(days, 0..self.segment.max_doc(), &mut docs);
        docs.into_iter().for_each(|doc| on.insert(doc));
        Ok(on)
    }

    fn by_lists(&self, days: RangeInclusive<i64>) -> tantivy::Result<Bits> {
        let mut on = self.none();
        if days.is_empty() {
            return Ok(on);
        }
        let field = self.reader.fields.day;
        let inverted = self.reader.inverted(self.ord, field)?;
        let [first, last] = [days.start(), days.end()].map(|&day| Term::from_field_i64(field, day));
        let range = inverted.terms().range().ge(first.serialized_value_bytes()).le(last.serialized_value_bytes());
        let mut terms = range.into_stream()?;
        while terms.advance() {
            add_list(inverted.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?, &mut on);
        }
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
