//! Ranking: every kind of evidence is a BM25 of its own, and an article's score is their weighted sum.
//!
//! Two stages. [`retrieve`] finds the best few hundred articles by the sum alone, skipping what cannot get there;
//! [`proximity`] looks up where the words of those stand and prefers articles that have many of them close together.

pub mod evidence;
pub mod occurrences;
pub mod proximity;
pub mod retrieve;
pub mod slot;
pub mod statistics;

pub fn knob(name: &'static str, default: f32) -> f32 {
    use std::cell::RefCell;
    thread_local! { static KNOBS: RefCell<std::collections::HashMap<&'static str, f32>> = Default::default(); }
    KNOBS.with_borrow_mut(|k| *k.entry(name).or_insert_with(|| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)))
}
