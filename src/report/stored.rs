//! Findings that an earlier run stored with `--format jsonl`, read back to be reported in another form.

use std::fmt;
use std::io::BufRead;

use super::record::{ConversationRecord, Findings, Record, ViolationRecord};

/// No count of a real run is larger; sums of larger ones could overflow.
const LARGEST: u64 = 1 << 40;

/// The conversations of one file of stored findings, in its order.
///
/// A line that cannot be read is an error that names it, and the rest is read all the same.
#[derive(Debug)]
pub struct Stored<R> {
    name: String,
    input: R,
    line: usize,
    /// Violations whose conversation has not come yet.
    violations: Vec<ViolationRecord>,
    /// Whether nothing came since the last summary.
    ended: bool,
    over: bool,
    /// Violations that suppressions hid from the run.
    pub suppressed: u64,
    /// Violations that its baseline hid.
    pub baselined: u64,
    /// Files of unknown kind that the run passed over.
    pub skipped: u64,
    /// What the run could not read.
    pub unreadable: u64,
}

/// Stored findings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl<R: BufRead> Stored<R> {
    /// Reads `input`, which errors call `name`.
    pub fn new(name: impl Into<String>, input: R) -> Self {
        Self {
            name: name.into(),
            input,
            line: 0,
            violations: Vec::new(),
            ended: false,
            over: false,
            suppressed: 0,
            baselined: 0,
            skipped: 0,
            unreadable: 0,
        }
    }

    fn error(&self, what: impl Into<String>) -> StoredError {
        StoredError { file: self.name.clone(), line: self.line, what: what.into() }
    }

    /// What a line adds: a conversation where it completes one.
    fn record(&mut self, line: &str) -> Result<Option<Findings>, StoredError> {
        let record = serde_json::from_str::<Record>(line.trim_start_matches('\u{feff}')).map_err(|error| {
            let hint = if line.trim_start().starts_with("{\"conversations\"") {
                "this is --format json; store findings with --format jsonl".to_owned()
            } else {
                format!("no line of `check --format jsonl` ({error})")
            };
            self.error(hint)
        })?;
        match record {
            Record::Violation(violation) => {
                self.ended = false;
                check(&[violation.turn, violation.line.unwrap_or(0), violation.column.unwrap_or(0)].map(|number| number as u64))
                    .map_err(|what| self.error(what))?;
                let stray = self.violations.last().is_some_and(|last| !same(last, &violation.file, &violation.conversation));
                let error = stray.then(|| self.stray());
                self.violations.push(*violation);
                error.map_or(Ok(None), Err)
            }
            Record::Conversation(told) => {
                self.ended = false;
                let conversation = told.conversation;
                check(&numbers(&conversation)).map_err(|what| self.error(what))?;
                if self.violations.last().is_some_and(|last| !same(last, &conversation.file, &conversation.conversation)) {
                    let error = self.stray();
                    self.violations.clear();
                    return Err(error);
                }
                Ok(Some(Findings { violations: std::mem::take(&mut self.violations), conversation, transcript: told.transcript }))
            }
            Record::Summary(summary) => {
                check(&[summary.skipped, summary.unreadable, summary.suppressed, summary.baselined]).map_err(|what| self.error(what))?;
                self.ended = true;
                self.suppressed += summary.suppressed;
                self.baselined += summary.baselined;
                self.skipped += summary.skipped;
                self.unreadable += summary.unreadable;
                if self.violations.is_empty() { Ok(None) } else { Err(self.stray()) }
            }
        }
    }

    /// Drops violations that belong to no conversation.
    fn stray(&mut self) -> StoredError {
        let of = self.violations.last().map(|violation| violation.conversation.clone()).unwrap_or_default();
        self.violations.clear();
        self.error(format!(
            "the line of conversation {of} is missing, so its violations are left out; store all lines of `check --format jsonl`"
        ))
    }

    /// What is wrong with the end, where it is not the end of a run.
    fn end(&mut self) -> Option<StoredError> {
        self.over = true;
        if !self.violations.is_empty() {
            return Some(self.stray());
        }
        (!self.ended).then(|| self.error("there is no summary at the end: the run that stored these findings was cut short; run it again"))
    }
}

