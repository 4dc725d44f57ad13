//! A user's own pairs: a small file beside the index, read anew by every search.
//!
//! One pair a line, Korean and English between a tab; a minus sign in front takes a pair out that would otherwise be found.

use std::io;
use std::path::{Path, PathBuf};

use super::key::bare;
use super::layout::Row;
use super::table::Table;
use crate::analyze::latin::fold;
use crate::files::write_at_once;

/// The name of the file in the folder of the index.
pub const USER_FILE: &str = "glossary.tsv";

/// The user's pairs of one index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserPairs {
    path: PathBuf,
    /// As written: Korean, English.
    pub added: Vec<(String, String)>,
    /// Without spaces and capitals.
    pub removed: Vec<(String, String)>,
}

impl UserPairs {
    /// The pairs of the index in `dir`; none where there is no file.
    pub fn read(dir: &Path) -> io::Result<UserPairs> {
        let path = dir.join(USER_FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        Ok(UserPairs { path, ..UserPairs::parse(&text) })
    }

    fn parse(text: &str) -> UserPairs {
        let mut pairs = UserPairs::default();
        for line in text.lines() {
            let (removed, line) = line.strip_prefix('-').map_or((false, line), |line| (true, line));
            // a line that is no pair is the user's to mend; the others count
            let Some(Ok(row)) = Row::parse(line) else { continue };
            if removed {
                pairs.removed.push((bare(row.korean), fold(row.english)));
            } else {
                pairs.added.push((row.korean.to_owned(), row.english.to_owned()));
            }
        }
        pairs
    }

    pub fn table(&self) -> Table {
        Table::made(self.added.iter().map(|(korean, english)| Row { korean, english, flags: "" }))
    }

    /// Adds a pair; one that was removed before is wanted again.
    pub fn add(&mut self, korean: &str, english: &str) {
        self.removed.retain(|pair| *pair != (bare(korean), fold(english)));
        let pair = (korean.to_owned(), english.to_owned());
        if !self.added.contains(&pair) {
            self.added.push(pair);
        }
    }

    /// Removes a pair, wherever it comes from.
    pub fn remove(&mut self, korean: &str, english: &str) {
        let pair = (bare(korean), fold(english));
        self.added.retain(|(korean, english)| (bare(korean), fold(english)) != pair);
        if !self.removed.contains(&pair) {
            self.removed.push(pair);
        }
    }

    /// Writes the file in one step.
    pub fn write(&self) -> io::Result<()> {
        let added = self.added.iter().map(|(korean, english)| format!("{korean}\t{english}\n"));
        let removed = self.removed.iter().map(|(korean, english)| format!("-{korean}\t{english}\n"));
        write_at_once(&self.path, added.chain(removed).collect::<String>().as_bytes())
    }
}

/// Reads `A=B`: which side is Korean is seen, not asked.
pub fn pair_of(text: &str) -> Option<(String, String)> {
    let (left, right) = text.split_once('=')?;
    let clean = |side: &str| side.split_whitespace().collect::<Vec<_>>().join(" ");
    let (left, right) = (clean(left), clean(right));
    let hangul = |side: &str| side.chars().any(|ch| matches!(ch, '가'..='힣'));
    let latin = |side: &str| side.chars().any(|ch| ch.is_alphabetic() && !matches!(ch, '가'..='힣'));
    match (hangul(&left), hangul(&right)) {
        (true, false) if latin(&right) => Some((left, right)),
        (false, true) if latin(&left) => Some((right, left)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_and_removing() {
        let dir = tempfile::tempdir().unwrap();
        let mut pairs = UserPairs::read(dir.path()).unwrap();
        pairs.add("연준", "Fed");
        pairs.remove("북한", "North Korea");
        pairs.write().unwrap();
        let mut pairs = UserPairs::read(dir.path()).unwrap();
        assert_eq!(pairs.added, [("연준".to_owned(), "Fed".to_owned())]);
        assert_eq!(pairs.removed, [("북한".to_owned(), "north korea".to_owned())]);
        assert_eq!(pairs.table().entries().count(), 1);
        pairs.add("북한", "North Korea");
        pairs.remove("연 준", "fed");
        assert_eq!(pairs.added, [("북한".to_owned(), "North Korea".to_owned())]);
        assert_eq!(pairs.removed, [("연준".to_owned(), "fed".to_owned())]);
    }

    #[test]
    fn typed_pairs() {
        let pair = |korean: &str, english: &str| Some((korean.to_owned(), english.to_owned()));
        let rows = [
            ("연준=Fed", pair("연준", "Fed")),
            ("North  Korea = 북한", pair("북한", "North Korea")),
            ("연준", None),
            ("a=b", None),
            ("가=나", None),
            ("=연준", None),
        ];
        for (text, expected) in rows {
            assert_eq!(pair_of(text), expected, "{text}");
        }
    }
}
