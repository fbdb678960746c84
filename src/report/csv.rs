//! `--format csv`: a row for each violation, for spreadsheets and whatever else reads tables.

use std::borrow::Cow;
use std::io::{self, Write};

use ::csv::{ErrorKind, Terminator, Writer, WriterBuilder};

use super::Report;
use super::record::{Findings, ViolationRecord};
use super::summary::Summary;
use super::visible::visible;

/// The columns; `turn` counts from 1 as people do.
pub(super) const COLUMNS: [&str; 16] = [
    "file",
    "conversation",
    "turn",
    "time",
    "agent",
    "rule",
    "severity",
    "sentence",
    "words",
    "rewrite",
    "points",
    "applicability",
    "message",
    "line",
    "column",
    "fatal",
];

/// Writes the table as Excel opens it right: UTF-8 with a byte order mark, lines that end in CR LF.
pub struct Csv<W: Write> {
    table: Option<Writer<W>>,
    out: Option<W>,
}

impl<W: Write> Csv<W> {
    /// Reports to `out`.
    pub fn new(out: W) -> Self {
        Self { table: None, out: Some(out) }
    }

    /// The table, begun when it is first needed.
    fn table(&mut self) -> io::Result<&mut Writer<W>> {
        if let Some(mut out) = self.out.take() {
            out.write_all("\u{feff}".as_bytes())?;
            let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
            table.write_record(COLUMNS).map_err(of_output)?;
            self.table = Some(table);
        }
        self.table.as_mut().ok_or_else(|| io::Error::other("the table could not be begun"))
    }
}

impl<W: Write> Report for Csv<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        let table = self.table()?;
        let mut write = |violation| table.write_record(row(violation).iter().map(|cell| cell.as_bytes()));
        findings.violations.iter().try_for_each(&mut write).map_err(of_output)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.table()?.flush()
    }
}

/// What went wrong with the output itself: a closed pipe must be known as one.
fn of_output(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn row(violation: &ViolationRecord) -> [Cow<'_, str>; COLUMNS.len()] {
    let number = |number: Option<usize>| Cow::Owned(number.map_or_else(String::new, |number| number.to_string()));
    let text = |text: Option<&'_ String>| text.map_or(Cow::Borrowed(""), |text| Cow::Owned(cell(text).into_owned()));
    let rewrite = violation.rewrites.first();
    [
        cell(&violation.file),
        cell(&violation.conversation),
        number(violation.turn.checked_add(1)),
        text(violation.time.as_ref()),
        text(violation.agent.as_ref()),
        cell(&violation.rule),
        Cow::Borrowed(violation.severity.as_str()),
        cell(&violation.sentence),
        text(violation.text.as_ref()),
        text(rewrite.map(|rewrite| &rewrite.text)),
        Cow::Owned(violation.points.to_string()),
        Cow::Borrowed(rewrite.map_or("", |rewrite| rewrite.applicability.as_str())),
        cell(&violation.message),
        number(violation.line),
        number(violation.column),
        Cow::Borrowed(if violation.fatal { "true" } else { "" }),
    ]
}

/// Text that a spreadsheet takes for text: what would begin a formula gets an apostrophe before it.
fn cell(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    // Full-width signs count as well: in a Chinese or Japanese locale they begin a formula too.
    if shown.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) { Cow::Owned(format!("'{shown}")) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn what_would_be_a_formula_is_text() {
        for text in ["=1+1", "+86", "-1", "@SUM(A1)", "＝1", " =1", "\t=1"] {
            assert!(cell(text).starts_with('\''), "{text}");
        }
        assert_eq!(cell("您好=1"), "您好=1");
        assert_eq!(cell("您好\u{1b}\r\n=1"), "您好␛␍␊=1");
    }

    #[test]
    fn a_table_without_rows_has_its_columns() {
        let mut out = Vec::new();
        assert!(Csv::new(&mut out).finish(&Summary::default()).is_ok());
        assert_eq!(String::from_utf8_lossy(&out).lines().count(), 1);
        assert!(out.starts_with("\u{feff}file,conversation,turn,".as_bytes()) && out.ends_with(b"\r\n"));
    }

    #[test]
    fn cells_are_quoted_as_they_need() {
        let mut out = Vec::new();
        let mut report = Csv::new(&mut out);
        let mut findings = sample::findings().remove(0);
        findings.violations.truncate(1);
        findings.violations[0].agent = Some("小李, \"阿明\"".into());
        assert!(report.conversation(&findings).is_ok() && report.finish(&Summary::default()).is_ok());
        drop(report);
        let out = String::from_utf8_lossy(&out).into_owned();
        let row = "chats/a.jsonl,c-17,4,10:11:20,\"小李, \"\"阿明\"\"\",address/nin,warning,👍🏽你好！,你,您,2,safe,对客户称“您”,18,42,";
        assert_eq!(out.lines().nth(1), Some(row));
    }
}
