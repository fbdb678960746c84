//! CSV and TSV with a header that names the columns: turns of conversations, or canned replies.

use std::borrow::Cow;

use crate::table::{Field, Row, Rows};

use super::columns::{Cells, Columns, Gathering, HEADER_ROWS, VALUES, quoted};
use super::located::Located;
use super::markdown;
use super::reading::{Block, Context, Matter, ReadOptions, Reader, Reading, Sample, Sink};
use super::{Format, Place, Speakers};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    looks_like: "a header such as 会话ID,时间,角色,内容 (or 编码,内容 for replies); commas, semicolons or tabs",
    recognise,
    reading: Reading::Sequence(|sample, context| Box::new(Table::new(Header::find(sample, context)))),
};

/// A row that goes on for so many bytes has a quote that somebody forgot to close.
const LONGEST_ROW: usize = 1 << 24;

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let header = Header::find(sample, context)?;
    // In Markdown a table is one part of many.
    if markdown::is_markdown(sample) && !markdown::is_bare_table(sample, header.delimiter) {
        return None;
    }
    let delimiter = if header.delimiter == '\t' { "tabs".to_owned() } else { format!("`{}`", header.delimiter) };
    Some(format!("rows divided by {delimiter}; {}", header.columns.summary()))
}

/// What a table is made of, for those who write into it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub delimiter: char,
    /// The line on which its header stands, from 1.
    pub header_line: usize,
    /// How many columns the header has.
    pub columns: usize,
    /// The column of [`IGNORE`](super::IGNORE), from 0, where there is one.
    pub ignore: Option<usize>,
}

/// The shape of the table in a text, as `options` say that it is read.
pub(crate) fn table(text: &str, options: &ReadOptions) -> Option<Shape> {
    let speakers = Speakers::new(&options.speakers);
    let header = Header::find(&Sample::new("", Matter::Text(text)), &Context { speakers: &speakers, options })?;
    let (columns, ignore) = (header.columns.count(), header.columns.ignore());
    Some(Shape { delimiter: header.delimiter, header_line: header.line, columns, ignore })
}

