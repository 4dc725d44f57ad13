//! Puts a dictionary in place: all of it, or nothing.
//!
//! Everything is made in a temporary folder beside the target, under a lock that ends with its process, and comes to its
//! name by a rename once it is tested and on the disk. Whoever holds the lock may delete such folders: their makers are
//! dead. A second process waits, then finds the work done.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::locate::Places;
use super::manifest::{Manifest, sync_dir};
use super::pins::{Content, VERSION};
use super::source::Source;
use super::{DictionaryError, KoreanDictionary, Step, build, fetch, trial};

/// What `search dict install` was asked for.
#[derive(Debug, Clone, Default)]
pub struct InstallOptions {
    /// A wheel, a gzipped tar or an unpacked folder to build from, in place of a download.
    pub from: Option<PathBuf>,
    /// Where to install; the user's data folder where nothing is said.
    pub to: Option<PathBuf>,
    /// Build again even if a good dictionary is there.
    pub force: bool,
}

/// Installs the dictionary unless it is there already; returns its folder.
pub fn install(options: &InstallOptions, notice: &mut dyn FnMut(Step)) -> Result<PathBuf, DictionaryError> {
    install_pinned(options, &Content::pinned(), trial::run, notice)
}

fn install_pinned(
    options: &InstallOptions,
    pinned: &Content,
    trial: fn(&Path) -> Result<(), DictionaryError>,
    notice: &mut dyn FnMut(Step),
) -> Result<PathBuf, DictionaryError> {
    let target = match &options.to {
        Some(path) => std::path::absolute(path).map_err(|e| DictionaryError::io(path, "find", e))?,
        None => Places::of_this_process().per_user()?,
    };
    let done = |target: &Path| !options.force && is_good(target, pinned);
    if !done(&target) {
        check_replaceable(&target)?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(DictionaryError::Occupied { path: target });
        };
        fs::create_dir_all(parent).map_err(|e| DictionaryError::io(parent, "make", e))?;
        let prefix = format!(".{}.part-", name.to_string_lossy());
        let lock_path = parent.join(format!(".{}.lock", name.to_string_lossy()));
        let _lock = Lock::take(&lock_path, notice)?;
        if !done(&target) {
            sweep(parent, &prefix);
            let work = tempfile::Builder::new()
                .prefix(&prefix)
                .tempdir_in(parent)
                .map_err(|e| DictionaryError::io(parent, "write", e))?;
            let fresh = make(options.from.as_deref(), pinned, trial, work.path(), notice)?;
            put_in_place(&fresh, &target, work.path())?;
        }
    }
    notice(Step::Installed { path: target.clone() });
    Ok(target)
}

/// Whether a good dictionary of this very recipe is in `dir`.
fn is_good(dir: &Path, pinned: &Content) -> bool {
    KoreanDictionary::open(dir).is_ok_and(|found| found.fingerprint() == pinned.fingerprint())
}

/// A folder of somebody else's is never replaced; ours may be broken, but has a manifest or is empty.
fn check_replaceable(target: &Path) -> Result<(), DictionaryError> {
    let occupied = || DictionaryError::Occupied { path: target.to_owned() };
    match fs::read_dir(target) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotADirectory => Err(occupied()),
        Err(e) => Err(DictionaryError::io(target, "read", e)),
        Ok(mut entries) => {
            let empty = entries.next().is_none();
            match Manifest::read(target) {
                Err(DictionaryError::NotInstalled { .. }) if !empty => Err(occupied()),
                _ => Ok(()),
            }
        }
    }
}

/// Makes a tested dictionary with its manifest somewhere in `work`.
fn make(
    from: Option<&Path>,
    pinned: &Content,
    trial: fn(&Path) -> Result<(), DictionaryError>,
    work: &Path,
    notice: &mut dyn FnMut(Step),
) -> Result<PathBuf, DictionaryError> {
    let (path, made_from) = match from {
        Some(path) => (path.to_owned(), path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()),
        None => {
            let (path, package) = fetch::fetch(work, notice)?;
            (path, package.file.to_owned())
        }
    };
    notice(Step::Unpacking);
    let mut source = Source::read(&path)?;
    let licence = std::mem::take(&mut source.licence);

    let texts = texts_folder(work)?;
    let content = build::write_texts(source, texts.path(), notice)?;
    if content != *pinned {
        let reason = format!("is not mecab-ko-dic {VERSION}: its {} differ", differences(&content, pinned));
        return Err(DictionaryError::Source { what: path.display().to_string(), reason });
    }
    notice(Step::Building);
    let fresh = work.join("dictionary");
    build::compile(texts.path(), &fresh)?;
    drop(texts);
    if !licence.is_empty() {
        let path = fresh.join("LICENSE");
        fs::write(&path, licence).map_err(|e| DictionaryError::io(&path, "write", e))?;
    }
    notice(Step::Testing);
    trial(&fresh)?;
    Manifest::write(&fresh, VERSION, &pinned.fingerprint(), &made_from)?;
    Ok(fresh)
}

