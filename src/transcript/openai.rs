//! Messages in the shape of OpenAI's API, as chat models are trained and their talks logged: the assistant is the agent.

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts};
use super::located::Located;
use super::messages::{lacks, turns};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Format, Place, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "openai",
    looks_like: r#"{"messages":[{"role":"user","content":…},{"role":"assistant","content":…}]}, in lines or an array"#,
    recognise,
    reading: Reading::Sequence(open::<Talks>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    let list = ["messages[].", ""].into_iter().find(|list| {
        let is_role = |role: &String| matches!(role.as_str(), "user" | "assistant" | "system" | "developer" | "tool");
        outline.has(&[&format!("{list}content")]) && outline.values(&format!("{list}role")).iter().any(is_role)
    })?;
    Some(format!("JSON with `{list}role` and `{list}content`, as chat models are asked and answer"))
}

/// Conversations, or the messages of a single one.
#[derive(Default)]
struct Talks {
    single: Conversation,
}

impl Elements for Talks {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        if object.get("role").is_some() {
            let found = turns(&[object.raw], "1", "content", at, sink, |message| turn(message, at, context));
            return self.single.turns.extend(found);
        }
        let Some(messages) = object.array("messages") else { return lacks("messages", object, at, sink) };
        let id = object.first_word(&["id", "conversation_id", "session_id"]).unwrap_or_else(|| number.to_string());
        let turns = turns(&messages, &id, "content", at, sink, |message| turn(message, at, context));
        sink.conversation(Conversation { id, turns, ..Conversation::default() });
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        if !self.single.turns.is_empty() {
            self.single.id = "1".to_owned();
            sink.conversation(std::mem::take(&mut self.single));
        }
    }

    fn open_from(&self) -> Option<usize> {
        (!self.single.turns.is_empty()).then(|| self.single.first_byte())
    }
}

fn turn(message: &Object<'_>, at: &Whereabouts<'_>, context: &Context<'_>) -> Option<Turn> {
    let role = message.word("role")?;
    let speaker = match role.as_str() {
        // Instructions to a model, and what programs told it.
        "system" | "developer" | "tool" | "function" => Speaker::System,
        role => context.speakers.speaker(role, None).unwrap_or(Speaker::Unknown),
    };
    let (text, place) = match message.array("content") {
        Some(parts) => parts_of(&parts, at),
        // A call of a tool has no words.
        None if message.get("content").is_none() && (message.get("tool_calls").is_some() || message.get("function_call").is_some()) => {
            Default::default()
        }
        None => message.located("content", at)?,
    };
    let name = message.word("name").or_else(|| (speaker == Speaker::Unknown || context.speakers.is_given_name(&role)).then_some(role));
    Some(Turn {
        speaker,
        name,
        text,
        start: ["time", "timestamp", "created_at"].into_iter().find_map(|key| message.moment(key)),
        end: None,
        place,
    })
}

/// Content in parts: the texts among them, a line each.
fn parts_of(parts: &[&serde_json::value::RawValue], at: &Whereabouts<'_>) -> (String, Place) {
    let mut content = Located::default();
    for part in parts.iter().filter_map(|part| Object::of(part)) {
        let Some((text, place)) = part.located("text", at) else { continue };
        if let Some(start) = place.source(0).filter(|_| !content.as_str().is_empty()) {
            content.escape("\n", start, 0);
        }
        content.part(&text, &place, 0..text.len());
    }
    content.finish()
}
