//! A larger archive learns a dictionary for its stored articles: it takes less room, is the same for any number of threads,
//! stays through updates, and its loss is said and mended.

mod harness;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use harness::{Folder, record};

const PLACES: [&str; 8] = ["항구", "시청", "강변", "산마을", "공단", "시장", "역 앞", "들판"];
const PEOPLE: [&str; 8] = ["어민", "상인", "교사", "의사", "기관사", "농부", "연구원", "학생"];
const THINGS: [&str; 8] = ["다리", "도서관", "나루터", "급식", "배수로", "등대", "버스 노선", "온실"];
const DEEDS: [&str; 4] = ["고치자고 했다", "새로 짓기로 했다", "둘러보고 돌아왔다", "다음 달에 다시 살피기로 했다"];

/// The bodies of `count` articles: sentences of the same words, no two articles alike.
fn lines(from: u64, count: u64) -> String {
    let mut lines = String::new();
    for number in from..from + count {
        let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut pick = |of: &[&'static str]| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            of[(state >> 33) as usize % of.len()]
        };
        let mut body = String::new();
        for sentence in 0..12 {
            let (place, who, thing, deed) = (pick(&PLACES), pick(&PEOPLE), pick(&THINGS), pick(&DEEDS));
            write!(body, "{place}에 모인 {who} {}명은 {thing}를 {deed}. ", number % 89 + sentence).unwrap();
        }
        lines += &record(&format!("a{number}"), &format!("{} 소식 {number}", pick(&PLACES)), &body);
    }
    lines
}

/// More than is learnt from and what comes while it is learnt.
const LARGE: u64 = 3300;

fn files(folder: &Folder, index: &str) -> Vec<PathBuf> {
    std::fs::read_dir(folder.at(index)).unwrap().map(|file| file.unwrap().path()).collect()
}

fn dictionaries(folder: &Folder, index: &str) -> Vec<String> {
    let names = files(folder, index).into_iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| name.starts_with("dictionary-")).collect()
}

/// The bytes of an index by what they are; names of segments and commits differ.
fn contents(folder: &Folder, index: &str) -> BTreeMap<String, Vec<u8>> {
    let kept = ["idx", "pos", "term", "store", "fast", "fieldnorm"];
    let kind = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?;
        let end = path.extension().and_then(|end| end.to_str()).filter(|end| kept.contains(end));
        end.or(name.starts_with("dictionary-").then_some(name)).map(str::to_owned)
    };
    files(folder, index).into_iter().filter_map(|path| Some((kind(&path)?, std::fs::read(&path).unwrap()))).collect()
}

#[test]
fn a_large_archive_learns_whatever_the_threads() {
    let folder = Folder::new();
    folder.put("news/all.jsonl", lines(0, LARGE));
    folder.put("small/few.jsonl", lines(0, 300));
    folder.run("index news -i one --jobs 1").done();
    folder.run("index news -i three --jobs 3 --memory 2M").done();
    folder.run("index small -i little").done();
    let (one, three) = (contents(&folder, "one"), contents(&folder, "three"));
    assert_eq!(one.keys().collect::<Vec<_>>(), three.keys().collect::<Vec<_>>());
    assert!(one == three, "threads left a trace");
    assert_eq!((one.len(), dictionaries(&folder, "one").len()), (7, 1));
    assert_eq!(dictionaries(&folder, "little"), [""; 0]);
    for index in ["one", "little"] {
        folder.run(&format!("check -i {index}")).done();
    }

    // articles from before and from after it was learnt
    let first = folder.run("show -i one a0 --format json").done().out;
    assert_eq!(first, folder.run("show -i little a0 --format json").done().out.replace("small/few", "news/all"));
    let export = folder.run("export -i one").done().out;
    let records =
        || lines(0, LARGE).lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect();
    let expected: Vec<serde_json::Value> = records();
    let mut found: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for line in export.lines() {
        let article: serde_json::Value = serde_json::from_str(line).unwrap();
        found.insert(article["id"].as_str().unwrap().to_owned(), article);
    }
    assert_eq!(found.len(), expected.len());
    for article in &expected {
        let stored = &found[article["id"].as_str().unwrap()];
        assert_eq!(stored["title"], article["title"]);
        assert_eq!(stored["body"].as_str().unwrap().trim(), article["body"].as_str().unwrap().trim());
    }
}

#[test]
fn an_archive_keeps_its_dictionary_and_says_when_it_is_lost() {
    let folder = Folder::new();
    folder.put("news/all.jsonl", lines(0, LARGE));
    folder.run("index news").done();
    let names = dictionaries(&folder, "index");
    let path = folder.at("index").join(&names[0]);

    // an update needs it, and leaves it
    folder.put("news/more.jsonl", lines(LARGE, 40));
    folder.run("index news").done();
    assert_eq!(dictionaries(&folder, "index"), names);
    folder.run("check").done();
    assert_eq!(folder.ids(&format!("소식 {}", LARGE + 7))[0], format!("a{}", LARGE + 7));

    let whole = std::fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let run = folder.run("check");
    assert_eq!(run.code, Some(2));
    assert!(run.out.contains("the dictionary of the stored articles is damaged"), "{}", run.out);
    std::fs::write(&path, b"short").unwrap();
    folder.run("query 소식 --ungroup -n 2000").failed(2, "--rebuild");
    std::fs::remove_file(&path).unwrap();
    folder.run("query 소식 --ungroup -n 2000").failed(2, &names[0]);
    folder.put("news/more.jsonl", lines(LARGE, 41));
    folder.run("index news").failed(2, &names[0]);
    folder.run("index news --rebuild").done();
    folder.run("check").done();
    assert_eq!(dictionaries(&folder, "index").len(), 1);

    // what becomes small again has none
    std::fs::remove_file(folder.at("news/all.jsonl")).unwrap();
    folder.run("index news --rebuild").done();
    assert_eq!(dictionaries(&folder, "index"), [""; 0]);
    folder.run("check").done();
}

#[test]
fn an_archive_that_grows_learns_when_much_comes_at_once() {
    let folder = Folder::new();
    folder.put("news/few.jsonl", lines(90_000, 20));
    folder.run("index news").done();
    assert_eq!(dictionaries(&folder, "index"), [""; 0]);
    folder.put("news/all.jsonl", lines(0, LARGE));
    folder.run("index news").done();
    assert_eq!(dictionaries(&folder, "index").len(), 1);
    folder.run("check").done();
    for number in [90_007, 5, LARGE - 1] {
        let shown = folder.run(&format!("show a{number} --format json")).done().json();
        assert!(shown.to_string().contains(&format!("소식 {number}")), "{shown}");
    }
}
