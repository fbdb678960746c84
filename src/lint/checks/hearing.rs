//! Who says what where, in one dialogue.

use std::ops::Range;

use crate::transcript::Speaker;

use super::super::heard::Heard;
use super::super::told::Number;
use super::dialogue::{Aside, Dialogue, Spoken};
use super::repertoire::Repertoire;
use super::repetition::{self, Formulas};

/// The words of a repertoire in one dialogue.
#[derive(Debug)]
pub(super) struct Hearing<'h> {
    repertoire: &'h Repertoire,
    pub dialogue: &'h Dialogue<'h>,
    /// By the number of an utterance the spoken turns that hold it, a bit each. Most questions are answered no by these.
    turns: Vec<u64>,
    /// How many of them belong to each utterance.
    stride: usize,
    /// By the number of an utterance, whether bot or platform says it.
    told_aside: Vec<bool>,
}

impl<'h> Hearing<'h> {
    pub fn new(repertoire: &'h Repertoire, dialogue: &'h Dialogue<'h>) -> Self {
        let count = repertoire.len();
        let stride = dialogue.spoken.len().div_ceil(64);
        let mut turns = vec![0; count * stride];
        for speaker in [Speaker::Agent, Speaker::Customer] {
            let own = |(_, spoken): &(usize, &Spoken<'_>)| spoken.speaker == speaker;
            let mut all = vec![0; stride];
            dialogue.spoken.iter().enumerate().filter(own).for_each(|(place, _)| all[place / 64] |= 1 << (place % 64));
            repertoire.anything(speaker).for_each(|number| turns[number * stride..(number + 1) * stride].copy_from_slice(&all));
        }
        for (place, spoken) in dialogue.spoken.iter().enumerate() {
            spoken.heard.numbers().for_each(|number| turns[number * stride + place / 64] |= 1 << (place % 64));
            spoken.heard.refused.iter().for_each(|number| turns[number * stride + place / 64] &= !(1 << (place % 64)));
        }
        let mut told_aside = vec![false; count];
        for aside in &dialogue.asides {
            // A turn in which nothing is said is none of the person's either.
            let anything = repertoire.anything(aside.speaker).filter(|number| !aside.heard.refused.contains(number));
            let is_of_none = |number: &Number| matches!(repertoire.speaker(*number), Speaker::Bot | Speaker::System);
            aside.heard.numbers().chain(anything).filter(is_of_none).for_each(|number| told_aside[number] = true);
        }
        Self { repertoire, dialogue, turns, stride, told_aside }
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
        let heard = self.is_heard(number, place).then(|| self.told(self.dialogue.spoken[place].heard, number));
        heard.into_iter().flatten()
    }

    /// Where the words of an utterance stand in what its speaker says; the whole of it where anything will do.
    fn told(&self, heard: &'h Heard, number: Number) -> impl Iterator<Item = &'h Range<usize>> + use<'h> {
        let whole = (self.is_anything(number) && !heard.refused.contains(&number)).then_some(&heard.whole);
        whole.into_iter().chain(heard.utterance(number))
    }

    /// The spoken turns that hold the words of an utterance, in order.
    pub fn places(&self, number: Number) -> impl Iterator<Item = usize> {
        self.places_from(number, 0)
    }

    /// Those of them from a spoken turn on.
    pub fn places_from(&self, number: Number, first: usize) -> impl Iterator<Item = usize> {
        let words = self.turns[number * self.stride..(number + 1) * self.stride].iter().enumerate().skip(first / 64);
        words
            .filter(|(_, word)| **word != 0)
            .flat_map(|(index, &word)| (0..64).filter(move |bit| word & 1 << bit != 0).map(move |bit| index * 64 + bit))
            .skip_while(move |place| *place < first)
    }

    /// The spoken turns in which a speaker says the same for the so-manieth time, in order: see [`repetition`].
    pub fn said_again(&self, speaker: Speaker, times: u32, formulas: &Formulas) -> Vec<usize> {
        repetition::places(self.dialogue, self.repertoire, speaker, times, formulas)
    }

    /// Whether the words of an utterance stand in a spoken turn.
    pub fn is_heard(&self, number: Number, place: usize) -> bool {
        self.turns[number * self.stride + place / 64] & 1 << (place % 64) != 0
    }

    /// The turns of bot or platform that hold the words of an utterance, each with where these stand first.
    pub fn asides(&self, number: Number) -> impl Iterator<Item = (&'h Aside<'h>, &'h Range<usize>)> {
        let asides = if self.told_aside[number] { &self.dialogue.asides[..] } else { &[] };
        let told = asides.iter().filter(move |aside| aside.speaker == self.speaker(number));
        told.filter_map(move |aside| Some((aside, self.told(aside.heard, number).next()?)))
    }

    /// Whether the words of an utterance stand anywhere.
    pub fn is_heard_anywhere(&self, number: Number) -> bool {
        self.told_aside[number] || self.places(number).next().is_some()
    }
}
