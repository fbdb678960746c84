//! Runs the examples inside packs: what a pack promises is what the linter does.

use crate::lint::{RuleSet, Selection};
use crate::rule::{Phrase, Profile, Rules, Template};
use crate::text::Script;
use crate::transcript::{Conversation, Kind};
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
        let Some(profile) = Profile::ALL.into_iter().rev().find(|&profile| phrase.severity.get(profile).is_some()) else { continue };
        for (line, snippet) in &phrase.specs.bad {
            let (text, expected) = match snippet.split_once('→') {
                Some((text, rewrite)) => (text.trim(), Some(rewrite.trim())),
                None => (snippet.as_str(), None),
            };
            let violations = rule_set.lint(&conversation(text), profile);
            run.check(phrase, *line, snippet, bad(phrase, &violations, expected));
        }
        for (line, snippet) in &phrase.specs.good {
            let violations = rule_set.lint(&conversation(snippet), profile);
            let wrong = violations.iter().find(|violation| violation.rule == phrase.id);
            run.check(phrase, *line, snippet, wrong.map(|violation| format!("is reported: {}", quote(snippet, violation))));
        }
        let scripts = [(Script::Simplified, &phrase.professional), (Script::Traditional, &phrase.professional_hant)];
        for template in scripts.into_iter().flat_map(|(_, templates)| templates) {
            let text = filled(template);
            let violations = rule_set.lint(&Conversation::reply("", text.clone()), profile);
            let what =
                violations.first().map(|violation| format!("the rewrite itself breaks {}: {}", violation.rule, quote(&text, violation)));
            run.check(phrase, phrase.line, &text, what);
        }
    }
    run
}

impl SpecRun {
    fn check(&mut self, phrase: &Phrase, line: usize, snippet: &str, what: Option<String>) {
        self.checked += 1;
        if let Some(what) = what {
            self.failures.push(SpecFailure {
                file: phrase.file.clone(),
                line,
                id: phrase.id.to_string(),
                snippet: snippet.to_owned(),
                what,
            });
        }
    }
}

fn bad(phrase: &Phrase, violations: &[Violation], expected: Option<&str>) -> Option<String> {
    let mut own = violations.iter().filter(|violation| violation.rule == phrase.id).peekable();
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
    (!rewrites.contains(&expected)).then(|| format!("is rewritten as {}", rewrites.join(" / ")))
}

/// A snippet without a speaker is one agent turn.
fn conversation(snippet: &str) -> Conversation {
    Conversation { kind: Kind::Chat, ..Conversation::reply("", snippet) }
}

/// A rewrite with a mask for every capture: what the customer's sentence brings is not the rewrite's fault.
fn filled(template: &Template) -> String {
    template.fill(|_| "[…]".to_owned())
}

fn quote(text: &str, violation: &Violation) -> String {
    violation.span.clone().and_then(|span| text.get(span)).unwrap_or_default().to_owned()
}
