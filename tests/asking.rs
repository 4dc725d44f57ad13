//! What a query finds and how it is shown: the words of the contract, phrases, must and must not, marks, safe output.

mod harness;

use harness::{Folder, ids, marked, record};

fn archive() -> Folder {
    let folder = Folder::new();
    folder.put(
        "news/a.jsonl",
        record("test", "북한, 7차 핵실험 준비", "북한이 핵실험을 준비한다고 군이 밝혔다. 풍계리 갱도가 다시 열렸다.")
            + &record(
                "vote",
                "푸틴 재선 유력",
                "푸틴 대통령이 3월 선거에서 재선으로 임기를 늘린다. 러시아는 CTBT에서 탈퇴한 바 있다.",
            )
            + &record(
                "summit",
                "한미일 정상회담 개최",
                "세 나라 정상이 회담을 열었다. 한미일 정상회담에서 미사일 경보를 나누기로 했다.",
            )
            + &record("market", "재선 도전 시장", "시장이 재선에 도전한다. 푸틴과는 상관이 없다.")
            + &record(
                "treaty",
                "Russia leaves test-ban treaty",
                "Moscow signed the CTBT withdrawal on Nov. 2. The treaty bans every nuclear test.",
            )
            + &record("bank", "Savings withdrawal fees rise", "Banks raised the withdrawal fee."),
    );
    folder.index("news");
    folder
}

#[test]
fn the_answer_has_the_fields_of_the_contract() {
    let folder = archive();
    let answer = folder.query("CTBT withdrawal");
    assert_eq!(answer["query"], "CTBT withdrawal");
    assert_eq!(answer["understood"], "CTBT withdrawal");
    assert_eq!(answer["index"]["articles"], 6);
    assert!(answer["took_us"].is_u64() && answer["total"].is_u64());
    let hit = &answer["hits"][0];
    assert_eq!((hit["rank"].as_u64(), hit["id"].as_str()), (Some(1), Some("treaty")));
    assert_eq!((hit["path"].as_str(), hit["lang"].as_str()), (Some("news/a.jsonl#5"), Some("en")));
    for unknown in ["published", "source", "byline", "url", "explain"] {
        assert!(hit[unknown].is_null(), "{unknown}");
    }
    for list in ["corrections", "expansions"] {
        assert!(answer[list].is_array(), "{list}");
    }
}

#[test]
fn words_are_found_inside_their_particles_and_marked_exactly() {
    let folder = archive();
    let rows: &[(&str, &str, &[&str])] = &[
        ("북한 핵실험", "test", &["북한", "핵실험"]),
        ("푸틴의 재선", "vote", &["푸틴", "재선"]),
        ("한미일 정상회담", "summit", &["한미일", "정상회담"]),
        ("CTBT withdrawal", "treaty", &["CTBT", "withdrawal"]),
        ("CTBT 탈퇴", "vote", &["CTBT", "탈퇴"]),
    ];
    for (query, id, words) in rows {
        let hit = &folder.query(query)["hits"][0];
        assert_eq!(hit["id"], *id, "{query}");
        let mut found = marked(&hit["title"], &hit["title_highlights"]);
        for snippet in hit["snippets"].as_array().unwrap() {
            found.extend(marked(&snippet["text"], &snippet["highlights"]));
        }
        for word in *words {
            assert!(found.iter().any(|mark| mark == word), "{query}: {word} is not marked in {found:?}");
        }
    }
}

#[test]
fn pages_of_one_size_neither_repeat_nor_leave_out() {
    let folder = Folder::new();
    // the more often a word is said, the better by the words; where they stand together, the better by the second look
    let body = |at: usize| match at % 7 {
        0 => format!("항구 등대 소식이다. {}", "갈매기가 난다. ".repeat(at % 11)),
        said => format!("{}{}", "항구에 배가 닿는다. ".repeat(said), "저녁에 등대가 켜진다. ".repeat(1 + at % 5)),
    };
    let lines: String = (0..300).map(|at| record(&format!("n{at:03}"), "", &body(at))).collect();
    folder.put("news.jsonl", lines);
    folder.index("news.jsonl");
    let mut seen = Vec::new();
    for offset in (0..300).step_by(10) {
        let page = folder.query_with("항구 등대", &["--ungroup", "-n", "10", "--offset", &offset.to_string()]);
        seen.extend(ids(&page));
    }
    let mut all = seen.clone();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), seen.len()), (300, 300));
}

