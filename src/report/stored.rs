//! Findings that an earlier run stored with `--format jsonl`, read back to be reported in another form.

use std::fmt;
use std::io::{BufRead, Read};

use super::record::{ConversationRecord, Findings, Record, Share, ViolationRecord};

/// No count of a real run is larger; sums of larger ones could overflow.
const LARGEST: u64 = 1 << 40;

/// No line of a real run is longer, in bytes.
const LONGEST: u64 = 1 << 26;

/// How the lines of stored findings begin.
const BEGINNINGS: [&str; 3] = [r#"{"type":"violation""#, r#"{"type":"conversation""#, r#"{"type":"summary""#];

/// How `--format json` begins.
const DOCUMENT: &str = r#"{"conversations""#;

/// The conversations of one file of stored findings, in its order.
///
/// A line that cannot be read is an error that names it, and the rest is read all the same; of a file that holds something
/// else there is one error.
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
    /// Whether anything stands in it.
    begun: bool,
    /// Whether a line was read as one of findings.
    pub holds_findings: bool,
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
    /// The line, from 1; none where it is the whole file.
    pub line: Option<usize>,
    /// What is wrong, and what to do.
    pub what: String,
    /// What the file holds, all the same.
    pub holds: Holds,
}

/// What a file holds in which something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing at all.
    Nothing,
    /// Something that is no findings.
    SomethingElse,
    /// What could not be read so far that one could tell.
    Unknown,
    /// Findings, of which some are lost.
    Findings,
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
            begun: false,
            holds_findings: false,
            suppressed: 0,
            baselined: 0,
            skipped: 0,
            unreadable: 0,
        }
    }

    fn error(&self, what: impl Into<String>) -> StoredError {
        StoredError { file: self.name.clone(), line: Some(self.line), what: what.into(), holds: Holds::Findings }
    }

    /// What is wrong where a line, of which `begun` could be read, has no end.
    fn cut(&self, begun: &[u8], what: impl Into<String>) -> StoredError {
        let holds = if self.begun || is_finding(begun) { Holds::Findings } else { Holds::Unknown };
        StoredError { holds, ..self.error(what) }
    }

    /// What is wrong where the first line shows that the file holds no findings, and nor do those behind it.
    fn foreign(&mut self, first: &[u8]) -> Option<StoredError> {
        let behind = self.input.fill_buf().unwrap_or_default();
        // `--format json` has the same records, in a list.
        let may_follow = !first.starts_with(DOCUMENT.as_bytes());
        if may_follow && (is_finding(first) || behind.split(|byte| *byte == b'\n').any(is_finding)) {
            return None;
        }
        self.over = true;
        let holds = if is_finding_in_utf_16(first) { Holds::Findings } else { Holds::SomethingElse };
        Some(StoredError { file: self.name.clone(), line: None, what: foreign(first).to_owned(), holds })
    }

    /// What a line adds: a conversation where it completes one.
    fn record(&mut self, line: &str) -> Result<Option<Findings>, StoredError> {
        let record = serde_json::from_str::<Record>(line.trim_start_matches('\u{feff}'))
            .map_err(|error| self.error(format!("no line of `check --format jsonl`: {}", strange(&error))))?;
        self.holds_findings = true;
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
        let holds = if self.begun { Holds::Findings } else { Holds::Nothing };
        let what = "there is no summary at the end: the run that stored these findings was cut short; run it again";
        (!self.ended).then(|| StoredError { holds, ..self.error(what) })
    }
}

impl<R: BufRead> Iterator for Stored<R> {
    type Item = Result<Findings, StoredError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.over {
            self.line += 1;
            bytes.clear();
            match self.input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes) {
                Ok(0) => return self.end().map(Err),
                Ok(length) if length as u64 == LONGEST => {
                    self.over = true;
                    return Some(Err(self.cut(&bytes, "the line has no end; give `report` what `check --format jsonl` stored")));
                }
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let line = std::str::from_utf8(&bytes).map_err(|_| self.error("not UTF-8; store findings with --format jsonl"));
                    let is_first = !std::mem::replace(&mut self.begun, true);
                    match line.and_then(|line| self.record(line)) {
                        Ok(None) => {}
                        Ok(Some(findings)) => return Some(Ok(findings)),
                        Err(error) if is_first => return Some(Err(self.foreign(&bytes).unwrap_or(error))),
                        Err(error) => return Some(Err(error)),
                    }
                }
                Err(error) => {
                    self.over = true;
                    let what = format!("cannot be read on: {error}; what came before is read; copy the file again");
                    return Some(Err(self.cut(&bytes, what)));
                }
            }
        }
        None
    }
}

/// Whether a line begins as one of stored findings does.
fn is_finding(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    BEGINNINGS.iter().any(|beginning| line.starts_with(beginning.as_bytes()))
}

/// The same, of UTF-16.
fn is_finding_in_utf_16(line: &[u8]) -> bool {
    let (mark, rest) = line.split_at(line.len().min(2));
    let ascii: Vec<u8> = rest.iter().copied().filter(|byte| *byte != 0).take(64).collect();
    matches!(mark, [0xFF, 0xFE] | [0xFE, 0xFF]) && is_finding(&ascii)
}

