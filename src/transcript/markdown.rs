//! Markdown: every line of prose, every list item and every cell of a table is a canned reply. Code, headings, comments and
//! what stands before the text (front matter) are none.
//!
//! Of a table whose header names a column of texts, only that is.

use std::borrow::Cow;

use super::columns::{Cells, Columns, Gathering};
use super::comment::Comments;
use super::located::Located;
use super::reading::{Context, Matter, Reading, Sample, Sink, lines, offset_within};
use super::reply_lines::{said, without_mark};
use super::strings::is_chinese;
use super::{Conversation, Format, Place};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "markdown",
    looks_like: "Markdown in Chinese: each line of prose, list item and cell is a canned reply; code and front matter are left out",
    recognise,
    reading: Reading::Whole(read),
};

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let text = sample.text().filter(|text| is_markdown(sample) && is_chinese(text))?;
    let lines = written(text);
    // What a table holds its header tells.
    if said(&Sample::new(sample.name, Matter::Text(&prose(&lines))), context).is_some() {
        return None;
    }
    let told = || lines.iter().filter(|line| !matches!(line.kind, Kind::Nothing | Kind::Code));
    let (all, chinese) = (told().count(), told().filter(|line| is_chinese(line.text)).count());
    (chinese * 2 >= all).then(|| format!("{chinese} of its {all} lines that are no code are Chinese text"))
}

/// The words of a document that stand in no table.
fn prose(lines: &[Line<'_>]) -> String {
    let (mut prose, mut at) = (String::new(), 0);
    while let Some(line) = lines.get(at) {
        let rows = rows_from(&lines[at..]);
        if rows == 0 && line.kind == Kind::Words {
            prose.push_str(line.text);
            prose.push('\n');
        }
        at += rows.max(1);
    }
    prose
}

/// Whether a document is named as Markdown.
pub(super) fn is_markdown(sample: &Sample<'_>) -> bool {
    matches!(sample.extension().as_str(), "md" | "markdown")
}

/// Whether a text is a table and nothing else, with lines as Markdown has none.
pub(super) fn is_bare_table(sample: &Sample<'_>, delimiter: char) -> bool {
    sample.lines(usize::MAX).all(|line| line.contains(delimiter) && !is_delimiter_row(line))
}

fn read(text: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let lines = written(text);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rows = rows_from(&lines[at..]);
        if rows > 0 {
            table(&lines[at..at + rows], text, context, sink);
            at += rows;
            continue;
        }
        if line.kind == Kind::Words {
            reply(line.number.to_string(), without_mark(line.text), text, sink);
        }
        at += 1;
    }
}

/// Hands over a stretch of the document as a reply, if it is more than code.
fn reply(id: String, words: &str, document: &str, sink: &mut Sink<'_>) {
    if holds_more_than_code(words) {
        let mut reply = Conversation::reply(id, words);
        reply.turns[0].place = Place::Verbatim(offset_within(words, document));
        sink.conversation(reply);
    }
}

/// Whether there are words outside of stretches between as many backticks.
fn holds_more_than_code(mut words: &str) -> bool {
    while let Some(opens) = words.find('`') {
        let (before, rest) = words.split_at(opens);
        if before.contains(char::is_alphanumeric) {
            return true;
        }
        let behind = rest.trim_start_matches('`');
        let marks = &rest[..rest.len() - behind.len()];
        let mut from = 0;
        let code = std::iter::from_fn(|| {
            let at = from + behind[from..].find('`')?;
            let run = behind[at..].len() - behind[at..].trim_start_matches('`').len();
            from = at + run;
            Some((run, from))
        });
        let closes = code.into_iter().find(|(run, _)| *run == marks.len());
        words = closes.map_or(behind, |(_, end)| &behind[end..]);
    }
    words.contains(char::is_alphanumeric)
}

/// A line of a document.
#[derive(Debug)]
struct Line<'t> {
    /// From 1.
    number: usize,
    /// Without comments to the linter and the marks of quotes.
    text: &'t str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Blank, a comment, front matter, a rule, where a link leads.
    Nothing,
    Code,
    Heading,
    Words,
}

/// The lines of a document.
fn written(text: &str) -> Vec<Line<'_>> {
    let comments = Comments::of(text);
    let all: Vec<&str> = lines(text).map(|(_, line)| line).collect();
    let before = front_matter(&all);
    let last_end = all.iter().rposition(|line| line.contains("-->")).unwrap_or(0);
    let mut open = Open::default();
    let mut written = Vec::with_capacity(all.len());
    for (index, whole) in all.iter().enumerate() {
        let may_end = index < last_end;
        let line = if index < before {
            None
        } else if comments.take_off(whole) == Some(whole) || open.clone().kind(whole, may_end) == Kind::Code {
            Some(*whole)
        } else {
            comments.take_off(whole)
        };
        let Some(line) = line else {
            written.push(Line { number: index + 1, text: "", kind: Kind::Nothing });
            continue;
        };
        let kind = open.kind(line, may_end);
        written.push(Line { number: index + 1, text: unquoted(line).0, kind });
    }
    written
}

