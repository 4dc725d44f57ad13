//! No file of any format, however broken, may panic, give text that is not clean, or take long.

mod stories;

use std::ops::ControlFlow;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use encoding_rs::EUC_KR;
use proptest::prelude::*;
use search::article::Article;
use search::ingest::{Entry, Found, Limits, extract, open};
use stories::{gzip, tar, zip};
use unicode_normalization::is_nfc;

const LIMITS: Limits =
    Limits { document: 1 << 20, record: 1 << 18, unpacked: 4 << 20, ratio: 2_000, nesting: 2, members: 1000 };

/// A valid file of every format, container and charset.
static FILES: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(|| {
    let stories = &stories::without_emoji()[..2];
    let story = &stories[1];
    let lines = stories.iter().map(|story| story.json() + "\n").collect::<String>();
    let utf16 = |text: &str| -> Vec<u8> {
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let members =
        [("a.html".to_owned(), story.html("utf-8").into_bytes()), ("b.jsonl".to_owned(), lines.clone().into())];
    vec![
        ("a.txt", story.page().into()),
        ("a.html", story.html("utf-8").into()),
        ("a.md", story.markdown().into()),
        ("a.json", story.json().into()),
        ("ninjs.json", story.ninjs().into()),
        ("a.jsonl", lines.clone().into()),
        ("array.json", format!("[{}]", lines.trim().replace('\n', ",")).into()),
        ("a.csv", stories::table(stories, ',').into()),
        ("a.tsv", stories::table(stories, '\t').into()),
        ("rss.xml", stories::rss(stories, "utf-8").into()),
        ("atom.xml", stories::atom(stories).into()),
        ("nitf.xml", story.nitf().into()),
        ("newsml.xml", stories::message(stories).into()),
        ("a.warc", stories::warc(stories).concat()),
        ("a.warc.gz", stories::warc(stories).iter().flat_map(|record| gzip(record)).collect()),
        ("a.jsonl.gz", gzip(lines.as_bytes())),
        ("a.csv.zst", zstd::encode_all(stories::table(stories, ',').as_bytes(), 1).unwrap()),
        ("a.zip", zip(&members)),
        ("a.tar", tar(&members)),
        ("a.tar.gz", gzip(&tar(&members))),
        ("utf16.jsonl", utf16(&lines)),
        ("utf16.csv", utf16(&stories::table(stories, ','))),
        ("cp949.html", EUC_KR.encode(&story.html("euc-kr")).0.into_owned()),
        ("cp949.csv", EUC_KR.encode(&stories::table(stories, ',')).0.into_owned()),
        ("johab.txt", stories::johab(&story.page())),
    ]
});

/// Reads a file as the index flow does.
fn read(name: &str, bytes: &[u8]) -> Vec<Article> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let entry = Entry { path, shown: name.to_owned(), id: name.to_owned(), bytes: bytes.len() as u64, modified: 0 };
    let mut articles = Vec::new();
    let mut notices = Vec::new();
    let _ = open(&entry, &LIMITS, &mut |found| {
        match found {
            Found::One(piece) => extract(piece, &LIMITS, &mut |found| match found {
                Found::One(article) => articles.push(*article),
                Found::Skipped(notice) | Found::Noted(notice) => notices.push(notice),
            }),
            Found::Skipped(notice) | Found::Noted(notice) => notices.push(notice),
        }
        ControlFlow::Continue(())
    });
    for notice in notices {
        assert!(!notice.path.is_empty() && !notice.path.contains(['\n', '\t']), "{:?}", notice.path);
        assert!(notice.reason.len() < 400, "{:?}", notice.reason);
    }
    articles
}

/// What an article promises of its text.
fn assert_clean(article: &Article) {
    assert!(!article.id.is_empty() && !article.path.is_empty());
    for name in [&article.id, &article.path, &article.title] {
        assert!(!name.contains(['\n', '\t']) || name == &article.title, "{name:?}");
    }
    let fields = [&article.id, &article.path, &article.title, &article.lead, &article.body];
    let more = [&article.source, &article.byline, &article.section, &article.url];
    for text in fields.into_iter().chain(&article.captions).chain(more.into_iter().flatten()) {
        assert!(!text.chars().any(|ch| ch.is_control() && ch != '\n' && ch != '\t'), "a control character: {text:?}");
        assert!(is_nfc(text), "not composed: {text:?}");
    }
}

fn check(name: &str, bytes: &[u8]) {
    let started = Instant::now();
    read(name, bytes).iter().for_each(assert_clean);
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]);
    assert!(started.elapsed() < Duration::from_secs(5), "{name}: {:?} for {start:?}", started.elapsed());
}

/// What is done to a file: at a place, some bytes go and others come.
#[derive(Debug, Clone)]
enum Change {
    Flip(usize, u8),
    Cut(usize),
    Remove(usize, usize),
    Insert(usize, Vec<u8>),
    /// A part of the file comes again elsewhere.
    Repeat(usize, usize, usize),
}

