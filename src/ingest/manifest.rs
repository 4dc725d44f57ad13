//! What an index holds, by file: the memory that lets the next run read only what changed.
//!
//! For every file its size, its time of change and, for each of its articles, the id and a hash of the content. A
//! manifest belongs to one commit of the index, whose payload names it, so the two cannot disagree after a kill.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::articles::Articles;
use super::{Entry, Notice};
use crate::article::Article;

/// Raised whenever the same file would give other articles: every file is then read again.
pub const READER_VERSION: u32 = 3;

/// The files that an index was made from, by absolute path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub reader: u32,
    /// The file beside it that holds the wire groups.
    pub wire: Option<String>,
    pub files: BTreeMap<String, FileState>,
}

/// A file as it was when it was last read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// See [`Entry::shown`].
    pub shown: String,
    /// See [`Entry::id`].
    pub id: String,
    pub bytes: u64,
    pub modified: i64,
    pub articles: Articles,
    /// Records of it that were left out, and the first of the notices that said so: an unchanged file says them again.
    pub skipped: u64,
    pub notices: Vec<Notice>,
    /// An id of this file is another file's: it is read every time, for the id may have become free.
    pub contested: bool,
}

impl FileState {
    pub fn of(entry: &Entry) -> FileState {
        FileState {
            shown: entry.shown.clone(),
            id: entry.id.clone(),
            bytes: entry.bytes,
            modified: entry.modified,
            ..FileState::default()
        }
    }

    /// True where `entry` need not be read: nothing that a directory says about it has changed.
    pub fn is(&self, entry: &Entry) -> bool {
        self.bytes == entry.bytes && self.modified == entry.modified && self.id == entry.id && self.shown == entry.shown
    }
}

/// A hash of everything an article says, its names aside: XXH3 in 64 bits.
pub fn content_hash(article: &Article) -> u64 {
    let mut hash = Xxh3::new();
    let Article { id: _, path: _, title, lead, body, captions, lang, published, updated, .. } = article;
    (title, lead, body, captions, lang).hash(&mut hash);
    let times = [published, updated].map(|time| time.map(|time| time.to_string()));
    times.hash(&mut hash);
    let Article { source, byline, section, url, charset, format, .. } = article;
    (source, byline, section, url, charset, format).hash(&mut hash);
    hash.finish()
}

impl Manifest {
    /// Reads the manifest at `path`.
    pub fn read(path: &Path) -> io::Result<Manifest> {
        let packed = BufReader::with_capacity(1 << 20, File::open(path)?);
        let bytes = zstd::stream::decode_all(packed)?;
        postcard::from_bytes(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// Writes the manifest to a new file at `path`, all the way to the disk.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let part = path.with_extension("part");
        let file = File::create(&part)?;
        let mut packer = zstd::stream::Encoder::new(BufWriter::new(file), 1)?;
        packer.include_checksum(true)?;
        postcard::to_io(self, &mut packer).map_err(io::Error::other)?;
        let mut file = packer.finish()?;
        file.flush()?;
        file.get_ref().sync_all()?;
        fs::rename(&part, path)
    }
}

#[cfg(test)]
mod tests {
    use super::super::articles::ArticleState;
    use super::*;

    #[test]
    fn every_field_but_the_names_changes_the_hash() {
        let article = Article { id: "a".into(), title: "t".into(), body: "b".into(), ..Article::default() };
        let hash = content_hash(&article);
        let same = Article { id: "x".into(), path: "y".into(), ..article.clone() };
        assert_eq!(content_hash(&same), hash);
        let day = jiff::civil::date(2024, 3, 17);
        let others = [
            Article { title: "tb".into(), body: String::new(), ..article.clone() },
            Article { captions: vec!["c".into()], ..article.clone() },
            Article { published: Some(crate::article::Published::Day(day)), ..article.clone() },
            Article { source: Some("s".into()), ..article.clone() },
            Article { byline: Some("s".into()), ..article.clone() },
            Article { format: "html".into(), ..article.clone() },
        ];
        let mut hashes: Vec<u64> = others.iter().map(content_hash).chain([hash]).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 7);
    }

    #[test]
    fn a_manifest_comes_back_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("manifest-1");
        let mut manifest = Manifest { reader: READER_VERSION, ..Manifest::default() };
        let mut articles = Articles::default();
        articles.push(ArticleState { id: "a#1", hash: 7, group: 0 });
        manifest.files.insert("/a".into(), FileState { bytes: 3, articles, ..FileState::default() });
        manifest.write(&path).unwrap();
        assert_eq!(Manifest::read(&path).unwrap(), manifest);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        fs::write(&path, "no manifest").unwrap();
        assert!(Manifest::read(&path).is_err());
    }
}
