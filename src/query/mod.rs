//! Queries: from what a person types to the words and conditions that are looked for.

pub mod cursor;
pub mod heard;
pub mod labels;
pub mod matching;
pub mod parse;
pub mod request;
pub mod rewrite;
pub mod words;
