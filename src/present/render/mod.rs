//! Answers in the forms that people and programs read.

pub mod article;
pub mod csv;
pub mod diff;
pub mod facets;
pub mod html;
pub mod style;
pub mod suggest;
pub mod text;
