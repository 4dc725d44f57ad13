//! Which stretches of a text are marked for a query, and what each of them is.

use tantivy::DocAddress;

use super::search::Ranked;
use crate::analyze::script::{Script, script_of};
use crate::jobs::Jobs;
use crate::present::highlight::{Mark, MarkKind, in_code_points, stretches};
use crate::query::ast::Node;
use crate::query::matching::standing::Standing;
use crate::query::sought::Sought;
use crate::rank::occurrences::{Occurrence, occurrences};
use crate::rank::slot::drop_strays;
use crate::store::reader::Reader;

/// Marked stretches in Unicode code points of their text, and what each of them is.
pub(super) type Marked = (Vec<[usize; 2]>, Vec<MarkKind>);

impl Ranked {
    /// Where the words of the query stand in each article, as far as they are to be marked: not a word of a phrase that
    /// stands alone.
    pub(super) fn occurrences(
        &self,
        reader: &Reader,
        addresses: &[DocAddress],
        jobs: Jobs,
    ) -> tantivy::Result<Vec<Vec<Occurrence>>> {
        let mut found = match self.known.of(addresses) {
            Some(found) => found,
            None => occurrences(reader, &self.weighed, addresses, jobs)?,
        };
        let has_eras = self.has_eras();
        for (found, address) in found.iter_mut().zip(addresses) {
            let day = if has_eras { reader.day(*address)? } else { None };
            drop_strays(found, &self.weighed, &self.slots, day);
        }
        let mut placed = Placed::default();
        placed.add(&self.query.root, &self.sought);
        if placed.nodes.is_empty() {
            return Ok(found);
        }
        let strays: Vec<bool> = self.weighed.iter().map(|clue| placed.binds(&clue.clue.term)).collect();
        for (found, address) in found.iter_mut().zip(addresses) {
            let mut standing = Standing::new(reader, address.segment_ord as usize, &self.sought, 1);
            let mut stretches = Vec::new();
            for node in &placed.nodes {
                stretches.extend(standing.stretches(node, address.doc_id)?);
            }
            found.retain(|at| {
                !strays[usize::from(at.clue)] || stretches.iter().any(|stretch| stretch.contains(&at.position))
            });
        }
        Ok(found)
    }

    /// True where something is looked for that only articles of some days can say.
    fn has_eras(&self) -> bool {
        self.slots.iter().flat_map(|slot| &slot.slot.variants).any(|variant| variant.days.is_some())
    }

    /// What `text` shows of its marks.
    pub(super) fn marked(&self, text: &str, marks: &[Mark]) -> Marked {
        let of = |mark: &Mark| (self.weighed[usize::from(mark.wanted)].clue.word, self.kind(mark, text));
        let (spans, kinds): (Vec<_>, Vec<_>) = stretches(text, marks, of).into_iter().unzip();
        (in_code_points(text, &spans), kinds)
    }

    fn kind(&self, mark: &Mark, text: &str) -> MarkKind {
        let clue = &self.weighed[usize::from(mark.wanted)];
        let has_hanja = |text: &str| text.chars().any(|ch| script_of(ch) == Script::Hanja);
        let asked = || self.sought.leaves.iter().flat_map(|leaf| &leaf.forms).flat_map(|form| &form.words);
        if clue.factor == 0.0 && !asked().any(|word| word.tokens.iter().any(|it| it.term == clue.clue.term)) {
            MarkKind::Translation
        } else if has_hanja(mark.span.of(text)) && !has_hanja(&clue.clue.term) {
            MarkKind::Hanja
        } else {
            MarkKind::Word
        }
    }
}

/// The parts of a query that must stand somewhere, and the terms they bind.
#[derive(Default)]
struct Placed<'q> {
    nodes: Vec<&'q Node>,
    bound: Vec<&'q str>,
    free: Vec<&'q str>,
}

impl<'q> Placed<'q> {
    fn add(&mut self, node: &'q Node, sought: &'q Sought) {
        if node.has_places() {
            self.nodes.push(node);
            terms(node, sought, &mut self.bound);
        } else if let Node::Leaf(_) = node {
            terms(node, sought, &mut self.free);
        }
        let inside = node.children().filter(|(_, excluded)| !excluded && !node.has_places());
        inside.for_each(|(child, _)| self.add(child, sought));
    }

    /// True for a term that is only asked for where it stands right.
    fn binds(&self, term: &str) -> bool {
        self.bound.contains(&term) && !self.free.contains(&term)
    }
}

/// The terms of all leaves of a node.
fn terms<'q>(node: &Node, sought: &'q Sought, out: &mut Vec<&'q str>) {
    if let Node::Leaf(leaf) = node {
        let leaf = &sought.leaves[leaf.number];
        let words = leaf.words.iter().chain(leaf.forms.iter().flat_map(|form| &form.words));
        out.extend(words.flat_map(|word| &word.tokens).map(|token| token.term.as_str()));
    }
    node.children().for_each(|(child, _)| terms(child, sought, out));
}
