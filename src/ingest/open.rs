//! A file into pieces: containers opened, records told apart, nothing decoded.

use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;

use super::{Entry, Format, Found, Limits, Notice, Origin, Piece};

/// Hands the pieces of a file to `sink` one by one, until it breaks off.
pub fn open(entry: &Entry, limits: &Limits, sink: &mut dyn FnMut(Found<Piece>) -> ControlFlow<()>) -> ControlFlow<()> {
    let file = match std::fs::File::open(&entry.path) {
        Ok(file) => file,
        Err(error) => {
            return sink(Found::Skipped(Notice { path: entry.shown.clone(), reason: error.to_string() }));
        }
    };
    open_lines(BufReader::with_capacity(1 << 18, file), &entry.shown, limits, sink)
}

/// Hands the lines of a stream of JSON lines to `sink`; `shown` names the stream.
pub fn open_lines(
    lines: impl BufRead,
    shown: &str,
    _limits: &Limits,
    sink: &mut dyn FnMut(Found<Piece>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for (at, line) in lines.split(b'\n').enumerate() {
        let Ok(bytes) = line else { break };
        sink(Found::One(Piece {
            origin: Origin { shown: shown.to_owned(), id: shown.to_owned(), record: Some(at as u64 + 1) },
            format: Format::Json,
            charset: None,
            url: None,
            bytes,
        }))?;
    }
    ControlFlow::Continue(())
}
