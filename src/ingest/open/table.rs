//! CSV and TSV with a header: a row is a record whose fields are named by their columns.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::records::Numbered;
use super::{Name, Opener, in_bytes};
use crate::ingest::Format;
use crate::ingest::decode::{Decoded, decode};

/// Every row after the header is a record.
pub fn rows(name: &Name, charset: Option<String>, mut input: impl BufRead, opener: &mut Opener<'_>) -> ControlFlow<()> {
    let delimiter = match input.fill_buf() {
        Ok(head) => delimiter(head),
        Err(error) => return opener.skip(&name.shown, super::in_words(&error)),
    };
    let read = Rc::new(Cell::new(0));
    let quotes = Rc::new(Cell::new(0));
    let ended = Rc::new(Cell::new(false));
    let limited = Limited {
        inner: input,
        read: read.clone(),
        quotes: quotes.clone(),
        ended: ended.clone(),
        limit: opener.limits.record,
    };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(limited);
    let text = |bytes: &[u8], charset: Option<&str>| decode(bytes, charset).text;
    let mut records = Numbered::new(name, Some("utf-8".to_owned()), Format::Row);
    let mut columns: Vec<String> = Vec::new();
    let mut row = csv::ByteRecord::new();
    loop {
        read.set(0);
        match reader.read_byte_record(&mut row) {
            Ok(false) => return records.end(opener),
            Ok(true) if columns.is_empty() => {
                columns = row.iter().map(|column| text(column, charset.as_deref()).trim().to_lowercase()).collect();
            }
            Ok(true) if ended.get() && quotes.get() % 2 == 1 && row.as_slice().contains(&b'\n') => {
                return records.break_off("a quotation mark is opened and never closed", opener);
            }
            Ok(true) if row.len() != columns.len() => {
                let reason = format!("a row of {} fields under a header of {}", row.len(), columns.len());
                records.skip(reason, opener)?;
            }
            Ok(true) => {
                // a field alone is too short to tell its charset by
                let whole = decode(row.as_slice(), charset.as_deref());
                let fields = columns.iter().zip(&row).filter(|(_, field)| !field.is_empty());
                let record: Map<String, Value> = fields
                    .map(|(column, field)| (column.clone(), Value::String(text(field, Some(&whole.charset)))))
                    .collect();
                // a map of strings can always be written
                let bytes = serde_json::to_vec(&record).unwrap_or_default();
                records.give(bytes, None, opener)?;
                if whole.replaced > 0 {
                    let Decoded { replaced, charset, .. } = whole;
                    let reason = format!("{replaced} characters could not be read as {charset} and were replaced");
                    records.note(reason, opener)?;
                }
            }
            Err(error) => {
                let reason = match error.into_kind() {
                    csv::ErrorKind::Io(error) if error.to_string() == TOO_LONG => {
                        format!("a row of more than {} (an open quotation mark?)", in_bytes(opener.limits.record))
                    }
                    csv::ErrorKind::Io(error) => super::in_words(&error),
                    _ => "a row that cannot be read".to_owned(),
                };
                return records.break_off(&reason, opener);
            }
        }
    }
}

/// The separator that the header has most of.
fn delimiter(head: &[u8]) -> u8 {
    let header = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |&separator: &u8| header.iter().filter(|&&byte| byte == separator).count();
    [b'|', b';', b'\t', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

const TOO_LONG: &str = "too long a row";

/// Fails where one row takes more than `limit` bytes: an open quotation mark would swallow the file.
struct Limited<R> {
    inner: R,
    read: Rc<Cell<u64>>,
    /// Quotation marks in all that was read.
    quotes: Rc<Cell<usize>>,
    /// The end was met.
    ended: Rc<Cell<bool>>,
    limit: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.get() > self.limit {
            return Err(io::Error::other(TOO_LONG));
        }
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        self.ended.set(read == 0);
        self.quotes.set(self.quotes.get() + memchr::memchr_iter(b'"', &buffer[..read]).count());
        Ok(read)
    }
}
