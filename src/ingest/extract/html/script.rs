//! Articles that exist only in a script: state of a content system, or a stream of a rendering framework.
//!
//! Every JSON value assigned or passed in a script is read; inside, the article is the list or the string that holds
//! the most sentences. Strings that hold JSON, or rows of JSON, are read again, to a small depth.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::dom::{Dom, plain};
use crate::article::Published;
use crate::ingest::boilerplate::{ends_sentence, weight};
use crate::ingest::date;

/// The best text found: its parts are paragraphs or pieces of HTML.
#[derive(Default)]
pub(super) struct Found {
    pub parts: Vec<String>,
    pub captions: Vec<String>,
    pub size: usize,
}

/// Bytes of script read at the most; pages carry megabytes of code.
const ENOUGH: usize = 8 << 20;

pub(super) fn article(dom: &Dom) -> Found {
    let mut best = Found::default();
    let mut stream = String::new();
    let mut read = 0;
    for script in dom.elements("script") {
        let raw = dom.raw(script);
        read += raw.len();
        if read > ENOUGH {
            break;
        }
        if raw.len() < 200 {
            continue;
        }
        for value in values(&raw) {
            // a rendering framework sends its stream in pieces, `[1, "…"]`
            match &value {
                Value::Array(items) if items.len() == 2 && items[0].is_number() => {
                    if let Some(piece) = items[1].as_str() {
                        stream.push_str(piece);
                        continue;
                    }
                }
                _ => {}
            }
            walk(&value, &mut best, 0);
        }
    }
    if !stream.is_empty() {
        rows(&stream, &mut best);
    }
    best
}

static DATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)"(?P<key>\w*(?:publish|deploy|display|regist|reg_?d|issue|first_?pub)\w*)\\{0,3}"\s*:\s*\\{0,3}"(?P<date>[^"\\]{8,40})"#)
        .expect("fixed pattern")
});

/// The date of publication in the script that holds the headline, the nearest one to it.
pub(super) fn published(dom: &Dom, title: &str) -> Option<Published> {
    let start: String = title.chars().filter(|ch| ch.is_alphanumeric() || *ch == ' ').take(14).collect();
    let start = start.split(' ').max_by_key(|word| word.len())?;
    let mut best: Option<(usize, Published)> = None;
    for script in dom.elements("script") {
        let raw = dom.raw(script);
        let Some(at) = raw.find(start).filter(|_| raw.len() < ENOUGH) else { continue };
        for found in DATES.captures_iter(&raw).take(200) {
            let (Some(whole), Some(at_date)) = (found.get(0), date::published(&found["date"])) else { continue };
            let distance = whole.start().abs_diff(at);
            if best.is_none_or(|(nearest, _)| distance < nearest) {
                best = Some((distance, at_date));
            }
        }
    }
    best.map(|(_, at)| at)
}

