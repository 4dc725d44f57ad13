//! The manifest of an installed dictionary: written last, so that a folder with a fitting manifest is a whole dictionary.
//!
//! Opening compares file sizes only (microseconds); `verify` reads every byte.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::DictionaryError;

pub const FILE_NAME: &str = "manifest.json";
/// Raised when the manifest or the layout of the files it lists changes.
const FORMAT: u32 = 1;
/// No manifest of ours is longer.
const MAX_BYTES: u64 = 64 << 10;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub dictionary: String,
    pub version: String,
    /// See [`super::pins::Content::fingerprint`].
    pub fingerprint: String,
    /// The package, file or folder it was built from.
    pub made_from: String,
    pub made_by: String,
    pub files: Vec<ListedFile>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedFile {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    /// Lists the files of `dir`, hashes them, writes the manifest beside them and brings all of it to the disk.
    pub fn write(dir: &Path, version: &str, fingerprint: &str, made_from: &str) -> Result<Manifest, DictionaryError> {
        let mut files = Vec::new();
        for entry in fs::read_dir(dir).map_err(|e| DictionaryError::io(dir, "list", e))? {
            let path = entry.map_err(|e| DictionaryError::io(dir, "list", e))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name == FILE_NAME {
                continue;
            }
            let (bytes, sha256) = hash_file(&path).map_err(|e| DictionaryError::io(&path, "read", e))?;
            File::open(&path).and_then(|file| file.sync_all()).map_err(|e| DictionaryError::io(&path, "write", e))?;
            files.push(ListedFile { name, bytes, sha256 });
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let manifest = Manifest {
            format: FORMAT,
            dictionary: super::pins::DICTIONARY.to_owned(),
            version: version.to_owned(),
            fingerprint: fingerprint.to_owned(),
            made_from: made_from.to_owned(),
            made_by: concat!("search ", env!("CARGO_PKG_VERSION")).to_owned(),
            files,
        };
        let path = dir.join(FILE_NAME);
        let write = || -> io::Result<()> {
            let mut file = File::create(&path)?;
            file.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            sync_dir(dir)
        };
        write().map_err(|e| DictionaryError::io(&path, "write", e))?;
        Ok(manifest)
    }

    /// Reads the manifest of `dir`; [`DictionaryError::NotInstalled`] where there is none.
    pub fn read(dir: &Path) -> Result<Manifest, DictionaryError> {
        let path = dir.join(FILE_NAME);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(DictionaryError::NotInstalled { path: dir.to_owned() });
            }
            Err(e) => return Err(DictionaryError::io(&path, "read", e)),
        };
        let mut text = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut text).map_err(|e| DictionaryError::io(&path, "read", e))?;
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|_| DictionaryError::damaged(dir, "its manifest cannot be read"))?;
        if manifest.format != FORMAT {
            return Err(DictionaryError::damaged(dir, "its manifest is of another format"));
        }
        let plain = |name: &str| {
            let mut parts = Path::new(name).components();
            matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
        };
        if manifest.files.is_empty() || !manifest.files.iter().all(|file| plain(&file.name)) {
            return Err(DictionaryError::damaged(dir, "its manifest lists no files of its own"));
        }
        Ok(manifest)
    }

    /// Whether every file is there with the length listed.
    pub fn check_sizes(&self, dir: &Path) -> Result<(), DictionaryError> {
        for file in &self.files {
            let found = fs::metadata(dir.join(&file.name)).map(|data| data.len());
            match found {
                Ok(bytes) if bytes == file.bytes => {}
                Ok(bytes) => {
                    let reason = format!("{} has {bytes} bytes and not {}", file.name, file.bytes);
                    return Err(DictionaryError::damaged(dir, reason));
                }
                Err(e) => return Err(DictionaryError::damaged(dir, format!("{}: {e}", file.name))),
            }
        }
        Ok(())
    }

    /// Whether every file has the content listed.
    pub fn check_hashes(&self, dir: &Path) -> Result<(), DictionaryError> {
        self.check_sizes(dir)?;
        for file in &self.files {
            let path = dir.join(&file.name);
            let (_, sha256) = hash_file(&path).map_err(|e| DictionaryError::io(&path, "read", e))?;
            if sha256 != file.sha256 {
                return Err(DictionaryError::damaged(dir, format!("{} has other content than it had", file.name)));
            }
        }
        Ok(())
    }
}

/// The length and SHA-256 of a file, read in pieces.
pub fn hash_file(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hex(&hash.finalize()))),
            n => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Brings the names in a folder to the disk, where the system can.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("words"), "abc").unwrap();
        fs::write(dir.path().join("costs"), "12345").unwrap();
        Manifest::write(dir.path(), "1.0", "0123456789ab", "somewhere").unwrap();
        dir
    }

    #[test]
    fn sha256_of_a_known_text() {
        // FIPS 180-2, appendix B.1
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), abc);
        let dir = dictionary();
        assert_eq!(hash_file(&dir.path().join("words")).unwrap(), (3, abc.to_owned()));
    }

    #[test]
    fn what_is_written_is_read_and_fits() {
        let dir = dictionary();
        let manifest = Manifest::read(dir.path()).unwrap();
        let files: Vec<_> = manifest.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
        assert_eq!(files, [("costs", 5), ("words", 3)]);
        assert_eq!(manifest.fingerprint, "0123456789ab");
        manifest.check_hashes(dir.path()).unwrap();
    }

    #[test]
    fn damage_is_seen() {
        let (sizes, hashes) = (true, false);
        type Change = fn(&Path) -> io::Result<()>;
        let cases: [(&str, Change, bool); 6] = [
            ("costs has 4 bytes and not 5", |dir| fs::write(dir.join("costs"), "1234"), sizes),
            ("costs: ", |dir| fs::remove_file(dir.join("costs")), sizes),
            ("costs has other content", |dir| fs::write(dir.join("costs"), "12346"), hashes),
            ("cannot be read", |dir| fs::write(dir.join(FILE_NAME), "{\"format\": 1"), sizes),
            ("another format", |dir| edit(dir, "\"format\": 1", "\"format\": 9"), sizes),
            ("no files of its own", |dir| edit(dir, "\"costs\"", "\"../costs\""), sizes),
        ];
        for (fault, change, only_sizes) in cases {
            let dir = dictionary();
            change(dir.path()).unwrap();
            let check = |manifest: Manifest| {
                if only_sizes { manifest.check_sizes(dir.path()) } else { manifest.check_hashes(dir.path()) }
            };
            let error = Manifest::read(dir.path()).and_then(check).unwrap_err();
            assert!(matches!(error, DictionaryError::Damaged { .. }), "{fault}");
            assert!(error.to_string().contains(fault), "{fault}: {error}");
        }
    }

    fn edit(dir: &Path, from: &str, to: &str) -> io::Result<()> {
        let path = dir.join(FILE_NAME);
        let text = fs::read_to_string(&path)?;
        assert!(text.contains(from));
        fs::write(path, text.replace(from, to))
    }

    #[test]
    fn without_a_manifest_nothing_is_installed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        for path in [dir.path().to_owned(), dir.path().join("nowhere"), dir.path().join("file")] {
            assert!(matches!(Manifest::read(&path), Err(DictionaryError::NotInstalled { .. })), "{}", path.display());
        }
    }
}
