//! WARC (ISO 28500): the pages that a crawler brought home, with the headers they came with.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::records::Numbered;
use super::sniff::{Kind, sniff};
use super::{Name, Opener, in_bytes, in_words};
use crate::ingest::Format;
use crate::ingest::decode::clean;

/// No header has more.
const MAX_HEADER: u64 = 1 << 20;

/// Headers by lower-case name.
type Headers = Vec<(String, String)>;

fn header<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

pub fn warc(opener: &mut Opener<'_>, name: &Name, mut input: impl BufRead) -> ControlFlow<()> {
    let mut records = Numbered::new(name, None, Format::Html);
    let limit = opener.limits.record;
    let mut lost = false;
    loop {
        let Head { start, headers } = match head(&mut input) {
            Ok(Some(head)) => head,
            Ok(None) => return records.end(opener),
            Err(error) => return records.break_off(&in_words(&error), opener),
        };
        let length = header(&headers, "content-length").and_then(|length| length.parse::<u64>().ok());
        let Some(length) = length.filter(|_| start.starts_with("WARC/")) else {
            // the next record is found by its first line
            if !std::mem::replace(&mut lost, true) {
                records.skip("not a WARC record", opener)?;
            }
            continue;
        };
        lost = false;
        let mut block = (&mut input).take(length);
        let response = header(&headers, "warc-type") == Some("response");
        if !response && header(&headers, "warc-type") != Some("resource") {
            if let Err(error) = io::copy(&mut block, &mut io::sink()) {
                return records.break_off(&in_words(&error), opener);
            }
            continue;
        }
        if length > limit {
            records
                .skip(format!("a record of more than {}; raise --max-record to read it", in_bytes(limit)), opener)?;
            if let Err(error) = io::copy(&mut block, &mut io::sink()) {
                return records.break_off(&in_words(&error), opener);
            }
            continue;
        }
        let mut bytes = Vec::new();
        if let Err(error) = block.read_to_end(&mut bytes) {
            return records.break_off(&in_words(&error), opener);
        }
        if (bytes.len() as u64) < length {
            return records.break_off("it is cut short", opener);
        }
        let url = header(&headers, "warc-target-uri").map(|url| clean(url.trim_matches(['<', '>'])));
        match page(bytes, response, limit) {
            Page::Text(bytes, format, charset) => {
                records.set_format(format, charset);
                records.give(bytes, url.filter(|url| !url.is_empty()), opener)?;
            }
            Page::Other => {}
            Page::Broken(reason) => records.skip(reason, opener)?,
        }
    }
}

/// What stands before the content of a record, of WARC or of HTTP.
struct Head {
    /// The line that says what it is the head of.
    start: String,
    headers: Headers,
}

/// Reads up to the blank line that ends a head; `None` at the end of the file.
fn head(input: &mut impl BufRead) -> io::Result<Option<Head>> {
    let mut head: Option<Head> = None;
    let mut read = 0;
    loop {
        let mut line = Vec::new();
        let length = input.take(MAX_HEADER).read_until(b'\n', &mut line)? as u64;
        read += length;
        if read > MAX_HEADER {
            return Err(io::Error::other("a header without end"));
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        match (&mut head, line.is_empty()) {
            (None, true) if length == 0 => return Ok(None),
            (Some(_), true) if length == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            (None, true) => {}
            (Some(_), true) => return Ok(head),
            (None, false) => head = Some(Head { start: line.to_owned(), headers: Headers::new() }),
            (Some(head), false) => head.headers.extend(
                line.split_once(':').map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())),
            ),
        }
    }
}

enum Page {
    Text(Vec<u8>, Format, Option<String>),
    /// A picture, a script, a redirection: nothing to read.
    Other,
    Broken(String),
}

fn page(block: Vec<u8>, http: bool, limit: u64) -> Page {
    let (headers, mut body) = if http {
        let mut input = io::Cursor::new(&block);
        let Ok(Some(Head { start, headers })) = head(&mut input) else {
            return Page::Broken("its HTTP header is broken".to_owned());
        };
        if start.split(' ').nth(1).is_some_and(|status| !status.starts_with('2')) {
            return Page::Other;
        }
        let from = input.position() as usize;
        (headers, block[from..].to_vec())
    } else {
        (Headers::new(), block)
    };
    if header(&headers, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        body = dechunked(&body);
    }
    match header(&headers, "content-encoding").map(str::to_ascii_lowercase).as_deref() {
        None | Some("identity" | "") => {}
        Some("gzip" | "x-gzip") => {
            let mut plain = Vec::new();
            let unpacked = flate2::read::MultiGzDecoder::new(&body[..]).take(limit + 1).read_to_end(&mut plain);
            if unpacked.is_err() {
                return Page::Broken("its gzip content is broken".to_owned());
            }
            if plain.len() as u64 > limit {
                return Page::Broken(format!("its gzip content expands to more than {}", in_bytes(limit)));
            }
            body = plain;
        }
        Some(coding) => return Page::Broken(format!("its content is packed as {coding}, which is not read here")),
    }
    let kind = header(&headers, "content-type").unwrap_or("").to_ascii_lowercase();
    let charset = kind.split("charset=").nth(1).map(|label| label.trim_matches(['"', ' ', ';']).to_owned());
    let text = kind.is_empty() || ["html", "text/plain", "xml", "json"].iter().any(|part| kind.contains(part));
    match sniff(&body, "") {
        Kind::Document(format) if text => Page::Text(body, format, charset),
        _ => Page::Other,
    }
}

/// The content of chunked transfer coding (RFC 9112, 7.1); as far as it goes.
fn dechunked(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = size.split(';').next().unwrap_or("").trim();
        let Ok(size) = usize::from_str_radix(size, 16) else { break };
        let from = end + 1;
        let to = from.saturating_add(size).min(rest.len());
        out.extend_from_slice(&rest[from..to]);
        if size == 0 {
            break;
        }
        rest = rest[to..].strip_prefix(b"\r\n").unwrap_or(&rest[to..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined() {
        assert_eq!(dechunked(b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n"), b"abcde");
        assert_eq!(dechunked(b"ff\r\nabc"), b"abc");
        assert_eq!(dechunked(b"no chunk"), b"");
    }
}
