//! A page as a flat tree: nodes in document order, each with the end of its subtree.
//!
//! html5ever reads the tags, the character references and the raw text of scripts; the tree is our own, because a
//! news page may nest ten thousand unclosed tags. Everything here is linear in the page, nothing recurses, and the
//! searches for an open element are bounded. It repairs what matters to text (paragraphs, cells and items left open)
//! and leaves out what only matters to rendering.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::{Attribute, LocalName};

/// Nodes deeper than this hang at this depth; searches among open elements look no further back.
const DEPTH: usize = 256;

pub(super) type Id = usize;

pub(super) enum Content {
    Text(StrTendril),
    Element(LocalName, Vec<Attribute>),
}

pub(super) struct Node {
    pub parent: Id,
    /// One past the last node of the subtree.
    pub end: Id,
    pub content: Content,
}

pub(super) struct Dom {
    pub nodes: Vec<Node>,
}

impl Dom {
    pub fn parse(text: &str) -> Dom {
        let root = Node { parent: 0, end: 0, content: Content::Element(LocalName::from("html"), Vec::new()) };
        let builder = Builder { nodes: vec![root], open: vec![(LocalName::from("html"), 0)], in_head: false };
        let tokenizer = Tokenizer::new(Sink(RefCell::new(builder)), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(text));
        // a sink that never asks for a script to be run is never interrupted
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        tokenizer.end();
        let mut builder = tokenizer.sink.0.into_inner();
        builder.pop_to(0);
        let end = builder.nodes.len();
        builder.nodes[0].end = end;
        Dom { nodes: builder.nodes }
    }

    pub fn name(&self, id: Id) -> &str {
        match &self.nodes[id].content {
            Content::Element(name, _) => name,
            Content::Text(_) => "",
        }
    }

    pub fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        match &self.nodes[id].content {
            Content::Element(_, attributes) => {
                attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
            }
            Content::Text(_) => None,
        }
    }

    /// Elements of this name, in document order.
    pub fn elements<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Id> + 'a {
        (0..self.nodes.len()).filter(move |id| self.name(*id) == name)
    }

    /// All text under a node, white space folded.
    pub fn text(&self, id: Id) -> String {
        let mut text = String::new();
        for node in &self.nodes[id..self.nodes[id].end] {
            match &node.content {
                Content::Text(part) => text.push_str(part),
                Content::Element(name, _) if &**name == "br" => text.push(' '),
                Content::Element(..) => {}
            }
        }
        fold(&text)
    }

    /// The text of a script as it stands.
    pub fn raw(&self, id: Id) -> String {
        self.nodes[id..self.nodes[id].end]
            .iter()
            .filter_map(|node| match &node.content {
                Content::Text(part) => Some(&**part),
                Content::Element(..) => None,
            })
            .collect()
    }

    pub fn contains(&self, outer: Id, inner: Id) -> bool {
        outer <= inner && inner < self.nodes[outer].end
    }
}

/// Runs of white space become one space; control characters and marks of no width go.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|ch: char| ch.is_whitespace() || ch.is_control()).filter(|word| !word.is_empty()) {
        let word = word.trim_matches(['\u{200B}', '\u{FEFF}', '\u{2060}', '\u{00AD}']);
        if word.is_empty() {
            continue;
        }
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().filter(|ch| !matches!(ch, '\u{200B}' | '\u{FEFF}' | '\u{2060}' | '\u{00AD}')));
    }
    folded
}

/// Text of a string that may itself be marked up or escaped, as metadata and scripts have them.
pub(super) fn plain(text: &str) -> String {
    let mut text = fold(text);
    for _ in 0..2 {
        if !text.contains(['&', '<']) {
            break;
        }
        let read = Dom::parse(&text).text(0);
        if read == text || read.is_empty() {
            break;
        }
        text = read;
    }
    text
}

struct Sink(RefCell<Builder>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut builder = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                return builder.start(tag.name, tag.attrs, tag.self_closing);
            }
            Token::TagToken(tag) => builder.end(&tag.name),
            Token::CharacterTokens(text) => builder.text(text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

struct Builder {
    nodes: Vec<Node>,
    open: Vec<(LocalName, Id)>,
    in_head: bool,
}

pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "amp-img"
    )
}

/// Elements that stand on lines of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "title"
            | "script"
            | "style"
            | "noscript"
            | "iframe"
            | "textarea"
            | "button"
            | "template"
            | "video"
            | "audio"
            | "svg"
            | "object"
    )
}

