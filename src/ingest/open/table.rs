//! CSV and TSV with a header: a row is a record whose fields are named by their columns.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::records::Numbered;
use super::{Name, Opener, in_bytes};
use crate::ingest::Format;
use crate::ingest::decode::decode;

/// Every row after the header is a record.
pub fn rows(name: &Name, charset: Option<String>, mut input: impl BufRead, opener: &mut Opener<'_>) -> ControlFlow<()> {
    let delimiter = match input.fill_buf() {
        Ok(head) => delimiter(head),
        Err(error) => return opener.skip(&name.shown, super::in_words(&error)),
    };
    let read = Rc::new(Cell::new(0));
    let limited = Limited { inner: input, read: read.clone(), limit: opener.limits.record };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(limited);
    let text = |bytes: &[u8]| decode(bytes, charset.as_deref()).text;
    let mut records = Numbered::new(name, Some("utf-8".to_owned()), Format::Row);
    let mut columns: Vec<String> = Vec::new();
    let mut row = csv::ByteRecord::new();
    loop {
        read.set(0);
        match reader.read_byte_record(&mut row) {
            Ok(false) => return records.end(opener),
            Ok(true) if columns.is_empty() => {
                columns = row.iter().map(|column| text(column).trim().to_lowercase()).collect();
            }
            Ok(true) if row.len() != columns.len() => {
                let shown = records.skip();
                let reason = format!("a row of {} fields under a header of {}", row.len(), columns.len());
                opener.skip(&shown, reason)?;
            }
            Ok(true) => {
                let fields = columns.iter().zip(&row).filter(|(_, field)| !field.is_empty());
                let record: Map<String, Value> =
                    fields.map(|(column, field)| (column.clone(), Value::String(text(field)))).collect();
                // a map of strings can always be written
                let bytes = serde_json::to_vec(&record).unwrap_or_default();
                records.give(bytes, None, opener)?;
            }
            Err(error) => {
                let shown = records.skip();
                records.end(opener)?;
                let too_long = error.to_string().contains(TOO_LONG);
                let reason = if too_long {
                    format!(
                        "a row of more than {} (an open quotation mark?); what came before is kept",
                        in_bytes(opener.limits.record)
                    )
                } else {
                    format!("cannot be read ({error}); what came before is kept")
                };
                return opener.skip(&shown, reason);
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
    limit: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.get() > self.limit {
            return Err(io::Error::other(TOO_LONG));
        }
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}
