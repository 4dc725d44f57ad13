//! One question, both languages: what is found, said, marked, and switched off.

mod harness;

use harness::{Folder, ids};
use serde_json::{Value, json};

/// An archive in which the two languages never share a word, but for the glosses.
fn archive() -> Folder {
    let articles = [
        json!({"id": "treaty", "title": "러시아, 조약 떠난다", "body": "러시아가 포괄적핵실험금지조약에서 탈퇴하는 법안을 의결했다.", "lang": "ko", "date": "2023-10-18"}),
        json!({"id": "gloss1", "title": "다누리 임무", "body": "한국누리연구재단(KNRF)은 어제 성명을 냈다.", "lang": "ko", "date": "2022-03-01"}),
        json!({"id": "gloss2", "title": "다누리 예산", "body": "올해 한국누리연구재단(KNRF)의 예산이 늘었다.", "lang": "ko", "date": "2023-04-02"}),
        json!({"id": "plain", "title": "재단 인사", "body": "한국누리연구재단은 새 이사장을 뽑았다.", "lang": "ko", "date": "2023-05-02"}),
        json!({"id": "bhutan", "title": "부탄의 행복", "body": "부탄 국왕이 행복 지수를 발표했다.", "lang": "ko", "date": "2021-05-02"}),
        json!({"id": "putin", "title": "Kremlin vote", "body": "Putin won another term as president on Sunday.", "lang": "en", "date": "2024-03-18"}),
        json!({"id": "name", "title": "새 감독", "body": "즐라탄 므크르타랸스키 감독이 부임했다.", "lang": "ko", "date": "2024-03-18"}),
    ];
    indexed(&articles)
}

/// An index of these articles.
fn indexed(articles: &[Value]) -> Folder {
    let folder = Folder::new();
    let lines: String = articles.iter().map(|article| format!("{article}\n")).collect();
    folder.put("articles.jsonl", lines);
    folder.index("articles.jsonl");
    folder
}

fn ask(folder: &Folder, line: &str) -> (Vec<String>, Value) {
    let run = folder.run(&format!("query {line} --format json"));
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let ids = answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    (ids, answer)
}

