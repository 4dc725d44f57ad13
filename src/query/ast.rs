//! The tree of a query, and how it is printed.
//!
//! A tree prints as query language that parses to the same tree: what `understood` shows can be typed again. Fields and
//! boosts over brackets are handed down to the leaves when a query is parsed, so a leaf says by itself what is asked of it.

use std::fmt;

use super::dates::Today;
use super::lexer::{Token, lex};
use super::request::DateRange;
use crate::article::Lang;

/// What an article must do with a clause of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occur {
    /// One of these is enough, and each that is there counts.
    Should,
    Must,
    MustNot,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    pub occur: Occur,
    pub node: Node,
}

/// A query, or a part of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// What stands side by side.
    List(Vec<Clause>),
    /// `a AND b`
    All(Vec<Node>),
    /// `a OR b`
    Any(Vec<Node>),
    /// `a NEAR/5 b`: leaves, or choices of leaves, in a stretch of so many words.
    Near {
        parts: Vec<Node>,
        within: u32,
    },
    /// `ATLEAST3(a b)`: so many occurrences of any of the parts.
    AtLeast {
        times: u32,
        parts: Vec<Node>,
    },
    /// `SAMEPARA(a b)`: all parts in one paragraph.
    SameParagraph(Vec<Node>),
    Leaf(Leaf),
    Filter(Filter),
}

/// How the text of a leaf is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Word,
    /// `"..."`, with so many words that may stand between.
    Phrase {
        slop: u32,
    },
    /// `=Word`: in this form and case.
    Exact,
    /// `wor*`, `w?rd`
    Pattern,
    /// `word~1`: words so many letters away.
    Like {
        edits: u8,
    },
}

impl Form {
    /// True where the archive's own words decide what is looked for.
    pub fn is_loose(self) -> bool {
        matches!(self, Form::Pattern | Form::Like { .. })
    }
}

/// A word or phrase with what is asked of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    pub text: String,
    pub form: Form,
    /// Where it must stand.
    pub part: Option<Part>,
    /// How much it counts: 1 unless something else was typed.
    pub boost: f32,
    /// Which leaf of its query it is, from 0 in the order of the tree.
    pub number: usize,
    /// It was typed as several words and is one of the user's (see [`super::entries`]).
    pub spaced: bool,
}

/// A part of an article's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Title,
    Lead,
    Body,
}

/// A condition that chooses articles and says nothing about how good they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    Published(DateRange),
    Lang(Lang),
    /// The outlet, without regard to case; a part of its name is enough.
    Source(String),
    Section(String),
    Byline(String),
    /// The host of the address and the start of its path.
    Url(String),
}

impl Node {
    /// A word that is no more than wished for when it stands in a list.
    pub fn is_plain(&self) -> bool {
        matches!(self, Node::Leaf(Leaf { form: Form::Word | Form::Pattern | Form::Like { .. }, part: None, .. }))
    }

    /// True where nothing in it scores.
    pub fn is_filter(&self) -> bool {
        match self {
            Node::Filter(_) => true,
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().all(Node::is_filter),
            Node::List(clauses) => !clauses.is_empty() && clauses.iter().all(|clause| clause.node.is_filter()),
            _ => false,
        }
    }

    /// Numbers the leaves from `next` on, and returns the number after the last.
    pub fn number_leaves(&mut self, next: usize) -> usize {
        match self {
            Node::Leaf(leaf) => {
                leaf.number = next;
                next + 1
            }
            Node::Filter(_) => next,
            Node::List(clauses) => clauses.iter_mut().fold(next, |next, clause| clause.node.number_leaves(next)),
            Node::All(nodes) | Node::Any(nodes) | Node::SameParagraph(nodes) => {
                nodes.iter_mut().fold(next, |next, node| node.number_leaves(next))
            }
            Node::Near { parts, .. } | Node::AtLeast { parts, .. } => {
                parts.iter_mut().fold(next, |next, node| node.number_leaves(next))
            }
        }
    }

