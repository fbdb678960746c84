//! How often each rule was broken, for an overview before the details.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::style::Tone;
use crate::violation::Severity;

use super::record::Findings;
use super::summary::Summary;
use super::totals::Totals;
use super::visible::visible;
use super::{Look, Report, RuleBook};

/// A line for each rule that was broken, the most frequent first; one that was broken gravely and less gravely has two.
#[derive(Debug)]
pub struct Statistics<'r, W> {
    out: W,
    look: Look,
    /// Whether it is for programs: then every severity counts.
    json: bool,
    rules: &'r RuleBook,
    counts: BTreeMap<(String, Severity), Count>,
    totals: Totals,
}

/// How often a rule was broken with one severity.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Count {
    pub rule: String,
    title: String,
    severity: Severity,
    violations: u64,
    /// Conversations with at least one of them.
    conversations: u64,
    /// Violations whose first rewrite is safe.
    safe: u64,
}

impl<'r, W: Write> Statistics<'r, W> {
    /// One JSON array, or a table in the look of reports for people.
    pub fn new(out: W, json: bool, look: Look, rules: &'r RuleBook) -> Self {
        Self { out, look, json, rules, counts: BTreeMap::new(), totals: Totals::default() }
    }

    fn table(&mut self, counts: &[&Count]) -> io::Result<()> {
        let style = self.look.style;
        let width = counts.iter().map(|count| count.violations.to_string().len()).max().unwrap_or(0);
        let rule_width = counts.iter().map(|count| count.rule.chars().count()).max().unwrap_or(0);
        for count in counts {
            let Count { rule, title, severity, violations, safe, .. } = count;
            let (severity, padding) = (style.paint(Tone::Severity(*severity), severity.as_str()), 7 - severity.as_str().len());
            let rule = visible(rule);
            write!(self.out, "{violations:>width$}  {severity}{:padding$}  {rule:rule_width$}  {}", "", visible(title))?;
            if *safe > 0 {
                write!(self.out, " {}", style.paint(Tone::Added, &format!("[{safe} safely fixable]")))?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }
}

impl<W: Write> Report for Statistics<'_, W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        let level = if self.json { Severity::Info } else { self.look.level };
        let mut broken = BTreeSet::new();
        for violation in self.totals.shown(findings, level) {
            let count = self.counts.entry((violation.rule.clone(), violation.severity)).or_insert_with(|| Count {
                rule: violation.rule.clone(),
                title: self.rules.title(&violation.rule).hans.to_string(),
                severity: violation.severity,
                violations: 0,
                conversations: 0,
                safe: 0,
            });
            count.violations += 1;
            count.conversations += u64::from(broken.insert((violation.rule.as_str(), violation.severity)));
            count.safe += u64::from(violation.is_safely_fixable());
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let counts = std::mem::take(&mut self.counts);
        let mut counts: Vec<_> = counts.values().collect();
        counts.sort_by_key(|count| Reverse(count.violations));
        if self.json {
            serde_json::to_writer_pretty(&mut self.out, &counts).map_err(io::Error::from)?;
            writeln!(self.out)?;
        } else {
            self.table(&counts)?;
            if self.look.totals {
                self.out.write_all(self.totals.lines(summary, self.look).as_bytes())?;
            }
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::ViolationRecord;
    use super::super::sample;
    use super::*;

    fn statistics(json: bool) -> String {
        let (mut out, book) = (Vec::new(), RuleBook::default());
        let mut report = Statistics::new(&mut out, json, Look { totals: false, ..Look::default() }, &book);
        let mut summary = Summary::default();
        for findings in sample::findings().into_iter().chain(sample::findings()) {
            summary.add(&findings);
            report.conversation(&findings).unwrap();
        }
        report.finish(&summary).unwrap();
        drop(report);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rules_are_counted_the_most_frequent_first() {
        let table = statistics(false);
        assert!(table.starts_with("2  warning  address/nin"), "{table}");
        assert!(table.contains("[2 safely fixable]") && !table.contains("info"), "{table}");
    }

    #[test]
    fn a_rule_has_a_line_for_each_severity() {
        let mut out = Vec::new();
        let book = RuleBook::default();
        let mut report = Statistics::new(&mut out, true, Look::default(), &book);
        let mut findings = sample::findings();
        let again = findings[0].violations[0].clone();
        findings[0].violations.push(ViolationRecord { severity: Severity::Error, ..again });
        let rule = findings[0].violations[0].rule.clone();
        report.conversation(&findings[0]).unwrap();
        report.finish(&Summary::default()).unwrap();
        drop(report);
        let counts: Vec<serde_json::Value> = serde_json::from_slice(&out).unwrap();
        let own: Vec<_> = counts.iter().filter(|count| count["rule"] == *rule).map(|count| count["severity"].clone()).collect();
        assert_eq!(own, ["warning", "error"]);
    }

    #[test]
    fn programs_get_every_severity() {
        let counts: Vec<serde_json::Value> = serde_json::from_str(&statistics(true)).unwrap();
        assert!(counts.iter().any(|count| count["severity"] == "info" && count["violations"] == 2), "{counts:?}");
        assert!(counts.iter().all(|count| count["conversations"].as_u64() <= count["violations"].as_u64()));
    }
}
