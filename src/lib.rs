//! Full-text search over Korean and English news.

pub mod analyze;
pub mod article;
pub mod cli;
pub mod engine;
pub mod eval;
mod files;
pub mod glossary;
pub mod ingest;
pub mod jobs;
pub mod present;
pub mod query;
pub mod rank;
pub mod store;
pub mod suggest;
