//! Where a byte stands, in the units that readers of reports use. Every unit is worked out here.

use std::cell::Cell;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::boundary::floor_boundary;

/// A place in a file, counted from 1 as editors do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

/// The line starts of one text, so that many positions in it are found quickly.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    first: usize,
    offset: usize,
    /// The place that was asked last: a line can be a whole file with many violations, which are asked in order.
    last: Cell<Place>,
}

/// A byte of the text, with what stands before it in its line.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    at: usize,
    row: usize,
    /// Unicode scalar values before it.
    characters: usize,
    /// UTF-16 code units before it.
    units: usize,
}

impl<'t> Lines<'t> {
    /// Finds the lines of `text`, whose first line has the number `first` in its file.
    ///
    /// A line ends at `\n`, `\r\n` or a lone `\r`.
    pub fn new(text: &'t str, first: usize) -> Self {
        Self::within(text, 0, first)
    }

    /// The same of a stretch of a document that begins at the byte `offset` of it. All bytes count from the document's
    /// start.
    pub fn within(text: &'t str, offset: usize, first: usize) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|&at| !bytes[at..].starts_with(b"\r\n"));
        Self { text, starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect(), first, offset, last: Cell::default() }
    }

    /// The position of the byte `at`; the end of the text for anything beyond it.
    pub fn position(&self, at: usize) -> Position {
        let Place { row, characters, .. } = self.place(at);
        Position { line: self.first + row, column: characters + 1 }
    }

    /// The column in UTF-16 code units, from 1, of the byte `at`; it counts like [`Lines::position`].
    pub fn utf16_column(&self, at: usize) -> usize {
        self.place(at).units + 1
    }

    /// The number of the line on which the byte `at` stands; it counts like [`Lines::position`].
    pub fn number(&self, at: usize) -> usize {
        self.first + self.row(at.saturating_sub(self.offset))
    }

    /// The text that is written in these bytes; none where they lie beyond it or divide a character.
    pub fn text(&self, bytes: Range<usize>) -> Option<&'t str> {
        self.text.get(bytes.start.checked_sub(self.offset)?..bytes.end.checked_sub(self.offset)?)
    }

    /// The byte where a line begins, by its number in the file; none where there is no such line.
    pub fn start(&self, number: usize) -> Option<usize> {
        self.starts.get(number.wrapping_sub(self.first)).map(|start| self.offset + start)
    }

    /// The text of a line by its number in the file, without its line end; empty where there is no such line.
    pub fn line(&self, number: usize) -> &'t str {
        let row = number.wrapping_sub(self.first);
        let Some(&start) = self.starts.get(row) else { return "" };
        let end = self.starts.get(row + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The line of the byte `at` of the text, from 0.
    fn row(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at) - 1
    }

    /// The byte `at` of the document, or the end of the text where it lies beyond.
    fn place(&self, at: usize) -> Place {
        let at = floor_boundary(self.text, at.saturating_sub(self.offset));
        let row = self.row(at);
        let last = self.last.get();
        // Words overlap, and so the end of some stands behind the start of the next.
        let place = if last.row == row && last.at > at && last.at - at < at - self.starts[row] {
            let between = &self.text[at..last.at];
            Place { at, row, characters: last.characters - between.chars().count(), units: last.units - utf16_length(between) }
        } else {
            let known = if last.row == row && last.at <= at { last } else { Place { at: self.starts[row], row, ..Place::default() } };
            let between = &self.text[known.at..at];
            Place { at, row, characters: known.characters + between.chars().count(), units: known.units + utf16_length(between) }
        };
        self.last.set(place);
        place
    }
}

/// The places in one text in UTF-16 code units; many are found quickly where each is near the one before.
#[derive(Debug, Default)]
pub struct Utf16Places<'t> {
    text: &'t str,
    /// The byte that was asked last, and the units before it.
    last: Cell<(usize, usize)>,
}

impl<'t> Utf16Places<'t> {
    /// Those of a text.
    pub fn new(text: &'t str) -> Self {
        Self { text, last: Cell::default() }
    }

    /// How many units stand before the byte `at`; none where no character begins there.
    pub fn before(&self, at: usize) -> Option<usize> {
        let (known, units) = self.last.get();
        let units = match at.checked_sub(known) {
            Some(_) => units + utf16_length(self.text.get(known..at)?),
            None if known - at < at => units - utf16_length(self.text.get(at..known)?),
            None => utf16_length(self.text.get(..at)?),
        };
        self.last.set((at, units));
        Some(units)
    }
}

/// How many UTF-16 code units `text` takes: what editors, browsers and most readers of SARIF count in.
pub fn utf16_length(text: &str) -> usize {
    // Every character has one byte that begins it; those of four bytes are pairs. Lines can be long: sums that fit a byte are made of
    // 32 bytes at once.
    const FITTING: usize = u8::MAX as usize / 2;
    let units = |byte: &u8| u8::from(byte & 0xC0 != 0x80) + u8::from(*byte >= 0xF0);
    text.as_bytes().chunks(FITTING).map(|bytes| usize::from(bytes.iter().map(units).sum::<u8>())).sum()
}

/// How many terminal cells `text` takes: two for a Han character, one for a Latin letter.
pub fn display_width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let text = "甲乙\r\n丙😀丁\r戊";
        let lines = Lines::new(text, 10);
        let at = |needle: &str| lines.position(text.find(needle).unwrap_or(0));
        assert_eq!(at("乙"), Position { line: 10, column: 2 });
        assert_eq!(at("丁"), Position { line: 11, column: 3 });
        assert_eq!(at("戊"), Position { line: 12, column: 1 });
        assert_eq!(lines.line(11), "丙😀丁");
        assert_eq!(lines.line(99), "");
        assert_eq!((lines.start(11), lines.start(99), lines.start(0)), (Some(8), None, None));
        assert_eq!(lines.text(0..3), Some("甲"));
        assert_eq!(lines.text(0..99), None);
        assert_eq!(lines.utf16_column(text.find("丁").unwrap_or(0)), 4);
        assert_eq!([6, 0, 3].map(|at| lines.utf16_column(at)), [3, 1, 2]);
        let later = Lines::within(&text[8..], 108, 11);
        assert_eq!(later.position(108 + 7), Position { line: 11, column: 3 });
        assert_eq!([107, 108, 108 + 7, 999].map(|at| later.number(at)), [11, 11, 11, 12]);
        assert_eq!((later.text(108..111), later.text(0..3)), (Some("丙"), None));
        assert_eq!((utf16_length("丙😀丁"), utf16_length(&"😀a".repeat(500))), (4, 1500));
        assert_eq!(display_width("你a"), 3);
        let places = Utf16Places::new("丙😀丁");
        assert_eq!([7, 3, 10, 0, 4, 99].map(|at| places.before(at)), [Some(3), Some(1), Some(4), Some(0), None, None]);
    }

    /// Back and forth in a line that is a whole file: were each place counted from its start, this would not end.
    #[test]
    fn places_are_counted_from_the_one_before() {
        let text = "😀你".repeat(300_000);
        let lines = Lines::new(&text, 1);
        for pair in 0..300_000 - 9 {
            assert_eq!(lines.utf16_column((pair + 9) * 7), (pair + 9) * 3 + 1);
            assert_eq!(lines.position(pair * 7), Position { line: 1, column: pair * 2 + 1 });
        }
    }
}
