//! Tokens into the tree: `OR` binds loosest, then `AND`, then standing side by side, then `NEAR`.
//!
//! In a list plain words are wished for; whatever is more than a word (a phrase, a bracket with signs in it, a field, an exact
//! form) is insisted on, since typing it takes trouble. Nothing is an error: signs that have nothing to work on are
//! words, brackets without partner are left out, and both are remarked on.

use std::fmt;

use super::ast::{Clause, Node, Occur, Part};
use super::brackets::balanced;
use super::dates::Today;
use super::lexer::{Token, Values, lex};
use super::shape::{NOTHING, add, bare, chosen, clause, has_places, is_empty, joined, word};
use crate::analyze::Span;
use crate::analyze::script::is_word;

/// The most words and phrases of a query; what comes after them is left out.
pub const MAX_LEAVES: usize = 512;
/// The most remarks on one query.
const MAX_REMARKS: usize = 8;

/// A query as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub root: Node,
    /// What was not taken as it may have been meant, a line each.
    pub remarks: Vec<String>,
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

/// Reads `query`; days such as `어제` are counted from `today`. Never fails.
pub fn parse(query: &str, today: Today) -> Query {
    let lexed = lex(query, today);
    let mut remarks = lexed.remarks;
    let tokens = balanced(lexed.tokens, &mut remarks);
    let mut parser = Parser { query, tokens, at: 0, leaves: 0, remarks };
    let mut root = parser.any();
    root.number_leaves(0);
    let Parser { leaves, mut remarks, .. } = parser;
    if leaves > MAX_LEAVES {
        let left_out = leaves - MAX_LEAVES;
        remarks.insert(0, format!("{MAX_LEAVES} words are looked for; the other {left_out} are left out"));
    }
    if remarks.len() > MAX_REMARKS {
        let more = remarks.len() - MAX_REMARKS;
        remarks.truncate(MAX_REMARKS);
        remarks.push(format!("and {more} more like these"));
    }
    Query { root, remarks }
}

/// Every word of `text`, none of them required and no sign in them: a pasted headline, a test query.
pub fn plain(text: &str) -> Query {
    let words = text.split_whitespace().filter(|word| word.contains(is_word)).take(MAX_LEAVES);
    let clauses = words.map(|text| Clause { occur: Occur::Should, node: word(text.to_owned()) });
    let mut root = Node::List(clauses.collect());
    root.number_leaves(0);
    Query { root, remarks: Vec::new() }
}

struct Parser<'q> {
    query: &'q str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    leaves: usize,
    remarks: Vec<String>,
}

/// What fields and boosts around a node ask of its leaves.
#[derive(Debug, Clone, Copy)]
enum Asked {
    In(Part),
    Values(Values),
    Boost(f32),
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Takes the next token if it is `token`.
    fn takes(&mut self, token: &Token) -> bool {
        let is = self.peek() == Some(token);
        self.at += usize::from(is);
        is
    }

    /// True where an operand begins.
    fn begins_operand(&self) -> bool {
        !matches!(self.peek(), None | Some(Token::Close(_) | Token::And | Token::Or | Token::Near(_)))
    }

    /// Reads the sign at `at` as the word it is typed as.
    fn stray(&mut self, at: usize) -> Node {
        let typed = self.tokens[at].1.of(self.query).to_owned();
        self.remarks.push(format!("{typed}: nothing stands {} it; read as a word", self.lacks(at)));
        self.leaf(word(typed))
    }

