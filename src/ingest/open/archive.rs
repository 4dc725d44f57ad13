//! Zip and tar: their members, each read as a file of its own.
//!
//! A member's name is a name and nothing else: nothing is written to the disk under it. Names that climb out of their
//! archive are refused all the same, for the ids they would give are lies.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, Read, Seek, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

use super::bounded::bounded;
use super::{Name, Opener, in_words};
use crate::ingest::decode::{clean, decode};

/// A zip archive held in memory where it is small, in a temporary file where it is not.
const IN_MEMORY: usize = 16 << 20;

/// A zip archive that comes as a stream: it ends with what it holds, so it is copied first.
pub fn zip(opener: &mut Opener<'_>, name: &Name, input: impl BufRead, depth: u32) -> ControlFlow<()> {
    match spooled(input, opener.limits.unpacked) {
        Ok(file) => zip_members(opener, name, file, depth),
        Err(error) => opener.skip(&name.shown, in_words(&error)),
    }
}

/// A zip archive that is a file: read where it is.
pub fn zip_file(opener: &mut Opener<'_>, name: &Name, path: &Path, depth: u32) -> ControlFlow<()> {
    match File::open(path) {
        Ok(file) => zip_members(opener, name, io::BufReader::new(file), depth),
        Err(error) => opener.skip(&name.shown, in_words(&error)),
    }
}

fn zip_members(opener: &mut Opener<'_>, name: &Name, file: impl Read + Seek, depth: u32) -> ControlFlow<()> {
    let mut archive = match ::zip::ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => return opener.skip(&name.shown, format!("a broken zip archive ({error})")),
    };
    for index in 0..archive.len() {
        if index as u64 >= opener.limits.members {
            return opener.skip(&name.shown, format!("only the first {index} members are read"));
        }
        let known = archive.name_for_index(index).and_then(Result::ok).map(clean);
        let member = match archive.by_index(index) {
            Ok(member) => member,
            Err(error) => {
                let what = known.unwrap_or_else(|| index.to_string());
                opener.skip(&name.member(&what).shown, format!("cannot be opened ({error})"))?;
                continue;
            }
        };
        if !member.is_file() {
            continue;
        }
        // names of old archives are in the charset of whoever made them
        let inner = decode(member.name_raw(), None).text;
        let packed = member.compressed_size();
        let input = bounded(member, packed, opener.limits, &opener.expanded);
        opener.member(name, &inner, input, depth)?;
        if opener.expanded.get() > opener.limits.unpacked {
            break; // which is said already
        }
    }
    ControlFlow::Continue(())
}

pub fn tar(opener: &mut Opener<'_>, name: &Name, input: impl BufRead, depth: u32) -> ControlFlow<()> {
    let mut archive = ::tar::Archive::new(input);
    let members = match archive.entries() {
        Ok(members) => members,
        Err(error) => return opener.skip(&name.shown, format!("a broken tar archive ({error})")),
    };
    let missing = Rc::new(Cell::new(0));
    for (index, member) in members.enumerate() {
        if index as u64 >= opener.limits.members {
            return opener.skip(&name.shown, format!("only the first {index} members are read"));
        }
        let member = match member {
            Ok(member) => member,
            // the member that is cut, or too large, is said already
            Err(_) if missing.get() > 0 || opener.expanded.get() > opener.limits.unpacked => break,
            Err(_) => {
                return opener.skip(&name.shown, "a tar archive that is cut short or broken; what came before is kept");
            }
        };
        if !member.header().entry_type().is_file() {
            continue;
        }
        let inner = decode(&member.path_bytes(), None).text;
        let size = member.size();
        missing.set(0);
        let whole = Whole { inner: member, left: size, missing: missing.clone() };
        opener.member(name, &inner, Box::new(io::BufReader::new(whole)), depth)?;
    }
    ControlFlow::Continue(())
}

impl Opener<'_> {
    fn member(&mut self, archive: &Name, inner: &str, input: Box<dyn BufRead + '_>, depth: u32) -> ControlFlow<()> {
        let inner = inner.replace('\\', "/").replace(['\n', '\t'], " ");
        let inner = inner.trim_start_matches("./");
        let member = archive.member(inner);
        let drive = inner.as_bytes().get(1) == Some(&b':') && inner.as_bytes()[0].is_ascii_alphabetic();
        if drive || inner.split('/').any(|part| part == ".." || part.is_empty()) {
            return self.skip(&member.shown, "its name leads out of the archive; it is not read");
        }
        let hidden = inner.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if hidden { ControlFlow::Continue(()) } else { self.stream(&member, input, depth + 1) }
    }
}

/// A member of a tar, which says its size but not that it ended too early.
struct Whole<R> {
    inner: R,
    /// Bytes that are missing where it ends too early, 0 before.
    missing: Rc<Cell<u64>>,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            self.missing.set(self.left);
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// A copy of `input` that can be read in any order.
fn spooled(input: impl Read, limit: u64) -> io::Result<tempfile::SpooledTempFile> {
    let mut file = tempfile::spooled_tempfile(IN_MEMORY);
    let copied = io::copy(&mut input.take(limit + 1), &mut file)?;
    if copied > limit {
        return Err(io::Error::other("larger than --max-unpacked allows"));
    }
    file.flush()?;
    Ok(file)
}
