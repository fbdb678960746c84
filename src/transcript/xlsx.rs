//! Workbooks whose sheets have a header that names the columns, as [`csv`](super::csv) reads them.

use std::borrow::Cow;

use crate::table::{Sheet, SheetRow, sheets};

use super::columns::{Cells, Columns, Gathering, HEADER_ROWS, VALUES};
use super::reading::{Context, Matter, Reading, Sample, Sink};
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
    let mut found = false;
    for sheet in &sheets {
        let Some((header, columns)) = header(sheet, context) else { continue };
        found = true;
        let mut gathering = Gathering::new(columns);
        for row in sheet.rows.iter().skip(header + 1) {
            gathering.row(row.number, row, context, sink);
        }
        gathering.finish(sink);
    }
    if !found {
        let what = "no sheet has, in its first ten rows, a header that names a column of texts";
        sink.problem(None, what, "add a header such as 会话ID, 时间, 角色, 内容 or, for replies, 编码, 内容");
    }
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
