//! What the forms for a quality team tell beside the sums: by rule, and by day.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::transcript::Moment;
use crate::violation::Severity;

use super::record::Findings;

/// Sentences that are shown of a rule.
const EXAMPLES: usize = 3;

/// Counts that a report makes for itself as the conversations pass.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By rule id.
    pub rules: BTreeMap<String, RuleTally>,
    /// By day, `2024-04-29`, where it is known.
    pub days: BTreeMap<String, DayTally>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct RuleTally {
    /// Its violations.
    pub hits: u64,
    /// Conversations with one.
    pub conversations: u64,
    /// How grave it was at its gravest.
    pub severity: Severity,
    /// A few different sentences.
    pub examples: Vec<String>,
}

/// One day.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct DayTally {
    /// Conversations that began on it.
    pub conversations: u64,
    /// Their violations.
    pub violations: u64,
}

impl Tally {
    /// The rules, the gravest first, and of these the most frequent.
    pub fn gravest(&self) -> Vec<(&String, &RuleTally)> {
        let mut rules: Vec<_> = self.rules.iter().collect();
        rules.sort_by_key(|(_, tally)| Reverse((tally.severity, tally.hits)));
        rules
    }

    /// Counts a conversation.
    pub fn add(&mut self, findings: &Findings) {
        for (rule, count) in &findings.conversation.rules {
            let tally = self.rules.entry(rule.clone()).or_insert(RuleTally {
                hits: 0,
                conversations: 0,
                severity: Severity::Info,
                examples: Vec::new(),
            });
            tally.hits += count;
            tally.conversations += 1;
        }
        for violation in &findings.violations {
            let Some(tally) = self.rules.get_mut(&violation.rule) else { continue };
            tally.severity = tally.severity.max(violation.severity);
            if tally.examples.len() < EXAMPLES && !tally.examples.contains(&violation.sentence) {
                tally.examples.push(violation.sentence.clone());
            }
        }
        if let Some(day) = day(findings) {
            let tally = self.days.entry(day).or_default();
            tally.conversations += 1;
            tally.violations += findings.violations.len() as u64;
        }
    }
}

/// The day on which a conversation began, where its time tells the date.
pub(super) fn day(findings: &Findings) -> Option<String> {
    findings.conversation.time.as_deref().and_then(Moment::parse)?.date()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_conversation_counts_once_for_each_rule_and_day() {
        let mut tally = Tally::default();
        let mut findings = sample::findings().remove(0);
        findings.conversation.rules.insert("address/nin".into(), 2);
        for time in [Some("2024-04-29 10:00:00"), Some("10:00:00"), None] {
            findings.conversation.time = time.map(str::to_owned);
            tally.add(&findings);
        }
        let nin = &tally.rules["address/nin"];
        assert_eq!((nin.hits, nin.conversations, nin.severity, nin.examples.len()), (6, 3, Severity::Warning, 1));
        assert_eq!(tally.days.keys().collect::<Vec<_>>(), ["2024-04-29"]);
        assert_eq!(tally.days["2024-04-29"].violations, 3);
    }
}
