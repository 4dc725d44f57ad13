//! Looking pairs up in a compiled table (see [`super::layout`]), wherever its bytes are.

use std::io;
use std::ops::Deref;
use std::path::Path;

use tantivy::directory::OwnedBytes;
use xxhash_rust::xxh3::xxh3_64;

use super::layout::{Row, compile};
use crate::article::Lang;
use crate::files::write_at_once;
use crate::store::sections::map;

/// The bytes of a table: in the binary, mapped from a file, or made just now.
#[derive(Debug)]
enum Bytes {
    Core(&'static [u8]),
    Mapped(OwnedBytes),
    Made(Vec<u8>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Core(bytes) => bytes,
            Bytes::Mapped(bytes) => bytes,
            Bytes::Made(bytes) => bytes,
        }
    }
}

/// A compiled table.
#[derive(Debug)]
pub struct Table {
    bytes: Bytes,
}

/// A pair of a table: the same thing in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'t> {
    korean: &'t str,
    english: &'t str,
    flags: &'t str,
}

impl<'t> Entry<'t> {
    fn parse(line: &'t str) -> Option<Entry<'t>> {
        let mut fields = line.split('\t');
        Some(Entry { korean: fields.next()?, english: fields.next()?, flags: fields.next().unwrap_or("") })
    }

    /// The forms in one language, the usual one first.
    pub fn forms(&self, lang: Lang) -> impl Iterator<Item = &'t str> + use<'t> {
        let forms = match lang {
            Lang::Ko => self.korean,
            Lang::En => self.english,
        };
        forms.split('|').map(str::trim)
    }

    pub fn has(&self, flag: &str) -> bool {
        self.flags.split(',').any(|it| it == flag)
    }

    /// The value of `name=value` among the flags.
    pub fn value(&self, name: &str) -> Option<&'t str> {
        self.flags.split(',').find_map(|flag| flag.strip_prefix(name)?.strip_prefix('='))
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.value(name)?.parse().ok()
    }

    pub fn row(&self) -> Row<'t> {
        Row { korean: self.korean, english: self.english, flags: self.flags }
    }
}

impl Table {
    /// The table that every archive starts with.
    pub fn core() -> Table {
        Table { bytes: Bytes::Core(include_bytes!(concat!(env!("OUT_DIR"), "/core.table"))) }
    }

    pub fn made<'a>(rows: impl IntoIterator<Item = Row<'a>>) -> Table {
        Table { bytes: Bytes::Made(compile(rows)) }
    }

    /// Maps the table of this name that was written into `dir`; one that is not as it was written is an error.
    pub fn open(dir: &Path, name: &str) -> io::Result<Table> {
        let bytes = map(dir, name)?;
        let sum = bytes.split_last_chunk::<8>().map(|(_, sum)| u64::from_le_bytes(*sum));
        let bytes = bytes.slice(0..bytes.len().saturating_sub(8));
        if sum != Some(xxh3_64(&bytes)) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum does not match its content"));
        }
        Ok(Table { bytes: Bytes::Mapped(bytes) })
    }

    /// Writes the table, its checksum (XXH3) behind it, in one step.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let sum = xxh3_64(&self.bytes).to_le_bytes();
        write_at_once(path, &[&self.bytes[..], &sum].concat())
    }

    /// The entries and the keys; both empty where the bytes are no table.
    fn parts(&self) -> (&[u8], &[u8]) {
        let Some((length, rest)) = self.bytes.split_first_chunk::<4>() else { return (&[], &[]) };
        rest.split_at_checked(u32::from_le_bytes(*length) as usize).unwrap_or((&[], &[]))
    }

    /// The pairs found under `key`.
    pub fn get<'t>(&'t self, key: &str) -> impl Iterator<Item = Entry<'t>> + use<'t> {
        let (entries, keys) = self.parts();
        let offsets = line_of(keys, key.as_bytes()).unwrap_or_default();
        let offsets = std::str::from_utf8(offsets).unwrap_or_default();
        offsets.split('\t').filter_map(move |offset| {
            let line = entries.get(offset.parse::<usize>().ok()?..)?;
            let end = memchr::memchr(b'\n', line)?;
            Entry::parse(std::str::from_utf8(&line[..end]).ok()?)
        })
    }

    /// Every pair, in the table's order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let text = std::str::from_utf8(self.parts().0).unwrap_or_default();
        text.lines().filter_map(Entry::parse)
    }
}

/// What follows `key` and a tab in the sorted `lines`.
fn line_of<'t>(lines: &'t [u8], key: &[u8]) -> Option<&'t [u8]> {
    // always the start of a line, and of the last line that may hold the key
    let (mut low, mut high) = (0, lines.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memchr::memrchr(b'\n', &lines[low..middle]).map_or(low, |at| low + at + 1);
        let end = memchr::memchr(b'\n', &lines[start..high]).map_or(high, |at| start + at);
        let line = &lines[start..end];
        let tab = memchr::memchr(b'\t', line)?;
        match line[..tab].cmp(key) {
            std::cmp::Ordering::Equal => return Some(&line[tab + 1..]),
            std::cmp::Ordering::Less => low = (end + 1).min(high),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found() {
        let rows = [
            ("북한|조선민주주의인민공화국", "North Korea|DPRK", ""),
            ("세계보건기구", "World Health Organization|WHO", "in=organisations"),
            ("제재", "sanction", ""),
            ("탈퇴하다", "withdraw", "weak"),
        ];
        let table = Table::made(rows.map(|(korean, english, flags)| Row { korean, english, flags }));
        for (key, korean) in [
            ("북한", "북한"),
            ("north korea", "북한"),
            ("DPRK", "북한"),
            ("dprk", "북한"),
            ("WHO", "세계보건기구"),
            ("sanction", "제재"),
            ("탈퇴", "탈퇴하다"),
            ("~withdraw", "탈퇴하다"),
        ] {
            let found: Vec<&str> = table.get(key).filter_map(|entry| entry.forms(Lang::Ko).next()).collect();
            assert_eq!(found, [korean], "{key}");
        }
        for key in ["", "who", "북", "zzz", "제재제재"] {
            assert_eq!(table.get(key).count(), 0, "{key}");
        }
        assert_eq!(table.entries().count(), rows.len());
    }

    #[test]
    fn damaged_bytes_hold_nothing() {
        for bytes in [&b""[..], b"\xff\xff\xff\xff", b"\x01\0\0\0a", b"\0\0\0\0key", b"\0\0\0\0key\t99\n"] {
            let table = Table { bytes: Bytes::Made(bytes.to_vec()) };
            assert_eq!(table.get("key").count() + table.entries().count(), 0);
        }
    }
}
