//! Reading an index: opened without writing anything, one consistent commit for as long as it is held.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::columnar::{Column, StrColumn};
use tantivy::directory::OwnedBytes;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    CompositeFile, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::fastfield::FastFieldReaders;
use tantivy::positions::PositionReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::store::StoreReader;
use tantivy::{
    Directory, DocAddress, HasLen, Index, InvertedIndexReader, ReloadPolicy, Searcher, SegmentReader, TantivyError,
    Term,
};

use super::bits::Bits;
use super::dictionary::Mapped;
use super::joint;
use super::record::{Record, Unpacked};
use super::schema::{Fields, schema};
use super::sections::JOINT;
use super::version::{Stamp, StoreError};
use crate::analyze::Analyzer;
use crate::article::Lang;

/// An index open for reading.
pub struct Reader {
    pub searcher: Searcher,
    pub fields: Fields,
    pub stamp: Stamp,
    dir: PathBuf,
    /// The document store of each segment.
    stores: Vec<StoreReader>,
    /// What its articles were packed with, but for those of a small archive.
    dictionary: Option<Mapped>,
    /// Columns that nearly every query asks for, of each segment: opened once.
    groups: OnceLock<Vec<Column<u64>>>,
    keys: OnceLock<Vec<Column<u64>>>,
    published: OnceLock<Vec<Column<i64>>>,
    days: OnceLock<Vec<Column<i64>>>,
    sources: OnceLock<Vec<Option<StrColumn>>>,
    /// The articles that are left of each segment; `None` where all are.
    kept: OnceLock<Vec<Option<Bits>>>,
    /// The postings of each field by segment, and the length class of every article in it: opened when they are first asked
    /// for. tantivy looks its own up under a lock, and counts who holds them in one place for all threads.
    inverted: Grid<Arc<InvertedIndexReader>>,
    lengths: Grid<OwnedBytes>,
    /// The positions of each segment as they are written.
    positions: OnceLock<Vec<CompositeFile>>,
    joint: OnceLock<Option<joint::Lists>>,
}

impl Reader {
    /// Opens the last commit in `dir`, and gives the analyzer that made it: `analyzer` with the user's words of the index.
    pub fn open(dir: &Path, analyzer: &Analyzer) -> Result<(Reader, Analyzer), StoreError> {
        let reader = Reader::open_unchecked(dir)?;
        let analyzer = reader.stamp.analyzer(analyzer, dir)?;
        Ok((reader, analyzer))
    }

    /// Opens the last commit in `dir` whatever made it, to look at its numbers.
    pub fn open_unchecked(dir: &Path) -> Result<Reader, StoreError> {
        Reader::open_by(dir, Access::Mapped)
    }

    /// The same for one pass over everything: lists are read as they are needed and not mapped, so that an index does not
    /// count as memory of the process that has gone through it.
    pub fn open_to_go_through(dir: &Path) -> Result<Reader, StoreError> {
        Reader::open_by(dir, Access::Read)
    }

