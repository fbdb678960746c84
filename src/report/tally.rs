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
    /// Conversations with an error or a warning.
    pub affected: u64,
}

/// One rule.
#[derive(Debug)]
pub(super) struct RuleTally {
    /// Errors and warnings.
    pub hits: u64,
    /// Remarks: infos.
    pub remarks: u64,
    /// Conversations with an error or a warning; where the rule only remarks, with a remark.
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
    /// Their errors and warnings.
    pub violations: u64,
}

impl Tally {
    /// The rules, the gravest first, and of these the most frequent.
    pub fn gravest(&self) -> Vec<(&String, &RuleTally)> {
        let mut rules: Vec<_> = self.rules.iter().collect();
        rules.sort_by_key(|(_, tally)| Reverse((tally.severity, tally.hits)));
        rules
    }

    /// The same, without the rules that only remark.
    pub fn faults(&self) -> Vec<(&String, &RuleTally)> {
        let mut rules = self.gravest();
        rules.retain(|(_, tally)| tally.severity > Severity::Info);
        rules
    }

    /// Counts a conversation.
    pub fn add(&mut self, findings: &Findings) {
        let mut gravest: BTreeMap<&str, Severity> = BTreeMap::new();
        for violation in &findings.violations {
            let severity = gravest.entry(&violation.rule).or_insert(violation.severity);
            *severity = violation.severity.max(*severity);
            let tally = self.rules.entry(violation.rule.clone()).or_insert(RuleTally {
                hits: 0,
                remarks: 0,
                conversations: 0,
                severity: Severity::Info,
                examples: Vec::new(),
            });
            if violation.severity > Severity::Info && tally.severity == Severity::Info {
                // What is worse than a remark is told, and by examples of its own.
                (tally.conversations, tally.examples) = (0, Vec::new());
            }
            tally.severity = tally.severity.max(violation.severity);
            match violation.severity {
                Severity::Info => tally.remarks += 1,
                Severity::Warning | Severity::Error => tally.hits += 1,
            }
            let is_told = violation.severity > Severity::Info || tally.severity == Severity::Info;
            if is_told && tally.examples.len() < EXAMPLES && !tally.examples.contains(&violation.sentence) {
                tally.examples.push(violation.sentence.clone());
            }
        }
        for (rule, severity) in &gravest {
            if let Some(tally) = self.rules.get_mut(*rule) {
                tally.conversations += u64::from(*severity > Severity::Info || tally.severity == Severity::Info);
            }
        }
        let faults = findings.violations.iter().filter(|violation| violation.severity > Severity::Info).count() as u64;
        self.affected += u64::from(faults > 0);
        if let Some(day) = day(findings) {
            let tally = self.days.entry(day).or_default();
            tally.conversations += 1;
            tally.violations += faults;
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
        findings.violations.push(findings.violations[0].clone());
        for time in [Some("2024-04-29 10:00:00"), Some("10:00:00"), None] {
            findings.conversation.time = time.map(str::to_owned);
            tally.add(&findings);
        }
        let nin = &tally.rules["address/nin"];
        assert_eq!((nin.hits, nin.conversations, nin.severity, nin.examples.len()), (6, 3, Severity::Warning, 1));
        assert_eq!(tally.days.keys().collect::<Vec<_>>(), ["2024-04-29"]);
        assert_eq!((tally.days["2024-04-29"].violations, tally.affected), (3, 3));
    }

    #[test]
    fn remarks_stand_apart_from_what_is_worse() {
        let mut tally = Tally::default();
        let mut findings = sample::findings().remove(0);
        let thanks = |tally: &Tally| {
            let thanks = &tally.rules["closing/thanks"];
            (thanks.hits, thanks.remarks, thanks.conversations, thanks.examples.join("|"))
        };
        tally.add(&findings);
        tally.add(&findings);
        assert_eq!(thanks(&tally), (0, 2, 2, "没有别的事了".to_owned()));
        assert!(tally.faults().iter().all(|(rule, _)| *rule != "closing/thanks"));
        (findings.violations[2].severity, findings.violations[2].sentence) = (Severity::Warning, "没了".into());
        tally.add(&findings);
        findings.violations[2].severity = Severity::Info;
        tally.add(&findings);
        assert_eq!(thanks(&tally), (1, 3, 1, "没了".to_owned()));
    }
}
