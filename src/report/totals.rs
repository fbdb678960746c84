//! The lines that close a report for people: how much was found, and how to see less or more of it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::style::Tone;
use crate::violation::Severity;

use super::Look;
use super::record::{Findings, ViolationRecord};
use super::rounding::Tenths;
use super::summary::Summary;
use super::visible::visible;

/// From so many violations on, the reader is told how to narrow the list.
const LONG: u64 = 40;
/// The most frequent rules that are named then.
const NAMED: usize = 3;

/// How the counts begin where nothing was found, from infos, warnings or errors on.
pub(super) const NOTHING_FOUND: [&str; 3] = ["No violations", "No errors or warnings", "No errors"];
/// How they begin where there was nothing to check.
pub(super) const NOTHING_CHECKED: &str = "Nothing was checked.";

/// Counts what is shown: the summary counts what was found.
#[derive(Debug, Default)]
pub(super) struct Totals {
    conversations: u64,
    safe: u64,
    by_rule: BTreeMap<String, u64>,
}

impl Totals {
    /// The violations of a conversation that the level lets through, counted.
    pub(super) fn shown<'f>(&mut self, findings: &'f Findings, level: Severity) -> Vec<&'f ViolationRecord> {
        let shown: Vec<_> = findings.violations.iter().filter(|violation| violation.severity >= level).collect();
        self.conversations += u64::from(!shown.is_empty());
        for violation in &shown {
            self.safe += u64::from(violation.is_safely_fixable());
            *self.by_rule.entry(violation.rule.clone()).or_insert(0) += 1;
        }
        shown
    }

    /// One line of counts, what could not be judged, the words of courtesy, and a hint where the list was long.
    pub(super) fn lines(&self, summary: &Summary, look: Look) -> String {
        let shown = summary.at_least(look.level);
        if summary.conversations == 0 && summary.violations == 0 {
            return format!("{NOTHING_CHECKED}{}\n", passed_over(summary));
        }
        let [all, warnings, errors] = NOTHING_FOUND;
        let nothing = match look.level {
            Severity::Info => all,
            Severity::Warning => warnings,
            Severity::Error => errors,
        };
        let mut line = match shown {
            0 => look.style.paint(Tone::Added, nothing).to_string(),
            _ => format!("Found {}", severities(summary, look, |severity| severity >= look.level)),
        };
        line.push_str(" in ");
        if shown > 0 && self.conversations < summary.conversations {
            line.push_str(&format!("{} of ", self.conversations));
        }
        line.push_str(&counted(summary.conversations, "conversation"));
        if summary.files > 0 {
            line.push_str(&format!(", {}", counted(summary.files, "file")));
        }
        line.push('.');
        if self.safe > 0 {
            line.push_str(&format!(" {} safely fixable.", self.safe));
        }
        if summary.violations > shown {
            let hidden = severities(summary, look, |severity| severity < look.level);
            line.push_str(&format!(" {hidden} not shown (--level info)."));
        }
        line.push_str(&passed_over(summary));
        line.push('\n');
        if summary.untimed > 0 {
            line.push_str(&untimed(summary));
            line.push('\n');
        }
        if !summary.courtesy.is_empty() {
            let words = summary.courtesy.words.keys();
            let words: Vec<_> = words.map(|word| format!("{} {}", visible(word), Tenths::of_courtesy(&summary.courtesy, word))).collect();
            line.push_str(&format!("Courtesy per 100 agent turns: {}.\n", words.join(", ")));
        }
        if shown >= LONG {
            line.push_str(&look.style.paint(Tone::Quiet, &self.hint()).to_string());
            line.push('\n');
        }
        line
    }

    fn hint(&self) -> String {
        let mut rules: Vec<_> = self.by_rule.iter().collect();
        rules.sort_by_key(|(_, count)| Reverse(**count));
        let most: Vec<_> = rules.into_iter().take(NAMED).map(|(rule, count)| format!("{rule} ({count})")).collect();
        format!("Most often: {}. Narrow the list with --select, --ignore, --level error or --format concise.", most.join(", "))
    }
}

