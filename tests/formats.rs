//! The same ten articles, written in every format, container and charset we read, are read to equal articles.

mod stories;

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;

use encoding_rs::EUC_KR;
use search::article::Article;
use search::ingest::{Found, Limits, extract, open, walk};
use stories::{Story, stories};
use unicode_normalization::UnicodeNormalization;

/// A file by its name.
type File = (String, Vec<u8>);

/// What a format carries beside title, body and the day.
#[derive(Clone, Copy)]
struct Carries {
    time: bool,
    zone: bool,
    source: bool,
    byline: bool,
    url: bool,
}

const ALL: Carries = Carries { time: true, zone: true, source: true, byline: true, url: true };
/// A page of text prints the clock of its newsroom, and no address.
const TEXT: Carries = Carries { zone: false, url: false, ..ALL };

/// Reads a folder as the index flow does.
fn read(files: &[File]) -> (Vec<Article>, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    let limits = Limits::default();
    let (mut articles, mut notices) = (Vec::new(), Vec::new());
    let mut entries = Vec::new();
    walk(&[dir.path().to_owned()], &mut |found| match found {
        Found::One(entry) => entries.push(entry),
        Found::Skipped(notice) | Found::Noted(notice) => notices.push(format!("{}: {}", notice.path, notice.reason)),
    });
    for entry in entries {
        let _ = open(&entry, &limits, &mut |found| {
            match found {
                Found::One(piece) => extract(piece, &limits, &mut |found| match found {
                    Found::One(article) => articles.push(*article),
                    Found::Skipped(notice) | Found::Noted(notice) => notices.push(notice.reason),
                }),
                Found::Skipped(notice) | Found::Noted(notice) => notices.push(notice.reason),
            }
            ControlFlow::Continue(())
        });
    }
    (articles, notices)
}

/// What is compared of an article, a line each.
fn shown(title: &str, paragraphs: &[String], at: &str, carries: Carries, more: [Option<&str>; 3]) -> String {
    let at = match (carries.time, carries.zone) {
        (true, true) => at,
        (true, false) => at.get(..19).unwrap_or(at),
        _ => at.get(..10).unwrap_or(at),
    };
    let [source, byline, url] = more.map(|field| field.unwrap_or("-"));
    let kept = |carried: bool, field: &str| if carried { format!("{field}\n") } else { String::new() };
    let mut lines = format!("{title}\n{at}\n");
    lines += &kept(carries.source, source);
    lines += &kept(carries.byline, byline);
    lines += &kept(carries.url, url);
    lines + &paragraphs.join("\n")
}

fn expected(story: &Story, carries: Carries) -> String {
    let more = [Some(story.source.as_str()), Some(story.byline.as_str()), Some(story.url.as_str())];
    shown(&story.title, &story.paragraphs, &story.published, carries, more)
}

fn found(article: &Article, carries: Carries) -> String {
    let paragraphs: Vec<String> =
        article.body.lines().filter(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned()).collect();
    let at = article.published.map_or("-".to_owned(), |at| at.to_string());
    let more = [article.source.as_deref(), article.byline.as_deref(), article.url.as_deref()];
    shown(&article.title, &paragraphs, &at, carries, more)
}

/// What is wrong with the reading of `files`, nothing if they are the stories.
fn faults(what: &str, files: &[File], stories: &[Story], carries: Carries) -> Vec<String> {
    let (articles, notices) = read(files);
    let mut faults: Vec<String> = notices.iter().map(|notice| format!("{what}: notice: {notice}")).collect();
    if articles.len() != stories.len() {
        faults.push(format!("{what}: {} articles of {}", articles.len(), stories.len()));
    }
    for (article, story) in articles.iter().zip(stories) {
        let (found, expected) = (found(article, carries), expected(story, carries));
        if found != expected {
            faults.push(format!("{what}, {}:\n--- expected\n{expected}\n--- found\n{found}", article.id));
        }
        if article.id.is_empty() || article.path.is_empty() || article.lang != Some(story.lang) {
            faults.push(format!("{what}, {}: path {:?}, language {:?}", article.id, article.path, article.lang));
        }
    }
    faults
}

/// Each story in a file of its own.
fn each(stories: &[Story], ending: &str, write: impl Fn(&Story) -> String) -> Vec<File> {
    let file = |(at, story): (usize, &Story)| (format!("{at:02}.{ending}"), write(story).into_bytes());
    stories.iter().enumerate().map(file).collect()
}

fn one(name: &str, text: String) -> Vec<File> {
    vec![(name.to_owned(), text.into_bytes())]
}

