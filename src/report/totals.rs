//! The lines that close a report for people: how much was found, and how to see less or more of it.

use crate::style::Tone;
use crate::violation::Severity;

use super::Look;
use super::summary::Summary;

/// From so many violations on, the reader is told how to narrow the list.
const LONG: u64 = 40;

/// One line of counts, and a hint where the list is long.
pub(super) fn totals(summary: &Summary, look: Look) -> String {
    let shown = summary.at_least(look.level);
    let hidden = summary.violations - shown;
    let conversations = counted(summary.conversations, "conversation");
    let conversations = match summary.files {
        0 => conversations,
        files => format!("{conversations} of {}", counted(files, "file")),
    };
    let mut line = if shown == 0 {
        let found = if look.level == Severity::Info { "No violations" } else { "Nothing improper" };
        format!("{} in {conversations}.", look.style.paint(Tone::Added, found))
    } else {
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        let parts = severities.into_iter().filter(|severity| *severity >= look.level).filter_map(|severity| {
            let count = summary.by_severity.of(severity);
            (count > 0).then(|| look.style.paint(Tone::Severity(severity), &counted(count, severity.as_str())).to_string())
        });
        let parts: Vec<_> = parts.collect();
        let fixable = match summary.by_rewrite.safe {
            0 => String::new(),
            safe => format!(" {safe} with a safe rewrite."),
        };
        format!("Found {} in {conversations}.{fixable}", parts.join(", "))
    };
    if hidden > 0 {
        line.push_str(&format!(" {} not shown (--level info).", counted(hidden, "info")));
    }
    if summary.skipped > 0 {
        line.push_str(&format!(" {} of unknown kind skipped.", counted(summary.skipped, "file")));
    }
    if summary.unreadable > 0 {
        line.push_str(&format!(" {} not readable.", counted(summary.unreadable, "place")));
    }
    line.push('\n');
    if shown >= LONG {
        let mut rules: Vec<_> = summary.by_rule.iter().collect();
        rules.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let most: Vec<_> = rules.iter().take(3).map(|(rule, count)| format!("{rule} ({count})")).collect();
        let hint =
            format!("Most often: {}. Narrow the list with --select, --ignore, --level error or --format concise.\n", most.join(", "));
        line.push_str(&look.style.paint(Tone::Quiet, &hint).to_string());
    }
    line
}

fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use crate::report::BySeverity;

    use super::*;

    fn summary(error: u64, warning: u64, info: u64) -> Summary {
        let by_severity = BySeverity { error, warning, info };
        Summary { conversations: 12, files: 1, violations: error + warning + info, by_severity, ..Summary::default() }
    }

    #[test]
    fn counts_are_in_one_line() {
        assert_eq!(totals(&summary(1, 2, 0), Look::default()), "Found 1 error, 2 warnings in 12 conversations of 1 file.\n");
        assert_eq!(totals(&summary(0, 0, 0), Look::default()), "Nothing improper in 12 conversations of 1 file.\n");
        assert_eq!(
            totals(&summary(0, 0, 5), Look::default()),
            "Nothing improper in 12 conversations of 1 file. 5 infos not shown (--level info).\n"
        );
        let mut fixable = summary(0, 3, 0);
        fixable.by_rewrite.safe = 2;
        fixable.skipped = 1;
        assert_eq!(
            totals(&fixable, Look::default()),
            "Found 3 warnings in 12 conversations of 1 file. 2 with a safe rewrite. 1 file of unknown kind skipped.\n"
        );
    }

    #[test]
    fn a_long_list_says_how_to_narrow_it() {
        let mut long = summary(0, 50, 0);
        long.by_rule = [("address/nin".to_owned(), 30), ("asking/name".to_owned(), 20)].into();
        assert!(totals(&long, Look::default()).contains("Most often: address/nin (30), asking/name (20)."));
    }
}