/// `1 error, 2 warnings`, of the severities that are wanted.
fn severities(summary: &Summary, look: Look, wanted: impl Fn(Severity) -> bool) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Info].into_iter().filter(|severity| wanted(*severity));
    let counts = counts.map(|severity| (severity, summary.by_severity.of(severity))).filter(|(_, count)| *count > 0);
    let counts = counts.map(|(severity, count)| look.style.paint(Tone::Severity(severity), &counted(count, severity.as_str())).to_string());
    counts.collect::<Vec<_>>().join(", ")
}

/// How often the checks that need times had none.
pub(super) fn untimed(summary: &Summary) -> String {
    let of = if summary.untimed < summary.conversations { format!("{} of ", summary.untimed) } else { String::new() };
    let conversations = counted(summary.conversations, "conversation");
    format!("No times in {of}{conversations}: checks of waits and lengths say nothing there.")
}

/// What was hidden or not looked at.
pub(super) fn passed_over(summary: &Summary) -> String {
    let mut sentences = String::new();
    if summary.suppressed > 0 {
        sentences.push_str(&format!(" {} suppressed.", summary.suppressed));
    }
    if summary.baselined > 0 {
        sentences.push_str(&format!(" {} in the baseline.", summary.baselined));
    }
    if summary.skipped > 0 {
        sentences.push_str(&format!(" {} of unknown kind skipped.", counted(summary.skipped, "file")));
    }
    if summary.unreadable > 0 {
        sentences.push_str(&format!(" {} could not be read.", counted(summary.unreadable, "thing")));
    }
    sentences
}

/// `1 file`, `2 files`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn lines(level: Severity, times: usize) -> String {
        let (mut totals, mut summary) = (Totals::default(), Summary { files: 1, ..Summary::default() });
        for findings in std::iter::repeat_with(sample::findings).take(times).flatten() {
            totals.shown(&findings, level);
            summary.add(&findings);
        }
        totals.lines(&summary, Look { level, ..Look::default() })
    }

    #[test]
    fn counts_are_those_of_what_is_shown() {
        let below = "No times in 1 of 3 conversations: checks of waits and lengths say nothing there.\nCourtesy per 100 agent turns: 您 200.0, 谢 25.0.\n";
        let shown = "Found 1 error, 2 warnings in 2 of 3 conversations, 1 file. 1 safely fixable. 2 infos not shown (--level info).\n";
        assert_eq!(lines(Severity::Warning, 1), format!("{shown}{below}"));
        let all = "Found 1 error, 2 warnings, 2 infos in 2 of 3 conversations, 1 file. 1 safely fixable.\n";
        assert_eq!(lines(Severity::Info, 1), format!("{all}{below}"));
        let error = "Found 1 error in 1 of 3 conversations, 1 file. 2 warnings, 2 infos not shown (--level info).\n";
        assert_eq!(lines(Severity::Error, 1), format!("{error}{below}"));
    }

    #[test]
    fn what_was_passed_over_is_counted() {
        let summary = Summary { conversations: 1, skipped: 1, unreadable: 2, ..Summary::default() };
        let lines = Totals::default().lines(&summary, Look::default());
        assert_eq!(lines, "No errors or warnings in 1 conversation. 1 file of unknown kind skipped. 2 things could not be read.\n");
        assert_eq!(Totals::default().lines(&Summary::default(), Look::default()), "Nothing was checked.\n");
    }

    #[test]
    fn a_long_list_says_how_to_narrow_it() {
        let long = lines(Severity::Warning, 14);
        assert!(long.contains("\nMost often: address/nin (14), asking/name (14), pressure/authority (14). Narrow"), "{long}");
        assert!(!lines(Severity::Warning, 13).contains("Narrow"));
    }
}
