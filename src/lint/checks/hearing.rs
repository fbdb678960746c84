//! Who says what where, in one dialogue.

use std::cell::OnceCell;
use std::ops::Range;

use crate::text::{BREAK, is_word};
use crate::transcript::Speaker;

use super::super::heard::{Heard, Number};
use super::super::told::Words;
use super::dialogue::{Aside, Dialogue, Spoken};
use super::repertoire::Repertoire;

/// Characters of the shortest text that is looked for within longer ones.
const LONG: usize = 8;

/// A turn of more clauses is only compared as a whole.
const MOST_CLAUSES: usize = 100;

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
    aside: Vec<bool>,
    /// Worked out where a check asks.
    repeats: OnceCell<Repeats>,
}

/// What is said more than once.
#[derive(Debug)]
struct Repeats {
    /// By the spoken turn, for the how-manieth time its speaker says its whole text there, and whether that is one of the texts below.
    times: Vec<(u32, bool)>,
    /// Those of some length that one speaker says at least twice, by the text.
    texts: Vec<Repeated>,
}

#[derive(Debug)]
struct Repeated {
    /// Whether the agent says it, and what.
    text: (bool, Words),
    /// Where nothing else is said for the second time.
    second: usize,
    /// The spoken turns that hold its clauses, one behind the other.
    places: Vec<usize>,
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
        let mut aside = vec![false; count];
        for told in &dialogue.asides {
            // A turn in which nothing is said is none of the person's either.
            let numbers =
                told.heard.numbers().chain(repertoire.anything(told.speaker).filter(|number| !told.heard.refused.contains(number)));
            let is_of_none = |number: &Number| matches!(repertoire.speaker(*number), Speaker::Bot | Speaker::System);
            numbers.filter(is_of_none).for_each(|number| aside[number] = true);
        }
        Self { repertoire, dialogue, turns, stride, aside, repeats: OnceCell::new() }
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

    /// Whether the speaker says the text of a turn there for the so-manieth time; marks, emoji and final particles aside. Masks
    /// alone say nothing. A text that was said twice is also said where clauses stand before or behind it: 亲，…, 非常抱歉，….
    pub fn is_said_again(&self, place: usize, times: u32) -> bool {
        let Repeats { times: whole, texts } = self.repeats.get_or_init(|| self.repeats());
        let (said, is_among) = whole[place];
        let is_next = |text: &Repeated| {
            let second = text.places.partition_point(|&place| place < text.second);
            text.places.get(second.max(times as usize - 1)) == Some(&place)
        };
        !is_among && said == times || texts.iter().any(is_next)
    }

    fn repeats(&self) -> Repeats {
        let spoken = &self.dialogue.spoken;
        let text = |place: usize| (spoken[place].speaker == Speaker::Agent, spoken[place].words);
        let mut said: Vec<usize> = (0..spoken.len()).filter(|&place| !spoken[place].words.is_empty()).collect();
        said.sort_unstable_by_key(|&place| (text(place), place));
        let mut times = vec![(0, false); spoken.len()];
        let mut texts: Vec<Repeated> = Vec::new();
        for alike in said.chunk_by(|&one, &other| text(one) == text(other)) {
            let is_among = alike.len() > 1 && spoken.len() <= MANY && self.is_long(alike[0]);
            (1..).zip(alike).for_each(|(said, &place)| times[place] = (said, is_among));
            if is_among {
                texts.push(Repeated { text: text(alike[0]), second: alike[1], places: Vec::new() });
            }
        }
        // Little is said twice, and only then turns are folded anew.
        let searched = if texts.is_empty() { 0 } else { spoken.len() };
        for place in 0..searched {
            let clauses = self.clauses(place);
            for first in 0..clauses.len() {
                let mut run = Words::default();
                for clause in &clauses[first..] {
                    run = run.then(*clause);
                    if let Ok(known) = texts.binary_search_by_key(&(text(place).0, run), |known| known.text)
                        && texts[known].places.last() != Some(&place)
                    {
                        texts[known].places.push(place);
                    }
                }
            }
        }
        Repeats { times, texts }
    }

    /// Whether a spoken turn is long enough to be looked for within others.
    fn is_long(&self, place: usize) -> bool {
        let spoken = &self.dialogue.spoken[place];
        spoken.heard.whole.len() >= LONG && self.dialogue.folded(spoken.turn).as_str().chars().filter(|c| is_word(*c)).count() >= LONG
    }

    /// The clauses of a spoken turn; of one that has very many, the whole as one.
    fn clauses(&self, place: usize) -> Vec<Words> {
        let spoken = &self.dialogue.spoken[place];
        let folded = self.dialogue.folded(spoken.turn);
        let clauses = folded.as_str().split(BREAK).map(Words::of).filter(|words| !words.is_empty());
        let clauses: Vec<_> = clauses.take(MOST_CLAUSES + 1).collect();
        if clauses.len() > MOST_CLAUSES { vec![spoken.words] } else { clauses }
    }

    /// Whether a pattern of the repertoire, by its number, stands in a spoken turn. It is looked for anew.
    pub fn holds(&self, pattern: usize, place: usize) -> bool {
        !self.repertoire.matches(pattern, self.dialogue.folded(self.dialogue.spoken[place].turn).as_str()).is_empty()
    }

    /// Whether the words of an utterance stand in a spoken turn.
    pub fn is_heard(&self, number: Number, place: usize) -> bool {
        self.turns[number * self.stride + place / 64] & 1 << (place % 64) != 0
    }

    /// The turns of bot or platform that hold the words of an utterance, each with where these stand first.
    pub fn asides(&self, number: Number) -> impl Iterator<Item = (&'h Aside<'h>, &'h Range<usize>)> {
        let asides = if self.aside[number] { &self.dialogue.asides[..] } else { &[] };
        let told = asides.iter().filter(move |aside| aside.speaker == self.speaker(number));
        told.filter_map(move |aside| Some((aside, self.told(aside.heard, number).next()?)))
    }

    /// Whether the words of an utterance stand anywhere.
    pub fn is_heard_anywhere(&self, number: Number) -> bool {
        self.aside[number] || self.places(number).next().is_some()
    }
}
