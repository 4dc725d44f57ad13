//! Files and folders into entries, in a stable order.
//!
//! Links are followed and loops reported. Hidden files, indexes, and what a `.searchignore` in a folder names (in the
//! syntax of `.gitignore`) are left alone; a root that is named is always read.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::{DirEntry, WalkDir};

use super::decode::clean;
use super::{Entry, Found, Notice};

/// The file that names what is not to be read in its folder.
const IGNORE_FILE: &str = ".searchignore";

/// Lists what is to be read under `roots`, each root in the order of names.
pub fn walk(roots: &[PathBuf], sink: &mut dyn FnMut(Found<Entry>)) {
    for root in roots {
        let mut ignored = Ignored::default();
        let mut notices = Vec::new();
        let files = WalkDir::new(root)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| ignored.admits(entry, &mut notices));
        let mut found = Vec::new();
        for file in files {
            match file {
                Ok(file) if file.file_type().is_file() => found.push(entry(&file, root)),
                Ok(_) => {}
                Err(error) => found.push(Found::Skipped(notice(&error, root))),
            }
            found.drain(..).for_each(&mut *sink);
        }
        notices.into_iter().for_each(|notice| sink(Found::Noted(notice)));
    }
}

fn entry(file: &DirEntry, root: &Path) -> Found<Entry> {
    let path = file.path();
    let meta = match file.metadata() {
        Ok(meta) => meta,
        Err(error) => return Found::Skipped(notice(&error, root)),
    };
    let under = path.strip_prefix(root).unwrap_or(Path::new(""));
    // a root that is a file goes by its name
    let under = if under.as_os_str().is_empty() { Path::new(file.file_name()) } else { under };
    let modified = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Found::One(Entry {
        shown: named(path),
        id: named(under),
        bytes: meta.len(),
        modified: modified.map_or(0, |at| at.as_nanos() as i64),
        path: path.to_owned(),
    })
}

/// A path as people are shown it: composed, clean, with `/` between folders.
fn named(path: &Path) -> String {
    clean(path.to_string_lossy()).replace(std::path::MAIN_SEPARATOR, "/").replace(['\n', '\t'], " ")
}

fn notice(error: &walkdir::Error, root: &Path) -> Notice {
    let path = named(error.path().unwrap_or(root));
    let kind = error.io_error().map(std::io::Error::kind);
    let reason = match (error.loop_ancestor(), kind) {
        (Some(ancestor), _) => format!("a link back to {}; it is not followed", named(ancestor)),
        (None, Some(std::io::ErrorKind::NotFound)) => "a link to nothing".to_owned(),
        (None, Some(std::io::ErrorKind::PermissionDenied)) => {
            "permission denied; make it readable for this user".to_owned()
        }
        _ if error.path().is_some_and(Path::is_symlink) => "a link that leads in a circle".to_owned(),
        _ => error.io_error().map_or("cannot be read".to_owned(), |error| format!("cannot be read ({error})")),
    };
    Notice { path, reason }
}

/// What the folders above an entry say is not to be read.
#[derive(Default)]
struct Ignored {
    rules: Vec<(usize, Gitignore)>,
}

impl Ignored {
    fn admits(&mut self, entry: &DirEntry, notices: &mut Vec<Notice>) -> bool {
        let depth = entry.depth();
        self.rules.retain(|(of, _)| *of < depth);
        let folder = entry.file_type().is_dir();
        if depth > 0 {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let named = self.rules.iter().rev().map(|(_, rules)| rules.matched(entry.path(), folder));
            let named = named.into_iter().find(|matched| !matched.is_none());
            if hidden || named.is_some_and(|matched| matched.is_ignore()) || (folder && is_index(entry.path())) {
                return false;
            }
        }
        let file = entry.path().join(IGNORE_FILE);
        if folder && file.is_file() {
            let mut rules = GitignoreBuilder::new(entry.path());
            let fault = rules.add(&file);
            match (fault, rules.build()) {
                (None, Ok(rules)) => self.rules.push((depth, rules)),
                (fault, built) => {
                    let fault = fault.or(built.err()).map_or(String::new(), |fault| fault.to_string());
                    notices
                        .push(Notice { path: named(&file), reason: format!("not all of it is understood ({fault})") });
                }
            }
        }
        true
    }
}

/// An index of this program is no archive.
fn is_index(folder: &Path) -> bool {
    folder.join("meta.json").is_file()
        && std::fs::read_dir(folder).is_ok_and(|mut entries| {
            entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("manifest-")))
        })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn ids(root: &Path) -> (Vec<String>, Vec<String>) {
        let (mut ids, mut skipped) = (Vec::new(), Vec::new());
        walk(&[root.to_owned()], &mut |found| match found {
            Found::One(entry) => ids.push(entry.id),
            Found::Skipped(notice) | Found::Noted(notice) => skipped.push(notice.reason),
        });
        (ids, skipped)
    }

    #[test]
    fn order_hidden_files_indexes_and_ignored_ones() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "b.txt",
            "a/z.txt",
            "a/y.txt",
            ".hidden/x",
            "a/.x",
            "index/meta.json",
            "index/manifest-1",
            "notes/n.md",
            "notes/keep.md",
        ] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        fs::write(dir.path().join(".searchignore"), "# no articles\nnotes/n.md\n").unwrap();
        assert_eq!(ids(dir.path()).0, ["a/y.txt", "a/z.txt", "b.txt", "notes/keep.md"]);
        assert_eq!(ids(&dir.path().join("a/.x")).0, [".x"]);
    }

    #[test]
    fn names_are_composed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("\u{1112}\u{1161}\u{11AB}.txt"), "x").unwrap();
        assert_eq!(ids(dir.path()).0, ["한.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_reported() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        fs::write(dir.path().join("a/x.txt"), "x").unwrap();
        symlink(dir.path().join("a/x.txt"), dir.path().join("b.txt")).unwrap();
        symlink(dir.path(), dir.path().join("a/loop")).unwrap();
        symlink("nowhere", dir.path().join("dangling")).unwrap();
        let (ids, skipped) = ids(dir.path());
        assert_eq!(ids, ["a/x.txt", "b.txt"]);
        assert_eq!(skipped.len(), 2, "{skipped:?}");
        assert!(skipped[0].contains("a link back to") && skipped[1] == "a link to nothing", "{skipped:?}");
    }
}
