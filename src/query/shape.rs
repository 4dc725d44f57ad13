//! One shape for trees that mean the same, so that what is printed parses to what it was printed from.
//!
//! Lists inside lists, and joins inside joins of the same sign, become part of what they lie in where nothing changes by it.

use super::ast::{Clause, Form, Leaf, Node, Occur};

/// A list of nothing.
pub(super) const NOTHING: Node = Node::List(Vec::new());

pub(super) fn is_empty(node: &Node) -> bool {
    *node == NOTHING
}

pub(super) fn word(text: String) -> Node {
    Node::Leaf(Leaf::new(text, Form::Word, 1.0))
}

/// A clause whose node is required where it is more than a word.
pub(super) fn clause(occur: Occur, node: Node) -> Clause {
    let occur = if occur == Occur::Should && !node.is_plain() { Occur::Must } else { occur };
    Clause { occur, node }
}

/// Adds to a list; lists of wishes inside it, and lists of demands, become part of it.
pub(super) fn add(clauses: &mut Vec<Clause>, occur: Occur, node: Node) {
    let all = |inner: &[Clause], occur: Occur| inner.iter().all(|clause| clause.occur == occur);
    match node {
        Node::List(inner) if inner.is_empty() => {}
        Node::List(inner) if occur == Occur::Should && (inner.len() == 1 || all(&inner, Occur::Should)) => {
            clauses.extend(inner);
        }
        Node::List(inner) if occur != Occur::MustNot && inner.len() > 1 && all(&inner, Occur::Must) => {
            clauses.extend(inner);
        }
        node => clauses.push(clause(occur, bare(node))),
    }
}

/// The node of a list of one that is not excluded, for itself.
pub(super) fn bare(node: Node) -> Node {
    match node {
        Node::List(mut clauses) if clauses.len() == 1 && clauses[0].occur != Occur::MustNot => clauses.remove(0).node,
        node => node,
    }
}

/// Nodes joined by one sign; what is joined by the same sign inside becomes part of it.
pub(super) fn joined(nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    let mut flat = Vec::with_capacity(nodes.len());
    for node in nodes.into_iter().map(bare).filter(|node| !is_empty(node)) {
        match (node, join(Vec::new())) {
            (Node::All(inner), Node::All(_)) | (Node::Any(inner), Node::Any(_)) => flat.extend(inner),
            (node, _) => flat.push(node),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { join(flat) }
}

pub(super) fn has_places(node: &Node) -> bool {
    match node {
        Node::Leaf(_) | Node::Near { .. } => true,
        Node::Any(nodes) => nodes.iter().all(has_places),
        Node::List(clauses) => {
            !clauses.is_empty() && clauses.iter().all(|it| it.occur != Occur::MustNot && has_places(&it.node))
        }
        _ => false,
    }
}

/// A list of words that stands where one place is asked for: any of them.
pub(super) fn chosen(node: Node) -> Node {
    match node {
        Node::List(clauses) => joined(clauses.into_iter().map(|clause| chosen(clause.node)).collect(), Node::Any),
        Node::Any(nodes) => joined(nodes.into_iter().map(chosen).collect(), Node::Any),
        node => node,
    }
}
