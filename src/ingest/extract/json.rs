//! JSON records, rows of tables (as JSON objects of their columns), and ninjs of the IPTC.

use serde_json::{Map, Value};

use super::{Reading, field, plain};
use crate::article::{Article, Lang};
use crate::ingest::byline::stated;
use crate::ingest::date::published;

/// The names under which a field is found, the usual one first.
const ID: &[&str] = &["id"];
const TITLE: &[&str] = &["title", "headline"];
const LEAD: &[&str] = &["lead", "summary", "description", "description_text", "standfirst"];
const BODY: &[&str] = &["body", "body_html", "body_xhtml", "body_text", "articleBody", "content", "text"];
const CAPTIONS: &[&str] = &["captions", "caption"];
const PUBLISHED: &[&str] = &["date", "published", "published_at", "datePublished", "firstcreated", "versioncreated"];
const UPDATED: &[&str] = &["updated", "updated_at", "modified", "dateModified"];
const SOURCE: &[&str] = &["source", "outlet", "publisher", "copyrightholder"];
const BYLINE: &[&str] = &["byline", "author", "authors"];
const URL: &[&str] = &["url", "link"];
const LANG: &[&str] = &["lang", "language", "inLanguage"];
const SECTION: &[&str] = &["section", "category", "articleSection", "subject"];

/// Reads one record; `note` is told what was not as it should be.
pub fn record(text: &str, note: &mut dyn FnMut(String)) -> Reading {
    let fields = match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(fields) => fields,
        Err(error) => {
            let mended = without_lone_surrogates(text).and_then(|text| serde_json::from_str(&text).ok());
            let Some(fields) = mended else { return Err(in_words(&error)) };
            note("a lone surrogate was replaced".to_owned());
            fields
        }
    };
    let of = |names: &[&str]| names.iter().find_map(|name| fields.get(*name).and_then(words));
    let mut wrong: Vec<&str> = Vec::new();
    for names in [TITLE, LEAD, BODY] {
        wrong.extend(names.iter().filter(|name| {
            fields.get(**name).is_some_and(|value| !value.is_null() && words(value).is_none() && !is_empty(value))
        }));
    }
    if !wrong.is_empty() {
        note(format!("the field {} is no text; it is left out", wrong.join(", ")));
    }
    let date = |names: &[&str]| names.iter().find_map(|name| published(&words(fields.get(*name)?)?));
    let captions = CAPTIONS.iter().find_map(|name| fields.get(*name)).map(list).unwrap_or_default();
    let uri = fields.get("uri").and_then(Value::as_str).filter(|uri| uri.contains("://")).and_then(field);
    let ninjs =
        fields.contains_key("headline") && (fields.contains_key("versioncreated") || fields.contains_key("uri"));
    Ok(Article {
        id: of(ID).and_then(|id| field(&id)).map(|id| id.replace(['\n', '\t'], " ")).unwrap_or_default(),
        title: of(TITLE)
            .map(|title| plain(&title).split_whitespace().collect::<Vec<_>>().join(" "))
            .unwrap_or_default(),
        lead: of(LEAD).map(|lead| plain(&lead)).unwrap_or_default(),
        body: of(BODY).map(|body| plain(&body)).unwrap_or_default(),
        captions,
        lang: of(LANG).and_then(|tag| Lang::from_tag(&tag)),
        published: date(PUBLISHED),
        updated: date(UPDATED),
        source: of(SOURCE).and_then(|name| field(&name)),
        byline: of(BYLINE).and_then(|name| stated(&name)),
        section: of(SECTION).and_then(|name| field(&name)),
        url: of(URL).and_then(|url| field(&url)).or(uri),
        format: if ninjs { "ninjs".to_owned() } else { String::new() },
        ..Article::default()
    })
}

/// The text of a value: a string, a number, the name of an object, the first of a list that has one.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(fields) => ["name", "text", "value"].iter().find_map(|name| words(fields.get(*name)?)),
        Value::Array(values) => values.iter().find_map(words),
        Value::Null | Value::Bool(_) => None,
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

fn list(value: &Value) -> Vec<String> {
    let texts = match value {
        Value::Array(values) => values.iter().filter_map(words).collect(),
        one => words(one).into_iter().collect::<Vec<_>>(),
    };
    texts.iter().filter_map(|text| field(text)).collect()
}

/// What is wrong with a record, without the parser's own terms.
fn in_words(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => "not a whole JSON record: it is cut short".to_owned(),
        serde_json::error::Category::Data => "JSON, but not a record of fields".to_owned(),
        _ => format!("not JSON (at character {})", error.column()),
    }
}

/// The text with every surrogate escape that has no partner as U+FFFD; `None` where there is none.
fn without_lone_surrogates(text: &str) -> Option<String> {
    let unit = |at: usize| -> Option<u16> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(text.len());
    let (mut at, mut copied, mut found) = (0, 0, false);
    while let Some(next) = memchr::memchr(b'\\', &text.as_bytes()[at..]).map(|next| at + next) {
        match unit(next) {
            Some(0xD800..=0xDBFF) if matches!(unit(next + 6), Some(0xDC00..=0xDFFF)) => at = next + 12,
            Some(0xD800..=0xDFFF) => {
                out += &text[copied..next];
                out += "\\ufffd";
                at = next + 6;
                copied = at;
                found = true;
            }
            _ => at = (next + 2).min(text.len()),
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    out += &text[copied..];
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Reading, Vec<String>) {
        let mut notes = Vec::new();
        (record(text, &mut |note| notes.push(note)), notes)
    }

    #[test]
    fn names_of_fields() {
        let (article, notes) = read(
            r#"{"id": 7, "headline": "A\nB", "summary": "s", "articleBody": "<p>One.</p><p>Two.</p>", "extra": [1],
            "datePublished": "2023-11-02", "publisher": {"name": "Meridian Wire"}, "author": ["By Nora Pell"], "inLanguage": "en-US"}"#,
        );
        let article = article.unwrap();
        assert_eq!((article.id.as_str(), article.title.as_str(), article.lead.as_str()), ("7", "A B", "s"));
        assert_eq!(article.body, "One.\n\nTwo.");
        assert_eq!(article.published.unwrap().to_string(), "2023-11-02");
        assert_eq!(article.source.as_deref(), Some("Meridian Wire"));
        assert_eq!(article.byline.as_deref(), Some("Nora Pell"));
        assert_eq!((article.lang, notes), (Some(Lang::En), vec![]));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(read(r#"{"title": "cut"#).0.unwrap_err(), "not a whole JSON record: it is cut short");
        assert_eq!(read("[1]").0.unwrap_err(), "JSON, but not a record of fields");
        assert!(read("nonsense").0.unwrap_err().starts_with("not JSON"));
        let (article, notes) = read(r#"{"title": true, "body": "text"}"#);
        assert_eq!((article.unwrap().title, notes.len()), (String::new(), 1));
        let (article, notes) = read(r#"{"title": "a\ud83d b \ud83d\ude00 \\ud83d", "body": "x"}"#);
        assert_eq!(article.unwrap().title, "a\u{FFFD} b 😀 \\ud83d");
        assert_eq!(notes, ["a lone surrogate was replaced"]);
    }
}
