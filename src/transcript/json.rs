//! A whole JSON document: an array of conversations or replies, or one of them, in the project's own shape.

use super::json_elements::{for_each, report, without_place};
use super::json_object::Whereabouts;
use super::reading::{Context, Reading, Sample, Sink};
use super::record;
use super::unread_times::UnreadTimes;
use super::{Format, json_turns};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "json",
    looks_like: r#"an array of {"id":…,"turns":[…]} or {"id":…,"text":…}, or one such object"#,
    recognise,
    reading: Reading::Whole(read),
};

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    if outline.has(&["turns[]"]) {
        return Some("a JSON document; conversations with `turns`".to_owned());
    }
    // With somebody who speaks it is a message of a conversation, in a shape that is not ours.
    let is_reply = !outline.values("text").is_empty() && json_turns::recognise(sample, context).is_none();
    is_reply.then(|| "a JSON document; replies with `text`".to_owned())
}

fn read(text: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut number = 0;
    let mut times = UnreadTimes::default();
    let at = Whereabouts::new(text, 0, 1);
    let outcome = for_each(text, &mut |element| {
        number += 1;
        if let Err(error) = record::read(element.get(), number, &at, &mut times, context, sink) {
            let what = format!("element {number} cannot be read: {}", without_place(&error));
            sink.problem(Some(at.line_of(element.get())), what, "make it an object with `turns` or `text`");
        }
    });
    if let Err(error) = outcome {
        report(text, &error, sink);
    }
    times.tell(record::TIME, sink);
}
