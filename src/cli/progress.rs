//! How far a long run has come, on a terminal only.

use std::fs;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use phrase_lint::report::Summary;
use phrase_lint::source::{Input, Origin};

/// A run that is over sooner shows nothing.
const LONG: Duration = Duration::from_secs(1);

/// A line on standard error: bytes, rate, time to go, conversations and violations so far.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    /// Whether a person is there to see it and has not seen it yet.
    waiting: bool,
}

impl Progress {
    /// Of `inputs` to read; shown only where `is_seen`.
    pub(super) fn new(inputs: &[Input], is_seen: bool) -> Self {
        let size = |input: &Input| match &input.origin {
            Origin::File(path) if is_seen => fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len()),
            _ => None,
        };
        // How much comes through standard input or a pipe nobody knows.
        let size: Option<u64> = inputs.iter().map(size).sum();
        let bar = ProgressBar::with_draw_target(size, ProgressDrawTarget::hidden());
        let template = match size {
            Some(_) => "{spinner} {bytes}/{total_bytes}, {bytes_per_sec}, {msg}, {eta} to go",
            None => "{spinner} {bytes}, {bytes_per_sec}, {msg}, {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), waiting: is_seen }
    }

    /// So many bytes of the inputs are read.
    pub(super) fn is_at(&mut self, bytes: u64, summary: &Summary) {
        if self.waiting && self.started.elapsed() >= LONG {
            self.waiting = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{} conversations, {} violations", summary.conversations, summary.violations));
            self.bar.set_position(bytes);
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
