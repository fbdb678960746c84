//! Plain text: `客服：…` and its many variants, one labelled line a turn.
//!
//! What is copied out of WeChat has `name 10:02` on a line above the words of each turn, other desks `2024-05-01 10:02:00 name`.
//!
//! A line is read as `[number or time] label [time] ： [time] text`. Without a label it continues the turn before it.
//! `division` tells where a conversation ends. What stands before the first label (a title) is no turn.

use std::collections::BTreeSet;

use crate::text::fold_word;

use super::comment::Comments;
use super::division::{BlankLines, Division, Line, header};
use super::labelled_line::LabelledLine;
use super::names::{Names, short_label};
use super::open_turn::OpenTurn;
use super::person_name::is_person;
use super::reading::{Block, Context, Reader, Reading, Sample, Sink, lines, offset_within};
use super::role_words::is_title;
use super::{Format, Kind, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "text",
    looks_like: "客服：… and 客户：… on a line each, with or without a time: [10:02:08] 客服：…",
    recognise,
    reading: Reading::Sequence(open),
};

/// How many lines of the sample are looked at.
const LOOKED_AT: usize = 400;

/// Opens a text.
pub(super) fn open(sample: &Sample<'_>, context: &Context<'_>) -> Box<dyn Reader> {
    Box::new(PlainText::new(sample, context))
}

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
    // Below a name and a time of their own, words may take many lines.
    let share = if names.are_above_turns() { 10 } else { 4 };
    let is_dialogue = labelled * share >= all && ((labelled >= 2 && titled < labelled) || (labelled >= 1 && names.are_of_transcript()));
    (first_is_labelled || is_dialogue)
        .then(|| format!("{labelled} of its first {all} lines begin with a speaker's label such as `{example}`"))
}

/// Reads plain text block by block.
struct PlainText {
    names: Names,
    division: Division,
    after_blank: bool,
    /// Names at which words begin that were taken for what the one before goes on to say.
    doubtful: BTreeSet<String>,
}

/// So many such names are told.
const DOUBTFUL: usize = 5;

impl PlainText {
    fn new(sample: &Sample<'_>, context: &Context<'_>) -> Self {
        let names = Names::in_lines(sample.lines(LOOKED_AT), context.speakers);
        let divide = BlankLines::divide(sample, |line, _| match LabelledLine::parse(line, context.speakers, &names) {
            Some(_) => Line::Turn,
            None => Line::Words,
        });
        let blank_lines = match divide {
            false => BlankLines::Nothing,
            true if names.are_above_turns() => BlankLines::DivideAfterAnHour,
            true => BlankLines::Divide,
        };
        Self { names, division: Division::new(blank_lines), after_blank: false, doubtful: BTreeSet::new() }
    }

    fn line(&mut self, line: &str, number: usize, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let start = block.offset + offset_within(line, block.text);
        if let Some(id) = header(line) {
            self.division.begin_conversation(id, sink);
        } else if let Some(said) = LabelledLine::parse(line, context.speakers, &self.names) {
            let is_of_calls = is_of_calls(said.label);
            let turn =
                Turn { speaker: said.speaker, name: said.name.map(str::to_owned), start: said.start, end: said.end, ..Turn::default() };
            let mut turn = OpenTurn::new(turn);
            turn.add_line(said.text, start + said.at, block);
            self.division.begin_turn(turn, self.after_blank, sink);
            if is_of_calls {
                self.division.open.kind = Kind::Call;
            }
        } else if let Some(turn) = &mut self.division.turn {
            let text = line.trim();
            turn.add_line(text, block.offset + offset_within(text, block.text), block);
            if let Some(label) = short_label(text).filter(|label| is_person(&fold_word(label)))
                && self.doubtful.len() < DOUBTFUL
                && self.doubtful.insert(label.to_owned())
            {
                let what = format!(
                    "the line begins with `{label}：`, but nobody of this name is known to speak: read as words of the turn before"
                );
                sink.warning(Some(number), what, format!("where {label} speaks, say who that is: --speaker {label}=agent"));
            }
        }
    }
}

impl Reader for PlainText {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let comments = Comments::of(block.text);
        for (index, (_, line)) in lines(block.text).enumerate() {
            if line.trim().is_empty() {
                self.after_blank = true;
            } else if let Some(line) = comments.take_off(line) {
                self.line(line, block.first_line + index, block, context, sink);
                self.after_blank = false;
            }
        }
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        self.division.begin_conversation("", sink);
    }

    fn open_from(&self) -> Option<usize> {
        self.division.open_from()
    }
}

/// Labels that only transcripts of calls have.
fn is_of_calls(label: &str) -> bool {
    ["来电", "來電", "主叫", "被叫", "话务", "話務", "接线", "接線"].iter().any(|word| label.contains(word))
}
