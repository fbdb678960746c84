//! Times that nobody can read: the checks of waits and lengths say nothing of them, and somebody should know why.

use super::Moment;
use super::moment::open_date;
use super::reading::Sink;

/// Characters of a time that are shown.
const SHOWN: usize = 40;

/// What became of the times of a stretch of a document.
#[derive(Debug, Default)]
pub(super) struct UnreadTimes {
    /// How many were read.
    read: usize,
    /// How many were not.
    unread: usize,
    /// The first of these, and its line.
    first: Option<(usize, String)>,
}

impl UnreadTimes {
    /// Notes what a time was read as; `written` is asked for one that was not read: its line and its text.
    pub(super) fn note<T: AsRef<str>>(&mut self, read: Option<&Moment>, written: impl FnOnce() -> (usize, T)) {
        if read.is_some() {
            self.read += 1;
            return;
        }
        self.unread += 1;
        self.first.get_or_insert_with(|| {
            let (line, text) = written();
            (line, text.as_ref().chars().take(SHOWN).collect())
        });
    }

    /// Tells of those that were not read; `place` is where times stand: the column `时间`.
    pub(super) fn tell(self, place: &str, sink: &mut Sink<'_>) {
        let Some((line, written)) = self.first else { return };
        let what = match (self.read, self.unread) {
            (0, _) => format!("{place} holds no times that can be read: `{written}`"),
            (_, 1) => format!("{place} holds what is no time that can be read: `{written}`"),
            (_, more) => format!("{more} times of {place} cannot be read, the first is `{written}`"),
        };
        let remedy = match open_date(&written) {
            Some(_) => "say the order of day and month: --date-order dmy, mdy or ymd; until then, checks of waits and lengths say nothing",
            None => "write times as 2024-05-06 14:00:00; where there are none, checks of waits and lengths say nothing",
        };
        sink.warning(Some(line), what, remedy);
    }
}