/// Which lines of a document are code, in order: what stands there is shown, and says nothing to the linter.
pub(crate) fn code(text: &str) -> Vec<bool> {
    written(text).iter().map(|line| line.kind == Kind::Code).collect()
}

/// How many lines at the start are about the document: between `---` and `---`, or `+++`.
fn front_matter(lines: &[&str]) -> usize {
    let first = lines.first().map_or("", |line| line.trim_start_matches('\u{FEFF}').trim_end());
    if !matches!(first, "---" | "+++") {
        return 0;
    }
    let is_end = |line: &&str| line.trim_end() == first || (first == "---" && line.trim_end() == "...");
    // A rule that is followed by prose opens nothing.
    let length = lines.iter().skip(1).position(is_end);
    let is_about = |line: &&str| {
        let line = line.trim_end();
        line.is_empty() || line.starts_with([' ', '\t', '#', '-', '}', ']']) || line.contains([':', '='])
    };
    length.filter(|length| lines.iter().skip(1).take(*length).all(is_about)).map_or(0, |length| length + 2)
}

/// A line without the marks of quotes (`>`), and whether there are any.
fn unquoted(line: &str) -> (&str, bool) {
    let mut text = line;
    while let Some(rest) = text.trim_start().strip_prefix('>') {
        text = rest.strip_prefix(' ').unwrap_or(rest);
    }
    (text, text.len() < line.len())
}

/// What the lines before have opened.
#[derive(Debug, Clone, Default)]
struct Open {
    /// The columns at which the text of list items begins.
    items: Vec<usize>,
    fence: Option<Fence>,
    /// Whether a comment is open that ends in a later line.
    in_comment: bool,
    /// Whether the line before is of a paragraph, which an indented line goes on with.
    in_paragraph: bool,
}

/// A fence around code.
#[derive(Debug, Clone)]
struct Fence {
    mark: char,
    length: usize,
    is_quoted: bool,
    /// The column at which the item's text begins that it stands in.
    within: usize,
}

impl Open {
    /// What a line is; `may_end` says whether a comment ends on a line behind it.
    fn kind(&mut self, line: &str, may_end: bool) -> Kind {
        if self.in_comment {
            self.in_comment = !line.contains("-->");
            return Kind::Nothing;
        }
        let (text, is_quoted) = unquoted(line);
        let (indent, words) = indented(text);
        if let Some(fence) = &self.fence {
            // It ends with what it stands in.
            let is_left = (fence.is_quoted && !is_quoted) || (!words.is_empty() && indent < fence.within);
            let ends =
                Fence::of(words).is_some_and(|(end, rest)| end.mark == fence.mark && end.length >= fence.length && rest.trim().is_empty());
            if is_left || ends {
                self.fence = None;
            }
            if !is_left {
                return Kind::Code;
            }
        }
        let was_in_paragraph = std::mem::take(&mut self.in_paragraph);
        if words.is_empty() {
            return Kind::Nothing;
        }
        let marker = list_marker(words);
        if !was_in_paragraph || marker.is_some() {
            self.items.retain(|column| *column <= indent);
        }
        let column = self.items.last().copied().unwrap_or(0);
        if !was_in_paragraph && !is_quoted && indent >= column + 4 {
            return Kind::Code;
        }
        let item = marker.map_or(words, |length| {
            let rest = &words[length..];
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            self.items.push(indent + length + if spaces > 4 { 1 } else { spaces });
            rest.trim_start()
        });
        if let Some((fence, _)) = Fence::of(item) {
            let within = self.items.iter().rfind(|column| marker.is_some() || **column <= indent).copied().unwrap_or(0);
            self.fence = Some(Fence { is_quoted, within, ..fence });
            return Kind::Code;
        }
        if item.starts_with("<!--") {
            let ends = item.split_once("-->");
            self.in_comment = ends.is_none() && may_end;
            if self.in_comment || ends.is_some_and(|(_, rest)| rest.trim().is_empty()) {
                return Kind::Nothing;
            }
        }
        if is_definition(item) {
            return Kind::Nothing;
        }
        if item.starts_with("# ") || item.starts_with("##") {
            return Kind::Heading;
        }
        self.in_paragraph = true;
        if item.contains(char::is_alphanumeric) || item.contains('|') { Kind::Words } else { Kind::Nothing }
    }
}

/// Whether a line says where a link leads, `[1]: docs/退货.md "标题"`, which nobody sees. A footnote (`[^1]: …`) is prose, and so is
/// what looks like no address.
fn is_definition(item: &str) -> bool {
    let Some((label, rest)) = item.strip_prefix('[').and_then(|rest| rest.split_once("]:")) else { return false };
    let target = rest.split_whitespace().next().unwrap_or_default();
    let title = rest.trim_start().get(target.len()..).unwrap_or_default().trim();
    let is_title =
        ["\"\"", "''", "()"].iter().any(|marks| title.len() > 1 && title.starts_with(&marks[..1]) && title.ends_with(&marks[1..]));
    !label.starts_with('^')
        && !label.contains(['[', ']'])
        && (target.starts_with('<') || target.contains(['/', '.', '#', ':']))
        && (title.is_empty() || is_title || target.starts_with('<'))
}