/// What hurts readers of files most.
const SPLINTERS: &[&[u8]] = &[
    b"\0",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\x1b$)C\x0e",
    b"\"",
    b"'",
    b"\\",
    b"\\ud83d",
    b"\\u0000",
    b"\\u1112\\u1161\\u11ab",
    b"<",
    b">",
    b"</",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x [",
    b"&#0;",
    b"&#x7;",
    b"&#x1112;&#x1161;&#x11ab;",
    b"&#xD800;",
    b"&amp;",
    b"&",
    b"[[[[[[[[[[[[[[[[",
    b"{{{{{{{{{{{{{{{{",
    b"]}",
    b",,,,",
    b"\n\n",
    b"\r",
    b"\n---\n",
    b"\t",
    b"-1",
    b"99999999999999999999",
    b"0000-00-00",
    b"9999-12-31T23:59:59+99:99",
    b"../",
    "\u{1112}\u{1161}\u{11AB}".as_bytes(),
    "\u{202E}\u{85}\u{9B}".as_bytes(),
    "é".as_bytes(),
    "\u{301}".as_bytes(),
    b"\xB0\xA1",
];

fn change() -> impl Strategy<Value = Change> {
    let at = 0usize..1 << 20;
    let splinter = proptest::sample::select(SPLINTERS).prop_map(<[u8]>::to_vec);
    let bytes = proptest::collection::vec(any::<u8>(), 1..8);
    prop_oneof![
        2 => (at.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        1 => at.clone().prop_map(Change::Cut),
        1 => (at.clone(), 1usize..64).prop_map(|(at, length)| Change::Remove(at, length)),
        5 => (at.clone(), splinter).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (at.clone(), bytes).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (at.clone(), at, 1usize..2000).prop_map(|(from, to, length)| Change::Repeat(from, to, length)),
    ]
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        let place = |at: usize| at % (bytes.len() + 1);
        match change {
            Change::Flip(at, byte) => {
                let at = place(*at);
                if let Some(old) = bytes.get_mut(at) {
                    *old ^= byte;
                }
            }
            Change::Cut(at) => bytes.truncate(place(*at)),
            Change::Remove(at, length) => {
                let at = place(*at);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Change::Insert(at, new) => {
                let at = place(*at);
                bytes.splice(at..at, new.iter().copied());
            }
            Change::Repeat(from, to, length) => {
                let (from, to) = (place(*from), place(*to));
                let part = bytes[from..(from + length).min(bytes.len())].to_vec();
                bytes.splice(to..to, part);
            }
        }
    }
    bytes
}

/// Fewer cases in a usual run; `PROPTEST_CASES` asks for more.
fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(usual), failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn files_are_whole_before_they_are_broken() {
    for (name, bytes) in FILES.iter() {
        assert!(!read(name, bytes).is_empty(), "{name}");
        check(name, bytes);
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn broken_files(which in 0..FILES.len(), changes in proptest::collection::vec(change(), 1..6)) {
        let (name, bytes) = &FILES[which];
        check(name, &changed(bytes, &changes));
    }

    /// What is packed is broken before it is packed: checksums would keep all else out.
    #[test]
    fn broken_members(which in 0..FILES.len(), changes in proptest::collection::vec(change(), 1..6), how in 0..3) {
        let (name, bytes) = &FILES[which];
        let broken = changed(bytes, &changes);
        match how {
            0 => check(&format!("{name}.gz"), &gzip(&broken)),
            1 => check("b.zip", &zip(&[((*name).to_owned(), broken)])),
            _ => check("b.tar.gz", &gzip(&tar(&[((*name).to_owned(), broken)]))),
        }
    }

    #[test]
    fn any_bytes_under_any_name(which in 0..FILES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        check(FILES[which].0, &bytes);
    }

    #[test]
    fn any_splinters(which in 0..FILES.len(), parts in proptest::collection::vec(proptest::sample::select(SPLINTERS), 0..60), head in 0usize..400) {
        let (name, bytes) = &FILES[which];
        let bytes = [&bytes[..head.min(bytes.len())], &parts.concat()].concat();
        check(name, &bytes);
    }
}

/// Work must not grow faster than the file.
#[test]
fn repeated_splinters_take_no_time() {
    for splinter in SPLINTERS.iter().chain(&[
        b"<a>" as &[u8],
        b"<p>x",
        b"<item>",
        b"<newsitem>",
        b"<a b='c'>",
        b"{\"a\":",
        b"* - > ",
        b"![](",
        b"**_`",
        b"a,b\n",
        b"\"a\"\"",
        b"x: y\n",
        b"| a ",
        "가 ".as_bytes(),
    ]) {
        let many = splinter.repeat((32 << 10) / splinter.len());
        for head in [
            "",
            "<?xml version='1.0'?><rss><channel><item><title>",
            "<nitf><body.content>",
            "<newsItem><contentSet>",
            "---\ntitle: x\n",
            "[{\"title\": ",
            "{\"title\": \"x\", \"body\": \"",
            "title,body\n",
            "<html><body>",
            "<a>",
        ] {
            for name in ["a.txt", "a.md"] {
                if name == "a.md" && !["", "---\ntitle: x\n"].contains(&head) {
                    continue;
                }
                check(name, &[head.as_bytes(), &many].concat());
            }
        }
    }
}
