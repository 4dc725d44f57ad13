//! What a person may be typing: words, phrases and headlines of the archive, from their first letters on.
//!
//! While an article is prepared the words of its headline become terms of a field ([`printed`]), so counts and dates are those
//! of the articles that are there. At every commit one pass over the term dictionaries makes a table ([`build`]) whose keys
//! are strokes of the keyboard ([`key`]); it is mapped, not read ([`table`]), and asked for the heaviest entries of a range of
//! keys ([`complete`]).

pub mod build;
pub mod complete;
pub mod key;
pub mod printed;
pub mod table;
