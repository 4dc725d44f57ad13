//! An index follows its files: what is added, changed, moved or removed on the disk is in the index after the next run.

mod harness;

use harness::{Folder, corpus, record};
use serde_json::Value;

/// added, updated, unchanged, removed, skipped, and what the index holds.
fn counts(summary: &Value) -> [u64; 6] {
    let count = |name: &str| summary["articles"][name].as_u64().unwrap();
    let total = summary["total_articles"].as_u64().unwrap();
    [count("added"), count("updated"), count("unchanged"), count("removed"), count("skipped"), total]
}

/// Every article of the index, as a sorted list of lines.
fn exported(folder: &Folder) -> Vec<String> {
    let mut lines: Vec<String> = folder.run("export").done().out.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn archive() -> Folder {
    let folder = Folder::new();
    folder.put("news/a.jsonl", record("a1", "북한 핵실험", "풍계리") + &record("a2", "서울 날씨", "맑음"));
    folder.put("news/b.json", record("b1", "CTBT withdrawal", "The treaty bans all tests."));
    folder
}

#[test]
fn a_second_run_touches_only_what_changed() {
    let folder = archive();
    assert_eq!(counts(&folder.index("news")), [3, 0, 0, 0, 0, 3]);
    let again = folder.index("news");
    assert_eq!(counts(&again), [0, 0, 3, 0, 0, 3]);
    assert_eq!(again["bytes_read"], 0);

    // one record of a file changes, one is new, one is gone
    folder.put("news/a.jsonl", record("a1", "북한 미사일", "풍계리") + &record("a3", "부산 축제", "성황"));
    assert_eq!(counts(&folder.index("news")), [1, 1, 1, 1, 0, 3]);
    assert_eq!(folder.ids("미사일"), ["a1"]);
    assert!(folder.ids("날씨").is_empty());
    assert!(folder.ids("핵실험").is_empty());

    // written again with the same content
    folder.put("news/b.json", record("b1", "CTBT withdrawal", "The treaty bans all tests."));
    assert_eq!(counts(&folder.index("news")), [0, 0, 3, 0, 0, 3]);

    std::fs::remove_file(folder.at("news/a.jsonl")).unwrap();
    assert_eq!(counts(&folder.index("news")), [0, 0, 1, 2, 0, 1]);
    folder.run("check").done();
}

#[test]
fn only_what_is_under_the_given_roots_is_removed() {
    let folder = archive();
    folder.put("more/c.json", record("c1", "경제", "수출"));
    folder.index("news more");
    std::fs::remove_file(folder.at("news/b.json")).unwrap();
    assert_eq!(counts(&folder.index("more")), [0, 0, 1, 0, 0, 4]);
    assert_eq!(counts(&folder.index("news")), [0, 0, 2, 1, 0, 3]);
    folder.run("index nowhere").failed(2, "nowhere: no such file or folder");
    assert_eq!(folder.run("stats --json").done().json()["articles"], 3);
}

#[test]
fn a_moved_archive_keeps_its_articles() {
    let folder = archive();
    folder.index("news");
    std::fs::rename(folder.at("news"), folder.at("moved")).unwrap();
    let summary = folder.index("moved");
    assert_eq!(summary["total_articles"], 3, "{summary}");
    assert_eq!(folder.query("핵실험")["hits"][0]["path"], "moved/a.jsonl#1");
    assert_eq!(counts(&folder.index("moved")), [0, 0, 3, 0, 0, 3]);
}

#[test]
fn of_two_articles_with_one_id_the_first_stays_until_it_goes() {
    let folder = Folder::new();
    folder.put("news/1.json", record("x", "first story", "alpha"));
    folder.put("news/2.json", record("x", "second story", "beta"));
    let run = folder.run("index news --json").done();
    assert!(run.err.contains("news/2.json: the id x is already that of an article of news/1.json"), "{}", run.err);
    assert_eq!(counts(&run.json()), [1, 0, 0, 0, 1, 1]);
    assert_eq!(counts(&folder.index("news")), [0, 0, 1, 0, 1, 1]);
    assert_eq!(folder.query("story")["hits"][0]["title"], "first story");
    folder.run("index news --strict").failed(2, "1 skipped");
    std::fs::remove_file(folder.at("news/1.json")).unwrap();
    folder.index("news");
    assert_eq!(folder.query("story")["hits"][0]["title"], "second story");
}

#[test]
fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let folder = archive();
    folder.index("news");
    folder.put("news/c.json", record("c1", "경제", "수출"));
    std::fs::remove_file(folder.at("news/b.json")).unwrap();
    folder.run("index news -i fresh --dry-run").done();
    assert!(!folder.at("fresh").exists());
    let run = folder.run("index news --dry-run --json").done();
    assert_eq!(counts(&run.json())[..5], [1, 0, 2, 1, 0]);
    assert!(run.err.contains("would be: 1 added, 2 unchanged, 1 removed"), "{}", run.err);
    assert_eq!(folder.ids("CTBT"), ["b1"]);
    assert!(folder.ids("수출").is_empty());
}

