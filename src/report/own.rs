//! Telling a report from what reports are made of: that of last night lies in the folder that is checked tonight.

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

/// Whether this was written by a report. Forms that no reader takes are not asked for.
pub fn is_report(matter: &Matter<'_>) -> bool {
    match matter {
        Matter::Text(text) => is_text(text.trim_start_matches('\u{FEFF}')),
        Matter::Bytes(bytes) => is_workbook(bytes).unwrap_or(false),
    }
}

fn is_text(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let is_page = |language: Language| first.strip_prefix("## ") == Some(language.labels().title);
    let lines = || text.lines().take(LOOKED_AT);
    let is_list = lines().any(|line| is_heading(line)) && lines().any(|line| line.starts_with("  --> "));
    first == csv::COLUMNS.join(",") || Language::ALL.into_iter().any(is_page) || is_list
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
            for format in [Format::Full, Format::Markdown, Format::Csv, Format::Xlsx] {
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
