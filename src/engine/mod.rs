//! The engine: an open index with its analyzer, asked by the command line and by the server alike.

mod answer;
pub mod check;
mod expand;
mod export;
mod group;
pub mod index;
pub mod pairs;
mod search;
mod shown;

pub use answer::{Answer, Correction, Duplicate, Expansion, Hit, Snippet};
pub use search::{Engine, Ranked, SearchError};
pub use shown::{ArticleOut, Shown};
