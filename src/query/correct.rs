//! What is read anew of a query. Here: words that were typed in the wrong layout of the keyboard: `qnrgks` for 북한, `ㅊㅅㅠㅅ` for ctbt.
//!
//! A word is read anew only if no article holds it and some article holds what the same keys give in the other layout. Which
//! words come into question shows without the index: Latin letters that make whole syllables, Hangul with letters standing
//! alone. Whatever else is typed costs no look-up. Quotes and `=` insist, and so does what names a part of the article.

use std::fmt;

use tantivy::Term;

use super::ast::Node;
use super::sought::{Sought, SoughtLeaf};
use super::words::words_of;
use crate::analyze::jamo::is_jamo;
use crate::analyze::keyboard::{in_hangul, in_latin};
use crate::analyze::number::Joiner;
use crate::analyze::{Evidence, Worker};
use crate::article::Lang;
use crate::rank::evidence::QueryWord;
use crate::store::reader::Reader;

/// Fewer strokes than these are too little to tell by.
const FEWEST: usize = 3;

/// A word of the query that is read as another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The leaf, by its number in the tree.
    pub leaf: usize,
    /// As typed; nothing where another fix says it.
    pub from: String,
    /// Nothing where the word is part of another one.
    pub to: String,
    pub reason: Reason,
}

/// What was taken for a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Layout,
    Spelling,
    Spacing,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Layout => "keyboard layout",
            Reason::Spelling => "spelling",
            Reason::Spacing => "spacing",
        })
    }
}

/// The words of a query that are read anew.
pub fn fixes(sought: &Sought, reader: &Reader, worker: &mut Worker) -> tantivy::Result<Vec<Fix>> {
    let mut out = Vec::new();
    for SoughtLeaf { leaf, words, .. } in sought.leaves.iter().filter(|leaf| leaf.is_open()) {
        let Some(to) = in_other_layout(&leaf.text) else { continue };
        if !is_held(words, reader, false)? && is_held(&words_of(&to, 0, &mut Joiner::default(), worker), reader, true)?
        {
            out.push(Fix { leaf: leaf.number, from: leaf.text.clone(), to, reason: Reason::Layout });
        }
    }
    Ok(out)
}

/// Puts the corrected words into the tree.
pub fn apply(node: &mut Node, fixes: &[Fix]) {
    if let Node::Leaf(leaf) = node
        && let Some(fix) = fixes.iter().find(|fix| fix.leaf == leaf.number)
    {
        leaf.text.clone_from(&fix.to);
    }
    if let Node::List(clauses) = node {
        let gone = |node: &Node| matches!(node, Node::Leaf(leaf) if fixes.iter().any(|fix| fix.leaf == leaf.number && fix.to.is_empty()));
        clauses.retain(|clause| !gone(&clause.node));
    }
    node.children_mut().for_each(|child| apply(child, fixes));
}

/// What a word is in the other layout, if that may be what was meant.
fn in_other_layout(text: &str) -> Option<String> {
    if text.chars().count() < FEWEST && !text.chars().any(is_jamo) {
        return None;
    }
    let whole = |hangul: &String| !hangul.chars().any(is_jamo);
    match in_hangul(text) {
        Some(hangul) => Some(hangul).filter(whole),
        None => in_latin(text).filter(|latin| text.chars().any(is_jamo) && latin.len() >= FEWEST),
    }
}

/// True where articles hold printed forms of the words: `all` of them, or any; a stem counts as well where any will do.
fn is_held(words: &[QueryWord], reader: &Reader, all: bool) -> tantivy::Result<bool> {
    let mut printed = 0;
    for token in words.iter().flat_map(|word| &word.tokens) {
        let field = |lang| match token.evidence {
            Evidence::Exact => Some(reader.fields.of(lang).exact),
            Evidence::Word if !all => Some(reader.fields.of(lang).text),
            _ => None,
        };
        let mut articles = 0;
        for field in [Lang::Ko, Lang::En].into_iter().filter_map(field) {
            articles += reader.searcher.doc_freq(&Term::from_field_text(field, &token.term))?;
        }
        match (token.evidence, all) {
            (Evidence::Exact, true) if articles == 0 => return Ok(false),
            (Evidence::Exact, true) => printed += 1,
            (_, false) if articles > 0 => return Ok(true),
            _ => {}
        }
    }
    Ok(all && printed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_into_question() {
        let rows = [
            ("qnrgks", Some("북한")),
            ("ㅊㅅㅠㅅ", Some("ctbt")),
            ("ㅊ슛", Some("ctbt")),
            ("withdrawal", None),
            ("nuclear", None),
            ("북한", None),
            ("rk", None),
            ("ㅂㅎ", None),
            ("K9", None),
        ];
        for (typed, meant) in rows {
            assert_eq!(in_other_layout(typed).as_deref(), meant, "{typed}");
        }
    }
}
