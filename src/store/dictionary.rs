//! What an archive says again and again, learnt from its first articles: the zstd dictionary of its stored articles.
//!
//! One article alone has little to refer to; with half a megabyte of what its archive is made of it takes a third less. The
//! dictionary stands beside the index, named by its content: a commit names the one its articles need, and an archive keeps
//! the first it has until it is made again. Small archives have none (see [`super::record`]).

use std::io;
use std::path::Path;
use std::sync::OnceLock;

use self_cell::self_cell;
use tantivy::directory::OwnedBytes;
use xxhash_rust::xxh3::xxh3_64;
use zstd::dict::DecoderDictionary;

/// What the names of files with dictionaries begin with.
pub const DICTIONARY_PREFIX: &str = "dictionary-";

/// The most a dictionary takes, in bytes: twice as much makes stored articles 3 % smaller, and a first query slower.
const MOST: usize = 512 << 10;
/// A smaller one would not beat the common one.
const LEAST: usize = 128 << 10;
/// The part of the samples that is taken; more would be learning by heart.
const TAKEN: usize = 4;

/// A dictionary, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dictionary {
    /// Of its file.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Dictionary {
    /// Learns from expanded records, one behind the other, of the lengths `sizes`; `None` where they are too few.
    pub fn learn(samples: &[u8], sizes: &[usize]) -> Option<Dictionary> {
        let size = (samples.len() / TAKEN).min(MOST);
        if size < LEAST {
            return None;
        }
        // what cannot be learnt from is stored as in a small archive
        let bytes = zstd::dict::from_continuous(samples, sizes, size).ok()?;
        Some(Dictionary { name: name_of(&bytes), bytes })
    }

    /// Reads the dictionary of this name; fails where its content is not what its name says.
    pub fn read(dir: &Path, name: &str) -> io::Result<Dictionary> {
        let bytes = std::fs::read(dir.join(name))?;
        if name_of(&bytes) != name {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its content does not match its name"));
        }
        Ok(Dictionary { name: name.to_owned(), bytes })
    }
}

fn name_of(bytes: &[u8]) -> String {
    format!("{DICTIONARY_PREFIX}{:016x}", xxh3_64(bytes))
}

self_cell! {
    /// A dictionary that is ready, over the bytes it refers to.
    struct Ready {
        owner: OwnedBytes,
        #[covariant]
        dependent: DecoderDictionary,
    }
}

/// A dictionary as it is read: mapped, and made ready when the first article asks for it, without a copy of its own.
pub struct Mapped {
    bytes: OwnedBytes,
    ready: OnceLock<Ready>,
}

impl Mapped {
    pub fn new(bytes: OwnedBytes) -> Mapped {
        Mapped { bytes, ready: OnceLock::new() }
    }

    /// Fails where the file holds something else.
    pub fn ready(&self) -> io::Result<&DecoderDictionary<'_>> {
        let ready = match self.ready.get() {
            Some(ready) => ready,
            None => {
                let made = Ready::try_new(self.bytes.clone(), |bytes| DecoderDictionary::try_new(bytes))?;
                self.ready.get_or_init(|| made)
            }
        };
        Ok(ready.borrow_dependent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_is_learnt_from_many_articles_and_known_by_its_content() {
        let mut samples = Vec::new();
        let mut sizes = Vec::new();
        for number in 0u64..40_000 {
            let start = samples.len();
            let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let text = format!("제{number}차 회의에서 {} 의원은 {spread:x} 예산안을 설명했다.", spread % 300);
            samples.extend_from_slice(text.as_bytes());
            sizes.push(samples.len() - start);
        }
        assert_eq!(Dictionary::learn(&samples[..sizes[0]], &sizes[..1]), None);
        let dictionary = Dictionary::learn(&samples, &sizes).unwrap();
        assert!(dictionary.bytes.len() <= MOST);
        assert_eq!(Dictionary::learn(&samples, &sizes).unwrap(), dictionary);

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(&dictionary.name);
        std::fs::write(&path, &dictionary.bytes).unwrap();
        assert_eq!(Dictionary::read(dir.path(), &dictionary.name).unwrap(), dictionary);
        std::fs::write(&path, &dictionary.bytes[1..]).unwrap();
        assert!(Dictionary::read(dir.path(), &dictionary.name).is_err());
    }
}
