//! An answer as one web page that needs nothing else: no script, no font, nothing fetched.
//!
//! Every text from an article is cleaned and escaped; an address is a link only where it leads to the web. The page's own
//! policy forbids whatever would still get through.

use std::io::{self, Write};

use crate::engine::{Answer, Facets, Hit, Keyword};
use crate::present::clean::one_line;
use crate::present::highlight::MarkKind;

const STYLE: &str = "\
:root{color-scheme:light dark}
body{font:16px/1.55 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;word-break:keep-all;\
overflow-wrap:anywhere}
h1{font-size:1.25rem;margin:0}h2{font-size:1.05rem;margin:0}h3{font-size:1rem;margin:1.5rem 0 .3rem}
article{margin:1.4rem 0}p{margin:.3rem 0}
.facts{color:#767676;font-size:.85rem}
mark{background:#ffe58a;color:#000}mark.translation{background:#bfe8c5}mark.hanja{background:#ffd0a8}
table{border-collapse:collapse;font-size:.9rem}td{padding:.1rem .6rem .1rem 0;vertical-align:middle}
td.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{background:#4a90c2;height:.7rem;min-width:1px}td.bars{width:20rem}";

/// Prints the page.
pub fn answer(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    let query = escaped(&answer.query);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{query}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<h1>{query}</h1>"
    )?;
    writeln!(out, "<p class=\"facts\">{} of {} articles</p>", answer.total, answer.index.articles)?;
    for remark in &answer.remarks {
        writeln!(out, "<p class=\"facts\">{}</p>", escaped(remark))?;
    }
    for it in &answer.corrections {
        let (from, to, reason) = (escaped(&it.from), escaped(&it.to), escaped(&it.reason));
        writeln!(out, "<p class=\"facts\">read “{from}” as “{to}” ({reason})</p>")?;
    }
    if !answer.expansions.is_empty() {
        let said: Vec<String> =
            answer.expansions.iter().map(|it| format!("{} → {}", escaped(&it.term), escaped(&it.to))).collect();
        writeln!(out, "<p class=\"facts\">also searched: {}</p>", said.join("; "))?;
    }
    answer.hits.iter().try_for_each(|hit| print_hit(hit, out))?;
    print_facets(&answer.facets, out)?;
    print_keywords(&answer.keywords, out)?;
    writeln!(out, "</body>\n</html>")
}

fn print_hit(hit: &Hit, out: &mut impl Write) -> io::Result<()> {
    let lang = hit.lang.map_or(String::new(), |lang| format!(" lang=\"{lang}\""));
    let title = if hit.title.is_empty() {
        "(no title)".to_owned()
    } else {
        marked(&hit.title, &hit.title_highlights, &hit.title_kinds)
    };
    let title = match hit.url.as_deref().filter(|url| leads_to_the_web(url)) {
        Some(url) => format!("<a href=\"{}\" rel=\"noreferrer\">{title}</a>", escaped(url)),
        None => title,
    };
    writeln!(out, "<article{lang}>\n<h2>{}. {title}</h2>", hit.rank)?;
    let facts: Vec<String> =
        [hit.source.as_deref(), hit.published.as_deref(), hit.byline.as_deref(), Some(hit.path.as_str())]
            .into_iter()
            .flatten()
            .map(escaped)
            .collect();
    writeln!(out, "<p class=\"facts\">{}</p>", facts.join(" · "))?;
    for snippet in &hit.snippets {
        writeln!(out, "<p>{}</p>", marked(&snippet.text, &snippet.highlights, &snippet.kinds))?;
    }
    if hit.copies > 0 {
        let outlets: Vec<String> = hit.spread.outlets.iter().map(|outlet| escaped(outlet)).collect();
        let copies = if hit.copies == 1 { "copy" } else { "copies" };
        writeln!(out, "<p class=\"facts\">+{} {copies} {}</p>", hit.copies, outlets.join(", "))?;
    }
    writeln!(out, "</article>")
}

fn print_facets(facets: &Facets, out: &mut impl Write) -> io::Result<()> {
    for (facet, counts) in &facets.0 {
        writeln!(out, "<h3>by {facet}</h3>\n<table>")?;
        let most = counts.iter().map(|count| count.count).max().unwrap_or(0).max(1);
        for count in counts {
            let value = escaped(count.value.as_deref().unwrap_or("(not said)"));
            let share = count.count as f64 * 100.0 / most as f64;
            writeln!(
                out,
                "<tr><td>{value}</td><td class=\"n\">{}</td><td class=\"bars\"><div class=\"bar\" style=\"width:{share:.1}%\"></div></td></tr>",
                count.count
            )?;
        }
        writeln!(out, "</table>")?;
    }
    Ok(())
}

fn print_keywords(keywords: &[Keyword], out: &mut impl Write) -> io::Result<()> {
    if keywords.is_empty() {
        return Ok(());
    }
    let words: Vec<String> =
        keywords.iter().map(|it| format!("{} ({} of {})", escaped(&it.word), it.articles, it.of)).collect();
    writeln!(out, "<h3>keywords</h3>\n<p>{}</p>", words.join(", "))
}

/// True for addresses that a browser fetches from the web, and nothing that it would run.
fn leads_to_the_web(url: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

/// `text` with its marks, escaped.
fn marked(text: &str, spans: &[[usize; 2]], kinds: &[MarkKind]) -> String {
    let chars: Vec<char> = text.chars().collect();
    let piece = |from: usize, to: usize| escaped(&chars[from..to].iter().collect::<String>());
    let mut out = String::new();
    let mut at = 0;
    for (number, &[from, to]) in spans.iter().enumerate() {
        let (from, to) = (from.clamp(at, chars.len()), to.clamp(at, chars.len()));
        let class = match kinds.get(number) {
            Some(MarkKind::Translation) => " class=\"translation\"",
            Some(MarkKind::Hanja) => " class=\"hanja\"",
            _ => "",
        };
        out += &piece(at, from);
        out += &format!("<mark{class}>{}</mark>", piece(from, to));
        at = to;
    }
    out + &piece(at, chars.len())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in one_line(text).chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            ch => out.push(ch),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_place() {
        let evil = "\"><script>alert('1')</script>&\u{1b}[2J\u{202e}";
        assert_eq!(escaped(evil), "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;\u{FFFD}[2J\u{FFFD}");
        for (url, safe) in [
            ("https://example.com/a?b=1&c", true),
            ("HTTP://example.com", true),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("//example.com", false),
            ("북", false),
        ] {
            assert_eq!(leads_to_the_web(url), safe, "{url}");
        }
    }

    #[test]
    fn marks_by_kind() {
        let kinds = [MarkKind::Word, MarkKind::Translation];
        assert_eq!(
            marked("a<북한> nuclear", &[[2, 4], [6, 13]], &kinds),
            "a&lt;<mark>북한</mark>&gt; <mark class=\"translation\">nuclear</mark>"
        );
        // spans of a broken index do no harm
        assert_eq!(marked("가", &[[5, 9], [0, 1]], &[]), "가<mark></mark><mark></mark>");
    }
}
