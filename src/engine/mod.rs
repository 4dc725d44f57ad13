//! The engine: an open index with its analyzer, the two flows and what else is asked of an index.

mod answer;
pub mod check;
mod expand;
mod export;
mod facet;
mod group;
mod hits;
pub mod index;
mod keywords;
mod marks;
mod page;
pub mod pairs;
mod search;
mod show;
mod shown;
mod suggest;
pub mod words;

pub use answer::{Answer, Correction, Duplicate, Expansion, Hit, Snippet};
pub use facet::{FacetCount, Facets};
pub use keywords::Keyword;
pub use search::{Engine, Ranked, SearchError};
pub use show::Compared;
pub use shown::{ArticleOut, Shown};
pub use suggest::{Headline, MAX_SUGGESTIONS, SuggestRequest, Suggestions};
