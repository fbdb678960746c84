//! Rows of CSV and of spreadsheets, for packs of rules and for transcripts alike.
//!
//! A violation points into the file, so every field must know where it stands there. The `csv` crate tells the place
//! of a record only; `csv-core`, the parser beneath it, tells for every field how much of the text it took.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx};
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

/// The rows of separated values, one after the other.
///
/// Fields may be quoted (`"`), with `""` for a quote inside and line ends as they are. A quote within an unquoted
/// field is a character like any other. Blank lines are no rows.
///
/// ```
/// use phrase_lint::table::Rows;
///
/// let mut rows = Rows::new("a,\"b\"\"c\"\n", ',', 1);
/// let row = rows.next().unwrap().unwrap();
/// assert_eq!((row.line, row.fields[1].text()), (1, "b\"c".into()));
/// assert!(rows.next().is_none());
/// ```
#[derive(Debug)]
pub struct Rows<'t> {
    text: &'t str,
    delimiter: u8,
    reader: Reader,
    at: usize,
    line: usize,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'t> {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its fields.
    pub fields: Vec<Field<'t>>,
}

/// One field of a row, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'t> {
    /// The characters between the delimiters, quotes included.
    pub raw: &'t str,
    /// Where `raw` starts, in bytes of the text that [`Rows`] were made from.
    pub start: usize,
}

/// A part of what a field says, and where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch<'t> {
    /// What it says.
    pub text: &'t str,
    /// Where it is written, in bytes of the text that [`Rows`] were made from.
    pub start: usize,
    /// How many bytes it takes there: those of `text`, or two for a quote that is written as two.
    pub length: usize,
}

/// A quote that is opened and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclosed {
    /// The line on which its row begins, from 1.
    pub line: usize,
    /// Where its row begins, in bytes of the text.
    pub start: usize,
}

/// What a field is followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Delimiter,
    Line,
    Text,
    /// The text ends within quotes.
    Unclosed,
}

impl<'t> Rows<'t> {
    /// The rows of `text`, whose first line has the number `first_line`; `delimiter` must be an ASCII character.
    pub fn new(text: &'t str, delimiter: char, first_line: usize) -> Self {
        let delimiter = u8::try_from(delimiter).unwrap_or(b',');
        Self { text, delimiter, reader: reader(delimiter), at: 0, line: first_line }
    }

    /// Goes on behind the line that begins at `start`: after an [`Unclosed`] quote the rows that it swallowed are
    /// read again.
    pub fn resume_after_line(&mut self, unclosed: Unclosed) {
        let rest = self.text.get(unclosed.start..).unwrap_or_default();
        self.at = memchr::memchr(b'\n', rest.as_bytes()).map_or(self.text.len(), |end| unclosed.start + end + 1);
        self.line = unclosed.line + 1;
        self.reader = reader(self.delimiter);
    }

    /// Moves behind the next field and what follows it.
    fn pass_field(&mut self) -> End {
        // What the field says is taken from the text, with its place; see `Field::stretches`.
        let mut unused = [0; 1024];
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            if rest.is_empty() {
                // Within quotes, not even a delimiter ends the field.
                let (result, ..) = self.reader.read_field(&[self.delimiter], &mut unused);
                return if matches!(result, ReadFieldResult::Field { .. }) { End::Text } else { End::Unclosed };
            }
            let (result, read, _) = self.reader.read_field(rest, &mut unused);
            self.at += read;
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end: false } => return End::Delimiter,
                ReadFieldResult::Field { record_end: true } | ReadFieldResult::End => return End::Line,
            }
        }
    }
}

impl<'t> Iterator for Rows<'t> {
    type Item = Result<Row<'t>, Unclosed>;