    /// True where a part of what it holds may be in an article without standing as it should.
    pub fn has_places(&self) -> bool {
        match self {
            Node::Leaf(leaf) => leaf.part.is_some() || matches!(leaf.form, Form::Phrase { .. }),
            Node::Near { .. } | Node::AtLeast { .. } | Node::SameParagraph(_) => true,
            _ => false,
        }
    }

    /// The parts of a node, to be changed.
    pub fn children_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        let (clauses, nodes): (&mut [Clause], &mut [Node]) = match self {
            Node::List(clauses) => (clauses, &mut []),
            Node::All(nodes) | Node::Any(nodes) | Node::SameParagraph(nodes) => (&mut [], nodes),
            Node::Near { parts, .. } | Node::AtLeast { parts, .. } => (&mut [], parts),
            Node::Leaf(_) | Node::Filter(_) => (&mut [], &mut []),
        };
        clauses.iter_mut().map(|clause| &mut clause.node).chain(nodes)
    }

    /// The nodes directly below, each with whether it is excluded.
    pub fn children(&self) -> impl Iterator<Item = (&Node, bool)> {
        let (clauses, nodes): (&[Clause], &[Node]) = match self {
            Node::List(clauses) => (clauses, &[]),
            Node::All(nodes) | Node::Any(nodes) | Node::SameParagraph(nodes) => (&[], nodes),
            Node::Near { parts, .. } | Node::AtLeast { parts, .. } => (&[], parts),
            Node::Leaf(_) | Node::Filter(_) => (&[], &[]),
        };
        let clauses = clauses.iter().map(|clause| (&clause.node, clause.occur == Occur::MustNot));
        clauses.chain(nodes.iter().map(|node| (node, false)))
    }
}

impl Filter {
    /// The name of the field it asks about.
    pub fn name(&self) -> &'static str {
        match self {
            Filter::Published(DateRange { since: Some(_), until: None }) => "since",
            Filter::Published(DateRange { since: None, until: Some(_) }) => "until",
            Filter::Published(_) => "date",
            Filter::Lang(_) => "lang",
            Filter::Source(_) => "source",
            Filter::Section(_) => "section",
            Filter::Byline(_) => "byline",
            Filter::Url(_) => "url",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Title => "title",
            Part::Lead => "lead",
            Part::Body => "body",
        })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Filter::Published(range) => match (range.since, range.until) {
                (Some(since), Some(until)) if since == until => write!(f, "{name}:{since}"),
                (Some(since), Some(until)) => write!(f, "{name}:{since}..{until}"),
                (Some(day), None) | (None, Some(day)) => write!(f, "{name}:{day}"),
                (None, None) => write!(f, "{name}:.."),
            },
            Filter::Lang(lang) => write!(f, "{name}:{lang}"),
            Filter::Source(text) | Filter::Section(text) | Filter::Byline(text) | Filter::Url(text) => {
                if text.contains(char::is_whitespace) {
                    return write!(f, "{name}:\"{text}\"");
                }
                let leaf = Leaf::new(text.clone(), Form::Word, 1.0);
                f.write_str(&leaf.spelt(|text| format!("{name}:{text}"), true))
            }
        }
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printed = |body: &str| {
            let mut out = self.part.map_or(String::new(), |part| format!("{part}:"));
            match self.form {
                Form::Word | Form::Pattern => out += body,
                Form::Phrase { slop: 0 } => out += &format!("\"{body}\""),
                Form::Phrase { slop } => out += &format!("\"{body}\"~{slop}"),
                Form::Exact => out += &format!("={body}"),
                Form::Like { edits } => out += &format!("{body}~{edits}"),
            }
            if self.boost != 1.0 {
                out += &format!("^{}", self.boost);
            }
            out
        };
        if self.spaced {
            // typed again it is the same words, and these the same one
            for (at, word) in self.text.split_whitespace().enumerate() {
                let word = Leaf { text: word.to_owned(), spaced: false, ..self.clone() };
                write!(f, "{}{word}", if at == 0 { "" } else { " " })?;
            }
            return Ok(());
        }
        f.write_str(&self.spelt(printed, self.part.is_some()))
    }
}

