//! An index that is missing, foreign, broken or of another make is named, with the command that mends it.

mod harness;

use harness::{Folder, record};

fn indexed() -> Folder {
    let folder = Folder::new();
    folder.put("news/a.json", record("a", "제목", "본문"));
    folder.index("news");
    folder
}

#[test]
fn missing() {
    let folder = Folder::new();
    for command in ["query 북한", "stats", "show a", "check", "export", "bench"] {
        folder.run(command).failed(2, "index: there is no index here; run: search index PATH... -i index");
    }
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let folder = Folder::new();
    folder.put("index/thesis.doc", "mine").put("news/a.json", record("a", "t", "b"));
    folder.run("index news").failed(2, "this folder holds other files and no index");
    assert_eq!(std::fs::read_dir(folder.at("index")).unwrap().count(), 1);
}

#[test]
fn an_index_that_lost_its_list_of_segments_is_made_again() {
    let folder = indexed();
    std::fs::remove_file(folder.at("index/meta.json")).unwrap();
    folder.run("check").failed(2, "there is no index here; run: search index PATH... -i index");
    folder.run("index news").done();
    assert_eq!(folder.ids("제목"), ["a"]);
    folder.run("check").done();
}

#[cfg(unix)]
#[test]
fn every_file_of_an_index_may_be_read_by_the_same_people() {
    use std::os::unix::fs::PermissionsExt;
    let folder = indexed();
    let files = std::fs::read_dir(folder.at("index")).unwrap().flatten();
    let modes: Vec<u32> = files
        .filter(|file| !file.file_name().to_string_lossy().ends_with(".lock"))
        .map(|file| file.metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert!(modes.len() > 5 && modes.iter().all(|mode| *mode == modes[0]), "{modes:?}");
}

#[test]
fn another_analyzer_or_format() {
    let folder = indexed();
    let meta = folder.at("index/meta.json");
    let text = std::fs::read_to_string(&meta).unwrap();
    for (from, to, says) in [
        (r#"\"analyzer\":\"v"#, r#"\"analyzer\":\"w"#, "made with analyzer w"),
        (r#"\"format\":"#, r#"\"format\":9"#, "written in format 9"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        std::fs::write(&meta, changed).unwrap();
        folder.run("query 제목").failed(2, says);
        folder.run("index news").failed(2, "--rebuild");
    }
    folder.run("index news --rebuild").done();
    assert_eq!(folder.ids("제목"), ["a"]);
}

#[test]
fn damage_is_found() {
    let folder = indexed();
    let mut stores: Vec<_> = std::fs::read_dir(folder.at("index"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "store"))
        .collect();
    let store = stores.pop().unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x55;
    std::fs::write(&store, &bytes).unwrap();
    let run = folder.run("check");
    assert_eq!(run.code, Some(2));
    assert!(run.out.contains("its checksum does not match"), "{}", run.out);
    assert!(run.out.contains("search index PATH... -i index --rebuild"), "{}", run.out);
    std::fs::remove_file(&store).unwrap();
    folder.run("query 제목").failed(2, "run: search index PATH... -i index --rebuild");
    folder.run("index news --rebuild").done();
    assert_eq!(folder.ids("제목"), ["a"]);
}

#[test]
fn reading_an_index_writes_nothing() {
    let folder = indexed();
    let state = || {
        let mut files: Vec<_> = std::fs::read_dir(folder.at("index"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name(), entry.metadata().unwrap().modified().unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = state();
    assert_eq!(folder.ids("제목"), ["a"]);
    for command in ["stats", "show a", "check", "export"] {
        folder.run(command).done();
    }
    assert_eq!(state(), before);
}

#[test]
fn a_damaged_file_ends_in_one_line_that_says_what_to_do() {
    let folder = indexed();
    let files = |folder: &Folder| {
        let mut files: Vec<_> = std::fs::read_dir(folder.at("index")).unwrap().flatten().map(|it| it.path()).collect();
        files.retain(|file| file.metadata().unwrap().len() > 0 && file.extension().is_none_or(|it| it != "json"));
        files.sort();
        files
    };
    let mut refused = 0;
    for file in files(&folder) {
        let whole = std::fs::read(&file).unwrap();
        let third = whole.len() / 3;
        let cut = whole[..2 * third].to_vec();
        let zeros = whole.iter().enumerate().map(|(at, &byte)| if at % 97 < 60 { 0 } else { byte }).collect();
        let flipped = whole.iter().enumerate().map(|(at, &byte)| if at % 7 == 3 { !byte } else { byte }).collect();
        for damaged in [cut, zeros, flipped] {
            std::fs::write(&file, damaged).unwrap();
            for query in ["제목", "\"본문\" 제목 -북한"] {
                let run = folder.run(&format!("query '{query}'"));
                // what a query does not need may be damaged without being seen
                assert!(matches!(run.code, Some(0..=2)), "{}: {:?} {}", file.display(), run.code, run.err);
                if run.code == Some(2) {
                    refused += 1;
                    let told = ["search check", "--rebuild", "another program"].iter().any(|it| run.err.contains(it));
                    assert!(told && run.err.trim_end().lines().count() == 1, "{}: {}", file.display(), run.err);
                }
            }
        }
        std::fs::write(&file, &whole).unwrap();
    }
    assert!(refused > 20, "{refused}");
    folder.run("query 제목").done();
}
