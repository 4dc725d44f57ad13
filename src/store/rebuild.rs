//! Making an index again beside the old one, which serves until the new one is whole.
//!
//! The new index grows in a folder inside the old one's. Its segments are moved over first (their names are unique), then
//! its `meta.json` in one rename: before that the old index is complete, after it the new one is.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tantivy::Directory;
use tantivy::directory::{DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};

use super::version::StoreError;

const FOLDER: &str = "rebuild.part";
const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";

/// An index in the making.
pub struct Rebuilt {
    /// The folder it is made in.
    pub fresh: PathBuf,
    _lock: DirectoryLock,
}

impl Rebuilt {
    /// Takes the old index's lock and makes an empty folder for the new one.
    pub fn begin(dir: &Path) -> Result<Rebuilt, StoreError> {
        let directory = MmapDirectory::open(dir).map_err(|error| StoreError::broken(dir, error))?;
        let lock = directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|_| StoreError::Locked(dir.to_owned()))?;
        let fresh = dir.join(FOLDER);
        if fresh.exists() {
            fs::remove_dir_all(&fresh).map_err(|error| StoreError::io(&fresh, error))?;
        }
        fs::create_dir(&fresh).map_err(|error| StoreError::io(&fresh, error))?;
        Ok(Rebuilt { fresh, _lock: lock })
    }

    /// Removes what was made so far; the old index stays.
    pub fn discard(self) -> Result<(), StoreError> {
        fs::remove_dir_all(&self.fresh).map_err(|error| StoreError::io(&self.fresh, error))
    }

    /// Puts the new index in the place of the old one in `dir`, and removes what only that had.
    pub fn publish(self, dir: &Path) -> Result<(), StoreError> {
        let failed = |error| StoreError::io(dir, error);
        let old = managed(dir);
        for name in names(&self.fresh)? {
            if name != META && name != MANAGED && !is_lock(&name) {
                fs::rename(self.fresh.join(&name), dir.join(&name)).map_err(failed)?;
            }
        }
        let sync = || File::open(dir).and_then(|folder| folder.sync_all());
        sync().map_err(failed)?;
        for name in [MANAGED, META] {
            fs::rename(self.fresh.join(name), dir.join(name)).map_err(failed)?;
        }
        sync().map_err(failed)?;
        for name in old {
            // it belongs to no index any more: a file that stays wastes space and nothing else
            let _ = fs::remove_file(dir.join(name));
        }
        fs::remove_dir_all(&self.fresh).map_err(|error| StoreError::io(&self.fresh, error))
    }
}

/// The files of the index in `dir`, as it lists them itself; other files in its folder are not ours.
fn managed(dir: &Path) -> Vec<String> {
    let listed = fs::read(dir.join(MANAGED)).ok().and_then(|bytes| serde_json::from_slice::<Vec<String>>(&bytes).ok());
    let ours = |name: &String| name != META && name != MANAGED && !name.contains(['/', '\\']);
    listed.unwrap_or_default().into_iter().filter(ours).collect()
}

fn names(dir: &Path) -> Result<Vec<OsString>, StoreError> {
    let failed = |error| StoreError::io(dir, error);
    fs::read_dir(dir).map_err(failed)?.map(|entry| entry.map(|entry| entry.file_name()).map_err(failed)).collect()
}

fn is_lock(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().ends_with(".lock")
}
