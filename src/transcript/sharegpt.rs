//! Conversations in the shape of ShareGPT, in which many sets of dialogues are published: `gpt` is the agent.

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts};
use super::messages::{lacks, turns};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Format, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "sharegpt",
    looks_like: r#"{"conversations":[{"from":"human","value":…},{"from":"gpt","value":…}]}, in lines or an array"#,
    recognise,
    reading: Reading::Sequence(open::<Talks>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    sample
        .outline()?
        .has(&["conversations[].from", "conversations[].value"])
        .then(|| "JSON with `from` and `value` in `conversations[]`, the shape of ShareGPT".to_owned())
}

#[derive(Default)]
struct Talks;

impl Elements for Talks {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(messages) = object.array("conversations") else { return lacks("conversations", object, at, sink) };
        let id = object.word("id").unwrap_or_else(|| number.to_string());
        let turns = turns(&messages, &id, "value", at, sink, |message| {
            let (text, place) = message.located("value", at)?;
            let from = message.word("from").unwrap_or_default();
            let speaker = match from.as_str() {
                "gpt" | "chatgpt" | "bing" | "bard" | "model" => Speaker::Agent,
                "system" | "tool" | "function_call" | "observation" => Speaker::System,
                from => context.speakers.speaker(from, None).unwrap_or(Speaker::Unknown),
            };
            let name = (speaker == Speaker::Unknown || context.speakers.is_given_name(&from)).then_some(from);
            Some(Turn { speaker, name, text, start: None, end: None, place })
        });
        sink.conversation(Conversation { id, turns, ..Conversation::default() });
    }
}
