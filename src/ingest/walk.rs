//! Files and folders into entries, in a stable order.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Entry, Found, Notice};

/// Lists what is to be read under `roots`, each root in the order of names.
pub fn walk(roots: &[PathBuf], sink: &mut dyn FnMut(Found<Entry>)) {
    for root in roots {
        for found in walkdir::WalkDir::new(root).sort_by_file_name() {
            match found {
                Ok(file) if file.file_type().is_file() => {
                    let meta = file.metadata().ok();
                    let under = file.path().strip_prefix(root).unwrap_or(Path::new(""));
                    let id = if under.as_os_str().is_empty() {
                        file.file_name().to_string_lossy().into_owned()
                    } else {
                        under.to_string_lossy().into_owned()
                    };
                    sink(Found::One(Entry {
                        shown: file.path().to_string_lossy().into_owned(),
                        id,
                        bytes: meta.as_ref().map_or(0, std::fs::Metadata::len),
                        modified: meta
                            .and_then(|meta| meta.modified().ok())
                            .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
                            .map_or(0, |at| at.as_nanos() as i64),
                        path: file.into_path(),
                    }));
                }
                Ok(_) => {}
                Err(error) => sink(Found::Skipped(Notice {
                    path: error.path().unwrap_or(root).to_string_lossy().into_owned(),
                    reason: error.to_string(),
                })),
            }
        }
    }
}
