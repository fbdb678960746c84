//! `--format sarif`: SARIF 2.1.0, which code scanning and editors read.
//!
//! Columns are UTF-16 code units, as `columnKind` says: most readers count so whatever is declared.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::violation::{Applicability, Severity};

use super::fingerprint::Fingerprints;
use super::jsonl::write_json;
use super::record::{Findings, Region, ViolationRecord};
use super::rule_book::{RuleBook, category};
use super::summary::Summary;
use super::visible::visible;
use super::{Report, path_in_repository};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes results as they come; the rules they name stand behind them.
pub struct Sarif<'r, W> {
    out: W,
    book: &'r RuleBook,
    fingerprints: Fingerprints,
    /// The index of every rule that was broken, and how grave it was at its gravest.
    rules: BTreeMap<String, (usize, Severity)>,
    begun: bool,
}

impl<'r, W: Write> Sarif<'r, W> {
    /// Reports to `out`, with what `book` tells of the rules.
    pub fn new(out: W, book: &'r RuleBook) -> Self {
        Self { out, book, fingerprints: Fingerprints::default(), rules: BTreeMap::new(), begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return self.out.write_all(b",\n");
        }
        writeln!(self.out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"utf16CodeUnits\",\"results\":[")
    }

    fn result(&mut self, violation: &ViolationRecord) -> Value {
        let next = self.rules.len();
        let rule = self.rules.entry(violation.rule.clone()).or_insert((next, violation.severity));
        rule.1 = rule.1.max(violation.severity);
        let artifact = json!({ "uri": uri(&violation.file) });
        let mut physical = json!({ "artifactLocation": artifact });
        if let Some(place) = violation.region() {
            let mut region = region(place);
            region["snippet"] = json!({ "text": violation.text });
            physical["region"] = region;
        } else if let Some(line) = violation.line.filter(|_| !violation.cell) {
            physical["region"] = json!({ "startLine": line });
        }
        let mut result = json!({
            "ruleId": violation.rule,
            "ruleIndex": rule.0,
            "level": level(violation.severity),
            "message": { "text": message(violation) },
            "locations": [{
                "physicalLocation": physical,
                "logicalLocations": [{
                    "name": violation.conversation,
                    "fullyQualifiedName": format!("{} › turn {}", violation.conversation, violation.turn.saturating_add(1)),
                    "kind": "conversation",
                }],
            }],
            "partialFingerprints": { "violation/v1": self.fingerprints.next(violation) },
            "properties": properties(violation),
        });
        let fixes = fixes(violation, &artifact);
        if !fixes.is_empty() {
            result["fixes"] = Value::Array(fixes);
        }
        result
    }

    fn rule(&self, id: &str, gravest: Severity) -> Value {
        let mut rule = json!({
            "id": id,
            "defaultConfiguration": { "level": level(gravest) },
            "properties": { "tags": [category(id)], "problem.severity": problem(gravest) },
        });
        // Code scanning refuses a rule without descriptions, so one whose pack is not loaded has its id for them.
        let entry = self.book.get(id).cloned().unwrap_or_default();
        let title = self.book.title(id).hans;
        let why = if entry.why.hans.is_empty() { &title } else { &entry.why.hans };
        let examples = [("Improper", &entry.improper), ("Professional", &entry.professional)].map(|(heading, examples)| {
            let list: String = examples.iter().map(|example| format!("\n- {}", one_line(example))).collect();
            if list.is_empty() {
                [String::new(), String::new()]
            } else {
                [format!("\n\n{heading}:{list}"), format!("\n\n**{heading}**\n{list}")]
            }
        });
        let [[improper, improper_marked], [professional, professional_marked]] = examples;
        rule["name"] = json!(id.split(['/', '-']).map(capitalised).collect::<String>());
        rule["shortDescription"] = json!({ "text": title });
        rule["fullDescription"] = json!({ "text": why });
        rule["help"] = json!({ "text": format!("{why}{improper}{professional}") });
        // What a pack does not vouch for stays plain text.
        if self.book.get(id).is_some() {
            rule["help"]["markdown"] = json!(format!("{why}{improper_marked}{professional_marked}\n\n`phrase-lint explain {id}`"));
        }
        if entry.source.starts_with("https://") {
            rule["helpUri"] = json!(entry.source);
        }
        rule
    }
}

