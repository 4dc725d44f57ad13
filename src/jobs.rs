//! One query on several cores: who is idle takes the next part of the work.
//!
//! Waking a thread takes a tenth of what a whole query does (43 µs, measured on two cores of a virtual machine), so the others are
//! woken when a query begins and stay awake until it is answered ([`Jobs::attended`]): a few microseconds of work are worth
//! sharing then. Where nobody is awake, only what takes several times as long as waking is shared. Steps are numbered, and what
//! comes of them does not depend on who did which.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The most threads of one query, unless more are asked for: all are awake while it runs.
const MOST: usize = 4;
/// Postings that are worth one more thread, where it is awake and where it has to be woken.
const AWAKE: usize = 4_000;
const ASLEEP: usize = 40_000;

/// Threads that were started to share, the one that asks included; 0 before.
static STARTED: AtomicUsize = AtomicUsize::new(0);
/// The others may be asked to stand by: they were started for it, and no query has them.
static FREE: AtomicBool = AtomicBool::new(false);

/// How much of the machine one query may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jobs {
    /// The most threads; `None` for those that were started ([`Jobs::take_part`]).
    pub most: Option<usize>,
    /// Postings that are worth one more thread.
    pub worth: usize,
}

impl Default for Jobs {
    /// All threads that were started, where it pays.
    fn default() -> Jobs {
        Jobs { most: None, worth: ASLEEP }
    }
}

/// Sets a flag when it goes, whatever ends the work: who waits for it would wait for ever.
struct Sets<'a>(&'a AtomicBool, bool);

impl Drop for Sets<'_> {
    fn drop(&mut self) {
        self.0.store(self.1, Ordering::Release);
    }
}

impl Jobs {
    /// No more than so many threads, and no more than there are cores for.
    pub fn at_most(most: usize) -> Jobs {
        Jobs { most: Some(most.clamp(1, cores())), ..Jobs::default() }
    }

    /// Makes the calling thread one of those that share, and starts the others to stand by: for a program that asks from this
    /// thread alone. Nothing happens where there are threads already.
    ///
    /// The others give way to whatever else wants to run: who stands by would take turns with it, and with the calling thread.
    pub fn take_part(self) {
        let threads = self.most.unwrap_or_else(|| cores().min(MOST));
        if threads > 1 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).use_current_thread();
            // where none can be started, the calling one is enough
            if pool.start_handler(|_| give_way()).build_global().is_ok() {
                STARTED.store(threads, Ordering::Release);
                FREE.store(true, Ordering::Release);
            }
        }
    }

    /// The most threads, the calling one included.
    fn most(self) -> usize {
        self.most.unwrap_or_else(|| STARTED.load(Ordering::Acquire).max(1))
    }

    /// Does `work`, for which these are the jobs, with the other threads awake, if they were started for it. Where several
    /// threads ask at the same time, the first has them.
    pub fn attended<R>(self, work: impl FnOnce(Jobs) -> R) -> R {
        if !FREE.swap(false, Ordering::Acquire) {
            return work(self);
        }
        let _free = Sets(&FREE, true);
        let threads = self.most().min(STARTED.load(Ordering::Acquire));
        let over = Arc::new(AtomicBool::new(false));
        let _over = Sets(&over, true);
        let caller = thread::current().id();
        for _ in 1..threads {
            let over = over.clone();
            // nobody waits for its end, which takes a while where the core it stood on has other things to do
            rayon::spawn(move || {
                // the caller may come upon this while it waits for another: nobody would ever tell it that it is over; the
                // others share nothing themselves, and so never wait
                if thread::current().id() != caller {
                    stand_by(&over);
                }
            });
        }
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
        if threads < 2 {
            return vec![work(&mut std::iter::once(0..steps))];
        }
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

    /// The same for steps that give a result each, which take as long as reading so many `postings` each; gives the results in
    /// the order of the steps. Every thread begins with a state of its own.
    pub fn each<S, T: Send, E: Send>(
        self,
        postings: usize,
        steps: usize,
        begin: impl Fn() -> S + Sync,
        step: impl Fn(&mut S, usize) -> Result<T, E> + Sync,
    ) -> Result<Vec<T>, E> {
        let shares = self.share(postings * steps, steps, |parts| {
            let mut state = begin();
            parts.flatten().map(|at| Ok((at, step(&mut state, at)?))).collect::<Result<Vec<(usize, T)>, E>>()
        });
        let mut all = Vec::with_capacity(steps);
        for share in shares {
            all.extend(share?);
        }
        all.sort_unstable_by_key(|&(at, _)| at);
        Ok(all.into_iter().map(|(_, made)| made).collect())
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
    while !over.load(Ordering::Acquire) {
        if rayon::yield_now() != Some(rayon::Yield::Executed) {
            thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threads of which the first test to come is one.
    fn three() -> Jobs {
        let jobs = Jobs { most: Some(3), worth: 1 };
        jobs.take_part();
        jobs
    }

    #[test]
    fn every_step_is_done_once_and_each_thread_goes_forward() {
        three();
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
    fn whoever_asks_at_the_same_time_gets_everything_done() {
        let jobs = three();
        let squares = |jobs: Jobs| jobs.each(10, 50, || 0, |_, at| Ok::<_, ()>(at * at)).unwrap();
        let expected: Vec<usize> = (0..50).map(|at| at * at).collect();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..200).for_each(|_| assert_eq!(jobs.attended(squares), expected)));
            }
        });
    }

    #[test]
    fn more_than_one_thread_does_it() {
        let slowly = |(): &mut (), _| {
            thread::sleep(std::time::Duration::from_millis(2));
            Ok::<_, ()>(thread::current().id())
        };
        let mut by = three().attended(|jobs| jobs.each(10, 60, || (), slowly)).unwrap();
        by.dedup();
        assert!(by.len() > 1);
    }

    #[test]
    fn nobody_stands_by_for_work_that_has_ended_badly() {
        let jobs = three();
        for _ in 0..3 {
            let outcome =
                std::panic::catch_unwind(|| jobs.attended(|_| -> usize { std::panic::resume_unwind(Box::new(1)) }));
            assert!(outcome.is_err());
        }
        let failed = jobs.attended(|jobs| jobs.each(10, 50, || 0, |_, at| if at == 30 { Err(at) } else { Ok(at) }));
        assert_eq!(failed, Err(30));
    }

    #[test]
    fn little_work_is_not_shared() {
        assert_eq!(Jobs::default().threads(10_000), 1);
        assert_eq!(Jobs::at_most(1).threads(10_000_000), 1);
        assert_eq!(Jobs::at_most(0).threads(10_000_000), 1);
    }
}
