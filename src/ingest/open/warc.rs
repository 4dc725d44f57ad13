//! WARC (ISO 28500): the pages that a crawler brought home, with the headers they came with.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::records::Numbered;
use super::sniff::{Kind, sniff};
use super::{Name, Opener, in_bytes, in_words};
use crate::ingest::Format;

/// No header has more.
const MAX_HEADER: u64 = 1 << 20;

/// Headers by lower-case name.
type Headers = Vec<(String, String)>;

fn header<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

pub fn warc(opener: &mut Opener<'_>, name: &Name, mut input: impl BufRead) -> ControlFlow<()> {
    let mut records = Numbered::new(name, None, Format::Html);
    loop {
        let headers = match headers(&mut input) {
            Ok(Some(headers)) => headers,
            Ok(None) => return records.end(opener),
            Err(error) => {
                let shown = records.skip();
                records.end(opener)?;
                return opener.skip(&shown, format!("{}; what came before is kept", in_words(&error)));
            }
        };
        let length: u64 = header(&headers, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut block = (&mut input).take(length);
        let wanted = matches!(header(&headers, "warc-type"), Some("response" | "resource"));
        if wanted && length <= opener.limits.record {
            let mut bytes = Vec::new();
            let read = block.read_to_end(&mut bytes);
            let url = header(&headers, "warc-target-uri").map(|url| url.trim_matches(['<', '>']).to_owned());
            let whole = read.is_ok() && bytes.len() as u64 == length;
            match page(bytes, header(&headers, "warc-type") == Some("response"), opener.limits.record) {
                _ if !whole => {
                    let shown = records.skip();
                    records.end(opener)?;
                    return opener.skip(&shown, "it is cut short; what came before is kept");
                }
                Page::Text(bytes, format, charset) => {
                    records.set_format(format, charset);
                    records.give(bytes, url, opener)?;
                }
                Page::Other => {}
                Page::Broken(reason) => {
                    let shown = records.skip();
                    opener.skip(&shown, reason)?;
                }
            }
        } else {
            if wanted {
                let shown = records.skip();
                opener.skip(&shown, format!("a record of more than {}", in_bytes(opener.limits.record)))?;
            }
            if io::copy(&mut block, &mut io::sink()).is_err() {
                return records.end(opener);
            }
        }
    }
}

/// The headers of the next record, of WARC or of HTTP; `None` at the end of the file.
fn headers(input: &mut impl BufRead) -> io::Result<Option<Headers>> {
    let mut headers = Headers::new();
    let mut started = false;
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
        match (length, line.is_empty()) {
            (0, _) if !started => return Ok(None),
            (0, _) => return Err(io::ErrorKind::UnexpectedEof.into()),
            (_, true) if started => return Ok(Some(headers)),
            (_, true) => {}
            (_, false) => {
                if let (true, Some((name, value))) = (started, line.split_once(':')) {
                    headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
                started = true;
            }
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
        let Ok(Some(headers)) = headers(&mut input) else {
            return Page::Broken("its HTTP header is broken".to_owned());
        };
        let status = block.split(|&byte| byte == b' ').nth(1);
        if status.is_some_and(|status| !status.starts_with(b"2")) {
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
            let unpacked = flate2::read::MultiGzDecoder::new(&body[..]).take(limit).read_to_end(&mut plain);
            if unpacked.is_err() {
                return Page::Broken("its gzip content is broken".to_owned());
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
