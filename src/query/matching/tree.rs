//! The nodes of the tree, each as the set of its articles.

use super::super::ast::{Clause, Form, Leaf, Node, Occur, Part};
use super::super::bits::{Bits, all_of, any_of};
use super::{Hold, Search};
use crate::analyze::Evidence;

impl Search<'_> {
    /// The articles of the whole query.
    pub fn root(&self, root: &Node) -> tantivy::Result<Bits> {
        let found = match root {
            Node::List(clauses) => self.list(clauses, self.wish)?,
            node => self.node(node)?,
        };
        Ok(found.unwrap_or_else(|| self.none()))
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
            Node::Filter(filter) => Some(self.matching(filter)?),
            Node::Near { parts, .. } | Node::AtLeast { parts, .. } | Node::SameParagraph(parts) => all_of(each(parts)?),
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
            found = Some(Bits::full(self.segment.max_doc()));
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
            said.lists[self.ord].iter().for_each(|&(doc, _)| any.insert(doc));
        }
    }

    /// The articles of a leaf, which is `wished` for or insisted on.
    fn leaf(&self, leaf: &Leaf, hold: Hold, wished: bool) -> tantivy::Result<Option<Bits>> {
        let sought = &self.sought.leaves[leaf.number];
        if sought.words.is_empty() {
            return Ok(None);
        }
        let mut bits = match leaf.form {
            Form::Phrase { .. } => self.phrase(&sought.words)?,
            _ => self.words(&sought.words, hold)?,
        };
        if leaf.part == Some(Part::Title) {
            bits.and(&self.in_title(&sought.words)?);
        }
        if sought.is_open() {
            self.add_said(leaf.number, hold, wished, &mut bits);
        }
        Ok(Some(bits))
    }

    /// Adds the articles that say a word in other words. A word that is insisted on must be said as a whole: each of its
    /// parts by something that stands in it alone.
    fn add_said(&self, number: usize, hold: Hold, wished: bool, bits: &mut Bits) {
        let within = || self.said.iter().filter(|said| said.leaves == (number..number + 1));
        let add = |said: &super::Said| said.lists[self.ord].iter().for_each(|&(doc, _)| bits.insert(doc));
        if hold == Hold::Any {
            return self.said.iter().filter(|said| said.leaves.contains(&number)).for_each(add);
        }
        if wished {
            return within().for_each(add);
        }
        let tokens = self.sought.leaves[number].words.iter().flat_map(|word| word.terms(Evidence::Word));
        let parts = tokens.map(|token| {
            let mut part = self.none();
            let says = |said: &&super::Said| said.span.start <= token.span.start && said.span.end >= token.span.end;
            within().filter(says).for_each(|said| said.lists[self.ord].iter().for_each(|&(doc, _)| part.insert(doc)));
            part
        });
        if let Some(whole) = all_of(parts) {
            bits.or(&whole);
        }
    }
}
