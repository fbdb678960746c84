//! A turn of a text file while its lines are read.

use super::Turn;
use super::located::Located;
use super::reading::Block;

/// A turn to which lines may still be added.
pub(super) struct OpenTurn {
    turn: Turn,
    text: Located,
    /// Where the text ends so far, in bytes of the document.
    end: usize,
    /// What stands there.
    line_end: &'static str,
}

impl OpenTurn {
    /// Opens a turn, whose text and place are still empty.
    pub(super) fn new(turn: Turn) -> Self {
        Self { turn, text: Located::default(), end: 0, line_end: "" }
    }

    /// The turn as far as it is known.
    pub(super) fn turn_mut(&mut self) -> &mut Turn {
        &mut self.turn
    }

    /// The first byte of the document that its text stands in so far.
    pub(super) fn start(&self) -> usize {
        self.text.start().unwrap_or(self.end)
    }

    /// Whether it has no words yet.
    pub(super) fn is_empty(&self) -> bool {
        self.text.as_str().is_empty()
    }

    /// Adds a line, or the rest of one, that stands at the byte `from` of the document; `block` holds it.
    pub(super) fn add_line(&mut self, line: &str, from: usize, block: &Block<'_>) {
        self.add_ended_line(line, from, line_end(block, from + line.len()));
    }

    /// Adds a line of which is known what [`line_end`] stands behind it.
    pub(super) fn add_ended_line(&mut self, line: &str, from: usize, line_end: &'static str) {
        if !self.is_empty() && !line.is_empty() {
            // Whatever stands between the two lines (spaces, the line end, blank lines) reads as one line end.
            match (self.line_end, from.saturating_sub(self.end)) {
                (one @ ("\n" | "\r"), 1) => self.text.verbatim(one, self.end),
                (_, gap) => self.text.escape("\n", self.end, gap),
            }
        }
        self.text.verbatim(line, from);
        (self.end, self.line_end) = (from + line.len(), line_end);
    }

    /// Adds text that is already located, behind which the line ends at the byte `end` of the document.
    pub(super) fn add_located(&mut self, text: Located, end: usize) {
        let (text, place) = text.finish();
        if let Some(start) = place.source(0).filter(|_| !self.is_empty()) {
            self.text.escape("\n", self.end, start.saturating_sub(self.end));
        }
        self.text.part(&text, &place, 0..text.len());
        (self.end, self.line_end) = (end, "");
    }

    /// The turn with its text.
    pub(super) fn close(self) -> Turn {
        let (text, place) = self.text.finish();
        Turn { text, place, ..self.turn }
    }
}

/// The line end at the byte `at` of the document, which lies in the block; empty where there is none.
pub(super) fn line_end(block: &Block<'_>, at: usize) -> &'static str {
    let rest = at.checked_sub(block.offset).and_then(|at| block.text.get(at..)).unwrap_or_default();
    ["\r\n", "\n", "\r"].into_iter().find(|end| rest.starts_with(end)).unwrap_or_default()
}
