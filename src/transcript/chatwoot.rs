//! Chatwoot: messages of conversations, and canned responses.
//!
//! Source of the field names: developers.chatwoot.com, messages and canned responses of the application API.

use std::collections::HashMap;

use super::json_elements::{Elements, open, too_deep};
use super::json_object::{Object, Whereabouts};
use super::reading::{Context, Reading, Sample, Sink};
use super::strings::DEEPEST;
use super::{Conversation, Format, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "chatwoot",
    looks_like: r#"{"payload":[{"content":…,"message_type":1,"conversation_id":…}]} or {"short_code":…,"content":…}, of Chatwoot"#,
    recognise,
    reading: Reading::Sequence(open::<Messages>),
};

/// Where messages may stand in an object.
const LISTS: [&str; 2] = ["payload", "messages"];

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    for list in ["payload[].", "payload[].messages[].", "messages[].", ""] {
        if outline.has(&[&format!("{list}message_type"), &format!("{list}content")]) {
            return Some(format!("JSON with `{list}message_type` and `{list}content`, as Chatwoot has"));
        }
    }
    outline.has(&["short_code", "content"]).then(|| "JSON with `short_code` and `content`, as Chatwoot's canned responses have".to_owned())
}

/// Messages by conversation.
#[derive(Default)]
struct Messages {
    conversations: Vec<Conversation>,
    by_id: HashMap<String, usize>,
}

impl Elements for Messages {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        self.object(object, 0, number, at, sink);
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        std::mem::take(&mut self.conversations).into_iter().for_each(|conversation| sink.conversation(conversation));
    }

    fn open_from(&self) -> Option<usize> {
        self.conversations.first().map(Conversation::first_byte)
    }
}

impl Messages {
    /// Reads an object within `depth` others.
    fn object(&mut self, object: &Object<'_>, depth: usize, number: usize, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
        if depth > DEEPEST {
            return too_deep(object.raw, at, sink);
        }
        let list = LISTS.into_iter().find_map(|key| object.objects(key));
        if let Some(list) = list {
            // A conversation, or the answer that holds its messages.
            let id = object.word("id").or_else(|| object.object("meta")?.word("conversation_id"));
            for inner in list {
                if LISTS.iter().any(|key| inner.get(key).is_some()) {
                    self.object(&inner, depth + 1, number, at, sink);
                } else {
                    self.message(&inner, id.as_deref(), at, sink);
                }
            }
        } else if object.get("message_type").is_some() {
            self.message(object, None, at, sink);
        } else {
            canned(object, number, at, sink);
        }
    }

    fn message(&mut self, message: &Object<'_>, conversation: Option<&str>, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
        let sender = message.object("sender");
        let sender_type = message.word("sender_type").or_else(|| sender.as_ref()?.word("type")).unwrap_or_default().to_ascii_lowercase();
        let speaker = match message.word("message_type").unwrap_or_default().as_str() {
            "0" | "incoming" => Speaker::Customer,
            "1" | "outgoing" if sender_type.contains("bot") => Speaker::Bot,
            "1" | "outgoing" => Speaker::Agent,
            "2" | "activity" => Speaker::System,
            "3" | "template" => Speaker::Bot,
            _ => {
                let what = "the message has a `message_type` other than 0, 1, 2 or 3";
                return sink.problem(Some(at.line_of(message.raw.get())), what, "correct it, or leave the message out");
            }
        };
        // Only an attachment may stand alone.
        let (text, place) = message.located("content", at).unwrap_or_default();
        let turn = Turn {
            speaker: if message.is_true("private") { Speaker::System } else { speaker },
            name: sender.and_then(|sender| sender.first_word(&["name", "available_name", "email"])),
            text,
            start: message.moment("created_at"),
            end: None,
            place,
        };
        let id = message.word("conversation_id").or(conversation.map(str::to_owned)).unwrap_or_else(|| "1".to_owned());
        let next = self.conversations.len();
        let open = *self.by_id.entry(id.clone()).or_insert(next);
        if open == next {
            self.conversations.push(Conversation { id, ..Conversation::default() });
        }
        if let Some(open) = self.conversations.get_mut(open) {
            open.turns.push(turn);
        }
    }
}

fn canned(object: &Object<'_>, number: usize, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
    match object.located("content", at) {
        Some((text, place)) => {
            let mut reply = Conversation::reply(object.first_word(&["short_code", "id"]).unwrap_or_else(|| number.to_string()), text);
            reply.turns[0].place = place;
            sink.conversation(reply);
        }
        None => {
            let what = "the object has neither messages nor a canned response's `content`";
            sink.problem(Some(at.line_of(object.raw.get())), what, "complete it, or leave it out");
        }
    }
}
