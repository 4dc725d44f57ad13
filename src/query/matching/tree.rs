//! The nodes of the tree, each as the set of its articles.

use super::super::ast::{Clause, Form, Leaf, Node, Occur, Part};
use super::standing::Standing;
use super::{Hold, Lists, Said};
use crate::analyze::Evidence;
use crate::query::sought::Sought;
use crate::query::words::{FormLangs, places};
use crate::store::bits::{Bits, all_of, any_of};

/// The search of one segment.
pub(super) struct Search<'a> {
    pub lists: Lists<'a>,
    pub sought: &'a Sought,
    pub said: &'a [Said<'a>],
    /// Where a form is enough.
    pub forms: FormLangs,
    /// What is asked of the plain words of the root.
    pub wish: Hold,
    /// What is asked of all others.
    pub strict: Hold,
}

impl Search<'_> {
    /// The articles of the whole query.
    pub fn root(&self, root: &Node) -> tantivy::Result<Bits> {
        let found = match root {
            Node::List(clauses) => self.list(clauses, self.wish)?,
            node => self.node(node)?,
        };
        Ok(found.unwrap_or_else(|| self.lists.none()))
    }

    /// The articles of a node; `None` where there is nothing in it to look for.
    fn node(&self, node: &Node) -> tantivy::Result<Option<Bits>> {
        let each = |nodes: &[Node]| -> tantivy::Result<Vec<Bits>> {
            nodes.iter().filter_map(|node| self.node(node).transpose()).collect()
        };
        Ok(match node {
            Node::List(clauses) => self.list(clauses, self.strict)?,
            Node::All(nodes) => all_of(each(nodes)?),
            Node::Any(nodes) => any_of(each(nodes)?),
            Node::Leaf(leaf) => self.leaf(leaf, self.strict, false)?,
            Node::Filter(filter) => Some(self.lists.matching(filter)?),
            Node::Near { parts, .. } | Node::SameParagraph(parts) => self.standing(node, all_of(each(parts)?))?,
            Node::AtLeast { parts, .. } => self.standing(node, any_of(each(parts)?))?,
        })
    }

    /// Required clauses must all be there; without any, one of those wished for; only conditions leave all others. What
    /// is excluded is taken away in the end.
    fn list(&self, clauses: &[Clause], wish: Hold) -> tantivy::Result<Option<Bits>> {
        let (mut any, mut required, mut conditions): (Option<Bits>, Option<Bits>, Option<Bits>) = (None, None, None);
        let and = |all: &mut Option<Bits>, bits: Bits| match all {
            Some(all) => all.and(&bits),
            None => *all = Some(bits),
        };
        let mut excluded = Vec::new();
        for Clause { occur, node } in clauses {
            let bits = match (occur, node) {
                (Occur::Should, Node::Leaf(leaf)) => self.leaf(leaf, wish, true)?,
                _ => self.node(node)?,
            };
            let Some(bits) = bits else { continue };
            match occur {
                Occur::Should => match &mut any {
                    Some(any) => any.or(&bits),
                    None => any = Some(bits),
                },
                Occur::Must if node.is_filter() => and(&mut conditions, bits),
                Occur::Must => and(&mut required, bits),
                Occur::MustNot => excluded.push(bits),
            }
        }
        let mut found = required.or(any.map(|mut any| {
            self.add_names(clauses, &mut any);
            any
        }));
        if let Some(conditions) = conditions {
            and(&mut found, conditions);
        }
        if found.is_none() && !excluded.is_empty() {
            found = Some(Bits::full(self.lists.segment.max_doc()));
        }
        if let Some(found) = &mut found {
            excluded.iter().for_each(|bits| found.and_not(bits));
        }
        Ok(found)
    }

    /// Adds the articles that say a name of several of the words wished for in other words.
    fn add_names(&self, clauses: &[Clause], any: &mut Bits) {
        let wished = |number: usize| {
            let is = |clause: &Clause| {
                clause.occur == Occur::Should && matches!(&clause.node, Node::Leaf(leaf) if leaf.number == number)
            };
            clauses.iter().any(is)
        };
        for said in self.said.iter().filter(|said| said.leaves.len() > 1 && said.leaves.clone().all(wished)) {
            said.lists[self.lists.ord].iter().for_each(|&(doc, _)| any.insert(doc));
        }
    }

    /// The articles of a leaf, which is `wished` for or insisted on.
    fn leaf(&self, leaf: &Leaf, hold: Hold, wished: bool) -> tantivy::Result<Option<Bits>> {
        let sought = &self.sought.leaves[leaf.number];
        if sought.words.is_empty() && !leaf.form.is_loose() {
            return Ok(None);
        }
        let mut bits = match leaf.form {
            Form::Phrase { slop } => self.lists.phrase(&sought.words, slop)?,
            Form::Pattern | Form::Like { .. } => self.lists.forms(&sought.forms)?,
            Form::Exact => {
                self.lists.in_this_form(&leaf.text, self.lists.words(&sought.words, Hold::Printed, self.forms)?)?
            }
            Form::Word => {
                self.lists.words(&sought.words, if leaf.part.is_some() { Hold::Whole } else { hold }, self.forms)?
            }
        };
        if leaf.part == Some(Part::Title) && !leaf.form.is_loose() {
            bits.and(&self.lists.in_title(&sought.words)?);
            // what takes one place stands in a title where the title's own list has it
            if places(&sought.words).len() == 1 {
                return Ok(Some(bits));
            }
        }
        if leaf.part.is_some() {
            return self.standing(&Node::Leaf(leaf.clone()), Some(bits));
        }
        if sought.is_open() {
            self.add_said(leaf.number, hold, wished, &mut bits);
        }
        Ok(Some(bits))
    }

    /// Of `candidates` the articles in which the node stands as it should.
    fn standing(&self, node: &Node, candidates: Option<Bits>) -> tantivy::Result<Option<Bits>> {
        let Some(mut bits) = candidates.filter(|bits| !bits.is_empty()) else { return Ok(Some(self.lists.none())) };
        let articles = bits.count() as usize;
        let mut standing = Standing::new(self.lists.reader, self.lists.ord, self.sought, articles);
        bits.retain(|doc| Ok::<_, tantivy::TantivyError>(!standing.stretches(node, doc)?.is_empty()))?;
        Ok(Some(bits))
    }

    /// Adds the articles that say a word in other words. A word that is insisted on must be said as a whole: each of its
    /// parts by something that stands in it alone.
    fn add_said(&self, number: usize, hold: Hold, wished: bool, bits: &mut Bits) {
        let within = || self.said.iter().filter(|said| said.leaves == (number..number + 1));
        let add = |said: &Said| said.lists[self.lists.ord].iter().for_each(|&(doc, _)| bits.insert(doc));
        if hold == Hold::Any {
            return self.said.iter().filter(|said| said.leaves.contains(&number)).for_each(add);
        }
        if wished {
            return within().for_each(add);
        }
        let tokens = self.sought.leaves[number].words.iter().flat_map(|word| word.terms(Evidence::Word));
        let parts = tokens.map(|token| {
            let mut part = self.lists.none();
            let says = |said: &&Said| said.span.start <= token.span.start && said.span.end >= token.span.end;
            within()
                .filter(says)
                .for_each(|said| said.lists[self.lists.ord].iter().for_each(|&(doc, _)| part.insert(doc)));
            part
        });
        if let Some(whole) = all_of(parts) {
            bits.or(&whole);
        }
    }
}
