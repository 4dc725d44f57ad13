//! Ranking: every kind of evidence is a BM25 of its own, and an article's score is their weighted sum.
//!
//! Two stages. [`retrieve`] finds the best few hundred articles by the sum alone, skipping what cannot get there;
//! [`proximity`] looks up where the words of those stand and prefers articles that have many of them close together.

pub mod evidence;
pub mod occurrences;
pub mod proximity;
pub mod retrieve;
pub mod statistics;
