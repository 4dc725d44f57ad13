//! Full-text search over Korean and English news.

pub mod analyze;
pub mod article;
pub mod engine;
pub mod eval;
pub mod present;
pub mod query;
pub mod rank;
pub mod store;
