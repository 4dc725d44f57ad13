//! The index on disk: schema, writing, reading, versions.
//!
//! tantivy keeps postings and columns; the article itself is one compressed record in tantivy's document store. What an
//! index must agree with (format, analyzer, dictionary) is in the payload of its last commit, so it changes with it.

pub mod prepare;
pub mod reader;
mod rebuild;
pub mod record;
pub mod schema;
pub mod stats;
pub mod version;
pub mod wire;
pub mod writer;
