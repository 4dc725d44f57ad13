//! Zip and tar: their members, each read as a file of its own.
//!
//! A member's name is a name and nothing else: nothing is written to the disk under it. Names that climb out of their
//! archive are refused all the same, for the ids they would give are lies.

use std::io::{self, BufRead, Read, Write};
use std::ops::ControlFlow;

use super::bounded::bounded;
use super::{Name, Opener, in_words};
use crate::ingest::decode::{clean, decode};

/// A zip archive held in memory where it is small, in a temporary file where it is not.
const IN_MEMORY: usize = 16 << 20;

pub fn zip(opener: &mut Opener<'_>, name: &Name, input: impl BufRead, depth: u32) -> ControlFlow<()> {
    let file = match spooled(input, opener.limits.unpacked) {
        Ok(file) => file,
        Err(error) => return opener.skip(&name.shown, in_words(&error)),
    };
    let mut archive = match ::zip::ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => return opener.skip(&name.shown, format!("a broken zip archive ({error})")),
    };
    for index in 0..archive.len() {
        if index as u64 >= opener.limits.members {
            return opener.skip(&name.shown, format!("only the first {index} members are read"));
        }
        let known = archive.name_for_index(index).and_then(Result::ok).map(|name| clean(&name));
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
        let limits = opener.limits;
        opener.member(name, &inner, bounded(member, packed, limits), depth)?;
    }
    ControlFlow::Continue(())
}

pub fn tar(opener: &mut Opener<'_>, name: &Name, input: impl BufRead, depth: u32) -> ControlFlow<()> {
    let mut archive = ::tar::Archive::new(input);
    let members = match archive.entries() {
        Ok(members) => members,
        Err(error) => return opener.skip(&name.shown, format!("a broken tar archive ({error})")),
    };
    for (index, member) in members.enumerate() {
        if index as u64 >= opener.limits.members {
            return opener.skip(&name.shown, format!("only the first {index} members are read"));
        }
        let member = match member {
            Ok(member) => member,
            Err(error) => {
                return opener.skip(&name.shown, format!("{}; what came before is kept", in_words(&error)));
            }
        };
        if !member.header().entry_type().is_file() {
            continue;
        }
        let inner = decode(&member.path_bytes(), None).text;
        opener.member(name, &inner, Box::new(io::BufReader::new(member)), depth)?;
    }
    ControlFlow::Continue(())
}

impl Opener<'_> {
    fn member(&mut self, archive: &Name, inner: &str, input: Box<dyn BufRead + '_>, depth: u32) -> ControlFlow<()> {
        let inner = inner.replace('\\', "/");
        let inner = inner.trim_start_matches("./");
        let member = archive.member(inner);
        if inner.split('/').any(|part| part == ".." || part.is_empty() || part.contains(':')) {
            return self.skip(&member.shown, "its name leads out of the archive; it is not read");
        }
        let hidden = inner.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if hidden { ControlFlow::Continue(()) } else { self.stream(&member, input, depth + 1) }
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
