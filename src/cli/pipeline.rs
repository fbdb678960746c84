//! Work shared out to threads, with the results in the order in which the work was given.
//!
//! The thread that gives out the work also takes the results, and lends a hand whenever so much is under way that
//! more would only fill memory. So nothing runs ahead without bound, one thread alone needs no other, and what comes
//! out is the same for any number of threads.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Jobs under way for every thread: enough that none waits for another's long one.
const AHEAD: usize = 2;

/// Runs `give`, which hands jobs to the [`Feed`]; every job goes through `work` on some thread, and its result to
/// `take` on this one, in the order of the jobs.
pub(super) fn run<J: Send, R: Send>(
    threads: NonZeroUsize,
    work: impl Fn(J) -> R + Sync,
    take: &mut dyn FnMut(R),
    give: impl FnOnce(&mut Feed<'_, J, R>),
) {
    let shared = Shared { state: Mutex::new(State::default()), job_came: Condvar::new(), result_came: Condvar::new() };
    let helpers = threads.get() - 1;
    thread::scope(|scope| {
        // Whatever happens here, the helpers are let go.
        let _close = Close(&shared);
        for _ in 0..helpers {
            scope.spawn(|| help(&shared, &work));
        }
        let most = if helpers == 0 { 1 } else { threads.get() * AHEAD };
        let mut feed = Feed { shared: &shared, work: &work, take, most, given: 0, taken: 0 };
        give(&mut feed);
        feed.finish();
    });
}

/// Takes jobs and passes on results.
pub(super) struct Feed<'f, J, R> {
    shared: &'f Shared<J, R>,
    work: &'f (dyn Fn(J) -> R + Sync),
    take: &'f mut dyn FnMut(R),
    /// Results that may be under way.
    most: usize,
    given: u64,
    taken: u64,
}

struct Shared<J, R> {
    state: Mutex<State<J, R>>,
    job_came: Condvar,
    result_came: Condvar,
}

struct State<J, R> {
    jobs: VecDeque<(u64, J)>,
    results: BTreeMap<u64, R>,
    /// No more jobs will come.
    is_closed: bool,
    /// A helper panicked, so that a result will never come.
    has_failed: bool,
}

impl<J, R> Default for State<J, R> {
    fn default() -> Self {
        Self { jobs: VecDeque::new(), results: BTreeMap::new(), is_closed: false, has_failed: false }
    }
}

impl<J, R> Shared<J, R> {
    fn state(&self) -> MutexGuard<'_, State<J, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the helpers to go home.
struct Close<'s, J, R>(&'s Shared<J, R>);

impl<J, R> Drop for Close<'_, J, R> {
    fn drop(&mut self) {
        self.0.state().is_closed = true;
        self.0.job_came.notify_all();
    }
}

/// Tells that a helper panicked.
struct Alarm<'s, J, R>(&'s Shared<J, R>);

impl<J, R> Drop for Alarm<'_, J, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.state().has_failed = true;
            self.0.result_came.notify_all();
        }
    }
}

fn help<J, R>(shared: &Shared<J, R>, work: &(dyn Fn(J) -> R + Sync)) {
    let _alarm = Alarm(shared);
    loop {
        let mut state = shared.state();
        let (number, job) = loop {
            if let Some(job) = state.jobs.pop_front() {
                break job;
            }
            if state.is_closed {
                return;
            }
            state = shared.job_came.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        let result = work(job);
        shared.state().results.insert(number, result);
        shared.result_came.notify_one();
    }
}

impl<J, R> Feed<'_, J, R> {
    /// Gives a job; returns when there is room for another.
    pub(super) fn give(&mut self, job: J) {
        self.shared.state().jobs.push_back((self.given, job));
        self.given += 1;
        self.shared.job_came.notify_one();
        self.settle(self.most.saturating_sub(1));
    }

    /// Passes on something that needs no work, in its turn.
    pub(super) fn pass(&mut self, result: R) {
        self.shared.state().results.insert(self.given, result);
        self.given += 1;
        self.settle(self.most.saturating_sub(1));
    }

    /// Takes all results of what was given so far.
    pub(super) fn finish(&mut self) {
        self.settle(0);
    }

    /// Takes the results that are there, and works and waits until at most `most` are missing.
    fn settle(&mut self, most: usize) {
        loop {
            let mut state = self.shared.state();
            if let Some(result) = state.results.remove(&self.taken) {
                drop(state);
                self.taken += 1;
                (self.take)(result);
                continue;
            }
            if (self.given - self.taken) as usize <= most || state.has_failed {
                return;
            }
            if let Some((number, job)) = state.jobs.pop_front() {
                drop(state);
                let result = (self.work)(job);
                self.shared.state().results.insert(number, result);
                continue;
            }
            drop(self.shared.result_came.wait(state).unwrap_or_else(PoisonError::into_inner));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_jobs_whatever_the_number_of_threads() {
        for threads in [1, 2, 5] {
            let mut taken = Vec::new();
            // The first jobs take longest.
            let work = |job: u64| {
                thread::sleep(std::time::Duration::from_micros(40u64.saturating_sub(job) * 20));
                job * 2
            };
            run(NonZeroUsize::new(threads).unwrap(), work, &mut |result| taken.push(result), |feed| {
                for job in 0..40 {
                    feed.give(job);
                    if job == 20 {
                        feed.pass(1000);
                    }
                }
            });
            let mut wanted: Vec<u64> = (0..40).map(|job| job * 2).collect();
            wanted.insert(21, 1000);
            assert_eq!(taken, wanted, "{threads} threads");
        }
    }

    #[test]
    fn no_more_than_a_few_jobs_are_ever_under_way() {
        let under_way = AtomicUsize::new(0);
        let mut most = 0;
        let threads = NonZeroUsize::new(3).unwrap();
        run(
            threads,
            |()| (),
            &mut |()| {
                under_way.fetch_sub(1, Ordering::SeqCst);
            },
            |feed| {
                for _ in 0..500 {
                    most = most.max(under_way.fetch_add(1, Ordering::SeqCst) + 1);
                    feed.give(());
                }
            },
        );
        assert!(most <= 3 * AHEAD, "{most}");
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_ends_the_run() {
        let here = thread::current().id();
        let helper_came = AtomicBool::new(false);
        let work = |_: usize| {
            if thread::current().id() != here {
                helper_came.store(true, Ordering::SeqCst);
                panic!("broken");
            }
            // This thread works too, and would leave nothing to the helper.
            while !helper_came.load(Ordering::SeqCst) {
                thread::yield_now();
            }
        };
        run(NonZeroUsize::new(2).unwrap(), work, &mut |()| {}, |feed| (0..6).for_each(|job| feed.give(job)));
    }
}
