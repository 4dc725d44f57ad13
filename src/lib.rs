//! Full-text search over Korean and English news.

pub mod article;
