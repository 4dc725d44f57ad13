//! Whatever is wrong with a file, a record or a folder: one line that says so, and everything else is indexed.

mod harness;
mod stories;

use std::io::Write;

use encoding_rs::EUC_KR;
use harness::{Folder, Run, record};
use stories::{gzip, tar, zip};

/// A file, the path that is named and a part of the reason; and how many articles come of it all the same.
type Row = (&'static str, Vec<u8>, &'static str, &'static str, u64);

/// Besides what is wrong, every folder has one good article.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.put("news/zz.json", record("good", "강가의 새 다리", "강가에 새 다리가 놓였다."));
    folder
}

fn one(id: &str) -> String {
    record(id, "The river rises", "The river rose again this morning.")
}

/// Runs over the folder: what is wrong is said once and counted `skipped` times, `articles` come of it besides the good one.
fn check(folder: &Folder, flags: &str, named: &str, reason: &str, articles: u64, skipped: u64) -> Vec<String> {
    let mut faults = Vec::new();
    let run = folder.run(&format!("index news --json {flags}"));
    let said = said(&run);
    let mut fault = |what: String| faults.push(format!("{named}: {what}\n{}", run.err));
    let line = said.iter().filter(|line| line.starts_with(&format!("{named}: ")) && line.contains(reason)).count();
    if line != 1 || said.len() != 1 {
        fault(format!("no single line with {reason:?}"));
    }
    if said
        .iter()
        .any(|line| ["Error", "Some(", "Os {", "kind:", "\\u{", "\u{1b}"].iter().any(|odd| line.contains(odd)))
    {
        fault("not in words".to_owned());
    }
    if run.code != Some(0) {
        fault(format!("exit {:?}", run.code));
        return faults;
    }
    let summary = run.json();
    let count = |name: &str| summary["articles"][name].as_u64().unwrap();
    if (count("added"), count("skipped")) != (articles + 1, skipped) {
        fault(format!("{} added, {} skipped", count("added"), count("skipped")));
    }
    let strict = folder.run(&format!("index news --rebuild --strict {flags}"));
    if strict.code != Some(if skipped > 0 { 2 } else { 0 }) {
        fault(format!("with --strict exit {:?}", strict.code));
    }
    faults
}

/// The lines about what is wrong: all but the progress and the summary.
fn said(run: &Run) -> Vec<String> {
    run.err.lines().filter(|line| !line.contains(" added") && !line.contains(" files, ")).map(str::to_owned).collect()
}

