//! What makes indexing fast must not show: chunks that are remembered give what plain analysis gives, and an index is the
//! same, byte for byte, for any number of threads and any memory.

mod harness;

use std::collections::BTreeMap;
use std::path::PathBuf;

use harness::{Folder, corpus};
use proptest::prelude::*;
use search::analyze::chunk::{chunks, core_of};
use search::analyze::dictionary::find_or_install;
use search::analyze::{Analyzer, Evidence, Piece, Worker};
use search::ingest::{Found, Limits, read};
use search::store::invert::vocabulary::Vocabulary;
use search::store::numbering::Numbering;

fn worker() -> Worker {
    Analyzer::new(find_or_install(None, &mut |_| ()).unwrap()).worker()
}

/// A term, and the position of a word or the span of a printed form.
type Plain = (String, (u16, u16));

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
            let expected = |evidence: Evidence| -> Vec<Plain> {
                let pieces = analysis.pieces.iter().filter(|piece| piece.evidence == evidence);
                let pieces = pieces.filter(|piece| evidence != Evidence::Bigram || !is_word(analysis.term(piece)));
                let place = |piece: &Piece| match evidence {
                    Evidence::Word => (u16::from(piece.position), 0),
                    Evidence::Exact => piece.span,
                    Evidence::Bigram => (0, 0),
                };
                pieces.map(|piece| (analysis.term(piece).to_owned(), place(piece))).collect()
            };
            let [sought, ..] = self.numbering.seek(std::iter::once(core));
            let found = self.numbering.of(&sought, &mut self.worker, &mut self.vocabulary);
            let term = |id: u32| String::from_utf8(self.vocabulary.term(id).to_vec()).unwrap();
            let words: Vec<Plain> =
                found.words().map(|word| (term(word.term), (u16::from(word.position), 0))).collect();
            let forms: Vec<Plain> =
                found.forms().map(|form| (term(form.term), (form.start.into(), form.end.into()))).collect();
            let bigrams: Vec<Plain> = found.bigrams().map(|id| (term(id), (0, 0))).collect();
            assert_eq!(words, expected(Evidence::Word), "{core}");
            assert_eq!(forms, expected(Evidence::Exact), "{core}");
            assert_eq!(bigrams, expected(Evidence::Bigram), "{core}");
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
