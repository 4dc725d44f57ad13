//! What is suggested while a query is typed, and that it goes with the articles it is from.

mod harness;

use std::fs;

use harness::{Folder, record};
use serde_json::{Value, json};

fn archive() -> Folder {
    let folder = Folder::new();
    let dated = |id: &str, title: &str, date: &str| {
        json!({ "id": id, "title": title, "body": "본문이다.", "date": date, "source": "한강신문" }).to_string() + "\n"
    };
    folder.put(
        "news/a.jsonl",
        dated("n1", "북한 미사일 발사에 긴급회의", "2024-03-01")
            + &dated("n2", "북한 미사일 규탄 성명", "2024-05-01")
            + &dated("n3", "북한은 CTBT 서명국이 아니다", "2023-05-01")
            + &dated("n4", "가방 도난 신고가 늘었다", "2024-01-01")
            + &dated("n5", "과학 예산 늘린다", "2024-01-02")
            + &record("e1", "Envoy meets Putin at Bank of England", "Putin left.")
            + &record("e2", "Ministers urge withdrawal from agencies", "The agencies stay."),
    );
    folder.index("news");
    folder
}

fn suggest(folder: &Folder, prefix: &str) -> Value {
    let run = folder.command(["suggest", "--format", "json", "--", prefix]).output().unwrap();
    assert!(matches!(run.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap()
}

fn texts(found: &Value) -> Vec<&str> {
    found["suggestions"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect()
}

#[test]
fn what_is_typed_leads_to_what_is_meant() {
    let folder = archive();
    let rows = [
        ("북ㅎ", "북한", "prefix"),
        ("북하", "북한", "prefix"),
        ("북한", "북한", "prefix"),
        ("북한 ", "북한 미사일", "prefix"),
        ("북한 미ㅅ", "북한 미사일", "prefix"),
        ("갑", "가방", "prefix"),
        ("고", "과학", "prefix"),
        ("ㅂㅎ", "북한", "initials"),
        ("ㅂㅎㅁ", "북한 미사일", "initials"),
        ("ct", "CTBT", "prefix"),
        ("PUT", "Putin", "prefix"),
        ("withd", "withdrawal", "prefix"),
        ("agenc", "agencies", "prefix"),
        ("bank o", "Bank of England", "prefix"),
        ("qnrg", "북한", "keyboard layout"),
        ("ㅊㅅㅠ", "CTBT", "keyboard layout"),
        ("ㅊ슛", "CTBT", "keyboard layout"),
        ("서울 북ㅎ", "서울 북한", "last words"),
    ];
    for (typed, meant, reason) in rows {
        let found = suggest(&folder, typed);
        let first = &found["suggestions"][0];
        assert_eq!((first["text"].as_str(), first["reason"].as_str()), (Some(meant), Some(reason)), "{typed}");
    }
    for nothing in ["쀍", " ", "...", "\u{1b}[2J", "zzzz"] {
        assert_eq!(texts(&suggest(&folder, nothing)), [""; 0], "{nothing}");
    }
    assert_eq!(texts(&suggest(&folder, "북한 ")), ["북한 미사일"], "a pair stands as it is printed");
    // particles, stems and pairs of syllables are nothing that a person would type
    for (typed, never) in [("북한", "북한은"), ("with", "withdraw"), ("미사", "미사")] {
        assert!(!texts(&suggest(&folder, typed)).contains(&never), "{typed}");
    }
}

#[test]
fn headlines_newest_first() {
    let folder = archive();
    let found = suggest(&folder, "북한 미");
    let titles: Vec<&str> =
        found["headlines"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["북한 미사일 규탄 성명", "북한 미사일 발사에 긴급회의"]);
    assert_eq!(found["headlines"][0]["published"], "2024-05-01");
    assert!(found["took_us"].is_u64());
    let run = folder.run("suggest 북ㅎ -n 1 --headlines 1").done();
    assert_eq!(run.out, "북한\n  → 북한 미사일 규탄 성명  2024-05-01 · 한강신문\n");
    assert_eq!(folder.run("suggest 쀍").code, Some(1));
    folder.run("suggest 북 -n 100000").failed(2, "at most");
}

#[test]
fn suggestions_go_with_their_articles() {
    let folder = archive();
    folder.put("news/b.jsonl", record("new", "풍계리 시설 복구", "본문"));
    folder.index("news");
    assert_eq!(texts(&suggest(&folder, "풍ㄱ"))[0], "풍계리");
    assert_eq!(texts(&suggest(&folder, "풍계리 "))[0], "풍계리 시설");
    fs::remove_file(folder.at("news/b.jsonl")).unwrap();
    folder.index("news");
    assert_eq!(texts(&suggest(&folder, "풍ㄱ")), [""; 0]);
    let tables = fs::read_dir(folder.at("index")).unwrap().flatten();
    let tables = tables.filter(|it| it.file_name().to_string_lossy().starts_with("suggest-")).count();
    assert_eq!(tables, 1, "tables of earlier commits are removed");
}

#[test]
fn a_missing_or_damaged_table_is_made_again() {
    let folder = archive();
    let table = || folder.table("suggest-");
    // as if the run had been killed between its commit and the table
    fs::remove_file(table().unwrap()).unwrap();
    assert_eq!(texts(&suggest(&folder, "북ㅎ")), [""; 0]);
    assert_eq!(folder.run("query 북한").code, Some(0));
    let run = folder.run("check");
    assert_eq!((run.code, run.out.contains("the suggestions cannot be read")), (Some(2), true), "{}", run.out);
    folder.index("news");
    assert_eq!(texts(&suggest(&folder, "북ㅎ"))[0], "북한");

    let path = table().unwrap();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(texts(&suggest(&folder, "북ㅎ")), [""; 0]);
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    fs::write(&path, flipped).unwrap();
    let run = folder.run("check");
    assert_eq!((run.code, run.out.contains("damaged")), (Some(2), true), "{}", run.out);
    folder.index("news");
    assert_eq!(fs::read(table().unwrap()).unwrap(), whole);
}
