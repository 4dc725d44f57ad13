//! JSON-LD: the `NewsArticle` a page describes itself as, in all the shapes sites write it.
//!
//! Arrays, `@graph`, nested `mainEntity`, strings with raw line feeds, trailing commas, comments around the value: read
//! where the meaning is plain, passed over where it is not.

use serde_json::Value;

use super::dom::{Dom, plain};

#[derive(Default, Debug)]
pub(super) struct Linked {
    pub headline: Option<String>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub authors: Vec<String>,
    pub publisher: Option<String>,
    pub section: Option<String>,
    pub body: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
}

pub(super) fn linked(dom: &Dom) -> Linked {
    let mut found = Linked::default();
    for script in dom.elements("script") {
        let kind = dom.attribute(script, "type").unwrap_or("");
        if kind.to_ascii_lowercase().contains("ld+json") {
            let raw = dom.raw(script);
            if let Some(value) = tolerant(&raw) {
                read(&value, &mut found, 0);
            }
        }
    }
    found
}

/// Parses JSON; on failure once more without comments, control characters and trailing commas.
fn tolerant(raw: &str) -> Option<Value> {
    let raw = raw.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let raw =
        raw.trim_end_matches("-->").trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(raw) {
        return Some(value);
    }
    let mut mended = String::with_capacity(raw.len());
    let (mut quoted, mut escaped) = (false, false);
    for ch in raw.chars() {
        match ch {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        if ch.is_control() {
            mended.push(' ');
            continue;
        }
        if !quoted && matches!(ch, '}' | ']') {
            let kept = mended.trim_end().trim_end_matches(',').len();
            mended.truncate(kept);
        }
        mended.push(ch);
    }
    let mut values = serde_json::Deserializer::from_str(&mended).into_iter::<Value>();
    values.next()?.ok()
}

fn read(value: &Value, found: &mut Linked, depth: usize) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| read(item, found, depth + 1)),
        Value::Object(fields) if depth < 12 => {
            let is_article = fields.get("@type").is_some_and(|kind| {
                let names = |name: &str| {
                    let name = name.rsplit(['/', ':']).next().unwrap_or(name);
                    name.ends_with("Article") || matches!(name, "BlogPosting" | "Report" | "LiveBlogPosting" | "Review")
                };
                match kind {
                    Value::String(name) => names(name),
                    Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(names),
                    _ => false,
                }
            });
            if is_article {
                article(fields, found);
            }
            for (key, inner) in fields {
                if matches!(key.as_str(), "@graph" | "mainEntity" | "itemListElement" | "item" | "hasPart")
                    || (!is_article && key == "mainEntityOfPage")
                {
                    read(inner, found, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn article(fields: &serde_json::Map<String, Value>, found: &mut Linked) {
    let one = |name: &str| fields.get(name).and_then(text);
    // the first article of a page is the page's own
    let mut set = |slot: fn(&mut Linked) -> &mut Option<String>, value: Option<String>| {
        let slot = slot(found);
        if slot.is_none() {
            *slot = value;
        }
    };
    set(|found| &mut found.headline, one("headline").or_else(|| one("name")));
    set(|found| &mut found.published, one("datePublished").or_else(|| one("dateCreated")));
    set(|found| &mut found.updated, one("dateModified"));
    set(|found| &mut found.section, one("articleSection"));
    set(|found| &mut found.body, fields.get("articleBody").and_then(Value::as_str).map(str::to_owned));
    set(|found| &mut found.publisher, one("publisher").or_else(|| one("sourceOrganization")));
    set(|found| &mut found.url, one("url").or_else(|| fields.get("mainEntityOfPage").and_then(identifier)));
    set(|found| &mut found.language, one("inLanguage"));
    if found.authors.is_empty() {
        found.authors = match fields.get("author").or_else(|| fields.get("creator")) {
            Some(Value::Array(authors)) => authors.iter().filter_map(text).collect(),
            Some(author) => text(author).into_iter().collect(),
            None => Vec::new(),
        };
    }
}

/// A string, the name of a thing, or the first of several.
fn text(value: &Value) -> Option<String> {
    let found = match value {
        Value::String(text) => plain(text),
        Value::Object(fields) => return fields.get("name").and_then(text),
        Value::Array(values) => return values.iter().find_map(text),
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(url) => Some(url.clone()),
        Value::Object(fields) => {
            fields.get("@id").or_else(|| fields.get("url")).and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_json_ld() {
        let table = [
            r#"{"@type":"NewsArticle","headline":"강이 돌아왔다"}"#,
            r#"[{"@type":"WebSite","name":"x"},{"@type":["Thing","NewsArticle"],"headline":"강이 돌아왔다"}]"#,
            r#"{"@graph":[{"@type":"ReportageNewsArticle","headline":"강이 돌아왔다"}]}"#,
            "<!-- {\"@type\":\"NewsArticle\",\"headline\":\"강이\n돌아왔다\",} -->",
            r#"{"@type":"NewsArticle","headline":"강이 돌아왔다",};"#,
            r#"{"@type":"NewsArticle","headline":"강이 돌아왔다"} {"@type":"x"}"#,
        ];
        for json in table {
            let dom = Dom::parse(&format!("<script type='application/ld+json'>{json}</script>"));
            assert_eq!(linked(&dom).headline.as_deref(), Some("강이 돌아왔다"), "{json}");
        }
    }
}