fn check_all(rows: Vec<Row>, flags: &str, skipped: u64) {
    let mut faults = Vec::new();
    for (name, bytes, named, reason, articles) in rows {
        let folder = folder();
        folder.put(&format!("news/{name}"), bytes);
        faults.extend(check(&folder, flags, named, reason, articles, skipped));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

fn cut(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() * 2 / 3].to_vec()
}

#[test]
fn files_that_are_no_text() {
    let elf = [b"\x7FELF\x02\x01\x01\0".to_vec(), vec![0; 64]].concat();
    check_all(
        vec![
            ("a.html", vec![], "news/a.html", "empty file", 0),
            ("a.txt", b" \n\t\r\n ".to_vec(), "news/a.txt", "empty file", 0),
            ("a.csv", b"\xEF\xBB\xBF".to_vec(), "news/a.csv", "empty file", 0),
            ("a.txt", b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec(), "news/a.txt", "a PNG picture", 0),
            ("a.html", b"%PDF-1.7\n%\xE2\xE3".to_vec(), "news/a.html", "a PDF document", 0),
            ("a", elf, "news/a", "a program", 0),
            ("a.json", b"\0\x01\x02\0\0\0\x7F\0\0\0\x10".repeat(9), "news/a.json", "a binary file", 0),
            ("a.xml", b"<?xml version='1.0'?><svg><text>x</text></svg>".to_vec(), "news/a.xml", "(<svg>)", 0),
            ("a.7z", b"7z\xBC\xAF\x27\x1C".to_vec(), "news/a.7z", "a 7z archive", 0),
            ("a.json", b"[1, 2, 3]".to_vec(), "news/a.json", "not a record of fields", 0),
            ("a.json", b"{\"x\": 1}".to_vec(), "news/a.json", "neither title nor text", 0),
            ("a.json", b"[]".to_vec(), "news/a.json", "no records in it", 0),
            ("a.csv", b"title,body\n".to_vec(), "news/a.csv", "no records in it", 0),
            ("a.md", b"---\ndate: 2024-01-05\n---\n".to_vec(), "news/a.md", "neither title nor text", 0),
            ("a.xml", b"<rss><channel><title>x</title></channel></rss>".to_vec(), "news/a.xml", "without items", 0),
        ],
        "",
        1,
    );
}

#[test]
fn records_that_are_broken() {
    let row = |fields: &str| format!("id,title,body\r\n1,Rain,It rains.\r\n{fields}2,Snow,It snows.\r\n").into_bytes();
    check_all(
        vec![
            ("a.jsonl", (one("1") + "{\"id\": \"2\", \"tit\n" + &one("3")).into(), "news/a.jsonl#2", "cut short", 2),
            ("a.jsonl", ("{\"id\": \"1\", \"tit\n".to_owned() + &one("2")).into(), "news/a.jsonl#1", "cut short", 1),
            ("a.jsonl", (one("1") + "[1, 2]\n" + &one("3")).into(), "news/a.jsonl#2", "not a record of fields", 2),
            ("a.jsonl", (one("1") + "nonsense\n" + &one("3")).into(), "news/a.jsonl#2", "not JSON", 2),
            (
                "a.json",
                format!("[{},{},\n{}", one("1"), one("2"), &one("3")[..30]).into(),
                "news/a.json",
                "cut short",
                2,
            ),
            ("a.json", format!("[{},{{\"title\" 1}},{}]", one("1"), one("3")).into(), "news/a.json#2", "not JSON", 2),
            ("a.csv", row("7,Hail\r\n"), "news/a.csv#2", "a row of 2 fields under a header of 3", 2),
            ("a.csv", row("7,Hail,It hails.,x\r\n"), "news/a.csv#2", "a row of 4 fields", 2),
            ("a.csv", row("7,Hail,\"It hails.\r\n"), "news/a.csv", "never closed", 1),
            ("a.csv", row("7,\"Hail,It hails.\r\n"), "news/a.csv", "never closed", 1),
            ("a.jsonl", (one("1") + &one("1")).into(), "news/a.jsonl#2", "the id 1", 1),
        ],
        "",
        1,
    );
}

#[test]
fn what_is_too_large() {
    let long_line = record("2", "long", &"가".repeat(3000));
    let page = format!("<html><body><p>{}</p></body></html>", "word ".repeat(20_000));
    let limits = "--max-document 8K --max-record 4K";
    check_all(
        vec![
            ("a.jsonl", (one("1") + &long_line + &one("3")).into(), "news/a.jsonl#2", "--max-record", 2),
            ("a.jsonl", (long_line.clone() + &one("3")).into(), "news/a.jsonl#1", "--max-record", 1),
            ("a.json", format!("[{},{long_line},{}]", one("1"), one("3")).into(), "news/a.json#2", "--max-record", 2),
            ("a.html", page.into(), "news/a.html", "--max-document", 0),
            (
                "a.csv",
                format!("title,body\nRain,It rains.\nHail,\"{}", "Snow,It snows.\n".repeat(2000)).into(),
                "news/a.csv",
                "an open quotation mark?",
                1,
            ),
        ],
        limits,
        1,
    );
}

#[test]
fn a_line_without_end_is_passed_over() {
    let folder = folder();
    let started = std::time::Instant::now();
    for name in ["news/a.txt", "news/a.jsonl"] {
        folder.put(name, "{");
        let mut file = std::fs::OpenOptions::new().append(true).open(folder.at(name)).unwrap();
        let words = b"word and word and ".repeat(1 << 16);
        for _ in 0..40 {
            file.write_all(&words).unwrap();
        }
    }
    let run = folder.run("index news --json --max-document 8M --max-record 8M").done();
    let said = said(&run);
    assert_eq!(said.len(), 2, "{}", run.err);
    assert!(said.iter().all(|line| line.contains("more than 8 MB") || line.contains("larger than 8 MB")), "{said:?}");
    assert_eq!(run.json()["articles"]["added"], 1);
    assert!(started.elapsed().as_secs() < 10);
}

#[test]
fn archives_that_are_broken_or_hostile() {
    let files = |names: &[&str]| -> Vec<(String, Vec<u8>)> {
        names.iter().map(|name| ((*name).to_owned(), one(name).into_bytes())).collect()
    };
    let noise: Vec<u8> = (0u32..40_000).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8 % 64 + 32).collect();
    let long = [one("1").into_bytes(), noise.clone()].concat();
    let nested = zip(&[("b.zip".to_owned(), zip(&[("c.zip".to_owned(), zip(&files(&["d.json"])))]))]);
    let zst = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
    let whole = tar(&files(&["1.json", "2.json"]));
    let mut wrong_sum = zip(&files(&["1.json", "2.json"]));
    let at = wrong_sum.windows(4).position(|part| part == b"PK\x03\x04").unwrap() + 30 + "1.json".len();
    wrong_sum[at + 4] ^= 0x55;
    check_all(
        vec![
            ("a.txt.gz", cut(&gzip(&noise)), "news/a.txt.gz", "cut short", 0),
            ("a.json.gz", cut(&gzip(one("1").as_bytes())), "news/a.json.gz", "cut short", 0),
            ("a.jsonl.gz", cut(&gzip(&long)), "news/a.jsonl.gz", "cut short", 1),
            ("a.json.gz", b"\x1F\x8B\x08\0nonsense and more".to_vec(), "news/a.json.gz", "cannot be read", 0),
            ("a.json.zst", cut(&zst(one("1").as_bytes())), "news/a.json.zst", "cut short", 0),
            ("a.json.zst", b"\x28\xB5\x2F\xFDnonsense".to_vec(), "news/a.json.zst", "cannot be read", 0),
            ("a.zip", cut(&zip(&files(&["1.json", "2.json"]))), "news/a.zip", "zip", 0),
            ("a.zip", zip(&[]), "news/a.zip", "empty zip", 0),
            ("a.zip", wrong_sum, "news/a.zip/1.json", "cannot be read", 1),
            ("a.tar", whole[..512 + 40].to_vec(), "news/a.tar/1.json", "cut short", 0),
            ("a.tar", whole[..1024 + 200].to_vec(), "news/a.tar", "came before is kept", 1),
            ("a.tar", tar(&files(&["../1.json", "2.json"])), "news/a.tar/../1.json", "leads out of the archive", 1),
            ("a.tar", tar(&files(&["/etc/1.json", "2.json"])), "news/a.tar//etc/1.json", "leads out of the archive", 1),
            ("a.zip", zip(&files(&["../1.json", "2.json"])), "news/a.zip/../1.json", "leads out of the archive", 1),
            ("a.zip", zip(&files(&["C:\\1.json", "2.json"])), "news/a.zip/C:/1.json", "leads out of the archive", 1),
            ("a.zip", nested, "news/a.zip/b.zip/c.zip", "inside of 2 others", 0),
            ("a.zip", zip(&[("1.json".to_owned(), cut(one("1").as_bytes()))]), "news/a.zip/1.json", "cut short", 0),
        ],
        "",
        1,
    );
}

