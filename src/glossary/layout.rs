//! A table of pairs as bytes that need no reading: entries, one a line, and sorted keys that point at them.
//!
//! A key is found by bisecting the lines, so looking up costs the same however large the table is and nothing is parsed
//! before it is asked for. The core table is compiled into this form at build time, mined pairs when an index is
//! written, a user's pairs when they are read.
//!
//! Bytes: the length of the entries (u32, little endian); the entries; the keys. An entry is Korean forms, English forms
//! and flags, between tabs, alternatives between bars. A key's line is the key and the entries' offsets, between tabs.

use std::collections::BTreeMap;

use super::key::{english_keys, korean_keys};
use crate::analyze::latin::English;

/// The most alternatives of a key: beyond that it says nothing.
const MOST: usize = 12;

/// One row of a table, as written by people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    pub korean: &'a str,
    pub english: &'a str,
    pub flags: &'a str,
}

impl<'a> Row<'a> {
    /// Takes a line apart; `None` for comments and empty lines, an error says what is wrong with the line.
    pub fn parse(line: &'a str) -> Option<Result<Row<'a>, String>> {
        let line = line.trim_end_matches(['\r', '\n']);
        if line.trim().is_empty() || line.starts_with('#') {
            return None;
        }
        let mut fields = line.split('\t');
        let (korean, english) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let flags = fields.next().unwrap_or("");
        Some(if fields.next().is_some() {
            Err("more than three fields".to_owned())
        } else if !korean.split('|').all(|form| !form.trim().is_empty()) {
            Err(format!("{korean:?}: an empty form"))
        } else if !english.split('|').all(|form| !form.trim().is_empty()) {
            Err(format!("{english:?}: an empty form"))
        } else {
            Ok(Row { korean, english, flags })
        })
    }

    pub fn has(&self, flag: &str) -> bool {
        self.flags.split(',').any(|it| it == flag)
    }
}

/// The bytes of a table of `rows`.
pub fn compile<'a>(rows: impl IntoIterator<Item = Row<'a>>) -> Vec<u8> {
    let english = English::default();
    let mut entries = String::new();
    let mut keys: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in rows {
        let offset = entries.len();
        let mut of_row: Vec<String> = Vec::new();
        // kept to be shown, not to be found
        let found = !row.has("unsure");
        if found && !row.has("en>ko") {
            of_row.extend(row.korean.split('|').flat_map(korean_keys));
        }
        if found && !row.has("ko>en") {
            of_row.extend(row.english.split('|').flat_map(|form| english_keys(form, &english)));
        }
        of_row.sort_unstable();
        of_row.dedup();
        for key in of_row {
            keys.entry(key).or_default().push(offset);
        }
        for field in [row.korean, "\t", row.english, "\t", row.flags, "\n"] {
            entries.push_str(field);
        }
    }
    let mut bytes = (entries.len() as u32).to_le_bytes().to_vec();
    bytes.extend(entries.as_bytes());
    for (key, offsets) in keys {
        bytes.extend(key.as_bytes());
        for offset in offsets.into_iter().take(MOST) {
            bytes.extend(format!("\t{offset}").as_bytes());
        }
        bytes.push(b'\n');
    }
    bytes
}
