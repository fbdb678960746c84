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
    /// The utterances of all turns.
    numbers: Numbers,
}

impl<'h> Hearing<'h> {
    pub fn new(repertoire: &'h Repertoire, dialogue: &'h Dialogue<'h>) -> Self {
        let numbers = dialogue.spoken.iter().fold(Numbers::default(), |numbers, spoken| numbers.or(spoken.heard.numbers));
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
        if words.is_none() {
            return 0;
        }
        turns[..=place].iter().filter(|other| other.speaker == speaker && other.heard.words == words).count() as u32
    }

    /// Whether the words of an utterance stand in a spoken turn.
    pub fn is_heard(&self, number: Number, place: usize) -> bool {
        self.heard(number, place).next().is_some()
    }

    /// Whether the words of an utterance stand anywhere.
    pub fn is_heard_anywhere(&self, number: Number) -> bool {
        self.may_be_heard(number) && (0..self.dialogue.spoken.len()).any(|place| self.is_heard(number, place))
    }

    /// Whether the words of an utterance may stand anywhere; a no is never wrong.
    pub fn may_be_heard(&self, number: Number) -> bool {
        self.numbers.may_hold(number)
    }
}