    fn open_by(dir: &Path, access: Access) -> Result<Reader, StoreError> {
        if !dir.join("meta.json").exists() {
            return Err(StoreError::Missing(dir.to_owned()));
        }
        let broken = |error: tantivy::TantivyError| StoreError::of(dir, error);
        let mapped = MmapDirectory::open(dir).map_err(|error| StoreError::broken(dir, error))?;
        let index = Index::open(ReadOnly { files: mapped.clone(), access, dir: dir.to_owned() }).map_err(broken)?;
        let (wanted, fields) = schema();
        let ours = index.schema() == wanted;
        // ours without a stamp: its first run was ended before its commit
        let none = || if ours { StoreError::Missing(dir.to_owned()) } else { StoreError::Foreign(dir.to_owned()) };
        let stamp = Stamp::read(&index, dir)?.ok_or_else(none)?;
        if stamp.format != super::version::FORMAT {
            return Err(StoreError::Format {
                dir: dir.to_owned(),
                found: stamp.format,
                wanted: super::version::FORMAT,
            });
        }
        if !ours {
            return Err(StoreError::Foreign(dir.to_owned()));
        }
        // fields are read one by one: a cache of the document store would only hold what is read once
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(0)
            .try_into()
            .map_err(broken)?;
        let searcher = reader.searcher();
        let stores = searcher.segment_readers().iter().map(|segment| segment.get_store_reader(0));
        let stores = stores.collect::<Result<_, _>>().map_err(|error| StoreError::broken(dir, error))?;
        let dictionary = stamp.dictionary.as_deref().map(|name| {
            let file = mapped.get_file_handle(Path::new(name)).map_err(|error| StoreError::of(dir, error.into()))?;
            let bytes = file.read_bytes(0..file.len()).map_err(|error| StoreError::io(&dir.join(name), error))?;
            Ok(Mapped::new(bytes))
        });
        let dictionary = dictionary.transpose()?;
        let (segments, of_fields) = (searcher.segment_readers().len(), searcher.schema().num_fields());
        Ok(Reader {
            searcher,
            fields,
            stamp,
            dir: dir.to_owned(),
            stores,
            dictionary,
            groups: OnceLock::new(),
            keys: OnceLock::new(),
            published: OnceLock::new(),
            days: OnceLock::new(),
            sources: OnceLock::new(),
            kept: OnceLock::new(),
            inverted: Grid::new(segments, of_fields),
            lengths: Grid::new(segments, of_fields),
            positions: OnceLock::new(),
            joint: OnceLock::new(),
        })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Articles that can be found.
    pub fn articles(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Articles of one language, deleted ones that are still in the postings included.
    pub fn articles_in(&self, lang: Lang) -> u64 {
        self.searcher.doc_freq(&Term::from_field_text(self.fields.lang, lang.code())).unwrap_or(0)
    }

    /// The postings of a field in the segment of this number.
    pub fn inverted(&self, ord: usize, field: Field) -> tantivy::Result<&InvertedIndexReader> {
        let open = |segment: &SegmentReader| segment.inverted_index(field);
        Ok(self.inverted.get(ord, field, || open(self.searcher.segment_reader(ord as u32)))?)
    }

    /// The length class of every article of a segment in a field.
    pub fn lengths(&self, ord: usize, field: Field) -> tantivy::Result<&[u8]> {
        let open = |segment: &SegmentReader| {
            let lengths = segment.fieldnorms_readers().get_inner_file().open_read(field);
            let lengths = lengths.ok_or_else(|| TantivyError::SchemaError("a field has no lengths".to_owned()))?;
            Ok(lengths.read_bytes()?)
        };
        Ok(self.lengths.get(ord, field, || open(self.searcher.segment_reader(ord as u32)))?)
    }

    /// Where each segment has the list of a term; `None` where it does not have the term.
    pub fn lists_of(&self, field: Field, term: &str) -> tantivy::Result<Vec<Option<TermInfo>>> {
        let term = Term::from_field_text(field, term);
        let segments = 0..self.searcher.segment_readers().len();
        segments.map(|ord| Ok(self.inverted(ord, field)?.get_term_info(&term)?)).collect()
    }

    /// The articles that are left of the segment of this number; `None` where none was removed since it was written.
    pub fn kept(&self, ord: usize) -> Option<&Bits> {
        let of_segment = |segment: &SegmentReader| {
            let kept = segment.alive_bitset()?;
            let mut bits = Bits::empty(segment.max_doc());
            kept.iter_alive().for_each(|doc| bits.insert(doc));
            Some(bits)
        };
        let all = || self.searcher.segment_readers().iter().map(of_segment).collect();
        self.kept.get_or_init(all)[ord].as_ref()
    }

    /// The wire group of each article, by segment.
    pub fn groups(&self) -> tantivy::Result<&[Column<u64>]> {
        self.columns(&self.groups, |columns| columns.u64("group"))
    }

    /// What orders articles that nothing else tells apart, by segment; see [`super::schema::order_key`].
    pub fn keys(&self) -> tantivy::Result<&[Column<u64>]> {
        self.columns(&self.keys, |columns| columns.u64("key"))
    }

    /// When each article was published, in seconds since 1970, by segment.
    pub fn published(&self) -> tantivy::Result<&[Column<i64>]> {
        self.columns(&self.published, |columns| columns.i64("published"))
    }

    /// The day each article was published, counted from 1970, by segment.
    pub fn days(&self) -> tantivy::Result<&[Column<i64>]> {
        self.columns(&self.days, |columns| columns.i64("day"))
    }

    /// The outlet of each article, by segment; `None` where none has one.
    pub fn sources(&self) -> tantivy::Result<&[Option<StrColumn>]> {
        self.columns(&self.sources, |columns| columns.str("source"))
    }

    /// The day an article was published, counted from 1970.
    pub fn day(&self, address: DocAddress) -> tantivy::Result<Option<i64>> {
        Ok(self.days()?[address.segment_ord as usize].first(address.doc_id))
    }

    /// A column of each segment, opened when it is first asked for.
    fn columns<'r, T>(
        &self,
        kept: &'r OnceLock<Vec<T>>,
        open: impl Fn(&FastFieldReaders) -> tantivy::Result<T>,
    ) -> tantivy::Result<&'r [T]> {
        if let Some(columns) = kept.get() {
            return Ok(columns);
        }
        let segments = self.searcher.segment_readers().iter();
        let columns = segments.map(|segment| open(segment.fast_fields())).collect::<tantivy::Result<_>>()?;
        Ok(kept.get_or_init(|| columns))
    }

