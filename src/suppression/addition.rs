//! Suppressions written into a document for what is wrong with it now, each in the format's own way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::lint::RuleSet;
use crate::rule::Profile;
use crate::source::{Content, Document, Packed};
use crate::table::Rows;
use crate::transcript::{self, Comment, Conversation, Direction, IGNORE, Kind, Opening, ReadOptions};
use crate::violation::{Severity, Violation};

use super::Suppressions;
use super::directive::{Directive, Scope};
use super::layout::Layout;
use super::suppressions::{COMMENTED, opens_text};

/// Writes suppressions by the rules of a run.
#[derive(Debug, Clone, Copy)]
pub struct Suppressor<'r> {
    /// The rules that are on.
    pub rule_set: &'r RuleSet,
    /// How documents are read.
    pub reading: &'r ReadOptions,
    /// The profile of all conversations; by default that of their kind.
    pub profile: Option<Profile>,
    /// Who began the conversations that do not say it.
    pub direction: Option<Direction>,
    /// The least severity that is suppressed.
    pub level: Severity,
    /// Whether suppressions are written into conversations too, and not beside canned replies only.
    pub transcripts: bool,
}

/// A document with its suppressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The text with them.
    pub text: String,
    /// How many violations they hide.
    pub violations: u64,
}

/// Why no suppression was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// Nothing is written to what is no plain file.
    #[error("nothing can be written into a workbook or a compressed file; unpack it or save it as CSV, or use a baseline")]
    NotText,
    /// The format has neither comments nor columns.
    #[error("files in the format {0} have no place for a suppression; use a baseline")]
    Format(&'static str),
    /// They are conversations.
    #[error("a log is evidence and was left alone; --force-transcripts writes suppressions into it all the same")]
    Transcript,
    /// The result does not read as it should.
    #[error("no suppression can be written here so that the file still reads the same; write it by hand, or use a baseline")]
    ReadsDifferently,
}

/// Something written in the place of a stretch of the document.
type Edit = (Range<usize>, String);

/// Rules to suppress in a turn.
struct Wanted<'c> {
    conversation: &'c Conversation,
    turn: usize,
    rules: BTreeSet<String>,
}

impl Suppressor<'_> {
    /// The document with suppressions for all that is wrong with it; none where nothing is.
    ///
    /// # Errors
    /// Where they have no place in it. A document that no reader understands has nothing wrong with it here: reading it
    /// for a report says why.
    pub fn suppress(&self, document: &Document) -> Result<Option<Addition>, NoPlace> {
        self.suppress_where(document, |_, _| true)
    }

    /// The same for those violations only that are meant, by the index of their conversation. A suppression hides all that its rule
    /// finds in a turn: all of that is to be meant.
    ///
    /// # Errors
    /// As above.
    pub fn suppress_where(&self, document: &Document, is_meant: impl Fn(usize, &Violation) -> bool) -> Result<Option<Addition>, NoPlace> {
        let Some((format, conversations)) = self.read(document) else { return Ok(None) };
        let (wanted, violations) = self.wanted(document, &conversations, &is_meant);
        if wanted.is_empty() {
            return Ok(None);
        }
        let (Content::Text { text, .. }, Packed::Not, true) = (&document.content, document.packed, document.mended.is_empty()) else {
            return Err(NoPlace::NotText);
        };
        if !self.transcripts && wanted.iter().any(|wanted| wanted.conversation.kind != Kind::Replies) {
            return Err(NoPlace::Transcript);
        }
        let edits = match format {
            "csv" => column(text, self.reading, &wanted),
            "json" | "jsonl" => keys(text, &wanted),
            _ if COMMENTED.contains(&format) => comments(text, format, &document.name, &wanted),
            _ => return Err(NoPlace::Format(format)),
        };
        let written = edits.and_then(|edits| apply(text, edits)).ok_or(NoPlace::ReadsDifferently)?;
        let result = document.with_text(written);
        let Some((_, after)) = self.read(&result) else { return Err(NoPlace::ReadsDifferently) };
        if !conversations.iter().map(said).eq(after.iter().map(said)) || self.wanted(&result, &after, &is_meant).1 > 0 {
            return Err(NoPlace::ReadsDifferently);
        }
        let text = result.text().unwrap_or_default().to_owned();
        Ok(Some(Addition { text, violations }))
    }

    fn read(&self, document: &Document) -> Option<(&'static str, Vec<Conversation>)> {
        let mut conversations = Vec::new();
        let detected = transcript::read(document, self.reading, &mut |read| {
            if let Ok(mut conversation) = read {
                conversation.direction = conversation.direction.or(self.direction);
                conversations.push(conversation);
            }
        });
        Some((detected.ok()?.format.name, conversations))
    }

    /// What is to be suppressed, by turn, and how many violations that are.
    fn wanted<'c>(
        &self,
        document: &Document,
        conversations: &'c [Conversation],
        is_meant: impl Fn(usize, &Violation) -> bool,
    ) -> (Vec<Wanted<'c>>, u64) {
        let suppressions = Suppressions::of(document, self.reading);
        let (mut all, mut violations) = (Vec::new(), 0);
        for (index, conversation) in conversations.iter().enumerate() {
            let cover = suppressions.cover(conversation);
            let profile = self.profile.unwrap_or(Profile::from(conversation.kind));
            let mut turns: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
            for violation in self.rule_set.examine_except(conversation, profile, |violation| cover.hides(violation)).violations {
                if violation.severity >= self.level && is_meant(index, &violation) {
                    turns.entry(violation.turn).or_default().insert(violation.rule.to_string());
                    violations += 1;
                }
            }
            all.extend(turns.into_iter().map(|(turn, rules)| Wanted { conversation, turn, rules }));
        }
        (all, violations)
    }
}

