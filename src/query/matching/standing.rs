//! What must stand somewhere: phrases, parts of an article, nearness, numbers of occurrences, paragraphs. Candidates are
//! those that hold all that is needed; this looks at each of them.

use std::ops::Range;

use tantivy::DocId;

use super::Lists;
use super::places::{Line, near};
use crate::analyze::chunk::chunks;
use crate::article::Lang;
use crate::query::ast::{Form, Leaf, Node, Part};
use crate::query::sought::{Sought, SoughtLeaf};
use crate::query::words::places;
use crate::store::reader::Reader;
use crate::store::record::{Record, SECTION_GAP};

/// The leaves of a query in the articles of one segment; articles are asked for in ascending order, each once.
pub struct Standing<'a> {
    lists: Lists<'a>,
    sought: &'a Sought,
    /// How many articles will be asked for.
    articles: usize,
    /// The lists of each leaf by its number, opened when it is first asked for.
    lines: Vec<Option<Vec<Line>>>,
    /// The layout of the article looked at last.
    layout: Option<(DocId, Layout)>,
}

/// Which positions the parts of an article take.
struct Layout {
    title: Range<u32>,
    lead: Range<u32>,
    body: Range<u32>,
    paragraphs: Vec<Range<u32>>,
}

impl<'a> Standing<'a> {
    /// To be asked of so many articles.
    pub fn new(reader: &'a Reader, ord: usize, sought: &'a Sought, articles: usize) -> Standing<'a> {
        let lists = Lists { reader, segment: &reader.searcher.segment_readers()[ord], ord };
        Standing { lists, sought, articles, lines: sought.leaves.iter().map(|_| None).collect(), layout: None }
    }

    /// The stretches of positions in which `node` stands in an article; none where it does not.
    pub fn stretches(&mut self, node: &Node, doc: DocId) -> tantivy::Result<Vec<Range<u32>>> {
        match node {
            Node::Leaf(leaf) => self.leaf(leaf, doc),
            Node::Filter(_) => Ok(Vec::new()),
            Node::Near { parts, within } => {
                let found = self.each(parts, doc)?;
                Ok(near(&found, *within))
            }
            Node::AtLeast { times, parts } => {
                let mut found = self.each(parts, doc)?.concat();
                found.sort_unstable_by_key(|range| (range.start, range.end));
                found.dedup_by_key(|range| range.start);
                Ok(if found.len() >= *times as usize { found } else { Vec::new() })
            }
            Node::SameParagraph(parts) => {
                let found = self.each(parts, doc)?;
                if found.iter().any(Vec::is_empty) {
                    return Ok(Vec::new());
                }
                let paragraphs = self.layout(doc)?.paragraphs.clone();
                let inside = |paragraph: &Range<u32>, range: &Range<u32>| {
                    paragraph.start <= range.start && range.end <= paragraph.end
                };
                let all = |paragraph: &&Range<u32>| {
                    found.iter().all(|part| part.iter().any(|range| inside(paragraph, range)))
                };
                let whole: Vec<&Range<u32>> = paragraphs.iter().filter(all).collect();
                let standing = |range: &Range<u32>| whole.iter().any(|paragraph| inside(paragraph, range));
                Ok(found.concat().into_iter().filter(standing).collect())
            }
            Node::Any(nodes) | Node::All(nodes) => Ok(self.each(nodes, doc)?.concat()),
            Node::List(clauses) => {
                let mut out = Vec::new();
                for clause in clauses {
                    out.extend(self.stretches(&clause.node, doc)?);
                }
                Ok(out)
            }
        }
    }

    fn each(&mut self, nodes: &[Node], doc: DocId) -> tantivy::Result<Vec<Vec<Range<u32>>>> {
        nodes.iter().map(|node| self.stretches(node, doc)).collect()
    }

    fn leaf(&mut self, leaf: &Leaf, doc: DocId) -> tantivy::Result<Vec<Range<u32>>> {
        let mut out = Vec::new();
        let lines = match &mut self.lines[leaf.number] {
            Some(lines) => lines,
            none => none.insert(open(&self.lists, &self.sought.leaves[leaf.number], self.articles)?),
        };
        lines.iter_mut().for_each(|line| line.stretches(doc, &mut out));
        let Some(part) = leaf.part.filter(|_| !out.is_empty()) else { return Ok(out) };
        let layout = self.layout(doc)?;
        let inside = match part {
            Part::Title => &layout.title,
            Part::Lead => &layout.lead,
            Part::Body => &layout.body,
        };
        out.retain(|range| inside.start <= range.start && range.end <= inside.end);
        Ok(out)
    }

    fn layout(&mut self, doc: DocId) -> tantivy::Result<&Layout> {
        let known = self.layout.take().filter(|(of, _)| *of == doc);
        let layout = match known {
            Some(known) => known,
            None => (doc, self.lists.record(doc, Layout::of)?),
        };
        Ok(&self.layout.insert(layout).1)
    }
}

/// The lists of a leaf, or of the forms it stands for, in both languages.
fn open(lists: &Lists, leaf: &SoughtLeaf, articles: usize) -> tantivy::Result<Vec<Line>> {
    let slop = if let Form::Phrase { slop } = leaf.leaf.form { slop } else { 0 };
    let mut lines = Vec::new();
    for words in leaf.forms.iter().map(|form| &form.words).chain([&leaf.words]) {
        let places = places(words);
        for lang in [Lang::Ko, Lang::En] {
            lines.extend(Line::open(lists, lists.reader.fields.of(lang).text, &places, slop, articles)?);
        }
    }
    Ok(lines)
}

impl Layout {
    fn of(record: &Record) -> Layout {
        let mut counts = record.widths.iter();
        let mut position = 0;
        let mut sections = Vec::new();
        let mut paragraphs = Vec::new();
        for section in record.sections() {
            let start = position;
            let between = if section.contains("\n\n") { "\n\n" } else { "\n" };
            let mut paragraph = position;
            let mut end = 0;
            for chunk in chunks(section) {
                if section[end..chunk.start].contains(between) {
                    paragraphs.push(paragraph..position);
                    paragraph = position;
                }
                end = chunk.end;
                position += u32::from(counts.next().unwrap_or(0));
            }
            paragraphs.push(paragraph..position);
            sections.push(start..position);
            position += SECTION_GAP;
        }
        let mut sections = sections.into_iter();
        let mut next = || sections.next().unwrap_or_default();
        let (title, mut lead, body) = (next(), next(), next());
        if lead.is_empty() {
            // an article without a lead opens with its first paragraph
            lead = paragraphs.iter().find(|it| it.start >= body.start && !it.is_empty()).cloned().unwrap_or_default();
        }
        Layout { title, lead, body, paragraphs }
    }
}
