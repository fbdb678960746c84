//! The literals of all built-in patterns, each once. The build sorts them, so that a run need not: most of what a small run did
//! was to compare them.

use std::collections::BTreeMap;

/// Literals with numbers from 0, ascending by window and text, as the program carries them.
#[derive(Debug, Clone, Copy)]
pub struct Lexicon {
    words: &'static str,
    /// An entry for every literal, one behind the other.
    entries: &'static [u8],
    /// The numbers of the literals of all patterns, one behind the other.
    numbers: &'static [u8],
}

/// The numbers of the literals of one pattern.
#[derive(Debug, Clone, Copy)]
pub struct Numbers(&'static [[u8; 4]]);

impl Numbers {
    /// How many they are.
    pub fn count(self) -> usize {
        self.0.len()
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// The one at a place.
    pub fn at(self, place: usize) -> u32 {
        u32::from_le_bytes(self.0[place])
    }
}

/// One literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The first byte of it among the words.
    pub start: u32,
    /// The window that it is filed under.
    pub window: u32,
    /// Its length in bytes.
    pub length: u8,
    /// The bytes of it up to the end of the window.
    pub end: u8,
}

/// Bytes of an entry.
const SIZE: usize = 10;

impl Word {
    fn to_bytes(self) -> [u8; SIZE] {
        let [a, b, c, d] = self.start.to_le_bytes();
        let [e, f, g, h] = self.window.to_le_bytes();
        [a, b, c, d, e, f, g, h, self.length, self.end]
    }

    fn of_bytes([a, b, c, d, e, f, g, h, length, end]: [u8; SIZE]) -> Self {
        Self { start: u32::from_le_bytes([a, b, c, d]), window: u32::from_le_bytes([e, f, g, h]), length, end }
    }
}

impl Lexicon {
    /// Of nothing.
    pub const EMPTY: Self = Self::new(&[], &[], "");

    /// What a [`Collection`] stored.
    pub(super) const fn new(entries: &'static [u8], numbers: &'static [u8], words: &'static str) -> Self {
        Self { words, entries, numbers }
    }

    /// The numbers that a pattern was given: how many stand before its own, and how many are its own.
    pub(super) fn numbers(self, (before, count): (u32, u32)) -> Option<Numbers> {
        let (numbers, _) = self.numbers.as_chunks();
        numbers.get(before as usize..)?.get(..count as usize).map(Numbers)
    }

    /// All words, one behind the other.
    pub fn words(self) -> &'static str {
        self.words
    }

    /// All literals, by number.
    pub fn entries(self) -> impl ExactSizeIterator<Item = Word> {
        let (entries, _): (&[[u8; SIZE]], _) = self.entries.as_chunks();
        entries.iter().map(|bytes| Word::of_bytes(*bytes))
    }

    /// A literal by its number; nothing where there is none.
    pub fn literal(self, number: u32) -> &'static str {
        let (entries, _): (&[[u8; SIZE]], _) = self.entries.as_chunks();
        let entry = entries.get(number as usize).map(|bytes| Word::of_bytes(*bytes));
        let place = entry.map(|entry| entry.start as usize..entry.start as usize + usize::from(entry.length));
        place.and_then(|place| self.words.get(place)).unwrap_or_default()
    }
}

/// The literals of patterns that are being written.
#[derive(Debug, Default)]
pub(super) struct Collection {
    /// By window and text, the end of the window and the number.
    known: BTreeMap<(u32, String), (u8, u32)>,
    numbers: Vec<u8>,
}

impl Collection {
    /// Notes the numbers of the literals of a pattern, each with its window and the end of it; they are right once all literals are
    /// known and [numbered](Self::number). Gives how many were noted before, and how many now.
    pub fn add<'l>(&mut self, literals: impl Iterator<Item = (&'l str, u32, u8)>) -> (u32, u32) {
        let before = self.numbers.len() / 4;
        for (literal, window, end) in literals {
            let (_, number) = self.known.entry((window, literal.to_owned())).or_insert((end, 0));
            self.numbers.extend_from_slice(&number.to_le_bytes());
        }
        (before as u32, (self.numbers.len() / 4 - before) as u32)
    }

    /// Numbers those that are known, and forgets what was noted.
    pub fn number(&mut self) {
        self.numbers.clear();
        for (number, (_, known)) in (0..).zip(self.known.values_mut()) {
            *known = number;
        }
    }

    /// The entries, the numbers that were noted, and the words.
    pub fn stored(self) -> (Vec<u8>, Vec<u8>, String) {
        let (mut entries, mut words) = (Vec::new(), String::new());
        for ((window, literal), (end, _)) in &self.known {
            let entry = Word { start: words.len() as u32, window: *window, length: literal.len() as u8, end: *end };
            entries.extend_from_slice(&entry.to_bytes());
            words.push_str(literal);
        }
        (entries, self.numbers, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_numbered_by_window_and_text() {
        let mut collection = Collection::default();
        let literals = || [("必须", 7, 6), ("你", 3, 3), ("您必须", 7, 9)].into_iter();
        assert_eq!(collection.add(literals()), (0, 3));
        collection.number();
        assert_eq!((collection.add(literals().skip(1)), collection.add(literals().take(1))), ((0, 2), (2, 1)));
        let (entries, numbers, words) = collection.stored();
        let lexicon = Lexicon::new(entries.leak(), numbers.leak(), words.leak());
        assert_eq!(lexicon.entries().len(), 3);
        assert_eq!((0..4).map(|number| lexicon.literal(number)).collect::<Vec<_>>(), ["你", "必须", "您必须", ""]);
        assert_eq!(lexicon.entries().nth(2), Some(Word { start: 9, window: 7, length: 9, end: 9 }));
        let numbers = |place| lexicon.numbers(place).map(|numbers| numbers.iter().collect::<Vec<_>>());
        assert_eq!([numbers((0, 2)), numbers((2, 1)), numbers((2, 2))], [Some(vec![0, 2]), Some(vec![1]), None]);
    }
}