#[test]
fn bombs() {
    let zeros = vec![b' '; 4 << 20];
    let text = [one("1").into_bytes(), zeros.clone()].concat();
    let many: Vec<(String, Vec<u8>)> = (0..9)
        .map(|at| (format!("{at}.json"), format!("{}{}", one(&at.to_string()), " ".repeat(300_000)).into_bytes()))
        .collect();
    let tar_gz = gzip(&tar(&[("1.json".to_owned(), one("1").into()), ("2.txt".to_owned(), zeros.clone())]));
    check_all(
        vec![
            ("a.txt.gz", gzip(&zeros), "news/a.txt.gz", "expands to more than 1 MB; raise --max-unpacked", 0),
            ("a.jsonl.gz", gzip(&text), "news/a.jsonl.gz", "expands to more than 1 MB", 1),
            ("a.txt.zst", zstd::encode_all(&zeros[..], 1).unwrap(), "news/a.txt.zst", "expands to more than 1 MB", 0),
            ("a.zip", zip(&[("b.txt".to_owned(), zeros.clone())]), "news/a.zip/b.txt", "expands to more than 1 MB", 0),
            ("a.tar.gz", tar_gz, "news/a.tar.gz/2.txt", "expands to more than 1 MB", 1),
            ("a.gz", gzip(&gzip(&zeros)), "news/a.gz", "expands to more than 1 MB", 0),
            // one small enough, all together not
            ("a.zip", zip(&many), "news/a.zip/3.json", "expands to more than 1 MB", 3),
        ],
        "--max-unpacked 1M",
        1,
    );
}

#[test]
fn markup_that_is_hostile() {
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>";
    let rss = format!("{laughs}<rss><channel><item><title>&c;</title></item></channel></rss>");
    let nitf = format!("{laughs}<nitf><body><body.content><p>&c;</p></body.content></body></nitf>");
    let deep = format!("<rss><channel><item><title>x</title>{}", "<a>".repeat(10_000));
    let whole = stories::rss(&stories::stories()[..2], "utf-8");
    let in_the_second = whole.rfind("</p>").unwrap();
    check_all(
        vec![
            ("a.xml", rss.into(), "news/a.xml", "entities of its own", 0),
            ("a.xml", nitf.into(), "news/a.xml", "entities of its own", 0),
            ("a.xml", deep.into(), "news/a.xml", "nested more than", 0),
            ("a.xml", whole[..in_the_second].into(), "news/a.xml", "cut short", 2),
            ("a.xml", whole.replacen("]]>", "", 2).into(), "news/a.xml", "cut short or broken", 1),
        ],
        "",
        1,
    );
    // ten thousand elements in a page are odd, and read
    let folder = folder();
    folder.put("news/a.html", format!("{}<p>The river rose again this morning.</p>", "<div>".repeat(10_000)));
    assert_eq!(folder.index("news")["articles"]["added"], 2);
}

