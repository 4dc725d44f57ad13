//! Hits and articles as CSV for spreadsheets (RFC 4180), with a line of names.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe, which it reads as "this is text" (OWASP, CSV
//! Injection); JSON lines give texts as they are.

use std::borrow::Cow;
use std::io::Write;

use serde_json::Value;

use crate::engine::{Answer, ArticleOut};

/// A cell that stays text.
fn text(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Prints the hits of an answer.
pub fn answer(answer: &Answer, out: impl Write) -> csv::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record([
        "rank",
        "score",
        "id",
        "title",
        "published",
        "source",
        "byline",
        "lang",
        "url",
        "path",
        "copies",
        "passages",
    ])?;
    for hit in &answer.hits {
        let passages: Vec<&str> = hit.snippets.iter().map(|snippet| snippet.text.as_str()).collect();
        let known = |field: &Option<String>| text(field.as_deref().unwrap_or("")).into_owned();
        rows.write_record([
            &hit.rank.to_string(),
            &format!("{:.4}", hit.score),
            &*text(&hit.id),
            &*text(&hit.title),
            &known(&hit.published),
            &known(&hit.source),
            &known(&hit.byline),
            hit.lang.unwrap_or(""),
            &known(&hit.url),
            &*text(&hit.path),
            &hit.copies.to_string(),
            &*text(&passages.join("\n")),
        ])?;
    }
    rows.flush()?;
    Ok(())
}

/// Writes articles, one a row; the columns are the fields of the JSON form, in its order.
pub struct Articles<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> Articles<W> {
    /// Begins with the line of names.
    pub fn new(out: W) -> csv::Result<Articles<W>> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(fields(&ArticleOut::default()).iter().map(|(name, _)| name.as_str()))?;
        Ok(Articles { rows })
    }

    pub fn write(&mut self, article: &ArticleOut) -> csv::Result<()> {
        self.rows.write_record(fields(article).iter().map(|(_, cell)| text(cell).into_owned()))
    }

    pub fn flush(&mut self) -> std::io::Result<()> {
        self.rows.flush()
    }
}

/// The fields of an article by name; what is not known is empty, a list is joined by line feeds.
fn fields(article: &ArticleOut) -> Vec<(String, String)> {
    let cell = |value: Value| match value {
        Value::String(text) => text,
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match serde_json::to_value(article) {
        Ok(Value::Object(fields)) => fields.into_iter().map(|(name, value)| (name, cell(value))).collect(),
        // a struct of strings and lists always is an object
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_stay_text() {
        let rows = [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-50도 한파", "'-50도 한파"),
            ("\t=x", "'\t=x"),
            ("푸틴 = 대통령", "푸틴 = 대통령"),
            ("", ""),
        ];
        for (cell, safe) in rows {
            assert_eq!(text(cell), safe);
        }
    }

    #[test]
    fn names_and_cells_stand_under_each_other() {
        let article = ArticleOut {
            id: "a,\"b\"".into(),
            title: "=HYPERLINK(1)".into(),
            captions: vec!["하나".into(), "둘".into()],
            lang: Some("ko"),
            ..ArticleOut::default()
        };
        let mut out = Vec::new();
        let mut articles = Articles::new(&mut out).unwrap();
        articles.write(&article).unwrap();
        articles.flush().unwrap();
        drop(articles);
        let mut read = csv::Reader::from_reader(&*out);
        let names = read.headers().unwrap().clone();
        let row = read.records().next().unwrap().unwrap();
        let of = |name: &str| &row[names.iter().position(|known| known == name).unwrap()];
        assert_eq!(
            (of("id"), of("title"), of("captions"), of("lang")),
            ("a,\"b\"", "'=HYPERLINK(1)", "하나\n둘", "ko")
        );
    }
}
