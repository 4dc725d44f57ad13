//! `search bench`: which queries are timed, and how they are told apart. What they take is for `benches/`.

mod harness;

use harness::Folder;

fn archive() -> Folder {
    let folder = Folder::new();
    let articles: Vec<String> = (0..40)
        .map(|at| {
            format!(
                "{{\"id\":\"a{at}\",\"title\":\"항구 소식 {at}\",\"body\":\"항구에 배가 들어왔다.\",\"lang\":\"ko\"}}"
            )
        })
        .collect();
    folder.put("articles.jsonl", articles.join("\n"));
    folder.index("articles.jsonl");
    folder.put("queries.tsv", "q1\tone word\t항구\nq2\tfilter\t항구 lang:ko\nq3\tone word\t배\n");
    folder
}

#[test]
fn every_class_of_queries_has_its_row() {
    let folder = archive();
    let rows = folder.run("bench --queries queries.tsv --json").done().json();
    let rows: Vec<(&str, u64)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["class"].as_str().unwrap(), row["queries"].as_u64().unwrap()))
        .collect();
    assert_eq!(rows, [("filter", 1), ("one word", 2), ("all", 3)]);
}

#[test]
fn a_deep_page_is_said() {
    let folder = archive();
    for (flags, said) in [("", "40 articles, top 10 with highlights"), ("--offset 20 -n 5", "5 hits after 20")] {
        let run = folder.run(&format!("bench --queries queries.tsv {flags}")).done();
        assert!(run.out.contains(said), "{}", run.out);
    }
}
