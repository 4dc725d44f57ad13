//! Markdown with front matter: the text without its marks, links as their words, pictures as captions.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{body, field};
use crate::article::{Article, Lang};
use crate::ingest::byline::stated;
use crate::ingest::date::published;

pub fn markdown(text: &str) -> Article {
    let (front, rest) = front_matter(text);
    let of = |names: &[&str]| {
        names.iter().find_map(|name| front.iter().find(|(key, _)| key == name).and_then(|(_, value)| field(value)))
    };
    let mut page = Page::read(rest);
    let title = of(&["title", "headline"]).unwrap_or_else(|| page.heading.take().unwrap_or_default());
    if let Some(heading) = page.heading.take().filter(|heading| *heading != title) {
        page.paragraphs.insert(0, heading);
    }
    Article {
        id: of(&["id"]).unwrap_or_default(),
        title,
        lead: of(&["lead", "summary", "description", "subtitle"]).unwrap_or_default(),
        body: body(&page.paragraphs.join("\n\n")),
        captions: page.captions.iter().filter_map(|caption| field(caption)).collect(),
        lang: of(&["lang", "language"]).and_then(|tag| Lang::from_tag(&tag)),
        published: of(&["date", "published", "published_at"]).and_then(|date| published(&date)),
        updated: of(&["updated", "modified", "lastmod"]).and_then(|date| published(&date)),
        source: of(&["source", "outlet", "publisher"]),
        byline: of(&["byline", "author", "authors"]).and_then(|name| stated(&name)),
        section: of(&["section", "category", "categories"]),
        url: of(&["url", "link", "canonical"]),
        ..Article::default()
    }
}

/// The `key: value` lines between two lines of dashes, and the text after them. A list gives its entries joined.
fn front_matter(text: &str) -> (Vec<(String, String)>, &str) {
    let Some(rest) = text.strip_prefix("---\n") else { return (Vec::new(), text) };
    let end = rest
        .find("\n---\n")
        .map(|at| (at + 1, at + 5))
        .or_else(|| rest.strip_suffix("\n---").map(|r| (r.len(), rest.len())));
    let Some((end, after)) = end else { return (Vec::new(), text) };
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in rest[..end].lines() {
        if let Some(entry) = line.trim_start().strip_prefix("- ") {
            if let Some((_, value)) = fields.last_mut() {
                let separator = if value.is_empty() { "" } else { ", " };
                *value += &format!("{separator}{}", unquoted(entry));
            }
        } else if line.starts_with([' ', '\t']) {
            // a folded value goes on
            if let Some((_, value)) = fields.last_mut() {
                *value = format!("{} {}", value.trim_start_matches(['>', '|', '-']).trim(), line.trim());
            }
        } else if let Some((key, value)) = line.split_once(':')
            && !line.starts_with('#')
        {
            let list = value.trim().strip_prefix('[').and_then(|value| value.strip_suffix(']'));
            let value = match list {
                Some(list) => list.split(',').map(unquoted).collect::<Vec<_>>().join(", "),
                None => unquoted(value),
            };
            fields.push((key.trim().to_lowercase(), value));
        }
    }
    (fields, &rest[after.min(rest.len())..])
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote)) {
            return inner.replace("\\\"", "\"").replace("''", "'");
        }
    }
    value.to_owned()
}

/// The blocks of a page.
#[derive(Default)]
struct Page {
    /// The first heading of the first level.
    heading: Option<String>,
    paragraphs: Vec<String>,
    captions: Vec<String>,
}

impl Page {
    fn read(text: &str) -> Page {
        let mut page = Page::default();
        let mut current = String::new();
        let mut caption: Option<String> = None;
        let mut html = String::new();
        for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Start(Tag::Image { .. }) => caption = Some(String::new()),
                Event::End(TagEnd::Image) => page.captions.extend(caption.take()),
                Event::Text(text) | Event::Code(text) => caption.as_mut().unwrap_or(&mut current).push_str(&text),
                Event::SoftBreak | Event::HardBreak => caption.as_mut().unwrap_or(&mut current).push('\n'),
                Event::Html(markup) => html.push_str(&markup),
                Event::End(TagEnd::HtmlBlock) => {
                    page.push(super::html::fragment(&std::mem::take(&mut html)));
                }
                Event::End(TagEnd::Heading(level)) => {
                    let heading = std::mem::take(&mut current);
                    let first = level == pulldown_cmark::HeadingLevel::H1
                        && page.heading.is_none()
                        && page.paragraphs.is_empty();
                    if first {
                        page.heading = field(&heading);
                    } else {
                        page.push(heading);
                    }
                }
                Event::End(TagEnd::TableCell) => current.push('\t'),
                Event::Start(Tag::Item | Tag::List(_))
                | Event::End(
                    TagEnd::Paragraph
                    | TagEnd::Item
                    | TagEnd::CodeBlock
                    | TagEnd::BlockQuote(_)
                    | TagEnd::TableRow
                    | TagEnd::TableHead,
                ) => page.push(std::mem::take(&mut current)),
                _ => {}
            }
        }
        page.push(current);
        page
    }

    fn push(&mut self, block: String) {
        self.paragraphs.extend(field(&block));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_and_marks() {
        let article = markdown(
            "---\ntitle: \"포괄적: 조약\"\ndate: 2023-11-02\nauthor: [서리온 기자]\nsection: 국제\n# note: no\n---\n\
             # 포괄적: 조약\n\n**러시아**가 [조약](https://a.example)에서 *탈퇴*했다.\n둘째 줄.\n\n![사진 설명](a.jpg)\n\n- 하나\n- 둘\n\n> 인용\n",
        );
        assert_eq!(article.title, "포괄적: 조약");
        assert_eq!(article.body, "러시아가 조약에서 탈퇴했다.\n둘째 줄.\n\n하나\n\n둘\n\n인용");
        assert_eq!(article.captions, ["사진 설명"]);
        assert_eq!(article.section.as_deref(), Some("국제"));
        assert_eq!(article.published.unwrap().to_string(), "2023-11-02");
    }

    #[test]
    fn without_front_matter() {
        let article = markdown("# Title\n\nText.\n\n## Part\n\nMore.");
        assert_eq!((article.title.as_str(), article.body.as_str()), ("Title", "Text.\n\nPart\n\nMore."));
        let open = markdown("---\ntitle: never closed\n\ntext");
        assert!(open.body.contains("text"));
    }
}
