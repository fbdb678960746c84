//! What a rewrite may not do to a text: one judgement, for what is applied and for what reports tell of it beforehand.

use std::collections::HashMap;
use std::ops::Range;

use crate::text::{Folded, Hand, Script, ScriptCount, Spacing, floor_boundary};
use crate::transcript::{Conversation, Speaker};
use crate::violation::{Applicability, Rewrite, Violation};

use super::choice::fitted;
use super::edit::{self, Edit};
use super::facts;
use super::pairs;
use super::reason::Reason;
use super::repetition::repetitions;

/// Bytes of a turn that are looked at for all of its rewrites before only what is near each of them is.
const LOOKED_AT: usize = 1 << 14;

/// Bytes on either side of a rewrite that are near it.
const NEAR: usize = 60;

/// How the texts of a conversation are to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub spacing: Spacing,
    /// None where nobody knows.
    pub script: Option<Script>,
}

impl Manner {
    pub(super) fn of(conversation: &Conversation, hand: impl FnOnce() -> Hand) -> Self {
        Self { spacing: conversation.spacing(), script: conversation.script().or_else(|| hand().script) }
    }

    /// What is lost, or wrong, where a text takes the place of another. `own_repetitions` are those that rewrites have in
    /// themselves: 一步一步.
    pub(super) fn harm(self, before: &str, after: &str, own_repetitions: usize) -> Option<Reason> {
        let folded = [before, after].map(|text| Folded::new(text, self.spacing));
        if let Some(fact) = facts::lost((before, &folded[0]), (after, &folded[1])) {
            return Some(Reason::Lost(fact));
        }
        if self.script.is_some_and(|script| foreign(script, after) > foreign(script, before)) {
            return Some(Reason::Script);
        }
        (repetitions(&folded[1]) > repetitions(&folded[0]) + own_repetitions).then_some(Reason::Repeats)
    }

    /// How often a rewrite says something again by itself.
    pub(super) fn own_repetitions(self, rewrite: &str) -> usize {
        // Nothing so short does.
        if rewrite.chars().nth(1).is_none() { 0 } else { repetitions(&Folded::new(rewrite, self.spacing)) }
    }

    /// The harm of a single edit.
    fn harm_of(self, before: &str, edit: &Edit) -> Option<Reason> {
        if let Some(mark) = pairs::torn(before, edit) {
            return Some(Reason::Torn(mark));
        }
        self.harm(before, &edit::apply(before, [edit]), self.own_repetitions(&edit.text))
    }
}

/// Makes suggestions of the rewrites that are called safe and would do harm in their place, so that nothing is told to be safe which
/// would not be applied.
pub fn reconsider(conversation: &Conversation, violations: &mut [Violation], hand: impl FnOnce() -> Hand) {
    let is_safe = |rewrite: &Rewrite| rewrite.applicability == Applicability::Safe;
    if !violations.iter().flat_map(|violation| &violation.rewrites).any(is_safe) {
        return;
    }
    let manner = Manner::of(conversation, hand);
    for own in violations.chunk_by_mut(|one, other| one.turn == other.turn) {
        let Some(turn) = own.first().and_then(|violation| conversation.turns.get(violation.turn)) else { continue };
        if turn.speaker != Speaker::Agent {
            continue;
        }
        // Who talks without an end says the same again and again.
        let mut judged: HashMap<(&str, Range<usize>, String), bool> = HashMap::new();
        let is_short = turn.text.len().saturating_mul(own.len()) <= LOOKED_AT;
        for violation in own {
            let Some(words) = violation.span.clone().filter(|words| turn.text.get(words.clone()).is_some()) else { continue };
            for rewrite in violation.rewrites.iter_mut().filter(|rewrite| is_safe(rewrite)) {
                let edit = fitted(&turn.text, words.clone(), &rewrite.text);
                let stretch = if is_short { 0..turn.text.len() } else { near(&turn.text, &edit.span) };
                let (before, span) = (&turn.text[stretch.clone()], edit.span.start - stretch.start..edit.span.end - stretch.start);
                let edit = Edit { span, ..edit };
                let is_harmful =
                    judged.entry((before, edit.span.clone(), edit.text.clone())).or_insert_with(|| manner.harm_of(before, &edit).is_some());
                if *is_harmful {
                    rewrite.applicability = Applicability::Suggested;
                }
            }
        }
    }
}

fn near(text: &str, words: &Range<usize>) -> Range<usize> {
    floor_boundary(text, words.start.saturating_sub(NEAR))..floor_boundary(text, words.end.saturating_add(NEAR))
}

/// How many characters of a text only the other script has.
fn foreign(script: Script, text: &str) -> usize {
    let mut count = ScriptCount::default();
    count.add(text);
    count.of(match script {
        Script::Simplified => Script::Traditional,
        Script::Traditional => Script::Simplified,
    })
}
