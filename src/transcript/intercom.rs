//! Intercom: conversations as its API and its exports give them.
//!
//! Source of the field names: the Conversation model of developers.intercom.com.

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts, array};
use super::messages::turns;
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Direction, Format, Speaker, Turn, html};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "intercom",
    looks_like: r#"{"source":{"body":"<p>…"},"conversation_parts":[{"part_type":"comment","body":"<p>…"}]}, of Intercom"#,
    recognise,
    reading: Reading::Sequence(open::<Conversations>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    let found = outline.paths().find(|(path, _)| path.ends_with("conversation_parts[].part_type"))?;
    Some(format!("JSON with `{}`, as Intercom has", found.0))
}

#[derive(Default)]
struct Conversations;

impl Elements for Conversations {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        match object.objects("conversations") {
            Some(conversations) => {
                conversations.iter().enumerate().for_each(|(index, object)| conversation(object, index + 1, at, sink));
            }
            None => conversation(object, number, at, sink),
        }
    }
}

fn conversation(object: &Object<'_>, number: usize, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
    let id = object.word("id").unwrap_or_else(|| number.to_string());
    let parts = object.get("conversation_parts");
    let list = parts.and_then(|parts| array(parts).or_else(|| Object::of(parts)?.array("conversation_parts")));
    if list.is_none() && object.get("source").is_none() {
        return super::messages::lacks("conversation_parts", object, at, sink);
    }
    let source = object.object("source");
    let mut messages = Vec::new();
    messages.extend(source.as_ref().map(|source| source.raw));
    messages.extend(list.unwrap_or_default());
    let mut turns = turns(&messages, &id, "body", at, sink, |part| turn(part, at));
    if source.is_some()
        && let Some(first) = turns.first_mut()
        && first.start.is_none()
    {
        // The first message was written when the conversation was opened.
        first.start = object.moment("created_at");
    }
    let direction = source.and_then(|source| source.word("delivered_as")).and_then(|how| match how.as_str() {
        "customer_initiated" => Some(Direction::Inbound),
        "admin_initiated" | "operator_initiated" | "automated" | "campaigns_initiated" => Some(Direction::Outbound),
        _ => None,
    });
    sink.conversation(Conversation { id, direction, turns, ..Conversation::default() });
}

fn turn(part: &Object<'_>, at: &Whereabouts<'_>) -> Option<Turn> {
    let author = part.object("author");
    let speaker = author.as_ref().and_then(|author| author.word("type")).map_or(Speaker::Unknown, |kind| match kind.as_str() {
        "admin" | "teammate" => Speaker::Agent,
        "user" | "lead" | "contact" | "visitor" => Speaker::Customer,
        "bot" | "operator" | "fin" => Speaker::Bot,
        _ => Speaker::Unknown,
    });
    // Notes are for colleagues, assignments and the like are activity; a comment may be sent while closing.
    let is_said = part.word("part_type").is_none_or(|kind| matches!(kind.as_str(), "comment" | "open" | "close" | "quick_reply"));
    let body = part.located("body", at);
    if body.is_none() && part.get("body").is_some() {
        return None;
    }
    let is_said = is_said && body.as_ref().is_some_and(|(body, _)| !body.is_empty());
    let (text, place) = body.map(|(body, place)| html::text_of(&body, &place)).unwrap_or_default();
    Some(Turn {
        speaker: if is_said { speaker } else { Speaker::System },
        name: author.and_then(|author| author.first_word(&["name", "email", "id"])),
        text,
        start: part.moment("created_at"),
        end: None,
        place,
    })
}
