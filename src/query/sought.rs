//! The leaves of a query, analysed: what is looked for.
//!
//! Their texts stand one behind the other in one text, and spans of words count in it: signs and brackets are gone, and
//! what a reader typed side by side can be read together.

use std::ops::Range;

use super::ast::{Form, Leaf, Node, Occur};
use super::forms::LikeForm;
use super::words::{FormLangs, words_of};
use crate::analyze::Worker;
use crate::analyze::number::Joiner;
use crate::analyze::words::USER;
use crate::rank::evidence::QueryWord;

/// A leaf with its words.
#[derive(Debug, Clone)]
pub struct SoughtLeaf {
    pub leaf: Leaf,
    /// Where its text starts in [`Sought::text`].
    pub at: usize,
    pub words: Vec<QueryWord>,
    /// The words of the archive that it stands for, of a pattern or a word with `~`.
    pub forms: Vec<LikeForm>,
    /// True where articles with it are left out.
    pub excluded: bool,
    /// Words side by side are read together: those of one run.
    run: usize,
}

/// All leaves of a query, by their numbers.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    pub text: String,
    pub leaves: Vec<SoughtLeaf>,
}

impl SoughtLeaf {
    /// True for a word that may be called something else.
    pub fn is_open(&self) -> bool {
        self.leaf.form == Form::Word && self.leaf.part.is_none() && !self.excluded
    }

    /// True where the user says that it is a word: there is nothing to correct.
    pub fn has_user_word(&self) -> bool {
        self.words.iter().flat_map(|word| &word.tokens).any(|token| token.tag == USER)
    }
}

impl Sought {
    pub fn new(root: &Node, worker: &mut Worker) -> Sought {
        let mut sought = Sought::default();
        let mut runs = 0;
        sought.add(root, false, &mut runs, &mut Joiner::default(), worker);
        sought
    }

    fn add(&mut self, node: &Node, excluded: bool, run: &mut usize, joiner: &mut Joiner, worker: &mut Worker) {
        if let Node::Leaf(leaf) = node {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            let at = self.text.len();
            self.text += &leaf.text;
            let open = leaf.form.is_loose();
            let mut words = if open { Vec::new() } else { words_of(&leaf.text, at, joiner, worker) };
            words.iter_mut().for_each(|word| word.weight *= leaf.boost);
            let leaf = SoughtLeaf { leaf: leaf.clone(), at, words, forms: Vec::new(), excluded, run: *run };
            // what is quoted or left out stands by itself
            *run += usize::from(!leaf.is_open());
            self.leaves.push(leaf);
            return;
        }
        let side_by_side = matches!(node, Node::List(_));
        for (child, not) in node.children() {
            if !side_by_side || !matches!(child, Node::Leaf(_)) {
                *run += 1;
                self.add(child, excluded != not, run, &mut Joiner::default(), worker);
                *run += 1;
            } else {
                self.add(child, excluded != not, run, joiner, worker);
            }
        }
    }

    /// The words that articles should hold, in order.
    pub fn wanted(&self) -> Vec<QueryWord> {
        self.words().cloned().collect()
    }

    fn words(&self) -> impl Iterator<Item = &QueryWord> + Clone {
        self.leaves.iter().filter(|leaf| !leaf.excluded).flat_map(|leaf| &leaf.words)
    }

    /// In which languages' articles the printed forms of these words are looked for.
    pub fn forms(&self) -> FormLangs {
        FormLangs::new(self.words())
    }

    /// True where these are open leaves that stand side by side.
    pub fn side_by_side(&self, leaves: Range<usize>) -> bool {
        let leaves = self.leaves.get(leaves).unwrap_or_default();
        leaves.first().is_some_and(|first| leaves.iter().all(|leaf| leaf.is_open() && leaf.run == first.run))
    }

    /// Open leaves that stand side by side.
    pub fn runs(&self) -> impl Iterator<Item = &[SoughtLeaf]> {
        self.leaves.chunk_by(|a, b| a.is_open() && b.is_open() && a.run == b.run).filter(|run| run[0].is_open())
    }
}

/// The words that are no more than wished for at the root of a query.
pub fn wishes<'n>(root: &'n Node) -> impl Iterator<Item = &'n Leaf> {
    let clauses: &'n [_] = if let Node::List(clauses) = root { clauses } else { &[] };
    clauses.iter().filter(|clause| clause.occur == Occur::Should).filter_map(|clause| match &clause.node {
        Node::Leaf(leaf) => Some(leaf),
        _ => None,
    })
}
