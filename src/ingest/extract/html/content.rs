//! Finds the element that holds the article and reads its lines, by the density of sentences.
//!
//! Every line of the page counts for or against the elements around it: sentences for, links and buttons against, a
//! line seen before not at all (pages carry the article twice). The best element is the smallest one whose sum is the
//! greatest. Inside of it, lists of other stories, signatures, credits and formulas of copyright are taken out.

use rustc_hash::FxHashSet;

use super::dom::{Dom, Id};
use super::lines::Line;
use super::role::{Role, role};
use crate::ingest::boilerplate::{LineKind, ends_sentence};
use crate::ingest::{byline, date};

#[derive(Default)]
pub(super) struct Story {
    pub lead: Vec<String>,
    /// Paragraphs; a line feed inside is a line break of the page.
    pub paragraphs: Vec<String>,
    pub captions: Vec<String>,
    /// Reporters' lines taken out of the body.
    pub signatures: Vec<String>,
    /// Copyright lines, for the outlet.
    pub copyright: Vec<String>,
    /// Sum of the weights of the lines kept.
    pub size: usize,
    /// Index of the first line of the body among the lines of the page.
    pub starts: usize,
    pub ends: usize,
}

/// What each element is called; elements inside of chrome are chrome.
pub(super) struct Roles {
    own: Vec<Role>,
    chrome: Vec<bool>,
}

impl Roles {
    pub fn of(dom: &Dom, lines: &[Line]) -> Roles {
        let count = dom.nodes.len();
        let own: Vec<Role> =
            (0..count).map(|id| if dom.name(id).is_empty() { Role::Unknown } else { role(dom, id) }).collect();
        let mass = sentences(dom, lines);
        let total = mass.last().copied().unwrap_or(0.0);
        let under = |id: Id| mass[dom.nodes[id].end] - mass[id];
        let mut chrome = vec![false; count];
        for id in 0..count {
            let named = own[id] == Role::Chrome || matches!(dom.name(id), "footer" | "aside");
            // a name that would take away half of the page's sentences is wrong
            let wrong = named && under(id) > total * 0.45;
            chrome[id] = (id > 0 && chrome[dom.nodes[id].parent]) || (named && !wrong);
        }
        Roles { own, chrome }
    }
}

/// Running sum of sentence weight before each node.
fn sentences(dom: &Dom, lines: &[Line]) -> Vec<f32> {
    let mut at_block = vec![0.0f32; dom.nodes.len() + 1];
    for line in lines {
        if line.kind == LineKind::Text && line.links < 0.5 && line.weight >= 40 && ends_sentence(&line.text) {
            at_block[line.block + 1] += line.weight as f32;
        }
    }
    for id in 1..at_block.len() {
        at_block[id] += at_block[id - 1];
    }
    at_block
}

fn score(line: &Line, seen: &mut FxHashSet<String>) -> f32 {
    let weight = line.weight as f32;
    if line.weight >= 40 && !seen.insert(line.text.clone()) {
        return 0.0;
    }
    match line.kind {
        LineKind::Others => -60.0,
        LineKind::Copyright | LineKind::Chrome => -15.0,
        LineKind::Credit | LineKind::Signature => 0.0,
        LineKind::Text if line.links >= 0.6 => -(12.0 + weight.min(120.0) * 0.5),
        LineKind::Text if line.caption => 0.0,
        LineKind::Text if line.weight >= 25 && (ends_sentence(&line.text) || line.weight >= 240) => {
            weight * (1.0 - line.links)
        }
        LineKind::Text if line.weight >= 90 => weight * 0.4 * (1.0 - line.links),
        LineKind::Text if line.heading || line.bold => -2.0,
        LineKind::Text => -8.0,
    }
}

