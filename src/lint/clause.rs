//! What one clause holds, whatever stands around it. Turns are new because of a name or a number in them; their other clauses
//! were heard before.

use super::matcher::Match;
use super::memo::Weigh;
use super::scanner::Candidate;
use super::told::{Told, Words};

/// A clause that was listened to.
#[derive(Debug, Default)]
pub(super) struct Clause {
    /// Matches of the patterns that never reach beyond a clause, in order of the patterns; where it has digits, but for those that
    /// read them.
    pub seen: Box<[Seen]>,
    /// Places of the literals of all other patterns that may be part of a match.
    pub open: Box<[Candidate]>,
    /// A hash of its characters; see [`crate::rule::Needs`].
    pub characters: u128,
    /// What it tells by itself.
    pub told: Told,
    /// What the signs of phrase rows weigh in it, row by row of those that have some, as far as that can be told.
    pub weights: Box<[i16]>,
    /// What is said; where the clause has digits, with 0 in the place of each.
    pub words: Words,
    /// It is long enough to be found again in other turns.
    pub is_long: bool,
    /// That is all: no phrase matches, and it is no notice. Then the turn need not be judged as a whole for it.
    pub is_all_told: bool,
}

/// A pattern that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its number.
    pub pattern: u32,
    pub matched: Match,
}

impl Weigh for Clause {
    fn size(&self) -> usize {
        size_of_val(&*self.seen) + size_of_val(&*self.open) + size_of_val(&*self.weights) + self.told.size()
    }
}

impl Seen {
    /// The same, so many bytes farther on.
    pub fn shifted(&self, by: usize) -> Self {
        Self { pattern: self.pattern, matched: self.matched.shifted(by) }
    }
}
