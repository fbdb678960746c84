//! Plain text: `客服：…` and its many variants, one labelled line a turn.
//!
//! What is copied out of WeChat has `name 10:02` on a line above the words of each turn.
//!
//! A line is read as `[number or time] label [time] ： [time] text`. Without a label it continues the turn before it.
//! A blank line or `=== id ===` begins a new conversation; in a file that has a blank line between all turns, blank
//! lines mean nothing. What stands before the first label (a title) is no turn.

use super::comment::Comments;
use super::labelled_line::{LabelledLine, Names};
use super::open_turn::OpenTurn;
use super::reading::{Block, Context, Reader, Reading, Sample, Sink, lines, offset_within};
use super::role_words::is_title;
use super::{Conversation, Format, Kind, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "text",
    looks_like: "客服：… and 客户：… on a line each, with or without a time: [10:02:08] 客服：…",
    recognise,
    reading: Reading::Sequence(|sample, context| Box::new(PlainText::new(sample, context))),
};

/// How many lines of the sample are looked at.
const LOOKED_AT: usize = 400;

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    // What comes again and again is a key there.
    let has_keys = matches!(sample.extension().as_str(), "yaml" | "yml");
    let names = if has_keys { Names::default() } else { Names::in_lines(sample.lines(LOOKED_AT), context.speakers) };
    let (mut all, mut labelled, mut titled, mut first_is_labelled) = (0, 0, 0, false);
    let mut example = "";
    for line in sample.lines(LOOKED_AT).filter(|line| header(line).is_none()) {
        all += 1;
        if let Some(said) = LabelledLine::parse(line, context.speakers, &names) {
            labelled += 1;
            titled += usize::from(is_title(said.label));
            first_is_labelled |= all == 1 && said.speaker != Speaker::Unknown;
            example = said.label;
        }
    }
    // An article that quotes a dialogue is not a transcript; 售前：… and 售后：… alone may head replies.
    let is_dialogue = labelled * 4 >= all && ((labelled >= 2 && titled < labelled) || (labelled >= 1 && names.are_of_transcript()));
    (first_is_labelled || is_dialogue)
        .then(|| format!("{labelled} of its first {all} lines begin with a speaker's label such as `{example}`"))
}

/// Reads plain text block by block.
struct PlainText {
    names: Names,
    blank_lines_divide: bool,
    /// How many conversations were handed over.
    number: usize,
    open: Conversation,
    /// The last turn of the open conversation, to which lines may still be added.
    turn: Option<OpenTurn>,
    after_blank: bool,
}

impl PlainText {
    fn new(sample: &Sample<'_>, context: &Context<'_>) -> Self {
        let names = Names::in_lines(sample.lines(LOOKED_AT), context.speakers);
        Self {
            blank_lines_divide: !names.are_above_turns() && blank_lines_divide(sample, context, &names),
            names,
            number: 0,
            open: Conversation::default(),
            turn: None,
            after_blank: false,
        }
    }

    fn line(&mut self, line: &str, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let start = block.offset + offset_within(line, block.text);
        if let Some(id) = header(line) {
            self.begin_conversation(id, sink);
        } else if let Some(said) = LabelledLine::parse(line, context.speakers, &self.names) {
            if self.after_blank && self.blank_lines_divide {
                self.begin_conversation("", sink);
            }
            self.close_turn();
            if is_of_calls(said.label) {
                self.open.kind = Kind::Call;
            }
            let turn =
                Turn { speaker: said.speaker, name: said.name.map(str::to_owned), start: said.start, end: said.end, ..Turn::default() };
            let mut turn = OpenTurn::new(turn);
            turn.add_line(said.text, start + said.at, block);
            self.turn = Some(turn);
        } else if let Some(turn) = &mut self.turn {
            let text = line.trim();
            turn.add_line(text, block.offset + offset_within(text, block.text), block);
        }
    }

    fn begin_conversation(&mut self, id: &str, sink: &mut Sink<'_>) {
        self.close_turn();
        let next = Conversation { id: id.to_owned(), ..Conversation::default() };
        if self.open.turns.is_empty() && id.is_empty() {
            return;
        }
        let mut done = std::mem::replace(&mut self.open, next);
        if done.turns.is_empty() {
            return;
        }
        self.number += 1;
        if done.id.is_empty() {
            done.id = self.number.to_string();
        }
        sink.conversation(done);
    }

    fn close_turn(&mut self) {
        self.open.turns.extend(self.turn.take().map(OpenTurn::close));
    }
}

impl Reader for PlainText {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let comments = Comments::of(block.text);
        for (_, line) in lines(block.text) {
            if line.trim().is_empty() {
                self.after_blank = true;
            } else if let Some(line) = comments.take_off(line) {
                self.line(line, block, context, sink);
                self.after_blank = false;
            }
        }
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        self.begin_conversation("", sink);
    }

    fn open_from(&self) -> Option<usize> {
        let first = self.open.turns.first().and_then(|turn| turn.place.start());
        first.or_else(|| self.turn.as_ref().map(OpenTurn::start))
    }
}

/// The id in a line that begins a conversation, empty where there is none: `=== c-17 ===`, `会话ID：c-17`.
fn header(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with("===") && line.ends_with("===") {
        return Some(line.trim_matches(|c: char| c == '=' || c.is_whitespace()));
    }
    let (key, id) = line.split_once([':', '：'])?;
    let is_key = matches!(
        key.trim(),
        "会话ID"
            | "会话编号"
            | "會話ID"
            | "會話編號"
            | "对话ID"
            | "對話ID"
            | "通话ID"
            | "通话编号"
            | "通話編號"
            | "Conversation ID"
            | "conversation_id"
            | "Session ID"
    );
    (is_key && !id.trim().is_empty()).then(|| id.trim())
}

/// Whether blank lines divide conversations: not where they stand between all turns.
fn blank_lines_divide(sample: &Sample<'_>, context: &Context<'_>, names: &Names) -> bool {
    let (mut adjacent, mut apart) = (0, 0);
    let (mut previous_is_turn, mut blank) = (false, false);
    let text = sample.text().unwrap_or_default();
    let comments = Comments::of(text);
    // A comment to the linter is no line: it stands between no turns and continues none.
    for line in lines(text).filter_map(|(_, line)| comments.take_off(line)).take(LOOKED_AT) {
        if line.trim().is_empty() {
            blank = true;
            continue;
        }
        let is_turn = LabelledLine::parse(line, context.speakers, names).is_some();
        if is_turn && previous_is_turn {
            if blank { apart += 1 } else { adjacent += 1 }
        }
        // A line that continues a turn does not tell whether the next stands apart from it.
        previous_is_turn = is_turn || (previous_is_turn && header(line).is_none());
        blank = false;
    }
    adjacent > 0 || apart == 0
}

/// Labels that only transcripts of calls have.
fn is_of_calls(label: &str) -> bool {
    ["来电", "來電", "主叫", "被叫", "话务", "話務", "接线", "接線"].iter().any(|word| label.contains(word))
}
