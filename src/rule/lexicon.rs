//! The literals of all built-in patterns, each once. The build sorts them, so that a run need not: most of what a small run did
//! was to compare them.

use std::collections::BTreeMap;

use super::window::hash;

/// Literals with numbers from 0, ascending by window and text, as the program carries them.
#[derive(Debug)]
pub(crate) struct Lexicon {
    text: &'static str,
    /// An entry for every literal, one behind the other.
    entries: &'static [u8],
    /// The numbers of the literals of all patterns, one behind the other.
    numbers: &'static [u8],
    /// By the hash of windows the number of the first literal under one, plus 1; open addressing, at most half full.
    slots: &'static [u8],
}

/// The numbers of the literals of one pattern.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers(&'static [[u8; 4]]);

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

/// One literal: where it stands and what it is filed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Literal {
    /// The first byte of it in the text of all literals.
    pub start: u32,
    /// The window that it is filed under.
    pub window: u32,
    /// Its length in bytes.
    pub length: u16,
    /// The bytes from its start to the end of the window.
    pub end: u16,
}

/// Bytes of an entry.
const SIZE: usize = 12;

impl Literal {
    fn to_bytes(self) -> [u8; SIZE] {
        let [a, b, c, d] = self.start.to_le_bytes();
        let [e, f, g, h] = self.window.to_le_bytes();
        let ([i, j], [k, l]) = (self.length.to_le_bytes(), self.end.to_le_bytes());
        [a, b, c, d, e, f, g, h, i, j, k, l]
    }

    fn of_bytes([a, b, c, d, e, f, g, h, i, j, k, l]: [u8; SIZE]) -> Self {
        let (start, window) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        Self { start, window, length: u16::from_le_bytes([i, j]), end: u16::from_le_bytes([k, l]) }
    }
}

impl Lexicon {
    /// Of nothing.
    pub(crate) const EMPTY: &'static Self = &Self::new(&[], &[], &[], "");

    /// What a [`Collection`] stored.
    pub(super) const fn new(entries: &'static [u8], numbers: &'static [u8], slots: &'static [u8], text: &'static str) -> Self {
        Self { text, entries, numbers, slots }
    }

    /// The numbers that a pattern was given: how many stand before its own, and how many are its own.
    pub(super) fn numbers(&self, (before, count): (u32, u32)) -> Option<Numbers> {
        let (numbers, _) = self.numbers.as_chunks();
        numbers.get(before as usize..)?.get(..count as usize).map(Numbers)
    }

    /// The text of all literals, one behind the other.
    pub(crate) fn text(&self) -> &'static str {
        self.text
    }

    /// All literals, by number.
    pub(crate) fn literals(&self) -> impl ExactSizeIterator<Item = Literal> + use<> {
        self.entries.as_chunks().0.iter().map(|bytes| Literal::of_bytes(*bytes))
    }

    /// The literals under a window, with their numbers.
    #[inline]
    pub(crate) fn under(&self, window: u32) -> impl Iterator<Item = (u32, Literal)> + use<> {
        let (entries, _) = self.entries.as_chunks();
        let entry = |number: u32| Some(Literal::of_bytes(*entries.get(number as usize)?));
        let (slots, _): (&[[u8; 4]], _) = self.slots.as_chunks();
        // Where all slots are taken by other windows there would be no end.
        let slots = (0..slots.len()).map(|step| u32::from_le_bytes(slots[(hash(window) + step) & (slots.len() - 1)]));
        let mut firsts = slots.map_while(|slot| slot.checked_sub(1));
        let first = firsts.find(|&first| entry(first).is_none_or(|literal| literal.window == window));
        let behind = first.map_or(0..0, |first| first..entries.len() as u32);
        behind.map_while(move |number| Some((number, entry(number)?))).take_while(move |(_, literal)| literal.window == window)
    }

    /// A literal by its number; nothing where there is none.
    pub(super) fn literal(&self, number: u32) -> &'static str {
        let literal = self.entries.as_chunks().0.get(number as usize).map(|bytes| Literal::of_bytes(*bytes));
        let place = literal.map(|literal| literal.start as usize..literal.start as usize + usize::from(literal.length));
        place.and_then(|place| self.text.get(place)).unwrap_or_default()
    }
}

