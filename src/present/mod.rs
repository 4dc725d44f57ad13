//! What a reader sees: marked words, passages, groups, and the forms they are printed in.
//!
//! Nothing here reads an index; hits, records and positions are handed in.

pub mod clean;
pub mod diff;
pub mod highlight;
pub mod passage;
pub mod render;