#[test]
fn queries_cross_the_languages() {
    let folder = archive();
    // query, the article it must find first
    let rows = [
        ("'CTBT withdrawal'", "treaty"),
        ("푸틴", "putin"),
        ("KNRF", "gloss1 gloss2 plain"),
        ("Bhutan", "bhutan"),
        ("Mkrtaryanski coach", "name"),
    ];
    for (query, wanted) in rows {
        let (ids, answer) = ask(&folder, query);
        for wanted in wanted.split(' ') {
            assert!(ids.iter().any(|id| id == wanted), "{query}: {wanted} is not among {ids:?}, {answer}");
        }
        assert!(!answer["expansions"].as_array().unwrap().is_empty(), "{query}");
    }
    // what was asked for, said and marked
    let (_, answer) = ask(&folder, "'CTBT withdrawal'");
    let said = answer["expansions"].to_string();
    assert!(said.contains("포괄적핵실험금지조약") && said.contains("탈퇴"), "{said}");
    let snippet = &answer["hits"][0]["snippets"][0];
    let text: Vec<char> = snippet["text"].as_str().unwrap().chars().collect();
    let marked: Vec<String> = snippet["highlights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|span| text[span[0].as_u64().unwrap() as usize..span[1].as_u64().unwrap() as usize].iter().collect())
        .collect();
    // suffixes such as 적 are no words of their own
    assert_eq!(marked, ["포괄적핵실험금지조약", "탈퇴"]);
}

#[test]
fn no_expansion_where_none_is_wanted() {
    let folder = archive();
    for query in ["푸틴 --no-expand", "'\"푸틴\"'", "'KNRF -\"KNRF\" -Putin'", "withdrawal --no-expand"] {
        let (ids, answer) = ask(&folder, query);
        assert!(!ids.iter().any(|id| id == "putin" || id == "treaty"), "{query}: {ids:?}");
        if query.contains("no-expand") {
            assert_eq!(answer["expansions"], json!([]), "{query}");
        }
    }
    let (ids, _) = ask(&folder, "Putin");
    assert!(!ids.iter().any(|id| id == "bhutan"), "{ids:?}");
}

#[test]
fn pairs_are_explained_added_and_removed() {
    let folder = archive();
    let run = folder.run("glossary KNRF --json");
    let pairs: Value = serde_json::from_str(&run.out).unwrap();
    let pair = &pairs[0];
    assert_eq!(pair["korean"], json!(["한국누리연구재단"]));
    assert_eq!(
        (&pair["articles"], &pair["first"], &pair["last"]),
        (&json!(2), &json!("2022-03-01"), &json!("2023-04-02"))
    );
    assert!(pair["example"]["text"].as_str().unwrap().contains("(KNRF)"), "{pair}");

    assert_eq!(folder.run("glossary --add 행복지수=GNHX").code, Some(0));
    assert!(ask(&folder, "GNHX").0.contains(&"bhutan".to_owned()));
    assert_eq!(folder.run("glossary --remove GNHX=행복지수").code, Some(0));
    assert!(ask(&folder, "GNHX").0.is_empty());
    assert_eq!(folder.run("glossary --add nonsense").code, Some(2));

    // the articles go, and the pair with them; the user's pairs stay
    folder.run("glossary --add 행복지수=GNHX");
    let kept: String = std::fs::read_to_string(folder.at("articles.jsonl"))
        .unwrap()
        .lines()
        .filter(|line| !line.contains("gloss"))
        .map(|line| format!("{line}\n"))
        .collect();
    folder.put("articles.jsonl", kept);
    folder.run("index articles.jsonl");
    assert_eq!(folder.run("glossary KNRF").code, Some(1));
    folder.run("index articles.jsonl --rebuild");
    assert!(ask(&folder, "GNHX").0.contains(&"bhutan".to_owned()));
    assert!(folder.run("glossary --export").out.contains("행복지수\tGNHX\tuser"));
}

#[test]
fn hanja_and_hangul_gloss_one_another() {
    let folder = Folder::new();
    let articles = [
        json!({"id": "read", "title": "기념관 개관", "body": "백범 김구(金九) 선생의 기념관이 문을 열었다.", "lang": "ko"}),
        json!({"id": "hangul", "title": "강연", "body": "김구 선생을 기리는 강연이 열린다.", "lang": "ko"}),
        json!({"id": "city1", "title": "지하철", "body": "지난주 장저우(漳州)에 지하철이 생겼다.", "lang": "ko"}),
        json!({"id": "city2", "title": "공장", "body": "장저우(漳州)의 공장이 다시 돌아간다.", "lang": "ko"}),
        json!({"id": "city3", "title": "날씨", "body": "장저우 날씨는 내일 맑겠다.", "lang": "ko"}),
        json!({"id": "city4", "title": "漳州 축제", "body": "漳州에서 축제가 열린다.", "lang": "ko"}),
    ];
    folder.put("articles.jsonl", articles.iter().map(|article| format!("{article}\n")).collect::<String>());
    assert_eq!(folder.run("index articles.jsonl").code, Some(0));
    let rows = [("金九", "read hangul"), ("漳州", "city1 city2 city3 city4"), ("장저우", "city1 city2 city3 city4")];
    for (query, wanted) in rows {
        let (ids, answer) = ask(&folder, query);
        for wanted in wanted.split(' ') {
            assert!(ids.iter().any(|id| id == wanted), "{query}: {wanted} is not among {ids:?}, {answer}");
        }
    }
    let export = folder.run("glossary --export").out;
    assert!(export.contains("김구\t金九\tmined\t1") && export.contains("장저우\t漳州\tmined\t2"), "{export}");
    let pairs: Value = serde_json::from_str(&folder.run("glossary 漳州 --json").out).unwrap();
    assert!(pairs[0]["example"]["text"].as_str().unwrap().contains("장저우(漳州)"), "{pairs}");
}

#[test]
fn old_and_new_names_find_one_another_in_their_years() {
    let folder = Folder::new();
    let articles = [
        json!({"id": "new", "title": "", "body": "키이우 시내에 공습 경보가 울렸다.", "lang": "ko", "date": "2023-01-05"}),
        json!({"id": "old", "title": "", "body": "키예프 광장에 시민이 모였다.", "lang": "ko", "date": "2013-01-05"}),
        json!({"id": "state", "title": "", "body": "튀르키예 정부가 성명을 냈다.", "lang": "ko", "date": "2023-02-05"}),
        json!({"id": "before", "title": "", "body": "터키 총리가 방한했다.", "lang": "ko", "date": "2013-02-05"}),
    ];
    folder.put("articles.jsonl", articles.iter().map(|article| format!("{article}\n")).collect::<String>());
    assert_eq!(folder.run("index articles.jsonl").code, Some(0));
    for (query, wanted) in
        [("키예프", "old new"), ("키이우", "new old"), ("터키", "before state"), ("튀르키예", "state before")]
    {
        let (ids, answer) = ask(&folder, query);
        assert_eq!(ids.join(" "), wanted, "{query}: {answer}");
    }
    // in the years of one name the other is not looked for
    let (_, answer) = ask(&folder, "키예프 --until 2014-01-01");
    assert!(!answer["expansions"].to_string().contains("키이우"), "{answer}");
}

/// An article of a day.
fn dated(id: &str, day: &str, title: &str, body: &str) -> String {
    json!({ "id": id, "title": title, "body": body, "date": day, "lang": "ko" }).to_string() + "\n"
}

#[test]
fn a_sign_is_the_party_of_the_articles_day() {
    let folder = Folder::new();
    let rows = [
        dated(
            "a",
            "2010-12-08",
            "예산안 처리",
            "한나라당은 새해 예산안을 단독으로 처리했다. 의장석 주변에 몸싸움이 있었다.",
        ),
        dated("b", "2010-12-09", "예산안 규탄", "민주당은 예산안 처리를 규탄하며 거리로 나섰다. 시민들이 모였다."),
        dated("c", "2018-12-08", "예산안 합의", "더불어민주당은 예산안에 합의했다고 밝혔다. 본회의는 밤에 열렸다."),
        dated("d", "2018-12-09", "옛날 예산안", "한나라당 시절의 예산안 처리를 돌아본다. 그때도 겨울이었다."),
    ];
    folder.put("news/all.jsonl", rows.concat());
    folder.index("news");
    let answer = folder.query("與");
    let mut found = ids(&answer);
    found.sort();
    assert_eq!(found, ["a", "c"], "{answer}");
    let expansions = answer["expansions"].as_array().unwrap();
    let reasons = |to: &str| expansions.iter().filter(|it| it["to"] == to).map(|it| it["reason"].clone()).next();
    assert_eq!(reasons("한나라당"), Some(json!("at the time of the article")));
    let marked = |id: &str| {
        let hits = answer["hits"].as_array().unwrap();
        let hit = hits.iter().find(|hit| hit["id"] == id).unwrap();
        hit["snippets"][0]["highlights"].as_array().unwrap().len()
    };
    assert_eq!((marked("a"), marked("c")), (1, 1), "{answer}");
    // only what is of the days asked for
    assert_eq!(ids(&folder.query("與 since:2015")), ["c"]);
    assert_eq!(ids(&folder.query_with("與", &["--no-expand"])), Vec::<String>::new());
    // a sign among others is no party
    assert_eq!(ids(&folder.query("與信")), Vec::<String>::new());
    let mut opposed = ids(&folder.query("野 예산안"));
    opposed.sort();
    assert_eq!(opposed, ["a", "b", "c", "d"]);
    assert_eq!(ids(&folder.query("野 예산안"))[0], "b");
}

#[test]
fn names_are_heard_in_a_table_that_is_made_again() {
    let folder = Folder::new();
    let articles = [
        json!({"id": "coach", "title": "New coach", "body": "Zlatan Mkrtaranski took over the team.", "lang": "en"}),
        json!({"id": "team", "title": "새 감독", "body": "므크르타란스키 감독이 부임했다.", "lang": "ko"}),
    ];
    folder.put("articles.jsonl", articles.iter().map(|article| format!("{article}\n")).collect::<String>());
    assert_eq!(folder.run("index articles.jsonl").code, Some(0));
    let heard = || ask(&folder, "Mkrtaranski").1["expansions"].to_string().contains("므크르타란스키");
    let table = || {
        let files = std::fs::read_dir(folder.at("index")).unwrap().flatten().map(|it| it.path());
        files.filter(|it| it.file_name().unwrap().to_string_lossy().starts_with("sounds-")).collect::<Vec<_>>()
    };
    assert!(heard());
    assert_eq!(table().len(), 1);
    let whole = std::fs::read(&table()[0]).unwrap();
    for damaged in
        [None, Some(&whole[..whole.len() - 1]), Some(&[]), Some(&whole.iter().map(|byte| !byte).collect::<Vec<u8>>())]
    {
        match damaged {
            None => std::fs::remove_file(&table()[0]).unwrap(),
            Some(bytes) => std::fs::write(&table()[0], bytes).unwrap(),
        }
        assert!(!heard());
        let run = folder.run("check");
        assert_eq!((run.code, run.out.contains("the words by their sound")), (Some(2), true), "{}", run.out);
        assert_eq!(folder.run("index articles.jsonl").code, Some(0));
        assert!(heard());
        assert_eq!(std::fs::read(&table()[0]).unwrap(), whole);
    }
}

fn article(id: &str, lang: &str, body: &str) -> Value {
    json!({"id": id, "title": "", "body": body, "lang": lang, "date": "2023-10-18"})
}

#[test]
fn a_latin_word_counts_in_the_other_language_by_all_articles_together() {
    let korean = |number: usize| {
        let name = if number.is_multiple_of(60) { " 조약의 약칭은 CTBT로 적는다." } else { "" };
        let common = if number.is_multiple_of(5) { " 정부는 법안을 철회했다." } else { "" };
        let body = format!("{number}번째 소식을 {}시에 전한다.{common}{name}", number % 24);
        article(&format!("k{number}"), "ko", &body)
    };
    let mut articles: Vec<_> = (1..=300).map(korean).collect();
    let first_five = |articles: &[Value]| {
        let (ids, _) = ask(&indexed(articles), "'CTBT withdrawal' --ungroup -n 5");
        ids.into_iter().filter(|id| id.starts_with('k')).collect::<Vec<_>>()
    };
    let named = ["k120", "k180", "k240", "k300", "k60"];
    let mut found = first_five(&articles);
    found.sort();
    assert_eq!(found, named);
    // one English article that has it, all of its language, makes it no common word
    articles.push(article("e", "en", "The CTBT was opened for signature in 1996."));
    let found = first_five(&articles);
    assert!(found.len() >= 4 && found.iter().all(|id| named.contains(&id.as_str())), "{found:?}");
    // a hundred that have `said` make it one, also in the one Korean article that quotes it
    let captain = |at: usize| article(&format!("e{at}"), "en", &format!("The captain of ship {at} said nothing."));
    articles.extend((0..100).map(captain));
    articles.push(article("quote", "ko", "그는 영어로 he said 라고만 적었다."));
    let (ids, _) = ask(&indexed(&articles), "'CTBT said' --lang ko --ungroup -n 6");
    assert_eq!(ids.last().map(String::as_str), Some("quote"), "{ids:?}");
}

#[test]
fn stop_words_are_looked_for_in_their_own_language() {
    let articles = [
        ("the", "ko", "광고 문구는 the 하나였다."),
        ("port", "ko", "항구 이야기: harbour 라고 쓴다."),
        ("english", "en", "The harbour was closed on Monday."),
        ("none", "en", "Trains ran late and nobody knew why."),
        ("and", "ko", "러시아 소식이다."),
    ];
    let folder = indexed(&articles.map(|(id, lang, body)| article(id, lang, body)));
    let rows = [
        ("'the harbour' --no-expand", "english port"),
        ("'+the harbour' --no-expand", "english"),
        ("'러시아 and' --no-expand", "and"),
        // where they are all there is, one may be a name
        ("'the' --no-expand", "english the"),
        ("'and the' --no-expand", "english none the"),
    ];
    for (query, expected) in rows {
        let (mut ids, answer) = ask(&folder, query);
        ids.sort();
        assert_eq!(ids.join(" "), expected, "{query}: {answer}");
    }
}

#[test]
fn words_that_stand_together_are_found_alike_with_prepared_lists_and_without() {
    let folder = Folder::new();
    let bodies = [
        "Exports rose last year.",
        "The last of the ships came home when the harvest of this good year was sold.",
        "Last, a year of war.",
    ];
    let body = |number: usize| format!("{} {}", bodies[number % 3], "Grain. ".repeat(number % 7));
    let write = |name: &str, numbers: std::ops::Range<usize>| {
        let lines = numbers.map(|number| format!("{}\n", article(&format!("{number}"), "en", &body(number))));
        folder.put(name, lines.collect::<String>());
    };
    write("news/a.jsonl", 0..1_500);
    folder.put("news/b.jsonl", format!("{}\n", article("korean", "ko", "지난해 수출이 늘었다.")));
    folder.index("news");
    // a second segment, and articles that are gone: what the first segment says is taken over
    write("news/c.jsonl", 1_500..1_510);
    write("news/a.jsonl", 0..1_490);
    folder.index("news");

    let table = || folder.table("joint-").unwrap();
    let answers = || {
        ["지난해", "지난해 수출", "last year", "+지난해 grain", "지난해 -exports"].map(|query| {
            let mut answer = ask(&folder, query).1;
            answer.as_object_mut().unwrap().remove("took_us");
            answer
        })
    };
    let whole = std::fs::read(table()).unwrap();
    let prepared = answers();
    // two of three say it, and the Korean article
    assert_eq!(prepared[0]["total"], 1_001);
    // some 1,000 postings of two bytes at the most are there
    assert!((1_000..3_000).contains(&whole.len()), "{}", whole.len());
    for damaged in [None, Some(&whole[..whole.len() - 1]), Some(b"")] {
        match damaged {
            None => std::fs::remove_file(table()).unwrap(),
            Some(bytes) => std::fs::write(table(), bytes).unwrap(),
        }
        assert_eq!(answers(), prepared);
        let run = folder.run("check");
        assert_eq!((run.code, run.out.contains("the words that stand together")), (Some(2), true), "{}", run.out);
        folder.index("news");
        assert_eq!(std::fs::read(table()).unwrap(), whole);
    }
}
