//! What readers share: the sample that a format is recognised by, the blocks it is read in, and where results go.

use std::cell::OnceCell;
use std::sync::Arc;

use super::comment::Comments;
use super::json_outline::Outline;
use super::speakers::Speakers;
use super::{Assumption, Conversation, DateOrder, FromPath, Kind, Mapping, Met, Problem, Speaker};

/// The start of a document, or all of it: what formats are recognised by.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    /// The document's name. Content decides; a name only where content leaves it open.
    pub name: &'a str,
    /// What it holds.
    pub matter: Matter<'a>,
    /// Its keys, where it is JSON. Many formats ask for them.
    outline: OnceCell<Option<Outline>>,
}

/// Text, or bytes that are none.
#[derive(Debug, Clone, Copy)]
pub enum Matter<'a> {
    /// Decoded text.
    Text(&'a str),
    /// A spreadsheet or something else that is not text.
    Bytes(&'a [u8]),
}

/// A stretch of a document that ends at a line end or at the document's end.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The decoded text.
    pub text: &'a str,
    /// Where it starts, in bytes of the decoded document. Places of turns count from there.
    pub offset: usize,
    /// The number of its first line, from 1.
    pub first_line: usize,
}

/// How a format is read.
#[derive(Clone, Copy)]
pub enum Reading {
    /// Every line tells all: blocks may be read alone and in any order.
    Lines(fn(&Block<'_>, &Context<'_>, &mut Sink<'_>)),
    /// The same, but comments on some lines may tell of others: a document that is not too large is taken as a whole.
    CommentedLines(fn(&Block<'_>, &Context<'_>, &mut Sink<'_>)),
    /// Blocks must be read one after the other: a conversation or a header reaches from one into the next.
    Sequence(fn(&Sample<'_>, &Context<'_>) -> Box<dyn Reader>),
    /// The whole text at once.
    Whole(fn(&str, &Context<'_>, &mut Sink<'_>)),
    /// The whole file's bytes at once.
    Bytes(fn(&[u8], &Context<'_>, &mut Sink<'_>)),
}

/// A format that is read block by block.
pub trait Reader {
    /// Reads the next block.
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>);

    /// Hands over what is still open when the document ends.
    fn finish(&mut self, context: &Context<'_>, sink: &mut Sink<'_>);

    /// The first byte of the document that the conversations which are still open stand in; none where none is open.
    /// By default all of it is still of use.
    fn open_from(&self) -> Option<usize> {
        Some(0)
    }
}

/// What every reader may ask.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who a label, role or name means.
    pub speakers: &'a Speakers,
    /// How the user wants documents to be read.
    pub options: &'a ReadOptions,
}

/// How the user wants documents to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The name of a format (`--input-format`); none to tell it from the content.
    pub format: Option<String>,
    /// Names and labels of which the user said who they are (`--speaker 小王=agent`).
    pub speakers: Vec<(String, Speaker)>,
    /// Who is taken for the agent where nobody is known to be (`--assume-agent`).
    pub assumption: Option<Assumption>,
    /// The order of day, month and year in dates that leave it open (`--date-order`).
    pub date_order: Option<DateOrder>,
    /// What paths tell of the agent and the start, where the transcript does not.
    pub from_path: Option<FromPath>,
    /// Where JSON and tables of shapes of their own hold what; the first that fits a document reads it.
    pub mappings: Vec<Mapping>,
    /// What tells documents that hold nothing to read though they look so; none where everything is read.
    pub passed_over: Option<fn(&Matter<'_>) -> bool>,
    /// How many lines two rows of one conversation may stand apart in a table, so that the memory for all of it is not
    /// needed: then a conversation is handed over. Rows that come later all the same are a problem. Any number where none.
    pub rows_apart: Option<usize>,
    /// Where it is gathered which of the names and mappings the input has; none where nobody asks.
    pub met: Option<Arc<Met>>,
}

/// Where a reader's results go.
pub struct Sink<'a> {
    file: &'a str,
    options: &'a ReadOptions,
    /// The part of the file that is read, where it has several.
    part: Option<String>,
    take: &'a mut dyn FnMut(Result<Conversation, Problem>),
}

impl<'a> Sink<'a> {
    /// Passes conversations and problems of the file so named to `take`.
    pub fn new(file: &'a str, options: &'a ReadOptions, take: &'a mut dyn FnMut(Result<Conversation, Problem>)) -> Self {
        Self { file, options, part: None, take }
    }

    /// From here on a part of the file is read whose name tells its conversations and its problems from those of others.
    pub(super) fn begin_part(&mut self, name: &str) {
        self.part = Some(name.to_owned());
    }

