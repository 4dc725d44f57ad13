//! NITF, the News Industry Text Format of the IPTC (versions 3.x).

use super::xml::Element;
use super::{Reading, field};
use crate::article::Article;
use crate::ingest::byline::stated;
use crate::ingest::date::published;

pub fn nitf(text: &str, lost: &mut dyn FnMut(String)) -> Reading {
    let root = Element::parse(text, lost)?;
    let nitf = root.first("nitf").ok_or("no <nitf> in it")?;
    let text_of = |local: &str| nitf.first(local).and_then(|element| field(&element.text()));
    let attribute =
        |local: &str, name: &str| nitf.first(local).and_then(|element| element.attribute(name)).and_then(field);
    let meta = |name: &str| {
        let meta = nitf.below("meta").into_iter().find(|meta| meta.attribute("name") == Some(name))?;
        field(meta.attribute("content")?)
    };
    let content = nitf.first("body.content");
    let stated_dates =
        [attribute("date.release", "norm"), attribute("date.issue", "norm"), attribute("pubdata", "date.publication")];
    Ok(Article {
        title: text_of("hl1").or_else(|| text_of("title")).unwrap_or_default(),
        lead: nitf
            .below("hl2")
            .iter()
            .chain(&nitf.below("abstract"))
            .filter_map(|dek| field(&dek.text()))
            .collect::<Vec<_>>()
            .join("\n"),
        body: content.map(paragraphs).unwrap_or_default(),
        captions: nitf.below("media-caption").iter().filter_map(|caption| field(&caption.text())).collect(),
        published: stated_dates
            .iter()
            .flatten()
            .chain(&attribute("story.date", "norm"))
            .find_map(|date| published(date)),
        source: attribute("pubdata", "name")
            .or_else(|| attribute("doc.copyright", "holder"))
            .or_else(|| text_of("distributor")),
        byline: text_of("byline").and_then(|name| stated(&name)),
        section: attribute("pubdata", "position.section").or_else(|| meta("section")),
        url: attribute("pubdata", "ex-ref").filter(|url| url.contains("://")),
        ..Article::default()
    })
}

/// The paragraphs and headings below, but for captions.
pub fn paragraphs(content: &Element) -> String {
    let mut out: Vec<String> = Vec::new();
    collect(content, &mut out);
    out.join("\n\n")
}

fn collect(element: &Element, out: &mut Vec<String>) {
    for child in element.elements() {
        match child.local() {
            "media" | "figure" | "script" | "style" | "head" => {}
            "p" | "h2" | "h3" | "h4" | "hl2" | "li" | "blockquote" | "pre" if child.first("p").is_none() => {
                out.extend(field(&child.text()));
            }
            _ => collect(child, out),
        }
    }
}
