//! Google's Customer Experience Insights (CCAI): conversations as they are imported.
//!
//! Source of the field names: "Conversation data format", docs.cloud.google.com/contact-center/insights.

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts};
use super::messages::{lacks, turns};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Clock, Conversation, Format, Kind, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "ccai",
    looks_like: r#"{"entries":[{"start_timestamp_usec":…,"text":…,"role":"AGENT","user_id":2}]}, of Google CCAI"#,
    recognise,
    reading: Reading::Sequence(open::<Conversations>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    sample
        .outline()?
        .has(&["entries[].text", "entries[].role"])
        .then(|| "JSON with `text` and `role` in `entries[]`, as Google CCAI imports".to_owned())
}

#[derive(Default)]
struct Conversations;

impl Elements for Conversations {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(entries) = object.array("entries") else { return lacks("entries", object, at, sink) };
        let id = object.first_word(&["conversation_id", "conversationId", "id"]).unwrap_or_else(|| number.to_string());
        let turns = turns(&entries, &id, "text", at, sink, |entry| {
            let (text, place) = entry.located("text", at)?;
            let speaker = entry.word("role").and_then(|role| context.speakers.speaker(&role, None)).unwrap_or(Speaker::Unknown);
            Some(Turn {
                speaker,
                // The number of a participant is no name of an agent.
                name: entry.first_word(&["role", "user_id", "userId"]).filter(|_| speaker == Speaker::Unknown),
                text,
                start: ["start_timestamp_usec", "startTimestampUsec"].into_iter().find_map(|key| entry.number(key)).map(moment),
                end: None,
                place,
            })
        });
        let agent = object.first_word(&["agent", "agent_id", "agentId"]);
        let is_call = turns.first().and_then(|turn| turn.start.as_ref()).is_none_or(|start| start.clock == Clock::Start);
        let kind = if is_call { Kind::Call } else { Kind::Chat };
        sink.conversation(Conversation { id, agent, kind, turns, ..Conversation::default() });
    }
}

/// Microseconds, from 1970 or (in the documentation's own example, too) from the start.
fn moment(micros: f64) -> Moment {
    Moment::from_number(micros).filter(|_| micros >= 1e14).unwrap_or_else(|| Moment::from_offset_millis((micros / 1000.0) as i64))
}