#[test]
fn what_is_mended_is_said_and_not_counted() {
    let korean = |text: &str| EUC_KR.encode(text).0.into_owned();
    let page = |label: &str| {
        format!(
            "<html><head><meta charset=\"{label}\"><title>강가의 새 다리</title></head><body><p>강가에 새 다리가 놓였다고 마을 사람들이 말했다.</p></body></html>"
        )
    };
    let feed = stories::rss(&stories::without_emoji()[..2], "utf-8");
    let at = feed.rfind("<item>").unwrap();
    let mixed = [&feed.as_bytes()[..at], &korean(&feed[at..])].concat();
    let row = [
        "title,body\n강가의 새 다리,강가에 새 다리가 놓였다고 ".as_bytes(),
        b"\xFF\xFF",
        " 마을 사람들이 말했다.\n".as_bytes(),
    ];
    let broken = [
        b"A page of words that were saved by hand.\n\nAll of it is \xFF\xFE\xFF text, and ".to_vec(),
        "다시 한글이다.".into(),
    ];
    check_all(
        vec![
            ("a.html", korean(&page("utf-8")), "news/a.html", "labelled utf-8, read as euc-kr", 1),
            ("a.html", page("euc-kr").into(), "news/a.html", "labelled euc-kr, read as utf-8", 1),
            ("a.txt", broken.concat(), "news/a.txt", "characters could not be read as utf-8 and were replaced", 1),
            ("a.xml", mixed, "news/a.xml", "characters could not be read as", 2),
            ("a.json", b"{\"title\": \"a \\ud83d b\", \"body\": \"x\"}".to_vec(), "news/a.json", "lone surrogate", 1),
            ("a.json", b"{\"title\": \"a\", \"body\": true}".to_vec(), "news/a.json", "body is no text", 1),
            ("a.csv", row.concat(), "news/a.csv", "2 characters could not be read as utf-8 and were replaced", 1),
        ],
        "",
        0,
    );
}

#[test]
fn nothing_is_wrong_with_these() {
    let lines = format!("\u{FEFF}{}\r\n\r\n  \r\n{}\r\n", one("1").trim(), one("2").trim());
    let escape = record("3", "\u{1b}[31mred\u{1b}]0;title\u{7} \u{202e}news", "body\u{0}text");
    for (name, content, articles) in [("a.jsonl", lines, 3), ("a.json", escape, 2)] {
        let folder = folder();
        folder.put(&format!("news/{name}"), content);
        let run = folder.run("index news --json --strict").done();
        assert_eq!(said(&run), Vec::<String>::new());
        assert_eq!(run.json()["articles"]["added"], articles, "{name}");
        let shown = folder.run("query news").out;
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{7}'), "{shown}");
    }
}

#[test]
fn dates_that_cannot_be_are_absent() {
    let folder = folder();
    for (at, date) in ["0000-01-01", "9999-12-31", "2024-02-30", "2024-13-01T00:00:00Z", "어제", ""].iter().enumerate()
    {
        let record = serde_json::json!({ "id": at.to_string(), "title": "dated", "body": "x", "date": date });
        folder.put(&format!("news/{at}.json"), record.to_string());
    }
    let run = folder.run("index news --json --strict").done();
    assert_eq!(run.json()["articles"]["added"], 7);
    let answer = folder.query("dated");
    let hits = answer["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 6);
    assert!(hits.iter().all(|hit| hit.get("published").is_none_or(serde_json::Value::is_null)), "{answer}");
}

#[cfg(unix)]
#[test]
fn links_and_folders() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mut faults = Vec::new();
    for (link, target, reason) in [
        ("news/a", "nowhere", "a link to nothing"),
        ("news/a", "../news", "a link back to"),
        ("news/a", "a", "leads in a circle"),
    ] {
        let folder = folder();
        symlink(target, folder.at(link)).unwrap();
        faults.extend(check(&folder, "", link, reason, 0, 1));
    }
    for name in ["news/a/b.json", "news/a.json"] {
        let folder = folder();
        folder.put(name, one("1"));
        let shut = folder.at(if name.ends_with("a.json") { name } else { "news/a" });
        std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o000)).unwrap();
        if std::fs::metadata(folder.at(name)).is_ok() && std::fs::read(folder.at(name)).is_ok() {
            println!("{name}: this user may read everything; not tried");
        } else {
            faults.extend(check(&folder, "", name.trim_end_matches("/b.json"), "permission denied", 0, 1));
        }
        std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn another_index_in_the_folder_is_no_article() {
    let folder = folder();
    folder.run("index news -i news/old").done();
    let run = folder.run("index news --json --strict").done();
    assert_eq!((said(&run).len(), run.json()["articles"]["added"].as_u64()), (0, Some(1)), "{}", run.err);
}
