//! The screens of the user guide and the front page are what the program prints: every command in them is run over the
//! sample archive.
//!
//! `UPDATE_GUIDE=1 cargo test --test guide` writes the screens anew; the change is reviewed as the diff of the guide. Timings
//! differ from run to run and are masked.

mod harness;

use std::path::{Path, PathBuf};
use std::process::Command;

use harness::{Folder, corpus};

const COLUMNS: &str = "88";
/// The longest line of a screen, in characters.
const LINE: usize = 160;

/// A document with every screen as it is now: a block that opens with `console` holds commands behind `$ `, each with what it
/// prints.
fn with_screens(document: &str, mut screen: impl FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        if line != "```console" {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        for (at, command) in block.iter().filter_map(|line| line.strip_prefix("$ ")).enumerate() {
            if at > 0 {
                out.push('\n');
            }
            out += &format!("$ {command}\n{}", screen(command));
        }
        out += "```\n";
    }
    out
}

/// Runs a line of shell in the folder, standard error included.
fn run(folder: &Folder, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_search"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(program.parent().unwrap().to_owned()).chain(std::env::split_paths(&path));
    let output = Command::new("sh")
        .args(["-c", &format!("{line} 2>&1")])
        .current_dir(folder.path())
        .env("PATH", std::env::join_paths(places).unwrap())
        .env("COLUMNS", COLUMNS)
        .env_remove("SEARCH_INDEX")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let screen = masked(&String::from_utf8(output.stdout).unwrap());
    screen.lines().map(|line| short(line) + "\n").collect()
}

/// A line of the guide; JSON and CSV have longer ones than anyone would read.
fn short(line: &str) -> String {
    let mut chars = line.chars();
    let head: String = chars.by_ref().take(LINE).collect();
    if chars.next().is_some() { head + "…" } else { head }
}

/// What differs from run to run, left out: timings, and how far a slow run had come.
fn masked(screen: &str) -> String {
    let rows = [
        (r"(?m)^\d+ files, .*\n", ""),
        (r"\d+(\.\d+)? (ms|µs|s)\b", "… $2"),
        (r"\d+(\.\d+)? MB/s", "… MB/s"),
        (r#""took_us":\d+"#, r#""took_us":…"#),
    ];
    rows.iter().fold(screen.to_owned(), |text, (pattern, with)| {
        regex::Regex::new(pattern).unwrap().replace_all(&text, *with).into_owned()
    })
}

/// The archive as the documents find it: under its own name, whatever folder the test runs in.
fn archive() -> Folder {
    let folder = Folder::new();
    let copy = Command::new("cp").arg("-R").arg(corpus()).arg(folder.at("corpus")).status().unwrap();
    assert!(copy.success());
    folder
}

/// Takes the screens of a document anew, and compares or writes them; at least `least` of them.
fn check(document: &str, folder: &Folder, least: usize) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(document);
    let was = std::fs::read_to_string(&path).unwrap();
    let mut seen = 0;
    let now = with_screens(&was, |command| {
        seen += 1;
        run(folder, command)
    });
    assert!(seen >= least, "only {seen} commands are shown");
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        std::fs::write(&path, now).unwrap();
        return;
    }
    for (number, (shown, printed)) in was.lines().zip(now.lines()).enumerate() {
        assert_eq!(
            shown,
            printed,
            "{document}:{}: no longer what the program prints; look at the change, then: \
             UPDATE_GUIDE=1 cargo test --test guide",
            number + 1
        );
    }
    assert_eq!(was.lines().count(), now.lines().count(), "{document}: a screen has become longer or shorter");
}

#[test]
fn the_guide_shows_what_the_program_prints() {
    check("docs/guide.md", &archive(), 15);
}

#[test]
fn the_front_page_shows_what_the_program_prints() {
    let folder = archive();
    folder.run("index corpus").done();
    check("README.md", &folder, 1);
}

#[test]
fn timings_are_masked() {
    assert_eq!(masked("31 of 271 articles, 1.9 ms"), "31 of 271 articles, … ms");
    assert_eq!(masked("17 files, 30 articles, 0.7 MB, 2.2 MB/s; writing the index\n30 added"), "30 added");
    assert_eq!(masked("(0.7 MB read in 0.3 s, 2.2 MB/s)"), "(0.7 MB read in … s, … MB/s)");
    assert_eq!(
        with_screens("a\n```console\n$ x\nold\n```\nb\n", |it| format!("{it}!\n")),
        "a\n```console\n$ x\nx!\n```\nb\n"
    );
}
