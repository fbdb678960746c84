//! What one turn says to the rules, whatever stands around it.

use std::ops::Range;
use std::sync::Arc;

use super::memo::Weigh;
use super::phrases::Found;
use super::told::{Told, Words};

/// The number of an utterance that checks ask for.
pub(super) type Number = usize;

/// A turn that was listened to.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// What the rules heard in it. Turns that differ in what no rule asks for share it.
    pub heard: Arc<Heard>,
    /// What is said, word by word; asked of persons only.
    pub words: Words,
}

/// What was heard in one turn. It depends on nothing but the words, who says them and the profile, so that a turn that
/// comes again need not be listened to again.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The platform wrote it, whoever it is sent as.
    pub is_notice: bool,
    /// The phrase rows that match, before overlaps are settled and before the rest of the answer is asked.
    pub found: Vec<Found>,
    /// What checks and counters hear in it.
    pub told: Told,
    /// The length of the folded text, in bytes.
    pub length: usize,
}

impl Heard {
    /// A turn of so many folded bytes in which no phrase is found.
    pub fn new(told: Told, length: usize) -> Self {
        Self { told, length, ..Self::default() }
    }

    /// The numbers of the utterances; one that stands there twice comes twice.
    pub fn numbers(&self) -> impl Iterator<Item = Number> {
        self.told.utterances.iter().map(|(number, _)| *number)
    }

    /// The places of an utterance.
    pub fn utterance(&self, number: Number) -> impl Iterator<Item = &Range<usize>> {
        let known = &self.told.utterances;
        let from = known.partition_point(|(other, _)| *other < number);
        known[from..].iter().take_while(move |(other, _)| *other == number).map(|(_, span)| span)
    }
}

impl Weigh for Heard {
    fn size(&self) -> usize {
        size_of_val(&*self.found) + self.found.len() * 64 + self.told.size()
    }
}

impl Weigh for Said {
    fn size(&self) -> usize {
        self.heard.size()
    }
}
