//! Who says what where, in one dialogue.

use std::collections::BTreeSet;
use std::ops::Range;

use smallvec::SmallVec;

use crate::text::{BREAK, is_word};
use crate::transcript::Speaker;

use super::super::heard::{Heard, Number};
use super::super::told::{Words, is_long};
use super::dialogue::{Aside, Dialogue, Spoken};
use super::repertoire::Repertoire;

/// Characters of the shortest text that is looked for within longer ones.
const LONG: usize = 8;

/// The most clauses of a turn that are compared together, but for the whole of it.
const MOST_CLAUSES: usize = 8;

/// A log of more turns is that of a day, not of a conversation: in it only whole texts are compared.
const MANY: usize = 2_000;

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

/// Something that may be said again.
#[derive(Debug)]
struct Text {
    /// Whether the agent says it.
    of: bool,
    words: Words,
    /// The spoken turn.
    place: usize,
    /// Its folded bytes.
    span: Range<usize>,
}

impl Text {
    /// What orders texts: those that are alike come one after the other, each turn once.
    fn key(&self) -> (bool, Words, usize) {
        (self.of, self.words, self.place)
    }
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
        let words = self.turns[number * self.stride..(number + 1) * self.stride].iter().enumerate();
        words
            .filter(|(_, word)| **word != 0)
            .flat_map(|(index, &word)| (0..64).filter(move |bit| word & 1 << bit != 0).map(move |bit| index * 64 + bit))
    }

    /// The spoken turns in which their speaker says the same for the so-manieth time, in order; marks, emoji, final particles and 亲
    /// aside. The same is a whole turn, or in any of his turns a stretch of clauses of some length, one of which is long itself, but
    /// nothing that one of these patterns matches. What goes on after that is no other repetition. Masks alone say nothing.
    pub fn said_again(&self, times: u32, formulas: &[usize]) -> Vec<usize> {
        let times = times as usize;
        let spoken = &self.dialogue.spoken;
        let said = || (0..spoken.len()).filter(|&place| !spoken[place].words.is_empty());
        let whole =
            |place: usize| Text { of: self.is_agent(place), words: spoken[place].words, place, span: spoken[place].heard.whole.clone() };
        let mut texts: SmallVec<[Text; 32]> = said().map(whole).collect();
        if spoken.len() <= MANY {
            // Little is said again, and only these turns are folded anew.
            self.with_repeated(times).into_iter().for_each(|place| self.add_stretches(place, &mut texts));
        }
        texts.sort_unstable_by_key(Text::key);
        texts.dedup_by_key(|text| text.key());
        let (mut again, mut later) = (BTreeSet::new(), BTreeSet::new());
        for alike in texts.chunk_by(|one, other| (one.of, one.words) == (other.of, other.words)).filter(|alike| alike.len() >= times) {
            let Text { place, span, .. } = &alike[times - 1];
            let folded = self.dialogue.folded(spoken[*place].turn);
            let is_formula = |formula: &usize| !self.repertoire.matches(*formula, &folded.as_str()[span.clone()]).is_empty();
            if !formulas.iter().any(is_formula) {
                again.insert(*place);
                later.extend(alike[times..].iter().map(|text| text.place));
            }
        }
        again.difference(&later).copied().collect()
    }

    /// Adds the stretches of clauses of a spoken turn that may be said again in others.
    fn add_stretches(&self, place: usize, texts: &mut SmallVec<[Text; 32]>) {
        let folded = self.dialogue.folded(self.dialogue.spoken[place].turn);
        let starts = std::iter::once(0).chain(folded.as_str().match_indices(BREAK).map(|(at, _)| at + BREAK.len_utf8()));
        for start in starts {
            let (mut words, mut characters, mut has_long, mut end) = (Words::default(), 0, false, start);
            for clause in folded.as_str()[start..].split(BREAK).take(MOST_CLAUSES) {
                end += clause.len();
                words = words.then(Words::of(clause));
                characters += clause.chars().filter(|c| is_word(*c)).count();
                has_long |= is_long(clause);
                if has_long && characters >= LONG {
                    texts.push(Text { of: self.is_agent(place), words, place, span: start..end });
                }
                end += BREAK.len_utf8();
            }
        }
    }

    fn is_agent(&self, place: usize) -> bool {
        self.dialogue.spoken[place].speaker == Speaker::Agent
    }

    /// The spoken turns with a long clause that their speaker says in so many turns, be it with other digits.
    fn with_repeated(&self, times: usize) -> BTreeSet<usize> {
        let of = |(place, spoken): (usize, &'h Spoken<'h>)| {
            let is_agent = self.is_agent(place);
            spoken.heard.long_clauses.iter().map(move |clause| (is_agent, *clause, place))
        };
        let mut clauses: SmallVec<[(bool, u32, usize); 64]> = self.dialogue.spoken.iter().enumerate().flat_map(of).collect();
        clauses.sort_unstable();
        clauses.dedup();
        let alike = clauses.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)).filter(|alike| alike.len() >= times);
        alike.flatten().map(|(.., place)| *place).collect()
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