#[test]
fn phrases_must_and_must_not() {
    let folder = archive();
    let rows: &[(&str, &[&str])] = &[
        ("\"푸틴의 재선\"", &["vote"]),
        ("재선 -푸틴", &[]),
        ("+재선 -러시아", &["market"]),
        ("+CTBT +withdrawal", &["treaty", "vote"]),
        ("+CTBT +\"withdrawal\"", &["treaty"]),
        ("\"CTBT 탈퇴\"", &["vote"]),
        ("withdrawal -CTBT", &["bank"]),
        ("\"withdrawal CTBT\"", &[]),
    ];
    for (query, wanted) in rows {
        let mut found = folder.ids(query);
        found.sort();
        assert_eq!(&found, wanted, "{query}");
    }
    assert_eq!(ids(&folder.query_with("재선", &["--sort", "newest"])).len(), 2);
    let run = folder.run("query +재선 -러시아 -n 1").done();
    assert!(run.out.contains("재선 도전 시장"), "{}", run.out);
}

#[test]
fn what_nobody_would_type_is_no_error() {
    let folder = archive();
    for query in ["...!?", "\"", "+", "-", "\"unbalanced 북한", "()", "+-+- \"\" \"", "\u{202e}\u{7}", "𝕏 👨‍👩‍👧"]
    {
        folder.query(query);
    }
    let long = "북한 핵실험 ".repeat(6_000);
    assert_eq!(folder.query(&long)["hits"][0]["id"], "test");
    let unbroken = "가".repeat(40_000);
    folder.query(&unbroken);
    let run = folder.run("query ...");
    assert_eq!(run.code, Some(1));
    folder.run("query 북한 --since 2023-13").failed(2, "2023-13: there is no such day");
    folder.run("query 북한 -n 1000000").failed(2, "at most");
}

#[test]
fn text_from_outside_cannot_reach_the_terminal() {
    let folder = Folder::new();
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}붉은 \u{202e}제목\u{9b}31m";
    folder.put("news/e.json", record("e\u{1b}[1m", evil, &format!("본문 {evil} 끝")));
    folder.index("news");
    for line in
        ["query 붉은 --color never", "query 붉은 --format json", "show 'e\u{1b}[1m' --color never", "stats", "export"]
    {
        let run = folder.run(line);
        let unsafe_char =
            |ch: char| ch.is_control() && ch != '\n' || ch == '\u{202e}' && !line.contains("json") && line != "export";
        assert!(!run.out.contains(unsafe_char), "{line}: {:?}", run.out);
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let folder = archive();
    assert!(!folder.run("query 북한").done().out.contains('\u{1b}'));
    assert!(folder.run("query 북한 --color always").done().out.contains("\u{1b}["));
    let page = folder.run("show test --query 핵실험 --color always").done().out;
    assert!(page.contains("\u{1b}[1;33m핵실험\u{1b}[0m을 준비한다고"), "{page}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    use std::process::Stdio;
    let folder = Folder::new();
    let many: String = (0..2000).map(|n| record(&format!("m{n}"), "기사", &"본문 ".repeat(200))).collect();
    folder.put("news/m.jsonl", many);
    folder.index("news");
    let queries =
        ["text", "json", "jsonl", "csv", "html"].map(|form| format!("query 본문 --ungroup -n 2000 --format {form}"));
    for line in std::iter::once("export").chain(queries.iter().map(String::as_str)) {
        let mut child = folder.command(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut one = [0u8; 10];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut one).unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(0), ""), "{line}");
    }
}

#[test]
fn exit_codes() {
    let folder = archive();
    for (line, code) in [
        ("query 북한", 0),
        ("query 쀍뛟", 1),
        ("query", 2),
        ("nonsense", 2),
        ("show test", 0),
        ("show nothing", 2),
        ("stats", 0),
        ("check", 0),
        ("analyze 북한이", 0),
        ("completions bash", 0),
    ] {
        assert_eq!(folder.run(line).code, Some(code), "{line}");
    }
}

#[test]
fn analyze_prints_spans_tags_and_positions() {
    let folder = Folder::new();
    let run = folder.run("analyze 'CTBT에서 탈퇴한 러시아는' --format json").done().json();
    let tokens = run["tokens"].as_array().unwrap();
    let word = |term: &str| tokens.iter().find(|token| token["term"] == term && token["evidence"] == "word");
    assert_eq!(word("ctbt").unwrap()["span"], serde_json::json!([0, 4]));
    assert_eq!(word("탈퇴").unwrap()["span"], serde_json::json!([7, 9]));
    assert_eq!(word("러시아").unwrap()["span"], serde_json::json!([11, 14]));
    assert!(word("는").is_none() && word("에서").is_none());
}
