//! A saved news page into its article: the body by the density of its sentences, never by stripping tags.
//!
//! [`dom`] reads the page into a flat tree, [`lines`] into lines, [`content`] finds the element that holds the story;
//! [`script`] looks for stories that exist only in a script's JSON, [`meta`] and [`linked`] read what the page says of
//! itself. Words of the page decide, names of classes only help; no site is known by name. What a page does not say
//! stays empty.

mod content;
mod dom;
mod lines;
mod linked;
mod meta;
mod role;
mod script;
mod tags;

use crate::article::{Article, Lang, Published};
use crate::ingest::headline::{Names, headline};
use crate::ingest::outlet::{copyright_holder, is_portal};
use crate::ingest::{boilerplate, byline, date};

use content::{Roles, Story};
use dom::Dom;
use lines::{Line, lines};
use meta::Meta;

/// Reads one page; `url` is where it was fetched from, if that is known.
pub fn html(text: &str, url: Option<&str>) -> Article {
    let dom = Dom::parse(&tags::bounded(text));
    let meta = Meta::read(&dom);
    let lines = lines(&dom, 0);
    let roles = Roles::of(&dom, &lines);
    let container = content::container(&dom, &lines, &roles);
    let mut names = names(&meta, url);
    names.known.extend(lines.iter().rev().take(80).filter_map(|line| copyright_holder(&line.text)));
    let title = title(&dom, &meta, &lines, &names, container);
    let mut story = container.map(|id| content::story(&dom, &lines, &roles, id, &title)).unwrap_or_default();
    let mut in_script = None;
    if let Some(found) = elsewhere(&dom, &meta, &story, &title) {
        in_script = script::published(&dom, &title);
        story = Story {
            starts: story.starts,
            ends: story.ends,
            signatures: story.signatures,
            copyright: story.copyright,
            ..found
        };
    }
    let starts = if container.is_some() { story.starts } else { lines.len() };
    let mut lead = content::deks(&dom, &lines, &roles, starts, &title);
    lead.extend(story.lead.iter().filter(|line| !lead.contains(line)).cloned().collect::<Vec<_>>());
    let body = story.paragraphs.join("\n\n");
    // a teaser of the story beside its picture
    story.captions.retain(|caption| {
        let teaser = caption.trim_end_matches(['.', '…']);
        teaser.len() == caption.len() || teaser.chars().count() < 30 || !body.contains(teaser)
    });
    lead.retain(|line| !body.contains(line.as_str()));

    let dateline = page_date(&lines, &story, &title);
    let said = meta.published().filter_map(date::published).next();
    let said = said.map(|said| in_the_zone_of_the_page(said, dateline.published));
    let published = said.or(dateline.published).or_else(|| {
        let mut times = meta.times.iter().filter_map(|(_, said)| date::published(said));
        times.next().or(in_script).or_else(|| meta.url().or(url).and_then(date_in_url))
    });
    let updated = meta.updated().filter_map(date::published).next().or(dateline.updated);
    let source = outlet(&meta, &lines, &story);
    let article = Article {
        lang: Lang::by_script([title.as_str(), lead.join(" ").as_str(), body.as_str()])
            .or_else(|| meta.language.as_deref().and_then(Lang::from_tag)),
        byline: who(&meta, &lines, &story, source.as_deref()),
        section: meta.section().filter(|section| section.chars().count() <= 60).map(str::to_owned),
        url: meta.url().or(url).map(str::to_owned),
        title,
        lead: lead.join("\n"),
        body,
        captions: story.captions,
        published,
        updated,
        source,
        ..Article::default()
    };
    debug_assert!(!article.body.contains(|ch: char| ch.is_control() && ch != '\n' && ch != '\t'));
    article
}

