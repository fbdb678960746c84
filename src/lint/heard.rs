//! What one turn says to the rules, whatever stands around it.

use std::ops::Range;
use std::sync::Arc;

use super::memo::Weigh;
use super::phrases::Found;
use super::told::{Number, Told, Words};

/// A turn that was listened to.
#[derive(Debug, Clone, Default)]
pub(super) struct HeardTurn {
    /// What the rules heard in it. Turns that differ in what no rule asks for share it.
    pub heard: Arc<Heard>,
    /// What is said, word by word; asked of persons only.
    pub words: Words,
}

/// What was heard in one turn. It depends on nothing but the words, who says them and the profile, so that a turn that
/// comes again need not be listened to again. There are many, and most are looked at when they have left the cache: it is kept small.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The platform wrote it, whoever it is sent as.
    pub is_notice: bool,
    /// It says that the log begins mid-way.
    pub cut_start: bool,
    /// It says that the log stops mid-way.
    pub cut_end: bool,
    /// The phrase rows that match, before overlaps are settled and before the rest of the answer is asked.
    pub found: Box<[Found]>,
    /// Utterances that checks ask for, by their number, with their places from left to right; but for those for which anything does.
    utterances: Box<[(Number, Range<usize>)]>,
    /// Utterances for which anything would do, but not what is said here.
    pub refused: Box<[Number]>,
    /// How often words that packs count are said: the counter, and how often.
    pub counts: Box<[(usize, u64)]>,
    /// Hashes of its clauses of some length, with 0 in the place of every digit.
    pub long_clauses: Box<[u32]>,
    /// All of the folded text, in bytes.
    pub whole: Range<usize>,
}

impl Heard {
    /// A turn of so many folded bytes that tells this, and in which no phrase is found.
    pub fn new(mut told: Told, length: usize) -> Self {
        told.settle();
        let Told { utterances, refused, cut_start, cut_end, counts, .. } = told;
        let (utterances, refused, counts) = (utterances.into(), refused.into(), counts.into());
        Self { cut_start, cut_end, utterances, refused, counts, whole: 0..length, ..Self::default() }
    }

    /// The numbers of the utterances that stand there; one that stands there twice comes twice.
    pub fn numbers(&self) -> impl Iterator<Item = Number> {
        self.utterances.iter().map(|(number, _)| *number)
    }

    /// The places of an utterance.
    pub fn utterance(&self, number: Number) -> impl Iterator<Item = &Range<usize>> {
        let from = self.utterances.partition_point(|(other, _)| *other < number);
        self.utterances[from..].iter().take_while(move |(other, _)| *other == number).map(|(_, span)| span)
    }
}

impl Weigh for Heard {
    fn size(&self) -> usize {
        let found = size_of_val(&*self.found) + self.found.len() * 64;
        let told = size_of_val(&*self.utterances) + size_of_val(&*self.refused) + size_of_val(&*self.counts);
        found + told + size_of_val(&*self.long_clauses)
    }
}

impl Weigh for HeardTurn {
    fn size(&self) -> usize {
        self.heard.size()
    }
}
