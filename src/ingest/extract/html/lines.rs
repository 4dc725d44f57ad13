//! The lines of a page in reading order: what stands between block elements and line breaks.
//!
//! A line knows its block, how much of it is links, whether it is bold or a heading, and whether it belongs to a
//! picture. Subtrees that never hold an article (scripts, menus, forms, hidden boxes) give no lines.

use super::dom::{Content, Dom, Id, fold, is_block};
use super::role::{Role, is_dead, role};
use crate::ingest::boilerplate::{LineKind, kind, weight};

pub(super) struct Line {
    pub text: String,
    /// The nearest block element around it.
    pub block: Id,
    /// The node its text begins in; grows from line to line.
    pub at: Id,
    pub weight: usize,
    /// Share of the letters inside links.
    pub links: f32,
    pub heading: bool,
    pub bold: bool,
    /// Stands in a caption, or right beside the only picture of a small box.
    pub caption: bool,
    /// Follows the line before it after a single line break.
    pub glued: bool,
    pub kind: LineKind,
}

struct Open {
    end: Id,
    block: Option<Id>,
    link: bool,
    bold: bool,
    heading: bool,
    caption: bool,
}

/// The lines of a subtree.
pub(super) fn lines(dom: &Dom, root: Id) -> Vec<Line> {
    let mut reader = Reader::default();
    let mut open: Vec<Open> = Vec::new();
    let (mut id, end) = (root, dom.nodes[root].end);
    while id < end {
        while let Some(last) = open.last().filter(|open| open.end <= id) {
            if last.block.is_some() {
                reader.flush(&open, root);
                reader.broken = true;
            }
            open.pop();
        }
        match &dom.nodes[id].content {
            Content::Text(text) => reader.text(text, id, &open),
            Content::Element(name, _) => {
                let tag: &str = name;
                if id != root && is_dead(dom, id) {
                    if is_block(tag) && !matches!(tag, "script" | "style" | "noscript" | "template") {
                        reader.flush(&open, root);
                    }
                    id = dom.nodes[id].end;
                    continue;
                }
                match tag {
                    "br" => {
                        let was_empty = reader.buffer.trim().is_empty();
                        reader.flush(&open, root);
                        reader.broken |= was_empty;
                    }
                    "img" | "amp-img" => reader.buffer.push(' '),
                    _ => {
                        let block = is_block(tag);
                        if block {
                            reader.flush(&open, root);
                            reader.broken = true;
                        }
                        if dom.nodes[id].end > id + 1 {
                            open.push(Open {
                                end: dom.nodes[id].end,
                                block: block.then_some(id),
                                link: tag == "a" && dom.attribute(id, "href").is_some(),
                                bold: matches!(tag, "b" | "strong"),
                                heading: matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"),
                                caption: role(dom, id) == Role::Caption,
                            });
                        }
                    }
                }
            }
        }
        id += 1;
    }
    reader.flush(&open, root);
    beside_pictures(dom, &mut reader.lines);
    reader.lines
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    buffer: String,
    linked: usize,
    bold: usize,
    letters: usize,
    at: Id,
    broken: bool,
}

impl Reader {
    fn text(&mut self, text: &str, id: Id, open: &[Open]) {
        if self.buffer.trim_start().is_empty() {
            self.at = id;
        }
        let letters = text.chars().filter(|ch| ch.is_alphanumeric()).count();
        self.letters += letters;
        // the innermost elements decide; deep stacks are not walked to the bottom
        for element in open.iter().rev().take(12) {
            if element.link {
                self.linked += letters;
                break;
            }
        }
        if open.iter().rev().take(12).any(|element| element.bold) {
            self.bold += letters;
        }
        self.buffer.push_str(text);
    }

    fn flush(&mut self, open: &[Open], root: Id) {
        let text = fold(&self.buffer);
        self.buffer.clear();
        let (letters, linked, bold) = (self.letters, self.linked, self.bold);
        (self.letters, self.linked, self.bold) = (0, 0, 0);
        if text.is_empty() {
            return;
        }
        let heading = open.iter().rev().take(6).any(|open| open.heading);
        self.lines.push(Line {
            block: open.iter().rev().find_map(|open| open.block).unwrap_or(root),
            at: self.at,
            weight: weight(&text),
            links: if letters == 0 { 0.0 } else { linked as f32 / letters as f32 },
            bold: letters > 0 && bold * 10 >= letters * 9,
            caption: !heading && open.iter().rev().take(8).any(|open| open.caption),
            heading,
            glued: !std::mem::take(&mut self.broken) && !self.lines.is_empty(),
            kind: kind(&text),
            text,
        });
    }
}

/// A short text that shares a small box with one picture and nothing else is its caption, whatever the box is called.
fn beside_pictures(dom: &Dom, lines: &mut [Line]) {
    for img in 0..dom.nodes.len() {
        if !matches!(dom.name(img), "img" | "amp-img") {
            continue;
        }
        let mut around = dom.nodes[img].parent;
        for _ in 0..6 {
            let boxed = matches!(
                dom.name(around),
                "figure"
                    | "table"
                    | "tbody"
                    | "dl"
                    | "div"
                    | "span"
                    | "center"
                    | "td"
                    | "tr"
                    | "a"
                    | "li"
                    | "section"
                    | "p"
            );
            if !boxed || around == 0 {
                break;
            }
            let first = lines.partition_point(|line| line.at < around);
            let inside: Vec<usize> =
                (first..lines.len()).take(5).take_while(|at| lines[*at].at < dom.nodes[around].end).collect();
            let total: usize = inside.iter().map(|at| lines[*at].weight).sum();
            let whole_box = dom.name(around) != "p" || total == 0;
            if !inside.is_empty() {
                let (most, largest) = match dom.name(around) {
                    "figure" => (4, 900),
                    "table" | "tbody" | "tr" | "td" | "dl" => (2, 420),
                    _ => (2, 160),
                };
                if whole_box && inside.len() <= most && total <= largest {
                    for at in inside {
                        if !lines[at].heading {
                            lines[at].caption = true;
                        }
                    }
                }
                break;
            }
            around = dom.nodes[around].parent;
        }
    }
}