/// The names in the header of what is clearly a table, for messages; none where it is none.
pub(super) fn column_names(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let text = sample.text()?;
    let is_named_so = is_named_table(sample);
    [',', '\t', ';', '|'].into_iter().find_map(|delimiter| {
        let rows: Vec<_> = Rows::new(text, delimiter, 1).take(HEADER_ROWS).map_while(Result::ok).collect();
        let (header, others) = rows.split_first()?;
        let names: Vec<_> = header.fields.iter().map(Field::text).collect();
        let is_name = |name: &Cow<'_, str>| !name.trim().is_empty() && name.chars().count() <= 20 && !name.contains(['。', '{', '<']);
        let count = names.len();
        let is_table = count >= 2 && names.iter().all(is_name) && others.iter().all(|row| row.fields.len() == count);
        if !is_table || !(is_named_so || (count >= 3 && !others.is_empty())) {
            return None;
        }
        if let Some(met) = &context.options.met {
            met.keep_fields(names.iter());
            met.miss(&context.options.mappings, |mapping| !mapping.is_for_objects());
        }
        Some(quoted(names.iter().map(|name| name.trim())))
    })
}

fn is_named_table(sample: &Sample<'_>) -> bool {
    matches!(sample.extension().as_str(), "csv" | "tsv")
}

struct Header {
    delimiter: char,
    columns: Columns,
    /// The line on which it stands.
    line: usize,
}

impl Header {
    fn find(sample: &Sample<'_>, context: &Context<'_>) -> Option<Self> {
        let text = sample.text()?;
        let is_named_so = is_named_table(sample);
        // Only between quotes has a text several lines.
        let have_lines = memchr::memchr(b'"', text.as_bytes()).is_some();
        [',', '\t', ';', '|'].into_iter().find_map(|delimiter| {
            let rows: Vec<_> = Rows::new(text, delimiter, 1).take(HEADER_ROWS + VALUES).map_while(Result::ok).collect();
            rows.iter().take(HEADER_ROWS).enumerate().find_map(|(index, row)| {
                let names: Vec<_> = row.fields.iter().map(Field::text).collect();
                let values = |column: usize| {
                    let fields = rows.iter().skip(index + 1).filter_map(|row| row.fields.get(column));
                    fields.map(|field| field.text().trim().to_owned()).collect()
                };
                let columns = Columns::of(&names.iter().map(|name| name.trim()).collect::<Vec<_>>(), &values, have_lines, context)?;
                // A table of one column is one only where its first line is the header. What is not named a table may be a program
                // that happens to name a `Content`: most rows are as long as the header.
                let others = rows.iter().skip(index + 1).filter(|row| !is_blank(row));
                let (whole, all) =
                    others.fold((0, 0), |(whole, all), other| (whole + usize::from(other.fields.len() == names.len()), all + 1));
                let is_table = (row.fields.len() > 1 || row.line == 1) && (is_named_so || whole * 2 >= all);
                is_table.then_some(Self { delimiter, columns, line: row.line })
            })
        })
    }
}

struct Table {
    header_line: usize,
    delimiter: char,
    gathering: Option<Gathering>,
    /// The start of a row that goes on in the next block.
    kept: String,
    kept_at: usize,
    kept_line: usize,
}

impl Table {
    fn new(header: Option<Header>) -> Self {
        let (delimiter, header_line) = header.as_ref().map_or((',', 0), |header| (header.delimiter, header.line));
        let gathering = header.map(|header| Gathering::new(header.columns));
        Self { header_line, delimiter, gathering, kept: String::new(), kept_at: 0, kept_line: 0 }
    }

    fn rows(&mut self, block: &Block<'_>, is_last: bool, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(gathering) = &mut self.gathering else { return };
        let mut rows = Rows::new(block.text, self.delimiter, block.first_line);
        while let Some(row) = rows.next() {
            match row {
                Ok(row) if row.line <= self.header_line || is_blank(&row) => {}
                Ok(row) => {
                    gathering.row(row.line, &RowCells { row: &row, offset: block.offset }, context, sink);
                }
                Err(unclosed) if is_last || block.text.len() - unclosed.start > LONGEST_ROW => {
                    let what = "a quote (\") is opened and never closed";
                    sink.problem(Some(unclosed.line), what, "close it, or double it where it is part of the text");
                    rows.resume_after_line(unclosed);
                }
                Err(unclosed) => {
                    self.kept = block.text.get(unclosed.start..).unwrap_or_default().to_owned();
                    self.kept_at = block.offset + unclosed.start;
                    self.kept_line = unclosed.line;
                    return;
                }
            }
        }
    }
}

impl Reader for Table {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        if self.gathering.is_none() {
            if block.offset == 0 {
                let what = "no row of the first ten names a column of texts";
                sink.problem(None, what, "add a header such as 会话ID,时间,角色,内容 or, for replies, 编码,内容");
            }
            return;
        }
        if self.kept.is_empty() {
            return self.rows(block, false, context, sink);
        }
        let mut text = std::mem::take(&mut self.kept);
        text.push_str(block.text);
        self.rows(&Block { text: &text, offset: self.kept_at, first_line: self.kept_line }, false, context, sink);
    }

    fn finish(&mut self, context: &Context<'_>, sink: &mut Sink<'_>) {
        let text = std::mem::take(&mut self.kept);
        self.rows(&Block { text: &text, offset: self.kept_at, first_line: self.kept_line }, true, context, sink);
        if let Some(gathering) = &mut self.gathering {
            gathering.finish(sink);
        }
    }

    fn open_from(&self) -> Option<usize> {
        let kept = (!self.kept.is_empty()).then_some(self.kept_at);
        self.gathering.iter().filter_map(Gathering::open_from).chain(kept).min()
    }
}

fn is_blank(row: &Row<'_>) -> bool {
    row.fields.iter().all(|field| field.text().trim().is_empty())
}

/// The cells of a row of a text that starts at the byte `offset`.
struct RowCells<'r> {
    row: &'r Row<'r>,
    offset: usize,
}

impl Cells for RowCells<'_> {
    fn count(&self) -> usize {
        self.row.fields.len()
    }

    fn text(&self, column: usize) -> Option<Cow<'_, str>> {
        self.row.fields.get(column).map(Field::text)
    }

    fn located(&self, column: usize) -> Option<(String, Place)> {
        self.row.fields.get(column).map(|field| locate(field, self.offset))
    }
}

/// A field's text, and where every character of it stands; the text that holds the field starts at the byte `offset`.
fn locate(field: &Field<'_>, offset: usize) -> (String, Place) {
    let mut located = Located::default();
    if let Some(stretch) = field.as_it_stands() {
        located.verbatim(stretch.text, offset + stretch.start);
        return located.finish();
    }
    for stretch in field.stretches() {
        if stretch.text.len() == stretch.length {
            located.verbatim(stretch.text, offset + stretch.start);
        } else {
            located.escape(stretch.text, offset + stretch.start, stretch.length);
        }
    }
    located.finish()
}
