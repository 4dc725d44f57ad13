//! Words of the user's: added, listed, removed, found in every spelling; an index that was brought in agreement answers as one
//! that was made with them.

mod harness;

use harness::{Folder, corpus, ids, marked, record};
use proptest::prelude::*;
use search::analyze::chunk::MAX_CHUNK;
use search::analyze::cut::Cut;
use search::analyze::dictionary::find_or_install;
use search::analyze::words::{PART, USER, UserWord, Words};
use search::analyze::{Analyzer, Evidence, Token, Worker};
use search::engine::Engine;
use search::present::highlight::in_code_points;
use search::query::dates::Today;
use search::query::entries::join;
use search::query::parse::parse;
use serde_json::{Value, json};

fn analyzer() -> Analyzer {
    Analyzer::new(find_or_install(None, &mut |_| {}).expect("the Korean dictionary"))
}

fn worker(words: &[&str]) -> Worker {
    analyzer().with_words(Words::new(words.iter().map(|word| UserWord::new(word).unwrap()))).worker()
}

/// The entries that a text holds, as they stand there.
fn held<'t>(text: &'t str, worker: &mut Worker) -> Vec<&'t str> {
    let tokens = worker.tokens(text).into_iter();
    tokens.filter(|it| it.tag == USER && it.evidence == Evidence::Word).map(|it| it.span.of(text)).collect()
}