/// JSON values behind `=`, `(` or `:` and at the start of a script.
fn values(raw: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let bytes = raw.as_bytes();
    let (mut at, mut budget) = (0, 4 * raw.len());
    let mut before = b'=';
    while at < bytes.len() {
        let byte = bytes[at];
        if matches!(byte, b'{' | b'[') && matches!(before, b'=' | b'(' | b',' | b';') && budget > 0 {
            let mut values = serde_json::Deserializer::from_str(&raw[at..]).into_iter::<Value>();
            let read = values.next();
            let length = values.byte_offset();
            match read {
                Some(Ok(value)) if length > 1 => {
                    found.push(value);
                    at += length;
                    before = b'}';
                    continue;
                }
                // what was looked at in vain counts, so that hostile scripts stay linear
                _ => budget = budget.saturating_sub(256),
            }
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
        at += 1;
    }
    found
}

/// Rows `id:JSON` and `id:Tlength,text` of a stream.
fn rows(stream: &str, best: &mut Found) {
    let mut rest = stream;
    while let Some((id, after)) = rest.split_once(':') {
        let id = id.trim_start();
        if id.len() > 8 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            match rest.split_once('\n') {
                Some((_, next)) => rest = next,
                None => break,
            }
            continue;
        }
        if let Some((length, text)) = after.strip_prefix('T').and_then(|text| text.split_once(','))
            && let Ok(length) = usize::from_str_radix(length, 16)
        {
            let end = (0..=length.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            consider(vec![text[..end].to_owned()], best);
            rest = &text[end..];
            continue;
        }
        let (row, next) = after.split_once('\n').unwrap_or((after, ""));
        if let Ok(value) = serde_json::from_str::<Value>(row.trim_start_matches(['I', 'H', 'L'])) {
            walk(&value, best, 0);
        }
        rest = next;
    }
}

fn walk(value: &Value, best: &mut Found, depth: usize) {
    match value {
        Value::String(text) => {
            if depth < 100
                && text.len() > 400
                && text.starts_with(['{', '['])
                && let Ok(inner) = serde_json::from_str::<Value>(text)
            {
                walk(&inner, best, depth + 40);
                return;
            }
            if text.len() > 200 {
                consider(vec![text.clone()], best);
            }
        }
        Value::Array(items) => {
            // elements of one article: objects with text under the same name
            for name in ["content", "text", "value", "paragraph", "html"] {
                let is_text = |item: &Value| {
                    item.get("type").and_then(Value::as_str).is_none_or(|kind| {
                        matches!(
                            kind.to_ascii_lowercase().as_str(),
                            "text"
                                | "paragraph"
                                | "p"
                                | "header"
                                | "heading"
                                | "raw_html"
                                | "html"
                                | "blockquote"
                                | "subtitle"
                        )
                    })
                };
                let parts: Vec<String> = items
                    .iter()
                    .filter(|item| is_text(item))
                    .filter_map(|item| item.get(name).and_then(Value::as_str).map(str::to_owned))
                    .collect();
                if parts.len() >= 2 && consider(parts, best) {
                    best.captions = items
                        .iter()
                        .filter_map(|item| item.get("caption").and_then(Value::as_str))
                        .map(plain)
                        .filter(|caption| !caption.is_empty())
                        .collect();
                }
            }
            let strings: Vec<String> = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
            if strings.len() >= 3 && strings.len() * 10 >= items.len() * 8 {
                consider(strings, best);
            }
            items.iter().for_each(|item| walk(item, best, depth + 1));
        }
        Value::Object(fields) => fields.values().for_each(|item| walk(item, best, depth + 1)),
        _ => {}
    }
}

/// Keeps these parts if they hold more sentences than the best so far.
fn consider(parts: Vec<String>, best: &mut Found) -> bool {
    if parts.iter().map(String::len).sum::<usize>() < 200 {
        return false;
    }
    let size: usize = parts
        .iter()
        .flat_map(|part| part.split("</p>").flat_map(|part| part.split("<br")).flat_map(str::lines).collect::<Vec<_>>())
        .filter(|line| line.len() < 6000 && line.contains(' '))
        .map(plain)
        .filter(|line| ends_sentence(line) && !looks_like_code(line))
        .map(|line| weight(&line))
        .sum();
    // an article in one piece and the same in many are about equal: the first one wins, unless clearly shorter
    let better = size > 160 && size * 20 > best.size * 21;
    if better {
        *best = Found { parts, captions: Vec::new(), size };
    }
    better
}

fn looks_like_code(line: &str) -> bool {
    let odd = line.chars().filter(|ch| matches!(ch, '{' | '}' | ';' | '=' | '<' | '>' | '_' | '\\' | '|')).count();
    odd * 25 > line.chars().count()
        || line.contains("function(")
        || line.contains("://") && line.split_whitespace().count() < 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_in_scripts() {
        let sentence = "강가의 새 다리가 오늘 아침 문을 열었고 마을 사람들은 삼 년 만에 걸어서 시장에 갔다고 말했다.";
        let table = [
            format!(
                r#"window.state={{"content_elements":[{{"type":"text","content":"{sentence}"}},{{"type":"image","caption":"새 다리"}},{{"type":"text","content":"{sentence} 끝까지."}}]}};"#
            ),
            format!(
                r#"self.__f.push([1,"1a:[\"$\",{{\"body\":\"<p>{sentence}</p><p>{sentence} 또 이었다.</p>\"}}]\n"])"#
            ),
        ];
        for script in table {
            let dom = Dom::parse(&format!("<script>{script}</script>"));
            let found = article(&dom);
            assert!(found.parts.concat().contains(sentence), "{script}");
        }
    }
}
