//! What readers of the sample archive would ask, and where the article they want stands.
//!
//! `tests/golden/*.tsv` say which articles a person wants first; `tests/golden/ranking.txt` says what the program gives.
//! A change of ranking shows as a diff of that file: `UPDATE_GOLDEN=1 cargo test --test golden_ranking` writes it anew.

mod harness;

use std::fmt::Write;

use harness::{Folder, corpus, golden, is_as_written};
use serde_json::Value;

/// A query, the ids that answer it, and whether they are in the other language.
struct Wanted {
    query: String,
    ids: Vec<String>,
    note: String,
}

fn wanted() -> Vec<Wanted> {
    ["world.tsv", "home.tsv"]
        .iter()
        .flat_map(|name| {
            let text = std::fs::read_to_string(golden(name)).unwrap();
            text.lines()
                .map(|line| {
                    let fields: Vec<&str> = line.split('\t').collect();
                    let [query, ids, note] = fields[..] else { panic!("{name}: {line}") };
                    let ids = ids.split(' ').map(str::to_owned).collect();
                    Wanted { query: query.to_owned(), ids, note: note.to_owned() }
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The rank of the first hit that is wanted or has a wanted copy behind it.
fn rank(answer: &Value, wanted: &Wanted) -> Option<usize> {
    let is_wanted = |id: &Value| wanted.ids.iter().any(|wanted| id == wanted.as_str());
    let hits = answer["hits"].as_array().unwrap();
    let at = hits.iter().position(|hit| {
        is_wanted(&hit["id"]) || hit["duplicates"].as_array().unwrap().iter().any(|copy| is_wanted(&copy["id"]))
    });
    at.map(|at| at + 1)
}

/// Recall at 1 and 5 and the mean reciprocal rank, as a line.
fn figures(name: &str, ranks: &[Option<usize>]) -> String {
    let n = ranks.len() as f64;
    let within = |k: usize| ranks.iter().filter(|rank| rank.is_some_and(|rank| rank <= k)).count() as f64 / n;
    let mrr = ranks.iter().map(|rank| rank.map_or(0.0, |rank| 1.0 / rank as f64)).sum::<f64>() / n;
    format!(
        "{name:<16} {:>3} queries  recall@1 {:.3}  recall@5 {:.3}  MRR {mrr:.3}\n",
        ranks.len(),
        within(1),
        within(5)
    )
}

#[test]
fn ranking_is_as_written() {
    let folder = Folder::new();
    folder.run(&format!("index {}", corpus().display())).done();
    let known: std::collections::HashSet<String> = folder
        .run("export")
        .done()
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    let wanted = wanted();
    let mut lines = String::new();
    let mut ranks: [Vec<Option<usize>>; 2] = Default::default();
    for wanted in &wanted {
        for id in &wanted.ids {
            assert!(known.contains(id), "{}: there is no article {id}", wanted.query);
        }
        let answer = folder.query(&wanted.query);
        let rank = rank(&answer, wanted);
        ranks[usize::from(wanted.note.contains("cross-language"))].push(rank);
        let first = answer["hits"][0]["id"].as_str().unwrap_or("nothing");
        let place = rank.map_or("-".to_owned(), |rank| rank.to_string());
        writeln!(lines, "{place:>2}  {}  →  {first}", wanted.query).unwrap();
    }
    let [same, cross] = &ranks;
    let figures = figures("same language", same) + &figures("cross-language", cross);
    let found = format!("# rank of the wanted article, query → first hit\n{figures}\n{lines}");
    is_as_written("ranking.txt", &found);
}