#[test]
fn a_rebuild_gives_the_same_index() {
    let folder = archive();
    folder.index("news");
    let before = exported(&folder);
    folder.put("index/README", "somebody's note");
    assert_eq!(counts(&folder.index("news --rebuild")), [3, 0, 0, 0, 0, 3]);
    assert_eq!(exported(&folder), before);
    folder.run("check").done();
    assert!(folder.at("index/README").exists());
    let names: Vec<_> = std::fs::read_dir(folder.at("index")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.iter().filter(|name| name.to_string_lossy().starts_with("manifest-")).count(), 1, "{names:?}");
    assert!(!folder.at("index/rebuild.part").exists());
}

#[test]
fn standard_input_is_json_lines() {
    let folder = Folder::new();
    let lines = record("s1", "평양 소식", "북한") + "{broken\n" + &record("s2", "Seoul news", "rain");
    let run = folder.run_with("index - --json", lines).done();
    assert_eq!(counts(&run.json()), [2, 0, 0, 0, 1, 2]);
    assert_eq!(folder.ids("평양"), ["s1"]);
}

#[test]
fn what_streams_brought_stays() {
    let folder = Folder::new();
    folder.run_with("index -", record("s1", "평양 소식", "북한")).done();
    let second = folder.run_with("index - --json", record("s2", "Seoul news", "rain")).done().json();
    assert_eq!(counts(&second), [1, 0, 0, 0, 0, 2]);
    folder.run_with("index -", "").done();
    assert_eq!((folder.ids("평양"), folder.ids("Seoul")), (vec!["s1".to_owned()], vec!["s2".to_owned()]));
    folder.run("check").done();
}

#[test]
fn a_file_is_read_once_whichever_root_leads_to_it() {
    let folder = archive();
    folder.put("news/deep/d.json", record("d1", "깊은 글", "본문"));
    assert_eq!(counts(&folder.index("news news/deep ./news")), [4, 0, 0, 0, 0, 4]);
    folder.run("check").done();
    std::fs::remove_file(folder.at("news/deep/d.json")).unwrap();
    assert_eq!(counts(&folder.index("news news/deep")), [0, 0, 3, 1, 0, 3]);
    folder.run("check").done();
}

#[test]
fn folders_indexed_one_after_the_other_do_not_take_each_others_articles() {
    let folder = Folder::new();
    folder.put("a/x.txt", "첫째 제목\n\n첫째 글이다.\n").put("b/x.txt", "둘째 제목\n\n둘째 글이다.\n");
    folder.index("a");
    let run = folder.run("index b --json").done();
    assert!(run.err.contains("the id x.txt is already that of an article of"), "{}", run.err);
    assert_eq!(counts(&run.json()), [0, 0, 0, 0, 1, 1]);
    assert_eq!(folder.query("제목")["hits"][0]["title"], "첫째 제목");
    // it becomes free
    std::fs::remove_file(folder.at("a/x.txt")).unwrap();
    folder.index("a b");
    assert_eq!(folder.query("제목")["hits"][0]["title"], "둘째 제목");
    folder.run("check").done();
}

#[test]
fn an_index_inside_its_archive_is_no_article() {
    let folder = archive();
    for _ in 0..2 {
        let summary = folder.run("index . -i news/index --strict --json").done().json();
        assert_eq!(summary["total_articles"], 3);
    }
}

#[test]
fn jobs_do_not_change_the_result() {
    let exports: Vec<Vec<String>> = [1, 4]
        .map(|jobs| {
            let folder = Folder::new();
            for file in 0..20 {
                let lines: String =
                    (0..30).map(|n| record(&format!("{file}-{n}"), "기사", &format!("본문 {file} {n}"))).collect();
                // the same id in several files: the first in order keeps it
                folder.put(&format!("news/{file:02}.jsonl"), lines + &record("shared", &format!("of {file}"), "text"));
            }
            folder.index(&format!("news --jobs {jobs}"));
            exported(&folder)
        })
        .into();
    assert_eq!(exports[0], exports[1]);
    assert!(exports[0].iter().any(|line| line.contains("\"of 0\"")));
}

