//! How far a long run has come, on a terminal only.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use phrase_lint::report::Summary;

/// A run that is over sooner shows nothing.
const LONG: Duration = Duration::from_secs(1);

/// A line on standard error: files, conversations, violations so far.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    /// Whether a person is there to see it and has not seen it yet.
    waiting: bool,
}

impl Progress {
    /// Of `files` to read; shown only where `is_seen`.
    pub(super) fn new(files: usize, is_seen: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} files, {msg}, {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), waiting: is_seen }
    }

    /// A conversation is done.
    pub(super) fn conversation(&mut self, summary: &Summary) {
        if self.waiting && self.started.elapsed() >= LONG {
            self.waiting = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{} conversations, {} violations", summary.conversations, summary.violations));
            self.bar.set_position(summary.files);
        }
    }

    /// Does something that prints, with the line out of its way.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
