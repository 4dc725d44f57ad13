//! NewsML-G2 of the IPTC: an article for each news item that carries text.

use super::nitf::paragraphs;
use super::xml::Element;
use super::{Reading, field};
use crate::article::{Article, Lang};
use crate::ingest::byline::stated;
use crate::ingest::date::published;

pub fn newsml(text: &str, lost: &mut dyn FnMut(String)) -> Vec<Reading> {
    let root = match Element::parse(text, lost) {
        Ok(root) => root,
        Err(reason) => return vec![Err(reason)],
    };
    let items: Vec<Reading> = root.below("newsitem").into_iter().map(|item| Ok(article(item))).collect();
    if items.is_empty() { vec![Err("no news item in it".to_owned())] } else { items }
}

fn article(item: &Element) -> Article {
    let text_of = |local: &str| item.first(local).and_then(|element| field(&element.text()));
    let named = |local: &str| {
        let element = item.first(local)?;
        element.first("name").and_then(|name| field(&name.text())).or_else(|| field(element.attribute("literal")?))
    };
    let date = |local: &str| text_of(local).and_then(|date| published(&date));
    let content = item.first("contentset");
    let title = text_of("headline")
        .or_else(|| content.and_then(|content| field(&content.first("title")?.text())))
        .or_else(|| content.and_then(|content| field(&content.first("h1")?.text())));
    let body = content.map(|content| {
        let text = paragraphs(content);
        // plain text stands in inlineData
        if text.is_empty() { super::body(&content.raw_text()) } else { text }
    });
    Article {
        title: title.unwrap_or_default(),
        lead: item.below("description").iter().filter_map(|dek| field(&dek.text())).collect::<Vec<_>>().join("\n"),
        body: body.unwrap_or_default(),
        captions: item.below("figcaption").iter().filter_map(|caption| field(&caption.text())).collect(),
        lang: item.first("language").and_then(|language| Lang::from_tag(language.attribute("tag")?)),
        published: date("firstcreated").or_else(|| date("contentcreated")).or_else(|| date("versioncreated")),
        updated: date("contentmodified"),
        source: named("provider").or_else(|| named("copyrightholder")),
        byline: text_of("by").or_else(|| named("creator")).and_then(|name| stated(&name)),
        section: named("subject"),
        url: item
            .below("link")
            .into_iter()
            .filter_map(|link| link.attribute("href"))
            .find(|url| url.contains("://"))
            .and_then(field),
        ..Article::default()
    }
}