    fn next(&mut self) -> Option<Self::Item> {
        // The rest of the line end before, and blank lines.
        let blank = self.text[self.at..].bytes().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let start = self.at + blank;
        self.line += line_ends(self.text, self.at, start);
        if start == self.text.len() {
            return None;
        }
        let mut row = Row { line: self.line, fields: Vec::new() };
        let mut from = start;
        loop {
            let end = self.pass_field();
            let to = match end {
                End::Unclosed => return Some(Err(Unclosed { line: row.line, start })),
                End::Delimiter | End::Line => self.at - 1,
                End::Text => self.at,
            };
            row.fields.push(Field { raw: &self.text[from..to], start: from });
            if end != End::Delimiter {
                break;
            }
            from = self.at;
        }
        self.line += line_ends(self.text, start, self.at);
        Some(Ok(row))
    }
}

impl<'t> Field<'t> {
    /// What the field says.
    pub fn text(&self) -> Cow<'t, str> {
        match self.as_it_stands() {
            Some(stretch) => Cow::Borrowed(stretch.text),
            None => Cow::Owned(self.stretches().iter().map(|stretch| stretch.text).collect()),
        }
    }

    /// What the field says, in parts that are written in one piece.
    pub fn stretches(&self) -> Vec<Stretch<'t>> {
        if let Some(stretch) = self.as_it_stands() {
            return vec![stretch];
        }
        let bytes = self.raw.as_bytes();
        // Start and end in `raw`, quote marks that are written as two included.
        let mut found: Vec<(usize, usize)> = Vec::new();
        // Read into a single byte, the field comes out byte by byte, each with the place where reading has come to.
        // No byte that can be a delimiter here ends the field, for it was already cut at its end.
        let mut reader = reader(0);
        let mut at = 0;
        let mut is_doubled = false;
        while at < bytes.len() {
            let (_, read, written) = reader.read_field(&bytes[at..], &mut [0]);
            at += read;
            if written == 0 {
                continue;
            }
            let byte = at - 1;
            match found.last_mut() {
                Some((_, end)) if *end == byte && !is_doubled => *end = at,
                // The first of two quotes was passed over.
                _ if bytes[byte] == b'"' && byte >= 2 && bytes[byte - 1] == b'"' => {
                    found.push((byte - 1, at));
                    is_doubled = true;
                    continue;
                }
                _ => found.push((byte, at)),
            }
            is_doubled = false;
        }
        let stretch = |(start, end): (usize, usize)| {
            let written = self.raw.get(start..end).unwrap_or_default();
            Stretch { text: if written == "\"\"" { "\"" } else { written }, start: self.start + start, length: end - start }
        };
        found.into_iter().map(stretch).collect()
    }

    /// What the field says, where it is written in one piece.
    pub fn as_it_stands(&self) -> Option<Stretch<'t>> {
        let (text, start) = match self.raw.strip_prefix('"') {
            Some(rest) => (rest.strip_suffix('"').filter(|inner| !inner.contains('"'))?, self.start + 1),
            None => (self.raw, self.start),
        };
        Some(Stretch { text, start, length: text.len() })
    }
}

fn reader(delimiter: u8) -> Reader {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    // At its very start a reader passes over a byte order mark, whose place nobody would know; behind a blank line it
    // is a character.
    reader.read_field(b"\n", &mut [0]);
    reader
}

/// The line ends (`\n`, `\r\n`, a lone `\r`) of a text between two bytes; `\r\n` counts where its `\n` stands.
fn line_ends(text: &str, from: usize, to: usize) -> usize {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'\n', b'\r', &bytes[from..to])
        .filter(|at| bytes[from + at] == b'\n' || bytes.get(from + at + 1) != Some(&b'\n'))
        .count()
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
    /// Columns, from 0, and what they hold, in order, each once; empty cells are left out. Dates and times read
    /// `2024-04-29 10:11:12`.
    pub cells: Vec<(usize, String)>,
}

impl SheetRow {
    /// One more than the last column that holds anything.
    pub fn width(&self) -> usize {
        self.cells.last().map_or(0, |(column, _)| column + 1)
    }

