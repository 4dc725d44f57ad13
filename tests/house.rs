//! The documents speak of the house as it is.

use std::path::Path;

/// Every path in backticks that ARCHITECTURE.md, README.md or CONTRIBUTING.md names is there.
#[test]
fn named_paths_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    let mut seen = 0;
    for document in ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        for name in text.split('`').skip(1).step_by(2) {
            let is_path =
                ["src/", "tests/", "benches/", "corpus/", ".ci/", "docs/"].iter().any(|top| name.starts_with(top));
            if is_path && !name.contains([' ', '*', '{', '…']) {
                seen += 1;
                if !root.join(name).exists() {
                    missing.push(format!("{document}: {name}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(seen > 20, "only {seen} paths are named");
}

/// Rooms stay small enough to be read: no source file over 500 lines.
#[test]
fn no_source_file_is_too_long() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let long: Vec<String> = walkdir::WalkDir::new(src)
        .into_iter()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"))
        .filter_map(|entry| {
            let lines = std::fs::read_to_string(entry.path()).unwrap().lines().count();
            (lines > 500).then(|| format!("{} has {lines} lines", entry.path().display()))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
