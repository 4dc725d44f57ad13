//! Words of the user's that are typed with spaces: one leaf for what stands side by side in a query and is one word.

use super::ast::{Clause, Form, Leaf, Node, Occur};
use super::correct::articles;
use super::sought::Sought;
use crate::analyze::chunk::chunks;
use crate::analyze::cut::Cut;
use crate::analyze::words::USER;
use crate::analyze::{Evidence, Span, Token, Worker};
use crate::store::reader::Reader;

/// Where no article holds a word of the user's that has spaces, what it is made of is looked for, as if it were no word.
pub fn take_apart(sought: &mut Sought, reader: &Reader, worker: &Worker) -> tantivy::Result<()> {
    let Some(words) = worker.words().filter(|words| words.have_parts()) else { return Ok(()) };
    for word in sought.leaves.iter_mut().flat_map(|leaf| &mut leaf.words) {
        let spaced = |it: &&Token| it.tag == USER && words.word(&it.term).is_some_and(|word| word.parts() > 1);
        let Some(entry) = word.terms(Evidence::Word).find(spaced).cloned() else { continue };
        if articles(&entry.term, reader, |lang| reader.fields.of(lang).text)? == 0 {
            word.tokens.retain(|token| token.tag != USER);
            word.tokens.append(&mut word.parts);
            word.tokens.sort_by_key(|token| token.position);
        }
    }
    Ok(())
}

/// Makes one leaf of plain words that stand side by side and that articles would hold as one word.
pub fn join(root: &mut Node, worker: &mut Worker) {
    if worker.words().is_some_and(|words| words.have_parts()) {
        joined(root, worker);
        root.number_leaves(0);
    }
}

fn joined(node: &mut Node, worker: &mut Worker) {
    node.children_mut().for_each(|child| joined(child, worker));
    let Node::List(clauses) = node else { return };
    let mut out: Vec<Clause> = Vec::with_capacity(clauses.len());
    for side_by_side in clauses.chunk_by(|a, b| word(a).zip(word(b)).is_some_and(|(a, b)| a.boost == b.boost)) {
        let words: Option<Vec<&Leaf>> = side_by_side.iter().map(word).collect();
        let Some(words) = words else {
            out.extend_from_slice(side_by_side);
            continue;
        };
        let text = words.iter().map(|leaf| leaf.text.as_str()).collect::<Vec<_>>().join(" ");
        let mut cut = Cut::new(&text);
        let mut rest = side_by_side;
        while let Some((chunk, many)) = cut.next(worker) {
            let one = &rest[..many.min(rest.len())];
            rest = &rest[one.len()..];
            match one {
                [first, _, ..] => {
                    let leaf = Leaf { text: chunk.of(&text).to_owned(), spaced: true, ..words[0].clone() };
                    out.push(Clause { occur: first.occur, node: Node::Leaf(leaf) });
                }
                _ => out.extend_from_slice(one),
            }
        }
        out.extend_from_slice(rest);
    }
    *clauses = out;
}

/// The leaf of a clause that is a plain word without white space in it.
fn word(clause: &Clause) -> Option<&Leaf> {
    match &clause.node {
        Node::Leaf(leaf) if clause.occur == Occur::Should && leaf.form == Form::Word && leaf.part.is_none() => {
            Some(leaf).filter(|leaf| chunks(&leaf.text).eq([Span::new(0, leaf.text.len())]))
        }
        _ => None,
    }
}
