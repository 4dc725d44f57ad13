//! Saved pages with what a reader would copy out of them, and how far a reading is from it.
//!
//! Token F1 of lead and body (`\w+`, lower case, counts kept); captions and lines that may stay or go neither help nor
//! hurt; the title is right above 0.85 token F1, the date if it is the same day.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use search::article::Article;
use search::ingest::date;
use search::ingest::extract::{html, text};
use serde_json::Value;

type Counts = HashMap<String, usize>;

#[derive(Default)]
pub struct Gold {
    pub titles: Vec<String>,
    pub text: String,
    /// Only the first words are known.
    pub opening: bool,
    pub tolerated: String,
    pub published: Option<String>,
    pub captions: Vec<String>,
    pub source: Option<String>,
    pub byline: Option<String>,
    pub lead: String,
}

/// Means over a table.
#[derive(Debug)]
pub struct Means {
    pub titles: f64,
    pub dates: f64,
    pub bodies: f64,
}

pub struct Scored {
    pub name: String,
    pub title: bool,
    pub date: bool,
    pub body: f64,
}

pub fn counts(text: &str) -> Counts {
    let mut counts = Counts::new();
    for token in text.split(|ch: char| !(ch.is_alphanumeric() || ch == '_')).filter(|token| !token.is_empty()) {
        *counts.entry(token.to_lowercase()).or_default() += 1;
    }
    counts
}

pub fn f1(found: &Counts, gold: &Counts) -> f64 {
    let common: usize = found.iter().map(|(token, count)| (*count).min(gold.get(token).copied().unwrap_or(0))).sum();
    let size = found.values().sum::<usize>() + gold.values().sum::<usize>();
    if size == 0 { 1.0 } else { 2.0 * common as f64 / size as f64 }
}

pub fn score(name: &str, article: &Article, gold: &Gold) -> Scored {
    let full = format!("{}\n{}", article.lead, article.body);
    let wanted = counts(&gold.text);
    let mut found = counts(&full);
    for (token, tolerated) in counts(&gold.tolerated) {
        if let Some(count) = found.get_mut(&token) {
            let surplus = count.saturating_sub(wanted.get(&token).copied().unwrap_or(0));
            *count -= surplus.min(tolerated);
        }
    }
    let words = |text: &str| {
        let words = text.split(|ch: char| !ch.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    };
    let body = if gold.opening {
        let (found, opening) = (words(&full), words(&gold.text));
        f64::from(u8::from(found.find(&opening).is_some_and(|at| at < 400)))
    } else {
        f1(&found, &wanted)
    };
    let title = counts(&article.title);
    let title = gold.titles.is_empty() || gold.titles.iter().any(|gold| f1(&title, &counts(gold)) > 0.85);
    let wanted_day = gold.published.as_deref().and_then(date::published).map(|at| at.day());
    let found_day = article.published.map(|at| at.day());
    Scored { name: name.to_owned(), title, date: wanted_day.is_none() || wanted_day == found_day, body }
}

/// The folder of saved pages, which is not part of the project.
pub fn archive() -> Option<PathBuf> {
    let named = std::env::var_os("SEARCH_PAGES").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pages");
    named.or(Some(beside)).filter(|path| path.is_dir())
}

/// Pages of a folder with their `.gold.json`, in order of name.
pub fn with_gold(folder: &Path) -> Vec<(PathBuf, Gold)> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let gold = path.with_extension("gold.json");
        if path.extension().is_some_and(|ext| ext == "html" || ext == "txt") && gold.is_file() {
            pages.push((path, korean_gold(&std::fs::read_to_string(gold).unwrap())));
        }
    }
    pages.sort_by(|left, right| left.0.cmp(&right.0));
    pages
}