    fn lacks(&self, at: usize) -> &'static str {
        let before = at.checked_sub(1).map(|before| &self.tokens[before].0);
        match before {
            Some(Token::Leaf(_) | Token::Filter(_) | Token::Close(_)) => "behind",
            _ => "before",
        }
    }

    fn any(&mut self) -> Node {
        self.joined(&Token::Or, Parser::all, Node::Any)
    }

    fn all(&mut self) -> Node {
        self.joined(&Token::And, Parser::list, Node::All)
    }

    /// Operands with `sign` between them; a sign without an operand on both sides is a word beside its neighbour.
    fn joined(&mut self, sign: &Token, operand: fn(&mut Self) -> Node, join: fn(Vec<Node>) -> Node) -> Node {
        let mut nodes = vec![operand(self)];
        while self.takes(sign) {
            let at = self.at - 1;
            let lonely = nodes.last().is_some_and(is_empty);
            let next = if lonely { NOTHING } else { operand(self) };
            if is_empty(&next) {
                let stray = self.stray(at);
                let rest = operand(self);
                let mut clauses = match nodes.pop() {
                    Some(Node::List(clauses)) => clauses,
                    Some(node) => vec![clause(Occur::Should, node)],
                    None => Vec::new(),
                };
                add(&mut clauses, Occur::Should, stray);
                add(&mut clauses, Occur::Should, rest);
                nodes.push(Node::List(clauses));
            } else {
                nodes.push(next);
            }
        }
        if nodes.len() == 1 { nodes.remove(0) } else { joined(nodes, join) }
    }

    /// Clauses side by side.
    fn list(&mut self) -> Node {
        let mut clauses = Vec::new();
        loop {
            let mut occur = Occur::Should;
            let mut not = None;
            loop {
                match self.peek() {
                    Some(Token::Plus) => occur = Occur::Must,
                    Some(Token::Minus) => occur = Occur::MustNot,
                    Some(Token::Not) => {
                        occur = Occur::MustNot;
                        not = Some(self.at);
                    }
                    _ => break,
                }
                self.at += 1;
            }
            if self.begins_operand() {
                let node = self.near();
                add(&mut clauses, occur, node);
                continue;
            }
            // a NOT at the end, a NEAR at the start
            let near = matches!(self.peek(), Some(Token::Near(_))).then_some(self.at);
            self.at += usize::from(near.is_some());
            for at in not.into_iter().chain(near) {
                let stray = self.stray(at);
                add(&mut clauses, Occur::Should, stray);
            }
            if near.is_none() {
                return Node::List(clauses);
            }
        }
    }

    /// `a NEAR/5 b NEAR/5 c`: one distance for all of them.
    fn near(&mut self) -> Node {
        let first = self.unit();
        let Some(&Token::Near(within)) = self.peek() else { return first };
        let mut parts = vec![first];
        let mut stray = None;
        while let Some(&Token::Near(other)) = self.peek() {
            if other != within {
                self.remarks.push(format!("NEAR/{other}: read as NEAR/{within}, like the one before it"));
            }
            self.at += 1;
            if !self.begins_operand() || matches!(self.peek(), Some(Token::Plus | Token::Minus | Token::Not)) {
                stray = Some(self.stray(self.at - 1));
                break;
            }
            parts.push(self.unit());
        }
        let parts: Vec<Node> = parts.into_iter().filter(|part| !is_empty(part)).collect();
        let near = match self.placed(parts, "NEAR") {
            Ok(mut parts) if parts.len() == 1 => parts.remove(0),
            Ok(parts) if parts.is_empty() => NOTHING,
            Ok(parts) => Node::Near { parts, within },
            Err(parts) => joined(parts, Node::All),
        };
        let Some(stray) = stray else { return near };
        let mut clauses = Vec::new();
        add(&mut clauses, Occur::Should, near);
        add(&mut clauses, Occur::Should, stray);
        Node::List(clauses)
    }

    /// The parts as leaves and choices of leaves, which have places; else all of them as they are, with a remark.
    fn placed(&mut self, parts: Vec<Node>, what: &str) -> Result<Vec<Node>, Vec<Node>> {
        if parts.iter().all(has_places) {
            return Ok(parts.into_iter().map(chosen).collect());
        }
        self.remarks.push(format!("{what} takes words, phrases and ORs of them; read as AND"));
        Err(parts)
    }

    fn unit(&mut self) -> Node {
        let Some((token, span)) = self.tokens.get(self.at).cloned() else { return NOTHING };
        self.at += 1;
        match token {
            Token::Leaf(leaf) => self.leaf(Node::Leaf(leaf)),
            Token::Filter(filter) => self.leaf(Node::Filter(filter)),
            Token::In(part) => {
                let node = self.unit();
                self.asked(node, Asked::In(part))
            }
            Token::Values(values) => {
                let node = self.unit();
                self.asked(node, Asked::Values(values))
            }
            Token::Open => {
                let node = self.any();
                let boost = self.closed();
                self.asked(node, Asked::Boost(boost))
            }
            Token::AtLeast(times) => {
                let parts = self.parts();
                let boost = self.closed();
                let node = match self.placed(parts, "ATLEAST") {
                    Ok(parts) if parts.is_empty() => NOTHING,
                    Ok(parts) => match joined(parts, Node::Any) {
                        Node::Any(parts) => Node::AtLeast { times, parts },
                        part => Node::AtLeast { times, parts: vec![part] },
                    },
                    Err(parts) => joined(parts, Node::All),
                };
                self.asked(node, Asked::Boost(boost))
            }
            Token::SameParagraph => {
                let parts = self.parts();
                let boost = self.closed();
                let node = match self.placed(parts, "SAMEPARA") {
                    Ok(parts) if parts.is_empty() => NOTHING,
                    Ok(parts) => Node::SameParagraph(parts),
                    Err(parts) => joined(parts, Node::All),
                };
                self.asked(node, Asked::Boost(boost))
            }
            // a sign before a sign: as a word, where it is written in letters
            _ => match span.of(self.query) {
                typed if typed.contains(is_word) => self.leaf(word(typed.to_owned())),
                _ => NOTHING,
            },
        }
    }

    /// Counts a leaf; one too many is left out.
    fn leaf(&mut self, leaf: Node) -> Node {
        self.leaves += 1;
        if self.leaves > MAX_LEAVES { NOTHING } else { leaf }
    }

    /// What stands in a bracket, each by itself.
    fn parts(&mut self) -> Vec<Node> {
        match bare(self.any()) {
            Node::List(clauses) if clauses.iter().all(|it| it.occur != Occur::MustNot) => {
                clauses.into_iter().map(|clause| clause.node).collect()
            }
            Node::All(nodes) => nodes,
            node => vec![node],
        }
    }

    /// The closing bracket, which is there since brackets are balanced.
    fn closed(&mut self) -> f32 {
        match self.peek() {
            Some(&Token::Close(boost)) => {
                self.at += 1;
                boost
            }
            _ => 1.0,
        }
    }

    /// Hands what a field or boost asks down to the leaves.
    fn asked(&mut self, node: Node, asked: Asked) -> Node {
        let each = |parser: &mut Self, nodes: Vec<Node>| -> Vec<Node> {
            nodes.into_iter().map(|node| parser.asked(node, asked)).collect()
        };
        match node {
            Node::Leaf(mut leaf) => match asked {
                Asked::In(part) => {
                    leaf.part.get_or_insert(part);
                    Node::Leaf(leaf)
                }
                Asked::Boost(boost) => {
                    leaf.boost = (leaf.boost * boost).min(super::lexer::MOST_BOOST);
                    Node::Leaf(leaf)
                }
                Asked::Values(values) => Node::Filter(values.filter(leaf.text)),
            },
            Node::List(clauses) => {
                let chosen = matches!(asked, Asked::Values(_)) && clauses.len() > 1;
                if chosen && clauses.iter().all(|clause| clause.occur == Occur::Should) {
                    // any of the values
                    let nodes = clauses.into_iter().map(|clause| clause.node).collect();
                    return joined(each(self, nodes), Node::Any);
                }
                let mut out = Vec::with_capacity(clauses.len());
                for Clause { occur, node } in clauses {
                    let node = self.asked(node, asked);
                    add(&mut out, occur, node);
                }
                Node::List(out)
            }
            Node::All(nodes) => joined(each(self, nodes), Node::All),
            Node::Any(nodes) => joined(each(self, nodes), Node::Any),
            Node::Near { parts, .. } | Node::AtLeast { parts, .. } | Node::SameParagraph(parts)
                if matches!(asked, Asked::Values(_)) =>
            {
                joined(each(self, parts), Node::All)
            }
            Node::Near { parts, within } => Node::Near { parts: each(self, parts), within },
            Node::AtLeast { times, parts } => Node::AtLeast { times, parts: each(self, parts) },
            Node::SameParagraph(parts) => Node::SameParagraph(each(self, parts)),
            Node::Filter(_) => node,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Today = Today::Stated(jiff::civil::date(2023, 12, 13));

    #[test]
    fn trees_print_as_understood() {
        let rows = [
            ("CTBT withdrawal", "CTBT withdrawal"),
            ("\"푸틴의 재선\" -일본", "+\"푸틴의 재선\" -일본"),
            ("+북한 “핵실험”", "+북한 +\"핵실험\""),
            ("- + -", ""),
            ("", ""),
            ("a AND b OR c", "(a AND b) OR c"),
            ("north korea AND test", "(north korea) AND test"),
            ("(북한 OR 러시아) AND 핵", "(북한 OR 러시아) AND 핵"),
            ("(북한 OR 러시아) 핵", "+(북한 OR 러시아) 핵"),
            ("(a b) c", "a b c"),
            ("a NOT b", "a -b"),
            ("a AND NOT b", "a AND -b"),
            ("a AND (b AND c)", "a AND b AND c"),
            ("(a OR b)^2 c", "+(a^2 OR b^2) c"),
            ("title:(a b)", "+title:a +title:b"),
            ("source:(한겨레 OR 경향) 북한", "(source:한겨레 OR source:경향) 북한"),
            ("date:2023-10..2023-12 북한", "date:2023-10-01..2023-12-31 북한"),
            ("date:last 7 days 북한", "date:2023-12-07..2023-12-13 북한"),
            ("북한 since:어제", "북한 since:2023-12-12"),
            ("source:\\:가 byline:가\\*", "source:\\:가 byline:가\\*"),
            ("a NEAR/5 b", "+(a NEAR/5 b)"),
            ("ATLEAST3(북한 OR 北)", "+ATLEAST3(북한 北)"),
            ("SAMEPARA(북한 AND 핵)", "+SAMEPARA(북한 핵)"),
            ("\"a b\"~3^2", "+\"a b\"~3^2"),
            ("=Apple 미사* wor?d 미사잉~1", "+=Apple 미사* wor?d 미사잉~1"),
            (
                "10:30 http://a.kr/x?y 3:2 삼성(Samsung) (주)교보 왜? 안녕~",
                "10:30 http://a.kr/x?y 3:2 삼성(Samsung) (주)교보 왜? 안녕~",
            ),
            ("\\AND a\\*b \\-c", "\\AND a\\*b \\-c"),
        ];
        for (typed, printed) in rows {
            let query = parse(typed, TODAY);
            assert_eq!((query.to_string().as_str(), query.remarks), (printed, Vec::new()), "{typed}");
        }
    }

    #[test]
    fn what_does_not_fit_is_text_and_said() {
        let rows = [
            ("AND 북한", "\\AND 북한", "AND: nothing stands before it; read as a word"),
            ("북한 OR", "북한 \\OR", "OR: nothing stands behind it; read as a word"),
            ("북한 NOT", "북한 \\NOT", "NOT: nothing stands behind it; read as a word"),
            ("NEAR/5 a", "NEAR\\/5 a", "NEAR/5: nothing stands before it; read as a word"),
            (
                "unbalanced \"quote here",
                "unbalanced quote here",
                "\"quote here: the quotation mark is not closed; read as text",
            ),
            ("(북한 핵", "북한 핵", "a bracket has no partner; read as text"),
            ("북한) (핵", "북한 핵", "some brackets have no partner; read as text"),
            ("titel:북한", "titel\\:북한", "titel:북한: there is no field titel: (title: was meant?); read as text"),
            ("date:2023-02-30 북한", "북한", "date:2023-02-30: there is no such day; left out"),
            ("date:2023-12..2023-10 a", "a", "date:2023-12..2023-10: it ends before it begins; left out"),
            ("lang:de a", "a", "lang:de: the languages are ko and en; left out"),
            ("북한~5", "북한~2", "북한~5: at most two letters can differ; read as ~2"),
            ("(a -b) NEAR/5 c", "+((a -b) AND c)", "NEAR takes words, phrases and ORs of them; read as AND"),
        ];
        for (typed, printed, remark) in rows {
            let query = parse(typed, TODAY);
            assert_eq!((query.to_string().as_str(), query.remarks), (printed, vec![remark.to_owned()]), "{typed}");
        }
    }

    #[test]
    fn queries_without_end() {
        let words = |word: &str, times: usize| vec![word; times].join(" ");
        let rows = [
            words("북한", 10_000),
            words("a OR b AND", 10_000),
            words("NOT", 10_000),
            words("a NEAR/1 b NEAR/2", 10_000),
            "(".repeat(100_000) + "a" + &")".repeat(100_000),
            "title:".repeat(100_000),
            "-".repeat(100_000),
            "\"".repeat(99_999),
            "a(".repeat(100_000),
        ];
        for typed in rows {
            let query = parse(&typed, TODAY);
            let again = parse(&query.to_string(), TODAY);
            assert_eq!(query.root, again.root);
            assert!(query.remarks.len() <= MAX_REMARKS + 1);
        }
    }

    /// Pieces that mean something, and any text between them.
    fn typed() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => "[a-c가-다]{1,3}",
            4 => prop::sample::select(vec![
                " ", " ", " AND ", " OR ", " NOT ", "(", ")", "\"", "“", "”", "+", "-", "^2", "^0.5", "~1", "~3", "*", "?",
                "=", "\\", " NEAR/5 ", " NEAR ", "NEAR", "ATLEAST3(", "SAMEPARA(", "title:", "source:", "date:",
                "since:", "2023-10", "..", "last 7 days", "어제", "지난 3일", "lang:ko", "url:", "titel:", ":", "/", ")^2",
            ]).prop_map(String::from),
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn printing_gives_the_same_tree(typed in typed()) {
            let query = parse(&typed, TODAY);
            let printed = query.to_string();
            let again = parse(&printed, TODAY);
            prop_assert_eq!(&query.root, &again.root, "{} prints {}", typed, printed);
            prop_assert_eq!(again.to_string(), printed);
            prop_assert_eq!(again.remarks, Vec::<String>::new());
        }

        #[test]
        fn any_text_is_a_query(typed in any::<String>()) {
            let query = parse(&typed, TODAY);
            prop_assert_eq!(&query.root, &parse(&query.to_string(), TODAY).root);
        }
    }
}
