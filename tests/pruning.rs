//! The first stage skips what cannot be among the best: what is left is what scoring every article gives.

mod harness;

use std::collections::{BTreeMap, BTreeSet};

use harness::{Folder, record};
use proptest::prelude::*;
use search::analyze::dictionary::find_or_install;
use search::analyze::number::Joiner;
use search::analyze::{Analyzer, Evidence, Worker};
use search::article::Lang;
use search::engine::Engine;
use search::jobs::Jobs;
use search::query::matching::Found;
use search::query::request::Request;
use search::query::words::{FormLangs, words_of};
use search::rank::evidence::{Kind, clues};
use search::rank::retrieve::{retrieve, retrieve_any};
use search::rank::slot::{Slot, Variant};
use search::rank::statistics::{Norms, score, weigh};
use serde_json::Value;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

/// From words that nearly every article has to such as hardly one has.
const WORDS: [&str; 24] = [
    "항구",
    "등대",
    "갈매기",
    "어부",
    "그물",
    "방파제",
    "조류",
    "태풍",
    "여객선",
    "선착장",
    "해녀",
    "수산시장",
    "harbour",
    "lighthouse",
    "ferry",
    "trawler",
    "breakwater",
    "captain",
    "storm",
    "anchor",
    "cargo",
    "pilot",
    "seagull",
    "dock",
];

/// Enough articles for several windows; the smaller the number of a word, the more articles hold it, and the more often.
fn archive() -> Folder {
    let folder = Folder::new();
    let mut state = 20240317u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    let lines: String = (0..5000)
        .map(|number| {
            let half = if next(3) == 0 { 12 } else { 0 };
            let mut text = |length: usize| -> String {
                let word = |_| WORDS[half + next(12).min(next(12)).min(next(12))];
                (0..length).map(word).collect::<Vec<_>>().join(" ")
            };
            let (title, body) = (text(2), text(3 + number % 17));
            record(&number.to_string(), &title, &format!("{body}."))
        })
        .collect();
    folder.put("articles.jsonl", lines);
    folder.index("articles.jsonl");
    folder
}

fn open(folder: &Folder) -> Engine {
    let dictionary = find_or_install(None, &mut |_| ()).unwrap();
    Engine::open(&folder.at("index"), Analyzer::new(dictionary)).unwrap()
}

/// Threads that share, of which the first test to come is one.
fn three(worth: usize) -> Jobs {
    let jobs = Jobs { most: Some(3), worth };
    jobs.take_part();
    jobs
}

