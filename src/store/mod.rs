//! The index on disk: schema, writing, reading, versions.
//!
//! tantivy keeps postings and columns; the article itself is one compressed record in tantivy's document store. Posting
//! lists are made here ([`invert`]) and handed to tantivy a segment at a time. What an index must agree with (format,
//! analyzer, dictionary) is in the payload of its last commit, so it changes with it.

pub mod bits;
mod characters;
pub mod dictionary;
pub mod invert;
pub mod joint;
pub mod numbering;
pub mod prepare;
pub mod reader;
mod rebuild;
pub mod record;
mod remembered;
mod removal;
pub mod schema;
pub mod sections;
pub mod segment;
pub mod stats;
pub mod version;
pub mod widths;
pub mod wire;
pub mod words;
pub mod writer;
