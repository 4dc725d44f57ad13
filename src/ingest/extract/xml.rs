//! A small tree of an XML document, for the agencies' formats and feeds.
//!
//! Nothing is fetched and no entity of the document's own is ever expanded; a document that declares one is refused.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

const CUT: &str = "cut short or broken; what came before is kept";

/// Elements inside of elements; agencies' formats stay far below.
const DEEPEST: usize = 256;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// With its prefix, in lower case: `content:encoded`.
    pub name: String,
    /// Names without prefix.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Reads a document; the element given back holds its root. What is cut short is read as far as it
    /// goes, and `lost` is told.
    pub fn parse(text: &str, lost: &mut dyn FnMut(String)) -> Result<Element, String> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_dangling_amp = true;
        let mut open = vec![Element::default()];
        let mut last_end = String::new();
        loop {
            let event = reader.read_event();
            let nothing_yet = open.len() == 1 && open[0].children.is_empty();
            let depth = open.len();
            let Some(top) = open.last_mut() else { return Err("more ends than beginnings".to_owned()) };
            match event {
                Err(error) if nothing_yet => {
                    return Err(format!("broken XML ({error})"));
                }
                Err(_) => {
                    lost(CUT.to_owned());
                    break;
                }
                Ok(Event::Eof) => {
                    // ends may be missing inside of a document that is whole
                    if depth > 1 && open.get(1).is_some_and(|root| root.name != last_end) {
                        lost(CUT.to_owned());
                    }
                    break;
                }
                Ok(Event::Start(tag)) => {
                    if depth > DEEPEST {
                        return Err(format!("elements nested more than {DEEPEST} deep"));
                    }
                    open.push(Element::begin(&tag));
                }
                Ok(Event::Empty(tag)) => top.children.push(Node::Element(Element::begin(&tag))),
                Ok(Event::End(tag)) => {
                    last_end = tag.name().as_ref().to_ascii_lowercase();
                    if open.len() > 1
                        && let Some(done) = open.pop()
                        && let Some(parent) = open.last_mut()
                    {
                        parent.children.push(Node::Element(done));
                    }
                }
                Ok(Event::Text(text)) => top.push_text(&text),
                Ok(Event::CData(text)) => top.push_text(&text),
                Ok(Event::GeneralRef(name)) => {
                    top.push_text(&entity(&name));
                }
                Ok(Event::DocType(text)) if text.contains("<!ENTITY") => {
                    return Err("declares entities of its own, which are never expanded".to_owned());
                }
                Ok(_) => {}
            }
        }
        while open.len() > 1
            && let Some(done) = open.pop()
            && let Some(parent) = open.last_mut()
        {
            parent.children.push(Node::Element(done));
        }
        Ok(open.swap_remove(0))
    }

    fn begin(tag: &BytesStart<'_>) -> Element {
        let mut found = tag.attributes();
        let attributes = found.with_checks(false).flatten().map(|attribute| {
            let name = attribute.key.local_name().as_ref().to_ascii_lowercase();
            let raw: &str = &attribute.value;
            let value = quick_xml::escape::unescape(raw).map_or(raw.to_owned(), |value| value.into_owned());
            (name, value)
        });
        Element {
            name: tag.name().as_ref().to_ascii_lowercase(),
            attributes: attributes.collect(),
            children: Vec::new(),
        }
    }

    fn push_text(&mut self, text: &str) {
        match self.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => self.children.push(Node::Text(text.to_owned())),
        }
    }

    /// The name without its prefix.
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// All elements below with this local name, in order.
    pub fn below<'e>(&'e self, local: &'e str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        for element in self.elements() {
            if element.local() == local {
                found.push(element);
            }
            found.extend(element.below(local));
        }
        found
    }

    /// The first element below with this local name.
    pub fn first(&self, local: &str) -> Option<&Element> {
        self.elements().find_map(|element| if element.local() == local { Some(element) } else { element.first(local) })
    }

    /// All text inside, runs of white space as one space.
    pub fn text(&self) -> String {
        self.raw_text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// All text inside, as it stands.
    pub fn raw_text(&self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.write_text(out),
            }
        }
    }

    /// The markup inside, written again: for fields that hold HTML as elements.
    pub fn inner_markup(&self) -> String {
        let mut out = String::new();
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(&quick_xml::escape::escape(text.as_str())),
                Node::Element(element) => {
                    let name = element.local();
                    out += &format!("<{name}>{}</{name}>", element.inner_markup());
                }
            }
        }
        out
    }
}

/// The character of a reference, or the reference as it was written.
fn entity(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    if let Some(ch) = number.and_then(char::from_u32) {
        return ch.to_string();
    }
    match resolve_predefined_entity(name) {
        Some(text) => text.to_owned(),
        // HTML's names, which feeds use without declaring them
        None => match name {
            "nbsp" => " ".to_owned(),
            "hellip" => "…".to_owned(),
            "middot" => "·".to_owned(),
            "ldquo" => "“".to_owned(),
            "rdquo" => "”".to_owned(),
            "lsquo" => "‘".to_owned(),
            "rsquo" => "’".to_owned(),
            "ndash" => "–".to_owned(),
            "mdash" => "—".to_owned(),
            "copy" => "©".to_owned(),
            _ => format!("&{name};"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Element, String> {
        Element::parse(text, &mut |_| {})
    }

    #[test]
    fn what_is_lost_is_told() {
        for (text, lost) in [
            ("<a><b>x</b></a>", 0),
            ("<a><br>x</a>\n", 0),
            ("<a><b>x", 1),
            ("<a><b>x</b>", 1),
            ("<a><b>x</b", 1),
            ("<a><![CDATA[x", 1),
        ] {
            let mut told = 0;
            Element::parse(text, &mut |_| told += 1).unwrap();
            assert_eq!(told, lost, "{text}");
        }
    }

    #[test]
    fn text_attributes_and_references() {
        let root = parse("<a x='1 &amp; 2'>b<C:d>&lt;p&gt; &#xD55C;<![CDATA[<q>]]></C:d> e</a>").unwrap();
        let a = root.child("a").unwrap();
        assert_eq!(a.attribute("x"), Some("1 & 2"));
        assert_eq!(a.child("c:d").unwrap().text(), "<p> 한<q>");
        assert_eq!(a.text(), "b<p> 한<q> e");
    }

    #[test]
    fn hostile_documents() {
        let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
        assert!(parse(laughs).unwrap_err().contains("never expanded"));
        let deep = "<a>".repeat(10_000);
        assert!(parse(&deep).unwrap_err().contains("nested"));
        assert_eq!(parse("<a><b>cut sho").unwrap().text(), "cut sho");
        assert_eq!(parse("<a>x</b></a>").unwrap().text(), "x");
    }
}
