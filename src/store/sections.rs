//! Tables beside the index: files of several sections under one head, written at every commit, mapped, never read whole.
//!
//! Bytes, all numbers little endian: four that name the kind of table; the lengths of the sections (u32 each); XXH3 of these
//! lengths and of the sections (u64); the sections.

use std::io;
use std::path::Path;

use tantivy::Directory;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{MmapDirectory, OwnedBytes};
use xxhash_rust::xxh3::Xxh3;

/// A kind of table.
pub struct Kind {
    /// What the names of its files begin with.
    pub prefix: &'static str,
    /// What it is a table of.
    pub of: &'static str,
    /// What its files begin with.
    pub magic: &'static [u8; 4],
    pub sections: usize,
}

/// What a person may be typing; see [`crate::suggest::table`].
pub const SUGGESTIONS: Kind = Kind { prefix: "suggest-", of: "suggestions", magic: b"SUG1", sections: 7 };
/// See [`crate::glossary::skeletons`].
pub const SOUNDS: Kind = Kind { prefix: "sounds-", of: "words by their sound", magic: b"SND1", sections: 6 };
/// See [`super::joint`].
pub const JOINT: Kind = Kind { prefix: "joint-", of: "words that stand together", magic: b"JNT1", sections: 3 };

/// Every kind that a commit derives from its terms. A table that is lost is made again by the next run.
pub const DERIVED: [&Kind; 3] = [&SUGGESTIONS, &SOUNDS, &JOINT];

impl Kind {
    /// The file of the commit that wrote `manifest`.
    pub fn file_of(&self, manifest: &str) -> String {
        file_of(self.prefix, manifest)
    }

    /// Bytes before the sections.
    pub const fn head(&self) -> usize {
        4 + 4 * self.sections + 8
    }

    /// The bytes of a table with these sections.
    pub fn join<const N: usize>(&self, sections: &[Vec<u8>; N]) -> Vec<u8> {
        debug_assert_eq!(N, self.sections);
        let head = self.head();
        let mut bytes = Vec::with_capacity(head + sections.iter().map(Vec::len).sum::<usize>());
        bytes.extend(self.magic);
        sections.iter().for_each(|section| bytes.extend((section.len() as u32).to_le_bytes()));
        bytes.resize(head, 0);
        sections.iter().for_each(|section| bytes.extend(section));
        let sum = self.sum(&bytes);
        bytes[head - 8..head].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The sections of a table; fails where its bytes are cut short or of no such table.
    pub fn split<const N: usize>(&self, bytes: &OwnedBytes) -> io::Result<[OwnedBytes; N]> {
        debug_assert_eq!(N, self.sections);
        let broken = || io::Error::new(io::ErrorKind::InvalidData, format!("no table of {}", self.of));
        let head = bytes.get(..self.head()).filter(|head| head.starts_with(self.magic)).ok_or_else(broken)?;
        let lengths: [usize; N] = std::array::from_fn(|at| number_at(&head[4..], at).unwrap_or(0));
        let all = lengths.iter().try_fold(self.head(), |sum, length| sum.checked_add(*length));
        if all != Some(bytes.len()) {
            return Err(broken());
        }
        let mut at = self.head();
        Ok(lengths.map(|length| {
            at += length;
            bytes.slice(at - length..at)
        }))
    }

    /// True where the sections are those that were written.
    fn is_sound(&self, bytes: &[u8]) -> bool {
        let head = self.head();
        let sum = bytes.get(head - 8..head).and_then(|sum| sum.try_into().ok()).map(u64::from_le_bytes);
        bytes.starts_with(self.magic) && sum.is_some_and(|sum| sum == self.sum(bytes))
    }

    /// The sum over the lengths and the sections of a whole table.
    fn sum(&self, bytes: &[u8]) -> u64 {
        let mut sum = Xxh3::new();
        sum.update(&bytes[4..self.head() - 8]);
        sum.update(&bytes[self.head()..]);
        sum.digest()
    }

    /// True where the bytes of the file of this name in `dir` are those that were written.
    pub fn is_whole(&self, dir: &Path, name: &str) -> io::Result<bool> {
        Ok(self.is_sound(&std::fs::read(dir.join(name))?))
    }
}

/// Maps the file of this name in `dir`.
pub fn map(dir: &Path, name: &str) -> io::Result<OwnedBytes> {
    let directory = MmapDirectory::open(dir).map_err(io::Error::other)?;
    let file = directory.open_read(Path::new(name)).map_err(|error| match error {
        OpenReadError::FileDoesNotExist(_) => io::Error::new(io::ErrorKind::NotFound, error),
        error => io::Error::other(error),
    });
    file?.read_bytes()
}

/// The number at a place of a section of numbers (u32).
pub fn number_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at * 4..at * 4 + 4)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize)
}

/// The file of a kind, by the prefix of its name, that belongs to the commit that wrote `manifest`.
pub fn file_of(prefix: &str, manifest: &str) -> String {
    let mark = manifest.rsplit('-').next().unwrap_or(manifest);
    format!("{prefix}{mark}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind { prefix: "test-", of: "this test", magic: b"TST1", sections: 3 };

    #[test]
    fn sections_come_back_and_nothing_else_does() {
        let sections = [vec![1, 2, 3], Vec::new(), vec![4; 300]];
        let bytes = KIND.join(&sections);
        let split = KIND.split::<3>(&OwnedBytes::new(bytes.clone())).unwrap();
        assert_eq!(split.map(|section| section.to_vec()), sections);
        assert!(KIND.is_sound(&bytes));
        for cut in [0, 3, KIND.head() - 1, bytes.len() - 1] {
            assert!(KIND.split::<3>(&OwnedBytes::new(bytes[..cut].to_vec())).is_err(), "{cut}");
        }
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(KIND.split::<3>(&OwnedBytes::new(changed.clone())).is_ok() && !KIND.is_sound(&changed));
        // a length that is not that of its section
        let mut moved = bytes.clone();
        moved[5] ^= 1;
        assert!(!KIND.is_sound(&moved));
        changed[0] ^= 1;
        assert!(KIND.split::<3>(&OwnedBytes::new(changed)).is_err());
    }
}
