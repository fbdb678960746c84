//! Rows of CSV and of spreadsheets, for packs of rules and for transcripts alike.
//!
//! CSV is read here and not by a library because a violation points into the file: every field must know where it
//! stands there, and the usual readers tell the place of a record only.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

/// The rows of separated values, one after the other.
///
/// Fields may be quoted (`"`), with `""` for a quote inside and line ends as they are. A quote within an unquoted
/// field, or within a quoted one but not at its end, is a character like any other, as spreadsheets read it.
///
/// ```
/// use phrase_lint::table::Rows;
///
/// let mut rows = Rows::new("a,\"b\"\"c\"\n", ',', 1);
/// let row = rows.next().unwrap().unwrap();
/// assert_eq!((row.line, row.fields[1].text()), (1, "b\"c".into()));
/// assert!(rows.next().is_none());
/// ```
#[derive(Debug, Clone)]
pub struct Rows<'t> {
    text: &'t str,
    delimiter: u8,
    at: usize,
    line: usize,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'t> {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its fields. A blank line is a row of one empty field.
    pub fields: Vec<Field<'t>>,
}

/// One field of a row, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'t> {
    /// The characters between the quotes or delimiters; in a quoted field `""` stands for `"`.
    pub raw: &'t str,
    /// Where `raw` starts, in bytes of the text that [`Rows`] were made from.
    pub start: usize,
    /// Whether it was written between quotes.
    pub quoted: bool,
}

/// A quote that is opened and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclosed {
    /// The line on which its row begins, from 1.
    pub line: usize,
    /// Where its row begins, in bytes of the text.
    pub start: usize,
}

impl<'t> Rows<'t> {
    /// The rows of `text`, whose first line has the number `first_line`; `delimiter` must be an ASCII character.
    pub fn new(text: &'t str, delimiter: char, first_line: usize) -> Self {
        Self { text, delimiter: u8::try_from(delimiter).unwrap_or(b','), at: 0, line: first_line }
    }

    /// Goes on behind the line that begins at `start`: after an [`Unclosed`] quote the rows that it swallowed are
    /// read again.
    pub fn resume_after_line(&mut self, unclosed: Unclosed) {
        let rest = self.text.get(unclosed.start..).unwrap_or_default();
        self.at = memchr::memchr(b'\n', rest.as_bytes()).map_or(self.text.len(), |end| unclosed.start + end + 1);
        self.line = unclosed.line + 1;
    }

    /// Reads the quoted field whose opening quote stands at `open`; none where it is not closed.
    fn quoted(&self, open: usize) -> Option<(Field<'t>, usize)> {
        let bytes = self.text.as_bytes();
        let mut from = open + 1;
        loop {
            let quote = from + memchr::memchr(b'"', bytes.get(from..)?)?;
            match bytes.get(quote + 1) {
                Some(b'"') => from = quote + 2,
                Some(&next) if next != self.delimiter && next != b'\n' && next != b'\r' => from = quote + 1,
                _ => return Some((Field { raw: &self.text[open + 1..quote], start: open + 1, quoted: true }, quote + 1)),
            }
        }
    }
}

impl<'t> Iterator for Rows<'t> {
    type Item = Result<Row<'t>, Unclosed>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if start >= bytes.len() {
            return None;
        }
        let mut row = Row { line: self.line, fields: Vec::new() };
        let mut at = start;
        loop {
            let (field, end) = if bytes.get(at) == Some(&b'"') {
                let Some(found) = self.quoted(at) else {
                    self.at = bytes.len();
                    return Some(Err(Unclosed { line: row.line, start }));
                };
                found
            } else {
                let rest = &bytes[at..];
                let end = at + memchr::memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
                (Field { raw: &self.text[at..end], start: at, quoted: false }, end)
            };
            if field.quoted {
                self.line += memchr::memchr_iter(b'\n', field.raw.as_bytes()).count();
            }
            row.fields.push(field);
            at = end + 1;
            match bytes.get(end) {
                Some(&byte) if byte == self.delimiter => {}
                Some(b'\r') if bytes.get(at) == Some(&b'\n') => {
                    at += 1;
                    break;
                }
                _ => break,
            }
        }
        self.at = at.min(bytes.len());
        self.line += 1;
        Some(Ok(row))
    }
}

