//! A whole document put right: read, settled conversation by conversation, edited in place, and read again as proof.

use std::fmt;

use crate::lint::RuleSet;
use crate::rule::Profile;
use crate::source::{Content, Document, Encoding, Packed};
use crate::suppression::Suppressions;
use crate::text::{Hand, Lines};
use crate::transcript::{self, Conversation, Direction, Kind, ReadOptions, Speaker, Turn};
use crate::violation::{Rewrite, Violation};

use super::edit::{self, Edit};
use super::harm::reconsider;
use super::notation::Writer;
use super::reason::Reason;
use super::settle::{Settled, Single, Surroundings, fixable, settle, singly};

/// How often the edited document is read again, without the conversation that came out wrong, before all edits are given up.
const READINGS: usize = 16;

/// Puts documents right by the rules of a run.
#[derive(Debug, Clone, Copy)]
pub struct Rewriter<'r> {
    /// The rules that are on.
    pub rule_set: &'r RuleSet,
    /// How documents are read.
    pub reading: &'r ReadOptions,
    /// The profile of all conversations; by default that of their kind.
    pub profile: Option<Profile>,
    /// Who began the conversations that do not say it.
    pub direction: Option<Direction>,
    /// Whether the first suggestion is applied where nothing safe is offered.
    pub suggested: bool,
    /// Whether conversations are changed too, and not canned replies only: a transcript is evidence.
    pub transcripts: bool,
}

/// What became of a document.
#[derive(Debug, Default)]
pub struct Rewriting {
    /// The edited text, where there was anything to edit.
    pub text: Option<String>,
    /// How many violations there are no more.
    pub fixed: u64,
    /// How many are left that a suggestion would put right; 0 where suggestions are applied.
    pub suggestions: u64,
    /// What was not applied although it was wanted.
    pub refusals: Vec<Refusal>,
    /// How many violations could be put right in conversations, which were left as they are.
    pub kept_back: u64,
    /// How many violations could be put right in a workbook or a compressed file, to which nothing is written.
    pub read_only: u64,
}

/// A rewrite that was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line on which the turn begins, from 1, where known.
    pub line: Option<usize>,
    /// The rule; none where it is all rewrites of a turn.
    pub rule: Option<String>,
    /// The words.
    pub words: String,
    /// What would have stood there.
    pub rewrite: String,
    /// Why it does not.
    pub reason: Reason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rule) = &self.rule {
            write!(f, "{rule}: ")?;
        }
        write!(f, "{} → {} is not applied: {}", self.words, self.rewrite, self.reason)
    }
}

/// One rewrite of one violation, which a person may choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The index of the conversation or reply among those of the document, from 0.
    pub conversation: usize,
    /// The violation.
    pub violation: Violation,
    /// The rewrite.
    pub rewrite: Rewrite,
    /// The text of the document with it, and with the safe rewrites that it brings about.
    pub text: String,
}

