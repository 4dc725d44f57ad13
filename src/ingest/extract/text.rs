//! A page as a person saved or pasted it: menus, headline, deks, captions, body, copyright line, menus.
//!
//! The body is the run of lines with the most sentences. The headline stands before it and often comes twice: in a
//! menu, or glued to the front of every caption. Between headline and body stand deks, dateline and byline. Text without
//! a trace of a page around it is taken as it is: nothing of it is lost.

use crate::article::{Article, Lang};
use crate::ingest::boilerplate::{LineKind, ends_sentence, kind, weight};
use crate::ingest::outlet::copyright_holder;
use crate::ingest::{byline, date};

struct Line {
    text: String,
    kind: LineKind,
    weight: usize,
    /// Behind a blank line.
    apart: bool,
    /// Says when the article was published, and is no sentence of it.
    dated: bool,
}

impl Line {
    fn is_sentence(&self) -> bool {
        self.kind == LineKind::Text
            && !self.dated
            && self.weight >= 8
            && (ends_sentence(&self.text) || self.weight >= 300)
    }
}

/// Reads a page of text.
pub fn text(text: &str) -> Article {
    let lines = lines(text);
    let story = if is_page(&lines) { page(&lines) } else { plain(&lines) };
    let lang = Lang::by_script([story.title.as_str(), story.lead.as_str(), story.body.as_str()]);
    Article { lang, ..story }
}

/// How far down the date of an article is looked for.
const HEAD: usize = 60;

fn is_dated(text: &str) -> bool {
    let found = date::dateline([text]);
    found.published.is_some() || found.updated.is_some()
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut apart = false;
    for raw in text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{0B}', '\u{0C}', '\u{85}']) {
        let text: String = raw.chars().map(|ch| if ch.is_control() && ch != '\t' { ' ' } else { ch }).collect();
        let text = text.trim_matches(|ch: char| ch.is_whitespace() || matches!(ch, '\u{FEFF}' | '\u{200B}'));
        if text.is_empty() {
            apart = true;
            continue;
        }
        lines.push(Line {
            kind: kind(text),
            weight: weight(text),
            apart: apart || lines.is_empty(),
            dated: lines.len() < HEAD && weight(text) < 120 && is_dated(text),
            text: text.to_owned(),
        });
        apart = false;
    }
    lines
}

/// Whether there is anything of a page around the text.
fn is_page(lines: &[Line]) -> bool {
    let chrome = lines.iter().filter(|line| matches!(line.kind, LineKind::Chrome | LineKind::Others)).count();
    let copyright = lines.iter().any(|line| line.kind == LineKind::Copyright);
    let dated = lines.iter().any(|line| line.dated);
    let sentences = lines.iter().any(|line| line.is_sentence() && line.weight >= 40);
    sentences && (copyright || dated || chrome >= 2)
}

/// Nothing but a story: a short first line that stands apart is its headline.
fn plain(lines: &[Line]) -> Article {
    let titled = match lines {
        [first, second, ..] => {
            second.apart
                && first.weight <= 130
                && !first.text.ends_with(['.', '。', ','])
                && first.text.chars().count() <= 140
        }
        _ => false,
    };
    let (title, rest) = if titled { (lines[0].text.clone(), &lines[1..]) } else { (String::new(), lines) };
    Article { title, body: join(rest.iter().map(|line| (line.text.as_str(), line.apart))), ..Article::default() }
}