#[test]
fn killed_at_any_moment_the_last_commit_is_left() {
    let folder = archive();
    folder.index("news");
    let many: String = (0..3000).map(|n| record(&format!("m{n}"), "대량 기사", "내용이 많은 기사입니다. ")).collect();
    folder.put("news/many.jsonl", many);
    for pause in [5, 40, 90, 160, 300] {
        let mut child = folder.command(["index", "news"]).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        // it may have ended by itself
        let _ = child.kill();
        child.wait().unwrap();
        let check = folder.run("check");
        if check.code != Some(0) {
            // between the commit and what is derived from it: nothing but that is missing, and the next run makes it
            let said = &check.out;
            let whole =
                |line: &str| line.contains("cannot be read (No such file") || line.starts_with("to mend it run");
            assert!(said.lines().all(whole) && !said.contains("--rebuild"), "{said}");
        }
        let articles = folder.run("stats --json").done().json()["articles"].as_u64().unwrap();
        assert!([3, 3003].contains(&articles), "{articles}");
    }
    assert_eq!(folder.index("news")["total_articles"], 3003);
    folder.run("check").done();
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_grow_ends_the_run_and_leaves_the_last_commit() {
    let folder = Folder::new();
    folder.put("news/a.jsonl", record("first", "항구 축제", "부두에서 항구 축제가 열렸다."));
    folder.index("news");
    // stored articles fit into 150 KB, their postings do not
    let limited = |jobs: u8| {
        let (program, corpus) = (env!("CARGO_BIN_EXE_search"), corpus());
        let limits = "trap '' XFSZ; exec prlimit --fsize=153600 timeout -k 1 60";
        let line = format!("{limits} {program} index {} --jobs {jobs}", corpus.display());
        let mut shell = std::process::Command::new("sh");
        let run = shell.args(["-c", &line]).current_dir(folder.path()).env_remove("SEARCH_INDEX").output().unwrap();
        (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    for jobs in [1, 2] {
        let (code, said) = limited(jobs);
        assert!(code == Some(2) && said.contains("too large"), "--jobs {jobs}: {code:?} {said}");
        assert_eq!(folder.ids("항구"), ["first"]);
    }
}

#[test]
fn two_writers_do_not_mix() {
    let folder = archive();
    let many: String = (0..20_000).map(|n| record(&format!("m{n}"), "대량 기사", "내용이 많은 기사입니다. ")).collect();
    folder.put("news/many.jsonl", many);
    folder.put("other/o.json", record("o", "다른 글", "본문"));
    let mut first = folder.command(["index", "news"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    while !folder.at("index/meta.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let second = folder.run("index other");
    assert!(first.wait().unwrap().success());
    if second.code != Some(0) {
        second.failed(2, "another `search index` is writing here");
    }
    folder.run("check").done();
}

#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Waits until `done`, for what takes a moment in another process.
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..300 {
        if done() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("waited in vain for {what}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_was_read_and_the_next_one_goes_on() {
    let folder = Folder::new();
    for file in 0..40 {
        let lines: String = (0..400)
            .map(|n| record(&format!("{file}-{n}"), "긴 기사", &format!("{file} {n} 내용이 많은 기사 ")))
            .collect();
        folder.put(&format!("news/{file:02}.jsonl"), lines);
    }
    let child = folder.command(["index", "news", "--json"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    wait_until("the index to be opened", || folder.at("index/.tantivy-writer.lock").exists());
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    folder.run("check").done();
    let rest = folder.index("news");
    assert_eq!(rest["total_articles"], 16_000);
    if summary["stopped"] == true {
        assert_eq!(rest["articles"]["added"].as_u64().unwrap() + summary["total_articles"].as_u64().unwrap(), 16_000);
    }
    folder.run("check").done();
}

#[cfg(unix)]
#[test]
fn an_interrupted_rebuild_keeps_the_old_index() {
    let folder = Folder::new();
    let lines: String =
        (0..6000).map(|n| record(&format!("{n}"), "긴 기사", &format!("{n} 내용이 많은 기사 "))).collect();
    folder.put("news/a.jsonl", lines);
    folder.index("news");
    let child = folder.command(["index", "news", "--rebuild"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    wait_until("the rebuild to begin", || folder.at("index/rebuild.part/meta.json").exists());
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    folder.run("check").done();
    assert_eq!(folder.run("stats --json").done().json()["articles"], 6000);
    assert!(!folder.at("index/rebuild.part").exists(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(unix)]
#[test]
fn a_watched_folder_is_followed() {
    let folder = archive();
    let mut child = folder.command(["index", "news", "--watch"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    let articles = |folder: &Folder| {
        let run = folder.run("stats --json");
        if run.code == Some(0) { run.json()["articles"].as_u64() } else { None }
    };
    wait_until("the first run", || articles(&folder) == Some(3));
    folder.put("news/new/c.json", record("c1", "새 소식", "속보"));
    wait_until("the new article", || articles(&folder) == Some(4));
    std::fs::remove_file(folder.at("news/b.json")).unwrap();
    wait_until("the removal", || articles(&folder) == Some(3));
    assert_eq!(folder.ids("속보"), ["c1"]);
    interrupt(&child);
    assert!(child.wait().unwrap().success());
}