/// The lines of a fragment of HTML as paragraphs, for fields of records that hold markup.
pub fn fragment(markup: &str) -> String {
    let dom = Dom::parse(&tags::bounded(&format!("<article>{markup}</article>")));
    let lines = lines(&dom, 0);
    lines.iter().map(|line| line.text.trim()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn names(meta: &Meta, url: Option<&str>) -> Names {
    let mut known: Vec<String> = meta.outlets().map(str::to_owned).collect();
    known.extend(meta.section().map(str::to_owned));
    if let Some(url) = meta.url().or(url) {
        let host = url.split("://").nth(1).unwrap_or(url).split(['/', '?']).next().unwrap_or("");
        let host = host.trim_start_matches("www.");
        known.push(host.to_owned());
        known.extend(host.split('.').filter(|label| label.len() > 3).map(str::to_owned));
    }
    Names { known }
}

/// The headline the page prints, if its metadata starts with it; else the metadata without its tails.
fn title(dom: &Dom, meta: &Meta, lines: &[Line], names: &Names, container: Option<usize>) -> String {
    let mut stated: Vec<&str> = meta.titles().collect();
    stated.extend(meta.page_title.as_deref());
    let generic = |title: &str| {
        let cut = headline(title, names);
        cut.chars().count() < 4 || names.known.iter().any(|name| name.eq_ignore_ascii_case(&cut))
    };
    let stated: Vec<&str> = stated.into_iter().filter(|title| !generic(title)).collect();
    let headings = |level: &str| -> Vec<String> {
        dom.elements(level)
            .map(|id| dom.text(id))
            .filter(|text| text.chars().count() >= 4 && text.len() < 600)
            .collect()
    };
    let letters =
        |text: &str| text.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let printed: Vec<String> =
        headings("h1").into_iter().chain(headings("h2")).chain(headings("h3")).chain(headings("h4")).collect();
    for title in &stated {
        let whole = letters(title);
        let same = printed.iter().filter(|heading| {
            let heading = letters(heading);
            heading.chars().count() >= 6
                && whole.contains(&heading)
                && heading.chars().count() * 2 >= whole.chars().count()
        });
        if let Some(heading) = same.max_by_key(|heading| heading.len()) {
            return headline(heading, names);
        }
    }
    if let Some(title) = stated.first() {
        // a line of the page that the stated title begins with is the headline without tails
        let whole = letters(title);
        let line =
            lines.iter().take(2_000).filter(|line| line.weight >= 20 && line.text.len() <= title.len()).find(|line| {
                let line = letters(&line.text);
                whole.starts_with(&line) && line.chars().count() * 10 >= whole.chars().count() * 6
            });
        return line.map_or_else(|| headline(title, names), |line| headline(&line.text, names));
    }
    let before = |id: &usize| container.is_none_or(|container| *id < dom.nodes[container].end);
    let heading = dom.elements("h1").filter(before).map(|id| dom.text(id)).find(|text| boilerplate::weight(text) >= 12);
    heading.map(|heading| headline(&heading, names)).unwrap_or_default()
}

/// The story in a script or in JSON-LD, where the page shows none or much less.
fn elsewhere(dom: &Dom, meta: &Meta, story: &Story, title: &str) -> Option<Story> {
    let reread = |parts: &[String]| {
        let mut markup = String::from("<article>");
        for part in parts {
            markup.push_str("<p>");
            markup.push_str(&part.replace("\r\n", "\n").replace("\n", "<br>"));
            markup.push_str("</p>");
        }
        let dom = Dom::parse(&markup);
        let lines = lines(&dom, 0);
        let roles = Roles::of(&dom, &lines);
        content::story(&dom, &lines, &roles, 0, title)
    };
    let found = script::article(dom);
    if found.size > story.size * 2 {
        let mut better = reread(&found.parts);
        better.captions.extend(found.captions);
        if better.size > story.size * 3 / 2 {
            return Some(better);
        }
    }
    let body = meta.linked.body.as_deref().filter(|body| boilerplate::weight(body) > story.size * 2 + 80)?;
    let better = reread(&[body.to_owned()]);
    (better.size > story.size).then_some(better)
}

/// Metadata often says UTC where the page prints its own clock: the same instant, as the page prints it.
fn in_the_zone_of_the_page(said: Published, printed: Option<Published>) -> Published {
    let (Published::Zoned(utc, offset), Some(Published::Local(local))) = (said, printed) else { return said };
    let minute = |time: jiff::civil::DateTime| (Published::Local(time).sort_key() - i64::from(time.second())) / 60;
    let minutes = minute(local) - minute(utc);
    if offset.seconds() != 0 || minutes == 0 || minutes % 60 != 0 || !(-12 * 60..=14 * 60).contains(&minutes) {
        return said;
    }
    let zone = i8::try_from(minutes / 60).ok().and_then(|hours| jiff::tz::Offset::from_hours(hours).ok());
    zone.map_or(said, |zone| Published::Zoned(local, zone))
}

/// The dateline near the headline, else one behind the story, else the first of the page.
fn page_date(lines: &[Line], story: &Story, title: &str) -> date::Dateline {
    let texts = |range: std::ops::Range<usize>| lines[range].iter().map(|line| line.text.as_str());
    let starts = story.starts.min(lines.len());
    let headline = (0..starts).rev().find(|at| content::same(&lines[*at].text, title));
    let from = headline.map_or(starts.saturating_sub(25), |at| at.saturating_sub(4));
    let first_lines = (starts + 6).min(story.ends.max(starts)).min(lines.len());
    let near = date::dateline(texts(from..first_lines));
    if near.published.is_some() {
        return near;
    }
    let ends = story.ends.clamp(starts, lines.len());
    let behind = date::dateline(texts(ends.saturating_sub(6).max(starts)..(ends + 8).min(lines.len())));
    let found = date::Dateline { published: behind.published, updated: near.updated.or(behind.updated) };
    if found.published.is_some() {
        return found;
    }
    // the story may stand in a script and its headline anywhere: what follows the headline, wherever it is
    let headline = lines.iter().position(|line| line.weight >= 20 && content::same(&line.text, title));
    let around = headline.map(|at| date::dateline(texts(at..(at + 20).min(lines.len()))));
    date::Dateline { published: around.and_then(|around| around.published), ..found }
}

/// `/2013/10/24/` or `/20131024/` in an address.
fn date_in_url(url: &str) -> Option<Published> {
    let path = url.split("://").nth(1).unwrap_or(url);
    let (_, path) = path.split_once('/')?;
    let parts: Vec<&str> = path.split(['/', '-', '.', '?', '=', '&']).collect();
    let number = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    parts
        .windows(3)
        .filter(|window| number(window[0], 4) && number(window[1], 2) && number(window[2], 2))
        .find_map(|window| date::published(&window.join("-")))
        .or_else(|| parts.iter().filter(|part| number(part, 8)).find_map(|part| date::published(part)))
}

fn outlet(meta: &Meta, lines: &[Line], story: &Story) -> Option<String> {
    let stated: Vec<String> = meta
        .outlets()
        .map(|name| name.split([':', '|']).next().unwrap_or(name).trim().to_owned())
        .filter(|name| !name.is_empty() && name.chars().count() <= 40 && !name.contains("://"))
        .collect();
    if let Some(name) = stated.iter().find(|name| !is_portal(name)) {
        return Some(name.clone());
    }
    let is_person = |name: &str| name.ends_with("기자") || name.contains("://") || name.contains('@');
    let on_portal = |name: &str| !stated.is_empty() || name.split('|').skip(1).any(|part| is_portal(part.trim()));
    let republished = meta
        .all(&["og:article:author", "article:author", "dd:author"])
        .filter(|name| on_portal(name))
        .map(|name| name.split('|').next().unwrap_or(name).trim())
        .find(|name| !name.is_empty() && !is_person(name) && !is_portal(name));
    if let Some(name) = republished {
        return Some(name.to_owned());
    }
    let all =
        story.copyright.iter().map(String::as_str).chain(lines.iter().rev().take(80).map(|line| line.text.as_str()));
    all.filter_map(copyright_holder).next().or_else(|| stated.into_iter().next())
}

fn who(meta: &Meta, lines: &[Line], story: &Story, outlet: Option<&str>) -> Option<String> {
    let is_outlet = |name: &str| {
        let name = name.split('|').next().unwrap_or(name).trim();
        outlet.is_some_and(|outlet| outlet.contains(name) || name.contains(outlet))
            || meta.outlets().any(|outlet| outlet == name)
            || is_portal(name)
    };
    let mut names: Vec<String> = Vec::new();
    for name in &meta.linked.authors {
        if let Some(name) = byline::stated(name).filter(|name| !is_outlet(name) && !names.contains(name)) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        return Some(names.join(", "));
    }
    let mut stated = meta.authors().filter_map(byline::stated).filter(|name| !is_outlet(name));
    if let Some(name) = stated.next() {
        return Some(byline::byline(&name).unwrap_or(name));
    }
    let starts = story.starts.min(lines.len());
    let near = lines[starts.saturating_sub(15)..(starts + 3).min(lines.len())].iter().filter(|line| line.weight < 200);
    near.filter_map(|line| byline::byline(&line.text))
        .next()
        .or_else(|| story.signatures.iter().find_map(|line| byline::byline(line)))
        .or_else(|| {
            story
                .paragraphs
                .iter()
                .take(2)
                .find_map(|first| byline::byline(&first.chars().take(60).collect::<String>()))
        })
}