fn page(lines: &[Line]) -> Article {
    let (mut start, mut end) = densest(lines);
    let title = headline(lines, start);
    let is_title = |line: &Line| title.is_some_and(|title| lines[title].text == line.text);
    let title_text = title.map_or("", |at| lines[at].text.as_str());
    let headline_at = title.map(|first| (first..start).rev().find(|at| is_title(&lines[*at])).unwrap_or(first));
    // marks of speakers and the like open the body: `[앵커]`
    while start > 0
        && lines[start - 1].kind == LineKind::Text
        && lines[start - 1].text.starts_with(['[', '<', '【'])
        && !lines[start - 1].dated
        && Some(start - 1) != headline_at
    {
        start -= 1;
    }
    let rest = lines[end..].iter().take_while(|line| line.kind == LineKind::Text).count();
    if rest <= 3 {
        end += rest;
    }

    let mut article = Article { title: title_text.to_owned(), ..Article::default() };
    let between = headline_at.map_or(start..start, |at| at + 1..start.max(at + 1));
    let mut deks: Vec<&str> = Vec::new();
    for line in &lines[between.clone()] {
        let dated = date::dateline([line.text.as_str()]);
        let is_dek = line.kind == LineKind::Text
            && line.weight >= 30
            && dated == date::Dateline::default()
            && byline::byline(&line.text).is_none()
            && !deks.contains(&line.text.as_str());
        if is_dek && glued_caption(&line.text, title_text).is_none() {
            deks.push(&line.text);
        }
    }
    article.lead = deks.join("\n");

    let mut body: Vec<(&str, bool)> = Vec::new();
    let mut apart = true;
    for (at, line) in lines.iter().enumerate().take(end).skip(between.start.min(start)) {
        let inside = at >= start;
        if let Some(caption) = glued_caption(&line.text, title_text) {
            push_caption(&mut article.captions, caption);
        } else if line.kind == LineKind::Credit {
            push_caption(&mut article.captions, &line.text);
        } else if inside {
            apart |= line.apart;
            let again = line.weight >= 40 && body.iter().rev().take(40).any(|(text, _)| *text == line.text);
            if line.kind == LineKind::Text && !again && !is_title(line) {
                body.push((&line.text, std::mem::take(&mut apart)));
            }
            continue;
        }
        apart = true;
    }
    article.body = join(body.iter().copied());

    let near = headline_at.map_or(start.saturating_sub(12), |at| at.saturating_sub(3));
    let dateline = date::dateline(lines[near..start].iter().map(|line| line.text.as_str()));
    let behind = date::dateline(lines[end..(end + 6).min(lines.len())].iter().map(|line| line.text.as_str()));
    article.published = dateline.published.or(behind.published);
    article.updated = dateline.updated.or(behind.updated);
    article.source = lines[start..].iter().find_map(|line| copyright_holder(&line.text));
    let signed = lines[start..(end + 3).min(lines.len())].iter().filter(|line| line.kind == LineKind::Signature);
    article.byline = lines[near..start]
        .iter()
        .filter(|line| line.weight < 200)
        .find_map(|line| byline::byline(&line.text))
        .or_else(|| signed.rev().find_map(|line| byline::byline(&line.text)))
        .or_else(|| body.first().and_then(|(text, _)| byline::byline(&text.chars().take(60).collect::<String>())));
    article
}

/// The run of lines in which sentences outweigh everything else the most.
fn densest(lines: &[Line]) -> (usize, usize) {
    let (mut best, mut best_sum) = ((0, 0), 0i64);
    let (mut from, mut sum) = (0, 0i64);
    for (at, line) in lines.iter().enumerate() {
        if sum <= 0 {
            (from, sum) = (at, 0);
        }
        sum += match line.kind {
            // what stands before the date is the head of the page, unless it is a story already
            LineKind::Text if line.dated && sum < 400 => -400,
            LineKind::Text if line.is_sentence() => line.weight as i64,
            LineKind::Text => -10,
            LineKind::Credit => -5,
            LineKind::Chrome => -40,
            LineKind::Signature => -60,
            LineKind::Others => -400,
            LineKind::Copyright => -800,
        };
        if sum > best_sum {
            (best, best_sum) = ((from, at + 1), sum);
        }
    }
    best
}

/// The headline: the line that later lines begin with, or that comes twice, or the last one before the dateline.
fn headline(lines: &[Line], start: usize) -> Option<usize> {
    let fits = |at: &usize| {
        let line = &lines[*at];
        line.kind == LineKind::Text
            && line.weight >= 16
            && line.weight <= 300
            && byline::byline(&line.text).is_none_or(|_| line.weight > 60)
    };
    let dated = |at: usize| lines[at].dated;
    let before: Vec<usize> = (0..start.min(400)).filter(fits).filter(|at| !dated(*at)).collect();
    let glued = before.iter().find(|at| {
        let title = &lines[**at].text;
        lines[**at + 1..].iter().any(|line| glued_caption(&line.text, title).is_some())
    });
    let twice = || {
        before.iter().find(|at| {
            lines[**at].weight >= 24 && lines[**at + 1..start].iter().any(|line| line.text == lines[**at].text)
        })
    };
    let above_dateline = || {
        let dateline = (0..start).rev().find(|at| dated(*at))?;
        before.iter().rev().find(|at| **at < dateline && lines[**at].weight >= 24 && dateline - **at <= 8)
    };
    // the first line of the block of lines above the body, so that deks stay deks
    let first = || before.iter().find(|at| lines[**at].weight >= 24);
    glued.or_else(twice).or_else(above_dateline).or_else(first).copied()
}

/// What follows the headline in a line that begins with it.
fn glued_caption<'a>(line: &'a str, title: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(title)?;
    let caption = rest.trim();
    (weight(title) >= 24 && rest.starts_with(char::is_whitespace) && weight(caption) >= 12).then_some(caption)
}

fn push_caption(captions: &mut Vec<String>, caption: &str) {
    if !captions.iter().any(|known| known == caption) {
        captions.push(caption.to_owned());
    }
}

fn join<'a>(lines: impl Iterator<Item = (&'a str, bool)>) -> String {
    let mut joined = String::new();
    for (line, apart) in lines {
        if !joined.is_empty() {
            joined.push_str(if apart { "\n\n" } else { "\n" });
        }
        joined.push_str(line);
    }
    joined
}
