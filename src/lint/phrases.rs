//! Phrase rules over one turn: what the listener saw, excepted, settled.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::OnceLock;

use crate::rule::{Profile, Signs};
use crate::text::{Folded, is_particle};
use crate::transcript::Speaker;

use super::answer::Answer;
use super::clause::Seen;
use super::exceptions::Exceptions;
use super::matcher::{Match, Matcher, Written};
use super::overlap;
use super::phrase_row::PhraseRow;

/// A row that matched.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The index of the row.
    pub row: usize,
    pub matched: Match,
}

/// One of a row's patterns for improper words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Improper {
    row: usize,
    pattern: usize,
}

/// A row of which the signs weigh enough in a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BySigns {
    /// The index of the row.
    pub row: usize,
    /// What they weigh together.
    pub weight: i64,
    /// The clause where they weigh most, in folded bytes.
    pub clause: Range<usize>,
}

/// The phrase rows of a run.
#[derive(Debug)]
pub(super) struct Phrases {
    rows: Vec<PhraseRow>,
    exceptions: OnceLock<Exceptions>,
}

impl Phrases {
    pub fn new(rows: Vec<PhraseRow>) -> Self {
        Self { rows, exceptions: OnceLock::new() }
    }

    /// A row by its index.
    pub fn row(&self, index: usize) -> &PhraseRow {
        &self.rows[index]
    }

    /// The patterns that are looked for in what a speaker says, in one profile.
    pub fn improper(&self, speaker: Speaker, profile: Profile) -> Vec<Improper> {
        self.on(speaker, profile).flat_map(|(row, of)| (0..of.improper.len()).map(move |pattern| Improper { row, pattern })).collect()
    }

    /// The rows with signs for what a speaker says, in one profile, and the signs.
    pub fn signs(&self, speaker: Speaker, profile: Profile) -> impl Iterator<Item = (usize, &Signs)> {
        self.on(speaker, profile).map(|(row, of)| (row, &of.phrase.signs)).filter(|(_, signs)| !signs.is_empty())
    }

    /// The rows for what a speaker says, in one profile.
    fn on(&self, speaker: Speaker, profile: Profile) -> impl Iterator<Item = (usize, &PhraseRow)> {
        let is_on = move |row: &PhraseRow| row.phrase.speaker == speaker && row.severity.get(profile).is_some();
        self.rows.iter().enumerate().filter(move |(_, row)| is_on(row))
    }

    /// A pattern, ready to match.
    pub fn matcher(&self, improper: Improper) -> &Matcher {
        &self.rows[improper.row].improper[improper.pattern]
    }

    /// Makes ready what is looked for where something matched.
    pub fn prepare(&self) {
        self.exceptions();
    }

    fn exceptions(&self) -> &Exceptions {
        self.exceptions.get_or_init(|| Exceptions::new(&self.rows))
    }

    /// What of the patterns that match in a turn is not excepted within it, nor of what its signs tell. `seen` names patterns by their
    /// index in `improper`.
    pub fn found(&self, improper: &[Improper], turn: &Folded, seen: &[Seen], mut told: Vec<BySigns>) -> Vec<Found> {
        let near = OnceCell::new();
        let mut found: Vec<Found> = Vec::new();
        for Seen { pattern, matched } in seen {
            let quoted = matched.written.iter().any(|written| turn.is_quoted(written));
            if quoted || matched.written.is_empty() {
                continue;
            }
            let row = improper[*pattern as usize].row;
            let exceptions = self.exceptions();
            let near = near.get_or_init(|| exceptions.near(turn));
            if !exceptions.forbid(&self.rows[row], row, matched, near) {
                found.push(Found { row, matched: without_particles(matched, turn) });
            }
        }
        // Signs tell a kind of thing more than a rule: what is told of a category is enough, and what a user's row tells there.
        let category = |row: usize| self.rows[row].phrase.id.split('/').next();
        let is_builtin = |row: usize| self.rows[row].phrase.is_builtin;
        let is_there =
            |found: &Found, clause: &Range<usize>| found.matched.span.start < clause.end && clause.start < found.matched.span.end;
        told.sort_by_key(|told| Reverse(told.weight));
        for BySigns { row, clause, .. } in told {
            let matched = Match::whole(clause);
            let exceptions = self.exceptions();
            let tells = |found: &Found| {
                category(found.row) == category(row) || is_builtin(row) && !is_builtin(found.row) && is_there(found, &matched.span)
            };
            let is_told = found.iter().any(tells);
            if !is_told && !exceptions.forbid(&self.rows[row], row, &matched, near.get_or_init(|| exceptions.near(turn))) {
                // Nothing in the clause is what is wrong: it competes with no other words for their place.
                found.push(Found { row, matched: Match { written: Written::new(), ..matched } });
            }
        }
        found
    }

    /// What of it stands, in order of the text: what nothing in the same answer excuses, and of several that compete one.
    pub fn standing(&self, found: &[Found], answer: &mut Answer<'_>) -> Vec<Found> {
        let mut stands = |found: &&Found| !answer.excuses(found.row, &self.rows[found.row].unless_answer);
        let standing: Vec<Found> = found.iter().filter(|found| stands(found)).cloned().collect();
        if standing.len() < 2 {
            return standing;
        }
        let phrase = |found: &Found| &self.rows[found.row].phrase;
        let is_one = |one: &Found, other: &Found| phrase(one).id == phrase(other).id && phrase(one).is_builtin == phrase(other).is_builtin;
        overlap::settle(standing, |found| &found.matched, |found| (phrase(found).is_builtin, found.row), is_one)
    }
}

/// A match without the particles behind its last gap: they need not be written, and what else ends with them is not hidden by it.
fn without_particles(matched: &Match, turn: &Folded) -> Match {
    let mut matched = matched.clone();
    if let [_, .., last] = matched.written.as_slice()
        && turn.as_str()[last.clone()].chars().all(is_particle)
    {
        matched.written.pop();
    }
    matched
}
