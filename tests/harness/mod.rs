//! A fresh folder, and the real program run in it.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// An empty folder that is removed with its test; commands run in it.
pub struct Folder {
    dir: tempfile::TempDir,
}

/// How a command ended.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    pub fn new() -> Folder {
        Folder { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, and the folders it is in.
    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) -> &Folder {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_search"));
        command
            .args(args)
            .current_dir(self.path())
            .env_remove("SEARCH_INDEX")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program with `line`, split at spaces; `'...'` keeps a word together.
    pub fn run(&self, line: &str) -> Run {
        Run::of(self.command(words(line)).output().unwrap())
    }

    /// Runs the program with `input` on standard input.
    pub fn run_with(&self, line: &str, input: impl AsRef<[u8]>) -> Run {
        let mut command = self.command(words(line));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_ref()).unwrap();
        Run::of(child.wait_with_output().unwrap())
    }

    /// The file of the index whose name begins so.
    pub fn table(&self, prefix: &str) -> Option<PathBuf> {
        let mut files = std::fs::read_dir(self.at("index")).unwrap().flatten().map(|it| it.path());
        files.find(|it| it.file_name().unwrap().to_string_lossy().starts_with(prefix))
    }

    /// The summary of indexing `what`.
    pub fn index(&self, what: &str) -> Value {
        self.run(&format!("index {what} --json")).done().json()
    }

    /// The answer to a query, as JSON; a query without hits is an answer too.
    pub fn query(&self, query: &str) -> Value {
        self.query_with(query, &[])
    }

    pub fn query_with(&self, query: &str, flags: &[&str]) -> Value {
        let args: Vec<&str> = [&["query", "--format", "json"], flags, &["--", query]].concat();
        let run = Run::of(self.command(args).output().unwrap());
        assert!(matches!(run.code, Some(0 | 1)), "{query}: {}", run.err);
        run.json()
    }

    /// The ids of the hits, best first.
    pub fn ids(&self, query: &str) -> Vec<String> {
        ids(&self.query(query))
    }
}

impl Run {
    fn of(output: Output) -> Run {
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It worked.
    pub fn done(self) -> Run {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }

    /// It failed with `code`, and said so in one line that holds `words`.
    pub fn failed(self, code: i32, words: &str) -> Run {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        let line = self.err.lines().find(|line| line.contains(words));
        assert!(line.is_some(), "no line with {words:?} in:\n{}", self.err);
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

pub fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// The marked pieces of a text, by the spans of the JSON output.
pub fn marked(text: &Value, spans: &Value) -> Vec<String> {
    let chars: Vec<char> = text.as_str().unwrap().chars().collect();
    let spans = spans.as_array().unwrap().iter();
    spans
        .map(|span| {
            let [from, to] = [0, 1].map(|at| span[at].as_u64().unwrap() as usize);
            chars[from..to].iter().collect()
        })
        .collect()
}

/// One JSON record as a line.
pub fn record(id: &str, title: &str, body: &str) -> String {
    serde_json::json!({ "id": id, "title": title, "body": body }).to_string() + "\n"
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The sample archive of this repository.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Where a golden file is.
pub fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Compares what was found with a golden file, which `UPDATE_GOLDEN=1` writes anew first.
pub fn is_as_written(name: &str, found: &str) {
    let path = golden(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    let changed: Vec<String> = written
        .lines()
        .zip(found.lines())
        .filter(|(was, is)| was != is)
        .map(|(was, is)| format!("was  {was}\nis   {is}"))
        .collect();
    assert!(
        written == found,
        "{name}: {} lines differ; UPDATE_GOLDEN=1 accepts them:\n{}",
        changed.len().max(1),
        changed.join("\n")
    );
}
