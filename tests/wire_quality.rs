//! How well copies of a story are told from other stories: on the sample archive, whose groups are known
//! (`tests/golden/wire_groups.txt`), and on copies made of its articles with 5, 10 and 20 words in a hundred changed.

mod harness;

use std::collections::HashMap;
use std::path::Path;

use harness::corpus;
use search::analyze::Analyzer;
use search::analyze::dictionary::find_or_install;
use search::article::Article;
use search::ingest::{Found, Limits, read};
use search::store::prepare::Preparer;
use search::store::schema::schema;
use search::store::wire::WireGroups;

fn articles() -> Vec<Article> {
    let mut articles = Vec::new();
    read(&[corpus()], &Limits::default(), &mut |found| {
        if let Found::One(article) = found {
            articles.push(*article);
        }
    });
    articles
}

/// Puts articles into groups as an index run does.
struct Grouping {
    preparer: Preparer,
    groups: WireGroups,
}

impl Grouping {
    fn new() -> Grouping {
        let analyzer = Analyzer::new(find_or_install(None, &mut |_| ()).unwrap());
        Grouping { preparer: Preparer::new(&analyzer, schema().1, 0).unwrap(), groups: WireGroups::default() }
    }

    fn join(&mut self, article: &Article) -> u32 {
        let prepared = self.preparer.prepare(article).unwrap();
        self.groups.join(&prepared.sketch)
    }
}

/// Precision and recall over pairs of articles: those put together, and those that belong together.
fn pairs(found: &HashMap<String, u32>, true_group: &HashMap<String, usize>) -> (f64, f64) {
    let mut ids: Vec<&String> = found.keys().collect();
    ids.sort();
    let (mut right, mut put, mut belong) = (0.0, 0.0, 0.0);
    for (at, a) in ids.iter().enumerate() {
        for b in &ids[at + 1..] {
            let together = found[*a] == found[*b];
            let same = true_group.get(*a).is_some_and(|group| true_group.get(*b) == Some(group));
            put += f64::from(together);
            belong += f64::from(same);
            right += f64::from(together && same);
        }
    }
    (right / f64::max(put, 1.0), right / f64::max(belong, 1.0))
}

#[test]
fn the_groups_of_the_sample_archive() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/wire_groups.txt")).unwrap();
    let known: HashMap<String, usize> = text
        .lines()
        .enumerate()
        .flat_map(|(group, line)| line.split(' ').map(move |id| (id.to_owned(), group)))
        .collect();
    let mut grouping = Grouping::new();
    let found: HashMap<String, u32> =
        articles().iter().map(|article| (article.id.clone(), grouping.join(article))).collect();
    for id in known.keys() {
        assert!(found.contains_key(id), "there is no article {id}");
    }
    let (precision, recall) = pairs(&found, &known);
    println!("sample archive: {} articles, precision {precision:.3}, recall {recall:.3}", found.len());
    assert!(precision >= 0.95 && recall >= 0.85, "precision {precision:.3}, recall {recall:.3}");
}

#[test]
fn copies_with_changed_words() {
    let originals: Vec<Article> =
        articles().into_iter().filter(|article| article.body.split_whitespace().count() > 60).collect();
    assert!(originals.len() > 100);
    for (percent, least) in [(5, 0.97), (10, 0.95), (20, 0.85)] {
        let mut grouping = Grouping::new();
        let leaders: Vec<u32> = originals.iter().map(|article| grouping.join(article)).collect();
        let mut found = 0;
        for (number, (article, &leader)) in originals.iter().zip(&leaders).enumerate() {
            // every word whose turn it is is replaced by one from elsewhere in the archive, the headline as well
            let other: Vec<&str> = originals[(number + 7) % originals.len()].body.split_whitespace().collect();
            let edit = |(at, word): (usize, &str)| {
                let turn = (at * 37 + number * 11) % 100 < percent;
                if turn { other[at % other.len()].to_owned() } else { word.to_owned() }
            };
            let body: Vec<String> = article.body.split(' ').enumerate().map(edit).collect();
            let copy = Article { title: "다른 제목".to_owned(), body: body.join(" "), ..article.clone() };
            found += usize::from(grouping.join(&copy) == leader);
        }
        let recall = found as f64 / originals.len() as f64;
        println!("{percent} words in 100 changed: {} copies, recall {recall:.3}", originals.len());
        assert!(recall >= least, "{percent}: {recall:.3}");
    }
}