impl Builder {
    fn start(&mut self, name: LocalName, attributes: Vec<Attribute>, self_closing: bool) -> TokenSinkResult<()> {
        let tag: &str = &name;
        match tag {
            "html" => return TokenSinkResult::Continue,
            "head" => self.in_head = true,
            "meta" | "link" | "title" | "script" | "style" | "base" | "noscript" | "template" => {}
            _ if self.in_head => {
                self.in_head = false;
                self.close("head", |_| false);
            }
            _ => {}
        }
        match tag {
            "li" => self.close("li", |open| matches!(open, "ul" | "ol" | "menu")),
            "dt" | "dd" => {
                self.close("dt", |open| open == "dl");
                self.close("dd", |open| open == "dl");
            }
            "td" | "th" => {
                self.close("td", |open| matches!(open, "tr" | "table"));
                self.close("th", |open| matches!(open, "tr" | "table"));
            }
            "tr" => self.close("tr", |open| open == "table"),
            "option" => self.close("option", |open| open == "select"),
            "a" => self.close("a", is_block),
            _ => {}
        }
        if is_block(tag) && !matches!(tag, "script" | "style" | "noscript" | "button" | "iframe" | "video" | "svg") {
            self.close("p", |open| matches!(open, "table" | "td" | "th" | "button" | "object" | "caption"));
        }
        let parent = self.parent();
        let id = self.nodes.len();
        let raw = match tag {
            "script" => Some(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
            "title" | "textarea" => Some(RawKind::Rcdata),
            _ => None,
        };
        let empty = is_void(tag) || (self_closing && !is_block(tag));
        let deep = self.open.len() >= DEPTH;
        self.nodes.push(Node { parent, end: id + 1, content: Content::Element(name.clone(), attributes) });
        if !empty {
            self.open.push((name, if deep { parent } else { id }));
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    fn end(&mut self, name: &LocalName) {
        let tag: &str = name;
        match tag {
            "html" | "body" => {}
            "table" => self.close(tag, |_| false),
            "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "caption" => self.close(tag, |open| open == "table"),
            _ if is_block(tag) => self.close(tag, |open| matches!(open, "td" | "th" | "table")),
            _ => self.close(tag, is_block),
        }
        if tag == "head" {
            self.in_head = false;
        }
    }

    fn text(&mut self, text: StrTendril) {
        let parent = self.parent();
        // the tokenizer ends a token at every line feed; as nodes they would cost more than their text
        if let Some(Node { parent: before, content: Content::Text(said), .. }) = self.nodes.last_mut()
            && *before == parent
        {
            return said.push_tendril(&text);
        }
        let end = self.nodes.len() + 1;
        self.nodes.push(Node { parent, end, content: Content::Text(text) });
    }

    fn parent(&self) -> Id {
        self.open.last().map_or(0, |(_, id)| *id)
    }

    /// Closes the nearest open element of this name, unless an element that shuts it in is nearer.
    fn close(&mut self, name: &str, shuts: impl Fn(&str) -> bool) {
        for at in (1..self.open.len()).rev().take(DEPTH) {
            let open: &str = &self.open[at].0;
            if open == name {
                self.pop_to(at);
                return;
            }
            if shuts(open) {
                return;
            }
        }
    }

    fn pop_to(&mut self, at: usize) {
        let end = self.nodes.len();
        for (depth, (_, id)) in self.open.drain(at..).enumerate() {
            if at + depth < DEPTH {
                self.nodes[id].end = end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_paragraphs_and_cells_are_closed() {
        let dom = Dom::parse("<table><tr><td>a<p>b<p>c<td>d</table><p>e");
        let texts: Vec<String> = dom.elements("p").map(|id| dom.text(id)).collect();
        assert_eq!(texts, ["b", "c", "e"]);
        let cells: Vec<String> = dom.elements("td").map(|id| dom.text(id)).collect();
        assert_eq!(cells, ["abc", "d"]);
    }

    #[test]
    fn a_hundred_thousand_open_tags() {
        for tag in ["<div>", "<b>", "<table><tr><td>", "<p><a>", "<ul><li>"] {
            let dom = Dom::parse(&format!("{}text", tag.repeat(100_000)));
            assert!(dom.text(0).ends_with("text"), "{tag}");
        }
    }

    #[test]
    fn escaped_twice() {
        assert_eq!(plain("&amp;#039;통합&amp;#039;  <b>외친</b>"), "'통합' 외친");
    }
}
