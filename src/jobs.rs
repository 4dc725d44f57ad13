//! One query on several cores: who is idle takes the next part of the work.
//!
//! Waking another thread takes some ten microseconds, so only what takes several times as long is shared. Steps are numbered, and
//! what comes of them does not depend on who did which. A query waits for the threads it has called: where several are asked at
//! the same time, one may wait for the part of another.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Parts that the steps are put together to, for each thread: the last to be done keeps the others waiting.
const PARTS: usize = 16;

/// How much of the machine one query may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jobs {
    /// The most threads; `None` for one on each core.
    pub most: Option<usize>,
    /// Postings that are worth one more thread.
    pub worth: usize,
}

impl Default for Jobs {
    /// All cores, where it pays.
    fn default() -> Jobs {
        Jobs { most: None, worth: 40_000 }
    }
}

impl Jobs {
    /// No more than so many threads.
    pub fn at_most(most: usize) -> Jobs {
        Jobs { most: Some(most.max(1)), ..Jobs::default() }
    }

    /// Threads for reading so many postings.
    fn threads(self, postings: usize) -> usize {
        let worth = postings / self.worth.max(1);
        // asking for the cores starts the threads
        if worth < 2 { 1 } else { worth.min(self.most.unwrap_or_else(rayon::current_num_threads)) }
    }

    /// Has every part of `steps` steps, which together take as long as reading so many `postings`, done by one of the threads
    /// that take part; each is given the parts it does one after the other, in order. Returns what the threads made of them, in
    /// no order.
    pub fn share<T: Send>(
        self,
        postings: usize,
        steps: usize,
        work: impl Fn(&mut dyn Iterator<Item = std::ops::Range<usize>>) -> T + Sync,
    ) -> Vec<T> {
        let threads = self.threads(postings).min(steps);
        if threads < 2 {
            return vec![work(&mut std::iter::once(0..steps))];
        }
        let length = steps.div_ceil(threads * PARTS);
        let next = AtomicUsize::new(0);
        let parts = || {
            std::iter::from_fn(|| {
                let start = next.fetch_add(1, Ordering::Relaxed) * length;
                (start < steps).then(|| start..(start + length).min(steps))
            })
        };
        let done = Mutex::new(Vec::with_capacity(threads));
        let keep = |made: T| done.lock().unwrap_or_else(PoisonError::into_inner).push(made);
        rayon::in_place_scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|_| {
                    let mut parts = parts().peekable();
                    // who wakes up too late has nothing to open
                    if parts.peek().is_some() {
                        keep(work(&mut parts));
                    }
                });
            }
            keep(work(&mut parts()));
        });
        done.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_done_once_and_each_thread_goes_forward() {
        for (most, worth, steps) in [(1, 1, 10), (2, 1, 10), (4, 1, 1000), (3, 1, 2), (4, 1000, 500), (2, 0, 0)] {
            let done = Jobs { most: Some(most), worth }.share(999, steps, |parts| parts.flatten().collect::<Vec<_>>());
            assert!(done.len() <= most, "{most} {steps}");
            assert!(done.iter().all(|steps| steps.is_sorted()), "{most} {steps}");
            let mut all = done.concat();
            all.sort_unstable();
            assert_eq!(all, (0..steps).collect::<Vec<_>>(), "{most} {steps}");
        }
    }

    #[test]
    fn little_work_is_not_shared() {
        assert_eq!(Jobs::default().threads(10_000), 1);
        assert_eq!(Jobs::at_most(1).threads(10_000_000), 1);
        assert_eq!(Jobs::at_most(0).threads(10_000_000), 1);
    }
}
