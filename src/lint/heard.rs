//! What one turn says to the rules, whatever stands around it.

use std::ops::Range;

use super::memo::Weigh;
use super::phrases::Found;

/// The number of an utterance that checks ask for.
pub(super) type Number = usize;

/// What was heard in one turn. It depends on nothing but the words, who says them and the profile, so that a turn that
/// comes again need not be listened to again.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The platform wrote it, whoever it is sent as.
    pub is_notice: bool,
    /// It says that the log begins mid-way.
    pub cut_start: bool,
    /// It says that the log stops mid-way.
    pub cut_end: bool,
    /// The phrase rows that match, before overlaps are settled and before the rest of the answer is asked.
    pub found: Vec<Found>,
    /// Utterances that checks ask for, by their number, with their places in folded bytes from left to right.
    utterances: Vec<(Number, Range<usize>)>,
    /// A bit for the number of each utterance, modulo 64: most questions are answered no by it.
    numbers: u64,
    /// How often words that packs count are said: the counter, and how often.
    pub counts: Vec<(usize, u64)>,
    /// Stands for the words without marks, emoji and final particles; none where there are none.
    pub words: Option<u64>,
    /// The length of the folded text, in bytes.
    pub length: usize,
}

impl Heard {
    /// Nothing yet, in a turn of so many folded bytes.
    pub fn of_length(length: usize) -> Self {
        Self { length, ..Self::default() }
    }

    /// Notes the utterances, which are in order of their numbers.
    pub fn note_utterances(&mut self, utterances: Vec<(Number, Range<usize>)>) {
        self.numbers = utterances.iter().fold(0, |numbers, (number, _)| numbers | 1 << (number % 64));
        self.utterances = utterances;
    }

    /// The places of an utterance.
    pub fn utterance(&self, number: Number) -> impl Iterator<Item = &Range<usize>> {
        let known = if self.numbers & 1 << (number % 64) == 0 { &[] } else { &self.utterances[..] };
        let from = known.partition_point(|(other, _)| *other < number);
        known[from..].iter().take_while(move |(other, _)| *other == number).map(|(_, span)| span)
    }

}

impl Weigh for Heard {
    fn size(&self) -> usize {
        size_of::<Self>()
            + size_of_val(&*self.found)
            + self.found.len() * 64
            + self.utterances.len() * size_of::<(Number, Range<usize>)>()
            + self.counts.len() * 16
    }
}
