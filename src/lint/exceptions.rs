//! What keeps phrase rows quiet within a turn: their patterns of `except` and of `unless.sentence`.
//!
//! One scanner holds the literals of all of them and runs only over turns in which something matched.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use foldhash::HashMap;

use crate::rule::Clues;
use crate::text::Folded;

use super::matcher::{Match, Matcher};
use super::phrase_row::PhraseRow;
use super::scanner::{Candidate, Scanner, places};
use super::stretches::Stretches;

/// The patterns that keep rows quiet, found by their literals.
#[derive(Debug)]
pub(super) struct Exceptions {
    /// For every row, the number of its first pattern: first those of `except`, then those of `unless.sentence`.
    first: Vec<u32>,
    scanner: Scanner,
}

/// The exceptions that may be in one turn.
#[derive(Debug)]
pub(super) struct Nearby<'t> {
    turn: &'t Folded,
    /// The places of their literals, pattern by pattern.
    candidates: Vec<Candidate>,
    /// The patterns, ascending.
    patterns: Vec<Near>,
}

/// A pattern of which a literal is in the turn. What was found of it is kept: a turn may match as often as somebody likes.
#[derive(Debug)]
struct Near {
    /// Its number.
    pattern: u32,
    candidates: Range<usize>,
    /// What its matches have written.
    written: OnceCell<Stretches>,
    /// By the byte where a sentence begins, whether the pattern is in it.
    sentences: RefCell<HashMap<usize, bool>>,
}

impl Exceptions {
    pub fn new(rows: &[PhraseRow]) -> Self {
        let mut first = Vec::with_capacity(rows.len() + 1);
        let mut patterns: Vec<&Clues> = Vec::new();
        for row in rows {
            first.push(patterns.len() as u32);
            patterns.extend(row.except.iter().chain(&row.unless_sentence).map(Matcher::clues));
        }
        let scanner = Scanner::new((0..).zip(patterns));
        Self { first, scanner }
    }

    /// Those that may be in a turn.
    pub fn near<'t>(&self, turn: &'t Folded) -> Nearby<'t> {
        let candidates = self.scanner.candidates(turn.as_str());
        let mut from = 0;
        let each = candidates.chunk_by(|one, other| one.pattern == other.pattern).map(|of_one| {
            let near = from..from + of_one.len();
            from = near.end;
            Near { pattern: of_one[0].pattern, candidates: near, written: OnceCell::new(), sentences: RefCell::default() }
        });
        Nearby { turn, patterns: each.collect(), candidates }
    }

    /// Whether one of a row forbids a match. `index` is the row's.
    pub fn forbid(&self, row: &PhraseRow, index: usize, matched: &Match, nearby: &Nearby<'_>) -> bool {
        let first = self.first[index];
        let count = row.except.len() + row.unless_sentence.len();
        let from = nearby.patterns.partition_point(|near| near.pattern < first);
        let own = nearby.patterns[from..].iter().map(|near| ((near.pattern - first) as usize, near));
        own.take_while(|(place, _)| *place < count).any(|(place, near)| match row.except.get(place) {
            Some(except) => nearby.competes(near, except, matched),
            None => nearby.is_in_sentence(near, &row.unless_sentence[place - row.except.len()], matched),
        })
    }
}

impl Nearby<'_> {
    /// Whether a match of an exception shares a written character with this one.
    fn competes(&self, near: &Near, except: &Matcher, matched: &Match) -> bool {
        let written = near
            .written
            .get_or_init(|| Stretches::written(&except.verified(self.turn.as_str(), places(&self.candidates[near.candidates.clone()]))));
        written.compete(matched)
    }

    /// Whether a pattern is in the sentence in which a match begins.
    fn is_in_sentence(&self, near: &Near, unless: &Matcher, matched: &Match) -> bool {
        let sentence = self.turn.sentence(matched.span.start);
        *near.sentences.borrow_mut().entry(sentence.start).or_insert_with(|| unless.is_in(&self.turn.as_str()[sentence]))
    }
}
