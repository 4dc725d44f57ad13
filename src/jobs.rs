//! One query on several cores: who is idle takes the next part of the work.
//!
//! Waking a thread takes a tenth of what a whole query does (43 µs, measured on two cores of a virtual machine), so the others are
//! woken when a query begins and stay awake until it is answered ([`Jobs::attended`]): a few microseconds of work are worth
//! sharing then. Where nobody is awake, only what takes several times as long as waking is shared. Steps are numbered, and what
//! comes of them does not depend on who did which.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder, Yield};

/// The most threads of one query, unless more are asked for: all are awake while it runs.
const MOST: usize = 4;
/// Postings that each thread is to have, where the others are awake and where they first must be woken.
const AWAKE: usize = 4_000;
const ASLEEP: usize = 40_000;

/// The threads that share, of which the first is the one that asks; `None` where they could not be started.
static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();

fn pool() -> Option<&'static ThreadPool> {
    POOL.get()?.as_ref()
}

/// How much of the machine one query may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jobs {
    /// The most threads; `None` for all that [`Jobs::take_part`] started. Without it there is one.
    pub most: Option<usize>,
    /// Postings that each thread is to have.
    pub worth: usize,
}

impl Default for Jobs {
    /// All threads that were started, where it pays.
    fn default() -> Jobs {
        Jobs { most: None, worth: ASLEEP }
    }
}

