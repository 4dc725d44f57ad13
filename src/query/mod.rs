//! Queries: from what a person types to the words and conditions that are looked for.

pub mod ast;
mod brackets;
pub mod correct;
pub mod cursor;
pub mod dates;
pub mod distance;
pub mod entries;
pub mod fields;
pub mod forms;
pub mod heard;
pub mod joint;
pub mod labels;
pub mod lexer;
pub mod matching;
mod near;
pub mod parse;
pub mod request;
pub mod rewrite;
mod shape;
pub mod sought;
pub mod spelling;
pub mod words;