impl Fence {
    /// The fence that a line is, and what stands behind its marks.
    fn of(words: &str) -> Option<(Self, &str)> {
        let mark = words.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let rest = words.trim_start_matches(mark);
        let length = words.len() - rest.len();
        // ```code``` on one line is none.
        (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some((Self { mark, length, is_quoted: false, within: 0 }, rest))
    }
}

/// How many columns a line is indented, and what stands behind.
fn indented(line: &str) -> (usize, &str) {
    let words = line.trim_start_matches([' ', '\t']);
    let spaces = &line[..line.len() - words.len()];
    (spaces.chars().fold(0, |column, c| if c == '\t' { column / 4 * 4 + 4 } else { column + 1 }), words.trim_end())
}

/// How long the mark of a list item is that the words begin with: `-`, `12.`
fn list_marker(words: &str) -> Option<usize> {
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marks: &[char] = if digits == 0 { &['-', '*', '+'] } else { &['.', ')'] };
    let rest = words[digits..].strip_prefix(marks).filter(|_| digits <= 9)?;
    (rest.starts_with(' ') && rest.contains(char::is_alphanumeric)).then_some(digits + 1)
}

/// How many lines from the first on are a table; 0 where that begins none.
fn rows_from(lines: &[Line<'_>]) -> usize {
    let is_row = |line: &Line<'_>| line.kind == Kind::Words && line.text.contains('|');
    match lines {
        [header, delimiter, ..] if is_row(header) && is_row(delimiter) && is_delimiter_row(delimiter.text) => {
            lines.iter().position(|line| !is_row(line)).unwrap_or(lines.len())
        }
        _ => 0,
    }
}

/// Whether a line stands below the header of a table: `|---|:-:|`.
fn is_delimiter_row(line: &str) -> bool {
    let line = line.trim();
    let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches(':'));
    line.contains('|')
        && cells.clone().count() > 0
        && cells.into_iter().all(|cell| !cell.is_empty() && cell.bytes().all(|byte| byte == b'-'))
}

/// Hands over the cells of a table.
fn table(lines: &[Line<'_>], document: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let rows: Vec<(usize, Vec<&str>)> =
        lines.iter().filter(|line| !is_delimiter_row(line.text)).map(|line| (line.number, cells(line.text))).collect();
    let Some((_, header)) = rows.first() else { return };
    let values = |column: usize| rows.iter().skip(1).filter_map(|(_, cells)| cells.get(column)).map(|&cell| cell.to_owned()).collect();
    let Some(columns) = Columns::of(header, &values, false, context) else {
        for (number, cells) in rows {
            for (column, cell) in cells.into_iter().enumerate() {
                reply(format!("{number}.{}", column + 1), cell, document, sink);
            }
        }
        return;
    };
    let width = header.len();
    let mut gathering = Gathering::new(columns);
    for (number, mut cells) in rows.into_iter().skip(1) {
        // Nobody sees what stands behind the last column; a text may be cut off there.
        for (column, cell) in cells.drain(width.min(cells.len())..).enumerate() {
            reply(format!("{number}.{}", width + column + 1), cell, document, sink);
        }
        gathering.row(number, &RowCells { cells, width, document }, context, sink);
    }
    gathering.finish(sink);
}

/// The cells of a row, without spaces around them.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = Vec::new();
    let (mut from, mut is_escaped) = (0, false);
    for (at, c) in row.char_indices() {
        if c == '|' && !is_escaped {
            cells.push(row[from..at].trim());
            from = at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    let last = row[from..].trim();
    if !last.is_empty() || cells.is_empty() {
        cells.push(last);
    }
    cells
}

/// The cells of a row of a table of so many columns.
struct RowCells<'t> {
    cells: Vec<&'t str>,
    width: usize,
    document: &'t str,
}

impl Cells for RowCells<'_> {
    fn count(&self) -> usize {
        self.width
    }

    fn text(&self, column: usize) -> Option<Cow<'_, str>> {
        self.located(column).map(|(text, _)| Cow::Owned(text))
    }

    fn located(&self, column: usize) -> Option<(String, Place)> {
        let cell = self.cells.get(column).copied().filter(|cell| !cell.is_empty());
        // Cells that are left out are empty.
        let Some(cell) = cell else { return (column < self.width).then(Default::default) };
        let start = offset_within(cell, self.document);
        let mut located = Located::default();
        let mut from = 0;
        for (at, _) in cell.match_indices("\\|") {
            located.verbatim(&cell[from..at], start + from);
            located.escape("|", start + at, 2);
            from = at + 2;
        }
        located.verbatim(&cell[from..], start + from);
        Some(located.finish())
    }
}
