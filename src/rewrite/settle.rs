//! One conversation put right: rewrites are tried, checked, kept or refused, until nothing is left to apply.

use std::collections::BTreeMap;

use crate::lint::RuleSet;
use crate::rule::Profile;
use crate::suppression::{Cover, Suppressions};
use crate::text::Hand;
use crate::transcript::{Conversation, Speaker, Turn};
use crate::violation::{Rewrite, Violation};

use super::choice::{Choice, Refused, applicable, choose};
use super::edit::{self, Edit};
use super::harm::Manner;
use super::pairs;
use super::reason::Reason;

/// How often what a rewrite brings about is put right in turn.
const ROUNDS: usize = 10;

/// Bytes of text that are looked at again, and how often that is at least, to find out which of several rewrites cannot be applied.
const TRIED: usize = 1 << 23;
const LEAST: usize = 64;

/// What stays the same for all conversations of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'s> {
    pub rule_set: &'s RuleSet,
    /// What the document says is not to be looked at.
    pub suppressions: &'s Suppressions,
    /// Whether rewrites are applied that a person should decide on.
    pub suggested: bool,
    /// How the document's agents write.
    pub hand: Hand,
}

/// What became of a conversation.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// How many violations there are no more.
    pub fixed: u64,
    /// How many are left for which there is a suggestion.
    pub suggestions: u64,
    /// What was not applied, by turn.
    pub refused: Vec<(usize, Refused)>,
    /// The turns as they were read; empty where there was nothing to try.
    pub read: Vec<Turn>,
}

/// Puts the agent's turns of `conversation` right. `writable` says whether the document can hold a new text of a turn as
/// it was read.
pub(super) fn settle(
    conversation: &mut Conversation,
    profile: Profile,
    surroundings: Surroundings<'_>,
    writable: &dyn Fn(&Turn, &str) -> Result<(), Reason>,
) -> Settled {
    let cover = surroundings.suppressions.cover(conversation);
    let is_hidden = |violation: &Violation| cover.hides(violation);
    let violations = surroundings.rule_set.examine_within(conversation, profile, || surroundings.hand, is_hidden).violations;
    let before = violations.len();
    let mut settled = Settled::default();
    if violations.iter().all(|violation| applicable(violation, true).is_none()) {
        return settled;
    }
    let mut settling = Settling::new(conversation, (cover, violations), profile, surroundings, writable);
    let turns = settling.conversation.turns.iter().enumerate().filter(|(_, turn)| turn.speaker == Speaker::Agent);
    let turns: Vec<usize> = turns.map(|(index, _)| index).filter(|turn| settling.wants(*turn)).collect();
    settling.turns(&turns, &mut settled.refused);
    settled.fixed = before.saturating_sub(settling.violations.len()) as u64;
    settled.suggestions = settling.suggestions();
    settled.read = settling.read;
    settled
}

/// A turn with one rewrite of one violation.
#[derive(Debug)]
pub(super) struct Single {
    pub violation: Violation,
    pub rewrite: Rewrite,
    /// The turn's text with it, and with the safe rewrites that it brings about.
    pub text: String,
}

/// Every rewrite, safe or suggested, of the agent's violations that are wanted, tried by itself; the conversation stays as it is.
pub(super) fn singly(
    conversation: &mut Conversation,
    profile: Profile,
    surroundings: Surroundings<'_>,
    writable: &dyn Fn(&Turn, &str) -> Result<(), Reason>,
    is_wanted: &dyn Fn(&Violation) -> bool,
) -> Vec<Single> {
    let cover = surroundings.suppressions.cover(conversation);
    let is_hidden = |violation: &Violation| cover.hides(violation);
    let violations = surroundings.rule_set.examine_within(conversation, profile, || surroundings.hand, is_hidden).violations;
    let is_agent = |violation: &Violation| conversation.turns.get(violation.turn).is_some_and(|turn| turn.speaker == Speaker::Agent);
    let wanted: Vec<Violation> = violations.iter().filter(|violation| is_agent(violation) && is_wanted(violation)).cloned().collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut settling = Settling::new(conversation, (cover, violations), profile, surroundings, writable);
    let mut singles = Vec::new();
    for violation in wanted {
        for rewrite in &violation.rewrites {
            let alone = Violation { rewrites: vec![rewrite.clone()], ..violation.clone() };
            let choices = settling.choose(violation.turn, std::slice::from_ref(&alone), true, &[]);
            if choices.is_empty() {
                continue;
            }
            if let Ok(attempt) = settling.attempt(violation.turn, &choices, &[]) {
                singles.push(Single { violation: violation.clone(), rewrite: rewrite.clone(), text: attempt.text });
            }
        }
    }
    singles
}