impl Leaf {
    /// A leaf that is not yet part of a query.
    pub fn new(text: String, form: Form, boost: f32) -> Leaf {
        Leaf { text, form, part: None, boost, number: 0, spaced: false }
    }

    /// What is `printed` of the leaf's text, with as many backslashes as it takes to be read as this leaf, behind the name of
    /// a field where it is `valued`.
    fn spelt(&self, printed: impl Fn(&str) -> String, valued: bool) -> String {
        let plain = printed(&self.text);
        if matches!(self.form, Form::Phrase { .. }) || self.is_read_from(&plain, valued) {
            return plain;
        }
        let signs = printed(&escaped(&self.text, false));
        if self.is_read_from(&signs, valued) {
            return signs;
        }
        printed(&escaped(&self.text, self.form != Form::Exact))
    }

    /// True where `text` says this leaf wherever it stands, with nothing to remark.
    fn is_read_from(&self, text: &str, valued: bool) -> bool {
        let reads = |query: &str, brackets: usize| {
            let lexed = lex(query, Today::Stated(jiff::civil::Date::MIN));
            let tokens = lexed.tokens.len() == usize::from(valued) + 1 + 2 * brackets;
            let leaf = lexed.tokens.get(brackets + usize::from(valued));
            let unplaced = |leaf: &Leaf| leaf.text == self.text && leaf.form == self.form && leaf.boost == self.boost;
            tokens && lexed.remarks.is_empty() && matches!(leaf, Some((Token::Leaf(leaf), _)) if unplaced(leaf))
        };
        reads(text, 0) && reads(&format!("({text})"), 1)
    }
}

/// The text with a backslash before everything that may mean something: before a letter only where a word `starts`.
fn escaped(text: &str, starts: bool) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for (at, ch) in text.char_indices() {
        if (at == 0 && starts) || !ch.is_alphanumeric() {
            out.push('\\');
        }
        out.push(ch);
    }
    out
}

/// Writes nodes with `between` between them, those of several parts in brackets.
fn write_all(nodes: &[Node], between: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, node) in nodes.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { between })?;
        write_unit(node, f)?;
    }
    Ok(())
}

fn write_unit(node: &Node, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let excluded = |clauses: &[Clause]| matches!(clauses, [Clause { occur: Occur::MustNot, .. }]);
    match node {
        Node::List(clauses) if !excluded(clauses) => write!(f, "({node})"),
        Node::All(_) | Node::Any(_) | Node::Near { .. } => write!(f, "({node})"),
        _ => write!(f, "{node}"),
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.occur {
            Occur::Must if !self.node.is_filter() => "+",
            Occur::MustNot => "-",
            _ => "",
        })?;
        match &self.node {
            Node::List(_) => write!(f, "({})", self.node),
            node => write_unit(node, f),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::List(clauses) => {
                for (at, clause) in clauses.iter().enumerate() {
                    write!(f, "{}{clause}", if at == 0 { "" } else { " " })?;
                }
                Ok(())
            }
            Node::All(nodes) => write_all(nodes, " AND ", f),
            Node::Any(nodes) => write_all(nodes, " OR ", f),
            Node::Near { parts, within } => write_all(parts, &format!(" NEAR/{within} "), f),
            Node::AtLeast { times, parts } => {
                write!(f, "ATLEAST{times}(")?;
                write_all(parts, " ", f)?;
                f.write_str(")")
            }
            Node::SameParagraph(parts) => {
                f.write_str("SAMEPARA(")?;
                write_all(parts, " ", f)?;
                f.write_str(")")
            }
            Node::Leaf(leaf) => write!(f, "{leaf}"),
            Node::Filter(filter) => write!(f, "{filter}"),
        }
    }
}