impl<'t> Field<'t> {
    /// What the field says.
    pub fn text(&self) -> Cow<'t, str> {
        if self.quoted && self.raw.contains("\"\"") { Cow::Owned(self.raw.replace("\"\"", "\"")) } else { Cow::Borrowed(self.raw) }
    }
}

/// One sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows that hold anything, in order.
    pub rows: Vec<SheetRow>,
}

/// One row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number, from 1.
    pub number: usize,
    /// Columns, from 0, and what they hold, in order; empty cells are left out. Dates and times read
    /// `2024-04-29 10:11:12`.
    pub cells: Vec<(usize, String)>,
}

/// Reads all sheets of an XLSX workbook; the error says what is wrong with it.
pub fn sheets(workbook: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut workbook = Xlsx::new(Cursor::new(workbook)).map_err(|error| format!("cannot be read as an XLSX workbook: {error}"))?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        // Cell by cell: a range would take memory for every cell between the first and the last.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
            // A sheet that holds a chart.
            continue;
        };
        let mut rows: Vec<SheetRow> = Vec::new();
        loop {
            let cell = cells.next_cell().map_err(|error| format!("sheet {name}: {error}"))?;
            let Some(cell) = cell else { break };
            let (row, column) = cell.get_position();
            let Some(text) = cell_text(cell.get_value()) else { continue };
            let number = row as usize + 1;
            match rows.last_mut() {
                Some(last) if last.number == number => last.cells.push((column as usize, text)),
                _ => rows.push(SheetRow { number, cells: vec![(column as usize, text)] }),
            }
        }
        sheets.push(Sheet { name, rows });
    }
    Ok(sheets)
}

fn cell_text(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(_) | DataRef::Empty => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn time_text(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (time.as_f64() < 1.0, time.as_f64().fract() == 0.0) {
        (true, _) => format!("{hour:02}:{minute:02}:{second:02}"),
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &Row<'_>) -> Vec<String> {
        row.fields.iter().map(|field| field.text().into_owned()).collect()
    }

    #[test]
    fn quotes_line_ends_and_stray_quotes() {
        let text = "甲,\"乙\n丙\"\r\n\"说\"\"您好\"\"\",a\"b\n\"他说\"好\"了\",\n\n末,尾";
        let rows: Vec<_> = Rows::new(text, ',', 1).map(|row| row.map(|row| (row.line, texts(&row)))).collect();
        let row = |line, fields: &[&str]| Ok((line, fields.iter().map(|&field| field.to_owned()).collect::<Vec<_>>()));
        let expected = vec![
            row(1, &["甲", "乙\n丙"]),
            row(3, &["说\"您好\"", "a\"b"]),
            row(4, &["他说\"好\"了", ""]),
            row(5, &[""]),
            row(6, &["末", "尾"]),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn an_unclosed_quote_is_told_and_passed() {
        let mut rows = Rows::new("a,b\n\"c,d\ne,f\n", ',', 1);
        assert!(rows.next().is_some_and(|row| row.is_ok()));
        let unclosed = Unclosed { line: 2, start: 4 };
        assert_eq!(rows.next(), Some(Err(unclosed)));
        rows.resume_after_line(unclosed);
        assert_eq!(rows.next().map(|row| row.map(|row| (row.line, texts(&row)))), Some(Ok((3, vec!["e".to_owned(), "f".to_owned()]))));
        assert_eq!(rows.next(), None);
    }

    #[test]
    fn a_field_knows_where_it_stands() {
        let text = "甲;\"乙\"\"丙\";丁\n";
        let row = Rows::new(text, ';', 1).next().unwrap().unwrap();
        for field in &row.fields {
            assert_eq!(&text[field.start..field.start + field.raw.len()], field.raw);
        }
        assert_eq!(row.fields.len(), 3);
    }
}