/// The element that holds the article; `None` where the page has no sentences.
pub(super) fn container(dom: &Dom, lines: &[Line], roles: &Roles) -> Option<Id> {
    let mut sums = vec![0.0f32; dom.nodes.len() + 1];
    let mut seen = FxHashSet::default();
    for line in lines {
        if !roles.chrome[line.block] {
            sums[line.block + 1] += score(line, &mut seen);
        }
    }
    for id in 1..sums.len() {
        sums[id] += sums[id - 1];
    }
    let sum = |id: Id| sums[dom.nodes[id].end] - sums[id];
    let mut best: Option<(Id, f32)> = None;
    for id in 0..dom.nodes.len() {
        if dom.name(id).is_empty() || roles.chrome[id] {
            continue;
        }
        let named = match roles.own[id] {
            Role::Body => 1.25,
            _ if dom.name(id) == "article" => 1.05,
            _ => 1.0,
        };
        let value = sum(id) * named;
        // of equals the deepest: the later one inside of the best so far
        if value > 20.0
            && best.is_none_or(|(inner, most)| value >= most * 0.995 && (value > most || dom.contains(inner, id)))
        {
            best = Some((id, value));
        }
    }
    best.map(|(id, _)| id)
}

/// Reads the article out of its element.
pub(super) fn story(dom: &Dom, lines: &[Line], roles: &Roles, container: Id, title: &str) -> Story {
    let inside: Vec<usize> = (0..lines.len()).filter(|at| dom.contains(container, lines[*at].block)).collect();
    let mut story = Story { starts: inside.first().copied().unwrap_or(0), ..Story::default() };
    story.ends = inside.last().map_or(story.starts, |last| last + 1);
    let others = lists_of_others(lines, &inside);
    let tail = tail(lines, &inside);
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut broken = false;
    let mut text_yet = false;
    let head = head(lines, &inside, title);
    for (position, &at) in inside.iter().enumerate() {
        let line = &lines[at];
        if position < head {
            let is_dek = line.kind == LineKind::Text && line.weight >= 30 && line.links < 0.5 && !is_dateline(line);
            if is_dek && !line.caption && !roles.chrome[line.block] && !same(&line.text, title) {
                story.lead.push(line.text.clone());
            }
            continue;
        }
        broken |= !line.glued;
        if line.kind == LineKind::Copyright {
            story.copyright.push(line.text.clone());
            continue;
        }
        if line.kind == LineKind::Signature {
            story.signatures.push(line.text.clone());
            continue;
        }
        if roles.chrome[line.block] && !(roles.chrome[container]) || others[position] || position >= tail {
            continue;
        }
        if matches!(line.kind, LineKind::Chrome | LineKind::Others) {
            continue;
        }
        if line.caption || line.kind == LineKind::Credit {
            if !story.captions.contains(&line.text) && line.weight >= 2 {
                story.captions.push(line.text.clone());
            }
            continue;
        }
        if line.links >= 0.8
            && (line.weight < 220 && !(ends_sentence(&line.text) && line.text.ends_with('.')))
            && alone(lines, &inside, position)
        {
            continue;
        }
        if !text_yet && same(&line.text, title) {
            continue;
        }
        if line.weight >= 40 && !seen.insert(&line.text) {
            continue;
        }
        let dek = roles.own[line.block] == Role::Dek || roles.own[dom.nodes[line.block].parent] == Role::Dek;
        if dek && !text_yet {
            story.lead.push(line.text.clone());
            broken = true;
            continue;
        }
        text_yet |= line.weight >= 60;
        story.size += line.weight;
        match story.paragraphs.last_mut() {
            Some(last) if !std::mem::take(&mut broken) => {
                last.push('\n');
                last.push_str(&line.text);
            }
            _ => story.paragraphs.push(line.text.clone()),
        }
        broken = false;
    }
    story
}

pub(super) fn same(left: &str, right: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (left, right) = (letters(left), letters(right));
    !right.is_empty()
        && left.chars().count() >= 4
        && (left == right
            || left.chars().count() >= 10
                && (right.starts_with(&left) || left.starts_with(&right) && left.len() < right.len() + 30))
}

