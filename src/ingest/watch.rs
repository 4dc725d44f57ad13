//! Waiting for folders to change.
//!
//! A burst of changes (an archive being unpacked, a crawler at work) is one change: it is over when nothing has happened
//! for [`QUIET`], or after [`LONGEST`], so that an index never lags far behind a folder that is always busy.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

const QUIET: Duration = Duration::from_millis(400);
const LONGEST: Duration = Duration::from_secs(10);
/// How soon a request to stop is seen.
const GLANCE: Duration = Duration::from_millis(100);

/// Watches folders until it is dropped.
pub struct Watch {
    _watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// What is written there is our own doing.
    ignored: PathBuf,
}

impl Watch {
    /// Watches `roots` and all below them, but for what happens in `ignored`.
    pub fn new(roots: &[PathBuf], ignored: &Path) -> notify::Result<Watch> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        for root in roots {
            watcher.watch(root, RecursiveMode::Recursive)?;
        }
        let ignored = ignored.canonicalize().unwrap_or_else(|_| ignored.to_owned());
        Ok(Watch { _watcher: watcher, events, ignored })
    }

    /// Waits for the end of the next burst of changes; false where `stop` was set meanwhile.
    pub fn wait(&self, stop: &AtomicBool) -> bool {
        let mut first: Option<Instant> = None;
        loop {
            if stop.load(Ordering::Relaxed) {
                return false;
            }
            if first.is_some_and(|first| first.elapsed() > LONGEST) {
                return true;
            }
            match self.events.recv_timeout(if first.is_some() { QUIET } else { GLANCE }) {
                Ok(event) if self.matters(&event) => {
                    first.get_or_insert_with(Instant::now);
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) if first.is_some() => return true,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    fn matters(&self, event: &notify::Result<Event>) -> bool {
        match event {
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => false,
            Ok(event) => {
                let ours = |path: &PathBuf| path.starts_with(&self.ignored);
                event.paths.is_empty() || !event.paths.iter().all(ours)
            }
            // events may have been lost: look at everything
            Err(_) => true,
        }
    }
}
