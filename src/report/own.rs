//! Telling a report from what reports are made of: last night's lies in the folder that is checked tonight.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::transcript::Matter;
use crate::violation::Severity;

use super::csv;
use super::language::Language;
use super::statistics::Count;
use super::totals::{NOTHING_CHECKED, NOTHING_FOUND};
use super::xlsx::AUTHOR;

/// Lines from the start that are looked at.
const LOOKED_AT: usize = 60;

/// Bytes of a workbook's properties that are read at most.
const PROPERTIES: u64 = 1 << 16;

/// Whether this was written by a report.
pub fn is_report(matter: &Matter<'_>) -> bool {
    match matter {
        Matter::Text(text) => {
            let text = text.trim_start_matches('\u{FEFF}');
            is_for_people(text) || is_for_machines(text)
        }
        Matter::Bytes(bytes) => is_workbook(bytes).unwrap_or(false),
    }
}

fn is_for_people(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let is_page = |language: Language| first.strip_prefix("## ") == Some(language.labels().title);
    let lines = || text.lines().take(LOOKED_AT);
    let is_list = lines().any(is_heading) && lines().any(|line| line.starts_with("  --> "));
    let is_html = || lines().any(|line| line.starts_with("<meta name=\"generator\" content=\"phrase-lint "));
    let is_scorecard = || first.starts_with("Agent ") && first.contains("  Conversations  Average  ≥ ");
    is_table(first)
        || Language::ALL.into_iter().any(is_page)
        || is_list
        || is_html()
        || is_scorecard()
        || is_concise(first)
        || is_count(first)
        || is_closing(first)
        || is_annotation(first)
}

/// The header of the table, in which an earlier version has fewer columns.
fn is_table(header: &str) -> bool {
    let columns: Vec<&str> = header.split(',').collect();
    columns.len() >= FIRST_COLUMNS && csv::COLUMNS.starts_with(&columns)
}

/// How many columns the first table had.
const FIRST_COLUMNS: usize = 15;

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

/// `replies.csv:7:3: error pressure/authority …`. A file may be called by anything.
fn is_concise(line: &str) -> bool {
    let is_of = |severity: Severity| {
        let mark = format!(": {severity} ");
        let mut parts = line.split(&mark);
        parts.next().is_some_and(|place| place.contains(['.', ':', '<', '/'])) && parts.any(begins_with_rule)
    };
    SEVERITIES.into_iter().any(is_of)
}

/// `12  warning  address/nin  …`, as `--statistics` counts.
fn is_count(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len()
        && SEVERITIES.into_iter().any(|severity| {
            rest.strip_prefix("  ")
                .and_then(|rest| rest.strip_prefix(severity.as_str()))
                .is_some_and(|rest| begins_with_rule(rest.trim_start()))
        })
}

/// The counts at the end, which stand alone where nothing was found.
fn is_closing(line: &str) -> bool {
    let is_of_conversations = || line.contains(" conversation");
    NOTHING_FOUND.iter().any(|nothing| line.starts_with(nothing)) && is_of_conversations() || line.starts_with(NOTHING_CHECKED)
}

/// `::warning title=phrase-lint address/nin,…`
fn is_annotation(line: &str) -> bool {
    ["error", "warning", "notice"].into_iter().any(|command| {
        line.strip_prefix("::").and_then(|line| line.strip_prefix(command)).is_some_and(|line| line.starts_with(" title=phrase-lint"))
    })
}

/// Whether the first word is a rule's id.
fn begins_with_rule(text: &str) -> bool {
    let is_half = |half: &str| !half.is_empty() && half.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    text.split(' ').next().and_then(|word| word.split_once('/')).is_some_and(|(category, name)| is_half(category) && is_half(name))
}

fn is_for_machines(text: &str) -> bool {
    // JSONL, and JSON, which holds the same records.
    const RECORDS: [&str; 3] =
        ["{\"type\":\"violation\",\"file\":", "{\"type\":\"conversation\",\"file\":", "{\"type\":\"summary\",\"conversations\":"];
    const JSON: &str = "{\"conversations\":[";
    let records = text.strip_prefix(JSON).unwrap_or(text).trim_start_matches(['\n', ']', ',']);
    let records = records.strip_prefix("\"summary\":").unwrap_or(records);
    let is_gitlab =
        || text.starts_with("[\n{\"description\":") && text.lines().nth(1).is_some_and(|line| line.contains(",\"check_name\":"));
    let is_sarif = || text.starts_with("{\"$schema\":") && text.contains("{\"driver\":{\"name\":\"phrase-lint\"");
    let is_junit = || text.lines().nth(1) == Some("<testsuites name=\"phrase-lint\">");
    is_statistics(text) || RECORDS.iter().any(|record| records.starts_with(record)) || is_gitlab() || is_sarif() || is_junit()
}

