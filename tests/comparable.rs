//! Pairs from articles that tell the same event in both languages: learnt where they do, and not where they do not.

mod harness;

use harness::Folder;
use serde_json::{Value, json};

const CITIES: [(&str, &str); 12] = [
    ("서울", "Seoul"),
    ("도쿄", "Tokyo"),
    ("파리", "Paris"),
    ("런던", "London"),
    ("모스크바", "Moscow"),
    ("베를린", "Berlin"),
    ("마드리드", "Madrid"),
    ("카이로", "Cairo"),
    ("하노이", "Hanoi"),
    ("자카르타", "Jakarta"),
    ("나이로비", "Nairobi"),
    ("아테네", "Athens"),
];
/// What happens; the last is in no table.
const EVENTS: [(&str, &str); 6] = [
    ("지진", "earthquake"),
    ("선거", "election"),
    ("홍수", "flood"),
    ("파업", "strike"),
    ("축제", "festival"),
    ("누룽지", "quossel"),
];

/// Articles of 36 events; `told` gives the event that the English article of each tells.
fn archive(told: impl Fn(usize) -> usize) -> Folder {
    let folder = Folder::new();
    let mut lines = String::new();
    for at in 0..36 {
        let day = |at: usize| format!("2024-{:02}-{:02}", 1 + at / 12, 1 + at % 12 * 2);
        let ((city, _), (event, _)) = (CITIES[at % 12], EVENTS[(at + at / 12) % 6]);
        let number = 1000 + at * 37;
        let body =
            format!("{city}에서 {event} 때문에 주민 {number}명이 건물 {}채 앞에 모였다고 당국이 밝혔다.", number / 9);
        lines.push_str(&format!(
            "{}\n",
            json!({"id": format!("ko{at}"), "title": "", "body": body, "lang": "ko", "date": day(at)})
        ));
        let of = told(at);
        let ((_, city), (_, event)) = (CITIES[of % 12], EVENTS[(of + of / 12) % 6]);
        let number = 1000 + of * 37;
        let body = format!(
            "Officials said {number} residents of {city} gathered at {} buildings because of a {event}.",
            number / 9
        );
        lines.push_str(&format!(
            "{}\n",
            json!({"id": format!("en{at}"), "title": "", "body": body, "lang": "en", "date": day(at)})
        ));
    }
    folder.put("articles.jsonl", lines);
    let run = folder.run("index articles.jsonl");
    assert_eq!(run.code, Some(0), "{}", run.err);
    folder
}

fn export(folder: &Folder) -> String {
    folder.run("glossary --export").out
}

#[test]
fn a_word_is_learnt_from_the_same_events() {
    let folder = archive(|at| at);
    let run = folder.run("query quossel --format json");
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let ids: Vec<&str> = answer["hits"].as_array().unwrap().iter().filter_map(|hit| hit["id"].as_str()).collect();
    assert!(ids.iter().any(|id| id.starts_with("ko")), "{ids:?}\n{}", export(&folder));
    assert_eq!(answer["expansions"][0]["to"], "누룽지");
    assert_eq!(answer["expansions"][0]["reason"], "used alike in this archive");

    let pairs: Value = serde_json::from_str(&folder.run("glossary quossel --json").out).unwrap();
    assert_eq!(pairs[0]["origin"], "aligned");
    assert!(pairs[0]["articles"].as_u64().unwrap() >= 4, "{pairs}");
    assert!(pairs[0]["example"]["text"].as_str().unwrap().contains("누룽지"), "{pairs}");
    assert!(pairs[0]["counterpart"]["text"].as_str().unwrap().contains("quossel"), "{pairs}");
    let (first, last) = (pairs[0]["first"].as_str().unwrap(), pairs[0]["last"].as_str().unwrap());
    assert!(first.starts_with("2024-") && first < last, "{pairs}");

    // a pair that is not wanted is not used, and comes from nowhere else
    assert_eq!(folder.run("glossary --remove 누룽지=quossel").code, Some(0));
    let answer: Value = serde_json::from_str(&folder.run("query quossel --format json").out).unwrap();
    assert_eq!(answer["expansions"], json!([]));
}

#[test]
fn nothing_is_learnt_by_chance() {
    // the same day tells of another city, another number, another event
    let folder = archive(|at| (at + 5) % 36);
    let learnt: Vec<String> =
        export(&folder).lines().filter(|line| line.contains("\taligned\t")).map(String::from).collect();
    assert!(learnt.is_empty(), "{learnt:?}");
}

#[test]
fn an_archive_can_be_left_unmined_and_a_lost_table_is_mined_again() {
    let folder = archive(|at| at);
    let table = || {
        let names = std::fs::read_dir(folder.at("index")).unwrap().flatten().map(|entry| entry.path());
        names.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with("glossary-"))
    };
    let before = export(&folder);
    assert!(before.contains("\taligned\t"), "{before}");
    // damaged: said, and made again by any run
    let path = table().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let run = folder.run("check");
    assert_eq!(run.code, Some(2));
    assert!(run.out.contains("the mined pairs cannot be read") && !run.out.contains("--rebuild"), "{}", run.out);
    assert_eq!(folder.run("index articles.jsonl").code, Some(0));
    assert_eq!(folder.run("check").code, Some(0));
    assert_eq!(export(&folder), before);
    std::fs::remove_file(table().unwrap()).unwrap();
    folder.run("index articles.jsonl");
    assert_eq!(export(&folder), before);

    folder.run("index articles.jsonl --rebuild --no-glossary");
    assert_eq!(table(), None);
    assert_eq!(export(&folder), "");
    assert_eq!(folder.run("check").code, Some(0));
}

#[test]
fn damaged_wire_groups_are_found_and_the_message_names_the_index() {
    let folder = archive(|at| at);
    let names = std::fs::read_dir(folder.at("index")).unwrap().flatten().map(|entry| entry.path());
    let wire = names.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with("wire-")).unwrap();
    let mut bytes = std::fs::read(&wire).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&wire, bytes).unwrap();
    let run = folder.run("check");
    assert_eq!(run.code, Some(2));
    assert!(run.out.contains("the wire groups cannot be read") && run.out.contains("--rebuild"), "{}", run.out);
    let more = json!({"id": "more", "title": "", "body": "서울에서 새로운 소식이 전해졌다.", "lang": "ko"});
    folder.put("more.jsonl", format!("{more}\n"));
    let run = folder.run("index more.jsonl");
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("-i index --rebuild") || run.err.contains("index --rebuild"), "{}", run.err);
    assert!(!run.err.contains("-i index/wire-"), "{}", run.err);
}
