//! Telling a report from what reports are made of: last night's lies in the folder that is checked tonight.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::transcript::Matter;

use super::csv;
use super::language::Language;
use super::xlsx::AUTHOR;

/// Lines from the start that are looked at.
const LOOKED_AT: usize = 60;

/// Bytes of a workbook's properties that are read at most.
const PROPERTIES: u64 = 1 << 16;

/// Whether this was written by a report. Of the forms for a terminal only the full one is known.
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
    first == csv::COLUMNS.join(",") || Language::ALL.into_iter().any(is_page) || is_list || is_html()
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
    RECORDS.iter().any(|record| records.starts_with(record)) || is_gitlab() || is_sarif() || is_junit()
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
        let findings = sample::findings();
        let mut summary = Summary::default();
        findings.iter().for_each(|findings| summary.add(findings));
        for language in Language::ALL {
            let terminal = [Format::Concise, Format::Scorecard, Format::Github];
            for format in Format::ALL.into_iter().filter(|format| !terminal.contains(format)) {
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
        for text in ["", "## 快捷回复\n你必须", "file,conversation,text\na,b,你好\n", "error[1]: 您好\n  --> 这里"] {
            assert!(!is_report(&Matter::Text(text)), "{text}");
        }
        assert!(!is_report(&Matter::Bytes(b"PK")));
    }
}