/// How many violations of the agent could be put right, with suggestions or without.
pub(super) fn fixable(conversation: &Conversation, violations: &[Violation], suggested: bool) -> u64 {
    let is_agent = |turn: usize| conversation.turns.get(turn).is_some_and(|turn| turn.speaker == Speaker::Agent);
    violations
        .iter()
        .filter(|violation| violation.span.is_some() && is_agent(violation.turn) && applicable(violation, suggested).is_some())
        .count() as u64
}

struct Settling<'s> {
    /// As it was read.
    read: Vec<Turn>,
    manner: Manner,
    /// As it is by now, and what is wrong with it.
    conversation: &'s mut Conversation,
    cover: Cover<'s>,
    violations: Vec<Violation>,
    profile: Profile,
    surroundings: Surroundings<'s>,
    writable: &'s dyn Fn(&Turn, &str) -> Result<(), Reason>,
    /// How often rewrites that cannot be applied together may still be divided.
    divisions: usize,
}

/// A turn as it would be.
struct Attempt {
    text: String,
    violations: Vec<Violation>,
    refused: Vec<Refused>,
}

impl<'s> Settling<'s> {
    fn new(
        conversation: &'s mut Conversation,
        (cover, violations): (Cover<'s>, Vec<Violation>),
        profile: Profile,
        surroundings: Surroundings<'s>,
        writable: &'s dyn Fn(&Turn, &str) -> Result<(), Reason>,
    ) -> Self {
        Self {
            divisions: (TRIED / conversation.turns.iter().map(|turn| turn.text.len()).sum::<usize>().max(1)).max(LEAST),
            read: conversation.turns.clone(),
            manner: Manner::of(conversation, || surroundings.hand),
            conversation,
            cover,
            violations,
            profile,
            surroundings,
            writable,
        }
    }

    /// Whether there is anything to apply to a turn.
    fn wants(&self, turn: usize) -> bool {
        own(&self.violations, turn).iter().any(|violation| applicable(violation, self.surroundings.suggested).is_some())
    }

    /// Puts turns right: all at once where that can be, for a whole conversation is looked at again for each attempt.
    fn turns(&mut self, turns: &[usize], refused: &mut Vec<(usize, Refused)>) {
        match turns {
            [] => {}
            [turn] => refused.extend(self.turn(*turn).into_iter().map(|refused| (*turn, refused))),
            _ if self.together(turns) => {}
            _ => {
                let (first, others) = turns.split_at(turns.len() / 2);
                self.turns(first, refused);
                self.turns(others, refused);
            }
        }
    }

    /// Applies all that is wanted in several turns, where nothing of it has to be refused; otherwise the turns stay as they are.
    fn together(&mut self, turns: &[usize]) -> bool {
        let originals: Vec<String> = turns.iter().map(|turn| self.conversation.turns[*turn].text.clone()).collect();
        let violations = self.try_together(turns, &originals);
        if let Some(violations) = violations {
            self.violations = violations;
            return true;
        }
        for (turn, original) in turns.iter().zip(originals) {
            self.conversation.turns[*turn].text = original;
        }
        false
    }

    /// The violations that are left when all is applied; none where something would have to be refused.
    fn try_together(&mut self, turns: &[usize], originals: &[String]) -> Option<Vec<Violation>> {
        let Surroundings { rule_set, hand, suggested, .. } = self.surroundings;
        let mut violations = self.violations.clone();
        let mut repetitions_of_rewrites = vec![0; turns.len()];
        for round in 0..ROUNDS {
            let mut changed = false;
            for (number, turn) in turns.iter().enumerate() {
                let choices = self.choose(*turn, own(&violations, *turn), suggested, &[]);
                let text = &mut self.conversation.turns[*turn].text;
                if choices.iter().any(|choice| pairs::torn(text, &choice.edit).is_some()) {
                    return None;
                }
                if round == 0 {
                    repetitions_of_rewrites[number] = choices.iter().map(|choice| self.manner.own_repetitions(&choice.edit.text)).sum();
                }
                changed |= !choices.is_empty();
                *text = edit::apply(text, choices.iter().map(|choice| &choice.edit));
            }
            if !changed {
                return self.is_better(turns, originals, &violations, &repetitions_of_rewrites).then_some(violations);
            }
            let is_hidden = |violation: &Violation| self.cover.hides(violation);
            violations = rule_set.examine_within(self.conversation, self.profile, || hand, is_hidden).violations;
        }
        None
    }

    /// Whether every one of some turns that were changed keeps what must stay, and no turn has more violations of any rule.
    fn is_better(&self, turns: &[usize], originals: &[String], violations: &[Violation], repetitions: &[usize]) -> bool {
        let (before, after) = (by_turn_and_rule(&self.violations), by_turn_and_rule(violations));
        let keeps = |number: usize| {
            let turn = turns[number];
            let is_kept = self.check(turn, &originals[number], &self.conversation.turns[turn].text, repetitions[number]).is_ok();
            is_kept && own(violations, turn).len() < own(&self.violations, turn).len()
        };
        after.into_iter().all(|(place, count)| before.get(&place).is_some_and(|before| count <= *before)) && (0..turns.len()).all(keeps)
    }

    /// Puts a turn right; the result is what could not be applied to it as it is now.
    ///
    /// Every rewrite that is kept leaves fewer violations, and every other is refused, so this ends.
    fn turn(&mut self, turn: usize) -> Vec<Refused> {
        loop {
            let mut refused: Vec<Refused> = Vec::new();
            let mut changed = false;
            loop {
                let choices = self.choose(turn, own(&self.violations, turn), self.surroundings.suggested, &refused);
                if choices.is_empty() {
                    break;
                }
                // All at once, or else a part of them until one is kept.
                let mut groups = vec![choices];
                while let Some(group) = groups.pop() {
                    match self.attempt(turn, &group, &refused) {
                        Ok(attempt) => {
                            self.conversation.turns[turn].text = attempt.text;
                            self.violations = attempt.violations;
                            refused = attempt.refused;
                            changed = true;
                            break;
                        }
                        Err(reason) if group.len() == 1 => {
                            refused.extend(group.into_iter().map(|choice| Refused { choice, reason: Some(reason.clone()) }));
                        }
                        Err(_) if self.divisions == 0 => {
                            refused.extend(group.into_iter().map(|choice| Refused { choice, reason: Some(Reason::Untried) }));
                        }
                        Err(_) => {
                            self.divisions -= 1;
                            groups.extend(divided(group));
                        }
                    }
                }
            }
            // What was refused early may be right for the turn as it has become: fixing twice must change nothing.
            if !changed || refused.is_empty() {
                return refused;
            }
        }
    }

    /// The rewrites to apply to a turn; `violations` are its own.
    fn choose(&self, turn: usize, violations: &[Violation], suggested: bool, refused: &[Refused]) -> Vec<Choice> {
        choose(&self.conversation.turns[turn].text, violations.iter(), suggested, refused)
    }

    /// Tries rewrites: the turn with them and with the safe ones that they bring about, where that is better.
    fn attempt(&mut self, turn: usize, choices: &[Choice], refused: &[Refused]) -> Result<Attempt, Reason> {
        let original = self.conversation.turns[turn].text.clone();
        if let Some(mark) = choices.iter().find_map(|choice| pairs::torn(&original, &choice.edit)) {
            return Err(Reason::Torn(mark));
        }
        // What is wrong elsewhere in the turn is tried for itself, or one would be blamed for the other.
        let elsewhere = self.choose(turn, own(&self.violations, turn), false, refused);
        let waiting = elsewhere.into_iter().map(|choice| Refused { choice, reason: None });
        let attempt = self.follow(turn, choices.to_vec(), waiting.chain(refused.iter().cloned()).collect());
        let text = std::mem::replace(&mut self.conversation.turns[turn].text, original);
        let (violations, refused) = attempt?;
        let own_repetitions = choices.iter().map(|choice| self.manner.own_repetitions(&choice.edit.text)).sum();
        self.check(turn, &self.conversation.turns[turn].text, &text, own_repetitions)?;
        let (before, after) = (by_rule(&self.violations), by_rule(&violations));
        if let Some((rule, _)) = after.into_iter().find(|(rule, count)| before.get(rule).is_none_or(|before| count > before)) {
            return Err(Reason::Breaks(rule.to_owned()));
        }
        if violations.len() >= self.violations.len() {
            return Err(Reason::NoBetter);
        }
        let refused = refused.into_iter().filter(|refused| refused.reason.is_some()).collect();
        Ok(Attempt { text, violations, refused })
    }

    /// Checks that a new text of a turn keeps what must stay, and can be written. `own_repetitions` are those that rewrites have in
    /// themselves: 一步一步.
    fn check(&self, turn: usize, original: &str, text: &str, own_repetitions: usize) -> Result<(), Reason> {
        match self.manner.harm(original, text, own_repetitions) {
            Some(reason) => Err(reason),
            None => (self.writable)(&self.read[turn], text),
        }
    }

    /// Makes edits in the turn, then those that are safe after them.
    fn follow(
        &mut self,
        turn: usize,
        mut choices: Vec<Choice>,
        mut refused: Vec<Refused>,
    ) -> Result<(Vec<Violation>, Vec<Refused>), Reason> {
        for _ in 0..ROUNDS {
            let edits = || choices.iter().map(|choice| &choice.edit);
            let text = edit::apply(&self.conversation.turns[turn].text, edits());
            refused.retain_mut(|refused| move_along(refused, edits()));
            self.conversation.turns[turn].text = text;
            let Surroundings { rule_set, hand, .. } = self.surroundings;
            let is_hidden = |violation: &Violation| self.cover.hides(violation);
            let violations = rule_set.examine_within(self.conversation, self.profile, || hand, is_hidden).violations;
            choices = self.choose(turn, own(&violations, turn), false, &refused);
            // For itself it is told why it cannot be.
            choices.retain(|choice| pairs::torn(&self.conversation.turns[turn].text, &choice.edit).is_none());
            if choices.is_empty() {
                return Ok((violations, refused));
            }
        }
        Err(Reason::Endless)
    }

    /// How many violations are left that a suggestion would put right.
    fn suggestions(&self) -> u64 {
        fixable(self.conversation, &self.violations, true) - fixable(self.conversation, &self.violations, false)
    }
}

/// Keeps a refusal at its words; false where these were edited.
fn move_along<'e>(refused: &mut Refused, edits: impl Iterator<Item = &'e Edit>) -> bool {
    let words = edit::moved(&refused.choice.words, edits);
    if let Some(words) = &words {
        refused.choice.words = words.clone();
    }
    words.is_some()
}

/// Rewrites that cannot be applied together, in two parts; the one to be tried first is last: that of which nobody has to decide.
fn divided(group: Vec<Choice>) -> [Vec<Choice>; 2] {
    let (safe, mut others): (Vec<_>, Vec<_>) = group.into_iter().partition(|choice| choice.is_safe);
    if !safe.is_empty() && !others.is_empty() {
        return [others, safe];
    }
    others.extend(safe);
    let behind = others.split_off(others.len() / 2);
    [behind, others]
}

/// The violations of a turn; all are in order of the turns.
fn own(violations: &[Violation], turn: usize) -> &[Violation] {
    let from = violations.partition_point(|violation| violation.turn < turn);
    let to = violations.partition_point(|violation| violation.turn <= turn);
    &violations[from..to]
}

fn by_turn_and_rule(violations: &[Violation]) -> BTreeMap<(usize, &str), usize> {
    let mut counts = BTreeMap::new();
    for violation in violations {
        *counts.entry((violation.turn, &*violation.rule)).or_insert(0) += 1;
    }
    counts
}

fn by_rule(violations: &[Violation]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for violation in violations {
        *counts.entry(&*violation.rule).or_insert(0) += 1;
    }
    counts
}
