//! `--format github`: workflow commands, which GitHub Actions shows as annotations in a pull request.
//!
//! Columns are UTF-16 code units, as the tools whose annotations GitHub was made for count them.

use std::io::{self, Write};

use crate::violation::Severity;

use super::record::{Findings, ViolationRecord};
use super::summary::Summary;
use super::visible::visible;
use super::{Report, path_in_repository};

/// GitHub shows so many annotations of each kind from one step, and drops the rest without a word.
const LIMIT: u64 = 10;

/// Writes `::warning file=…,line=…::message`; what GitHub would drop is summed up in a notice.
#[derive(Debug)]
pub struct Github<W> {
    out: W,
    /// Written so far: errors, warnings, notices.
    written: [u64; 3],
}

impl<W: Write> Github<W> {
    /// Reports to `out`.
    pub fn new(out: W) -> Self {
        Self { out, written: [0; 3] }
    }

    fn violation(&mut self, violation: &ViolationRecord) -> io::Result<()> {
        let (command, place, limit) = match violation.severity {
            Severity::Error => ("error", 0, LIMIT),
            Severity::Warning => ("warning", 1, LIMIT),
            // The closing notice is one of them.
            Severity::Info => ("notice", 2, LIMIT - 1),
        };
        if self.written[place] == limit {
            return Ok(());
        }
        self.written[place] += 1;
        let mut properties = vec![("title", format!("phrase-lint {}", violation.rule))];
        if violation.file != "<stdin>" {
            properties.push(("file", path_in_repository(&violation.file).into_owned()));
        }
        match violation.region() {
            Some(region) => {
                properties.extend([("line", region.line.to_string()), ("endLine", region.end_line.to_string())]);
                // The annotation of several lines has no columns.
                if region.line == region.end_line {
                    properties.extend([("col", region.column.to_string()), ("endColumn", region.end_column.to_string())]);
                }
            }
            None => properties.extend(violation.line.filter(|_| !violation.cell).map(|line| ("line", line.to_string()))),
        }
        let properties: Vec<_> = properties.into_iter().map(|(key, value)| format!("{key}={}", property(&value))).collect();
        let mut message = violation.message.trim_end_matches('。').to_owned();
        if let Some(words) = &violation.text {
            message.push_str(&format!(": {words}"));
        }
        if let Some((link, rewrite)) = violation.instead() {
            message.push_str(&format!("{link}{rewrite}"));
        }
        writeln!(self.out, "::{command} {}::{}", properties.join(","), data(&message))
    }
}

impl<W: Write> Report for Github<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        findings.violations.iter().try_for_each(|violation| self.violation(violation))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let left = summary.violations.saturating_sub(self.written.iter().sum());
        if left > 0 {
            let more = if left == 1 { "1 more violation is".to_owned() } else { format!("{left} more violations are") };
            let all = [Severity::Error, Severity::Warning, Severity::Info]
                .map(|severity| format!("{severity} {}", summary.by_severity.of(severity)));
            writeln!(self.out, "::notice title=phrase-lint::{more} not annotated; in all: {}", all.join(", "))?;
        }
        self.out.flush()
    }
}

/// What stands behind `::` (toolkit, command.ts).
fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which `,` and `:` would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(property("a,b:c%d"), "a%2Cb%3Ac%25d");
        assert_eq!(data("第一句\n::error::假的"), "第一句␊::error::假的");
    }

    #[test]
    fn standard_input_is_no_file() {
        let mut findings = sample::findings().remove(0);
        findings.violations.iter_mut().for_each(|violation| violation.file = "<stdin>".into());
        let mut out = Vec::new();
        assert!(Github::new(&mut out).conversation(&findings).is_ok());
        assert!(!String::from_utf8_lossy(&out).contains("file="));
    }

    #[test]
    fn what_github_would_drop_is_summed_up() {
        let mut out = Vec::new();
        let (mut report, mut summary) = (Github::new(&mut out), Summary::default());
        for findings in std::iter::repeat_with(sample::findings).take(12).flatten() {
            summary.add(&findings);
            assert!(report.conversation(&findings).is_ok());
        }
        assert!(report.finish(&summary).is_ok());
        let out = String::from_utf8_lossy(&out).into_owned();
        let count = |command: &str| out.lines().filter(|line| line.starts_with(command)).count();
        assert_eq!((count("::error "), count("::warning "), count("::notice ")), (10, 10, 10));
        assert!(
            out.ends_with("::notice title=phrase-lint::31 more violations are not annotated; in all: error 12, warning 24, info 24\n"),
            "{out}"
        );
    }
}
