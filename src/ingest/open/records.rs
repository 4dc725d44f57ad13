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
    /// What is to be said of the first.
    note: Option<String>,
}

impl Numbered {
    pub fn new(name: &Name, charset: Option<String>, format: Format) -> Numbered {
        Numbered { name: name.clone(), charset, format, count: 0, first: None, note: None }
    }

    /// Counts a record that is left out, and says why, in its place among the others.
    pub fn skip(&mut self, reason: impl Into<String>, opener: &mut Opener<'_>) -> ControlFlow<()> {
        self.count += 1;
        self.flush(opener)?;
        opener.skip(&format!("{}#{}", self.name.shown, self.count), reason)
    }

    /// Says something about the record that was given last.
    pub fn note(&mut self, reason: String, opener: &mut Opener<'_>) -> ControlFlow<()> {
        if self.first.is_some() {
            self.note = Some(reason);
            return ControlFlow::Continue(());
        }
        opener.note(&format!("{}#{}", self.name.shown, self.count), reason)
    }

    /// Ends a file whose rest cannot be read.
    pub fn break_off(self, reason: &str, opener: &mut Opener<'_>) -> ControlFlow<()> {
        let (shown, count) = (self.name.shown.clone(), self.count);
        if count == 0 {
            return opener.skip(&shown, reason);
        }
        self.end(opener)?;
        let kept =
            if count == 1 { "what came before is kept".to_owned() } else { format!("{count} records came before") };
        opener.skip(&shown, format!("{reason}; {kept}"))
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
        let Some(piece) = self.first.take() else { return ControlFlow::Continue(()) };
        let shown = piece.origin.to_string();
        opener.give(piece)?;
        self.note.take().map_or(ControlFlow::Continue(()), |note| opener.note(&shown, note))
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
                let limit = in_bytes(opener.limits.record);
                records.skip(format!("a line of more than {limit}; raise --max-record to read it"), opener)?;
            }
            Err(error) => return records.break_off(&in_words(&error), opener),
        }
    }
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
    let limit = opener.limits.record;
    let mut element = Element::default();
    loop {
        let bytes = match input.fill_buf() {
            Ok(buffer) => buffer.to_vec(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return records.break_off(&in_words(&error), opener),
        };
        if bytes.is_empty() {
            return records.break_off("it is cut short", opener);
        }
        input.consume(bytes.len());
        for byte in bytes {
            let ended = element.take(byte, limit);
            if ended {
                let done = std::mem::take(&mut element.bytes);
                if std::mem::take(&mut element.too_long) {
                    let reason = format!("a record of more than {}; raise --max-record to read it", in_bytes(limit));
                    records.skip(reason, opener)?;
                } else if !done.trim_ascii().is_empty() {
                    records.give(done, None, opener)?;
                }
                if element.depth == 0 {
                    return records.end(opener);
                }
            }
        }
    }
}

/// The element of an array that is being read, byte by byte.
#[derive(Default)]
struct Element {
    bytes: Vec<u8>,
    too_long: bool,
    /// Brackets that are open, the one of the array among them; 0 before it and after it.
    depth: u32,
    quoted: bool,
    escaped: bool,
}

impl Element {
    /// True where `byte` ends the element.
    fn take(&mut self, byte: u8, limit: u64) -> bool {
        if self.depth == 0 {
            // a mark or blanks before the array
            self.depth = u32::from(byte == b'[');
            return false;
        }
        if self.quoted {
            self.quoted = self.escaped || byte != b'"';
            self.escaped = byte == b'\\' && !self.escaped;
        } else {
            match byte {
                b'"' => self.quoted = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                b',' if self.depth == 1 => return true,
                _ => {}
            }
            if self.depth == 0 {
                return true;
            }
        }
        if !self.too_long {
            self.bytes.push(byte);
            if self.bytes.len() as u64 > limit {
                self.too_long = true;
                self.bytes = Vec::new();
            }
        }
        false
    }
}