impl Rewriter<'_> {
    /// The rewrites, safe and suggested, of those violations that are wanted, by the index of their conversation. What would not be
    /// applied is not offered; nothing is where nothing can be written.
    pub fn offers(&self, document: &Document, is_wanted: impl Fn(usize, &Violation) -> bool) -> Vec<Offer> {
        let (Some((mut conversations, format)), Some((text, encoding))) = (self.read(document), writable(document)) else {
            return Vec::new();
        };
        let suppressions = &Suppressions::of(document, self.reading);
        let writer = Writer::new(text, format, encoding);
        let surroundings = self.surroundings(&conversations, suppressions);
        let mut offers = Vec::new();
        for index in 0..conversations.len() {
            let conversation = &mut conversations[index];
            if conversation.kind != Kind::Replies && !self.transcripts {
                continue;
            }
            let profile = self.profile.unwrap_or(Profile::from(conversation.kind));
            let writable = |turn: &Turn, text: &str| writer.edits(turn, text).map(drop);
            for Single { violation, rewrite, text: said } in
                singly(conversation, profile, surroundings, &writable, &|violation| is_wanted(index, violation))
            {
                let turn = &mut conversations[index].turns[violation.turn];
                let Ok(edits) = writer.edits(turn, &said) else { continue };
                let edited = document.with_text(edit::apply(text, &edits));
                let before = std::mem::replace(&mut turn.text, said);
                let is_right = self.read(&edited).is_some_and(|(read, _)| {
                    read.len() == conversations.len() && read.iter().zip(&conversations).all(|(read, meant)| is_same(read, meant))
                });
                conversations[index].turns[violation.turn].text = before;
                if let (true, Some(text)) = (is_right, edited.text()) {
                    offers.push(Offer { conversation: index, violation, rewrite, text: text.to_owned() });
                }
            }
        }
        offers
    }

    /// Puts a document right as far as may be. A document that no reader understands is left as it is: reading it again
    /// for a report says why.
    pub fn rewrite(&self, document: &Document) -> Rewriting {
        let Some((mut conversations, format)) = self.read(document) else { return Rewriting::default() };
        let suppressions = &Suppressions::of(document, self.reading);
        let Some((text, encoding)) = writable(document) else {
            return Rewriting {
                read_only: conversations.iter().map(|conversation| self.fixable(conversation, suppressions)).sum(),
                ..Rewriting::default()
            };
        };
        let writer = Writer::new(text, format, encoding);
        let mut rewriting = Rewriting::default();
        let mut changes = self.settle(&mut conversations, suppressions, &writer, text, &mut rewriting);
        rewriting.text = self.proven(&mut conversations, &mut changes, document, text);
        let lines = Lines::new(text, 1);
        for change in changes {
            if change.is_withdrawn {
                rewriting.refusals.extend(change.refusals(&conversations[change.conversation], &lines));
            } else {
                rewriting.fixed += change.settled.fixed;
                rewriting.suggestions += change.settled.suggestions;
            }
        }
        if self.suggested {
            rewriting.suggestions = 0;
        }
        rewriting
    }

    fn read(&self, document: &Document) -> Option<(Vec<Conversation>, &'static str)> {
        let mut conversations = Vec::new();
        let detected = transcript::read(document, self.reading, &mut |read| {
            if let Ok(mut conversation) = read {
                conversation.direction = conversation.direction.or(self.direction);
                conversations.push(conversation);
            }
        });
        detected.ok().map(|detected| (conversations, detected.format.name))
    }

    fn surroundings<'s>(&'s self, conversations: &[Conversation], suppressions: &'s Suppressions) -> Surroundings<'s> {
        let said: Vec<&str> = conversations.iter().flat_map(|conversation| conversation.said_by(Speaker::Agent)).collect();
        Surroundings { rule_set: self.rule_set, suppressions, suggested: self.suggested, hand: Hand::of(&said).with_marks() }
    }

    /// Puts the conversations right in memory; the result is what that changes in the document.
    fn settle(
        &self,
        conversations: &mut [Conversation],
        suppressions: &Suppressions,
        writer: &Writer<'_>,
        text: &str,
        rewriting: &mut Rewriting,
    ) -> Vec<Change> {
        let surroundings = self.surroundings(conversations, suppressions);
        let lines = Lines::new(text, 1);
        let mut changes = Vec::new();
        for (index, conversation) in conversations.iter_mut().enumerate() {
            if conversation.kind != Kind::Replies && !self.transcripts {
                rewriting.kept_back += self.fixable(conversation, suppressions);
                continue;
            }
            let profile = self.profile.unwrap_or(Profile::from(conversation.kind));
            let settled = settle(conversation, profile, surroundings, &|turn, text| writer.edits(turn, text).map(drop));
            for (turn, refused) in &settled.refused {
                let Some(reason) = refused.reason.clone() else { continue };
                let words = conversation.turns[*turn].text.get(refused.choice.words.clone()).unwrap_or_default();
                rewriting.refusals.push(Refusal {
                    line: line(&settled.read[*turn], &lines),
                    rule: Some(refused.choice.rule.to_string()),
                    words: words.to_owned(),
                    rewrite: refused.choice.edit.text.clone(),
                    reason,
                });
            }
            let changed = settled.read.iter().zip(&conversation.turns).filter(|(before, after)| before.text != after.text);
            let edits: Result<Vec<Vec<Edit>>, Reason> = changed.map(|(before, after)| writer.edits(before, &after.text)).collect();
            let edits = edits.map(|edits| edits.concat()).unwrap_or_default();
            if edits.is_empty() {
                rewriting.suggestions += settled.suggestions;
            } else {
                changes.push(Change { conversation: index, settled, edits, is_withdrawn: false });
            }
        }
        changes
    }

    /// The edited text: read again, it is what it was meant to be. Changes that spoil this are withdrawn.
    fn proven(&self, conversations: &mut [Conversation], changes: &mut [Change], document: &Document, text: &str) -> Option<String> {
        for _ in 0..READINGS {
            let mut edits: Vec<&Edit> = changes.iter().filter(|change| !change.is_withdrawn).flat_map(|change| &change.edits).collect();
            if edits.is_empty() {
                return None;
            }
            // Rows of one conversation may be apart.
            edits.sort_by_key(|edit| edit.span.start);
            let are_apart = edits.windows(2).all(|two| two[0].span.end <= two[1].span.start);
            let edited = if are_apart { edit::apply(text, edits) } else { String::new() };
            let edited = document.with_text(edited);
            let read = self.read(&edited).map(|(read, _)| read).unwrap_or_default();
            let differs = |index: usize| read.get(index).is_none_or(|read| !is_same(read, &conversations[index]));
            let wrong = (0..conversations.len()).find(|&index| differs(index));
            let Some(wrong) = wrong else {
                return match edited.content {
                    Content::Text { text, .. } if read.len() == conversations.len() => Some(text),
                    _ => {
                        changes.iter_mut().for_each(|change| change.withdraw(conversations));
                        None
                    }
                };
            };
            // What spoils the reading of a conversation stands in it, or else before it.
            let spoiler = changes.iter_mut().rev().find(|change| change.conversation <= wrong && !change.is_withdrawn);
            match spoiler {
                Some(change) => change.withdraw(conversations),
                None => changes.iter_mut().for_each(|change| change.withdraw(conversations)),
            }
        }
        changes.iter_mut().for_each(|change| change.withdraw(conversations));
        None
    }

    fn fixable(&self, conversation: &Conversation, suppressions: &Suppressions) -> u64 {
        let profile = self.profile.unwrap_or(Profile::from(conversation.kind));
        let cover = suppressions.cover(conversation);
        let mut violations = self.rule_set.examine_except(conversation, profile, |violation| cover.hides(violation)).violations;
        reconsider(conversation, &mut violations, Hand::default);
        fixable(conversation, &violations, self.suggested)
    }
}

