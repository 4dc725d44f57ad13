//! What a query spends where, stage by stage, and what opening costs: the index, the queries and the warm thread of
//! `query_latency`, where the rivals are. `parse`, `correct`, `match` and `retrieve` are for the words as typed, without
//! translations; the whole search is with them, so the stages do not add up to it. Opening is in a running process with
//! warm files; `benches/peers` times whole processes.

mod support;

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use search::analyze::Worker;
use search::article::Lang;
use search::engine::{Engine, SuggestRequest};
use search::query::dates::Today;
use search::query::matching::{everything, find};
use search::query::parse::{Query, parse};
use search::query::request::Request;
use search::query::sought::Sought;
use search::query::{correct, spelling};
use search::rank::evidence::clues;
use search::rank::rescore::rescore;
use search::rank::retrieve::retrieve;
use search::rank::statistics::{Norms, weigh};

fn read_as(text: &str, worker: &mut Worker) -> (Query, Sought) {
    let query = parse(text, Today::OfClock);
    let sought = Sought::new(&query.root, worker);
    (query, sought)
}

/// Each word without its third letter: most of these no article holds.
fn with_slips(queries: &[String]) -> Vec<String> {
    let slip = |text: &String| text.chars().enumerate().filter(|(at, _)| *at != 2).map(|(_, ch)| ch).collect();
    queries.iter().map(slip).collect()
}

fn understanding(group: &mut BenchmarkGroup<WallTime>, engine: &Engine, queries: &[String], words: &[String]) {
    let (mut worker, reader) = (engine.worker(), &engine.reader);
    group.throughput(Throughput::Elements(queries.len() as u64));
    group.bench_function("parse and analyze", |bench| {
        bench.iter(|| queries.iter().map(|text| read_as(black_box(text), &mut worker).1.wanted().len()).sum::<usize>());
    });
    for (name, words) in [("words as they are", words.to_vec()), ("words with a slip", with_slips(words))] {
        let sought: Vec<Sought> = words.iter().map(|text| read_as(text, &mut worker).1).collect();
        group.throughput(Throughput::Elements(words.len() as u64));
        group.bench_function(format!("correct: {name}"), |bench| {
            bench.iter(|| {
                for sought in &sought {
                    let layout = correct::fixes(sought, reader, &mut worker).expect("fixes");
                    black_box((layout, spelling::fixes(sought, |_| false, reader, &mut worker).expect("fixes")));
                }
            });
        });
    }
}

fn finding(group: &mut BenchmarkGroup<WallTime>, engine: &Engine, queries: &[String]) {
    let (mut worker, reader) = (engine.worker(), &engine.reader);
    let asked: Vec<(Query, Sought)> = queries.iter().map(|text| read_as(text, &mut worker)).collect();
    group.throughput(Throughput::Elements(queries.len() as u64));
    let (request, norms) = (Request::default(), Norms::new(reader));
    group.bench_function("match", |bench| {
        bench.iter(|| {
            for (query, sought) in &asked {
                black_box(find(reader, query, sought, &[], &request).expect("articles").total());
            }
        });
    });
    let all = everything(reader, &request).expect("articles");
    group.bench_function("retrieve 200 and rescore", |bench| {
        bench.iter(|| {
            for (_, sought) in &asked {
                let clues = clues(&sought.wanted(), sought.forms(), &[], &reader.fields);
                let (weighed, slots) =
                    weigh(clues, Vec::new(), Lang::Ko, reader, &norms, request.jobs).expect("weights");
                let mut best = retrieve(reader, &weighed, &slots, &norms, 200, &all).expect("candidates");
                rescore(reader, &weighed, &norms, &mut best, request.jobs).expect("scores");
                black_box(best);
            }
        });
    });
    for (name, highlight) in [("whole search, no marks", false), ("whole search, marks and passages", true)] {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                for query in queries {
                    let request = Request { query: query.clone(), limit: 10, highlight, ..Request::default() };
                    black_box(engine.search(&request, &mut worker).expect("an answer"));
                }
            });
        });
    }
}

/// Completions after every keystroke.
fn completing(group: &mut BenchmarkGroup<WallTime>, engine: &Engine, words: &[String]) {
    let mut worker = engine.worker();
    let typed: Vec<&str> =
        words.iter().flat_map(|word| word.char_indices().map(|(at, ch)| &word[..at + ch.len_utf8()])).collect();
    group.throughput(Throughput::Elements(typed.len() as u64));
    for (name, headlines) in [("suggest", 0), ("suggest, three headlines", 3)] {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                for prefix in &typed {
                    let request = SuggestRequest { prefix: (*prefix).to_owned(), limit: 10, headlines };
                    black_box(engine.suggest(&request, &mut worker).expect("completions"));
                }
            });
        });
    }
}

fn opening(criterion: &mut Criterion, engine: &Engine, query: &str) {
    let dir = engine.reader.dir();
    let mut group = criterion.benchmark_group("open");
    group.bench_function("dictionary and index", |bench| bench.iter(|| support::opened(dir)));
    group.bench_function("and a first query", |bench| {
        bench.iter(|| {
            let engine = support::opened(dir);
            let request = Request { query: query.to_owned(), limit: 10, highlight: true, ..Request::default() };
            engine.search(&request, &mut engine.worker()).expect("an answer")
        });
    });
    group.finish();
}

fn stages(criterion: &mut Criterion) {
    let articles = support::composed(5000);
    let folder = tempfile::tempdir().expect("a folder");
    let engine = support::indexed(&articles, folder.path());
    let classes = support::queries(&articles);
    let words = &classes[0].1;
    let queries: Vec<String> = classes.iter().flat_map(|(_, queries)| queries.iter().cloned()).collect();
    let mut group = criterion.benchmark_group("stage");
    understanding(&mut group, &engine, &queries, words);
    finding(&mut group, &engine, &queries);
    completing(&mut group, &engine, words);
    group.finish();
    opening(criterion, &engine, &queries[0]);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = stages
}
criterion_main!(benches);