    /// Hands over a conversation or reply.
    pub(super) fn conversation(&mut self, mut conversation: Conversation) {
        let from_path = self.options.from_path.as_ref().filter(|_| conversation.kind != Kind::Replies);
        // Standard input has no path.
        if let Some((met, from_path)) = self.options.met.as_ref().zip(from_path).filter(|_| self.file != "<stdin>") {
            met.meet_path(from_path, self.file);
        }
        if let Some(from_path) = from_path.filter(|_| FromPath::is_asked_when(&conversation)) {
            conversation.started = from_path.started(self.file, &conversation);
            if let Some(met) = self.options.met.as_ref().filter(|_| from_path.has_moment(self.file)) {
                met.meet_date(conversation.started.is_some());
            }
        }
        if let Some(part) = &self.part {
            conversation.id = format!("{part}/{}", conversation.id);
        }
        conversation.complete();
        if let Some(assumption) = self.options.assumption.as_ref().filter(|_| !conversation.knows_agent()) {
            conversation.assume(assumption);
            conversation.complete();
        }
        if let Some(from_path) = from_path.filter(|_| conversation.agent.is_none()) {
            conversation.agent = from_path.agent(self.file);
        }
        if let Some(met) = &self.options.met {
            met.meet_conversation(&conversation);
        }
        (self.take)(Ok(conversation));
    }

    /// Reports what cannot be read.
    pub(super) fn problem(&mut self, line: Option<usize>, what: impl Into<String>, remedy: impl Into<String>) {
        self.tell(Problem { line, what: what.into(), remedy: remedy.into(), ..Problem::default() });
    }

    /// Reports what was read, but perhaps not as it was meant.
    pub(super) fn warning(&mut self, line: Option<usize>, what: impl Into<String>, remedy: impl Into<String>) {
        self.tell(Problem { is_warning: true, line, what: what.into(), remedy: remedy.into(), ..Problem::default() });
    }

    /// Reports a part of the document that was passed over though it may hold wording.
    pub(super) fn passed_over(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.tell(Problem { is_warning: true, is_passed_over: true, what: what.into(), remedy: remedy.into(), ..Problem::default() });
    }

    fn tell(&mut self, problem: Problem) {
        let what = match &self.part {
            Some(part) => format!("in the sheet `{part}`: {}", problem.what),
            None => problem.what,
        };
        (self.take)(Err(Problem { file: self.file.to_owned(), what, ..problem }));
    }
}

impl<'a> Block<'a> {
    /// A whole document as one block.
    pub fn whole(text: &'a str) -> Self {
        Self { text, offset: 0, first_line: 1 }
    }
}

impl<'a> Sample<'a> {
    /// A sample of the document so named.
    pub fn new(name: &'a str, matter: Matter<'a>) -> Self {
        Self { name, matter, outline: OnceCell::new() }
    }

    /// The keys of the document's objects, where it is JSON.
    pub(super) fn outline(&self) -> Option<&Outline> {
        self.outline.get_or_init(|| self.text().and_then(Outline::of)).as_ref()
    }

    /// The text, where it is text.
    pub fn text(&self) -> Option<&'a str> {
        match self.matter {
            Matter::Text(text) => Some(text),
            Matter::Bytes(_) => None,
        }
    }

    /// The ending of the name, in lower case and without that of a compressed file; empty where it has none.
    pub fn extension(&self) -> String {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let file = [".gz", ".zst"].iter().find_map(|packed| file.strip_suffix(packed)).unwrap_or(file);
        file.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
    }

    /// Its first lines that are not blank, without comments to the linter, up to `count`.
    pub(super) fn lines(&self, count: usize) -> impl Iterator<Item = &'a str> {
        let text = self.text().unwrap_or_default();
        let comments = Comments::of(text);
        let lines = lines(text).filter_map(move |(_, line)| comments.take_off(line)).map(str::trim);
        lines.filter(|line| !line.is_empty()).take(count)
    }
}

/// Where `part`, which must be a stretch of `whole`, starts in it, in bytes.
pub(super) fn offset_within(part: &str, whole: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len())
}

/// The lines of a text with the byte where each starts, without their ends (`\n`, `\r\n` or a lone `\r`).
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let ending = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        let line = (at, &rest[..end]);
        at += (end + ending).min(rest.len());
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let found: Vec<_> = lines("甲\r\n乙\n\n丙\r丁").collect();
        assert_eq!(found, [(0, "甲"), (5, "乙"), (9, ""), (10, "丙"), (14, "丁")]);
        assert_eq!(lines("").count(), 0);
        assert_eq!(lines("a\n").count(), 1);
    }
}