fn korean_gold(json: &str) -> Gold {
    let gold: Value = serde_json::from_str(json).unwrap();
    let string = |name: &str| gold[name].as_str().unwrap_or("").to_owned();
    let list = |name: &str| -> Vec<String> {
        gold[name].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut titles = vec![string("title")];
    titles.extend(list("title_alt"));
    Gold {
        titles,
        text: format!("{}\n{}", string("lead"), string("body")),
        opening: false,
        tolerated: [list("captions"), list("tolerated")].concat().join("\n"),
        published: gold["published"].as_str().map(str::to_owned),
        captions: list("captions"),
        source: gold["source"].as_str().map(str::to_owned),
        byline: gold["byline"].as_str().map(str::to_owned),
        lead: string("lead"),
    }
}

/// Pages with a JSON of `expected.cleaned_text`, whole or only its first words.
pub fn with_cleaned_text(folder: &Path) -> Vec<(PathBuf, Gold)> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ext| ext == "html") {
            let gold: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
            let text = gold["expected"]["cleaned_text"].as_str().unwrap_or("").to_owned();
            let titles = gold["expected"]["title"].as_str().map(str::to_owned).into_iter().collect();
            pages.push((path, Gold { titles, opening: text.len() < 2_000, text, ..Gold::default() }));
        }
    }
    pages.sort_by(|left, right| left.0.cmp(&right.0));
    pages
}

/// Folders of `source.html`, `expected.html` and `expected-metadata.json`.
pub fn with_expected_html(folder: &Path) -> Vec<(PathBuf, Gold)> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let folder = entry.path();
        let Ok(expected) = std::fs::read_to_string(folder.join("expected.html")) else { continue };
        let meta: Value =
            serde_json::from_slice(&std::fs::read(folder.join("expected-metadata.json")).unwrap()).unwrap();
        let (mut text, mut captions) = (String::new(), String::new());
        let (mut rest, mut in_caption) = (expected.as_str(), false);
        while let Some((before, after)) = rest.split_once('<') {
            let slot = if in_caption { &mut captions } else { &mut text };
            slot.push_str(before);
            let (tag, next) = after.split_once('>').unwrap_or((after, ""));
            let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty()).unwrap_or("");
            let inline = ["a", "b", "i", "em", "strong", "span", "u", "q", "cite", "sup", "sub", "font", "abbr"];
            if !inline.contains(&name) {
                slot.push(' ');
            }
            if name == "figcaption" {
                in_caption = !tag.starts_with('/');
            }
            rest = next;
        }
        let entities =
            [("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " ")];
        for (name, ch) in entities {
            text = text.replace(name, ch);
            captions = captions.replace(name, ch);
        }
        pages.push((
            folder.join("source.html"),
            Gold {
                titles: meta["title"].as_str().map(str::to_owned).into_iter().collect(),
                text,
                opening: false,
                tolerated: captions,
                published: meta["publishedTime"].as_str().map(str::to_owned),
                ..Gold::default()
            },
        ));
    }
    pages.sort_by(|left, right| left.0.cmp(&right.0));
    pages
}

/// Reads a page as the index does.
pub fn read(path: &Path) -> Article {
    let text_of_page = decoded(&std::fs::read(path).unwrap());
    if path.extension().is_some_and(|ext| ext == "txt") {
        text::text(&text_of_page)
    } else {
        html::html(&text_of_page, None)
    }
}

fn decoded(bytes: &[u8]) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let decoded = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_lowercase();
            let label: Option<String> = head.split_once("charset=").map(|(_, label)| {
                label
                    .trim_start_matches(['"', '\''])
                    .chars()
                    .take_while(|ch| ch.is_alphanumeric() || *ch == '-')
                    .collect()
            });
            let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
            encoding
                .filter(|encoding| *encoding != encoding_rs::UTF_8)
                .unwrap_or(encoding_rs::EUC_KR)
                .decode(bytes)
                .0
                .into_owned()
        }
    };
    decoded.nfc().collect()
}

/// Prints a table, page by page, and gives the shares of titles and dates and the mean of the bodies.
pub fn table(heading: &str, scored: &[Scored]) -> Means {
    println!("\n{heading}\n  body   title  date   page");
    let tick = |right: bool| if right { "yes" } else { "NO" };
    for page in scored {
        println!("  {:.3}  {:<5}  {:<5}  {}", page.body, tick(page.title), tick(page.date), page.name);
    }
    let count = scored.len().max(1) as f64;
    let share = |right: fn(&Scored) -> bool| scored.iter().filter(|page| right(page)).count() as f64 / count;
    let body = scored.iter().map(|page| page.body).sum::<f64>() / count;
    let (title, date) = (share(|page| page.title), share(|page| page.date));
    println!("  {body:.3}  {title:.3}  {date:.3}  mean of {}", scored.len());
    Means { titles: title, dates: date, bodies: body }
}
