//! What an installation tells its caller on the way.

use std::fmt;
use std::path::PathBuf;

/// What an installation is doing. Its [`Display`](fmt::Display) is a line for people.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Another process is installing the same dictionary.
    Waiting,
    /// A package client is downloading; `bytes` counts what we can see of it.
    Fetching {
        by: &'static str,
        bytes: u64,
        of: u64,
    },
    /// A way to get the package failed; the next one follows.
    AttemptFailed(Attempt),
    Unpacking,
    Decompiling {
        rows: usize,
        of: usize,
    },
    Building,
    Testing,
    Installed {
        path: PathBuf,
    },
}

impl Step {
    /// How much of an installation is behind us at this step, from 0 to 1, by the time its parts usually take.
    pub fn progress(&self) -> f32 {
        let share = |done: f32, of: f32| if of > 0.0 { (done / of).min(1.0) } else { 0.0 };
        match self {
            Step::Waiting | Step::AttemptFailed(_) => 0.0,
            Step::Fetching { bytes, of, .. } => 0.25 * share(*bytes as f32, *of as f32),
            Step::Unpacking => 0.25,
            Step::Decompiling { rows, of } => 0.3 + 0.2 * share(*rows as f32, *of as f32),
            Step::Building => 0.5,
            Step::Testing => 0.95,
            Step::Installed { .. } => 1.0,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Waiting => f.write_str("waiting for another process that installs the Korean dictionary"),
            Step::Fetching { by, .. } => write!(f, "downloading the Korean dictionary with {by}"),
            Step::AttemptFailed(attempt) => write!(f, "{attempt}"),
            Step::Unpacking => f.write_str("unpacking the Korean dictionary"),
            Step::Decompiling { .. } => f.write_str("reading the words of the Korean dictionary"),
            Step::Building => f.write_str("building the Korean dictionary"),
            Step::Testing => f.write_str("testing the Korean dictionary"),
            Step::Installed { path } => write!(f, "the Korean dictionary is in {}", path.display()),
        }
    }
}

/// One way to get the package, and why it did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub by: String,
    pub reason: String,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.by, self.reason)
    }
}
