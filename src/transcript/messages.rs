//! Messages of a conversation in JSON, read one after the other whatever their shape.

use serde_json::value::RawValue;

use super::Turn;
use super::json_object::{Object, Whereabouts};
use super::reading::Sink;

/// The turns that `read` makes of the messages of a conversation.
///
/// A message of which it makes none lacks its text, named `text_key`: it is reported, and still counts, so that the
/// numbers of the others stay what they are in the source.
pub(super) fn turns<'a>(
    messages: &[&'a RawValue],
    conversation: &str,
    text_key: &str,
    at: &Whereabouts<'_>,
    sink: &mut Sink<'_>,
    mut read: impl FnMut(&Object<'a>) -> Option<Turn>,
) -> Vec<Turn> {
    let mut turns = Vec::with_capacity(messages.len());
    for (number, message) in messages.iter().enumerate() {
        let turn = Object::of(message).and_then(|message| read(&message));
        if turn.is_none() {
            let what = format!("message {} of the conversation {conversation} has no text in `{text_key}`", number + 1);
            sink.problem(Some(at.line_of(message.get())), what, format!("give it a string `{text_key}`"));
        }
        turns.push(turn.unwrap_or_default());
    }
    turns
}

/// Reports an object that lacks what its format asks for.
pub(super) fn lacks(key: &str, object: &Object<'_>, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
    let line = at.line_of(object.raw.get());
    sink.problem(Some(line), format!("the object has no array `{key}`"), "complete it, or leave it out of the export");
}
