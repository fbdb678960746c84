//! Who says what where, in one dialogue.

use std::ops::Range;

use crate::transcript::Speaker;

use super::super::heard::{Number, Numbers};
use super::dialogue::Dialogue;
use super::repertoire::Repertoire;

/// The words of a repertoire in one dialogue.
#[derive(Debug)]
pub(super) struct Hearing<'h> {
    repertoire: &'h Repertoire,
    pub dialogue: &'h Dialogue<'h>,
    /// The utterances of all turns and asides.
    numbers: Numbers,
}

impl<'h> Hearing<'h> {
    pub fn new(repertoire: &'h Repertoire, dialogue: &'h Dialogue<'h>) -> Self {
        let all = dialogue.spoken.iter().map(|spoken| spoken.heard).chain(dialogue.asides.iter().map(|aside| aside.heard));
        let numbers = all.fold(Numbers::default(), |numbers, heard| numbers.or(heard.numbers));
        Self { repertoire, dialogue, numbers }
    }

    /// Who says an utterance.
    pub fn speaker(&self, number: Number) -> Speaker {
        self.repertoire.speaker(number)
    }

    /// Whether anything at all will do.
    pub fn is_anything(&self, number: Number) -> bool {
        self.repertoire.is_anything(number)
    }

    /// Where the words of an utterance stand in a spoken turn, in folded bytes from left to right. Where anything will do
    /// it is the whole turn; a turn of the other speaker has none.
    pub fn heard(&self, number: Number, place: usize) -> impl Iterator<Item = &'h Range<usize>> {
        self.dialogue.spoken[place].heard.utterance(number)
    }

    /// How often the speaker has said the text of a turn up to there; marks, emoji and final particles aside. Masks
    /// alone say nothing.
    pub fn times_said(&self, place: usize) -> u32 {
        let turns = &self.dialogue.spoken;
        let (speaker, words) = (turns[place].speaker, turns[place].heard.words);
        if words.is_empty() {
            return 0;
        }
        turns[..=place].iter().filter(|other| other.speaker == speaker && other.heard.words == words).count() as u32
    }

    /// Whether a pattern of the repertoire, by its number, stands in a spoken turn. It is looked for anew.
    pub fn holds(&self, pattern: usize, place: usize) -> bool {
        !self.repertoire.matches(pattern, self.dialogue.folded(place).as_str()).is_empty()
    }

    /// Whether the words of an utterance stand in a spoken turn.
    pub fn is_heard(&self, number: Number, place: usize) -> bool {
        self.heard(number, place).next().is_some()
    }

    /// How many spoken turns stand before each turn of bot or platform that holds the words of an utterance.
    pub fn before_asides(&self, number: Number) -> impl Iterator<Item = usize> {
        let asides = self.dialogue.asides.iter();
        asides.filter(move |aside| aside.heard.utterance(number).next().is_some()).map(|aside| aside.spoken)
    }

    /// Whether the words of an utterance stand anywhere.
    pub fn is_heard_anywhere(&self, number: Number) -> bool {
        let may_be = self.may_be_heard(number);
        may_be && ((0..self.dialogue.spoken.len()).any(|place| self.is_heard(number, place)) || self.before_asides(number).next().is_some())
    }

    /// Whether the words of an utterance may stand anywhere; a no is never wrong.
    pub fn may_be_heard(&self, number: Number) -> bool {
        self.numbers.may_hold(number)
    }
}
