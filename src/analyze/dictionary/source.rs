//! The compiled dictionary, out of whatever holds it: a wheel, a gzipped tar or an unpacked folder.
//!
//! Only the four files needed (and the licence) are read, by their base names and into memory: nothing an archive says
//! can choose a path, and no file may be longer than the pinned release could need.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use super::DictionaryError;

/// Base names and the most bytes we read of each; the licence goes by two names.
const WANTED: [(&str, u64); 6] = [
    ("sys.dic", 128 << 20),
    ("matrix.bin", 64 << 20),
    ("char.bin", 1 << 20),
    ("unk.dic", 1 << 20),
    ("COPYING", 1 << 20),
    ("LICENSE", 1 << 20),
];
/// No archive of the dictionary holds more once unpacked.
const MAX_UNPACKED: u64 = 512 << 20;
const MAX_MEMBERS: usize = 10_000;

#[derive(Default)]
pub struct Source {
    pub sys: Vec<u8>,
    pub matrix: Vec<u8>,
    pub chars: Vec<u8>,
    pub unk: Vec<u8>,
    pub licence: Vec<u8>,
}

impl Source {
    pub fn read(path: &Path) -> Result<Source, DictionaryError> {
        let what = path.display().to_string();
        let failed = |e: io::Error| match e.kind() {
            // what decoders report of broken archives, which says nothing about the disk
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
                DictionaryError::source(&what, format!("cannot be unpacked ({e})"))
            }
            _ => DictionaryError::io(path, "read", e),
        };
        let mut source = Source::default();
        if fs::metadata(path).map_err(failed)?.is_dir() {
            source.read_folder(path).map_err(failed)?;
        } else {
            let mut file = File::open(path).map_err(failed)?;
            let mut magic = [0; 4];
            let known = file.read(&mut magic).map_err(failed)?;
            file.rewind().map_err(failed)?;
            match &magic[..known] {
                b"PK\x03\x04" => source.read_zip(file).map_err(failed)?,
                [0x1f, 0x8b, ..] => source.read_tar(flate2::read::GzDecoder::new(file)).map_err(failed)?,
                _ => {
                    return Err(DictionaryError::source(&what, "is neither a wheel (zip) nor a gzipped tar"));
                }
            }
        }
        match source.missing() {
            Some(name) => Err(DictionaryError::source(&what, format!("holds no {name}"))),
            None => Ok(source),
        }
    }

    fn read_folder(&mut self, folder: &Path) -> io::Result<()> {
        for (name, _) in WANTED {
            match File::open(folder.join(name)) {
                Ok(file) => self.take(name, file)?,
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn read_zip(&mut self, file: File) -> io::Result<()> {
        let mut archive = zip::ZipArchive::new(file).map_err(io::Error::from)?;
        for index in 0..archive.len().min(MAX_MEMBERS) {
            let member = archive.by_index(index).map_err(io::Error::from)?;
            let name = base_name(&member.name().map_err(io::Error::from)?).to_owned();
            self.take(&name, member)?;
        }
        Ok(())
    }

    fn read_tar(&mut self, unpacked: impl Read) -> io::Result<()> {
        let mut archive = tar::Archive::new(unpacked.take(MAX_UNPACKED));
        for member in archive.entries()?.take(MAX_MEMBERS) {
            let member = member?;
            if member.header().entry_type().is_file() {
                let name = base_name(&String::from_utf8_lossy(&member.path_bytes())).to_owned();
                self.take(&name, member)?;
            }
        }
        Ok(())
    }

    /// Keeps the content of a file if it is one of those wanted and not had yet.
    fn take(&mut self, name: &str, content: impl Read) -> io::Result<()> {
        let Some((_, limit)) = WANTED.iter().find(|(wanted, _)| *wanted == name) else {
            return Ok(());
        };
        let slot = self.slot(name);
        if !slot.is_empty() {
            return Ok(());
        }
        content.take(limit + 1).read_to_end(slot)?;
        if slot.len() as u64 > *limit {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{name} is too long")));
        }
        Ok(())
    }

    fn slot(&mut self, name: &str) -> &mut Vec<u8> {
        match name {
            "sys.dic" => &mut self.sys,
            "matrix.bin" => &mut self.matrix,
            "char.bin" => &mut self.chars,
            "unk.dic" => &mut self.unk,
            _ => &mut self.licence,
        }
    }

    fn missing(&self) -> Option<&'static str> {
        let needed =
            [("sys.dic", &self.sys), ("matrix.bin", &self.matrix), ("char.bin", &self.chars), ("unk.dic", &self.unk)];
        needed.into_iter().find(|(_, content)| content.is_empty()).map(|(name, _)| name)
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::fixture;
    use super::*;

    const FILES: [&str; 5] = ["sys.dic", "matrix.bin", "char.bin", "unk.dic", "COPYING"];

    fn members(folder: &Path) -> Vec<(String, Vec<u8>)> {
        FILES.iter().map(|name| (format!("../deep/{name}"), fs::read(folder.join(name)).unwrap())).collect()
    }

    fn zip_of(path: &Path, members: &[(String, Vec<u8>)]) {
        let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
        for (name, content) in members {
            archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap();
    }

    fn tar_of(path: &Path, members: &[(String, Vec<u8>)]) {
        let gz = flate2::write::GzEncoder::new(File::create(path).unwrap(), flate2::Compression::fast());
        let mut archive = tar::Builder::new(gz);
        for (name, content) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            archive.append(&header, &content[..]).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
    }

    #[test]
    fn all_containers_hold_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("folder");
        fixture::write_folder(&folder);
        let (wheel, tarball) = (dir.path().join("any.name"), dir.path().join("other"));
        zip_of(&wheel, &members(&folder));
        tar_of(&tarball, &members(&folder));
        let wanted = fixture::source();
        for path in [folder, wheel, tarball] {
            let found = Source::read(&path).unwrap();
            assert!(found.sys == wanted.sys && found.matrix == wanted.matrix, "{}", path.display());
            assert!(found.chars == wanted.chars && found.unk == wanted.unk, "{}", path.display());
            assert_eq!(found.licence, wanted.licence);
        }
        // a member's path chooses nothing
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }

    #[test]
    fn what_is_no_dictionary_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("folder");
        fixture::write_folder(&folder);
        let some = members(&folder);
        let at = |name: &str| dir.path().join(name);
        zip_of(&at("no-unk.whl"), &some[..3]);
        tar_of(&at("no-sys.tgz"), &some[1..]);
        zip_of(&at("cut.whl"), &some);
        let whole = fs::read(at("cut.whl")).unwrap();
        fs::write(at("cut.whl"), &whole[..whole.len() / 2]).unwrap();
        tar_of(&at("cut.tgz"), &some);
        let whole = fs::read(at("cut.tgz")).unwrap();
        fs::write(at("cut.tgz"), &whole[..whole.len() / 2]).unwrap();
        fs::write(at("text"), "no archive").unwrap();
        fs::write(at("empty"), "").unwrap();
        fs::create_dir(at("empty-folder")).unwrap();
        let mut huge = some.clone();
        huge[3].1 = vec![0; (1 << 20) + 1];
        zip_of(&at("huge.whl"), &huge);
        for (name, fault) in [
            ("no-unk.whl", "holds no unk.dic"),
            ("no-sys.tgz", "holds no sys.dic"),
            ("cut.whl", "cannot be unpacked"),
            ("cut.tgz", "cannot be unpacked"),
            ("huge.whl", "unk.dic is too long"),
            ("text", "is neither a wheel (zip) nor a gzipped tar"),
            ("empty", "is neither a wheel (zip) nor a gzipped tar"),
            ("empty-folder", "holds no sys.dic"),
            ("nowhere", "cannot read"),
        ] {
            let error = Source::read(&at(name)).err().unwrap().to_string();
            assert!(error.contains(fault) && error.contains(name), "{name}: {error}");
        }
    }
}
