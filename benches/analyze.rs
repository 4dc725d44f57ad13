//! Analysis in MB/s: the sample archive, one thread. Rival: the morphology library alone, which gives morphemes and no
//! terms. Leaves out reading and writing; `cold` forgets what it has seen before each pass.

mod support;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lindera::mode::Mode;
use lindera::segmenter::Segmenter;
use search::analyze::dictionary::find_or_install;
use search::article::Lang;

fn analyze(criterion: &mut Criterion) {
    let analyzer = support::analyzer();
    let corpus = support::corpus();
    let dictionary = find_or_install(None, &mut |_| ()).expect("the Korean dictionary");
    let segmenter = Segmenter::new(Mode::Normal, dictionary.into_inner(), None);
    for (name, lang) in [("korean", Lang::Ko), ("english", Lang::En)] {
        let texts: Vec<&str> =
            corpus.iter().filter(|article| article.lang == Some(lang)).map(|article| article.body.as_str()).collect();
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
        group.bench_function("cold", |bench| {
            bench.iter(|| {
                let mut worker = analyzer.worker();
                texts.iter().map(|text| worker.tokens(black_box(text)).len()).sum::<usize>()
            });
        });
        let mut worker = analyzer.worker();
        group.bench_function("warm", |bench| {
            bench.iter(|| texts.iter().map(|text| worker.tokens(black_box(text)).len()).sum::<usize>());
        });
        group.bench_function("rival: morphology alone", |bench| {
            let mut plain = segmenter.new_worker();
            bench
                .iter(|| texts.iter().map(|text| plain.segment(black_box(text)).map_or(0, |t| t.len())).sum::<usize>());
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = analyze
}
criterion_main!(benches);