impl Wanted<'_> {
    /// Where the turn begins, in bytes of the document.
    fn start(&self) -> Option<usize> {
        self.conversation.turns.get(self.turn)?.place.source(0)
    }
}

/// What must not change when suppressions are written.
fn said(conversation: &Conversation) -> (Kind, Vec<(transcript::Speaker, &str)>) {
    (conversation.kind, conversation.turns.iter().map(|turn| (turn.speaker, turn.text.as_str())).collect())
}

fn apply(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|(span, _)| span.start);
    let mut written = String::with_capacity(text.len() + edits.len() * 64);
    let mut from = 0;
    for (span, new) in edits {
        written.push_str(text.get(from..span.start)?);
        written.push_str(&new);
        from = span.end;
    }
    written.push_str(text.get(from..)?);
    Some(written)
}

fn list(rules: &BTreeSet<String>) -> String {
    rules.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Comments: in Markdown behind the text, where no reader sees them; elsewhere on a line before it.
fn comments(text: &str, format: &str, name: &str, wanted: &[Wanted<'_>]) -> Option<Vec<Edit>> {
    let lines: Vec<(usize, &str)> = transcript::lines(text).collect();
    let layout = Layout::of(text, format, &lines);
    let mut by_line: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for wanted in wanted {
        let start = wanted.start()?;
        let mut line = lines.partition_point(|(at, _)| *at <= start).checked_sub(1)?;
        if let Some(head) = layout.head(line + 1) {
            line = head.saturating_sub(1);
        } else if line > 0 && text.get(lines[line].0..start)?.trim().is_empty() && opens_text(lines[line - 1].1) {
            // Between a key and its text of several lines a comment would be part of the text.
            line -= 1;
        }
        by_line.entry(line).or_default().extend(wanted.rules.iter().cloned());
    }
    let is_markdown = [".md", ".markdown"].iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
    let line_end = line_end(text);
    let edit = |(index, rules): (usize, BTreeSet<String>)| {
        let (start, line) = lines[index];
        let mut before = lines[..index].iter().rev().take_while(|(_, line)| layout.is_remark(line)).copied();
        let is_alone = |(_, line): &(usize, &str)| layout.comment(line).is_some_and(|comment| comment.is_alone());
        // Others may speak to other programs in between.
        let before = if layout.has_entries() { before.find(is_alone) } else { before.next() };
        // What is there already is added to.
        let mut places = [Some((start, line)), before].into_iter().flatten();
        if let Some(at) = places.find_map(|(start, line)| Some(start + names_at(&layout, line)?)) {
            return (at..at, format!("{}, ", list(&rules)));
        }
        let rules = list(&rules);
        if is_markdown && Comment::of(line).is_none() {
            let end = start + line.trim_end().len();
            return (end..end, format!(" <!-- phrase-lint: ignore {rules} -->"));
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let comment = if layout.opening == Opening::Slashes {
            format!("{indent}/* phrase-lint: ignore {rules} */{line_end}")
        } else if layout.has_entries() {
            format!("{indent}# phrase-lint: ignore {rules}{line_end}")
        } else if is_markdown {
            format!("{indent}<!-- phrase-lint: ignore-next-line {rules} -->{line_end}")
        } else {
            format!("{indent}# phrase-lint: ignore-next-line {rules}{line_end}")
        };
        (start..start, comment)
    };
    Some(by_line.into_iter().map(edit).collect())
}

/// Where the names begin in a line's suppression of one text.
fn names_at(layout: &Layout, line: &str) -> Option<usize> {
    let said = layout.comment(line).filter(|comment| comment.has_colon)?.said;
    let directive = Directive::of(said).ok()?;
    let is_of_text = matches!(directive.scope, Scope::Text | Scope::Next) && !directive.names.is_empty();
    let name = directive.names.first().filter(|_| is_of_text)?;
    let word = said.split_whitespace().next()?;
    let at = word.len() + said[word.len()..].find(name.as_str())?;
    Some(line.rfind(said)? + at)
}

fn line_end(text: &str) -> &'static str {
    match memchr::memchr2(b'\n', b'\r', text.as_bytes()).and_then(|at| text.get(at..)) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// Keys behind the texts.
fn keys(text: &str, wanted: &[Wanted<'_>]) -> Option<Vec<Edit>> {
    wanted.iter().map(|wanted| key(text, wanted)).collect()
}

fn key(text: &str, wanted: &Wanted<'_>) -> Option<Edit> {
    let rules = list(&wanted.rules);
    let is_reply = wanted.conversation.kind == Kind::Replies;
    let known = wanted.conversation.ignores.iter().find(|ignore| ignore.turn == if is_reply { None } else { Some(wanted.turn) });
    if let Some(known) = known {
        let at = known.place.source(0)?;
        return match text.get(at..)?.strip_prefix('[') {
            Some(_) => Some((at + 1..at + 1, wanted.rules.iter().map(|rule| format!("\"{rule}\", ")).collect())),
            None => Some((at..at, format!("{rules}, "))),
        };
    }
    let turn = wanted.conversation.turns.get(wanted.turn)?;
    let (start, end) = (turn.place.source(0)?, turn.place.source(turn.text.len())?);
    if !text.get(end..)?.starts_with('"') {
        return None;
    }
    // Written as the key before it is: on a line of its own or not, with a space behind the colon or not.
    let before = text.get(..start)?.strip_suffix('"')?;
    let space = &before[before.trim_end().len()..];
    let line = before.rsplit(['\n', '\r']).next()?;
    let indent = &line[..line.len() - line.trim_start().len()];
    let divider = match line.trim_start().starts_with('"') && before.len() > line.len() {
        true => format!(",{}{indent}", line_end(text)),
        false if space.is_empty() => ",".to_owned(),
        false => ", ".to_owned(),
    };
    let space = if space.trim_matches(' ').is_empty() { space } else { " " };
    Some((end + 1..end + 1, format!("{divider}\"{IGNORE}\":{space}\"{rules}\"")))
}

/// A cell in the column for it, which is added where there is none.
fn column(text: &str, reading: &ReadOptions, wanted: &[Wanted<'_>]) -> Option<Vec<Edit>> {
    let table = transcript::table(text, reading)?;
    let mut starts: Vec<(usize, &BTreeSet<String>)> = Vec::new();
    for wanted in wanted {
        starts.push((wanted.start()?, &wanted.rules));
    }
    starts.sort_by_key(|(start, _)| *start);
    let mut edits = Vec::new();
    for row in Rows::new(text, table.delimiter, 1) {
        let row = row.ok()?;
        let (first, last) = (row.fields.first()?, row.fields.last()?);
        let end = last.start + last.raw.len();
        if row.line < table.header_line {
            continue;
        }
        if row.line == table.header_line {
            if table.ignore.is_none() {
                edits.push((end..end, format!("{}{IGNORE}", table.delimiter)));
            }
            continue;
        }
        let place = |at: usize| starts.partition_point(|(start, _)| *start < at);
        let rules: BTreeSet<String> = starts[place(first.start)..place(end + 1)].iter().flat_map(|(_, rules)| (*rules).clone()).collect();
        let column = table.ignore.unwrap_or(table.columns);
        match row.fields.get(column) {
            Some(_) if table.ignore.is_none() => return None,
            Some(_) if rules.is_empty() => {}
            Some(cell) => {
                let known = cell.text();
                let is_empty = matches!(known.trim().to_lowercase().as_str(), "" | "false" | "no" | "0" | "否");
                let value = if is_empty { list(&rules) } else { format!("{}, {}", list(&rules), known.trim()) };
                edits.push((cell.start..cell.start + cell.raw.len(), field(&value, table.delimiter)));
            }
            // All rows stay equally long, for other programs read them too.
            None if table.ignore.is_none() || !rules.is_empty() => {
                let missing = table.delimiter.to_string().repeat((column + 1).saturating_sub(row.fields.len()));
                edits.push((end..end, format!("{missing}{}", field(&list(&rules), table.delimiter))));
            }
            None => {}
        }
    }
    Some(edits)
}

fn field(value: &str, delimiter: char) -> String {
    if value.contains(['"', '\n', '\r', delimiter]) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}
