//! Ranking: every kind of evidence is a BM25 of its own, and an article's score is their weighted sum.
//!
//! Two stages. [`retrieve`] finds the best few hundred articles by the sum alone, skipping what cannot get there;
//! [`rescore`] prefers, among those, articles that have many of the words close together and say so in few words.
//! [`explain`] gives back every part of a score.

pub mod best;
pub mod brevity;
pub mod evidence;
pub mod explain;
pub mod ladder;
pub mod list;
mod lookup;
pub mod occurrences;
pub mod phrase;
pub mod positions;
pub mod proximity;
pub mod recency;
pub mod rescore;
pub mod retrieve;
pub mod several;
pub mod slot;
pub mod statistics;
pub mod sums;
pub mod together;
