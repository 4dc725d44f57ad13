//! Brackets and their partners: those without one, and those that lie too deep, are left out.

use super::lexer::Token;
use crate::analyze::Span;

/// How deep brackets may lie in each other.
const MAX_DEPTH: usize = 32;

/// The tokens without the brackets that have no partner, or lie too deep.
pub fn balanced(tokens: Vec<(Token, Span)>, remarks: &mut Vec<String>) -> Vec<(Token, Span)> {
    let mut keep = vec![true; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    let (mut lonely, mut deep) = (0, 0);
    for (at, (token, _)) in tokens.iter().enumerate() {
        match token {
            Token::Open | Token::AtLeast(_) | Token::SameParagraph => open.push(at),
            Token::Close(_) => match open.pop() {
                Some(partner) if open.len() >= MAX_DEPTH => {
                    (keep[partner], keep[at]) = (false, false);
                    deep += 1;
                }
                Some(_) => {}
                None => {
                    keep[at] = false;
                    lonely += 1;
                }
            },
            _ => {}
        }
    }
    lonely += open.len();
    open.into_iter().for_each(|at| keep[at] = false);
    if lonely > 0 {
        let brackets = if lonely == 1 { "a bracket has" } else { "some brackets have" };
        remarks.push(format!("{brackets} no partner; read as text"));
    }
    if deep > 0 {
        remarks.push(format!("brackets are read up to {MAX_DEPTH} deep; the deeper ones are left out"));
    }
    tokens.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(token, _)| token).collect()
}
