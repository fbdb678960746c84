//! One row of a phrase table with all of its patterns.

use std::sync::Arc;

use crate::rule::{ByProfile, Pattern, Phrase};
use crate::violation::Severity;

use super::matcher::{Matcher, Reach};

/// A row of a phrase table, ready to match.
#[derive(Debug)]
pub(super) struct PhraseRow {
    pub phrase: Arc<Phrase>,
    /// After what the user said.
    pub severity: ByProfile<Severity>,
    /// What a violation costs, after what the user said.
    pub points: Option<u32>,
    pub improper: Vec<Matcher>,
    pub except: Vec<Matcher>,
    pub unless_sentence: Vec<Matcher>,
    pub unless_answer: Vec<Matcher>,
}

impl PhraseRow {
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
