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
