//! `--format junit`: each conversation as a test, which every CI server can count.
//!
//! A conversation fails where it has an error or a warning; what is only worth knowing stands in its output.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::violation::Severity;

use super::record::{Findings, ViolationRecord};
use super::summary::Summary;
use super::visible::visible;
use super::{Report, path_in_repository};

/// Writes a test suite for each file. A suite is held until its file ends, for its counts come first.
#[derive(Debug)]
pub struct Junit<W> {
    out: W,
    begun: bool,
    suite: Option<Suite>,
}

#[derive(Debug)]
struct Suite {
    file: String,
    tests: u64,
    failures: u64,
    cases: String,
}

impl<W: Write> Junit<W> {
    /// Reports to `out`.
    pub fn new(out: W) -> Self {
        Self { out, begun: false, suite: None }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            self.out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"phrase-lint\">\n")?;
        }
        Ok(())
    }

    fn end_suite(&mut self) -> io::Result<()> {
        let Some(suite) = self.suite.take() else { return Ok(()) };
        let Suite { file, tests, failures, cases } = suite;
        let file = escaped(&path_in_repository(&file));
        write!(self.out, "  <testsuite name=\"{file}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{cases}  </testsuite>\n")
    }
}

impl<W: Write> Report for Junit<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.begin()?;
        let conversation = &findings.conversation;
        if self.suite.as_ref().is_some_and(|suite| suite.file != conversation.file) {
            self.end_suite()?;
        }
        let suite =
            self.suite.get_or_insert_with(|| Suite { file: conversation.file.clone(), tests: 0, failures: 0, cases: String::new() });
        suite.tests += 1;
        suite.failures += u64::from(findings.violations.iter().any(|violation| violation.severity > Severity::Info));
        suite.cases.push_str(&case(findings));
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.begin()?;
        self.end_suite()?;
        self.out.write_all(b"</testsuites>\n")?;
        self.out.flush()
    }
}

fn case(findings: &Findings) -> String {
    let conversation = &findings.conversation;
    let agent = conversation.agent.as_deref().map_or_else(|| path_in_repository(&conversation.file), Cow::Borrowed);
    let (remarks, failures): (Vec<_>, Vec<_>) = findings.violations.iter().partition(|violation| violation.severity == Severity::Info);
    let mut case = format!("    <testcase name=\"{}\" classname=\"{}\"", escaped(&conversation.conversation), escaped(&agent));
    if findings.violations.is_empty() {
        case.push_str("/>\n");
        return case;
    }
    case.push_str(">\n");
    if let Some(first) = failures.first() {
        // Many readers take only the first failure of a test, so all stand in one.
        let lines: String = failures.iter().map(|violation| line(violation)).collect();
        let (kind, message) = (escaped(&first.rule), escaped(&first.message));
        // Writing to a string does not fail.
        let _ = writeln!(case, "      <failure type=\"{kind}\" message=\"{message}\">{lines}</failure>");
    }
    if !remarks.is_empty() {
        let lines: String = remarks.iter().map(|violation| line(violation)).collect();
        let _ = writeln!(case, "      <system-out>{lines}</system-out>");
    }
    case.push_str("    </testcase>\n");
    case
}

/// `file:line:column: severity rule message: words → rewrite`.
fn line(violation: &ViolationRecord) -> String {
    let mut line = format!(
        "{}: {} {} {}",
        path_in_repository(&violation.location()),
        violation.severity,
        violation.rule,
        violation.message.trim_end_matches('。')
    );
    if let Some(words) = &violation.text {
        line.push_str(&format!(": {words}"));
    }
    if let Some((link, rewrite)) = violation.instead() {
        line.push_str(&format!("{link}{rewrite}"));
    }
    format!("{}\n", escaped(&line))
}

/// Text for XML 1.0, which forbids control codes even as references.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn nothing_breaks_out_of_the_markup() {
        assert_eq!(escaped("]]></failure>&\"'\u{1b}\u{ffff}"), "]]&gt;&lt;/failure&gt;&amp;&quot;&apos;␛\\u{ffff}");
    }

    #[test]
    fn conversations_are_tests_in_the_suite_of_their_file() {
        let mut out = Vec::new();
        sample::run(&mut Junit::new(&mut out));
        let out = String::from_utf8_lossy(&out).into_owned();
        assert!(out.contains("<testsuite name=\"chats/a.jsonl\" tests=\"2\" failures=\"1\" errors=\"0\">"), "{out}");
        assert!(out.contains("<testcase name=\"c-18\" classname=\"chats/a.jsonl\"/>"), "{out}");
        assert!(out.contains("<testsuite name=\"replies.csv\" tests=\"1\" failures=\"1\" errors=\"0\">"), "{out}");
        assert!(out.contains("<system-out>replies.csv:7:3: info register/pet-name"), "{out}");
    }
}
