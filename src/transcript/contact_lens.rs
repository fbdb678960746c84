//! Amazon Connect Contact Lens: analysed calls and chats.
//!
//! Source of the field names: "Example Contact Lens output files" in the Amazon Connect administrator guide.

use serde_json::value::RawValue;

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts};
use super::messages::{lacks, turns};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Format, Kind, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "contact-lens",
    looks_like: r#"{"Participants":[…],"Transcript":[{"ParticipantId":…,"Content":…}]}, of Amazon Contact Lens"#,
    recognise,
    reading: Reading::Sequence(open::<Contacts>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    (outline.has(&["Transcript[].Content"])
        && (outline.has(&["Transcript[].ParticipantId"]) || outline.has(&["Transcript[].ParticipantRole"])))
    .then(|| "JSON with `Content` and a participant in `Transcript[]`, as Amazon Contact Lens writes".to_owned())
}

#[derive(Default)]
struct Contacts;

impl Elements for Contacts {
    fn element(&mut self, contact: &Object<'_>, number: usize, at: &Whereabouts<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(transcript) = contact.array("Transcript") else { return lacks("Transcript", contact, at, sink) };
        let participants: Vec<(String, String)> = contact
            .objects("Participants")
            .unwrap_or_default()
            .iter()
            .filter_map(|participant| Some((participant.word("ParticipantId")?, participant.word("ParticipantRole")?)))
            .collect();
        let metadata = contact.object("CustomerMetadata");
        let id = metadata
            .and_then(|metadata| metadata.word("ContactId"))
            .or_else(|| contact.word("ContactId"))
            .unwrap_or_else(|| number.to_string());
        let is_chat = match contact.word("Channel") {
            Some(channel) => channel.eq_ignore_ascii_case("chat"),
            None => are_messages(&transcript),
        };
        let turns = turns(&transcript, &id, "Content", at, sink, |item| {
            let participant = item.word("ParticipantId").unwrap_or_default();
            let role = participants.iter().find(|(id, _)| *id == participant).map(|(_, role)| role.clone());
            // Without a list of participants, the id of a call's speaker is the role.
            let role = item.word("ParticipantRole").or(role).unwrap_or_else(|| participant.clone());
            let speaker = match role.to_ascii_uppercase().as_str() {
                "AGENT" | "SUPERVISOR" => Speaker::Agent,
                "CUSTOMER" => Speaker::Customer,
                "CUSTOM_BOT" => Speaker::Bot,
                "SYSTEM" => Speaker::System,
                _ => Speaker::Unknown,
            };
            // Events, attachments and interactive messages hold no words of a person.
            let is_text = item.word("ContentType").is_none_or(|kind| matches!(kind.as_str(), "text/plain" | "text/markdown"))
                && item.word("Type").is_none_or(|kind| kind == "MESSAGE");
            let said = item.located("Content", at);
            let (text, place) = if is_text { said? } else { said.unwrap_or_default() };
            let offset = |key| item.number(key).map(|millis| Moment::from_offset_millis(millis as i64));
            Some(Turn {
                speaker: if is_text { speaker } else { Speaker::System },
                name: item.word("DisplayName").or((speaker == Speaker::Unknown).then_some(participant)),
                text,
                start: item.moment("AbsoluteTime").or_else(|| offset("BeginOffsetMillis")),
                end: offset("EndOffsetMillis"),
                place,
            })
        });
        let kind = if is_chat { Kind::Chat } else { Kind::Call };
        sink.conversation(Conversation { id, kind, turns, ..Conversation::default() });
    }
}

/// Whether these are messages of a chat, which have a type and a time of the day; what was said in a call has its distance from the
/// call's beginning.
fn are_messages(transcript: &[&RawValue]) -> bool {
    let any = |key: &str| transcript.iter().filter_map(|item| Object::of(item)).any(|item| item.get(key).is_some());
    !any("BeginOffsetMillis") && (any("ContentType") || any("AbsoluteTime"))
}
