//! Lists of words one of which stands at a place. The same few name a customer, a family or a hesitation in thousands of patterns:
//! those that the program carries are stored once, and looked into where they lie.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::carried::{self, Place};
use super::ways::hash;

/// Words on shelves, by the hash of their first character; on a shelf by preference. Nobody checks the bytes of those that the program
/// carries: they are what [`WordList::of`] wrote when it was built.
///
/// All numbers are stored with the lowest byte first: the number of shelves, a power of two, less one; for every shelf where its words
/// begin, and where the last ends, in bytes behind these numbers; the words, each with its length in bytes before it.
#[derive(Clone, PartialEq, Eq)]
pub struct WordList(Cow<'static, [u8]>);

/// What is left of a shelf, in bytes of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    next: u32,
    end: u32,
}

impl Shelf {
    /// Whether nothing is left.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.next >= self.end
    }
}

/// Bytes of the numbers before the words, and of that before each.
const NUMBER: usize = size_of::<u32>();
const LENGTH: usize = size_of::<u16>();

impl WordList {
    /// Of some words that are not empty, by preference; none where one is longer than 65,535 bytes, all together are longer than
    /// 4 GiB, or there are none.
    pub(super) fn of(words: &[&str]) -> Option<Self> {
        words.first()?;
        let mask = (words.len().next_power_of_two() / 2).max(1) - 1;
        let mut shelves = vec![Vec::new(); mask + 1];
        for word in words {
            let shelf = &mut shelves[hash(word.chars().next()?) & mask];
            shelf.extend_from_slice(&u16::try_from(word.len()).ok()?.to_le_bytes());
            shelf.extend_from_slice(word.as_bytes());
        }
        let mut bytes = u32::try_from(mask).ok()?.to_le_bytes().to_vec();
        let mut end = NUMBER * (mask + 3);
        for length in std::iter::once(0).chain(shelves.iter().map(Vec::len)) {
            end += length;
            bytes.extend(u32::try_from(end).ok()?.to_le_bytes());
        }
        bytes.extend(shelves.concat());
        Some(Self(bytes.into()))
    }

    /// The shelf of the words that begin with a character, and some others.
    #[inline]
    pub fn shelf(&self, first: char) -> Shelf {
        let shelf = hash(first) & self.number(0) as usize;
        Shelf { next: self.number(shelf + 1), end: self.number(shelf + 2) }
    }

    /// The length in bytes of the first word left on a shelf that stands at a byte; then it is no longer left.
    #[inline]
    pub fn take(&self, shelf: &mut Shelf, text: &[u8], at: usize) -> Option<usize> {
        loop {
            let word = self.word(shelf)?;
            if stands_at(text, at, word) {
                return Some(word.len());
            }
        }
    }

    /// The first characters of all words.
    pub(super) fn firsts(&self) -> impl Iterator<Item = char> {
        let mut all = Shelf { next: self.number(1), end: self.0.len() as u32 };
        let words = std::iter::from_fn(move || self.word(&mut all));
        words.filter_map(|word| str::from_utf8(word).ok()?.chars().next())
    }

    /// Takes a word from a shelf.
    #[inline]
    fn word(&self, shelf: &mut Shelf) -> Option<&[u8]> {
        if shelf.is_empty() {
            return None;
        }
        let (length, words) = self.0.get(shelf.next as usize..)?.split_first_chunk::<LENGTH>()?;
        let length = usize::from(u16::from_le_bytes(*length));
        shelf.next = shelf.next.saturating_add((LENGTH + length) as u32);
        words.get(..length)
    }

    /// One of the numbers before the words.
    #[inline]
    fn number(&self, place: usize) -> u32 {
        let number = self.0.get(place * NUMBER..).and_then(<[u8]>::first_chunk::<NUMBER>);
        number.map_or(0, |number| u32::from_le_bytes(*number))
    }
}

/// Whether a word stands at a byte. Words are so short that a call to compare them costs more than the comparison.
#[inline]
pub fn stands_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    let Some(there) = text.get(at..at + word.len()) else { return false };
    there.iter().zip(word).all(|(one, other)| one == other)
}

impl Serialize for WordList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        carried::keep_list(&self.0).ok_or_else(|| ser::Error::custom("a list of words cannot be kept"))?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WordList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = Place::deserialize(deserializer)?;
        carried::list(place).map(|list| Self(Cow::Borrowed(list))).ok_or_else(|| de::Error::custom("a list that was not kept"))
    }
}

impl fmt::Debug for WordList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WordList({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::carried::{Carried, write};
    use proptest::prelude::*;

    fn standing(list: &WordList, text: &str) -> Vec<usize> {
        let Some(first) = text.chars().next() else { return Vec::new() };
        let mut shelf = list.shelf(first);
        std::iter::from_fn(|| list.take(&mut shelf, text.as_bytes(), 0)).collect()
    }

    #[test]
    fn words_are_found_by_preference() {
        let list = WordList::of(&["您", "您的", "你", "您的话", "哦", "您们", "ok"]).expect("a list");
        assert_eq!(standing(&list, "您的话呢"), [3, 6, 9]);
        assert_eq!(standing(&list, "您的"), [3, 6]);
        assert_eq!(standing(&list, "okay"), [2]);
        assert_eq!(standing(&list, "o"), [] as [usize; 0]);
        let mut firsts: Vec<char> = list.firsts().collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts, ['o', '你', '哦', '您']);
        assert!(WordList::of(&[&"好".repeat(30_000)]).is_none() && WordList::of(&[]).is_none());
    }

    #[test]
    fn what_is_kept_is_read_back_and_bytes_of_others_do_no_harm() {
        let list = || WordList::of(&["您", "你", "阁下"]).expect("a list");
        let stored = write(|| Ok([postcard::to_allocvec(&[list(), list()])?, Vec::new(), Vec::new()])).expect("bytes");
        assert_eq!(stored.lists, *list().0);
        let bytes = stored.rules.clone().leak();
        assert_eq!(Carried::leaked(stored).read::<[WordList; 2]>(bytes).expect("lists"), [list(), list()]);
        for length in 0..list().0.len() {
            let broken = WordList(list().0[..length].to_vec().into());
            _ = standing(&broken, "阁下");
        }
        assert_eq!(standing(&WordList(vec![255; 40].into()), "您"), [] as [usize; 0]);
    }

    proptest! {
        #[test]
        fn whatever_stands_is_found_in_order(words in proptest::collection::vec("[您你请稍等a1]{1,3}", 1..40), text in "[您你请稍等a1]{1,5}") {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let lengths: Vec<usize> = words.iter().filter(|word| text.starts_with(**word)).map(|word| word.len()).collect();
            prop_assert_eq!(standing(&WordList::of(&words).expect("a list"), &text), lengths);
        }
    }
}