    /// All positions of a term of a segment, one after the other.
    pub fn positions(&self, ord: usize, field: Field, info: &TermInfo) -> tantivy::Result<PositionReader> {
        let file = self.position_files()?.get(ord).and_then(|file| file.open_read(field));
        let file = file.ok_or_else(|| TantivyError::InternalError("a field without positions".to_owned()))?;
        Ok(PositionReader::open(file.slice(info.positions_range.clone()).read_bytes()?)?)
    }

    fn position_files(&self) -> tantivy::Result<&[CompositeFile]> {
        if let Some(files) = self.positions.get() {
            return Ok(files);
        }
        // mapped by the segment's own reader, so the file is there even where a later commit has removed it
        let open = |segment: &SegmentReader| -> tantivy::Result<CompositeFile> {
            let name = format!("{}.pos", segment.segment_id().uuid_string());
            Ok(CompositeFile::open(&self.searcher.index().directory().open_read(Path::new(&name))?)?)
        };
        let files = self.searcher.segment_readers().iter().map(open).collect::<tantivy::Result<_>>()?;
        Ok(self.positions.get_or_init(|| files))
    }

    /// The joint lists of the commit, mapped when they are first asked for; `None` where it has none that can be read.
    pub fn joint(&self) -> Option<&joint::Lists> {
        let open = || joint::Lists::open(&self.dir, &JOINT.file_of(self.stamp.manifest.as_deref()?)).ok();
        self.joint.get_or_init(open).as_ref()
    }

    /// The stored article at `address`.
    pub fn article(&self, address: DocAddress) -> Result<Unpacked, StoreError> {
        let broken = |reason: String| StoreError::broken(&self.dir, reason);
        let store = &self.stores[address.segment_ord as usize];
        let stored = store.get_document_bytes(address.doc_id).map_err(|error| broken(error.to_string()))?;
        let packed = only_bytes(&stored, self.fields.article.field_id());
        let packed = packed.ok_or_else(|| broken("an article has no record".to_owned()))?;
        Unpacked::new(packed, self.dictionary.as_ref()).map_err(|error| broken(error.to_string()))
    }

    /// What a stored article says.
    pub fn record<'u>(&self, unpacked: &'u Unpacked) -> Result<Record<'u>, StoreError> {
        unpacked.record().map_err(|error| StoreError::broken(&self.dir, error))
    }

    /// Where the article with this id is.
    pub fn find(&self, id: &str) -> Result<Option<DocAddress>, StoreError> {
        let term = Term::from_field_text(self.fields.id, id);
        for (ord, segment) in self.searcher.segment_readers().iter().enumerate() {
            let broken = |error: std::io::Error| StoreError::broken(&self.dir, error);
            let inverted =
                segment.inverted_index(self.fields.id).map_err(|error| StoreError::broken(&self.dir, error))?;
            let postings = inverted.read_postings(&term, tantivy::schema::IndexRecordOption::Basic).map_err(broken)?;
            let Some(mut postings) = postings else { continue };
            use tantivy::DocSet;
            while postings.doc() != tantivy::TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(ord as u32, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }
}

/// What there is of each field in each segment, opened when it is first asked for.
struct Grid<T>(Vec<Vec<OnceLock<T>>>);

impl<T> Grid<T> {
    fn new(segments: usize, fields: usize) -> Grid<T> {
        let places = || std::iter::repeat_with(OnceLock::new).take(fields).collect();
        Grid(std::iter::repeat_with(places).take(segments).collect())
    }

    fn get(&self, ord: usize, field: Field, open: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
        let place = &self.0[ord][field.field_id() as usize];
        match place.get() {
            Some(there) => Ok(there),
            None => open().map(|opened| place.get_or_init(|| opened)),
        }
    }
}

/// The value of a stored document that has `field` alone, and bytes in it, as tantivy writes it: the number of fields, the
/// field, the kind of the value, its length. tantivy itself reads bytes one by one, which costs more than unpacking them, and
/// takes as much memory as a damaged length says.
fn only_bytes(stored: &[u8], field: u32) -> Option<&[u8]> {
    const BYTES: u8 = 4;
    let (&[0x81], rest) = stored.split_first_chunk()? else { return None };
    let (of, rest) = rest.split_first_chunk()?;
    let (&[BYTES], mut rest) = rest.split_first_chunk()? else { return None };
    if u32::from_le_bytes(*of) != field {
        return None;
    }
    // seven bits a byte, the lowest first; the last one is marked
    let mut length = 0usize;
    for shift in (0..35).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            return (rest.len() == length).then_some(rest);
        }
    }
    None
}

