//! How far an index run is: a bar on a terminal, a quiet line every few seconds elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::index::Progress;
use crate::ingest::Notice;
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
    pub fn start(stop: &Stop) -> IndexProgress {
        let counts = Arc::new(Progress { stop: stop.asked.clone(), ..Progress::default() });
        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        let (end, ended) = channel();
        let ticker = {
            let (counts, bar) = (counts.clone(), bar.clone());
            let pause = Duration::from_millis(if terminal { 200 } else { 5000 });
            std::thread::spawn(move || {
                let started = Instant::now();
                while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    let line = line(&counts, started);
                    if terminal {
                        bar.set_message(line);
                        bar.tick();
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

fn line(counts: &Progress, started: Instant) -> String {
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
    if counts.writing.load(Relaxed) {
        line += "; writing the index";
    }
    line
}