impl<W: Write> Report for Sarif<'_, W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        findings.violations.iter().try_for_each(|violation| {
            let result = self.result(violation);
            self.begin()?;
            write_json(&mut self.out, &result)
        })
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if !self.begun {
            self.begin()?;
        }
        let mut rules: Vec<_> = self.rules.iter().map(|(id, &(index, gravest))| (index, id, gravest)).collect();
        rules.sort_unstable();
        let driver = json!({
            "name": "phrase-lint",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules.into_iter().map(|(_, id, gravest)| self.rule(id, gravest)).collect::<Vec<_>>(),
        });
        self.out.write_all(b"\n],\"tool\":")?;
        write_json(&mut self.out, &json!({ "driver": driver }))?;
        self.out.write_all(b",\"invocations\":")?;
        write_json(&mut self.out, &json!([{ "executionSuccessful": summary.unreadable == 0 }]))?;
        self.out.write_all(b"}]}\n")?;
        self.out.flush()
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// What GitHub sorts by.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}

/// What is wrong, with the words and the first rewrite.
fn message(violation: &ViolationRecord) -> String {
    let mut message = violation.message.trim_end_matches('。').to_owned();
    if let Some(words) = &violation.text {
        message.push_str(&format!("：“{words}”"));
    }
    if let Some((link, rewrite)) = violation.instead() {
        message.push_str(&format!("{link}“{rewrite}”"));
    }
    // `[text](target)` in a SARIF message is a link (§3.11.6); nothing in a transcript may become one.
    visible(&message).replace("](", "] (")
}

fn region(place: Region) -> Value {
    json!({ "startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column })
}

fn properties(violation: &ViolationRecord) -> Value {
    let mut properties = json!({
        "conversation": violation.conversation,
        "turn": violation.turn,
        "speaker": violation.speaker,
        "points": violation.points,
        "sentence": violation.sentence,
    });
    for (key, fact) in [("agent", &violation.agent), ("time", &violation.time)] {
        if let Some(fact) = fact {
            properties[key] = json!(fact);
        }
    }
    if violation.cell {
        properties["cell"] = json!({ "row": violation.line, "column": violation.column });
    }
    properties
}

/// The rewrites that can be put into the file as they are.
fn fixes(violation: &ViolationRecord, artifact: &Value) -> Vec<Value> {
    let Some(place) = violation.region().filter(|_| violation.is_verbatim()) else { return Vec::new() };
    let fitting =
        violation.rewrites.iter().filter(|rewrite| rewrite.applicability != Applicability::Example && fits(&violation.file, &rewrite.text));
    let fix = |rewrite: &crate::violation::Rewrite| {
        json!({
            "description": { "text": format!("{} rewrite", rewrite.applicability.as_str()) },
            "artifactChanges": [{
                "artifactLocation": artifact,
                "replacements": [{ "deletedRegion": region(place), "insertedContent": { "text": rewrite.text } }],
            }],
        })
    };
    fitting.map(fix).collect()
}

/// Whether a text needs no escape in a file of this kind, and so can be inserted as it is.
fn fits(file: &str, text: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    let fields = !["txt", "json", "jsonl", "ndjson", "md", "vtt", "srt"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    let escaped = |c: char| c.is_control() || matches!(c, '"' | '\\' | '<' | '>' | '&') || fields && matches!(c, ',' | ';' | '|' | '\'');
    !text.contains(escaped)
}

/// A file's name as a URI reference (RFC 3986): relative to where the run was started, or `file:` where it is absolute.
fn uri(file: &str) -> String {
    let path = path_in_repository(file);
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    let encoded = path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    format!("{scheme}{}", encoded.collect::<String>())
}

fn one_line(example: &str) -> String {
    example.lines().collect::<Vec<_>>().join(" / ")
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn names_of_files_become_uris() {
        assert_eq!(uri("./chats/甲 1.txt"), "chats/%E7%94%B2%201.txt");
        assert_eq!(uri("/data/a.txt"), "file:///data/a.txt");
        assert_eq!(uri("javascript:alert(1)"), "javascript%3Aalert%281%29");
    }

    #[test]
    fn a_rewrite_that_needs_an_escape_is_no_fix() {
        assert!(fits("a.txt", "请问,您贵姓?"));
        assert!(!fits("a.csv", "请问,您贵姓?"));
        assert!(!fits("a.jsonl", "请说\"您\""));
    }

    #[test]
    fn no_message_holds_a_link() {
        let mut violation = sample::findings().remove(0).violations.remove(0);
        violation.text = Some("[点我](http://example.com)".into());
        assert!(!message(&violation).contains("]("));
    }
}
