//! JSON lines and JSON arrays: one record after the other, whatever the size of the file.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use memchr::memchr;

use super::{Name, Opener, in_bytes, in_words};
use crate::ingest::{Format, Piece};

/// Numbers the records of a file. The first waits for a second: alone it goes by the name of its file.
pub struct Numbered {
    name: Name,
    charset: Option<String>,
    format: Format,
    count: u64,
    first: Option<Piece>,
}

impl Numbered {
    pub fn new(name: &Name, charset: Option<String>, format: Format) -> Numbered {
        Numbered { name: name.clone(), charset, format, count: 0, first: None }
    }

    /// The name of the next record, for a notice about it.
    pub fn skip(&mut self) -> String {
        self.count += 1;
        format!("{}#{}", self.name.shown, self.count)
    }

    pub fn give(&mut self, bytes: Vec<u8>, url: Option<String>, opener: &mut Opener<'_>) -> ControlFlow<()> {
        self.count += 1;
        let mut piece = self.name.piece(self.format, bytes);
        piece.charset.clone_from(&self.charset);
        piece.url = url;
        piece.origin.record = Some(self.count);
        if self.count == 1 {
            self.first = Some(piece);
            return ControlFlow::Continue(());
        }
        self.flush(opener)?;
        opener.give(piece)
    }

    pub fn set_format(&mut self, format: Format, charset: Option<String>) {
        self.format = format;
        self.charset = charset;
    }

    fn flush(&mut self, opener: &mut Opener<'_>) -> ControlFlow<()> {
        self.first.take().map_or(ControlFlow::Continue(()), |piece| opener.give(piece))
    }

    /// Ends the file; one without a record is said to be empty.
    pub fn end(mut self, opener: &mut Opener<'_>) -> ControlFlow<()> {
        if self.count == 1
            && let Some(piece) = &mut self.first
        {
            piece.origin.record = None;
        }
        self.flush(opener)?;
        if self.count == 0 { opener.skip(&self.name.shown, "no records in it") } else { ControlFlow::Continue(()) }
    }
}

/// Every line that is not blank is a record.
pub fn lines(
    name: &Name,
    charset: Option<String>,
    mut input: impl BufRead,
    opener: &mut Opener<'_>,
) -> ControlFlow<()> {
    let mut records = Numbered::new(name, charset, Format::Json);
    loop {
        match line(&mut input, opener.limits.record) {
            Ok(Line::End) => return records.end(opener),
            Ok(Line::Whole(line)) if line.trim_ascii().is_empty() => {}
            Ok(Line::Whole(line)) => records.give(line, None, opener)?,
            Ok(Line::TooLong) => {
                let shown = records.skip();
                let reason =
                    format!("a line of more than {}; raise --max-record to read it", in_bytes(opener.limits.record));
                records.flush(opener)?;
                opener.skip(&shown, reason)?;
            }
            Err(error) => return broken_off(records, &error, opener),
        }
    }
}

fn broken_off(records: Numbered, error: &io::Error, opener: &mut Opener<'_>) -> ControlFlow<()> {
    let shown = records.name.shown.clone();
    let count = records.count;
    if count > 0 {
        records.end(opener)?;
    }
    opener.skip(&shown, format!("{} after {count} records, which are kept", in_words(error)))
}

enum Line {
    Whole(Vec<u8>),
    TooLong,
    End,
}

/// The next line without its end; a longer one than `limit` is passed over, not held.
fn line(input: &mut impl BufRead, limit: u64) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut too_long = false;
    let mut any = false;
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(if too_long {
                Line::TooLong
            } else if any {
                Line::Whole(line)
            } else {
                Line::End
            });
        }
        any = true;
        let end = memchr(b'\n', buffer);
        let part = &buffer[..end.unwrap_or(buffer.len())];
        if !too_long && (line.len() + part.len()) as u64 > limit {
            too_long = true;
            line = Vec::new();
        }
        if !too_long {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(if too_long { Line::TooLong } else { Line::Whole(line) });
        }
    }
}

/// Every element of a JSON array is a record. Only brackets and quotation marks are read here, whose bytes stand for
/// themselves in UTF-8 and in CP949.
pub fn array(
    name: &Name,
    charset: Option<String>,
    mut input: impl BufRead,
    opener: &mut Opener<'_>,
) -> ControlFlow<()> {
    let mut records = Numbered::new(name, charset, Format::Json);
    let mut element = Vec::new();
    let mut too_long = false;
    let (mut depth, mut quoted, mut escaped) = (0u32, false, false);
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return broken_off(records, &error, opener),
        };
        if buffer.is_empty() {
            let error = io::Error::from(io::ErrorKind::UnexpectedEof);
            return broken_off(records, &error, opener);
        }
        let used = buffer.len();
        let bytes = buffer.to_vec();
        input.consume(used);
        for byte in bytes {
            let outside = depth <= 1 && !quoted;
            if quoted {
                quoted = escaped || byte != b'"';
                escaped = byte == b'\\' && !escaped;
            } else {
                match byte {
                    b'"' => quoted = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            if outside && (byte == b',' || depth == 0) {
                let done = std::mem::take(&mut element);
                if std::mem::take(&mut too_long) {
                    let shown = records.skip();
                    let reason = format!(
                        "a record of more than {}; raise --max-record to read it",
                        in_bytes(opener.limits.record)
                    );
                    records.flush(opener)?;
                    opener.skip(&shown, reason)?;
                } else if !done.trim_ascii().is_empty() {
                    records.give(done, None, opener)?;
                }
                if depth == 0 {
                    return records.end(opener);
                }
            } else if !(outside && depth == 1 && byte == b'[' && element.is_empty()) && !too_long {
                element.push(byte);
                if element.len() as u64 > opener.limits.record {
                    too_long = true;
                    element = Vec::new();
                }
            }
        }
    }
}