    /// What a column holds; nothing where its cell is empty.
    pub fn text(&self, column: usize) -> &str {
        let found = self.cells.binary_search_by_key(&column, |(column, _)| *column);
        found.ok().and_then(|at| self.cells.get(at)).map_or("", |(_, text)| text)
    }
}

/// Columns and rows that a sheet may have.
const COLUMNS: u32 = 16_384;
const ROWS: u32 = 1_048_576;

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
            let is_within = row < ROWS && column < COLUMNS;
            let Some(text) = cell_text(cell.get_value()).filter(|_| is_within) else { continue };
            let number = row as usize + 1;
            match rows.last_mut() {
                Some(last) if last.number == number => last.cells.push((column as usize, text)),
                _ => rows.push(SheetRow { number, cells: vec![(column as usize, text)] }),
            }
        }
        sheets.push(Sheet { name, rows: in_order(rows) });
    }
    Ok(sheets)
}

/// Rows and their cells by their numbers: not every program writes them in order. Of two cells in one place the first counts.
fn in_order(mut rows: Vec<SheetRow>) -> Vec<SheetRow> {
    rows.sort_by_key(|row| row.number);
    rows.dedup_by(|next, row| {
        let is_same = next.number == row.number;
        if is_same {
            row.cells.append(&mut next.cells);
        }
        is_same
    });
    for row in &mut rows {
        row.cells.sort_by_key(|(column, _)| *column);
        row.cells.dedup_by_key(|(column, _)| *column);
    }
    rows
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
        let expected =
            vec![row(1, &["甲", "乙\n丙"]), row(3, &["说\"您好\"", "a\"b"]), row(4, &["他说好\"了\"", ""]), row(6, &["末", "尾"])];
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
        let text = "\n\r\n甲;\"乙\"\"\"\"丙;\";丁;\"\";\"\"\"\";\"a\"b\"\"c\"\r\n";
        let row = Rows::new(text, ';', 1).next().unwrap().unwrap();
        let mut found = Vec::new();
        for field in &row.fields {
            assert_eq!(&text[field.start..field.start + field.raw.len()], field.raw);
            for stretch in field.stretches() {
                found.push((stretch.text, &text[stretch.start..stretch.start + stretch.length]));
            }
            assert_eq!(field.text(), field.stretches().iter().map(|stretch| stretch.text).collect::<String>());
        }
        let same = |text| (text, text);
        let quote = ("\"", "\"\"");
        assert_eq!(found, [same("甲"), same("乙"), quote, quote, same("丙;"), same("丁"), same(""), quote, same("a"), same("b\"\"c\"")]);
        assert_eq!((row.line, row.fields.len()), (3, 6));
    }

    #[test]
    fn rows_and_cells_are_put_in_order() {
        let row = |number, cells: &[(usize, &str)]| SheetRow {
            number,
            cells: cells.iter().map(|(column, text)| (*column, (*text).to_owned())).collect(),
        };
        let rows = in_order(vec![row(7, &[(9, "d"), (0, "a")]), row(2, &[(1, "x")]), row(7, &[(3, "b"), (0, "late")])]);
        assert_eq!(rows, [row(2, &[(1, "x")]), row(7, &[(0, "a"), (3, "b"), (9, "d")])]);
        assert_eq!((rows[1].width(), rows[1].text(3), rows[1].text(4)), (10, "b", ""));
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let lines = |text| Rows::new(text, ',', 1).map(|row| row.map(|row| row.line)).collect::<Result<Vec<_>, _>>();
        assert_eq!(lines("a\r\nb\r\n\r\nc"), Ok(vec![1, 2, 4]));
        assert_eq!(lines("a\rb\r\rc\r"), Ok(vec![1, 2, 4]));
        assert_eq!(lines("\"a\r\nb\"\nc\n"), Ok(vec![1, 3]));
        assert_eq!(lines("\u{FEFF}"), Ok(vec![1]));
        assert_eq!(lines("\n"), Ok(Vec::new()));
        assert_eq!(lines(""), Ok(Vec::new()));
    }
}
