//! A file into pieces: containers opened, records told apart, nothing decoded.
//!
//! Everything is read as a stream, so memory grows neither with an archive nor with a file of many records. What a
//! container says about itself is never trusted: names choose no path, sizes are counted while reading.

mod archive;
mod bounded;
mod records;
mod sniff;
mod table;
mod warc;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use super::decode::{charset_of, decode};
use super::{Entry, Format, Found, Limits, Notice, Origin, Piece};
use bounded::unpacked;
use sniff::{HEAD, Kind, sniff};

/// Hands the pieces of a file to `sink` one by one, until it breaks off.
pub fn open(entry: &Entry, limits: &Limits, sink: &mut dyn FnMut(Found<Piece>) -> ControlFlow<()>) -> ControlFlow<()> {
    let name = Name { shown: entry.shown.clone(), id: entry.id.clone() };
    let mut opener = Opener { limits, sink };
    match File::open(&entry.path) {
        Ok(file) => opener.stream(&name, Box::new(BufReader::with_capacity(1 << 17, file)), 0),
        Err(error) => opener.skip(&name.shown, in_words(&error)),
    }
}

/// Hands the lines of a stream of JSON lines to `sink`; `shown` names the stream.
pub fn open_lines(
    lines: impl BufRead,
    shown: &str,
    limits: &Limits,
    sink: &mut dyn FnMut(Found<Piece>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let name = Name { shown: shown.to_owned(), id: shown.to_owned() };
    records::lines(&name, None, lines, &mut Opener { limits, sink })
}

/// What a file, or a member of an archive, goes by.
#[derive(Debug, Clone)]
struct Name {
    shown: String,
    id: String,
}

impl Name {
    /// A member of the archive of this name.
    fn member(&self, inner: &str) -> Name {
        Name { shown: format!("{}/{inner}", self.shown), id: format!("{}/{inner}", self.id) }
    }

    fn piece(&self, format: Format, bytes: Vec<u8>) -> Piece {
        let origin = Origin { shown: self.shown.clone(), id: self.id.clone(), record: None };
        Piece { origin, format, charset: None, url: None, bytes }
    }
}

/// Opens one file and all that is in it.
struct Opener<'a> {
    limits: &'a Limits,
    sink: &'a mut dyn FnMut(Found<Piece>) -> ControlFlow<()>,
}

impl Opener<'_> {
    fn give(&mut self, piece: Piece) -> ControlFlow<()> {
        (self.sink)(Found::One(piece))
    }

    fn skip(&mut self, shown: &str, reason: impl Into<String>) -> ControlFlow<()> {
        (self.sink)(Found::Skipped(Notice { path: shown.to_owned(), reason: reason.into() }))
    }

    /// Reads what `input` is from its first bytes, then reads it as that.
    fn stream(&mut self, name: &Name, mut input: Box<dyn BufRead + '_>, depth: u32) -> ControlFlow<()> {
        let mut head = Vec::with_capacity(HEAD);
        if let Err(error) = (&mut input).take(HEAD as u64).read_to_end(&mut head)
            && head.is_empty()
        {
            return self.skip(&name.shown, in_words(&error));
        }
        let kind = sniff(&head, &name.id);
        let charset = charset_of(&head);
        let whole = io::Cursor::new(head).chain(input);
        if matches!(kind, Kind::Gzip | Kind::Zstd | Kind::Zip | Kind::Tar) && depth >= self.limits.nesting {
            let reason = format!("an archive inside of {depth} others is not opened; unpack it first");
            return self.skip(&name.shown, reason);
        }
        match kind {
            Kind::Empty => self.skip(&name.shown, "empty file"),
            Kind::Binary(what) => self.skip(&name.shown, format!("{what}: not a text; convert it first")),
            Kind::UnknownXml(root) => self.skip(&name.shown, format!("an XML document of an unknown kind (<{root}>)")),
            Kind::Gzip => {
                let input = unpacked(whole, self.limits, |packed| Ok(flate2::bufread::MultiGzDecoder::new(packed)));
                self.unpacked(name, input, depth)
            }
            Kind::Zstd => {
                let input = unpacked(whole, self.limits, zstd::stream::read::Decoder::with_buffer);
                self.unpacked(name, input, depth)
            }
            Kind::Zip => archive::zip(self, name, whole, depth),
            Kind::Tar => archive::tar(self, name, whole, depth),
            Kind::Warc => warc::warc(self, name, whole),
            Kind::Lines | Kind::Array | Kind::Table
                if charset.as_deref().is_some_and(|name| name.starts_with("utf-16")) =>
            {
                match self.document(name, whole) {
                    Err(flow) => flow,
                    Ok(bytes) => {
                        let text = decode(&bytes, charset.as_deref()).text;
                        self.records(kind, name, Some("utf-8".to_owned()), text.as_bytes())
                    }
                }
            }
            Kind::Lines | Kind::Array | Kind::Table => self.records(kind, name, charset, whole),
            Kind::Document(format) => match self.document(name, whole) {
                Err(flow) => flow,
                Ok(bytes) => self.give(name.piece(format, bytes)),
            },
        }
    }

    fn records(&mut self, kind: Kind, name: &Name, charset: Option<String>, input: impl BufRead) -> ControlFlow<()> {
        match kind {
            Kind::Array => records::array(name, charset, input, self),
            Kind::Table => table::rows(name, charset, input, self),
            _ => records::lines(name, charset, input, self),
        }
    }

    fn unpacked<'r>(&mut self, name: &Name, input: io::Result<Box<dyn BufRead + 'r>>, depth: u32) -> ControlFlow<()> {
        match input {
            Ok(input) => self.stream(name, input, depth + 1),
            Err(error) => self.skip(&name.shown, in_words(&error)),
        }
    }

    /// All bytes of a document; where it is too large or cannot be read, what came of saying so.
    fn document(&mut self, name: &Name, input: impl Read) -> Result<Vec<u8>, ControlFlow<()>> {
        let mut bytes = Vec::new();
        let limit = self.limits.document;
        match input.take(limit + 1).read_to_end(&mut bytes) {
            Err(error) => Err(self.skip(&name.shown, in_words(&error))),
            Ok(_) if bytes.len() as u64 > limit => {
                let reason = format!("larger than {}; raise --max-document to read it", in_bytes(limit));
                Err(self.skip(&name.shown, reason))
            }
            Ok(_) => Ok(bytes),
        }
    }
}

/// An error of reading, in the words of this program.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file (a broken link?)".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied; make it readable for this user".to_owned(),
        io::ErrorKind::UnexpectedEof => "it is cut short".to_owned(),
        _ => format!("cannot be read ({error})"),
    }
}

/// A number of bytes for people.
fn in_bytes(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes >> 10),
        1_048_576..1_073_741_824 => format!("{} MB", bytes >> 20),
        _ => format!("{} GB", bytes >> 30),
    }
}