/// What changes in a conversation.
#[derive(Debug)]
struct Change {
    conversation: usize,
    settled: Settled,
    /// Of the document.
    edits: Vec<Edit>,
    is_withdrawn: bool,
}

impl Change {
    /// Gives the conversation the turns back that it was read with.
    fn withdraw(&mut self, conversations: &mut [Conversation]) {
        if !self.is_withdrawn {
            self.is_withdrawn = true;
            std::mem::swap(&mut conversations[self.conversation].turns, &mut self.settled.read);
        }
    }

    /// What a withdrawn change would have made of the turns of its conversation.
    fn refusals(&self, conversation: &Conversation, lines: &Lines<'_>) -> impl Iterator<Item = Refusal> {
        let changed = conversation.turns.iter().zip(&self.settled.read).filter(|(before, after)| before.text != after.text);
        changed.map(|(before, after)| Refusal {
            line: line(before, lines),
            rule: None,
            words: before.text.clone(),
            rewrite: after.text.clone(),
            reason: Reason::ReadsDifferently,
        })
    }
}

/// The text of a document to which one can be written back.
fn writable(document: &Document) -> Option<(&str, Encoding)> {
    match (&document.content, document.packed) {
        (Content::Text { text, encoding }, Packed::Not) if document.mended.is_empty() => Some((text, *encoding)),
        _ => None,
    }
}

fn is_same(one: &Conversation, other: &Conversation) -> bool {
    one.kind == other.kind
        && one.turns.len() == other.turns.len()
        && one.turns.iter().zip(&other.turns).all(|(one, other)| one.speaker == other.speaker && one.text == other.text)
}

fn line(turn: &Turn, lines: &Lines<'_>) -> Option<usize> {
    turn.place.position(lines, 0).map(|position| position.line)
}
