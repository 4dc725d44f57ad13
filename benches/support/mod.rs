//! What the benches run on: articles composed from `corpus/` with a fixed seed, and the plain rivals of the same run.
#![allow(dead_code, reason = "every bench uses a part of it")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use search::analyze::Analyzer;
use search::analyze::dictionary::find_or_install;
use search::article::Article;
use search::engine::Engine;
use search::engine::index::{IndexRequest, Progress, index};
use search::ingest::{Found, Limits, read};

pub const SEED: u64 = 20_240_317;

/// The analyzer with the user's dictionary, which is installed first where it is missing.
pub fn analyzer() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| {
        let dictionary = find_or_install(None, &mut |step| eprintln!("{step}")).expect("the Korean dictionary");
        Analyzer::new(dictionary)
    })
}

/// The articles of the sample archive.
pub fn corpus() -> Vec<Article> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut articles = Vec::new();
    read(&[root], &Limits::default(), &mut |found| {
        if let Found::One(article) = found {
            articles.push(*article);
        }
    });
    assert!(articles.len() > 100, "corpus/ has only {} articles", articles.len());
    articles
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

/// `count` articles in the proportions of the corpus: titles of it, and bodies of its paragraphs in the same language.
pub fn composed(count: usize) -> Vec<Article> {
    let corpus = corpus();
    let mut random = Random(SEED);
    let mut paragraphs: std::collections::BTreeMap<_, Vec<&str>> = Default::default();
    for article in &corpus {
        let of_lang = paragraphs.entry(article.lang).or_default();
        of_lang.extend(article.body.split("\n\n").filter(|text| !text.trim().is_empty()));
    }
    (0..count)
        .map(|number| {
            let like = &corpus[random.below(corpus.len())];
            let pool = &paragraphs[&like.lang];
            let body: Vec<&str> = (0..3 + random.below(6)).map(|_| pool[random.below(pool.len().max(1))]).collect();
            Article { id: number.to_string(), body: body.join("\n\n"), ..like.clone() }
        })
        .collect()
}

pub fn bytes_of(articles: &[Article]) -> u64 {
    articles.iter().map(|article| (article.title.len() + article.lead.len() + article.body.len()) as u64).sum()
}

/// Queries drawn from titles: one word, two, three and a phrase.
pub fn queries(articles: &[Article]) -> Vec<(&'static str, Vec<String>)> {
    let mut random = Random(SEED ^ 1);
    let classes = [("one word", 1), ("two words", 2), ("four words", 4), ("phrase", 2)];
    classes
        .map(|(class, length)| {
            let mut drawn = Vec::new();
            while drawn.len() < 100 {
                let words: Vec<&str> = articles[random.below(articles.len())].title.split_whitespace().collect();
                if words.len() >= length {
                    let from = random.below(words.len() - length + 1);
                    let text = words[from..from + length].join(" ").replace('"', "");
                    drawn.push(if class == "phrase" { format!("\"{text}\"") } else { text });
                }
            }
            (class, drawn)
        })
        .into()
}

/// An index of `articles` in the folder `dir`, as the program makes it of JSON lines.
pub fn indexed(articles: &[Article], dir: &Path) -> Engine {
    let file = dir.join("articles.jsonl");
    let lines: Vec<String> = articles
        .iter()
        .map(|article| {
            serde_json::json!({ "id": article.id, "title": article.title, "body": article.body }).to_string()
        })
        .collect();
    std::fs::write(&file, lines.join("\n")).expect("a file");
    let request = IndexRequest {
        dir: dir.join("index"),
        roots: vec![file],
        stdin: false,
        rebuild: false,
        dry_run: false,
        no_glossary: false,
        no_groups: false,
        jobs: 2,
        memory: 256 << 20,
        limits: Limits::default(),
    };
    index(&request, analyzer(), &Progress::default(), &|_| ()).expect("an index");
    opened(&request.dir)
}

/// The index in `dir`, opened with an analyzer of its own, as a fresh process does it.
pub fn opened(dir: &Path) -> Engine {
    let dictionary = find_or_install(None, &mut |_| ()).expect("the Korean dictionary");
    Engine::open(dir, Analyzer::new(dictionary)).expect("the index")
}
