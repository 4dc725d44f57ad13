//! How far an index run is: a bar on a terminal, a quiet line every few seconds elsewhere.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::index::Progress;
use crate::ingest::{Found, Notice, walk};
use crate::present::clean::one_line;

/// An interrupt ends a run after what is under way; a second one ends the program at once, and the index stays as it was
/// before the run.
pub struct Stop {
    pub asked: Arc<AtomicBool>,
}

impl Stop {
    pub fn on_signal() -> anyhow::Result<Stop> {
        let asked = Arc::new(AtomicBool::new(false));
        let handler = asked.clone();
        ctrlc::set_handler(move || {
            if handler.swap(true, Relaxed) {
                std::process::exit(130);
            }
            eprintln!("\nstopping: what was read is being written; once more to stop at once and keep the old index");
        })
        .context("listening for an interrupt")?;
        Ok(Stop { asked })
    }
}

/// Shows the progress of one run until it is finished.
pub struct IndexProgress {
    counts: Arc<Progress>,
    bar: ProgressBar,
    end: Sender<()>,
    ticker: Option<JoinHandle<()>>,
}

impl IndexProgress {
    /// Shows a run over `roots`; how much there is to read is counted on the side.
    pub fn start(stop: &Stop, roots: &[PathBuf]) -> IndexProgress {
        let counts = Arc::new(Progress { stop: stop.asked.clone(), ..Progress::default() });
        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal { ProgressBar::new(1000) } else { ProgressBar::hidden() };
        bar.set_style(ProgressStyle::with_template("{bar:20} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
        let total = Arc::new(AtomicU64::new(0));
        if terminal {
            let (total, roots) = (total.clone(), roots.to_vec());
            std::thread::spawn(move || total.store(bytes_under(&roots), Relaxed));
        }
        let (end, ended) = channel();
        let ticker = {
            let (counts, bar) = (counts.clone(), bar.clone());
            let pause = Duration::from_millis(if terminal { 200 } else { 5000 });
            std::thread::spawn(move || {
                let started = Instant::now();
                while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    let line = line(&counts, total.load(Relaxed), started);
                    if terminal {
                        bar.set_position((share_done(&counts, total.load(Relaxed)) * 1000.0) as u64);
                        bar.set_message(line);
                    } else {
                        eprintln!("{line}");
                    }
                }
            })
        };
        IndexProgress { counts, bar, end, ticker: Some(ticker) }
    }

    pub fn counts(&self) -> &Progress {
        &self.counts
    }

    pub fn notice(&self, notice: &Notice) {
        let line = one_line(&format!("{}: {}", notice.path, notice.reason));
        self.bar.suspend(|| eprintln!("{line}"));
    }

    pub fn finish(mut self) {
        // the ticker has gone already where sending fails
        let _ = self.end.send(());
        if let Some(ticker) = self.ticker.take() {
            let _ = ticker.join();
        }
        self.bar.finish_and_clear();
    }
}

/// Bytes of all files that a run over `roots` looks at.
fn bytes_under(roots: &[PathBuf]) -> u64 {
    let mut total = 0;
    walk(roots, &mut |found| {
        if let Found::One(entry) = found {
            total += entry.bytes;
        }
    });
    total
}

/// From 0 to 1; 0 while the total is not known.
fn share_done(counts: &Progress, total: u64) -> f64 {
    let done = counts.done.load(Relaxed) + counts.current.load(Relaxed);
    if total == 0 { 0.0 } else { (done as f64 / total as f64).min(1.0) }
}

fn line(counts: &Progress, total: u64, started: Instant) -> String {
    let bytes = counts.bytes.load(Relaxed) as f64 / 1e6;
    let seconds = started.elapsed().as_secs_f64();
    let mut line = format!(
        "{} files, {} articles, {bytes:.1} MB, {:.1} MB/s",
        counts.files.load(Relaxed),
        counts.articles.load(Relaxed),
        bytes / seconds.max(1e-9)
    );
    let skipped = counts.skipped.load(Relaxed);
    if skipped > 0 {
        line += &format!(", {skipped} skipped");
    }
    let share = share_done(counts, total);
    if counts.writing.load(Relaxed) {
        line += "; writing the index";
    } else if share > 0.01 && seconds > 1.0 {
        let left = (seconds / share - seconds).round() as u64;
        line += &format!(", {}:{:02} left", left / 60, left % 60);
    }
    line
}
