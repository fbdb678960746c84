//! Runs the examples inside packs: what a pack promises is what the linter does.

use crate::lint::{RuleSet, Selection};
use crate::rule::{Check, Phrase, Profile, Rules, Template};
use crate::source::Document;
use crate::text::Marks;
use crate::transcript::{self, Conversation, Direction, Kind, ReadOptions, Speaker};
use crate::violation::Violation;

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecFailure {
    /// The pack's file.
    pub file: String,
    /// The line of the example, from 1.
    pub line: usize,
    /// The rule.
    pub id: String,
    /// The example.
    pub snippet: String,
    /// What happened instead.
    pub what: String,
}

/// How many examples were run, and which failed.
#[derive(Debug, Default)]
pub struct SpecRun {
    /// Examples and rewrites that were looked at.
    pub checked: usize,
    /// Those that are not as the pack says.
    pub failures: Vec<SpecFailure>,
}

/// Runs the examples of the rules for whose file `wanted` holds, with all rules loaded.
pub fn run(rules: &Rules, wanted: impl Fn(&str) -> bool) -> SpecRun {
    let rule_set = RuleSet::new(rules, &Selection::default());
    let mut run = SpecRun::default();
    for phrase in rules.phrases.iter().filter(|phrase| wanted(&phrase.file)) {
        run.phrase(&rule_set, phrase);
    }
    for check in rules.checks.iter().filter(|check| wanted(&check.file)) {
        run.check(&rule_set, check);
    }
    run
}

impl SpecRun {
    fn phrase(&mut self, rule_set: &RuleSet, phrase: &Phrase) {
        let Some(profile) = Profile::ALL.into_iter().rev().find(|&profile| phrase.severity.get(profile).is_some()) else { return };
        let failed =
            |line: usize, snippet: &str, what: Option<String>| what.map(|what| failure(&phrase.file, line, &phrase.id, snippet, what));
        for (line, snippet) in &phrase.specs.bad {
            let (text, expected) = divided(snippet);
            let violations = rule_set.lint(&conversation(text, None), profile);
            self.add(failed(*line, snippet, bad(&phrase.id, &violations, expected)));
        }
        for (line, snippet) in &phrase.specs.good {
            let conversation = conversation(snippet, None);
            self.add(failed(*line, snippet, good(&phrase.id, &conversation, &rule_set.lint(&conversation, profile))));
        }
        for template in phrase.professional.iter().chain(&phrase.professional_hant) {
            let text = filled(template);
            self.add(failed(phrase.line, &text, unclean(rule_set, &text, profile)));
        }
    }

    /// A check's examples hold in every profile in which the row is on.
    fn check(&mut self, rule_set: &RuleSet, check: &Check) {
        let failed = |line: usize, snippet: &str, profile: Profile, what: Option<String>| {
            what.map(|what| failure(&check.file, line, &check.id, snippet, format!("{what} (profile {profile})")))
        };
        for profile in Profile::ALL.into_iter().filter(|&profile| check.severity.get(profile).is_some()) {
            for (line, snippet) in &check.specs.bad {
                let (text, expected) = divided(snippet);
                let violations = rule_set.lint(&conversation(text, check.direction), profile);
                self.add(failed(*line, snippet, profile, bad(&check.id, &violations, expected)));
            }
            for (line, snippet) in &check.specs.good {
                let conversation = conversation(snippet, check.direction);
                self.add(failed(*line, snippet, profile, good(&check.id, &conversation, &rule_set.lint(&conversation, profile))));
            }
        }
        for text in check.professional.iter().chain(&check.professional_hant) {
            self.add(failed(check.line, text, Profile::Replies, unclean(rule_set, text, Profile::Replies)));
        }
    }

    fn add(&mut self, failure: Option<SpecFailure>) {
        self.checked += 1;
        self.failures.extend(failure);
    }
}

fn failure(file: &str, line: usize, id: &str, snippet: &str, what: String) -> SpecFailure {
    SpecFailure { file: file.to_owned(), line, id: id.to_owned(), snippet: snippet.to_owned(), what }
}

/// `原句 → 改写`: the snippet, and the first rewrite that it promises.
fn divided(snippet: &str) -> (&str, Option<&str>) {
    match snippet.split_once('→') {
        Some((text, rewrite)) => (text.trim(), Some(rewrite.trim())),
        None => (snippet, None),
    }
}

fn bad(id: &str, violations: &[Violation], expected: Option<&str>) -> Option<String> {
    let mut own = violations.iter().filter(|violation| &*violation.rule == id).peekable();
    if own.peek().is_none() {
        let others: Vec<&str> = violations.iter().map(|violation| &*violation.rule).collect();
        return Some(if others.is_empty() {
            "is not reported".to_owned()
        } else {
            format!("is not reported under this id, but under {}", others.join(", "))
        });
    }
    let expected = expected?;
    let rewrites: Vec<&str> = own.filter_map(|violation| violation.rewrites.first()).map(|rewrite| rewrite.text.as_str()).collect();
    // Which kind of marks a rewrite has is decided by the text around it.
    let marked = |text: &str| Marks::Full.write(text.to_owned());
    let is_expected = rewrites.iter().any(|rewrite| marked(rewrite) == marked(expected));
    (!is_expected).then(|| format!("is rewritten as {}", rewrites.join(" / ")))
}

fn good(id: &str, conversation: &Conversation, violations: &[Violation]) -> Option<String> {
    let wrong = violations.iter().find(|violation| &*violation.rule == id)?;
    let words = wrong.span.clone().and_then(|span| conversation.turns.get(wrong.turn)?.text.get(span));
    Some(format!("is reported: {}", words.unwrap_or(&wrong.message)))
}

fn unclean(rule_set: &RuleSet, text: &str, profile: Profile) -> Option<String> {
    let violations = rule_set.lint(&Conversation::reply("", text), profile);
    let violation = violations.first()?;
    let words = violation.span.clone().and_then(|span| text.get(span)).unwrap_or_default();
    Some(format!("the rewrite itself breaks {}: {words}", violation.rule))
}

/// A snippet in the shape of a plain-text transcript; one in which not every line has a speaker is one agent turn.
fn conversation(snippet: &str, direction: Option<Direction>) -> Conversation {
    let document = Document::from_text("spec", snippet);
    let options = ReadOptions { format: Some("text".to_owned()), ..ReadOptions::default() };
    let mut read = Vec::new();
    let _ = transcript::read(&document, &options, &mut |result| read.extend(result.ok()));
    let lines = snippet.lines().filter(|line| !line.trim().is_empty()).count();
    let labelled = |conversation: &Conversation| {
        conversation.turns.len() == lines && conversation.turns.iter().all(|turn| turn.speaker != Speaker::Unknown)
    };
    match read.pop() {
        Some(conversation) if read.is_empty() && labelled(&conversation) => Conversation { kind: Kind::Chat, direction, ..conversation },
        _ => Conversation { kind: Kind::Chat, direction, ..Conversation::reply("", snippet) },
    }
}

/// A rewrite with a mask for every capture: what the customer's sentence brings is not the rewrite's fault.
fn filled(template: &Template) -> String {
    template.fill(|_| "[…]".to_owned())
}
