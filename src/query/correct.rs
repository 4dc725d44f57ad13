//! What is read anew of a query. Here: words that were typed in the wrong layout of the keyboard: `qnrgks` for 북한, `ㅊㅅㅠㅅ` for ctbt.
//!
//! A word is read anew only if no article holds it and some article holds what the same keys give in the other layout. Which
//! words come into question shows without the index: Latin letters that make whole syllables, Hangul with letters standing
//! alone. Whatever else is typed costs no look-up. Quotes and `=` insist, and so does what names a part of the article.

use std::fmt;
use std::ops::Range;

use tantivy::Term;
use tantivy::schema::Field;

use super::ast::{Clause, Form, Leaf, Node};
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

/// Words of the query that are read as others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The leaves, by their numbers in the tree: one, or neighbours of a list that make one word.
    pub leaves: Range<usize>,
    /// As typed.
    pub from: String,
    /// A word, or several with a space between them.
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
    let open = sought.leaves.iter().filter(|leaf| leaf.is_open() && !leaf.has_user_word());
    for SoughtLeaf { leaf, words, .. } in open {
        let Some(to) = in_other_layout(&leaf.text) else { continue };
        if !is_held(words, reader)? && is_printed(&words_of(&to, 0, &mut Joiner::default(), worker), reader)? {
            out.push(Fix { leaves: leaf.number..leaf.number + 1, from: leaf.text.clone(), to, reason: Reason::Layout });
        }
    }
    Ok(out)
}

/// Puts the corrected words into a tree, and numbers its leaves anew.
pub fn apply(root: &mut Node, fixes: &[Fix]) {
    correct(root, fixes);
    root.number_leaves(0);
}

fn correct(node: &mut Node, fixes: &[Fix]) {
    let fix_of = |leaf: &Leaf| fixes.iter().find(|fix| fix.leaves.contains(&leaf.number));
    match node {
        Node::Leaf(leaf) => {
            let Some(fix) = fix_of(leaf) else { return };
            if fix.to.contains(' ') {
                // where one word stands, two of them are a phrase
                leaf.form = Form::Phrase { slop: 0 };
            }
            leaf.text.clone_from(&fix.to);
        }
        Node::List(clauses) => {
            let mut out = Vec::with_capacity(clauses.len());
            for mut clause in std::mem::take(clauses) {
                match &clause.node {
                    Node::Leaf(leaf) => match fix_of(leaf) {
                        Some(fix) if leaf.number == fix.leaves.start => out.extend(fix.to.split(' ').map(|word| {
                            let leaf = Leaf { text: word.to_owned(), ..leaf.clone() };
                            Clause { occur: clause.occur, node: Node::Leaf(leaf) }
                        })),
                        Some(_) => {}
                        None => out.push(clause),
                    },
                    _ => {
                        correct(&mut clause.node, fixes);
                        out.push(clause);
                    }
                }
            }
            *clauses = out;
        }
        _ => node.children_mut().for_each(|child| correct(child, fixes)),
    }
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

/// Articles that print a form, in either language.
pub(super) fn printed(form: &str, reader: &Reader) -> tantivy::Result<u64> {
    articles(form, reader, |lang| reader.fields.of(lang).exact)
}

/// Articles that hold a term in a field of either language.
pub(super) fn articles(term: &str, reader: &Reader, field: impl Fn(Lang) -> Field) -> tantivy::Result<u64> {
    [Lang::Ko, Lang::En]
        .into_iter()
        .try_fold(0, |sum, lang| Ok(sum + reader.searcher.doc_freq(&Term::from_field_text(field(lang), term))?))
}

/// True where articles hold a form or a stem of any of the words.
fn is_held(words: &[QueryWord], reader: &Reader) -> tantivy::Result<bool> {
    for token in words.iter().flat_map(|word| &word.tokens) {
        let articles = match token.evidence {
            Evidence::Exact => printed(&token.term, reader)?,
            Evidence::Word => articles(&token.term, reader, |lang| reader.fields.of(lang).text)?,
            Evidence::Bigram => 0,
        };
        if articles > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// True where articles print all of the words.
fn is_printed(words: &[QueryWord], reader: &Reader) -> tantivy::Result<bool> {
    let mut forms = words.iter().flat_map(|word| word.terms(Evidence::Exact)).peekable();
    if forms.peek().is_none() {
        return Ok(false);
    }
    for form in forms {
        if printed(&form.term, reader)? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
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
