//! Phrase rules over one turn: candidates from the scanner, verified, excepted, settled.
//!
//! Two automata share the work. The first runs over every turn and names the patterns that may match; the second
//! holds the literals of all exceptions and runs only over turns in which something matched.

use std::cell::OnceCell;
use std::sync::{Arc, OnceLock};

use crate::rule::{ByProfile, Pattern, Phrase, Profile};
use crate::text::Folded;
use crate::violation::Severity;

use super::matcher::{Match, Matcher, Reach};
use super::overlap;
use super::scanner::{Candidate, Scanner, places};

/// A row of a phrase table, ready to match.
#[derive(Debug)]
pub(super) struct Row {
    pub phrase: Arc<Phrase>,
    /// After what the user said.
    pub severity: ByProfile<Severity>,
    /// What a violation costs, after what the user said.
    pub points: Option<u32>,
    improper: Vec<Matcher>,
    except: Vec<Matcher>,
    unless_sentence: Vec<Matcher>,
    unless_answer: Vec<Matcher>,
}

impl Row {
    pub fn new(phrase: &Arc<Phrase>, severity: ByProfile<Severity>, points: Option<u32>) -> Self {
        let ready = |patterns: &[Arc<Pattern>], reach| patterns.iter().map(|pattern| Matcher::new(pattern, reach)).collect();
        Self {
            severity,
            points,
            improper: ready(&phrase.improper, Reach::Clause),
            except: ready(&phrase.except, Reach::Clause),
            unless_sentence: ready(&phrase.unless.sentence, Reach::Sentence),
            unless_answer: ready(&phrase.unless.answer, Reach::Sentence),
            phrase: Arc::clone(phrase),
        }
    }
}

/// A row that matched.
#[derive(Debug)]
pub(super) struct Found {
    /// The index of the row.
    pub row: usize,
    pub matched: Match,
}

/// The rows that are on in one profile.
#[derive(Debug)]
pub(super) struct Phrases {
    /// For every pattern number of the scanner, its row and its place in the row.
    patterns: Vec<(usize, usize)>,
    scanner: Scanner,
    exceptions: OnceLock<Exceptions>,
}

/// The patterns that keep rows quiet within a turn, found by their literals.
#[derive(Debug)]
struct Exceptions {
    /// For every row, the number of its first pattern: first those of `except`, then those of `unless.sentence`.
    first: Vec<u32>,
    scanner: Scanner,
}

impl Phrases {
    pub fn new(rows: &[Row], profile: Profile) -> Self {
        let on = rows.iter().enumerate().filter(|(_, row)| row.severity.get(profile).is_some());
        let patterns: Vec<(usize, usize)> =
            on.flat_map(|(index, row)| (0..row.improper.len()).map(move |pattern| (index, pattern))).collect();
        let scanner = Scanner::new(
            patterns.iter().enumerate().map(|(number, &(row, pattern))| (number as u32, rows[row].improper[pattern].literals())),
        );
        Self { patterns, scanner, exceptions: OnceLock::new() }
    }

    /// Whether a turn that is not folded may hold anything. Never wrong when it says no, but for segmented text.
    pub fn may_find(&self, written: &str) -> bool {
        self.scanner.may_be_in(written)
    }

    /// What is wrong with a turn, in order of its text. `answer` gives the turns of the same answer, this one included;
    /// `looks` says whether a row looks at this turn's speaker.
    pub fn find<'f, A: Iterator<Item = &'f Folded>>(
        &self,
        rows: &[Row],
        turn: &Folded,
        answer: impl Fn() -> A,
        looks: impl Fn(&Row) -> bool,
    ) -> Vec<Found> {
        let candidates = self.scanner.candidates(turn.as_str());
        let near = OnceCell::new();
        let mut found = Vec::new();
        for candidates in candidates.chunk_by(|one, other| one.pattern == other.pattern) {
            let (index, pattern) = self.patterns[candidates[0].pattern as usize];
            let row = &rows[index];
            if !looks(row) {
                continue;
            }
            for matched in row.improper[pattern].verified(turn.as_str(), places(candidates)) {
                let quoted = matched.written.iter().any(|written| turn.is_quoted(written));
                if quoted || matched.written.is_empty() {
                    continue;
                }
                let exceptions = self.exceptions.get_or_init(|| Exceptions::new(rows));
                let near = near.get_or_init(|| exceptions.near(turn));
                if !exceptions.keep_quiet(rows, index, &matched, turn, near)
                    && !row.unless_answer.iter().any(|unless| answer().any(|turn| unless.is_in(turn.as_str())))
                {
                    found.push(Found { row: index, matched });
                }
            }
        }
        if found.len() < 2 {
            return found;
        }
        overlap::settle(found, |found| &found.matched, |found| found.row)
    }
}

impl Exceptions {
    fn new(rows: &[Row]) -> Self {
        let mut first = Vec::with_capacity(rows.len() + 1);
        let mut literals: Vec<&[String]> = Vec::new();
        for row in rows {
            first.push(literals.len() as u32);
            literals.extend(row.except.iter().chain(&row.unless_sentence).map(Matcher::literals));
        }
        let scanner = Scanner::new(literals.into_iter().enumerate().map(|(number, literals)| (number as u32, literals)));
        Self { first, scanner }
    }

    /// The exceptions that may be in a turn, by their numbers.
    fn near(&self, turn: &Folded) -> Vec<Candidate> {
        self.scanner.candidates(turn.as_str())
    }

    /// Whether an exception of a row forbids a match.
    fn keep_quiet(&self, rows: &[Row], index: usize, matched: &Match, turn: &Folded, near: &[Candidate]) -> bool {
        let row = &rows[index];
        let first = self.first[index];
        let count = row.except.len() + row.unless_sentence.len();
        let from = near.partition_point(|candidate| candidate.pattern < first);
        near[from..]
            .chunk_by(|one, other| one.pattern == other.pattern)
            .map_while(|near| {
                let place = (near[0].pattern - first) as usize;
                (place < count).then_some((place, near))
            })
            .any(|(place, near)| match row.except.get(place) {
                Some(except) => except.verified(turn.as_str(), places(near)).iter().any(|exception| exception.competes(matched)),
                None => row.unless_sentence[place - row.except.len()].is_in(&turn.as_str()[turn.sentence(matched.span.start)]),
            })
    }
}
