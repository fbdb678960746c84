//! Phrase rules over one turn: candidates from the scanner, verified, excepted, settled.

use crate::rule::{ByProfile, Phrase, Profile};
use crate::text::Folded;
use crate::violation::Severity;

use super::matcher::{Match, Matcher, Reach};
use super::overlap;
use super::scanner::Scanner;

/// A row of a phrase table, ready to match.
#[derive(Debug)]
pub(super) struct Row {
    pub phrase: Phrase,
    /// After what the user said.
    pub severity: ByProfile<Severity>,
    improper: Vec<Matcher>,
    except: Vec<Matcher>,
    unless_sentence: Vec<Matcher>,
    unless_answer: Vec<Matcher>,
}

impl Row {
    pub fn new(phrase: &Phrase, severity: ByProfile<Severity>) -> Self {
        let ready = |patterns: &[crate::rule::Pattern], reach| patterns.iter().map(|pattern| Matcher::new(pattern, reach)).collect();
        Self {
            severity,
            improper: ready(&phrase.improper, Reach::Clause),
            except: ready(&phrase.except, Reach::Clause),
            unless_sentence: ready(&phrase.unless.sentence, Reach::Sentence),
            unless_answer: ready(&phrase.unless.answer, Reach::Sentence),
            phrase: phrase.clone(),
        }
    }

    /// Every matcher, for compiling them all.
    pub fn matchers(&self) -> impl Iterator<Item = &Matcher> {
        self.improper.iter().chain(&self.except).chain(&self.unless_sentence).chain(&self.unless_answer)
    }

    /// Whether something near keeps this row quiet about a match.
    fn is_excepted(&self, matched: &Match, turn: &Folded, answer: &[&Folded]) -> bool {
        let text = turn.as_str();
        if self.except.iter().any(|except| except.matches(text).iter().any(|exception| exception.competes(matched))) {
            return true;
        }
        if !self.unless_sentence.is_empty() {
            let sentence = &text[turn.sentence(matched.span.start)];
            if self.unless_sentence.iter().any(|unless| unless.is_in(sentence)) {
                return true;
            }
        }
        self.unless_answer.iter().any(|unless| answer.iter().any(|turn| unless.is_in(turn.as_str())))
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
}

impl Phrases {
    pub fn new(rows: &[Row], profile: Profile) -> Self {
        let on = rows.iter().enumerate().filter(|(_, row)| row.severity.get(profile).is_some());
        let patterns: Vec<(usize, usize)> =
            on.flat_map(|(index, row)| (0..row.improper.len()).map(move |pattern| (index, pattern))).collect();
        let scanner = Scanner::new(
            patterns.iter().enumerate().map(|(number, &(row, pattern))| (number as u32, rows[row].improper[pattern].literals())),
        );
        Self { patterns, scanner }
    }

    /// What is wrong with a turn, in order of its text. `answer` are the turns of the same answer, this one included;
    /// `looks` says whether a row looks at this turn's speaker.
    pub fn find(&self, rows: &[Row], turn: &Folded, answer: &[&Folded], looks: impl Fn(&Row) -> bool) -> Vec<Found> {
        let mut candidates = Vec::new();
        self.scanner.candidates(turn.as_str(), &mut candidates);
        let mut found = Vec::new();
        for number in candidates {
            let (index, pattern) = self.patterns[number as usize];
            let row = &rows[index];
            if !looks(row) {
                continue;
            }
            for matched in row.improper[pattern].verified(turn.as_str()) {
                let quoted = matched.written.iter().any(|written| turn.is_quoted(written));
                if !quoted && !matched.written.is_empty() && !row.is_excepted(&matched, turn, answer) {
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
