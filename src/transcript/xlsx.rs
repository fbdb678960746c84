//! Workbooks whose sheets have a header that names the columns, as [`csv`](super::csv) reads them.

use std::borrow::Cow;

use crate::table::{Sheet, SheetRow, sheets};

use super::columns::{Cells, Columns, Gathering, HEADER_ROWS, VALUES, quoted};
use super::reading::{Context, Matter, Reading, Sample, Sink};
use super::strings::is_chinese;
use super::{Format, Place};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "xlsx",
    looks_like: "a workbook with a header such as 会话ID, 时间, 角色, 内容 (or 编码, 内容 for replies) in one of its sheets",
    recognise,
    reading: Reading::Bytes(read),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let Matter::Bytes(bytes) = sample.matter else { return None };
    // The parts of every workbook are named in its directory of files.
    let is_workbook = bytes.starts_with(b"PK\x03\x04") && memchr::memmem::find(bytes, b"xl/workbook").is_some();
    is_workbook.then(|| "a ZIP archive with the parts of an XLSX workbook".to_owned())
}

fn read(bytes: &[u8], context: &Context<'_>, sink: &mut Sink<'_>) {
    let sheets = match sheets(bytes) {
        Ok(sheets) => sheets,
        Err(what) => return sink.problem(None, what, "open it in a spreadsheet program and save it again as .xlsx, without a password"),
    };
    let headers: Vec<Option<(usize, Columns)>> = sheets.iter().map(|sheet| header(sheet, context)).collect();
    let found = headers.iter().flatten().count();
    if found == 0 {
        let what = "no sheet has, in its first ten rows, a header that names a column of texts";
        return sink.problem(None, what, "add a header such as 会话ID, 时间, 角色, 内容 or, for replies, 编码, 内容");
    }
    for (sheet, _) in sheets.iter().zip(&headers).filter(|(sheet, header)| header.is_none() && holds_chinese(sheet)) {
        let what =
            format!("the sheet `{}` was passed over: no row of its first ten names a column of texts{}", sheet.name, first_row(sheet));
        let remedy = "name it as 会话ID, 时间, 角色, 内容 or, for replies, 编码, 内容, or under [mapping] in phrase-lint.toml; where it holds \
                      no wording, save the workbook without it";
        sink.passed_over(what, remedy);
    }
    for (sheet, header) in sheets.iter().zip(headers) {
        let Some((header, columns)) = header else { continue };
        if found > 1 {
            sink.begin_part(&sheet.name);
        }
        let mut gathering = Gathering::new(columns);
        for row in sheet.rows.iter().skip(header + 1) {
            gathering.row(row.number, row, context, sink);
        }
        gathering.finish(sink);
    }
}

/// Whether a sheet may hold wording.
fn holds_chinese(sheet: &Sheet) -> bool {
    sheet.rows.iter().flat_map(|row| &row.cells).any(|(_, text)| is_chinese(text))
}

/// Cells of a row that are shown, and characters of each.
const SHOWN: (usize, usize) = (8, 20);

/// What the first row of a sheet says, for messages.
fn first_row(sheet: &Sheet) -> String {
    let Some(row) = sheet.rows.first() else { return String::new() };
    let cells: Vec<String> = row.cells.iter().take(SHOWN.0).map(|(_, text)| text.trim().chars().take(SHOWN.1).collect()).collect();
    let more = if row.cells.len() > SHOWN.0 { ", …" } else { "" };
    format!(" (its first row is {}{more})", quoted(cells.iter().map(String::as_str)))
}

fn header(sheet: &Sheet, context: &Context<'_>) -> Option<(usize, Columns)> {
    sheet.rows.iter().take(HEADER_ROWS).enumerate().find_map(|(index, row)| {
        let names: Vec<&str> = (0..row.width()).map(|column| row.text(column).trim()).collect();
        let values = |column: usize| sheet.rows.iter().skip(index + 1).take(VALUES).map(|row| row.text(column).trim().to_owned()).collect();
        Columns::of(&names, &values, true, context).map(|columns| (index, columns))
    })
}

impl Cells for SheetRow {
    fn count(&self) -> usize {
        self.width()
    }

    /// An empty cell says nothing.
    fn text(&self, column: usize) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.text(column)))
    }

    fn located(&self, column: usize) -> Option<(String, Place)> {
        Some((self.text(column).to_owned(), Place::Cell { row: self.number, column: column + 1 }))
    }
}
