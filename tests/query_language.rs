//! The query language over the sample archive: what a query is understood as, and which articles it finds.
//!
//! `tests/golden/query_language.tsv` has a query a line, how it prints, what was remarked, and the articles it finds: their
//! number and the first ids in order of their names. `UPDATE_GOLDEN=1 cargo test --test query_language` writes all but the
//! queries; the change is reviewed as a diff. What signs mean is checked without the table, by the sets of their operands.

mod harness;

use std::collections::BTreeSet;
use std::fmt::Write;

use harness::{Folder, corpus, golden, ids, is_as_written, record};
use serde_json::Value;

/// The day the queries are asked on.
const TODAY: &str = "2023-12-14";
/// Ids written of each query.
const SHOWN: usize = 4;

fn archive() -> Folder {
    let folder = Folder::new();
    folder.run(&format!("index {}", corpus().display())).done();
    folder
}

/// Everything a query finds, copies as well.
fn all(folder: &Folder, query: &str) -> Value {
    folder.query_with(query, &["--ungroup", "-n", "1000", "--today", TODAY])
}

/// The articles of a query without translations, which widen what is looked for and never what is left out.
fn set(folder: &Folder, query: &str) -> BTreeSet<String> {
    let answer = folder.query_with(query, &["--ungroup", "-n", "1000", "--today", TODAY, "--no-expand"]);
    let found: BTreeSet<String> = ids(&answer).into_iter().collect();
    assert_eq!(answer["total"], found.len(), "{query}");
    found
}

