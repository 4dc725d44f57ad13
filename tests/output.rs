//! The forms of an answer, exports, cursors and differences of copies, on the command line.

mod harness;

use std::collections::BTreeSet;

use harness::{Folder, marked};
use serde_json::{Value, json};

fn archive() -> Folder {
    let folder = Folder::new();
    let story = "가람시가 새 도서관을 열었다. 도서관은 강변에 섰다. 시장은 시민에게 고맙다고 했다. 책은 십만 권이다. \
                 개관식에는 시민 이백 명이 왔다. 도서관은 밤 열 시까지 연다. 어린이 방은 이 층에 있다.";
    let copy = story.replace("강변에", "물가에").replace("책은 십만 권이다. ", "");
    let article = |id: &str, source: &str, published: &str, section: &str, title: &str, body: &str| json!({ "id": id, "source": source, "published": published, "section": section, "title": title, "body": body });
    let lines = [
        article("wire", "온누리통신", "2024-03-02T09:00:00", "사회", "가람시 도서관 개관", story),
        article("copy", "가람일보", "2024-03-03", "지역", "새 도서관 문 열어", &copy),
        article(
            "harbor",
            "Harbor Times",
            "2024-05-06",
            "Local",
            "=HYPERLINK(\"x\")",
            "A <b>library</b> opened & closed.",
        ),
        article("nuclear", "Harbor Times", "2023-01-02", "World", "Reactor", "A nuclear reactor. The ban on tests."),
        article(
            "treaty",
            "Harbor Times",
            "2023-01-03",
            "World",
            "Treaty in force",
            "The Comprehensive Nuclear-Test-Ban Treaty is in force. A nuclear plant is not.",
        ),
        article("north", "가람일보", "2023-02-03", "정치", "北 또 발사", "北이 또 쏘았다."),
    ];
    folder.put("news/a.jsonl", lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    folder.index("news");
    folder
}

#[test]
fn forms_of_an_answer() {
    let folder = archive();
    let lines = folder.run("query 도서관 --format jsonl --ungroup").done().out;
    let ids: BTreeSet<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["copy", "harbor", "wire"].map(str::to_owned).into());

    let table = folder.run("query library --format csv").done().out;
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let names = rows.headers().unwrap().clone();
    let of = |row: &csv::StringRecord, name: &str| row[names.iter().position(|it| it == name).unwrap()].to_owned();
    let row = rows.records().map(Result::unwrap).find(|row| of(row, "id") == "harbor").unwrap();
    assert_eq!((of(&row, "title"), of(&row, "source")), ("'=HYPERLINK(\"x\")".to_owned(), "Harbor Times".to_owned()));

    let page = folder.run("query library --format html --facet source --keywords").done().out;
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("A &lt;b&gt;<mark>library</mark>&lt;/b&gt;"), "{page}");
    assert!(page.contains("default-src 'none'") && !page.contains("<b>") && !page.contains("<script"));
    assert_eq!(folder.run("query 쀍뛟 --format html").code, Some(1));
}

#[test]
fn empty_pages_say_why() {
    let folder = archive();
    for (line, code, words) in [
        ("query 도서관 -n 0", 0, "(-n 0)"),
        ("query 도서관 --offset 9", 1, "past the last"),
        ("query 쀍뛟 -n 0", 1, "nothing found in 6 articles"),
        ("query 도서관 --source harber", 1, "harber: no outlet of this name; near: Harbor Times"),
        ("query 도서관 --section 없는면", 1, "없는면: no section of this name"),
    ] {
        let run = folder.run(line);
        assert_eq!(run.code, Some(code), "{line}: {}{}", run.out, run.err);
        assert!(run.out.contains(words), "{line}: {}", run.out);
    }
    let answer = folder.query_with("도서관", &["--source", "HARBOR  times"]);
    assert_eq!((answer["total"].as_u64(), &answer["remarks"]), (Some(1), &json!([])));
}