#[test]
fn where_entries_stand() {
    let mut worker = worker(&[
        "마라샹궈집",
        "쿠버네티스",
        "갤럭시Z",
        "C타입",
        "4세대실손",
        "대학생 선교회",
        "두유라멘",
        "대만",
        "이나",
        "미사",
        "Dawn Sliders",
        "安全保障",
    ]);
    let rows: &[(&str, &[&str])] = &[
        // particles, endings, compounds, either side
        ("쿠버네티스를", &["쿠버네티스"]),
        ("쿠버네티스였다.", &["쿠버네티스"]),
        ("마라샹궈집에서도", &["마라샹궈집"]),
        ("신촌마라샹궈집의", &["마라샹궈집"]),
        ("쿠버네티스도입을", &["쿠버네티스"]),
        ("(주)마라샹궈집이", &["마라샹궈집"]),
        ("대만두유라멘집", &["대만", "두유라멘"]),
        // letters of other scripts and digits, in any case, and whole
        ("갤럭시Z를", &["갤럭시Z"]),
        ("갤럭시z폴드", &["갤럭시z"]),
        ("갤럭시Zero", &[]),
        ("C타입은 ABC타입과", &["C타입"]),
        ("4세대실손보험, 14세대실손보험", &["4세대실손"]),
        ("安全保障法", &["安全保障"]),
        ("The Dawn Sliders’ hit, DawnSliders's", &["Dawn Sliders", "DawnSliders"]),
        // spaces
        ("대학생 선교회는 대학생선교회", &["대학생 선교회", "대학생선교회"]),
        ("“대학생  선교회”의", &["대학생  선교회"]),
        ("신촌대학생\u{a0}선교회원이", &["대학생\u{a0}선교회"]),
        ("대학생·선교회", &["대학생·선교회"]),
        ("대학생, 선교회", &[]),
        ("대학생이 선교회", &[]),
        ("대학생\n선교회", &[]),
        // what is something else
        ("차이나 차이나는 차이나에서 우크라이나의 한국차이나펀드", &[]),
        ("책이나 사과나 학교이나", &[]),
        ("이나는 김이나", &["이나"]),
        ("미사일 미사일을 미사에", &["미사"]),
        ("그대만이", &[]),
    ];
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let found = held(text, &mut worker);
        if found != *expected {
            wrong.push(format!("{text}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn particles_hide_no_entry() {
    let names = [
        "깔롱뷔페",
        "쿠버네티스",
        "두쫀쿠",
        "뉴진스",
        "오픈런",
        "갓생러",
        "마라샹궈집",
        "챗지피티",
        "K팝데몬",
        "갤럭시Z",
    ];
    let particles = [
        "",
        "은",
        "는",
        "이",
        "가",
        "을",
        "를",
        "의",
        "에",
        "에서",
        "에게",
        "으로",
        "로",
        "와",
        "과",
        "도",
        "만",
        "이나",
        "나",
        "이란",
        "란",
        "라는",
        "이라는",
        "이라고",
        "까지",
        "부터",
        "처럼",
        "보다",
        "조차",
        "한테",
        "이다",
        "였다",
        "입니다",
        "인",
        "들이",
        "들은",
        "하다",
    ];
    let mut worker = worker(&names);
    let mut lost = Vec::new();
    for name in names {
        for particle in particles {
            let text = format!("{name}{particle}");
            let words: Vec<String> = worker
                .tokens(&text)
                .into_iter()
                .filter(|it| it.evidence == Evidence::Word && it.tag != PART)
                .map(|it| it.term)
                .collect();
            // nothing but the entry, and no particle taken for a word
            if words != [UserWord::new(name).unwrap().term()] {
                lost.push(format!("{text}: {words:?}"));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// Everything of a token but where it stands.
fn said(tokens: Vec<Token>) -> Vec<(String, u32, Evidence, &'static str)> {
    tokens.into_iter().map(|it| (it.term, it.position, it.evidence, it.tag)).collect()
}

#[test]
fn every_spelling_says_the_same() {
    let mut worker = worker(&["서울 대학생 선교회", "대학생 선교회", "T-50"]);
    let rows = [
        ("대학생선교회는", ["대학생 선교회는", "대학생-선교회는"]),
        ("서울대학생선교회", ["서울 대학생 선교회", "서울대학생 선교회"]),
        ("T50을", ["T-50을", "T 50을"]),
    ];
    for (closed, others) in rows {
        let expected = said(worker.tokens(closed));
        for other in others {
            assert_eq!(said(worker.tokens(other)), expected, "{other}");
        }
    }
    // the longest entry, and the shorter one as a part of it
    assert_eq!(held("서울 대학생 선교회", &mut worker), ["서울 대학생 선교회"]);
    assert!(worker.tokens("서울 대학생 선교회").iter().any(|it| it.term == "대학생선교회"));
}

fn archive() -> Folder {
    let folder = Folder::new();
    folder.put(
        "news/a.jsonl",
        record("a1", "마라샹궈집 줄 선다", "신촌 마라샹궈집에서   만났다. 대학생\u{a0}선교회는 모였다.")
            + &record("a2", "도입 확산", "쿠버네티스도입이 늘었다. 대학생이 많다. 선교회 밖에서 쉰다."),
    );
    folder.put("news/b.json", record("b1", "타운의 밤", "차이나타운에서 대학생선교회가 마라탕을 먹었다."));
    folder
}

#[test]
fn words_are_added_listed_and_removed() {
    let folder = archive();
    let run = folder.run("dict add 마라샹궈집 '대학생 선교회'").done();
    assert!(run.err.contains("index/words.txt: 2 words added: \"마라샹궈집\", \"대학생 선교회\""), "{}", run.err);
    assert!(run.err.contains("index: there is no index yet"), "{}", run.err);
    folder.index("news");
    let run = folder.run("dict add 쿠버네티스 마라샹궈집 대학생선교회 2024 x").failed(2, "2024: no letters in it");
    assert!(run.err.contains("x: one letter alone"), "{}", run.err);
    assert!(run.err.contains("마라샹궈집: is there already"), "{}", run.err);
    assert!(run.err.contains("대학생선교회: is there already"), "{}", run.err);
    assert!(run.err.contains("1 word new: 1 article analyzed again in "), "{}", run.err);
    let list = folder.run("dict list --format tsv").done().out;
    assert_eq!(list, "대학생 선교회\tapplied\t2\n마라샹궈집\tapplied\t1\n쿠버네티스\tapplied\t1\n");
    folder.run("dict remove 카카오").failed(2, "카카오: is not among your words");
    let run = folder.run("dict remove 대학생선교회").done();
    assert!(run.err.contains("1 word gone: 2 articles analyzed again"), "{}", run.err);
    assert_eq!(folder.run("dict list --format json").done().json()[0]["word"], "마라샹궈집");
    assert_eq!(folder.query("대학생 선교회")["total"], 3);
    // a word that no article holds changes nothing but the words
    let suggested = folder.run("suggest 마라").done().out;
    let run = folder.run("dict add 깔롱뷔페").done();
    assert!(run.err.contains("1 word new: 0 articles analyzed again"), "{}", run.err);
    assert_eq!(folder.run("suggest 마라").done().out, suggested);
    assert_eq!(folder.run("stats --json").done().json()["words"], 3);
    folder.run("check").done();
    folder.run("dict remove 마라샹궈집 쿠버네티스 깔롱뷔페").done();
    assert_eq!(folder.run("dict list").code, Some(1));
}

#[test]
fn a_file_that_people_edit() {
    let folder = archive();
    folder.index("news");
    folder.put("index/words.txt", "# places\n마라샹궈집 # in Sinchon\n\n마라샹궈집\n?!\n");
    // not applied: said, and the query is analyzed as the articles were
    let answer = folder.query("마라샹궈집");
    let remark = "index/words.txt: 1 word added and not yet applied; run: search dict apply -i index";
    assert_eq!(answer["remarks"], json!([remark]));
    assert_eq!(ids(&answer), ["a1"]);
    let run = folder.run("index news --dry-run").done();
    assert!(run.err.contains("1 word new: 1 article would be analyzed again"), "{}", run.err);
    assert_eq!(folder.query("마라샹궈집")["remarks"], json!([remark]));
    let run = folder.run("index news --json").done();
    assert!(run.err.contains("index/words.txt: line 4: 마라샹궈집 is in line 2 already"), "{}", run.err);
    assert!(run.err.contains("index/words.txt: line 5: ?!: no letters in it; it is left out"), "{}", run.err);
    let summary = run.json();
    assert_eq!((&summary["words"]["added"], &summary["words"]["articles"]), (&json!(1), &json!(1)), "{summary}");
    assert_eq!(summary["articles"]["unchanged"], 3);
    assert_eq!(folder.query("마라샹궈집")["remarks"], json!([]));
    assert!(folder.index("news").get("words").is_none());
    // a rebuild keeps the file, and uses it
    folder.index("news --rebuild");
    let text = std::fs::read_to_string(folder.at("index/words.txt")).unwrap();
    assert!(text.starts_with("# places\n마라샹궈집 # in Sinchon\n"), "{text}");
    assert_eq!(folder.run("dict list --format tsv").done().out, "마라샹궈집\tapplied\t1\n");
    // the index and its file go together
    std::fs::rename(folder.at("index"), folder.at("moved")).unwrap();
    assert_eq!(folder.run("dict list --format tsv -i moved").done().out, "마라샹궈집\tapplied\t1\n");
    folder.run("query 마라샹궈집 -i moved").done();
    // a file that nobody can read stops what would use it, and no query
    folder.put("moved/words.txt", b"\xb8\xb6\xb6\xf3");
    folder.run("index news -i moved").failed(2, "words.txt: not in UTF-8");
    let run = folder.run("query 마라샹궈집 -i moved").done();
    assert!(run.out.starts_with("moved/words.txt: not in UTF-8; save it as UTF-8"), "{}", run.out);
}

#[test]
fn entries_are_found_and_marked() {
    let folder = archive();
    folder.index("news");
    folder.run("dict add 마라샹궈집 쿠버네티스 '대학생 선교회'").done();
    let marks = |query: &str| -> Vec<(String, Vec<String>)> {
        let answer = folder.query(query);
        let hits = answer["hits"].as_array().unwrap().iter();
        let mut marks: Vec<_> = hits
            .map(|hit| {
                let snippets = hit["snippets"].as_array().unwrap().iter();
                let marks = snippets.flat_map(|it| marked(&it["text"], &it["highlights"])).collect();
                (hit["id"].as_str().unwrap().to_owned(), marks)
            })
            .collect();
        marks.sort();
        marks
    };
    let both = [("a1", vec!["대학생\u{a0}선교회"]), ("b1", vec!["대학생선교회"])];
    let rows = [
        ("대학생 선교회", both.to_vec()),
        ("대학생선교회", both.to_vec()),
        ("대학생 선교회는", both.to_vec()),
        ("\"대학생 선교회\"", both.to_vec()),
        ("+대학생선교회", both.to_vec()),
        ("=대학생선교회", both.to_vec()),
        ("선교회", vec![("a1", vec!["선교회"]), ("a2", vec!["선교회"]), ("b1", vec!["선교회"])]),
        ("\"신촌 마라샹궈집\"", vec![("a1", vec!["신촌", "마라샹궈집"])]),
        ("\"마라샹궈집에서 만났다\"", vec![("a1", vec!["마라샹궈집", "만났"])]),
        // what stands behind a word of several chunks
        ("모였다", vec![("a1", vec!["모였"])]),
        ("\"대학생선교회 모였다\"", vec![("a1", vec!["대학생\u{a0}선교회", "모였"])]),
        ("\"대학생 선교회가 마라탕\"", vec![("b1", vec!["대학생선교회", "마라탕"])]),
        ("쿠버네티스", vec![("a2", vec!["쿠버네티스"])]),
        ("\"쿠버네티스 도입\"", vec![("a2", vec!["쿠버네티스도입"])]),
    ];
    for (query, expected) in rows {
        let found = marks(query);
        let found: Vec<(&str, Vec<&str>)> =
            found.iter().map(|(id, marks)| (id.as_str(), marks.iter().map(String::as_str).collect())).collect();
        assert_eq!(found, expected, "{query}");
    }
    // an entry with spaces that no article holds is looked for by its parts, one without is not
    folder.run("dict add '신촌 쿠키' 쿠킹클래스").done();
    assert_eq!(marks("신촌 쿠키"), [("a1".to_owned(), vec!["신촌".to_owned()])]);
    assert_eq!(folder.query("쿠킹클래스")["total"], 0);
    // what is shown as understood is understood so again
    for query in ["대학생 선교회 모임", "+만났다 대학생 선교회", "대학생 선교회 AND 신촌"] {
        let understood = folder.query(query)["understood"].clone();
        assert_eq!(folder.query(understood.as_str().unwrap())["understood"], understood, "{query}");
    }
    assert_eq!(folder.query("대학생 선교회 -n 0")["corrections"], json!([]));
    let tokens = folder.run("analyze '대학생 선교회는' --format json").done().json();
    let words: Vec<&Value> = tokens["tokens"].as_array().unwrap().iter().filter(|it| it["tag"] == "USER").collect();
    assert_eq!((&words[0]["term"], &words[0]["span"]), (&json!("대학생선교회"), &json!([0, 7])));
    let suggested = folder.run("suggest 마라샹").done().out;
    assert!(suggested.contains("마라샹궈집"), "{suggested}");
}

/// Words of the sample archive, some of which the Korean dictionary cuts up.
const OF_THE_ARCHIVE: &str = "'핵실험 금지' 풍계리 미사일 CTBT '비준 철회' 푸틴 核武器 'nuclear test' 한미일";

const QUERIES: [&str; 9] = [
    "핵실험 금지",
    "풍계리 갱도",
    "\"비준 철회\"",
    "CTBT withdrawal",
    "nuclear test",
    "푸틴 -일본",
    "title:미사일",
    "한미일 정상회담",
    "핵실험금지조약",
];

/// What a query finds, and what is counted of it.
fn answer(folder: &Folder, index: &str, query: &str) -> Value {
    let flags = ["-i", index, "-n", "500", "--ungroup", "--no-expand", "--facet", "source", "--facet", "month"];
    folder.query_with(query, &flags)
}

#[test]
fn an_index_in_agreement_finds_what_a_fresh_one_finds() {
    let folder = Folder::new();
    let home = corpus().display().to_string();
    folder.run(&format!("index {home} -i fresh")).done();
    folder.run(&format!("dict add {OF_THE_ARCHIVE} -i fresh --later")).done();
    folder.run(&format!("index {home} -i fresh --rebuild")).done();
    folder.run(&format!("index {home} -i updated")).done();
    folder.run("dict add 푸틴 수소폭탄 -i updated").done();
    folder.run(&format!("dict add {OF_THE_ARCHIVE} -i updated")).done();
    folder.run("dict remove 수소폭탄 -i updated").done();
    let mut found = 0;
    for query in QUERIES {
        let [fresh, updated] = ["fresh", "updated"].map(|index| answer(&folder, index, query));
        let sorted = |answer: &Value| {
            let mut ids = ids(answer);
            ids.sort();
            ids
        };
        assert_eq!(sorted(&updated), sorted(&fresh), "{query}");
        for part in ["understood", "total", "facets"] {
            assert_eq!(updated[part], fresh[part], "{query}");
        }
        found += fresh["total"].as_u64().unwrap();
    }
    assert!(found > 100, "{found}");
    // wire groups: a story with its copies, wherever the best of them stands
    let stories = |index: &str| {
        let answer = folder.query_with("러시아 비준 철회", &["-i", index, "-n", "200", "--no-expand"]);
        let mut stories: Vec<Vec<String>> = Vec::new();
        for hit in answer["hits"].as_array().unwrap() {
            let copies = hit["duplicates"].as_array().unwrap().iter().map(|copy| copy["id"].as_str().unwrap());
            let mut story: Vec<String> = copies.chain([hit["id"].as_str().unwrap()]).map(str::to_owned).collect();
            story.sort();
            stories.push(story);
        }
        stories.sort();
        stories
    };
    assert_eq!(stories("updated"), stories("fresh"));
    assert!(stories("fresh").iter().any(|story| story.len() > 1));
    let list = |index: &str| folder.run(&format!("dict list --format tsv -i {index}")).done().out;
    assert_eq!(list("updated"), list("fresh"));
    folder.run("check -i updated").done();
}

#[test]
fn articles_whose_endings_hide_an_entry_are_found_when_it_is_added() {
    let folder = Folder::new();
    let texts = [
        "협의회의 결과를 냈다.",
        "협의회의·결과를 냈다.",
        "협의회의결과를 냈다.",
        "회의 결과를 냈다.",
        "서울시가 총액을 밝혔다.",
    ];
    let lines: String = (0..).zip(texts).map(|(at, text)| record(&format!("n{at}"), "", text)).collect();
    folder.put("news.jsonl", lines);
    folder.run("index news.jsonl -i updated").done();
    folder.run("dict add '회의 결과' '시가 총액' -i updated").done();
    folder.run("index news.jsonl -i fresh").done();
    folder.run("dict add '회의 결과' '시가 총액' -i fresh --later").done();
    folder.run("index news.jsonl -i fresh --rebuild").done();
    for query in ["\"회의 결과\"", "회의결과", "시가총액", "\"시가 총액\""] {
        let [fresh, updated] = ["fresh", "updated"].map(|index| answer(&folder, index, query));
        assert_eq!(ids(&updated), ids(&fresh), "{query}");
        assert!(!ids(&fresh).is_empty(), "{query}");
    }
}

#[test]
fn every_place_of_an_entry_is_found_and_marked() {
    let folder = Folder::new();
    folder.run(&format!("index {}", corpus().display())).done();
    folder.run(&format!("dict add {OF_THE_ARCHIVE}")).done();
    let engine = Engine::open(&folder.at("index"), analyzer()).unwrap();
    let mut worker = engine.worker();
    let mut marked = 0;
    for entry in ["핵실험 금지", "비준 철회", "미사일", "CTBT", "nuclear test"] {
        let term = UserWord::new(entry).unwrap().term();
        let mut with = 0;
        for line in folder.run("export").done().out.lines() {
            let article: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| article[name].as_str().unwrap_or_default().to_owned();
            let mut expected = Vec::new();
            for section in [text("title"), text("lead"), text("body")] {
                let held = worker.tokens(&section).into_iter();
                let held = held.filter(|it| it.tag == USER && it.evidence == Evidence::Word && it.term == term);
                expected.push(in_code_points(&section, &held.map(|it| it.span).collect::<Vec<_>>()));
            }
            if expected.iter().all(Vec::is_empty) {
                continue;
            }
            with += 1;
            marked += expected.iter().map(Vec::len).sum::<usize>();
            let shown = engine.show(&text("id"), Some(&format!("\"{entry}\"")), &mut worker).unwrap().unwrap();
            assert_eq!(shown.highlights[..3], expected, "{entry} in {}", text("id"));
        }
        let found = folder.query_with(&format!("\"{entry}\""), &["-n", "0"])["total"].as_u64().unwrap();
        assert!(found >= with && with > 0, "{entry}: {found} found, {with} hold it");
    }
    assert!(marked > 80, "{marked}");
}

#[test]
fn without_deleted_articles_even_scores_are_those_of_a_fresh_index() {
    let folder = Folder::new();
    // one segment that holds the word everywhere, one that does not
    let body = |n: usize| format!("{n}번째 글이다. 신촌 마라샹궈집에서 {n}명이 대학생 선교회를 만났다.");
    let with: String = (0..30).map(|n| record(&format!("w{n}"), &format!("모임 {n}"), &body(n))).collect();
    let without: String = (0..30).map(|n| record(&format!("o{n}"), "신촌 소식", &format!("{n}명이 모였다."))).collect();
    folder.put("with/w.jsonl", with).put("without/o.jsonl", without);
    for index in ["fresh", "updated"] {
        if index == "fresh" {
            folder.run("dict add 마라샹궈집 '대학생 선교회' -i fresh").done();
        }
        folder.run(&format!("index with -i {index}")).done();
        folder.run(&format!("index with without -i {index}")).done();
    }
    let run = folder.run("dict add 마라샹궈집 '대학생 선교회' -i updated").done();
    assert!(run.err.contains("2 words new: 30 articles analyzed again"), "{}", run.err);
    for query in ["마라샹궈집", "대학생 선교회 신촌", "\"마라샹궈집에서 7명\"", "신촌 모임 3"]
    {
        let [fresh, updated] = ["fresh", "updated"].map(|index| answer(&folder, index, query));
        assert_eq!(updated["hits"], fresh["hits"], "{query}");
        assert_eq!(updated["facets"], fresh["facets"], "{query}");
    }
}

#[test]
fn killed_while_words_are_applied_the_index_is_one_or_the_other() {
    let folder = Folder::new();
    let many: String =
        (0..3000).map(|n| record(&format!("m{n}"), "소식", &format!("{n} 마라샹궈집에서 만났다."))).collect();
    folder.put("news/many.jsonl", many);
    folder.index("news");
    folder.put("index/words.txt", "마라샹궈집\n");
    for pause in [5, 30, 60, 100, 150, 250] {
        let mut child = folder.command(["dict", "apply"]).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        let _ = child.kill();
        child.wait().unwrap();
        let list = folder.run("dict list --format tsv").done().out;
        assert!(["마라샹궈집\tnew\t\n", "마라샹궈집\tapplied\t3000\n"].contains(&list.as_str()), "{list}");
        assert_eq!(folder.query_with("마라샹궈집", &["-n", "1"])["total"], 3000);
    }
    folder.index("news");
    assert_eq!(folder.run("dict list --format tsv").done().out, "마라샹궈집\tapplied\t3000\n");
    folder.run("check").done();
}

#[test]
fn an_index_without_words_is_what_it_was() {
    let plain = analyzer();
    assert_eq!(plain.with_words(Words::new([])).fingerprint(), plain.fingerprint());
    let folder = archive();
    folder.index("news");
    let meta = std::fs::read_to_string(folder.at("index/meta.json")).unwrap();
    assert!(meta.contains(plain.fingerprint()) && !meta.contains("words"), "{meta}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// A query with words of the user's prints as what is read as the same query.
    #[test]
    fn what_is_understood_is_understood_so_again(
        query in "((대학생|선교회|선교회는|신촌|T|50)[ ]|[+-]|\\(|\\) |AND |OR |NOT |\\^2 |title:|\"){0,12}",
    ) {
        let mut worker = worker(&["대학생 선교회", "T-50", "신촌 T-50"]);
        let mut read = |text: &str| {
            let mut query = parse(text, Today::Stated(jiff::civil::date(2024, 3, 17)));
            join(&mut query.root, &mut worker);
            query
        };
        let first = read(&query);
        let again = read(&first.to_string());
        prop_assert_eq!(again.to_string(), first.to_string());
        prop_assert_eq!(again.root, first.root);
    }

    /// Whatever the entries: spans lie on letters of the text, chunks are whole and in bounds, an entry is marked where its
    /// letters are, what touches no entry is as without; and without entries everything is.
    #[test]
    fn any_entries_in_any_text(
        entries in proptest::collection::vec("[가-다나이만A-C1-3一]{1,3}( [가-다나이만A-C1-3]{1,2}){0,2}", 0..6),
        text in "([가-다나이만]{1,3}|[A-Ca-c]{1,2}|[1-3]{1,2}|는|에서|一|[ .,·'\n-]|\\PC){0,24}",
    ) {
        let words: Vec<UserWord> = entries.iter().filter_map(|entry| UserWord::new(entry).ok()).collect();
        let terms: Vec<String> = words.iter().map(UserWord::term).collect();
        let plain = analyzer();
        let with = plain.with_words(Words::new(words.clone()));
        let mut worker = with.worker();
        for token in worker.tokens(&text) {
            prop_assert!(text.is_char_boundary(token.span.start) && text.is_char_boundary(token.span.end));
            prop_assert!(token.span.start < token.span.end);
            if token.tag == USER {
                let letters: String = token.span.of(&text).to_lowercase().chars().filter(|ch| ch.is_alphanumeric()).collect();
                prop_assert!(terms.contains(&token.term), "{}", token.term);
                prop_assert_eq!(letters, token.term);
            }
        }
        let (mut cut, mut end, mut many) = (Cut::new(&text), 0, 0);
        while let Some((chunk, of)) = cut.next(&mut worker) {
            prop_assert!(chunk.start >= end && chunk.end - chunk.start <= MAX_CHUNK);
            (end, many) = (chunk.end, many + of);
        }
        prop_assert_eq!(many, search::analyze::chunk::chunks(&text).count());
        let set = Words::new(words);
        if set.is_empty() || !set.any(&text) {
            prop_assert_eq!(worker.tokens(&text), plain.worker().tokens(&text));
        }
        let none = with.with_words(Words::new([]));
        prop_assert_eq!(none.worker().tokens(&text), plain.worker().tokens(&text));
    }
}