#[test]
fn queries_are_understood_and_find_what_is_written() {
    let folder = archive();
    let written = std::fs::read_to_string(golden("query_language.tsv")).unwrap();
    let mut found = String::new();
    let mut rows = 0;
    for line in written.lines() {
        let query = line.split('\t').next().unwrap();
        if query.is_empty() || query.starts_with('#') {
            writeln!(found, "{line}").unwrap();
            continue;
        }
        rows += 1;
        let answer = all(&folder, query);
        let mut names = ids(&answer);
        assert_eq!(answer["total"], names.len(), "{query}");
        names.sort_unstable();
        let understood = answer["understood"].as_str().unwrap();
        let remarks: Vec<&str> = answer["remarks"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        // what is printed can be typed again
        let again = all(&folder, understood);
        assert_eq!((&again["understood"], &again["total"]), (&answer["understood"], &answer["total"]), "{query}");
        let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(" ");
        writeln!(found, "{query}\t{understood}\t{}\t{}\t{shown}", remarks.join("; "), names.len()).unwrap();
    }
    assert!(rows >= 120, "{rows} rows");
    is_as_written("query_language.tsv", &found);
}

#[test]
fn signs_are_operations_on_sets() {
    let folder = archive();
    let terms =
        ["북한", "러시아", "treaty", "\"nuclear test\"", "title:핵실험", "source:larkspur", "date:2023-10..2023-12"];
    // a lone word may be looked for more loosely than the same word among signs
    let operand = |term: &str| set(&folder, &format!("({term} OR {term})"));
    let sets: Vec<BTreeSet<String>> = terms.iter().map(|term| operand(term)).collect();
    let everything = set(&folder, "lang:ko OR lang:en");
    assert_eq!(everything.len(), 271);
    for (term, found) in terms.iter().zip(&sets) {
        assert!(!found.is_empty() && found.len() < everything.len(), "{term}: {}", found.len());
        assert_eq!(set(&folder, &format!("-{term}")), &everything - found, "-{term}");
    }
    for (a, in_a) in terms.iter().zip(&sets) {
        for (b, in_b) in terms.iter().zip(&sets) {
            if a == b {
                continue;
            }
            assert_eq!(set(&folder, &format!("{a} AND {b}")), in_a & in_b, "{a} AND {b}");
            assert_eq!(set(&folder, &format!("{a} OR {b}")), in_a | in_b, "{a} OR {b}");
            assert_eq!(set(&folder, &format!("+{a} -{b}")), in_a - in_b, "+{a} -{b}");
            assert_eq!(set(&folder, &format!("NOT ({a} OR {b})")), &(&everything - in_a) - in_b, "NOT ({a} OR {b})");
        }
    }
}

#[test]
fn filters_keep_what_the_fields_say() {
    let folder = archive();
    let export = folder.run("export").done().out;
    let articles: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let day = |article: &Value| article["published"].as_str().map(|at| at[..10].to_owned());
    type Keeps<'a> = &'a dyn Fn(&Value) -> bool;
    let holds = |article: &Value, field: &str, part: &str| {
        article[field].as_str().is_some_and(|text| text.to_lowercase().contains(part))
    };
    let rows: [(&str, Keeps); 8] = [
        ("source:larkspur", &|it| holds(it, "source", "larkspur")),
        ("source:\"The Hangang\"", &|it| holds(it, "source", "the hangang")),
        ("source:(달무리일보 OR 온새미통신)", &|it| {
            holds(it, "source", "달무리일보") || holds(it, "source", "온새미통신")
        }),
        ("section:국제", &|it| holds(it, "section", "국제")),
        ("lang:en", &|it| it["lang"] == "en"),
        ("date:2023-10..2023-12", &|it| day(it).is_some_and(|at| ("2023-10-01"..="2023-12-31").contains(&&*at))),
        ("date:last 30 days", &|it| day(it).is_some_and(|at| ("2023-11-15"..=TODAY).contains(&&*at))),
        ("until:2022년", &|it| day(it).is_some_and(|at| &*at <= "2022-12-31")),
    ];
    for (query, keeps) in rows {
        let expected: BTreeSet<String> =
            articles.iter().filter(|it| keeps(it)).map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        assert!(!expected.is_empty(), "{query} keeps nothing");
        assert_eq!(set(&folder, query), expected, "{query}");
    }
}

#[test]
fn what_is_insisted_on_is_not_met_by_translations_of_parts() {
    let folder = Folder::new();
    folder.put(
        "news/a.jsonl",
        record("word", "A word about words", "Every word of the speech was noted.")
            + &record("drill", "Joint drill begins", "The drill began at dawn off the coast."),
    );
    folder.index("news");
    assert_eq!(folder.query("+없는단어말")["total"], 0);
    assert_eq!(folder.query("없는단어말 AND 훈련")["total"], 0);
    assert_eq!(folder.ids("+훈련"), ["drill"]);
}

#[test]
fn boosts_multiply_what_a_word_counts() {
    let folder = Folder::new();
    folder.put(
        "news/a.jsonl",
        record("river", "The river", "The river rose by the old bridge.")
            + &record("bridge", "The bridge", "The bridge over the old river was shut."),
    );
    folder.index("news");
    assert_eq!(folder.ids("river^5 bridge")[0], "river");
    assert_eq!(folder.ids("river bridge^5")[0], "bridge");
    let score = |query: &str| folder.query(query)["hits"][0]["score"].as_f64().unwrap();
    assert!((score("river^3") / score("river") - 3.0).abs() < 1e-3);
}

#[test]
fn parts_of_a_score_add_up_whatever_is_asked() {
    let folder = archive();
    let queries = [
        "북한 핵실험",
        "(북한 OR 러시아) AND treaty",
        "핵실험^3 -푸틴 CTBT^0.5",
        "\"nuclear test\" title:treaty",
        "북한 source:larkspur",
    ];
    for query in queries {
        let answer = folder.query_with(query, &["--explain", "-n", "20"]);
        let hits = answer["hits"].as_array().unwrap();
        assert!(!hits.is_empty(), "{query}");
        for hit in hits {
            let explain = &hit["explain"];
            let parts = explain["evidence"].as_array().unwrap().iter().map(|part| part["score"].as_f64().unwrap());
            // everything else that has a number of its own
            let rest = explain.as_object().unwrap().iter().filter(|(name, _)| *name != "score");
            let sum = parts.sum::<f64>() + rest.filter_map(|(_, value)| value.as_f64()).sum::<f64>();
            let score = hit["score"].as_f64().unwrap();
            assert!((sum - score).abs() < 1e-3 * score.abs().max(1.0), "{query}: {sum} is not {score}");
        }
    }
}

#[test]
fn nothing_typed_is_an_error() {
    let folder = Folder::new();
    folder.put("news/a.jsonl", record("a", "북한 핵실험", "북한이 핵실험을 준비한다."));
    folder.index("news");
    let rows = [
        ("북한 ".repeat(10_000), "512 words are looked for; the other 9488 are left out"),
        ("(".repeat(5_000) + "북한", "no partner"),
        ("북한 AND ".repeat(3_000), "512 words"),
        ("북한 \"핵실험".to_owned(), "not closed"),
        ("북한 date:2023-02-30".to_owned(), "there is no such day"),
        ("북한 date:2023-12..2023-10".to_owned(), "it ends before it begins"),
        ("북한 titel:핵실험".to_owned(), "title: was meant?"),
        ("OR 북한".to_owned(), "nothing stands before it"),
    ];
    for (query, remark) in rows {
        let started = std::time::Instant::now();
        let answer = folder.query(&query);
        assert_eq!(ids(&answer), ["a"], "{remark}");
        let remarks = answer["remarks"].as_array().unwrap();
        assert!(remarks.iter().any(|it| it.as_str().unwrap().contains(remark)), "{remark}: {remarks:?}");
        assert!(started.elapsed().as_secs() < 20, "{remark}");
    }
    for query in ["10:30", "http://a.kr/b?c=1", "3:2 승리", "삼성(Samsung)", "왜?", "a - b", "안녕~"] {
        assert_eq!(folder.query(query)["remarks"].as_array().unwrap().len(), 0, "{query}");
    }
    folder.run("query 북한 --since 2023-12 --until 2023-10").failed(2, "no day lies between");
    folder.run("query 북한 --since soon").failed(2, "not a day");
    let exact = |query: &str| folder.query_with(query, &["--exact"])["total"].as_u64();
    assert_eq!([exact("핵실험"), exact("핵")], [Some(1), Some(0)]);
}

#[test]
fn there_are_as_many_hits_as_are_counted() {
    let folder = archive();
    // names of several words, whose words also stand apart in titles, openings and texts
    let words =
        "WIPO 여야 대남 낙선 액면분할 서울시 지난해 핵실험 CTBT 대북제재 한국인 방위비 treaty last year economy";
    let words: Vec<&str> = words.split(' ').collect();
    for (at, first) in words.iter().enumerate() {
        for second in &words[at + 1..] {
            let query = format!("{first} {second}");
            let answer = folder.query_with(&query, &["-n", "10000", "--ungroup"]);
            let hits = answer["hits"].as_array().unwrap().len();
            assert_eq!(answer["total"], hits, "{query}");
        }
    }
}

/// Ranges of days short and long, which are read from different places, against the days themselves.
#[test]
fn days_of_any_time() {
    const DAYS: [&str; 12] = [
        "1948-08-15",
        "1969-11-30",
        "1969-12-30",
        "1969-12-31",
        "1970-01-01",
        "1970-01-02",
        "1970-02-01",
        "1999-12-31",
        "2000-01-01",
        "2024-02-29",
        "2024-03-01",
        "2024-12-31",
    ];
    let folder = Folder::new();
    let dated = |day: &&str| serde_json::json!({ "id": day, "title": "항구 소식", "body": "등대", "date": day });
    let lines: String = DAYS.iter().map(|day| format!("{}\n", dated(day))).collect();
    folder.put("news.jsonl", lines + &record("undated", "항구 소식", "등대"));
    folder.index("news.jsonl");
    let found = |query: &str, flags: &[&str]| -> BTreeSet<String> {
        let flags = ["--ungroup", "-n", "100"].iter().chain(flags);
        ids(&folder.query_with(query, &flags.copied().collect::<Vec<_>>())).into_iter().collect()
    };
    let ends = [
        "0500-01-01",
        "1948-08-15",
        "1969-12-31",
        "1970-01-01",
        "1970-01-31",
        "2000-01-01",
        "2024-03-01",
        "9000-01-01",
    ];
    for first in ends {
        for last in ends.into_iter().filter(|last| *last >= first) {
            let on = |day: &str| (first..=last).contains(&day);
            let expected: BTreeSet<String> = DAYS.iter().filter(|day| on(day)).map(|day| (*day).to_owned()).collect();
            for words in ["항구", "항구 등대", "\"항구 소식\""] {
                let written = format!("{words} date:{first}..{last}");
                assert_eq!(found(&written, &[]), expected, "{written}");
                assert_eq!(found(words, &["--since", first, "--until", last]), expected, "flags: {written}");
            }
        }
        assert_eq!(
            found(&format!("항구 등대 since:{first}"), &[]),
            DAYS.iter().filter(|day| **day >= first).map(|day| (*day).to_owned()).collect(),
            "{first}"
        );
        assert_eq!(
            found(&format!("항구 등대 until:{first}"), &[]),
            DAYS.iter().filter(|day| **day <= first).map(|day| (*day).to_owned()).collect(),
            "{first}"
        );
    }
}
