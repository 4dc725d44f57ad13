//! RSS (0.9x, 1.0, 2.0) and Atom: an article for each item.

use super::xml::Element;
use super::{Reading, field, plain};
use crate::article::{Article, Lang};
use crate::ingest::date::published;
use crate::ingest::outlet::outlet;

/// The articles of a feed, in its order.
pub fn feed(text: &str, lost: &mut dyn FnMut(String)) -> Vec<Reading> {
    let root = match Element::parse(text, lost) {
        Ok(root) => root,
        Err(reason) => return vec![Err(reason)],
    };
    let channel = root.first("channel").or_else(|| root.first("feed")).unwrap_or(&root);
    let source = channel.child("title").and_then(|title| field(&title.text())).map(|title| outlet(&title));
    let lang = channel
        .child("language")
        .map(Element::text)
        .or_else(|| root.first("feed")?.attribute("lang").map(str::to_owned));
    let lang = lang.and_then(|tag| Lang::from_tag(&tag));
    let items = [root.below("item"), root.below("entry")].concat();
    if items.is_empty() {
        return vec![Err("a feed without items".to_owned())];
    }
    items.into_iter().map(|item| Ok(article(item, source.as_deref(), lang))).collect()
}

fn article(item: &Element, source: Option<&str>, lang: Option<Lang>) -> Article {
    let text = |names: &[&str]| names.iter().find_map(|name| item.child(name).and_then(|child| field(&child.text())));
    let markup = |names: &[&str]| {
        names.iter().find_map(|name| {
            let child = item.child(name)?;
            // Atom's xhtml content is elements, all other content is text that may hold markup
            let raw = if child.elements().next().is_some() { child.inner_markup() } else { child.raw_text() };
            field(&plain(&raw))
        })
    };
    let whole = markup(&["content:encoded", "content", "body", "xhtml:body"]);
    let short = markup(&["description", "summary"]);
    let (lead, body) = match (short, whole) {
        (Some(short), Some(whole)) if !starts_alike(&whole, &short) => (short, whole),
        (_, Some(whole)) => (String::new(), whole),
        (short, None) => (String::new(), short.unwrap_or_default()),
    };
    let date = |names: &[&str]| names.iter().find_map(|name| published(&item.child(name)?.text()));
    Article {
        title: text(&["title"]).map(|title| plain(&title).replace('\n', " ")).unwrap_or_default(),
        lead,
        body,
        lang,
        published: date(&["pubdate", "published", "dc:date", "issued", "updated"]),
        updated: date(&["updated", "modified", "atom:updated"]),
        source: text(&["source", "dc:publisher"]).or_else(|| source.map(str::to_owned)),
        byline: author(item),
        section: text(&["category", "dc:subject"]).or_else(|| field(item.child("category")?.attribute("term")?)),
        url: text(&["link"]).or_else(|| link(item)),
        ..Article::default()
    }
}

/// True where a description only repeats how the content begins.
fn starts_alike(whole: &str, short: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|ch| ch.is_alphanumeric()).take(60).collect::<String>();
    let short = letters(short);
    !short.is_empty() && letters(whole).starts_with(&short)
}

fn author(item: &Element) -> Option<String> {
    let author = item.child("dc:creator").or_else(|| item.child("author"))?;
    let name = author.child("name").unwrap_or(author).text();
    // RSS has an address with the name in brackets
    let name = name
        .split_once('(')
        .filter(|(mail, _)| mail.contains('@'))
        .map_or(&*name, |(_, name)| name.trim_end_matches(')'));
    crate::ingest::byline::stated(name)
}

fn link(item: &Element) -> Option<String> {
    let links = item.elements().filter(|child| child.local() == "link");
    let mut links = links.filter(|link| link.attribute("rel").is_none_or(|rel| rel == "alternate"));
    links.find_map(|link| field(link.attribute("href")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rss_and_atom() {
        let rss = "<rss><channel><title>달무리일보</title><language>ko</language><item><title>제목 &amp;amp; 글</title>\
            <link>https://dalmuri.example/1</link><description>요약</description><category>정치</category>\
            <content:encoded><![CDATA[<p>첫 문단.</p><p>둘째 문단.</p>]]></content:encoded>\
            <dc:creator>서리온 기자</dc:creator><pubDate>Fri, 03 Nov 2023 09:12:00 +0900</pubDate></item></channel></rss>";
        let article = feed(rss, &mut |_| {}).remove(0).unwrap();
        assert_eq!((article.title.as_str(), article.lead.as_str()), ("제목 &amp; 글", "요약"));
        assert_eq!(article.body, "첫 문단.\n\n둘째 문단.");
        assert_eq!(article.published.unwrap().to_string(), "2023-11-03T09:12:00+09:00");
        assert_eq!(article.source.as_deref(), Some("달무리일보"));
        assert_eq!(article.section.as_deref(), Some("정치"));

        let atom = "<feed xml:lang='en'><title>Harbor Ledger</title><entry><title>A</title><link href='https://h.example/1'/>\
            <updated>2024-01-05T00:12:00Z</updated><author><name>Nora Pell</name></author>\
            <content type='xhtml'><div><p>One.</p><p>Two.</p></div></content></entry></feed>";
        let article = feed(atom, &mut |_| {}).remove(0).unwrap();
        assert_eq!((article.body.as_str(), article.url.as_deref()), ("One.\n\nTwo.", Some("https://h.example/1")));
        assert_eq!(article.byline.as_deref(), Some("Nora Pell"));
    }
}
