//! What makes indexing fast must not show: chunks that are remembered give what plain analysis gives, and an index is the
//! same, byte for byte, for any number of threads and any memory.

mod harness;

use std::collections::BTreeMap;
use std::path::PathBuf;

use harness::{Folder, corpus};
use proptest::prelude::*;
use search::analyze::chunk::{chunks, core_of};
use search::analyze::dictionary::find_or_install;
use search::analyze::{Analyzer, Evidence, Worker};
use search::ingest::{Found, Limits, read};
use search::store::invert::vocabulary::Vocabulary;
use search::store::numbering::Numbering;

fn worker() -> Worker {
    Analyzer::new(find_or_install(None, &mut |_| ()).unwrap()).worker()
}

/// Term, position and kind of evidence; a bigram has no position.
type Plain = (String, u8, Evidence);

/// Compares what is remembered of each chunk with an analysis that remembers nothing; gives the number of chunks.
struct Comparison {
    plain: Worker,
    worker: Worker,
    vocabulary: Vocabulary,
    numbering: Numbering,
}

impl Comparison {
    fn new(memory: usize) -> Comparison {
        let numbering = Numbering::with_memory(memory);
        Comparison { plain: worker(), worker: worker(), vocabulary: Vocabulary::default(), numbering }
    }

    fn check(&mut self, text: &str) {
        for chunk in chunks(text) {
            let core = core_of(chunk.of(text)).of(chunk.of(text));
            let analysis = self.plain.analyse(core);
            let of_words = || analysis.pieces.iter().filter(|piece| piece.evidence == Evidence::Word);
            let is_word = |term: &str| of_words().any(|word| analysis.term(word) == term);
            let expected = |bigram: bool| -> Vec<Plain> {
                let pieces = analysis.pieces.iter().filter(|piece| (piece.evidence == Evidence::Bigram) == bigram);
                let pieces = pieces.filter(|piece| !bigram || !is_word(analysis.term(piece)));
                let position = |position: u8| if bigram { 0 } else { position };
                pieces
                    .map(|piece| (analysis.term(piece).to_owned(), position(piece.position), piece.evidence))
                    .collect()
            };
            let found = self.numbering.of(core, &mut self.worker, &mut self.vocabulary);
            let term = |id: u32| String::from_utf8(self.vocabulary.term(id).to_vec()).unwrap();
            let kind = |word: bool| if word { Evidence::Word } else { Evidence::Exact };
            let words: Vec<Plain> =
                found.words.iter().map(|token| (term(token.term), token.position, kind(token.word))).collect();
            let bigrams: Vec<Plain> = found.bigrams.iter().map(|&id| (term(id), 0, Evidence::Bigram)).collect();
            assert_eq!((words, bigrams), (expected(false), expected(true)), "{core}");
            assert_eq!((found.positions, found.amount), (analysis.positions, analysis.amount), "{core}");
        }
    }

    fn check_archive(&mut self, root: PathBuf) {
        read(&[root], &Limits::default(), &mut |found| {
            if let Found::One(article) = found {
                [&article.title, &article.lead, &article.body].into_iter().for_each(|text| self.check(text));
            }
        });
    }
}

#[test]
fn remembered_chunks_are_exact() {
    let mut roomy = Comparison::new(48 << 20);
    roomy.check_archive(corpus());
    let (lookups, hits) = roomy.numbering.memory_use();
    assert!(lookups > 10_000 && hits > lookups / 3, "{hits} of {lookups} were remembered");
    // so little room that chunks are forgotten and learnt again all the time
    let mut narrow = Comparison::new(20_000);
    narrow.check_archive(corpus());
    let (_, fewer) = narrow.numbering.memory_use();
    assert!(0 < fewer && fewer < hits);
}

/// The same on an archive of one's own: `ARCHIVE=folder cargo test --test inverting -- --ignored`.
#[test]
#[ignore = "needs an archive; see above"]
fn remembered_chunks_are_exact_on_an_archive() {
    let mut comparison = Comparison::new(48 << 20);
    comparison.check_archive(std::env::var_os("ARCHIVE").expect("ARCHIVE names a folder").into());
    let (lookups, hits) = comparison.numbering.memory_use();
    println!("{lookups} chunks, {hits} of them remembered, all as plain analysis has them");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn remembered_chunks_of_any_text_are_exact(text in "([가-힣]{1,4}|[A-Za-z]{1,5}|[0-9]{1,4}|[ .,·(),'一-三만억%-]){0,60}") {
        let mut comparison = Comparison::new(2_000);
        comparison.check(&text);
        comparison.check(&text);
    }
}

/// The contents of an index's files by what they hold; their names differ from run to run.
fn contents(folder: &Folder, index: &str) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder.path().join(index)).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let kept = ["idx", "pos", "term", "store", "fast", "fieldnorm"];
    paths
        .filter_map(|path| {
            let kind = path.extension()?.to_str()?.to_owned();
            kept.contains(&kind.as_str()).then(|| (kind, std::fs::read(&path).unwrap()))
        })
        .collect()
}

#[test]
fn threads_and_memory_leave_no_trace() {
    let folder = Folder::new();
    let home = corpus().display().to_string();
    folder.run(&format!("index {home} -i one --jobs 1")).done();
    let one = contents(&folder, "one");
    assert_eq!(one.len(), 6);
    for (jobs, memory) in [("2", "256M"), ("3", "1M"), ("1", "300K")] {
        let index = format!("{jobs}-threads-{memory}");
        folder.run(&format!("index {home} -i {index} --jobs {jobs} --memory {memory}")).done();
        for (kind, bytes) in contents(&folder, &index) {
            assert!(bytes == one[&kind], "{kind} differs with {jobs} threads and {memory}");
        }
    }
}
