//! Where one conversation of a text ends and the next begins, for every format of lines that people put together.
//!
//! A line `=== id ===` or `会话ID：…` begins a conversation, and so does a blank line, unless the file has one between all
//! turns. Where name and time stand above the words, blank lines stand within words too: there hours must have passed.

use super::comment::Comments;
use super::open_turn::OpenTurn;
use super::reading::{Sample, Sink, lines};
use super::{Clock, Conversation, Moment, Turn};

/// What a blank line between two turns means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum BlankLines {
    /// Nothing.
    #[default]
    Nothing,
    /// That another conversation begins.
    Divide,
    /// The same, where the second turn is an hour or more from the first.
    DivideAfterAnHour,
}

/// What a line of a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// It begins a turn.
    Turn,
    /// It goes on.
    Words,
}

/// How many lines of a sample are looked at.
const LOOKED_AT: usize = 400;

/// How far apart turns are that a blank line divides, in milliseconds.
const HOUR: i64 = 3_600_000;

/// In milliseconds.
const MINUTE: i64 = 60_000;

impl BlankLines {
    /// Whether blank lines divide conversations in a sample: not where they stand between all turns. `kind` tells of a line and
    /// the one below it what it is.
    pub(super) fn divide(sample: &Sample<'_>, kind: impl Fn(&str, Option<&str>) -> Line) -> bool {
        let (mut adjacent, mut apart) = (0, 0);
        let (mut previous_is_turn, mut blank) = (false, false);
        let text = sample.text().unwrap_or_default();
        let comments = Comments::of(text);
        // A comment to the linter is no line: it stands between no turns and continues none.
        let mut all = lines(text).filter_map(|(_, line)| comments.take_off(line)).take(LOOKED_AT).peekable();
        while let Some(line) = all.next() {
            if line.trim().is_empty() {
                blank = true;
                continue;
            }
            let is_turn = kind(line, all.peek().copied()) == Line::Turn;
            if is_turn && previous_is_turn {
                if blank { apart += 1 } else { adjacent += 1 }
            }
            // A line that continues a turn does not tell whether the next stands apart from it.
            previous_is_turn = is_turn || (previous_is_turn && header(line).is_none());
            blank = false;
        }
        adjacent > 0 || apart == 0
    }
}

/// The conversations of a text while its lines are read.
#[derive(Default)]
pub(super) struct Division {
    blank_lines: BlankLines,
    /// The conversation that is open.
    pub open: Conversation,
    /// Its last turn, to which lines may still be added.
    pub turn: Option<OpenTurn>,
    /// How many conversations were handed over.
    number: usize,
    /// When the turn before began.
    last: Option<Moment>,
}

impl Division {
    /// Nothing yet, of a text whose blank lines mean this.
    pub(super) fn new(blank_lines: BlankLines) -> Self {
        Self { blank_lines, ..Self::default() }
    }

    /// Begins a turn, and where a blank line before it divides, a conversation.
    pub(super) fn begin_turn(&mut self, mut turn: OpenTurn, is_after_blank: bool, sink: &mut Sink<'_>) {
        let start = turn.turn_mut().start.clone();
        let divides = match self.blank_lines {
            _ if !is_after_blank => false,
            BlankLines::Nothing => false,
            BlankLines::Divide => true,
            BlankLines::DivideAfterAnHour => {
                let passed = start.as_ref().zip(self.last.as_ref()).and_then(|(start, last)| start.since(last));
                passed.is_some_and(|passed| passed.abs() >= HOUR)
            }
        };
        if divides {
            self.begin_conversation("", sink);
        }
        self.close_turn();
        self.last = start.or(self.last.take());
        self.turn = Some(turn);
    }

    /// Hands over the open conversation, where there is one, and begins the next.
    pub(super) fn begin_conversation(&mut self, id: &str, sink: &mut Sink<'_>) {
        self.close_turn();
        let next = Conversation { id: id.to_owned(), ..Conversation::default() };
        if self.open.turns.is_empty() && id.is_empty() {
            return;
        }
        let mut done = std::mem::replace(&mut self.open, next);
        if done.turns.is_empty() {
            return;
        }
        self.last = None;
        self.number += 1;
        count_from_start(&mut done.turns);
        if done.id.is_empty() {
            done.id = self.number.to_string();
        }
        sink.conversation(done);
    }

    /// Closes the turn to which lines may still be added.
    pub(super) fn close_turn(&mut self) {
        self.open.turns.extend(self.turn.take().map(OpenTurn::close));
    }

    /// How many conversations were handed over.
    pub(super) fn count(&self) -> usize {
        self.number
    }

    /// The first byte of the document that the open conversation stands in; none where none is open.
    pub(super) fn open_from(&self) -> Option<usize> {
        let first = self.open.turns.first().and_then(|turn| turn.place.start());
        first.or_else(|| self.turn.as_ref().map(OpenTurn::start))
    }
}

/// Takes the times of a conversation for what a recording counts from its start, where the first is no later than a minute behind
/// 0: at midnight nearly nobody calls.
pub(super) fn count_from_start(turns: &mut [Turn]) {
    let is_start = |start: &Moment| start.clock == Clock::Day && start.millis < MINUTE;
    if turns.iter().find_map(|turn| turn.start.as_ref()).is_some_and(is_start) {
        for time in turns.iter_mut().flat_map(|turn| [&mut turn.start, &mut turn.end]) {
            *time = time.take().map(Moment::since_start);
        }
    }
}

/// The id in a line that begins a conversation, empty where there is none: `=== c-17 ===`, `会话ID：c-17`.
pub(super) fn header(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with("===") && line.ends_with("===") {
        return Some(line.trim_matches(|c: char| c == '=' || c.is_whitespace()));
    }
    let (key, id) = line.split_once([':', '：'])?;
    let is_key = matches!(
        key.trim(),
        "会话ID"
            | "会话编号"
            | "會話ID"
            | "會話編號"
            | "对话ID"
            | "對話ID"
            | "通话ID"
            | "通话编号"
            | "通話編號"
            | "Conversation ID"
            | "conversation_id"
            | "Session ID"
    );
    (is_key && !id.trim().is_empty()).then(|| id.trim())
}