impl<R: BufRead> Iterator for Stored<R> {
    type Item = Result<Findings, StoredError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.over {
            self.line += 1;
            bytes.clear();
            match self.input.read_until(b'\n', &mut bytes) {
                Ok(0) => return self.end().map(Err),
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => match std::str::from_utf8(&bytes).map_err(|_| self.error("not UTF-8; store findings with --format jsonl")) {
                    Ok(line) => match self.record(line) {
                        Ok(None) => {}
                        Ok(Some(findings)) => return Some(Ok(findings)),
                        Err(error) => return Some(Err(error)),
                    },
                    Err(error) => return Some(Err(error)),
                },
                Err(error) => {
                    self.over = true;
                    return Some(Err(self.error(format!("cannot be read: {error}"))));
                }
            }
        }
        None
    }
}

fn same(violation: &ViolationRecord, file: &str, conversation: &str) -> bool {
    violation.file == file && violation.conversation == conversation
}

fn numbers(conversation: &ConversationRecord) -> Vec<u64> {
    let own = [conversation.turns, conversation.points, conversation.score, conversation.courtesy.agent_turns];
    let counts = conversation.rules.values().chain(conversation.courtesy.words.values());
    own.into_iter().chain(counts.copied()).collect()
}

fn check(numbers: &[u64]) -> Result<(), String> {
    match numbers.iter().find(|number| **number > LARGEST) {
        Some(number) => Err(format!("{number} is no count of a real run")),
        None => Ok(()),
    }
}

impl fmt::Display for StoredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for StoredError {}

#[cfg(test)]
mod tests {
    use super::super::record::TurnRecord;
    use super::super::{Jsonl, Report, Summary, sample};
    use super::*;

    fn stored(with_text: bool) -> String {
        let mut out = Vec::new();
        let mut report = Jsonl::new(&mut out, with_text);
        let mut summary = Summary { skipped: 1, ..Summary::default() };
        for mut findings in sample::findings() {
            findings.transcript = vec![TurnRecord { speaker: "agent".into(), name: None, time: None, text: "您好".into() }];
            summary.add(&findings);
            assert!(report.conversation(&findings).is_ok());
        }
        assert!(report.finish(&summary).is_ok());
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn what_was_stored_comes_back() {
        let text = stored(false);
        let mut reader = Stored::new("a.jsonl", text.as_bytes());
        let found: Vec<_> = reader.by_ref().map_while(Result::ok).collect();
        assert_eq!(found, sample::findings());
        assert_eq!((reader.skipped, reader.unreadable), (1, 0));
        let text = stored(true);
        let first = Stored::new("a.jsonl", text.as_bytes()).next().and_then(Result::ok);
        assert_eq!(first.map(|findings| findings.transcript.len()), Some(1));
    }

    fn errors(text: &str) -> Vec<String> {
        Stored::new("a.jsonl", text.as_bytes()).filter_map(Result::err).map(|error| error.to_string()).collect()
    }

    #[test]
    fn what_is_missing_or_broken_is_told() {
        let text = stored(false);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(errors(&text), [""; 0]);
        assert_eq!(errors(&lines[..8].join("\n")).len(), 1, "the summary is missing");
        let cut = [&lines[..3], &lines[4..]].concat().join("\n");
        assert_eq!(errors(&cut).len(), 1, "a conversation is missing: {:?}", errors(&cut));
        assert!(errors(&format!("{text}{{\n"))[0].starts_with("a.jsonl:10: no line of `check --format jsonl`"));
        assert!(errors("{\"conversations\":[],\"summary\":{}}")[0].contains("--format jsonl"));
        let huge = text.replace("\"turns\":12", "\"turns\":18446744073709551615");
        assert!(errors(&huge)[0].contains("no count of a real run"));
        assert_eq!(errors("").len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_input_makes_it_panic(cut in 0usize..2000, noise in "[\\[\\]{}:,\"a0您\n]{0,40}") {
            let text = stored(true);
            let cut = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            Stored::new("a", format!("{}{noise}{}", &text[..cut], &text[cut..]).as_bytes()).for_each(drop);
        }
    }
}
