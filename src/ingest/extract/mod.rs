//! Pieces into articles, one file per format.
//!
//! Decoding happens here, so that it runs on every thread. A reader of a format fills what the text says and nothing else;
//! names, charset and language are the same for all formats and are added at the end.

mod feed;
pub mod html;
mod json;
mod markdown;
mod newsml;
mod nitf;
pub mod text;
mod xml;

use super::decode::{Decoded, clean, decode};
use super::{Extracted, Format, Found, Limits, Notice, Origin, Piece};
use crate::article::{Article, Lang};

/// What a reader of a format makes of a document: an article, or why there is none.
type Reading = Result<Article, String>;

/// The articles of a piece.
pub fn extract(piece: Piece, limits: &Limits, sink: &mut dyn FnMut(Extracted)) {
    let Decoded { text, charset, replaced, lying_label } = decode(&piece.bytes, piece.charset.as_deref());
    let mut note = |reason: String| sink(Found::Noted(Notice { path: piece.origin.to_string(), reason }));
    let lie = lying_label.map(|label| format!("labelled {label}, read as {charset}"));
    let loss =
        (replaced > 0).then(|| format!("{replaced} characters could not be read as {charset} and were replaced"));
    let notes: Vec<String> = lie.into_iter().chain(loss).collect();
    if !notes.is_empty() {
        note(notes.join("; "));
    }
    if text.len() as u64 > limits.document.max(limits.record).saturating_mul(4) {
        let reason = "too large once decoded".to_owned();
        return sink(Found::Skipped(Notice { path: piece.origin.to_string(), reason }));
    }
    let mut left_out: Vec<String> = Vec::new();
    let mut lost = |reason: String| left_out.push(reason);
    let readings: Vec<Reading> = match piece.format {
        Format::Text => vec![Ok(text::text(&text))],
        Format::Html => vec![Ok(html::html(&text, piece.url.as_deref()))],
        Format::Markdown => vec![Ok(markdown::markdown(&text))],
        Format::Json | Format::Row => vec![json::record(&text, &mut note)],
        Format::Feed => feed::feed(&text, &mut lost),
        Format::Nitf => vec![nitf::nitf(&text, &mut lost)],
        Format::NewsMl => newsml::newsml(&text, &mut lost),
    };
    let several = readings.len() > 1;
    for (at, reading) in readings.into_iter().enumerate() {
        let origin =
            Origin { record: if several { Some(at as u64 + 1) } else { piece.origin.record }, ..piece.origin.clone() };
        sink(finish(reading, &origin, &piece, &charset));
    }
    for reason in left_out {
        sink(Found::Skipped(Notice { path: piece.origin.to_string(), reason }));
    }
}

/// Adds what every article has, or says why there is none.
fn finish(reading: Reading, origin: &Origin, piece: &Piece, charset: &str) -> Extracted {
    let path = origin.to_string();
    match reading {
        Err(reason) => Found::Skipped(Notice { path, reason }),
        Ok(article) if [&article.title, &article.lead, &article.body].iter().all(|part| part.trim().is_empty()) => {
            Found::Skipped(Notice { path, reason: "no article in it: neither title nor text".to_owned() })
        }
        Ok(mut article) => {
            if article.id.is_empty() {
                article.id = origin.article_id();
            }
            article.path = path;
            if article.lang.is_none() {
                let parts = [&article.title, &article.lead, &article.body];
                article.lang = Lang::by_script(parts.map(String::as_str));
            }
            if article.url.is_none() {
                article.url.clone_from(&piece.url);
            }
            charset.clone_into(&mut article.charset);
            if article.format.is_empty() {
                piece.format.name().clone_into(&mut article.format);
            }
            compose(&mut article);
            Found::One(Box::new(article))
        }
    }
}

/// Holds what [`Article`] promises of its text: references and escapes can bring in what the bytes had not.
fn compose(article: &mut Article) {
    let Article { id, title, lead, body, captions, source, byline, section, url, .. } = article;
    let fields = [id, title, lead, body].into_iter().chain(captions);
    for text in fields.chain([source, byline, section, url].into_iter().flatten()) {
        *text = clean(std::mem::take(text));
    }
}

/// A field of a record: trimmed and clean; `None` where nothing is left.
fn field(text: &str) -> Option<String> {
    let text = clean(text.trim());
    let text = text.trim();
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

/// A body of a record: paragraphs joined by a blank line, or by line feeds where it has no blank lines.
fn body(text: &str) -> String {
    clean(text).trim().to_owned()
}

/// Paragraphs of an HTML fragment, for fields that hold markup; plain text stays as it is.
fn plain(text: &str) -> String {
    if looks_like_markup(text) { html::fragment(text) } else { body(text) }
}

/// True where a field obviously is HTML: it has a tag that makes a paragraph or a line.
fn looks_like_markup(text: &str) -> bool {
    text.contains('<') && {
        let lower = text.to_ascii_lowercase();
        [
            "<p>", "<p ", "</p>", "<br", "<div", "<span", "<a href", "<img", "<strong", "<em>", "<ul", "<h2", "<h3",
            "<figure",
        ]
        .iter()
        .any(|tag| lower.contains(tag))
    }
}