/// A directory that is only read: no lock file is written, so an index on a read-only disk can be searched.
#[derive(Clone, Debug)]
struct ReadOnly {
    files: MmapDirectory,
    access: Access,
    dir: PathBuf,
}

/// How the files of an index are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Mapped,
    Read,
}

/// A file that is read a stretch at a time.
#[derive(Debug)]
struct OpenFile {
    file: Mutex<File>,
    len: usize,
}

impl OpenFile {
    fn open(path: &Path) -> std::io::Result<OpenFile> {
        let file = File::open(path)?;
        let len = usize::try_from(file.metadata()?.len()).map_err(std::io::Error::other)?;
        Ok(OpenFile { file: Mutex::new(file), len })
    }
}

impl HasLen for OpenFile {
    fn len(&self) -> usize {
        self.len
    }
}

impl FileHandle for OpenFile {
    fn read_bytes(&self, range: Range<usize>) -> std::io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        // whoever panicked here has left nothing behind that the next one would not set
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(range.start as u64))?;
        file.read_exact(&mut bytes)?;
        Ok(OwnedBytes::new(bytes))
    }
}

fn read_only() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::PermissionDenied, "the index is open for reading only")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if self.access == Access::Mapped {
            return self.files.get_file_handle(path);
        }
        match OpenFile::open(&self.dir.join(path)) {
            Ok(file) => Ok(Arc::new(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(OpenReadError::FileDoesNotExist(path.to_owned()))
            }
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> std::io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> std::io::Result<()> {
        Ok(())
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }

    /// The lock keeps a writer from collecting files between reading `meta.json` and opening them; a reader that finds a
    /// file gone opens the index again.
    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_stored_document() {
        let long: Vec<u8> = [[0x81, 3, 0, 0, 0, 4, 0x48, 0x81].as_slice(), &[b'x'; 200]].concat();
        let rows: &[(&[u8], Option<&[u8]>)] = &[
            (&[0x81, 3, 0, 0, 0, 4, 0x82, b'a', b'b'], Some(b"ab")),
            (&[0x81, 3, 0, 0, 0, 4, 0x80], Some(b"")),
            (&long, Some(&[b'x'; 200])),
            // two fields, another one, another kind
            (&[0x82, 3, 0, 0, 0, 4, 0x82, b'a', b'b'], None),
            (&[0x81, 3, 1, 0, 0, 4, 0x82, b'a', b'b'], None),
            (&[0x81, 3, 0, 0, 0, 0, 0x82, b'a', b'b'], None),
            // shorter and longer than it says, a length without an end, one beyond all memory
            (&[0x81, 3, 0, 0, 0, 4, 0x83, b'a', b'b'], None),
            (&[0x81, 3, 0, 0, 0, 4, 0x81, b'a', b'b'], None),
            (&[0x81, 3, 0, 0, 0, 4, 0x02, 0x03], None),
            (&[0x81, 3, 0, 0, 0, 4, 0x7f, 0x7f, 0x7f, 0x7f, 0x8f, b'a'], None),
            (&[0x81, 3, 0, 0, 0, 4, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x81], None),
        ];
        for (stored, expected) in rows {
            assert_eq!(only_bytes(stored, 3), *expected, "{stored:?}");
        }
        for cut in 0..8 {
            assert_eq!(only_bytes(&long[..cut], 3), None, "{cut}");
        }
    }
}
