//! Reading an archive as it lies on the disk: files in, articles out.
//!
//! Three steps. [`walk`] lists files in a stable order. [`open`] turns a file into pieces, the bytes of one document or
//! record each: it opens containers, streams, and runs on one thread. [`extract`] turns a piece into articles: it decodes,
//! reads the format and cleans; it is pure, so it runs on every thread. A bad file, record or member is one
//! [`Notice`] and the run goes on. Nothing here knows the index.

pub mod articles;
pub mod boilerplate;
pub mod byline;
pub mod date;
pub mod decode;
pub mod extract;
pub mod fingerprint;
pub mod headline;
pub mod manifest;
pub mod open;
pub mod outlet;
pub mod walk;
pub mod watch;

pub use extract::extract;
pub use open::{open, open_lines};
pub use walk::walk;

use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::article::Article;

/// A file to be read and the names it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is opened.
    pub path: PathBuf,
    /// As given on the command line, composed (NFC), with `/` between folders: what people are shown.
    pub shown: String,
    /// The path under the root it was found in, composed: the id of its article.
    pub id: String,
    pub bytes: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
}

/// Where a piece came from: the file, and what it was inside of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file as shown, with the member of an archive behind it: `corpus/wire/pack.zip/a.html`.
    pub shown: String,
    /// The id of its article unless the record has one of its own: `wire/pack.zip/a.html`.
    pub id: String,
    /// Which record of a file that holds several, from 1: the id and the shown path get `#N`.
    pub record: Option<u64>,
}

impl Origin {
    /// The id of an article that has none of its own.
    pub fn article_id(&self) -> String {
        match self.record {
            Some(number) => format!("{}#{number}", self.id),
            None => self.id.clone(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)?;
        self.record.map_or(Ok(()), |number| write!(f, "#{number}"))
    }
}

/// How a piece is to be read; decided by its content first and its name second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A page as a person saved or pasted it, chrome and all.
    Text,
    Html,
    Markdown,
    /// One JSON record, or ninjs.
    Json,
    /// One row of a CSV or TSV file, as a JSON object of its columns.
    Row,
    /// RSS or Atom: several articles.
    Feed,
    Nitf,
    NewsMl,
}

impl Format {
    /// The name of the format in exported articles.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Html => "html",
            Format::Markdown => "markdown",
            Format::Json => "json",
            Format::Row => "csv",
            Format::Feed => "feed",
            Format::Nitf => "nitf",
            Format::NewsMl => "newsml",
        }
    }
}

/// One unit of work: the bytes of a document or of a record, not decoded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub origin: Origin,
    pub format: Format,
    /// What came with the bytes: the charset of an HTTP header or of the file that the record is part of.
    pub charset: Option<String>,
    /// Where the bytes were fetched from, if their container says so.
    pub url: Option<String>,
    pub bytes: Vec<u8>,
}

/// What reading found, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<T> {
    One(T),
    /// Left out: counted, listed, and with `--strict` a failure.
    Skipped(Notice),
    /// Read, but not as it should be (replaced characters, a label that lies): listed only.
    Noted(Notice),
}

/// What was wrong with which file or record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// [`Origin`] as shown.
    pub path: String,
    /// Lower case, what and why, then what to do.
    pub reason: String,
}

/// Reads everything under `roots` on this thread, in order.
pub fn read(roots: &[PathBuf], limits: &Limits, sink: &mut dyn FnMut(Extracted)) {
    walk(roots, &mut |found| match found {
        Found::One(entry) => {
            let _ = open(&entry, limits, &mut |found| {
                match found {
                    Found::One(piece) => extract(piece, limits, sink),
                    Found::Skipped(notice) => sink(Found::Skipped(notice)),
                    Found::Noted(notice) => sink(Found::Noted(notice)),
                }
                ControlFlow::Continue(())
            });
        }
        Found::Skipped(notice) => sink(Found::Skipped(notice)),
        Found::Noted(notice) => sink(Found::Noted(notice)),
    });
}

/// Articles of a piece.
pub type Extracted = Found<Box<Article>>;

/// How much is read at the most; what is larger is skipped with a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file that is read as one document (HTML, text, XML, a JSON value); files of records have no limit.
    pub document: u64,
    /// Bytes of one record of a file of records, and of one line.
    pub record: u64,
    /// Bytes that one compressed file may expand to.
    pub unpacked: u64,
    /// How often the content may be larger than the compressed bytes that gave it.
    pub ratio: u64,
    /// Containers inside of containers.
    pub nesting: u32,
    /// Members of one archive.
    pub members: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            document: 32 << 20,
            record: 32 << 20,
            unpacked: 64 << 30,
            ratio: 2_000,
            nesting: 2,
            members: 10_000_000,
        }
    }
}