/// An array whose first object has what is counted of a rule, and nothing else: a rule may be a key of anybody's.
fn is_statistics(text: &str) -> bool {
    let Some(first) = text.strip_prefix("[\n  ").filter(|first| first.starts_with("{\n    \"rule\": \"")) else { return false };
    let first = serde_json::Deserializer::from_str(first).into_iter::<Count>().next();
    first.is_some_and(|first| first.is_ok_and(|first| begins_with_rule(&first.rule)))
}

/// `warning[address/nin]: …`, as the list for people writes it.
fn is_heading(line: &str) -> bool {
    let severity = ["error[", "warning[", "info["].into_iter().find_map(|severity| line.strip_prefix(severity));
    severity.and_then(|rest| rest.split_once("]: ")).is_some_and(|(rule, _)| rule.contains('/'))
}

/// Whether the workbook says that it was written here; none where its properties cannot be read.
fn is_workbook(bytes: &[u8]) -> Option<bool> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut properties = String::new();
    archive.by_name("docProps/core.xml").ok()?.take(PROPERTIES).read_to_string(&mut properties).ok()?;
    Some(properties.contains(&format!("<dc:creator>{AUTHOR}</dc:creator>")))
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Look, ReportOptions, RuleBook, Summary, sample};
    use super::*;

    #[test]
    fn reports_are_told_from_what_they_are_made_of() {
        let mut clean = sample::findings();
        clean.iter_mut().for_each(|findings| findings.violations.clear());
        for (findings, language) in
            [sample::findings(), clean].iter().flat_map(|findings| Language::ALL.map(|language| (findings, language)))
        {
            let mut summary = Summary::default();
            findings.iter().for_each(|findings| summary.add(findings));
            // Of nothing these say nothing.
            let silent = [Format::Github, Format::Gitlab];
            for format in Format::ALL.into_iter().filter(|format| summary.violations > 0 || !silent.contains(format)) {
                let rules = RuleBook::default();
                let options = ReportOptions { look: Look::default(), language: Some(language), pass: 80, with_text: false, rules: &rules };
                let mut written = Vec::new();
                let mut report = format.report(&mut written, options);
                findings.iter().for_each(|findings| report.conversation(findings).expect("it is written"));
                report.finish(&summary).expect("it is written");
                drop(report);
                let matter = std::str::from_utf8(&written).map_or(Matter::Bytes(&written), Matter::Text);
                assert!(is_report(&matter), "{format:?} {language}");
            }
        }
        const COUNTED: &str = "[\n  {\n    \"rule\": \"address/nin\",\n    \"title\": \"\",\n    \"severity\": \"warning\",\n    \"violations\": 1,\n    \"conversations\": 1,\n    \"safe\": 1\n  },\n";
        for text in [
            "  3  warning  address/nin  称呼",
            COUNTED,
            "Nothing was checked. 1 file of unknown kind skipped.\n",
            "file,conversation,turn,time,agent,rule,severity,sentence,words,rewrite,points,applicability,message,line,column\r\n",
        ] {
            assert!(is_report(&Matter::Text(text)), "{text}");
        }
        for text in [
            "::warning::您好",
            "3  您好",
            "您好: warning 说/好",
            "Agent 您好",
            "No errors 您好",
            "",
            "## 快捷回复\n你必须",
            "file,conversation,text\na,b,你好\n",
            "error[1]: 您好\n  --> 这里",
            "[\n  {\n    \"rule\": \"退货\",\n    \"text\": \"你必须先付款\"\n  }\n]\n",
            "[\n  {\n    \"rule\": \"address/nin\",\n    \"text\": \"你必须先付款\"\n  }\n]\n",
            &COUNTED.replace("address/nin", "退货"),
        ] {
            assert!(!is_report(&Matter::Text(text)), "{text}");
        }
        assert!(!is_report(&Matter::Bytes(b"PK")));
    }
}
