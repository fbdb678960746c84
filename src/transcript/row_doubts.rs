//! What makes it doubtful whether rows were read as they are meant: times that nobody can read, rows that are one conversation
//! only because no column is known to divide them, times that run back and forth.

use super::columns::quoted;
use super::direction_words::{REMEDY, says_nothing};
use super::reading::Sink;
use super::unread_times::UnreadTimes;
use super::{Direction, Moment, Turn};

/// So many rows are hardly of one conversation.
const MANY_ROWS: usize = 300;

/// So long nobody waits within one, in milliseconds.
const LONG: i64 = 4 * 3_600_000;

/// What was seen of the rows of a table.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    times: UnreadTimes,
    /// The first cell that should say who called whom and does not, with its line.
    undirected: Option<(usize, String)>,
    rows: usize,
    /// The agent of the first row that names one, and whether another row names another.
    agent: Option<String>,
    are_agents: bool,
    last: Option<Moment>,
    has_gap: bool,
    /// The first conversation whose times run back and forth, and how many there are.
    mixed: Option<String>,
    mixed_conversations: usize,
}

/// The beginning of a cell, for messages.
fn shown(written: &str) -> String {
    written.chars().take(40).collect()
}

impl Doubts {
    /// Notes what became of a time.
    pub(super) fn time(&mut self, line: usize, written: &str, read: Option<Moment>) -> Option<Moment> {
        self.times.note(read.as_ref(), || (line, written));
        read
    }

    /// Reads who called whom, and notes what says nothing of it.
    pub(super) fn direction(&mut self, line: usize, written: &str) -> Option<Direction> {
        let direction = Direction::of(written);
        if direction.is_none() && self.undirected.is_none() && !says_nothing(written) {
            self.undirected = Some((line, shown(written)));
        }
        direction
    }

    /// Notes a row of a table in which no column divides conversations.
    pub(super) fn row(&mut self, turn: &Turn, agent: Option<&str>) {
        self.rows += 1;
        if let Some(agent) = agent {
            self.are_agents |= self.agent.get_or_insert_with(|| agent.to_owned()) != agent;
        }
        if let Some(start) = &turn.start {
            let passed = self.last.as_ref().and_then(|last| start.since(last));
            self.has_gap |= passed.is_some_and(|passed| passed.abs() >= LONG);
            self.last = Some(start.clone());
        }
    }

    /// Notes whether the times of a conversation run back and forth.
    pub(super) fn order(&mut self, id: &str, is_mixed: bool) {
        if is_mixed {
            self.mixed_conversations += 1;
            self.mixed.get_or_insert_with(|| id.to_owned());
        }
    }

    /// Tells of them. `time` and `direction` are the columns of these; `unused` are the columns of which nothing is known, where all rows are one
    /// conversation for want of a column that divides them.
    pub(super) fn tell(self, [time, direction]: [Option<&str>; 2], unused: Option<Vec<&str>>, sink: &mut Sink<'_>) {
        if let Some(column) = time {
            self.times.tell(&format!("the column `{column}`"), sink);
        }
        if let (Some((line, written)), Some(column)) = (self.undirected, direction) {
            sink.warning(Some(line), format!("the column `{column}` holds what is no direction: `{written}`"), REMEDY);
        }
        let why = match () {
            () if self.are_agents => "rows name several agents",
            () if self.has_gap => "hours lie between rows",
            () if self.rows >= MANY_ROWS => "there are many",
            () => "",
        };
        if let Some(unused) = unused.filter(|_| !why.is_empty()) {
            let names = match unused.as_slice() {
                [] => String::new(),
                names => format!(" (not used: {})", quoted(names.iter().copied())),
            };
            let what =
                format!("all {} rows are read as one conversation, though {why}, for no column is known to divide them{names}", self.rows);
            let remedy =
                "call the one that does 会话ID, or name it: id = \"…\" beside speaker and text under [mapping] in phrase-lint.toml";
            sink.warning(None, what, remedy);
        }
        if let Some(id) = self.mixed {
            let whose = match self.mixed_conversations {
                1 => format!("the times of the conversation {id} run back and forth"),
                more => format!("the times of {more} conversations run back and forth, the first is {id}"),
            };
            sink.warning(None, format!("{whose}: the rows are taken as they stand"), "sort the rows by conversation and time");
        }
    }
}
