//! JSON Lines: one conversation or reply a line, in the project's own shape.

use super::json_elements::without_place;
use super::json_object::Whereabouts;
use super::reading::{Block, Context, Reading, Sample, Sink, lines};
use super::record::{self, REPLIES, Record};
use super::unread_times::UnreadTimes;
use super::{Format, json_turns};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    looks_like: r#"a line each: {"id":"c-1","turns":[{"speaker":"agent","text":"…"}]} or {"id":"r-1","text":"…"}"#,
    recognise,
    reading: Reading::Lines(read),
};

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    // One damaged line must not hide what the others are.
    let nature =
        sample.lines(20).filter(|line| line.starts_with('{')).find_map(|line| serde_json::from_str::<Record<'_>>(line).ok()?.nature());
    let nature = nature.filter(|_| sample.lines(1).any(|line| line.starts_with('{') && line != "{"))?;
    // With somebody who speaks, or within a conversation, a record is a turn.
    if nature == REPLIES && json_turns::recognise(sample, context).is_some() {
        return None;
    }
    Some(format!("each line is a JSON object; {nature}"))
}

fn read(block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut times = UnreadTimes::default();
    for (index, (start, line)) in lines(block.text).enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = block.first_line + index;
        let at = Whereabouts::new(line, block.offset + start, number);
        if let Err(error) = record::read(line, number, &at, &mut times, context, sink) {
            let what =
                if error.is_eof() { "the JSON ends too early".to_owned() } else { format!("this is not JSON: {}", without_place(&error)) };
            sink.problem(Some(number), what, "write one complete JSON object on the line");
        }
    }
    times.tell(record::TIME, sink);
}