#[test]
fn cursors_that_cannot_be_used() {
    let folder = archive();
    let first = folder.query_with("도서관", &["-n", "1"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    folder.run(&format!("query 도서관 --cursor {cursor}")).done();
    folder.run(&format!("query 도서관 --sort newest --cursor {cursor}")).failed(2, "another order");
    folder.run(&format!("query 도서관 --cursor {}", &cursor[..9])).failed(2, "not a cursor");
    folder.run("query 도서관 --cursor ''").failed(2, "not a cursor");
    folder.run(&format!("query 도서관 --offset 1 --cursor {cursor}")).failed(2, "cannot be used with");
    folder.run("query 도서관 --recent 3").failed(2, "not a half-life");
    folder.run("query 도서관 --recent 3d --sort newest").failed(2, "leave it out");
    let last = folder.query_with("도서관", &["-n", "5"]);
    assert!(last["next_cursor"].is_null());
}

#[test]
fn recent_articles_are_preferred_and_the_parts_add_up() {
    let folder = archive();
    let flags = ["--recent", "7d", "--today", "2024-05-06", "--explain", "--no-expand"];
    let answer = folder.query_with("harbor OR nuclear library treaty reactor", &flags);
    let hits = answer["hits"].as_array().unwrap();
    assert!(hits.len() > 2);
    for hit in hits {
        let explain = &hit["explain"];
        let part = |name: &str| explain[name].as_f64().unwrap();
        let evidence: f64 =
            explain["evidence"].as_array().unwrap().iter().map(|part| part["score"].as_f64().unwrap()).sum();
        let rest = evidence + part("closeness") + part("phrase") + part("brevity");
        assert!((rest + part("recency") - hit["score"].as_f64().unwrap()).abs() < 1e-3, "{explain}");
        let left = if hit["id"] == "harbor" { 1.0 } else { 0.5 };
        assert!((part("recency") + (1.0 - left) * rest).abs() < 1e-3, "{explain}");
    }
}

#[test]
fn exports_take_filters_and_stand_in_order() {
    let folder = archive();
    let ids = |line: &str| -> Vec<String> {
        let lines = folder.run(line).out;
        let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        lines.lines().map(id).collect()
    };
    assert_eq!(ids("export"), ["nuclear", "treaty", "north", "wire", "copy", "harbor"]);
    assert_eq!(ids("export --since 2023-02 --source 가람일보"), ["north", "copy"]);
    assert_eq!(ids("export 도서관 --lang ko --section 지역"), ["copy"]);
    assert_eq!(folder.run("export --until 1999").code, Some(1));
    let before = folder.run("export --format csv").done().out;
    folder.run("index news --rebuild").done();
    assert_eq!(before, folder.run("export --format csv").done().out);
}

#[test]
fn what_a_copy_changed() {
    let folder = archive();
    let found = folder.run("show copy --diff --format json").done().json();
    assert_eq!((&found["original"], &found["copy"]), (&json!("wire"), &json!("copy")));
    let changes = found["text"].as_array().unwrap();
    assert!(changes.contains(&json!({ "op": "removed", "text": "책은 십만 권이다." })), "{found}");
    let words = |op: &str, text: &str| json!({ "op": op, "text": text });
    let changed = changes.iter().find(|change| change["op"] == "changed").unwrap();
    assert_eq!(
        changed["words"],
        json!([
            words("same", "도서관은"),
            words("removed", "강변에"),
            words("added", "물가에"),
            words("same", "섰다.")
        ])
    );
    let screen = folder.run("show copy --diff").done().out;
    assert!(screen.contains("[-강변에-] {+물가에+}") && screen.contains("section: 사회 → 지역"), "{screen}");
    folder.run("show wire --diff").failed(2, "search show wire --diff copy");
    folder.run("show wire --diff copy").done();
    folder.run("show north --diff").failed(2, "no copy of another article");
    folder.run("show north --diff nothing").failed(2, "nothing: no article with this id");
    folder.run("show wire --query -도서관").done();
}

#[test]
fn marks_say_what_they_are() {
    let folder = archive();
    let of = |query: &str, id: &str| -> Vec<(String, String)> {
        let answer = folder.query(query);
        let hit = answer["hits"].as_array().unwrap().iter().find(|hit| hit["id"] == id).unwrap().clone();
        let mut out = Vec::new();
        for (text, spans, kinds) in std::iter::once((&hit["title"], &hit["title_highlights"], &hit["title_kinds"]))
            .chain(hit["snippets"].as_array().unwrap().iter().map(|it| (&it["text"], &it["highlights"], &it["kinds"])))
        {
            let kinds = kinds.as_array().unwrap().iter().map(|kind| kind.as_str().unwrap().to_owned());
            let marks = marked(text, spans);
            assert_eq!(marks.len(), kinds.len());
            out.extend(marks.into_iter().zip(kinds));
        }
        out
    };
    let pair = |mark: &str, kind: &str| (mark.to_owned(), kind.to_owned());
    assert!(of("북한 발사", "north").contains(&pair("北", "hanja")));
    assert!(of("도서관", "harbor").contains(&pair("library", "translation")));
    assert!(of("도서관", "wire").contains(&pair("도서관", "word")));
    // a name of several words is marked where they stand together, not wherever one of them does
    let marks = of("CTBT", "treaty");
    assert!(
        marks.contains(&pair("Comprehensive Nuclear-Test-Ban Treaty", "translation")) || marks.len() >= 2,
        "{marks:?}"
    );
    let nuclear = marks.iter().filter(|(mark, _)| mark == "nuclear").count();
    assert_eq!(nuclear, 0, "{marks:?}");
}