/// Is set when it is dropped, however that comes about.
struct Over(Arc<AtomicBool>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Jobs {
    /// No more than so many threads, and no more than there are cores for.
    pub fn at_most(most: usize) -> Jobs {
        Jobs { most: Some(most.clamp(1, cores())), ..Jobs::default() }
    }

    /// Makes the calling thread the first of those that share, and starts the others: for a program that asks from this thread
    /// alone. Other threads may ask as well, but nobody stands by for them. Nothing happens where it was called before.
    ///
    /// The others give way to whatever else wants to run. Where there are fewer idle cores than threads, those that stand by
    /// would otherwise take from the very thread that they wait for.
    pub fn take_part(self) {
        let threads = self.most.unwrap_or_else(|| cores().min(MOST));
        if threads > 1 {
            let threads = ThreadPoolBuilder::new().num_threads(threads).use_current_thread();
            // where none can be started, the calling one is enough
            POOL.get_or_init(|| threads.start_handler(|_| give_way()).build().ok());
        }
    }

    /// The most threads, the calling one included.
    fn most(self) -> usize {
        let started = pool().map_or(1, ThreadPool::current_num_threads);
        self.most.map_or(started, |most| most.min(started))
    }

    /// Does `work` and gives it jobs for which the other threads are awake, if it is the first thread that calls.
    pub fn attended<R>(self, work: impl FnOnce(Jobs) -> R) -> R {
        let threads = self.most();
        let Some(pool) = pool().filter(|pool| threads > 1 && pool.current_thread_index() == Some(0)) else {
            return work(self);
        };
        // what was left here for earlier queries, which none of them came to take
        while rayon::yield_now() == Some(Yield::Executed) {}
        let over = Over(Arc::default());
        let watched = over.0.clone();
        // nobody waits for its end, which takes a while where the core it stood on has other things to do
        pool.spawn_broadcast(move |this| {
            if (1..threads).contains(&this.index()) {
                stand_by(&watched);
            }
        });
        work(Jobs { worth: AWAKE.min(self.worth), ..self })
    }

    /// Threads for what takes as long as reading so many postings.
    fn threads(self, postings: usize) -> usize {
        let worth = postings / self.worth.max(1);
        if worth < 2 { 1 } else { worth.min(self.most()) }
    }

    /// Has every part of `steps` steps, which together take as long as reading so many `postings`, done by one of the threads
    /// that take part; each is given the parts it does one after the other, in order. Returns what the threads made of them, in
    /// no order.
    pub fn share<T: Send>(
        self,
        postings: usize,
        steps: usize,
        work: impl Fn(&mut dyn Iterator<Item = Range<usize>>) -> T + Sync,
    ) -> Vec<T> {
        let threads = self.threads(postings).min(steps);
        let Some(pool) = pool().filter(|_| threads > 1) else {
            return vec![work(&mut std::iter::once(0..steps))];
        };
        let next = AtomicUsize::new(0);
        // ever smaller parts (guided self-scheduling: Polychronopoulos and Kuck 1987): few of them, for each has a beginning to
        // be found, and the last ones short, for the others wait for these
        let end_of = |start: usize| start + ((steps - start) / (2 * threads)).max(1);
        let parts = || {
            std::iter::from_fn(|| {
                let end = |start| (start < steps).then(|| end_of(start));
                let start = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, end).ok()?;
                Some(start..end_of(start))
            })
        };
        let done = Mutex::new(Vec::with_capacity(threads));
        let keep = |made: T| done.lock().unwrap_or_else(PoisonError::into_inner).push(made);
        pool.in_place_scope(|scope| {
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

    /// The same for steps that give a result each, which take as long as reading so many `postings` each; gives the results in
    /// the order of the steps, or the error of the first step that has one. Every thread begins with a state of its own.
    pub fn each<S, T: Send, E: Send>(
        self,
        postings: usize,
        steps: usize,
        begin: impl Fn() -> S + Sync,
        step: impl Fn(&mut S, usize) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, E> {
        let shares = self.share(postings * steps, steps, |parts| {
            let mut state = begin();
            let mut made = Vec::new();
            // who goes on meets every step before one that fails: each thread goes forward
            for at in parts.flatten() {
                let result = step(&mut state, at);
                let failed = result.is_err();
                made.push((at, result));
                if failed {
                    break;
                }
            }
            made
        });
        let mut all: Vec<(usize, Result<T, E>)> = shares.into_iter().flatten().collect();
        all.sort_unstable_by_key(|&(at, _)| at);
        all.into_iter().map(|(_, made)| made).collect()
    }
}

/// Lets the calling thread run where nothing else wants to.
fn give_way() {
    // a thread that may not be put behind others is as good; elsewhere it would be the whole process
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does what is shared until it is `over`.
fn stand_by(over: &AtomicBool) {
    #[cfg(test)]
    let _here = tests::Here::new();
    while !over.load(Ordering::Acquire) {
        if rayon::yield_now() != Some(Yield::Executed) {
            thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Threads that stand by.
    static STANDING: AtomicUsize = AtomicUsize::new(0);

    pub struct Here;

    impl Here {
        pub fn new() -> Here {
            STANDING.fetch_add(1, Ordering::AcqRel);
            Here
        }
    }

    impl Drop for Here {
        fn drop(&mut self) {
            STANDING.fetch_sub(1, Ordering::AcqRel);
        }
    }

    fn come_to_stand(expected: usize) -> bool {
        let begun = Instant::now();
        while STANDING.load(Ordering::Acquire) != expected {
            if begun.elapsed() > Duration::from_secs(20) {
                return false;
            }
            thread::yield_now();
        }
        true
    }

    /// One test, for only one thread can be the first.
    #[test]
    fn the_threads_of_a_query() {
        let alone = Jobs::default();
        assert_eq!(alone.attended(|jobs| (jobs, jobs.most())), (alone, 1), "before they are started");
        let jobs = Jobs { most: Some(4), worth: 1 };
        jobs.take_part();
        let some = Jobs { worth: 100, ..jobs };
        assert_eq!([0, 199, 200, 399, 10_000].map(|postings| some.threads(postings)), [1, 1, 2, 3, 4]);
        assert_eq!(Jobs::at_most(0).threads(usize::MAX), 1);
        every_step_is_done_once_and_each_thread_goes_forward();
        the_others_stand_by_until_it_is_over(jobs);
        whoever_asks_at_the_same_time_gets_everything_done(jobs);
        the_first_error_is_told(jobs);
    }

    fn every_step_is_done_once_and_each_thread_goes_forward() {
        for (most, worth, steps) in [(1, 1, 10), (2, 1, 10), (4, 1, 1000), (3, 1, 2), (4, 1000, 500), (2, 0, 0)] {
            let done = Jobs { most: Some(most), worth }.share(999, steps, |parts| parts.flatten().collect::<Vec<_>>());
            assert!(done.len() <= most, "{most} {steps}");
            assert!(done.iter().all(|of_one| of_one.is_sorted()), "{most} {steps}");
            let mut all = done.concat();
            all.sort_unstable();
            assert_eq!(all, (0..steps).collect::<Vec<_>>(), "{most} {steps}");
        }
    }

    fn the_others_stand_by_until_it_is_over(jobs: Jobs) {
        for most in [4, 2, 3] {
            let jobs = Jobs { most: Some(most), ..jobs };
            assert!(jobs.attended(|_| come_to_stand(most - 1)), "{most}");
            assert!(come_to_stand(0), "{most}");
        }
        let outcome = std::panic::catch_unwind(|| {
            jobs.attended(|_| -> usize {
                assert!(come_to_stand(3));
                std::panic::resume_unwind(Box::new(1))
            })
        });
        assert!(outcome.is_err());
        assert!(come_to_stand(0), "after work that ended badly");
        let slowly = |(): &mut (), _| {
            thread::sleep(Duration::from_millis(2));
            Ok::<_, ()>(thread::current().id())
        };
        let by = jobs.attended(|jobs| jobs.each(10, 60, || (), slowly)).unwrap();
        let by: std::collections::HashSet<_> = by.into_iter().collect();
        assert!(by.len() > 1);
    }

    fn whoever_asks_at_the_same_time_gets_everything_done(jobs: Jobs) {
        let squares = |jobs: Jobs| jobs.each(10, 50, || 0, |_, at| Ok::<_, ()>(at * at)).unwrap();
        let expected: Vec<usize> = (0..50).map(|at| at * at).collect();
        let ask = || {
            for _ in 0..100 {
                assert_eq!(jobs.attended(squares), expected);
            }
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(ask);
            }
            ask();
        });
    }

    fn the_first_error_is_told(jobs: Jobs) {
        for failing in 0..40 {
            let fails = |(): &mut (), at| {
                thread::sleep(Duration::from_micros(50));
                if at >= failing { Err(at) } else { Ok(at) }
            };
            assert_eq!(jobs.attended(|jobs| jobs.each(10, 40, || (), fails)), Err(failing));
        }
    }
}
