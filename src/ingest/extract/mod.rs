//! Pieces into articles, one file per format.

pub mod html;
pub mod text;

use serde::Deserialize;

use super::{Extracted, Found, Limits, Notice, Piece};
use crate::article::{Article, Lang};

#[derive(Deserialize)]
struct Fields {
    id: Option<String>,
    title: Option<String>,
    body: Option<String>,
    lang: Option<String>,
}

/// The articles of a piece.
pub fn extract(piece: Piece, _limits: &Limits, sink: &mut dyn FnMut(Extracted)) {
    match serde_json::from_slice::<Fields>(&piece.bytes) {
        Ok(fields) => {
            let (title, body) = (fields.title.unwrap_or_default(), fields.body.unwrap_or_default());
            let lang = fields.lang.as_deref().and_then(Lang::from_tag);
            sink(Found::One(Box::new(Article {
                id: fields.id.unwrap_or_else(|| piece.origin.article_id()),
                path: piece.origin.to_string(),
                lang: lang.or_else(|| Lang::by_script([&*title, &*body])),
                title,
                body,
                charset: "utf-8".to_owned(),
                format: piece.format.name().to_owned(),
                ..Article::default()
            })));
        }
        Err(error) => sink(Found::Skipped(Notice { path: piece.origin.to_string(), reason: error.to_string() })),
    }
}
