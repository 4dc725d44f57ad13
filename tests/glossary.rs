//! The core table is sound, and glosses are read as people write them.

use std::collections::HashMap;
use std::path::Path;

use proptest::prelude::*;
use search::analyze::dictionary::find_or_install;
use search::analyze::{Analyzer, Worker};
use search::glossary::Glossary;
use search::glossary::find::named;
use search::glossary::key::{bare, english_keys, korean_keys, latin_words, query_keys};
use search::glossary::mine::{Gloss, mine};
use search::glossary::sound::distance;

fn worker() -> Worker {
    Analyzer::new(find_or_install(None, &mut |_| {}).expect("the Korean dictionary")).worker()
}

/// Every line of the core table with its place.
fn core() -> Vec<(String, String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/glossary/core");
    let mut lines = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "tsv")) {
        for (number, line) in std::fs::read_to_string(path).unwrap().lines().enumerate() {
            let place = format!("{}:{}", path.file_name().unwrap().to_string_lossy(), number + 1);
            let mut fields = line.split('\t').map(str::to_owned);
            let mut next = || fields.next().unwrap_or_default();
            lines.push((place, next(), next(), next()));
        }
    }
    lines
}

#[test]
fn the_core_table_is_well_formed() {
    let english = search::analyze::latin::English::default();
    let mut wrong = Vec::new();
    let mut by_english: HashMap<String, usize> = HashMap::new();
    for (place, korean, forms, flags) in core() {
        if korean.split('|').flat_map(korean_keys).next().is_none() {
            wrong.push(format!("{place}: no Korean form can be looked up"));
        }
        for form in forms.split('|') {
            if form != form.trim() || english_keys(form, &english).is_empty() {
                wrong.push(format!("{place}: {form:?} cannot be looked up"));
            }
            if form.chars().any(|ch| matches!(ch, '가'..='힣')) {
                wrong.push(format!("{place}: {form:?} is Korean"));
            }
            if !flags.contains("ko>en") {
                *by_english.entry(form.to_lowercase()).or_default() += 1;
            }
        }
        let known = |flag: &str| {
            let year = |name: &str| flag.strip_prefix(name).is_some_and(|year| year.parse::<i16>().is_ok());
            matches!(flag, "" | "weak" | "ko>en" | "en>ko") || year("from=") || year("until=")
        };
        if !flags.split(',').all(known) {
            wrong.push(format!("{place}: {flags:?}"));
        }
    }
    // a form with so many translations says nothing
    wrong.extend(
        by_english.iter().filter(|(_, count)| **count > 12).map(|(form, count)| format!("{form}: {count} pairs")),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(by_english.len() > 8000, "{}", by_english.len());
}

#[test]
fn the_core_table_is_sorted() {
    let mut last: HashMap<String, String> = HashMap::new();
    let mut wrong = Vec::new();
    for (place, korean, english, _) in core() {
        let file = place.split(':').next().unwrap_or_default().to_owned();
        let line = format!("{korean}\t{english}");
        if last.get(&file).is_some_and(|before| before.split('\t').next() > line.split('\t').next() || *before == line)
        {
            wrong.push(format!("{place}: {korean}"));
        }
        last.insert(file, line);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn glosses_as_they_are_written() {
    let mut worker = worker();
    let rows: &[(&str, &[&str])] = &[
        ("유엔의 국제원자력기구(IAEA)는", &["IAEA\tb국제원자력기구"]),
        (
            "국제원자력기구(IAEA·International Atomic Energy Agency)",
            &["IAEA\tb국제원자력기구", "International Atomic Energy Agency\tb국제원자력기구"],
        ),
        ("이른바 ‘조용한 사직’(quiet quitting)", &["quiet quitting\tq조용한 사직"]),
        ("North Korea(북한)", &["North Korea\ti북한"]),
        ("미국 Fed(연준)는", &["Fed\ti연준"]),
        ("러시아는 블라디미르 푸틴 (Vladimir Putin) 대통령", &["Vladimir Putin\tb블라디미르 푸틴"]),
        ("the International Atomic Energy Agency (IAEA) said", &["IAEA\teInternational Atomic Energy Agency"]),
        ("the Comprehensive Nuclear-Test-Ban Treaty (CTBT)", &["CTBT\teComprehensive Nuclear-Test-Ban Treaty"]),
        ("석유수출국기구（OPEC）", &["OPEC\tb석유수출국기구"]),
        ("(서울=연합뉴스) 그는 (웃음) 말했다(28).", &[]),
        // a dateline behind an English line or sentence, and who took a picture
        ("He sold every share.\n(서울=연합뉴스) 그는", &[]),
        ("He sold every share. (서울=연합뉴스) 그는", &[]),
        ("Photo by Kim.\n(부산) 그는", &[]),
        ("He sold every share. (부산) 그는", &[]),
        ("Photo by Kim. (부산) 그는", &[]),
        ("He lives in Iran. (부산) 그는", &[]),
        ("회의장 (사진=AP)", &[]),
        ("the Comprehensive Nuclear-Test-Ban\nTreaty (CTBT)", &["CTBT\teComprehensive Nuclear-Test-Ban Treaty"]),
        ("the U.S.(미국) and Ford Motor Co.(포드)", &["U.S.\ti미국", "Ford Motor Co.\ti포드"]),
        ("그는 간다(go)", &["go\tb간다"]),
        ("((중첩(A)", &[]),
        ("닫히지 않은 (CTBT", &[]),
    ];
    for (text, expected) in rows {
        let mut terms = Vec::new();
        mine(text, &mut worker, &mut terms);
        assert_eq!(&terms, expected, "{text}");
        assert!(terms.iter().all(|term| Gloss::of_term(term).is_some()), "{text}");
    }
}

#[test]
fn what_queries_name() {
    let mut worker = worker();
    let glossary = Glossary::core();
    let rows: &[(&str, &[&str])] = &[
        ("North Korea nuclear test", &["North Korea", "nuclear test"]),
        ("WHO said it", &["WHO"]),
        ("who said it", &[]),
        ("북한에서 탈퇴하는", &["북한", "탈퇴"]),
        ("국제 원자력 기구가", &["국제 원자력 기구"]),
        ("CTBT에서 탈퇴", &["CTBT", "탈퇴"]),
    ];
    for (query, expected) in rows {
        let tokens = worker.tokens(query);
        let found: Vec<&str> = named(query, 0, &tokens, &glossary).iter().map(|named| named.span.of(query)).collect();
        let found: Vec<&str> = found.into_iter().filter(|text| *text != "said").collect();
        assert_eq!(&found, expected, "{query}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the text, nothing panics, terms can be read again, and nothing named lies outside.
    #[test]
    fn any_text(text in "(\\PC|[(（)）·'’\"가-힣A-Za-z. ]){0,80}") {
        thread_local! { static WORKER: std::cell::RefCell<Worker> = std::cell::RefCell::new(worker()); }
        let glossary = Glossary::core();
        WORKER.with_borrow_mut(|worker| {
            let mut terms = Vec::new();
            mine(&text, worker, &mut terms);
            for term in &terms {
                let gloss = Gloss::of_term(term);
                prop_assert!(gloss.is_some_and(|gloss| !gloss.latin.is_empty() && !gloss.other.is_empty()), "{term:?}");
            }
            let tokens = worker.tokens(&text);
            for named in named(&text, 0, &tokens, &glossary) {
                prop_assert!(text.is_char_boundary(named.span.start) && text.is_char_boundary(named.span.end));
            }
            Ok(())
        })?;
        let english = search::analyze::latin::English::default();
        let words = latin_words(&text);
        query_keys(&words[..words.len().min(3)], true, &english);
        prop_assert!((0.0..=1.0).contains(&distance(&bare(&text), &text).min(1.0)));
    }
}
