//! What users of Korean search ask for, as rows that a reader can check by eye: a query, articles, what must be found.
//! What is not here has its tests where it is built: decomposed Hangul and CP949 (`tests/formats.rs`, `tests/hostile_files.rs`),
//! completion of half-typed syllables (`tests/suggest.rs`), more of a user's own words (`tests/dictionary_words.rs`), speed and
//! memory (`benches/`).
//!
//! Argued exceptions:
//! - `프론트엔드` also finds `프론트`, below every article that has the word whole: a page that is empty helps nobody.
//! - `%` by itself, without a number before it, is no word.
//! - `per cent` in two words, `프로` for percent, `pound` and `won` stay words: they mean other things as well.
//! - Synonyms within Korean (`풋사과`, `햇사과`) cannot be given; pairs are of two languages.

mod harness;

use std::collections::HashSet;

use harness::Folder;
use proptest::prelude::*;
use search::analyze::dictionary::find_or_install;
use search::analyze::{Analyzer, Evidence, Token, Worker};
use serde_json::{Value, json};

fn worker() -> Worker {
    let dictionary = find_or_install(None, &mut |_| {}).expect("the Korean dictionary");
    Analyzer::new(dictionary).worker()
}

/// Terms with their evidence, in order.
fn terms(text: &str, worker: &mut Worker) -> Vec<(String, Evidence)> {
    worker.tokens(text).into_iter().map(|token: Token| (token.term, token.evidence)).collect()
}

/// A query, articles, and the numbers of those that must be hit, in order; `..` beside it allows others after them.
struct Row(&'static str, &'static [&'static str], &'static [usize], Others);

#[derive(PartialEq)]
enum Others {
    None,
    After,
}
use Others::{After, None as Only};

fn hits(query: &str, articles: &[&str]) -> (Vec<usize>, Value) {
    hits_with("", query, articles)
}

/// The same with words of the user's.
fn hits_with(words: &str, query: &str, articles: &[&str]) -> (Vec<usize>, Value) {
    let folder = Folder::new();
    let lines: Vec<String> = articles
        .iter()
        .enumerate()
        .map(|(at, body)| json!({ "id": at.to_string(), "title": "", "body": body }).to_string())
        .collect();
    folder.put("articles.jsonl", lines.join("\n"));
    folder.run("index articles.jsonl").done();
    if !words.is_empty() {
        folder.run(&format!("dict add {words}")).done();
    }
    let answer = folder.query_with(query, &["--explain"]);
    let ids = answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().parse().unwrap());
    (ids.collect(), answer)
}

