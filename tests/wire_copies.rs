//! Copies of one wire story are one hit, with the others behind it; what only shares its subject stays apart.

mod harness;

use harness::{Folder, ids, record};

const STORY: &str = "가온시 버스 노조가 26일 첫차부터 파업에 들어갔다. 노조는 임금 8.2퍼센트 인상과 배차 간격 조정을 요구해 왔지만 \
밤샘 협상에서 회사와 뜻을 모으지 못했다. 시는 전세버스 120대를 투입하고 지하철 운행을 하루 40회 늘리기로 했다. 출근길 정류장마다 \
시민들이 길게 줄을 섰고 일부 학교는 등교 시간을 늦췄다. 노사는 오후 2시에 다시 협상장에서 만나기로 했다고 시 관계자가 전했다.";

/// One word in `every` replaced.
fn edited(every: usize) -> String {
    let edit = |(at, word): (usize, &str)| if at % every == 2 { format!("바뀐{at}") } else { word.to_owned() };
    STORY.split_whitespace().enumerate().map(edit).collect::<Vec<_>>().join(" ")
}

fn archive() -> Folder {
    let folder = Folder::new();
    folder.put(
        "news/wire.jsonl",
        record("first", "가온시 버스 파업", STORY)
            + &record("second", "버스 멈춘 가온시", &edited(20))
            + &record("third", "출근길 대란", &edited(10))
            + &record("other", "가온시 버스 요금 인상", "가온시가 다음 달부터 버스 요금을 150원 올린다. 시는 연료비와 임금이 \
               올라 더 미룰 수 없다고 했다. 시의회는 저소득층 할인을 조건으로 인상안을 통과시켰다. 시민 단체는 배차 간격부터 줄이라고 맞섰다."),
    );
    folder.index("news");
    folder
}

#[test]
fn copies_stand_behind_the_best_one() {
    let folder = archive();
    let answer = folder.query("가온시 버스 파업");
    assert_eq!(ids(&answer), ["first", "other"], "{answer}");
    let copies: Vec<&str> =
        answer["hits"][0]["duplicates"].as_array().unwrap().iter().map(|copy| copy["id"].as_str().unwrap()).collect();
    assert_eq!(copies, ["second", "third"]);
    assert_eq!(answer["total"], 4);
    let all = folder.query_with("가온시 버스 파업", &["--ungroup"]);
    assert_eq!(ids(&all).len(), 4);
    assert!(folder.run("query '가온시 버스 파업'").done().out.contains("+2 copies"));
}

#[test]
fn pages_of_groups_neither_skip_nor_repeat() {
    let folder = archive();
    let page = |offset: &str| ids(&folder.query_with("가온시 버스", &["-n", "1", "--offset", offset]));
    let mut seen = [page("0"), page("1")].concat();
    seen.sort();
    assert!(page("2").is_empty());
    assert_eq!(seen.len(), 2);
    assert!(seen.contains(&"other".to_owned()));
}

#[test]
fn a_group_outlives_its_first_article() {
    let folder = archive();
    folder.put("news/wire.jsonl", record("second", "버스 멈춘 가온시", &edited(20)));
    folder.index("news");
    folder.put("news/late.json", record("late", "버스 노사 오후 재협상", STORY));
    folder.index("news");
    let answer = folder.query("버스 파업");
    assert_eq!(ids(&answer).len(), 1, "{answer}");
    assert_eq!(answer["hits"][0]["duplicates"].as_array().unwrap().len(), 1);
    folder.run("check").done();
}
