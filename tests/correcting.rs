//! Words typed in the wrong keyboard layout are read anew, visibly, and only where nothing else would be found.

mod harness;

use harness::{Folder, ids, record};
use serde_json::json;

#[test]
fn a_word_in_the_wrong_layout_is_read_anew_unless_it_is_insisted_on() {
    let folder = Folder::new();
    folder.put(
        "news/a.jsonl",
        record("north", "북한 핵실험 준비", "북한이 핵실험을 준비한다.")
            + &record("treaty", "Moscow leaves the CTBT", "The CTBT bans nuclear tests.")
            + &record("key", "The word dks is a code", "Engineers say dks means nothing."),
    );
    folder.index("news");
    for (typed, to, id) in [
        ("qnrgks", "북한", "north"),
        ("qnrgksdl", "북한이", "north"),
        ("ㅊㅅㅠㅅ", "ctbt", "treaty"),
        ("ㅊ슛", "ctbt", "treaty"),
        ("+qnrgks -ctbt", "북한", "north"),
    ] {
        let answer = folder.query(typed);
        let from = typed.split(' ').next().unwrap().trim_start_matches('+');
        let wanted = json!([{ "from": from, "to": to, "reason": "keyboard layout" }]);
        assert_eq!((&answer["corrections"], ids(&answer)), (&wanted, vec![id.to_owned()]), "{typed}");
        assert!(answer["understood"].as_str().unwrap().contains(to), "{typed}");
        assert_eq!(answer["query"], typed);
    }
    // held as typed, insisted on, left out, or nothing in either layout
    for untouched in ["dks", "북한", "ctbt", "\"qnrgks\"", "=qnrgks", "북한 -qnrgks", "dkssud", "withdrawal"] {
        assert_eq!(folder.query(untouched)["corrections"], json!([]), "{untouched}");
    }
    assert_eq!(folder.query_with("qnrgks", &["--no-correct"])["corrections"], json!([]));
    let run = folder.run("query qnrgks").done();
    let line = "searched for 북한 (typed: qnrgks, keyboard layout); to search as typed: =qnrgks or --no-correct";
    let out = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains(line), "{out}");
}

#[test]
fn slips_of_letters_and_spaces_are_read_anew_only_where_nothing_holds_the_word() {
    let folder = Folder::new();
    folder.put(
        "news/a.jsonl",
        record("north", "북한 미사일 발사", "북한이 탄도미사일을 쏘았다. 국방부가 밝혔다.")
            + &record("treaty", "Moscow announces its withdrawal", "The nuclear test ban treaty lost a member.")
            + &record("name", "마루한 시장 취임", "마루한 시장이 시청에서 일을 시작했다."),
    );
    folder.index("news");
    for (typed, from, to, reason, id) in [
        ("미사잉", "미사잉", "미사일", "spelling", "north"),
        ("미샤일 발사", "미샤일", "미사일", "spelling", "north"),
        ("withdrawl", "withdrawl", "withdrawal", "spelling", "treaty"),
        ("Moscow widthdrawal", "widthdrawal", "withdrawal", "spelling", "treaty"),
        ("nucleartest ban", "nucleartest", "nuclear test", "spacing", "treaty"),
        ("withd rawal Moscow", "withd rawal", "withdrawal", "spacing", "treaty"),
    ] {
        let answer = folder.query(typed);
        let wanted = json!([{ "from": from, "to": to, "reason": reason }]);
        assert_eq!((&answer["corrections"], &answer["hits"][0]["id"]), (&wanted, &json!(id)), "{typed}");
    }
    // what is understood can be typed again, wherever the word stood
    for (typed, understood) in [
        ("Moscow nucleartest", "Moscow nuclear test"),
        ("+nucleartest Moscow", "+nuclear +test Moscow"),
        ("nucleartest OR Moscow", "\"nuclear test\" OR Moscow"),
        ("(withd OR rawal) Moscow", "+(withd OR rawal) Moscow"),
    ] {
        assert_eq!(folder.query(typed)["understood"], understood, "{typed}");
        assert_eq!(folder.query(understood)["understood"], understood);
    }
    // held, named in the other language, insisted on, too short, or nothing near
    for untouched in [
        "미사일",
        "withdrawals",
        "조약",
        "마루한",
        "=withdrawl",
        "\"withdrawl\"",
        "-withdrawl Moscow",
        "banz",
        "zzyzxqrst",
        "sanctions",
    ] {
        assert_eq!(folder.query(untouched)["corrections"], json!([]), "{untouched}");
    }
    assert_eq!(folder.query_with("withdrawl", &["--no-correct"])["corrections"], json!([]));
}
