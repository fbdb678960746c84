//! `--format gitlab`: the Code Quality report that GitLab shows in a merge request.
//!
//! GitLab shows lines only; its columns are left out, for their unit is not defined.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::violation::Severity;

use super::fingerprint::Fingerprints;
use super::jsonl::write_json;
use super::record::{Findings, ViolationRecord};
use super::summary::Summary;
use super::visible::visible;
use super::{Report, path_in_repository};

/// Writes one array, as it goes.
#[derive(Debug)]
pub struct Gitlab<W> {
    out: W,
    fingerprints: Fingerprints,
    begun: bool,
}

#[derive(Serialize)]
struct Issue<'f> {
    description: String,
    check_name: &'f str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'f>,
}

#[derive(Serialize)]
struct Location<'f> {
    path: Cow<'f, str>,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

impl<W: Write> Gitlab<W> {
    /// Reports to `out`.
    pub fn new(out: W) -> Self {
        Self { out, fingerprints: Fingerprints::default(), begun: false }
    }

    fn violation(&mut self, violation: &ViolationRecord) -> io::Result<()> {
        let mut description = violation.message.trim_end_matches('。').to_owned();
        if let Some(words) = &violation.text {
            description.push_str(&format!(": {words}"));
        }
        if let Some((link, rewrite)) = violation.instead() {
            description.push_str(&format!("{link}{rewrite}"));
        }
        let issue = Issue {
            description: visible(&description).into_owned(),
            check_name: &violation.rule,
            fingerprint: self.fingerprints.next(violation),
            severity: match violation.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Info => "info",
            },
            location: Location {
                path: path_in_repository(&violation.file),
                // GitLab refuses an issue without a line.
                lines: Lines { begin: violation.line.unwrap_or(1) },
            },
        };
        self.out.write_all(if std::mem::replace(&mut self.begun, true) { b",\n" } else { b"[\n" })?;
        write_json(&mut self.out, &issue)
    }
}

impl<W: Write> Report for Gitlab<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        findings.violations.iter().try_for_each(|violation| self.violation(violation))
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::sample;
    use super::*;

    #[test]
    fn every_issue_has_a_fingerprint_of_its_own() {
        let mut out = Vec::new();
        sample::run(&mut Gitlab::new(&mut out));
        let issues: Vec<Value> = serde_json::from_slice(&out).unwrap_or_default();
        let fingerprints: std::collections::BTreeSet<_> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
        assert_eq!((issues.len(), fingerprints.len()), (5, 5));
        assert_eq!(issues[3]["severity"], "critical");
        let mut none = Vec::new();
        assert!(Gitlab::new(&mut none).finish(&Summary::default()).is_ok());
        assert_eq!(none, b"[]\n");
    }
}
