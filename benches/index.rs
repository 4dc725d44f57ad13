//! Indexing in MB/s: 2,000 articles composed from the sample archive, as JSON lines, on one thread and on two. Rival: the
//! same articles in a plain tantivy index (words between spaces, lower case, English stems, text stored), which finds no
//! Korean inside of words.

mod support;

use std::io::Write;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use search::article::Article;
use search::engine::index::{IndexRequest, Progress, index};
use search::ingest::Limits;
use tantivy::schema::{STORED, STRING, Schema, TEXT};
use tantivy::{Index, doc};

fn lines(articles: &[Article], path: &Path) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    for article in articles {
        let record = serde_json::json!({
            "id": article.id, "title": article.title, "lead": article.lead, "body": article.body,
            "lang": article.lang.map(|lang| lang.code()),
        });
        writeln!(out, "{record}").expect("room on the disk");
    }
}

fn rival(articles: &[Article], dir: &Path, threads: usize) {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let text = schema.add_text_field("text", TEXT | STORED);
    let index = Index::create_in_dir(dir, schema.build()).expect("an index");
    let mut writer = index.writer_with_num_threads(threads, 256 << 20).expect("a writer");
    for article in articles {
        let whole = format!("{}\n{}\n{}", article.title, article.lead, article.body);
        writer.add_document(doc!(id => article.id.as_str(), text => whole)).expect("a document");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("merges");
}

fn indexing(criterion: &mut Criterion) {
    let analyzer = support::analyzer();
    let articles = support::composed(2000);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("articles.jsonl");
    lines(&articles, &file);
    let mut group = criterion.benchmark_group("index");
    group.throughput(Throughput::Bytes(support::bytes_of(&articles)));
    let fresh = || tempfile::tempdir().expect("a folder");
    for jobs in [1, 2] {
        group.bench_function(format!("{jobs} threads"), |bench| {
            bench.iter_batched(
                fresh,
                |dir| {
                    let request = IndexRequest {
                        dir: dir.path().to_owned(),
                        roots: vec![file.clone()],
                        stdin: false,
                        rebuild: false,
                        dry_run: false,
                        no_glossary: false,
                        no_groups: false,
                        jobs,
                        memory: 256 << 20,
                        limits: Limits::default(),
                    };
                    index(&request, analyzer, &Progress::default(), &|_| ()).expect("an index");
                    dir
                },
                BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("rival: plain words, {jobs} threads"), |bench| {
            bench.iter_batched(
                fresh,
                |dir| {
                    rival(&articles, dir.path(), jobs);
                    dir
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = indexing
}
criterion_main!(benches);
