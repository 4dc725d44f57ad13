//! Answers in the forms that people and programs read.

pub mod article;
pub mod style;
pub mod text;
