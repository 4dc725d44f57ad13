//! Compiles the core table of bilingual pairs (`src/glossary/core/*.tsv`) into the form that is searched.
#![allow(dead_code)]

use std::path::Path;
use std::{env, fs};

#[path = "src/analyze/latin.rs"]
mod latin;
mod analyze {
    pub(crate) use super::latin;
}
#[path = "src/glossary/key.rs"]
mod key;
#[path = "src/glossary/layout.rs"]
mod layout;

fn main() {
    let folder = Path::new("src/glossary/core");
    println!("cargo:rerun-if-changed={}", folder.display());
    for file in ["build.rs", "src/analyze/latin.rs", "src/glossary/key.rs", "src/glossary/layout.rs"] {
        println!("cargo:rerun-if-changed={file}");
    }
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder of the core table")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tsv"))
        .collect();
    files.sort();
    let mut text = String::new();
    for path in files {
        println!("cargo:rerun-if-changed={}", path.display());
        let section = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for (number, line) in fs::read_to_string(&path).expect("a section of the core table").lines().enumerate() {
            match layout::Row::parse(line) {
                None => {}
                Some(Ok(row)) => {
                    let comma = if row.flags.is_empty() { "" } else { "," };
                    text.push_str(&format!("{}\t{}\tin={section}{comma}{}\n", row.korean, row.english, row.flags));
                }
                Some(Err(reason)) => panic!("{}:{}: {reason}", path.display(), number + 1),
            }
        }
    }
    let rows = text.lines().filter_map(layout::Row::parse).flatten();
    let out = Path::new(&env::var_os("OUT_DIR").expect("set by cargo")).join("core.table");
    fs::write(out, layout::compile(rows)).expect("the compiled core table");
}
