//! Phrase rules over one turn: what the listener saw, excepted, settled.

use std::cell::OnceCell;
use std::sync::OnceLock;

use crate::rule::Profile;
use crate::text::{Folded, is_particle};
use crate::transcript::Speaker;

use super::answer::Answer;
use super::clause::Seen;
use super::exceptions::Exceptions;
use super::matcher::{Match, Matcher};
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
        let is_on = |row: &PhraseRow| row.phrase.speaker == speaker && row.severity.get(profile).is_some();
        let on = self.rows.iter().enumerate().filter(|(_, row)| is_on(row));
        on.flat_map(|(row, of)| (0..of.improper.len()).map(move |pattern| Improper { row, pattern })).collect()
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

    /// What of the patterns that match in a turn is not excepted within it. `seen` names patterns by their index in `improper`.
    pub fn found(&self, improper: &[Improper], turn: &Folded, seen: &[Seen]) -> Vec<Found> {
        let near = OnceCell::new();
        let mut found = Vec::new();
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