/// Every format: its name, its files, what it carries.
fn formats(stories: &[Story]) -> Vec<(&'static str, Vec<File>, Carries)> {
    let lines: String = stories.iter().map(|story| story.json() + "\n").collect();
    let array = stories.iter().map(Story::json).collect::<Vec<_>>().join(",\n ");
    vec![
        ("text", each(stories, "txt", Story::page), TEXT),
        ("html", each(stories, "html", |story| story.html("utf-8")), ALL),
        ("markdown", each(stories, "md", Story::markdown), ALL),
        ("json", each(stories, "json", Story::json), ALL),
        ("json lines", one("all.jsonl", lines.clone()), ALL),
        ("json lines by content", one("all.txt", lines.replace('\n', "\r\n\r\n")), ALL),
        ("json array", one("all.json", format!("[{array}]\n")), ALL),
        ("json array, spaced", one("all.json", format!("\n [\n {array} ]")), ALL),
        ("csv", one("all.csv", stories::table(stories, ',')), ALL),
        ("csv with semicolons", one("all.csv", stories::table(stories, ';')), ALL),
        ("tsv", one("all.tsv", stories::table(stories, '\t')), ALL),
        ("rss", one("all.xml", stories::rss(stories, "utf-8")), ALL),
        ("atom", one("all.xml", stories::atom(stories)), ALL),
        ("nitf", each(stories, "xml", Story::nitf), ALL),
        ("newsml", each(stories, "xml", Story::newsml), ALL),
        ("newsml, one message", one("all.xml", stories::message(stories)), ALL),
        ("ninjs", each(stories, "json", Story::ninjs), ALL),
        ("warc", vec![("all.warc".to_owned(), stories::warc(stories).concat())], ALL),
    ]
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn formats_agree() {
    let stories = stories();
    let faults: Vec<String> =
        formats(&stories).iter().flat_map(|(what, files, carries)| faults(what, files, &stories, *carries)).collect();
    assert_none(&faults);
}

#[test]
fn containers_agree() {
    let stories = stories();
    let mut wrong = Vec::new();
    for (what, files, carries) in formats(&stories) {
        let gz = |file: &File| (format!("{}.gz", file.0), stories::gzip(&file.1));
        let zst = |file: &File| (format!("{}.zst", file.0), zstd::encode_all(&file.1[..], 1).unwrap());
        let gz: Vec<File> = files.iter().map(gz).collect();
        let zst: Vec<File> = files.iter().map(zst).collect();
        let tar = stories::tar(&files);
        let containers = [
            ("gz", gz.clone()),
            ("zst", zst.clone()),
            ("zip", vec![("all.zip".to_owned(), stories::zip(&files))]),
            ("tar", vec![("all.tar".to_owned(), tar.clone())]),
            ("tar.gz", vec![("all.tar.gz".to_owned(), stories::gzip(&tar))]),
            ("gz in a zip", vec![("all.zip".to_owned(), stories::zip(&gz))]),
            ("zst in a tar.gz", vec![("all.tgz".to_owned(), stories::gzip(&stories::tar(&zst)))]),
            ("tar.gz in a zip", {
                vec![("all.zip".to_owned(), stories::zip(&[("in.tar.gz".to_owned(), stories::gzip(&tar))]))]
            }),
        ];
        for (container, files) in containers {
            wrong.extend(faults(&format!("{what} in {container}"), &files, &stories, carries));
        }
    }
    let each_gzipped = stories::warc(&stories).iter().flat_map(|record| stories::gzip(record)).collect();
    wrong.extend(faults("warc, a gzip a record", &[("all.warc.gz".to_owned(), each_gzipped)], &stories, ALL));
    assert_none(&wrong);
}

#[test]
fn charsets_agree() {
    let stories = stories();
    let mut wrong = Vec::new();
    for (what, files, carries) in formats(&stories) {
        if what == "warc" {
            continue;
        }
        let as_text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let all = |write: &dyn Fn(&str) -> Vec<u8>| -> Vec<File> {
            files.iter().map(|(name, bytes)| (name.clone(), write(&as_text(bytes)))).collect()
        };
        let units = |text: &str, to: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(to).collect()
        };
        let charsets = [
            ("utf-8 with a mark", all(&|text| [b"\xEF\xBB\xBF", text.as_bytes()].concat())),
            ("utf-16 le", all(&|text| units(text, u16::to_le_bytes))),
            ("utf-16 be", all(&|text| units(text, u16::to_be_bytes))),
            ("nfd", all(&|text| text.nfd().collect::<String>().into_bytes())),
        ];
        for (charset, files) in charsets {
            wrong.extend(faults(&format!("{what} in {charset}"), &files, &stories, carries));
        }
    }

    // what Korean charsets have characters for
    let stories = stories::without_emoji();
    for (what, files, carries) in formats(&stories) {
        if what == "warc" {
            continue;
        }
        let unlabelled = |text: &str| text.replace("<meta charset=\"utf-8\">", "").replace(" encoding=\"utf-8\"", "");
        let cp949 = |text: &str| {
            let (bytes, _, lost) = EUC_KR.encode(text);
            assert!(!lost, "{what}: {text}");
            bytes.into_owned()
        };
        let written = |write: &dyn Fn(&str) -> Vec<u8>| -> Vec<File> {
            files.iter().map(|(name, bytes)| (name.clone(), write(std::str::from_utf8(bytes).unwrap()))).collect()
        };
        let plain = written(&|text| cp949(&unlabelled(text)));
        wrong.extend(faults(&format!("{what} in cp949"), &plain, &stories, carries));
        let labelled = written(&|text| cp949(&text.replace("\"utf-8\"", "\"euc-kr\"")));
        wrong.extend(faults(&format!("{what} labelled euc-kr"), &labelled, &stories, carries));
        if what == "text" {
            let johab = written(&stories::johab);
            wrong.extend(faults("text in johab", &johab, &stories, carries));
        }
    }
    assert_none(&wrong);
}

#[test]
fn names_in_archives_are_composed_and_read_in_their_charset() {
    let story = &stories()[0];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let name: String = "기사 10:30.json".nfd().collect();
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(story.json().as_bytes()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let (articles, notices) = read(&[("묶음.zip".nfd().collect(), bytes)]);
    assert_eq!((articles[0].id.as_str(), notices.len()), ("묶음.zip/기사 10:30.json", 0), "{notices:?}");
}