#[test]
fn queries_find_what_was_asked_for() {
    let rows = [
        // prefixes that change the meaning
        Row("비급여", &["비급여 진료비를 공개한다", "급여 진료비를 공개한다"], &[0], Only),
        // names that the tagger misreads
        Row("\"에어팟\"", &["애플 에어팟 출시", "메타버스 팟 공개"], &[0], Only),
        Row("에어팟", &["애플 에어팟 출시", "메타버스 팟 공개"], &[0], Only),
        Row("젤렌스키", &["젤렌스키 대통령이 말했다", "스키 대회가 열렸다"], &[0], Only),
        Row("마크롱", &["마크롱의 제안", "마크 트웨인의 소설"], &[0], Only),
        Row("우크라이나", &["우크라이나에서 돌아왔다", "우크라이나가 이겼다", "우크라 지도"], &[0, 1], After),
        Row("쿠버네티스", &["쿠버네티스 도입", "쿠앤크 아이스크림"], &[0], Only),
        // nations by one sign each, which the dictionary takes for endings and determiners
        Row(
            "한미일 정상회담",
            &["미일 정상회담이 열렸다", "한미일 정상회담이 열렸다", "한·미·일 정상이 회담했다"],
            &[1],
            After,
        ),
        Row("중러", &["중러가 가까워졌다", "북중러의 연대", "러닝 대회"], &[0, 1], Only),
        // particles
        Row("서울", &["서울은 비가 왔다"], &[0], Only),
        Row("회원의 가입", &["회원 가입 완료"], &[0], Only),
        Row("혈당", &["혈당에서 차이가 났다"], &[0], Only),
        Row("도로", &["섬으로 가는 길도 막혔다", "도로가 막혔다"], &[1], Only),
        // compounds
        Row("삼성", &["삼성전자 실적 발표"], &[0], Only),
        Row("삼성전자", &["삼성 라이온즈와 전자 업계", "삼성전자 실적 발표"], &[1], After),
        Row("아이폰 케이스", &["아이폰케이스 판매가 늘었다"], &[0], Only),
        Row("아이폰케이스", &["아이폰 케이스 판매가 늘었다"], &[0], Only),
        Row("대학생 선교회", &["대학생선교회 모임"], &[0], Only),
        Row("대학생선교회", &["대학생 선교회 모임"], &[0], Only),
        Row("나무", &["나뭇잎이 떨어졌다"], &[0], Only),
        Row("AI 반도체", &["AI반도체 경쟁"], &[0], Only),
        // pieces below whole words
        Row("서울", &["서울대를 나왔다", "서울은 비가 왔다"], &[1], After),
        Row("레이", &["레이텍 공장이 섰다"], &[0], Only),
        Row("레이", &["레이텍 공장이 섰다", "레이 석 대가 섰다"], &[1], After),
        Row("프론트엔드", &["호텔 프론트 직원", "프론트엔드 개발자"], &[1], After),
        Row("깔롱뷔페", &["깔롱뷔페가 문을 열었다", "뷔페 식당이 문을 닫았다"], &[0], After),
        Row("모니터링", &["상시 모니터링하겠다"], &[0], Only),
        Row("이끌다", &["팀을 이끈 감독"], &[0], Only),
        // letters, digits and signs
        Row("코로나19", &["코로나 맥주 19병", "코로나19 확산"], &[1], After),
        Row("K9", &["K9 자주포 수출"], &[0], Only),
        Row("2AM", &["2AM의 새 노래"], &[0], Only),
        Row("2차전지", &["2차 회담 뒤 전지 훈련", "2차전지 공장"], &[1], After),
        Row("C#", &["C 학점을 받았다", "C# 개발자를 찾는다"], &[1], Only),
        Row("교보문고", &["(주)교보문고 개점"], &[0], Only),
        Row("(G)I-DLE", &["(G)I-DLE의 무대"], &[0], Only),
        Row("Zelenskyy", &["Zelénskyy spoke on Monday"], &[0], Only),
        Row("Zelénskyy", &["Zelenskyy spoke on Monday"], &[0], Only),
        // numbers and dates
        Row("100000명", &["10만 명이 모였다"], &[0], Only),
        Row("10만 명", &["100,000명이 모였다"], &[0], Only),
        Row("2026년", &["이천이십육년 새해"], &[0], Only),
        Row("3.2조", &["예산은 3조 2천억 원이다"], &[0], Only),
        Row("3조2천억", &["a budget of 3.2 trillion won"], &[0], Only),
        Row("3.2 trillion", &["예산은 3조2천억 원이다"], &[0], Only),
        Row("7차", &["7차 핵실험"], &[0], Only),
        Row("2024년 3월 17일", &["on Mar. 17, 2024 they met"], &[0], Only),
        Row("March 17, 2024", &["2024년 3월 17일에 만났다"], &[0], Only),
        // units: what was asked for above the number alone
        Row("3.1%", &["쌀 3.1가마", "물가가 3.1퍼센트 올랐다"], &[1], After),
        Row("3.1퍼센트", &["쌀 3.1가마", "물가가 3.1% 올랐다"], &[1], After),
        Row("3.1 percent", &["물가가 3.1% 올랐다", "3.1 tons of rice"], &[0, 1], Only),
        Row("5달러", &["표는 5장", "표는 $5다", "5일에 판다"], &[1], After),
        Row("10km", &["10분을 걸었다", "10킬로미터를 걸었다"], &[1], After),
        // hanja
        Row("북한", &["北, 미사일 발사", "北京에서 회담"], &[0], Only),
        Row("北", &["북한이 미사일을 쏘았다"], &[0], Only),
        Row("미국", &["美국무 방한", "韓美 정상회담"], &[0, 1], Only),
        Row("대통령", &["大統領의 취임"], &[0], Only),
        Row("은행", &["우리銀 실적"], &[0], Only),
        // never an empty page while a part is there
        Row("에어팟맥스", &["에어팟 출시"], &[0], Only),
    ];
    let mut wrong = Vec::new();
    for Row(query, articles, expected, others) in rows {
        let (found, answer) = hits(query, articles);
        let mut first = found[..found.len().min(expected.len())].to_vec();
        let mut expected = expected.to_vec();
        if others == Only {
            // all of them, in any order
            (first, expected) = (found.clone(), expected);
            first.sort_unstable();
            expected.sort_unstable();
        }
        if first != expected {
            wrong.push(format!("{query}: {articles:?} gives {found:?}, not {expected:?}"));
        }
        for hit in answer["hits"].as_array().unwrap() {
            let explain = &hit["explain"];
            let number = |value: &Value| value.as_f64().unwrap();
            let parts: f64 = explain["evidence"].as_array().unwrap().iter().map(|part| number(&part["score"])).sum();
            let second = ["closeness", "phrase", "brevity"].map(|part| number(&explain[part]));
            let sum = parts + second.iter().sum::<f64>();
            assert!((sum - number(&hit["score"])).abs() < 1e-3 * sum.abs().max(1.0), "{query}: {explain}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rows that ask for words of the user's: the words, then as above.
#[test]
fn words_of_the_users_win() {
    let rows: [(&str, Row); 10] = [
        (
            "쿠버네티스",
            Row("쿠버네티스", &["쿠버네티스도입이 늘었다", "쿠앤크와 티스푼", "쿠버네티스를 쓴다"], &[0, 2], Only),
        ),
        (
            "'대학생 선교회'",
            Row("대학생 선교회", &["대학생 선교회는 컸다", "대학생선교회 모임", "선교회와 대학생"], &[0, 1], Only),
        ),
        (
            "'대학생 선교회'",
            Row("대학생선교회", &["대학생 선교회는 컸다", "대학생선교회 모임", "선교회와 대학생"], &[0, 1], Only),
        ),
        ("'대학생 선교회'", Row("선교회", &["대학생 선교회는 컸다", "대학생선교회 모임"], &[0, 1], Only)),
        ("삼성", Row("삼성", &["삼성전자 실적 발표"], &[0], Only)),
        ("삼성", Row("삼성전자", &["삼성 라이온즈와 전자 업계", "삼성전자 실적 발표"], &[1], After)),
        ("삼성전자", Row("삼성", &["삼성전자 실적 발표"], &[0], Only)),
        ("갤럭시Z", Row("갤럭시z", &["갤럭시 케이스", "갤럭시Z의 화면"], &[1], Only)),
        ("4세대실손", Row("4세대실손", &["4세대 실손 보험", "4세대실손보험료가 올랐다"], &[1], After)),
        ("깔롱뷔페", Row("깔롱뷔페", &["신촌깔롱뷔페에서 먹었다", "뷔페에서 먹었다"], &[0], Only)),
    ];
    for (words, Row(query, articles, expected, others)) in rows {
        let (mut found, _) = hits_with(words, query, articles);
        if others == Only {
            found.sort_unstable();
        } else {
            found.truncate(expected.len());
        }
        assert_eq!(found, expected, "{query} with {words}");
    }
}

#[test]
fn tokens_are_words_of_the_text() {
    let mut worker = worker();
    let words = |text: &str, worker: &mut Worker| -> Vec<String> {
        let tokens = terms(text, worker).into_iter();
        tokens.filter(|(_, evidence)| *evidence == Evidence::Word).map(|(term, _)| term).collect()
    };
    let rows: &[(&str, &[&str])] = &[
        ("학생이", &["학생"]),
        ("정진해온", &["정진"]),
        ("나뭇잎", &["나뭇", "나무", "잎"]),
        ("우크라이나", &["우크라이나"]),
        ("이끈", &["이끌다"]),
        ("도로", &["도로"]),
        ("10만", &["100000", "10", "만"]),
        ("3.1%", &["3.1", "%"]),
        ("3.1퍼센트로", &["3.1", "%"]),
        ("3.1%로", &["3.1", "%"]),
        ("3.1 pct", &["3.1", "%"]),
        ("up 3.1 percent", &["up", "3.1", "%"]),
        ("$5", &["5", "$"]),
        ("5달러를", &["5", "$"]),
        ("5 dollars", &["5", "$"]),
        ("1,200유로", &["1200", "€"]),
        ("$3.2 trillion", &["3.2", "$", "3200000000000", "trillion"]),
        ("70th anniversary", &["70th", "70", "anniversari"]),
        ("10km", &["10km", "10", "km"]),
        ("10킬로미터", &["10", "km"]),
        ("北京", &["北京", "북경"]),
        ("李총리", &["李", "이", "총리"]),
        ("O’Brien", &["obrien"]),
        ("구조원", &["구조원"]),
    ];
    for (text, expected) in rows {
        let found = words(text, &mut worker);
        if *text == "구조원" {
            // a rescuer, not nine trillion won
            assert!(!found.iter().any(|term| term.starts_with('9')), "{found:?}");
        } else {
            assert_eq!(&found, expected, "{text}");
        }
    }
}

/// Words that are a noun of their own as well as a noun with a particle; the dictionary takes them whole.
const AMBIGUOUS: &[&str] =
    &["강도", "산과", "색도", "강과", "강의", "피도", "배와", "입은", "개와", "개도", "논과", "논의"];

/// Common nouns of the news.
const NOUNS: &str = include_str!("fixtures/nouns.txt");

#[test]
fn a_noun_alone_finds_the_noun_with_particles() {
    let mut worker = worker();
    let mut lost = Vec::new();
    let nouns: Vec<&str> = NOUNS.split_whitespace().collect();
    for noun in &nouns {
        let alone: Vec<Token> = worker.tokens(noun);
        let closed = noun.chars().next_back().is_some_and(|ch| !(ch as u32 - '가' as u32).is_multiple_of(28));
        let particles = if closed {
            ["은", "이", "을", "에서", "과", "의", "도", "까지"]
        } else {
            ["는", "가", "를", "에서", "와", "의", "도", "까지"]
        };
        for particle in particles {
            let there: HashSet<(String, Evidence)> =
                terms(&format!("{noun}{particle}"), &mut worker).into_iter().collect();
            // of each place one term, as the search asks
            let holds = |evidence: Evidence| {
                let wanted: Vec<&Token> = alone.iter().filter(|token| token.evidence == evidence).collect();
                let place = |a: &&Token, b: &&Token| a.position == b.position && evidence == Evidence::Word;
                let held = |token: &&Token| there.contains(&(token.term.clone(), evidence));
                !wanted.is_empty() && wanted.chunk_by(place).all(|terms| terms.iter().any(held))
            };
            if !holds(Evidence::Word) && !holds(Evidence::Exact) && !holds(Evidence::Bigram) {
                lost.push(format!("{noun}{particle}"));
            }
        }
    }
    // which word it is cannot be told from the letters: 강과 is also 江과, 강도 a robber, 산과 obstetrics
    lost.retain(|word| !AMBIGUOUS.contains(&word.as_str()));
    assert!(lost.is_empty(), "{} of {} nouns: {}", lost.len(), nouns.len(), lost.join(" "));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Punctuation around a word never changes its tokens.
    #[test]
    fn punctuation_around_a_word(word in "[가-힣]{1,6}", before in "[(\\[“‘「]{0,2}", after in "[).,\\]”’」!?…]{0,3}") {
        let mut worker = worker();
        prop_assert_eq!(terms(&word, &mut worker), terms(&format!("{before}{word}{after}"), &mut worker));
    }

    /// Spans lie on characters, and no term is empty, white space or a mark of the dictionary.
    #[test]
    fn spans_of_any_text(text in "([가-힣]{1,4}|[一-鿿]|[a-zA-Z]{1,5}|[0-9]{1,6}|[ .,·%\"'()\t-]|\\PC){0,12}") {
        let mut worker = worker();
        for token in worker.tokens(&text) {
            prop_assert!(text.is_char_boundary(token.span.start) && text.is_char_boundary(token.span.end));
            prop_assert!(token.span.start < token.span.end);
            prop_assert!(!token.term.trim().is_empty());
        }
    }
}

#[test]
fn marks_say_the_query_again() {
    let mut worker = worker();
    let body = "북한이   7차\t핵실험을 했다. 한미일 정상회담에서 나뭇잎을 든 젤렌스키는 CTBT에서 탈퇴한 러시아를 비판했다. \
                北, 미사일 발사. 10만 명이 모였다.";
    for query in ["핵실험", "정상회담", "젤렌스키", "CTBT 탈퇴", "북한 미사일", "100000명", "러시아"]
    {
        let (_, answer) = hits(query, &[body]);
        let asked: HashSet<String> = terms(query, &mut worker).into_iter().map(|(term, _)| term).collect();
        let mut marked = 0;
        for snippet in answer["hits"][0]["snippets"].as_array().unwrap() {
            let chars: Vec<char> = snippet["text"].as_str().unwrap().chars().collect();
            for mark in snippet["highlights"].as_array().unwrap() {
                let at = |end: usize| mark[end].as_u64().unwrap() as usize;
                let text: String = chars[at(0)..at(1)].iter().collect();
                let again = terms(&text, &mut worker);
                assert!(again.iter().any(|(term, _)| asked.contains(term)), "{query}: {text}");
                marked += 1;
            }
        }
        assert!(marked > 0, "{query}");
    }
}

#[test]
fn a_mark_covers_the_word_that_was_written_together() {
    let (_, answer) = hits("아이폰 케이스", &["아이폰케이스 판매가 늘었다"]);
    assert_eq!(answer["hits"][0]["snippets"][0]["highlights"], json!([[0, 6]]));
}