/// What a file of something else begins like, and what to do about it.
fn foreign(first: &[u8]) -> &'static str {
    let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first).trim_ascii_start();
    match text {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            "this is text in UTF-16, as `>` of PowerShell writes it; store findings in UTF-8, with `check -o findings.jsonl`"
        }
        [b'P', b'K', 3, 4, ..] => "this is a workbook or document, no findings; give `report` what `check -o findings.jsonl` stored",
        _ if std::str::from_utf8(text).is_err() => {
            "this is no text in UTF-8 and holds no findings; give `report` what `check -o findings.jsonl` stored"
        }
        _ if text.starts_with(DOCUMENT.as_bytes()) => "this is --format json; store findings with --format jsonl",
        [b'<', ..] => "this is a page or XML, no findings; give `report` what `check -o findings.jsonl` stored",
        [b'{' | b'[', ..] => {
            "this is JSON of another kind, no findings; if it holds conversations or replies, `check FILE -o findings.jsonl` stores \
             what is found in them"
        }
        _ => {
            "this is a table or text, no findings; if it holds conversations or replies, `check FILE -o findings.jsonl` stores what is \
              found in them"
        }
    }
}

fn same(violation: &ViolationRecord, file: &str, conversation: &str) -> bool {
    violation.file == file && violation.conversation == conversation
}

fn numbers(conversation: &ConversationRecord) -> Vec<u64> {
    let own = [conversation.turns, conversation.points, conversation.score, conversation.courtesy.agent_turns];
    let counts = conversation.rules.values().chain(conversation.courtesy.words.values());
    let of_share = |share: &Share| {
        let own = [share.points, share.score, share.courtesy.agent_turns];
        own.into_iter().chain(share.rules.values().chain(share.courtesy.words.values()).copied()).collect::<Vec<_>>()
    };
    own.into_iter().chain(counts.copied()).chain(conversation.agents.iter().flat_map(of_share)).collect()
}

fn check(numbers: &[u64]) -> Result<(), String> {
    match numbers.iter().find(|number| **number > LARGEST) {
        Some(number) => Err(format!("{number} is no count of a real run")),
        None => Ok(()),
    }
}

impl fmt::Display for StoredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

impl std::error::Error for StoredError {}

/// Why a line is no record, for people.
fn strange(error: &serde_json::Error) -> String {
    if error.is_data() {
        return "it has not the keys of one".to_owned();
    }
    let what = if error.is_eof() { "is cut off" } else { "is no JSON" };
    format!("it {what} at column {}", error.column())
}

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

    #[test]
    fn a_file_of_something_else_is_told_once() {
        let told = |text: &str| errors(text).join(" | ");
        assert!(told("file,line\n1,2\n3,4\n").starts_with("a.jsonl: this is a table or text, no findings; if"));
        assert!(told("<!DOCTYPE html>\n<html>\n").starts_with("a.jsonl: this is a page or XML"));
        assert!(told("[\n  {\"type\": \"issue\"}\n]\n").starts_with("a.jsonl: this is JSON of another kind"));
        for foreign in ["a,b\nc\n", "<a>\n<b>\n", "{\"id\":1}\n{\"id\":2}\n", "{\n\"conversations\": 1\n}"] {
            assert_eq!(errors(foreign).len(), 1, "{foreign}");
        }
        let utf_16: Vec<u8> = "\u{feff}{\"type\":\n\"a\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let told: Vec<_> = Stored::new("a", utf_16.as_slice()).filter_map(Result::err).map(|error| error.to_string()).collect();
        assert!(told.len() == 1 && told[0].starts_with("a: this is text in UTF-16"), "{told:?}");
        // What another program said before is a broken line, and so is a first line that was cut.
        for before in ["warning: disk is nearly full\n", "{\"type\":\"conversation\",\n"] {
            let text = format!("{before}{}", stored(false));
            assert_eq!(Stored::new("a", text.as_bytes()).filter(Result::is_ok).count(), sample::findings().len());
            assert_eq!(errors(&text).len(), 1, "{:?}", errors(&text));
        }
    }

    /// Gives what is there, and then an error, as a packed file does that is cut off.
    struct CutOff<'b>(&'b [u8]);

    impl Read for CutOff<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() { Err(std::io::ErrorKind::UnexpectedEof.into()) } else { self.0.read(buffer) }
        }
    }

    #[test]
    fn what_is_wrong_with_findings_is_told_from_what_is_none() {
        let text = stored(false);
        let holds = |bytes: &[u8]| {
            let mut stored = Stored::new("a", bytes);
            let errors: Vec<_> = stored.by_ref().filter_map(Result::err).collect();
            (errors.first().map(|error| error.holds), stored.holds_findings)
        };
        assert_eq!(holds(text.as_bytes()), (None, true));
        assert_eq!(holds(b"\n \n"), (Some(Holds::Nothing), false));
        assert_eq!(holds(b"a,b\nc,d\n"), (Some(Holds::SomethingElse), false));
        assert_eq!(holds(&text.as_bytes()[..40]), (Some(Holds::Findings), false));
        assert_eq!(holds(&text.as_bytes()[1..]), (Some(Holds::Findings), true));
        let utf_16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(holds(&utf_16), (Some(Holds::Findings), false));
        let cut = |text: &str| {
            let mut stored = Stored::new("a", std::io::BufReader::new(CutOff(text.as_bytes())));
            stored.find_map(Result::err).map(|error| error.holds)
        };
        assert_eq!(cut(""), Some(Holds::Unknown));
        assert_eq!(cut("a,b"), Some(Holds::Unknown));
        assert_eq!(cut(&text[..40]), Some(Holds::Findings));
        assert_eq!(cut(text.lines().next().unwrap_or_default()), Some(Holds::Findings));
        assert_eq!(cut("a,b\nc,d\n"), Some(Holds::SomethingElse));
    }

    #[test]
    fn a_line_without_end_is_not_read_to_it() {
        let mut endless = Stored::new("a", std::io::BufReader::with_capacity(1 << 16, std::io::repeat(b'a')));
        assert!(endless.next().is_some_and(|first| first.is_err_and(|error| error.to_string().starts_with("a:1: the line has no end"))));
        assert!(endless.next().is_none());
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
