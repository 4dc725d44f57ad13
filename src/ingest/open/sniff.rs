//! What a file is, by its first bytes; its name decides only what they leave open.

use crate::ingest::Format;

/// How many bytes are looked at.
pub const HEAD: usize = 16 << 10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Empty,
    /// No text, and what it is.
    Binary(&'static str),
    UnknownXml(String),
    Gzip,
    Zstd,
    Zip,
    Tar,
    Warc,
    /// A JSON record on each line.
    Lines,
    /// A JSON array of records.
    Array,
    /// A row a record, with a header.
    Table,
    Document(Format),
}

const SIGNATURES: &[(&[u8], Kind)] = &[
    (b"\x1F\x8B", Kind::Gzip),
    (b"\x28\xB5\x2F\xFD", Kind::Zstd),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Binary("an empty zip archive")),
    (b"WARC/1.", Kind::Warc),
    (b"%PDF-", Kind::Binary("a PDF document")),
    (b"\x89PNG", Kind::Binary("a PNG picture")),
    (b"\xFF\xD8\xFF", Kind::Binary("a JPEG picture")),
    (b"GIF8", Kind::Binary("a GIF picture")),
    (b"RIFF", Kind::Binary("a sound, film or picture")),
    (b"\x7FELF", Kind::Binary("a program")),
    (b"MZ\x90", Kind::Binary("a program")),
    (b"\xD0\xCF\x11\xE0", Kind::Binary("an old office document")),
    (b"7z\xBC\xAF", Kind::Binary("a 7z archive")),
    (b"Rar!", Kind::Binary("a RAR archive")),
    (b"BZh", Kind::Binary("a bzip2 archive")),
    (b"\xFD7zXZ", Kind::Binary("an xz archive")),
    (b"SQLite format", Kind::Binary("a database")),
    (b"ID3", Kind::Binary("a sound")),
];

/// The kind of a file that begins with `head` and ends, if its name says anything, like `name`.
pub fn sniff(head: &[u8], name: &str) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    if let Some((_, kind)) = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)) {
        return kind.clone();
    }
    if head.len() >= 512 && head[257..].starts_with(b"ustar") {
        return Kind::Tar;
    }
    let text = readable(head);
    if is_binary(head, &text) {
        return Kind::Binary("a binary file");
    }
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let name = [".gz", ".zst"].iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(name);
    let ending = name.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending);
    let ending = ending.to_ascii_lowercase();
    match text.as_bytes().first() {
        None if head.len() < HEAD => Kind::Empty,
        // blanks, as far as one can see
        None => Kind::Document(Format::Text),
        Some(b'<') => marked_up(text),
        Some(b'{') if ending == "jsonl" || ending == "ndjson" || is_lines(text) => Kind::Lines,
        Some(b'{') => Kind::Document(Format::Json),
        Some(b'[') if text[1..].trim_start().starts_with(['{', ']']) => Kind::Array,
        _ => match &*ending {
            "csv" | "tsv" => Kind::Table,
            "jsonl" | "ndjson" => Kind::Lines,
            "json" => Kind::Document(Format::Json),
            "md" | "markdown" => Kind::Document(Format::Markdown),
            "html" | "htm" | "xhtml" => Kind::Document(Format::Html),
            _ if has_front_matter(text) => Kind::Document(Format::Markdown),
            _ if is_table(text) => Kind::Table,
            _ => Kind::Document(Format::Text),
        },
    }
}

/// The head as text, well enough to see what it is; UTF-16 without its zeros.
fn readable(head: &[u8]) -> String {
    let charset = super::charset_of(head).filter(|charset| charset.starts_with("utf-16"));
    match charset {
        Some(charset) => super::decode(&head[..head.len() & !1], Some(&charset)).text,
        None => String::from_utf8_lossy(head).into_owned(),
    }
}

/// Zeros, or more controls than a text has.
fn is_binary(head: &[u8], text: &str) -> bool {
    let controls =
        text.chars().filter(|&ch| ch.is_control() && !matches!(ch, '\n' | '\r' | '\t' | '\u{C}' | '\u{1B}')).count();
    // ESC, SO and SI shift ISO-2022-KR
    let shifts = text.chars().filter(|&ch| matches!(ch, '\u{E}' | '\u{F}')).count();
    (text.contains('\0') && head.contains(&0)) || (controls - shifts.min(controls)) * 20 > text.chars().count()
}