/// The literals of patterns that are being written.
#[derive(Debug, Default)]
pub(super) struct Collection {
    /// By window and text, the end of the window, and the number in order of arrival.
    known: BTreeMap<(u32, String), (u16, u32)>,
    /// The numbers of the literals of all patterns, one behind the other.
    numbers: Vec<u32>,
}

impl Collection {
    /// Notes the literals of a pattern, each with its window and the end of it. Gives how many were noted before, and how many now.
    pub fn add<'l>(&mut self, literals: impl Iterator<Item = (&'l str, u32, u16)>) -> (u32, u32) {
        let before = self.numbers.len();
        for (literal, window, end) in literals {
            let next = self.known.len() as u32;
            let (_, number) = self.known.entry((window, literal.to_owned())).or_insert((end, next));
            self.numbers.push(*number);
        }
        (before as u32, (self.numbers.len() - before) as u32)
    }

    /// The entries, the numbers that were noted, the slots, and the text of all literals. Now numbers are in order of windows.
    pub fn stored(&self) -> (Vec<u8>, Vec<u8>, Vec<u8>, String) {
        let (mut entries, mut text) = (Vec::new(), String::new());
        let mut firsts: BTreeMap<u32, u32> = BTreeMap::new();
        let mut numbers = vec![0_u32; self.known.len()];
        for (number, ((window, literal), (end, arrival))) in (0..).zip(&self.known) {
            let entry = Literal { start: text.len() as u32, window: *window, length: literal.len() as u16, end: *end };
            entries.extend_from_slice(&entry.to_bytes());
            text.push_str(literal);
            numbers[*arrival as usize] = number;
            firsts.entry(*window).or_insert(number);
        }
        let mut slots = vec![0_u32; (firsts.len() * 2).next_power_of_two()];
        for (window, first) in firsts {
            let free = (hash(window)..).map(|place| place % slots.len()).find(|&place| slots[place] == 0);
            free.into_iter().for_each(|place| slots[place] = first + 1);
        }
        let bytes = |numbers: &mut dyn Iterator<Item = u32>| numbers.flat_map(u32::to_le_bytes).collect();
        let noted = bytes(&mut self.numbers.iter().map(|&arrival| numbers[arrival as usize]));
        (entries, noted, bytes(&mut slots.into_iter()), text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_numbered_by_window_and_text() {
        let mut collection = Collection::default();
        let literals = || [("必须", 7, 6), ("你", 3, 3), ("您必须", 7, 9)].into_iter();
        assert_eq!((collection.add(literals().skip(1)), collection.add(literals().take(2))), ((0, 2), (2, 2)));
        let (entries, numbers, slots, text) = collection.stored();
        let lexicon = Lexicon::new(entries.leak(), numbers.leak(), slots.leak(), text.leak());
        assert_eq!((0..4).map(|number| lexicon.literal(number)).collect::<Vec<_>>(), ["你", "必须", "您必须", ""]);
        assert_eq!(lexicon.literals().nth(2), Some(Literal { start: 9, window: 7, length: 9, end: 9 }));
        let numbers = |place| lexicon.numbers(place).map(|numbers| numbers.iter().collect::<Vec<_>>());
        assert_eq!([numbers((0, 2)), numbers((2, 2)), numbers((2, 3))], [Some(vec![0, 2]), Some(vec![1, 0]), None]);
        let under = |lexicon: &Lexicon, window| lexicon.under(window).map(|(number, _)| number).collect::<Vec<_>>();
        assert_eq!([under(&lexicon, 3), under(&lexicon, 7), under(&lexicon, 4)], [vec![0], vec![1, 2], vec![]]);
        assert_eq!(under(Lexicon::EMPTY, 7), [] as [u32; 0]);
    }

    #[test]
    fn every_window_is_found_in_a_large_lexicon() {
        let mut collection = Collection::default();
        let windows = || (0..5_000_u32).map(|number| number * 7);
        let texts: Vec<String> = windows().map(|window| window.to_string()).collect();
        collection.add(texts.iter().zip(windows()).map(|(text, window)| (text.as_str(), window, 1)));
        let (entries, numbers, slots, text) = collection.stored();
        let lexicon = Lexicon::new(entries.leak(), numbers.leak(), slots.leak(), text.leak());
        for window in 0..35_000 {
            assert_eq!(lexicon.under(window).count(), usize::from(window % 7 == 0), "{window}");
        }
    }
}