/// A line of links between sentences of the same paragraph stays; one that stands alone is a pointer elsewhere.
fn alone(lines: &[Line], inside: &[usize], position: usize) -> bool {
    let line = &lines[inside[position]];
    let next_glued =
        inside.get(position + 1).is_some_and(|next| lines[*next].glued && lines[*next].links < 0.5 && !line.glued);
    !(line.glued || next_glued) || line.text.starts_with(['▶', '☞', '▷', '■', '[', '<', '→', '◆', '●', '*'])
}

/// Marks headings like `관련기사` and the links under them.
fn lists_of_others(lines: &[Line], inside: &[usize]) -> Vec<bool> {
    let mut marks = vec![false; inside.len()];
    let mut listing = false;
    for (position, &at) in inside.iter().enumerate() {
        let line = &lines[at];
        if line.kind == LineKind::Others {
            listing = true;
        } else if listing {
            let item = line.links >= 0.5
                || matches!(line.kind, LineKind::Chrome)
                || (line.weight < 110 && !ends_sentence(&line.text));
            listing = item;
        }
        marks[position] = listing;
    }
    marks
}

/// A line that only says when and by whom.
fn is_dateline(line: &Line) -> bool {
    line.weight < 140
        && (date::dateline([line.text.as_str()]) != date::Dateline::default()
            || byline::byline(&line.text).is_some_and(|name| name.len() * 3 >= line.text.len()))
}

/// How many lines at the front of the element belong to the head of the page: those up to the last dateline that
/// comes before the first paragraph.
fn head(lines: &[Line], inside: &[usize], title: &str) -> usize {
    let mut head = 0;
    for (position, &at) in inside.iter().enumerate().take(40) {
        let line = &lines[at];
        if is_dateline(line) || (same(&line.text, title) && line.weight >= 20) {
            head = position + 1;
        } else if line.kind == LineKind::Text
            && !line.caption
            && line.weight >= 90
            && ends_sentence(&line.text)
            && line.links < 0.5
        {
            break;
        }
    }
    head
}

/// Where the article is over: after the last sentence, or at a formula of copyright behind which few sentences come.
fn tail(lines: &[Line], inside: &[usize]) -> usize {
    let is_sentence = |at: usize| {
        let line = &lines[at];
        line.kind == LineKind::Text
            && line.links < 0.5
            && !line.caption
            && line.weight >= 20
            && ends_sentence(&line.text)
    };
    let total: usize = inside.iter().filter(|at| is_sentence(**at)).map(|at| lines[*at].weight).sum();
    let mut before = 0;
    for (position, &at) in inside.iter().enumerate() {
        if lines[at].kind == LineKind::Copyright && before * 10 >= total * 6 {
            return position;
        }
        if is_sentence(at) {
            before += lines[at].weight;
        }
    }
    // what trails behind the last sentence and is mostly links leads elsewhere
    let trailing = inside.iter().rev().take_while(|at| lines[**at].links >= 0.5 && lines[**at].weight < 220).count();
    inside.len() - trailing
}

/// Deks: lines between the headline and the body that are called so, or headings of a lower rank.
pub(super) fn deks(dom: &Dom, lines: &[Line], roles: &Roles, starts: usize, title: &str) -> Vec<String> {
    let Some(headline) = (0..starts).rev().find(|at| same(&lines[*at].text, title)) else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    for (position, line) in lines[headline + 1..starts].iter().enumerate() {
        // a sentence right under the headline, before any dateline, is its standfirst
        let standfirst =
            position == 0 && line.weight >= 60 && ends_sentence(&line.text) && !is_dateline(line) && !line.caption;
        let called = roles.own[line.block] == Role::Dek
            || (1..3)
                .scan(line.block, |id, _| {
                    *id = dom.nodes[*id].parent;
                    Some(*id)
                })
                .any(|id| roles.own[id] == Role::Dek);
        let heading = line.heading && dom.name(line.block) != "h1" && line.weight >= 20;
        if (called || heading || standfirst)
            && line.kind == LineKind::Text
            && line.links < 0.5
            && line.weight >= 8
            && !same(&line.text, title)
            && byline::byline(&line.text).is_none()
            && !found.contains(&line.text)
        {
            found.push(line.text.clone());
        }
    }
    found.truncate(12);
    found
}
