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

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

use super::decode::{charset_of, decode};
use super::{Entry, Format, Found, Limits, Notice, Origin, Piece};
use bounded::unpacked;
use sniff::{HEAD, Kind, sniff};

/// Hands the pieces of a file to `sink` one by one, until it breaks off.
pub fn open(entry: &Entry, limits: &Limits, sink: &mut dyn FnMut(Found<Piece>) -> ControlFlow<()>) -> ControlFlow<()> {
    let name = Name { shown: entry.shown.clone(), id: entry.id.clone() };
    let mut opener = Opener::new(limits, sink);
    match File::open(&entry.path) {
        Ok(file) => {
            opener.on_disk = file.metadata().is_ok_and(|meta| meta.is_file()).then_some(&*entry.path);
            opener.stream(&name, Box::new(BufReader::with_capacity(1 << 17, file)), 0)
        }
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
    records::lines(&name, None, lines, &mut Opener::new(limits, sink))
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
    /// What came out of all that is packed in the file, in bytes.
    expanded: Rc<Cell<u64>>,
    /// The stream at hand came straight out of a gzip or zstd stream.
    squeezed: bool,
    /// The file, where it is one that can be read in any order.
    on_disk: Option<&'a Path>,
    sink: &'a mut dyn FnMut(Found<Piece>) -> ControlFlow<()>,
}

impl<'a> Opener<'a> {
    fn new(limits: &'a Limits, sink: &'a mut dyn FnMut(Found<Piece>) -> ControlFlow<()>) -> Opener<'a> {
        Opener { limits, expanded: Rc::default(), squeezed: false, on_disk: None, sink }
    }

    fn give(&mut self, piece: Piece) -> ControlFlow<()> {
        (self.sink)(Found::One(piece))
    }

    fn skip(&mut self, shown: &str, reason: impl Into<String>) -> ControlFlow<()> {
        (self.sink)(Found::Skipped(Notice { path: shown.to_owned(), reason: reason.into() }))
    }

    fn note(&mut self, shown: &str, reason: String) -> ControlFlow<()> {
        (self.sink)(Found::Noted(Notice { path: shown.to_owned(), reason }))
    }

    /// Reads what `input` is from its first bytes, then reads it as that.
    fn stream(&mut self, name: &Name, mut input: Box<dyn BufRead + '_>, depth: u32) -> ControlFlow<()> {
        let mut head = Vec::with_capacity(HEAD);
        let failure = (&mut input).take(HEAD as u64).read_to_end(&mut head).err();
        if let Some(error) = failure.as_ref().filter(|_| head.is_empty()) {
            return self.skip(&name.shown, in_words(error));
        }
        let kind = sniff(&head, &name.id);
        let charset = charset_of(&head);
        // a tar in a compressed stream is one archive, not two
        let depth = if kind == Kind::Tar && depth > 0 && self.squeezed { depth - 1 } else { depth };
        self.squeezed = matches!(kind, Kind::Gzip | Kind::Zstd);
        let whole = io::Cursor::new(head).chain(Failed(failure)).chain(input);
        if matches!(kind, Kind::Gzip | Kind::Zstd | Kind::Zip | Kind::Tar) && depth >= self.limits.nesting {
            let reason = format!("an archive inside of {depth} others is not opened; unpack it first");
            return self.skip(&name.shown, reason);
        }
        match kind {
            Kind::Empty => self.skip(&name.shown, "empty file"),
            Kind::Binary(what) => self.skip(&name.shown, format!("{what}: not a text; convert it first")),
            Kind::UnknownXml(root) => self.skip(&name.shown, format!("an XML document of an unknown kind (<{root}>)")),
            Kind::Gzip => {
                let decoder = |packed| Ok(flate2::bufread::MultiGzDecoder::new(packed));
                let input = unpacked(whole, self.limits, &self.expanded, decoder);
                self.unpacked(name, input, depth)
            }
            Kind::Zstd => {
                let input = unpacked(whole, self.limits, &self.expanded, zstd::stream::read::Decoder::with_buffer);
                self.unpacked(name, input, depth)
            }
            Kind::Zip => match self.on_disk.filter(|_| depth == 0) {
                Some(path) => archive::zip_file(self, name, path, depth),
                None => archive::zip(self, name, whole, depth),
            },
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

/// Gives back, once, the error that reading the head met: a decoder may well say nothing when it is asked again.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl BufRead for Failed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.take().map_or(Ok(&[]), Err)
    }

    fn consume(&mut self, _: usize) {}
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
