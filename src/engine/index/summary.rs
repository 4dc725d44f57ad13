//! What a run did, as `search index --json` prints it.

use serde::Serialize;

use super::words::Applied;
use crate::ingest::Notice;

/// Notices kept for the summary; all are counted, and each is shown when it comes up.
pub const LISTED: usize = 1000;

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    pub articles: ArticleCounts,
    /// The first [`LISTED`] of what was left out.
    pub skipped: Vec<Notice>,
    pub bytes_read: u64,
    pub seconds: f64,
    pub total_articles: u64,
    /// The run was ended early; the next one goes on.
    pub stopped: bool,
    /// What the user's words did that were added or removed since the last run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Applied>,
    /// The index or what it knows of the files changed.
    #[serde(skip)]
    pub changed: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ArticleCounts {
    pub seen: u64,
    pub added: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub removed: u64,
    pub skipped: u64,
}
