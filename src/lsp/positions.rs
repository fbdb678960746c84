//! Between bytes of a document and the lines and columns of an editor.

use std::ops::Range;

use gen_lsp_types::{Position, PositionEncodingKind, Range as Stretch};

use crate::text::Lines;

/// What editor and server count columns in, as they agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Units {
    /// Bytes of UTF-8.
    Bytes,
    /// UTF-16 code units: what holds where nothing else was agreed.
    #[default]
    Utf16,
}

impl Units {
    /// The ones to use with an editor that knows these.
    pub(super) fn agreed(known: &[PositionEncodingKind]) -> Self {
        if known.contains(&PositionEncodingKind::UTF8) { Self::Bytes } else { Self::Utf16 }
    }

    /// As the protocol names them.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Bytes => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn of(self, character: char) -> usize {
        match self {
            Self::Bytes => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
        }
    }
}

/// The positions of one text.
#[derive(Debug)]
pub(super) struct Positions<'t> {
    lines: Lines<'t>,
    length: usize,
    units: Units,
}

impl<'t> Positions<'t> {
    pub(super) fn new(text: &'t str, units: Units) -> Self {
        Self { lines: Lines::new(text, 1), length: text.len(), units }
    }

    /// The position of the byte `at`; the end of the text for anything beyond it.
    pub(super) fn position(&self, at: usize) -> Position {
        let line = self.lines.position(at).line;
        let column = match self.units {
            Units::Bytes => at.min(self.length) - self.lines.start(line).unwrap_or(0),
            Units::Utf16 => self.lines.utf16_column(at) - 1,
        };
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { line: number(line - 1), character: number(column) }
    }

    /// The stretch that some bytes take up.
    pub(super) fn stretch(&self, bytes: &Range<usize>) -> Stretch {
        Stretch { start: self.position(bytes.start), end: self.position(bytes.end) }
    }

    /// The byte at a position: the end of its line, of which the line end is no part, for a column beyond it, the end of the text for
    /// a line beyond it, and the start of a character that it divides.
    pub(super) fn byte(&self, position: Position) -> usize {
        let line = position.line as usize + 1;
        let Some(start) = self.lines.start(line) else { return self.length };
        let (mut at, mut left) = (start, position.character as usize);
        for character in self.lines.line(line).chars() {
            let units = self.units.of(character);
            if units > left {
                break;
            }
            at += character.len_utf8();
            left -= units;
        }
        at
    }

    /// The bytes of a stretch; none of one that ends before it begins.
    pub(super) fn bytes(&self, stretch: Stretch) -> Range<usize> {
        let start = self.byte(stretch.start);
        start..self.byte(stretch.end).max(start)
    }

    /// The bytes of a line, by its number from 1, without white space around it; the last line for one beyond it.
    pub(super) fn line(&self, number: usize) -> Range<usize> {
        let text = self.lines.line(number);
        let start = self.lines.start(number).unwrap_or(self.length) + text.len() - text.trim_start().len();
        start..start + text.trim().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "👋你好\r\n😀a你";

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_are_counted_as_agreed() {
        let you = TEXT.rfind('你').unwrap();
        assert_eq!(Positions::new(TEXT, Units::Utf16).position(you), at(1, 3));
        assert_eq!(Positions::new(TEXT, Units::Bytes).position(you), at(1, 5));
        assert_eq!(Units::agreed(&[PositionEncodingKind::UTF32, PositionEncodingKind::UTF8]), Units::Bytes);
        assert_eq!(Units::agreed(&[]), Units::Utf16);
    }

    #[test]
    fn every_position_is_a_byte_of_the_text() {
        for units in [Units::Utf16, Units::Bytes] {
            let positions = Positions::new(TEXT, units);
            for (byte, _) in TEXT.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(positions.byte(positions.position(byte)), byte, "{units:?}");
            }
            assert_eq!(positions.byte(at(9, 9)), TEXT.len());
            assert_eq!(positions.byte(at(0, 99)), TEXT.find('\r').unwrap());
            assert_eq!(positions.bytes(Stretch { start: at(1, 0), end: at(0, 0) }).len(), 0);
        }
        assert_eq!(Positions::new(TEXT, Units::Utf16).byte(at(0, 1)), 0, "within a pair");
    }

    #[test]
    fn a_line_is_marked_without_its_margins() {
        let positions = Positions::new(" a b \n", Units::Utf16);
        assert_eq!(positions.line(1), 1..4);
        assert_eq!(positions.line(9), 6..6);
    }
}