fn marked_up(text: &str) -> Kind {
    let start = text.char_indices().nth(4096).map_or(text.len(), |(at, _)| at);
    let lower = text[..start].to_ascii_lowercase();
    let tag = |name: &str| {
        lower.match_indices(name).any(|(at, _)| lower[at + name.len()..].starts_with([' ', '>', '\n', '\r', '\t', '/']))
    };
    if tag("<rss") || tag("<feed") || tag("<rdf:rdf") {
        Kind::Document(Format::Feed)
    } else if tag("<nitf") {
        Kind::Document(Format::Nitf)
    } else if tag("<newsmessage") || tag("<newsitem") || tag("<newsml") {
        Kind::Document(Format::NewsMl)
    } else if lower.starts_with("<?xml") && !tag("<html") && !lower.contains("<!doctype html") {
        let root = lower
            .match_indices('<')
            .map(|(at, _)| &lower[at + 1..])
            .find(|rest| rest.starts_with(|ch: char| ch.is_ascii_alphabetic()))
            .map(|rest| rest.chars().take_while(|ch| ch.is_ascii_alphanumeric() || *ch == ':').take(40).collect());
        root.map_or(Kind::UnknownXml("?".to_owned()), Kind::UnknownXml)
    } else {
        Kind::Document(Format::Html)
    }
}

/// A whole object on the first line, and another one begun on the next.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let whole = lines
        .next()
        .is_some_and(|line| line.ends_with('}') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok());
    whole && lines.next().is_some_and(|line| line.starts_with('{'))
}

fn has_front_matter(text: &str) -> bool {
    let mut lines = text.lines();
    lines.next().map(str::trim_end) == Some("---")
        && lines.next().is_some_and(|line| line.split_once(':').is_some_and(|(key, _)| !key.contains(' ')))
}

/// A first line that names a title and a body among its columns.
fn is_table(text: &str) -> bool {
    let Some(header) = text.lines().next() else { return false };
    ['\t', ',', ';'].iter().any(|&separator| {
        let columns: Vec<String> =
            header.split(separator).map(|column| column.trim().trim_matches('"').to_ascii_lowercase()).collect();
        columns.iter().any(|column| column == "title") && columns.iter().any(|column| column == "body")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_first_and_name_second() {
        use Format::*;
        let rows: &[(&[u8], &str, Kind)] = &[
            (b"", "a.html", Kind::Empty),
            (b" \n ", "a.txt", Kind::Empty),
            (b"\x1F\x8B\x08", "a.txt", Kind::Gzip),
            (b"%PDF-1.4", "a.txt", Kind::Binary("a PDF document")),
            (b"a\0b\0\0\0\0c", "a.txt", Kind::Binary("a binary file")),
            (b"<!DOCTYPE html><p>x", "a.json", Kind::Document(Html)),
            (b"<?xml version='1.0'?><rss version='2'>", "a.html", Kind::Document(Feed)),
            (b"<?xml version='1.0'?>\n<nitf>", "x", Kind::Document(Nitf)),
            (b"<newsMessage xmlns='x'>", "x", Kind::Document(NewsMl)),
            (b"<?xml version='1.0'?><svg>", "x", Kind::UnknownXml("svg".to_owned())),
            (b"{\"a\":1}\n{\"a\":2}\n", "a.txt", Kind::Lines),
            (b"{\"a\":1}", "a.jsonl", Kind::Lines),
            (b"{\n \"a\": 1\n}", "a.txt", Kind::Document(Json)),
            (b"[ {\"a\":1}]", "a.txt", Kind::Array),
            ("[속보] 북한 미사일\n\n본문".as_bytes(), "a.txt", Kind::Document(Text)),
            (b"---\ntitle: x\n---\n", "a", Kind::Document(Markdown)),
            (b"id,title,body\n", "a.txt", Kind::Table),
            (b"anything", "a.csv", Kind::Table),
            (b"plain words", "a.md", Kind::Document(Markdown)),
            (b"\xFF\xFEa\0b\0\n\0", "a.txt", Kind::Document(Text)),
        ];
        for (head, name, kind) in rows {
            assert_eq!(sniff(head, name), *kind, "{name} {:?}", String::from_utf8_lossy(head));
        }
    }
}