#[test]
fn nothing_that_belongs_among_the_best_is_skipped() {
    let jobs = three(500);
    let folder = archive();
    let engine = open(&folder);
    let (reader, mut worker, norms) = (&engine.reader, engine.worker(), Norms::new(&engine.reader));
    let queries = proptest::collection::vec(0..WORDS.len(), 1..7);
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let worker = std::cell::RefCell::new(&mut worker);
    runner
        .run(&(queries, 1usize..60, 0..WORDS.len(), 0..12usize, 0..24usize, 0..4_500u32), |picked| {
            let (query, k, other, second, typed, first) = picked;
            let worker = &mut **worker.borrow_mut();
            let query: Vec<&str> = query.into_iter().map(|word| WORDS[word]).collect();
            let words = words_of(&query.join(" "), 0, &mut Joiner::default(), worker);
            let mut term = |word: usize| {
                let words = words_of(WORDS[word], 0, &mut Joiner::default(), worker);
                words[0].terms(Evidence::Word).next().unwrap().term.clone()
            };
            // one thing more, said by one word or by two, often beside what was typed for it
            let (lang, of_lang) = if other < 12 { (Lang::Ko, 0) } else { (Lang::En, 12) };
            let also = (second + of_lang != other).then_some((second + of_lang, 0.3));
            let said = [(other, if second % 2 == 0 { 1.0 } else { 0.8 })].into_iter().chain(also);
            let variants = said.enumerate().map(|(number, (word, share))| Variant {
                terms: vec![term(word)],
                close: None,
                share,
                number,
                days: None,
            });
            let variants: Vec<Variant> = variants.collect();
            let typed: Vec<String> = (typed < 12).then(|| term(typed + of_lang)).into_iter().collect();
            let slot = Slot {
                kind: if lang == Lang::Ko { Kind::Morpheme } else { Kind::Stem },
                field: reader.fields.of(lang).text,
                lang,
                typed,
                variants,
                weight: 0.9,
                concept: 0,
            };
            let clues = clues(&words, FormLangs::new(words.iter()), &[], &reader.fields);
            let (weighed, slots) = weigh(clues, vec![slot], lang, reader, &norms, Jobs::default()).unwrap();
            // every third article is filtered out, and all before one: at times a whole window of them
            let keep = |address: DocAddress| !address.doc_id.is_multiple_of(3) && address.doc_id >= first;
            let kept = Found::new(reader, keep);
            let best = retrieve(reader, &weighed, &slots, &norms, k, &kept).unwrap();
            let any = |kept, jobs| retrieve_any(reader, &weighed, &slots, &norms, k, kept, jobs).unwrap();
            let (best_of_all, found) = any(None, jobs);
            let (best_of_kept, found_of_kept) = any(Some(&kept), jobs);
            // the same, to the last bit, whoever does it
            let by_one = any(None, Jobs::at_most(1));
            prop_assert_eq!((&best_of_all, &found), (&by_one.0, &by_one.1), "{:?}", query);
            let by_one = any(Some(&kept), Jobs::at_most(1));
            prop_assert_eq!((&best_of_kept, &found_of_kept), (&by_one.0, &by_one.1), "{:?}", query);

            let mut sums: BTreeMap<DocAddress, f32> = BTreeMap::new();
            for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
                let mut add = |field, doc, factor: f32, frequency: f32| {
                    let length = segment.get_fieldnorms_reader(field).unwrap().fieldnorm_id(doc);
                    let divisor = norms.of(reader, field).unwrap()[usize::from(length)];
                    *sums.entry(DocAddress::new(ord as u32, doc)).or_default() += score(factor, frequency, divisor);
                };
                for clue in &weighed {
                    let term = Term::from_field_text(clue.clue.field, &clue.clue.term);
                    let inverted = segment.inverted_index(clue.clue.field).unwrap();
                    let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqs).unwrap();
                    let Some(mut postings) = postings else { continue };
                    while postings.doc() != TERMINATED {
                        add(clue.clue.field, postings.doc(), clue.factor, postings.term_freq() as f32);
                        postings.advance();
                    }
                }
                for slot in &slots {
                    slot.lists(reader).unwrap()[ord]
                        .iter()
                        .for_each(|&(doc, often)| add(slot.slot.field, doc, slot.factor, often));
                }
            }
            let every: BTreeSet<DocAddress> = sums.keys().copied().collect();
            prop_assert_eq!(found.iter().collect::<BTreeSet<_>>(), every, "{:?}", query);
            let both: BTreeSet<DocAddress> = found.iter().filter(|&address| kept.contains(address)).collect();
            prop_assert_eq!(found_of_kept.iter().collect::<BTreeSet<_>>(), both, "{:?}", query);
            // sums in another order differ in their last bits
            let near = |a: f32, b: f32| (a - b).abs() <= 1e-4 * a.abs().max(1.0);
            for (best, only_kept) in [(best, true), (best_of_kept, true), (best_of_all, false)] {
                let counted = sums.iter().filter(|(address, _)| !only_kept || keep(**address));
                let mut all: Vec<(f32, DocAddress)> = counted.map(|(address, sum)| (*sum, *address)).collect();
                all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
                prop_assert_eq!(best.len(), k.min(all.len()));
                for (found, (sum, address)) in best.iter().zip(&all) {
                    prop_assert!(near(found.score, *sum), "{} and {} for {:?}", found.score, sum, query);
                    let own = all.iter().find(|(_, it)| *it == found.address).map(|(sum, _)| *sum);
                    prop_assert!(found.address == *address || own.is_some_and(|own| near(own, *sum)), "{:?}", query);
                }
            }
            Ok(())
        })
        .unwrap();
}

/// What ranking, highlighting and grouping give is the same whoever does them, and however many ask at the same time.
#[test]
fn answers_do_not_depend_on_who_works_on_them() {
    let jobs = three(1);
    let folder = archive();
    let engine = open(&folder);
    let queries =
        ["항구 등대", "lighthouse storm captain", "\"등대 갈매기\"", "해녀", "title:태풍 OR 그물", "항구 -등대 cargo"];
    let answer = |query: &str, jobs: Jobs, worker: &mut Worker| {
        let request =
            Request { query: query.to_owned(), limit: 30, highlight: true, explain: true, jobs, ..Request::default() };
        let mut answer = serde_json::to_value(engine.search(&request, worker).unwrap()).unwrap();
        answer["took_us"] = Value::Null;
        answer
    };
    let alone: Vec<Value> = queries.iter().map(|query| answer(query, Jobs::at_most(1), &mut engine.worker())).collect();
    assert!(alone.iter().all(|answer| answer["hits"].as_array().unwrap().len() > 10), "{alone:#?}");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut worker = engine.worker();
                for (query, alone) in queries.iter().zip(&alone).cycle().take(30) {
                    assert_eq!(answer(query, jobs, &mut worker), *alone, "{query}");
                }
            });
        }
    });
}
