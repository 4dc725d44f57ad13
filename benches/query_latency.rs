//! Latency of the ten best articles with marks and passages: 5,000 articles composed from the sample archive, one warm
//! thread, 100 queries a class. Rival: a plain tantivy index of the same articles (words between spaces, English stems),
//! ten ids without marks: what the same engine costs without Korean, fields and passages.

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use search::query::request::Request;
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, STRING, Schema, TEXT};
use tantivy::{Index, doc};

fn latency(criterion: &mut Criterion) {
    let articles = support::composed(5000);
    let folder = tempfile::tempdir().expect("a folder");
    let engine = support::indexed(&articles, folder.path());
    let mut worker = engine.worker();

    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let text = schema.add_text_field("text", TEXT);
    let plain = Index::create_in_ram(schema.build());
    let mut writer = plain.writer_with_num_threads(1, 256 << 20).expect("a writer");
    for article in &articles {
        let whole = format!("{}\n{}", article.title, article.body);
        writer.add_document(doc!(id => article.id.as_str(), text => whole)).expect("a document");
    }
    writer.commit().expect("a commit");
    let searcher = plain.reader().expect("a reader").searcher();
    let parser = QueryParser::for_index(&plain, vec![text]);

    for (class, queries) in support::queries(&articles) {
        let mut group = criterion.benchmark_group(class);
        group.throughput(Throughput::Elements(queries.len() as u64));
        group.bench_function("search", |bench| {
            bench.iter(|| {
                for query in &queries {
                    let request = Request { query: query.clone(), limit: 10, highlight: true, ..Request::default() };
                    engine.search(&request, &mut worker).expect("an answer");
                }
            });
        });
        group.bench_function("rival: plain words, no marks", |bench| {
            bench.iter(|| {
                for query in &queries {
                    let (query, _) = parser.parse_query_lenient(query);
                    searcher.search(&query, &TopDocs::with_limit(10).order_by_score()).expect("hits");
                }
            });
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = latency
}
criterion_main!(benches);