fn differences(found: &Content, pinned: &Content) -> String {
    let parts = [
        ("words", found.rows == pinned.rows),
        ("connection costs", found.matrix == pinned.matrix),
        ("character classes", found.characters == pinned.characters),
        ("unknown words", found.unknown == pinned.unknown),
    ];
    let differing: Vec<&str> = parts.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    differing.join(", ")
}

/// A folder for the texts. The builder looks for them with a file pattern, so no part of their path may look like one.
fn texts_folder(work: &Path) -> Result<tempfile::TempDir, DictionaryError> {
    let plain = work.to_str().is_some_and(|path| !path.contains(['*', '?', '[', ']']));
    let parent = if plain { work.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("texts-").tempdir_in(&parent).map_err(|e| DictionaryError::io(&parent, "write", e))
}

/// Gives the finished folder its name. What was there goes to `work`, and with it.
fn put_in_place(fresh: &Path, target: &Path, work: &Path) -> Result<(), DictionaryError> {
    let failed = |e| DictionaryError::io(target, "replace", e);
    let old = work.join("replaced");
    let replaced = match fs::rename(target, &old) {
        Ok(()) => true,
        Err(e) if e.kind() == io::ErrorKind::NotFound => false,
        Err(e) => return Err(failed(e)),
    };
    if let Err(e) = fs::rename(fresh, target) {
        if replaced {
            // back to what was there; the error that led here says more than one about this
            let _ = fs::rename(&old, target);
        }
        return Err(failed(e));
    }
    match target.parent() {
        Some(parent) => sync_dir(parent).map_err(failed),
        None => Ok(()),
    }
}

/// Removes what killed installations left beside the target. Only for who holds the lock.
fn sweep(parent: &Path, prefix: &str) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            // what cannot be removed now is in nobody's way
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Held while installing; the system releases it with the process.
struct Lock {
    _file: File,
}

impl Lock {
    fn take(path: &Path, notice: &mut dyn FnMut(Step)) -> Result<Lock, DictionaryError> {
        let failed = |e| DictionaryError::io(path, "lock", e);
        let file = File::options().create(true).truncate(false).write(true).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                notice(Step::Waiting);
                file.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(e)) => return Err(failed(e)),
        }
        Ok(Lock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use lindera::mode::Mode;
    use lindera::segmenter::Segmenter;

    use super::super::fixture;
    use super::*;

    /// A folder with the tiny compiled dictionary in `from`, to install below.
    struct Place {
        dir: tempfile::TempDir,
        pinned: Content,
    }

    impl Place {
        fn new() -> Place {
            let dir = tempfile::tempdir().unwrap();
            fixture::write_folder(&dir.path().join("from"));
            Place { dir, pinned: fixture::content() }
        }

        fn at(&self, name: &str) -> PathBuf {
            self.dir.path().join(name)
        }

        fn options(&self, to: &str) -> InstallOptions {
            InstallOptions { from: Some(self.at("from")), to: Some(self.at(to)), force: false }
        }

        fn install(&self, options: &InstallOptions) -> Result<PathBuf, DictionaryError> {
            install_pinned(options, &self.pinned, |_| Ok(()), &mut |_| ())
        }

        /// What is in the folder beside the source and the locks.
        fn left(&self, folder: &str) -> Vec<String> {
            let entries = fs::read_dir(self.at(folder)).unwrap();
            let mut names: Vec<String> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.retain(|name| name != "from" && !name.ends_with(".lock"));
            names.sort();
            names
        }
    }

    #[test]
    fn what_is_installed_opens_and_analyses() {
        let place = Place::new();
        let mut steps = Vec::new();
        let options = place.options("deep/er/dict");
        let path = install_pinned(&options, &place.pinned, |_| Ok(()), &mut |step| steps.push(step)).unwrap();
        assert!(steps.is_sorted_by(|a, b| a.progress() <= b.progress()), "{steps:?}");
        assert_eq!(steps.last(), Some(&Step::Installed { path: path.clone() }));
        assert_eq!(place.left("deep/er"), ["dict"]);

        let dictionary = KoreanDictionary::open(&path).unwrap();
        assert_eq!(dictionary.fingerprint(), place.pinned.fingerprint());
        let segmenter = Segmenter::new(Mode::Normal, dictionary.into_inner(), None);
        for (text, wanted) in [("나라이", "나라 이/JKS"), ("강 이", "강 이/MM")] {
            let mut tokens = segmenter.segment(text.into()).unwrap();
            let last = tokens.last_mut().unwrap().get_detail(0).unwrap().to_owned();
            let parts: Vec<&str> = tokens.iter().map(|token| token.surface.as_ref()).collect();
            assert_eq!(format!("{}/{last}", parts.join(" ")), wanted);
        }
        assert_eq!(fs::read_to_string(path.join("LICENSE")).unwrap(), "free\n");
    }

    #[test]
    fn a_good_dictionary_is_left_alone_unless_forced() {
        static TRIALS: AtomicUsize = AtomicUsize::new(0);
        fn counted(_: &Path) -> Result<(), DictionaryError> {
            TRIALS.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
        let place = Place::new();
        let mut options = place.options("dict");
        for (force, trials) in [(false, 1), (false, 1), (true, 2), (false, 2)] {
            options.force = force;
            install_pinned(&options, &place.pinned, counted, &mut |_| ()).unwrap();
            assert_eq!(TRIALS.load(Ordering::SeqCst), trials);
        }
    }

    #[test]
    fn two_at_once_build_once() {
        static TRIALS: AtomicUsize = AtomicUsize::new(0);
        fn slow(_: &Path) -> Result<(), DictionaryError> {
            TRIALS.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(300));
            Ok(())
        }
        let place = Place::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| install_pinned(&place.options("dict"), &place.pinned, slow, &mut |_| ()).unwrap());
            }
        });
        assert_eq!(TRIALS.load(Ordering::SeqCst), 1);
        assert_eq!(place.left("."), ["dict"]);
    }

    #[test]
    fn a_failure_leaves_what_was_there() {
        let place = Place::new();
        let other = Content { rows: "0".repeat(64), ..place.pinned.clone() };
        let options = place.options("dict");
        let error = install_pinned(&options, &other, |_| Ok(()), &mut |_| ()).unwrap_err().to_string();
        assert!(error.ends_with("is not mecab-ko-dic 2.1.1-20180720: its words differ"), "{error}");
        assert_eq!(place.left("."), [""; 0]);

        place.install(&options).unwrap();
        let again = InstallOptions { force: true, ..options };
        let failing = |_: &Path| Err(DictionaryError::Build { reason: "it reads nonsense".into() });
        install_pinned(&again, &place.pinned, failing, &mut |_| ()).unwrap_err();
        assert_eq!(place.left("."), ["dict"]);
        KoreanDictionary::open(&place.at("dict")).unwrap();
    }

    #[test]
    fn a_damaged_dictionary_is_replaced() {
        let place = Place::new();
        let path = place.install(&place.options("dict")).unwrap();
        for damage in ["dict.words", "manifest.json", "matrix.mtx"] {
            fs::write(path.join(damage), "x").unwrap();
            KoreanDictionary::open(&path).unwrap_err();
            place.install(&place.options("dict")).unwrap();
            KoreanDictionary::open(&path).unwrap();
        }
        assert_eq!(place.left("."), ["dict"]);
    }

    #[test]
    fn other_peoples_folders_are_not_replaced() {
        let place = Place::new();
        fs::create_dir(place.at("theirs")).unwrap();
        fs::write(place.at("theirs/letter"), "dear").unwrap();
        fs::write(place.at("file"), "").unwrap();
        for (to, force) in [("theirs", false), ("theirs", true), ("file", true)] {
            let options = InstallOptions { force, ..place.options(to) };
            let error = place.install(&options).unwrap_err();
            assert!(matches!(error, DictionaryError::Occupied { .. }), "{error}");
        }
        assert_eq!(fs::read_to_string(place.at("theirs/letter")).unwrap(), "dear");
        fs::create_dir(place.at("empty")).unwrap();
        place.install(&place.options("empty")).unwrap();
        KoreanDictionary::open(&place.at("empty")).unwrap();
    }

    #[test]
    fn leftovers_of_the_dead_go() {
        let place = Place::new();
        fs::create_dir_all(place.at(".dict.part-abc/dictionary")).unwrap();
        fs::write(place.at(".dict.part-abc/dictionary/dict.words"), "half").unwrap();
        fs::create_dir(place.at(".other.part-abc")).unwrap();
        place.install(&place.options("dict")).unwrap();
        assert_eq!(place.left("."), [".other.part-abc", "dict"]);
    }

    #[test]
    fn a_path_may_look_like_a_pattern() {
        let place = Place::new();
        let path = place.install(&place.options("a[b]*?/dict")).unwrap();
        let words = KoreanDictionary::open(&path).unwrap().inner().prefix_dictionary.word_count();
        assert_eq!(words, fixture::WORDS.len());
    }

    #[test]
    fn verifying_reads_the_content() {
        let place = Place::new();
        let path = place.install(&place.options("dict")).unwrap();
        super::super::verify(&path).unwrap();
        let costs = path.join("matrix.mtx");
        let mut bytes = fs::read(&costs).unwrap();
        bytes[10] ^= 1;
        fs::write(&costs, bytes).unwrap();
        KoreanDictionary::open(&path).unwrap();
        let error = super::super::verify(&path).unwrap_err().to_string();
        assert!(error.contains("matrix.mtx has other content than it had"), "{error}");
    }
}
