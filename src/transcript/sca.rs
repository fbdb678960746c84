//! Alibaba Cloud's conversation analysis (智能对话分析, SCA): what is uploaded to be checked.
//!
//! Source of the field names: the reference of `UploadData`, help.aliyun.com/document_detail/111394.html.

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts};
use super::messages::{lacks, turns};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Direction, Format, Kind, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "sca",
    looks_like: r#"{"tickets":[{"tid":…,"dialogue":[{"role":"客服","words":"…","begin":0}]}]}, an upload to Alibaba SCA"#,
    recognise,
    reading: Reading::Sequence(open::<Tickets>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let outline = sample.outline()?;
    let found = ["tickets[].dialogue[]", "dialogue[]"]
        .into_iter()
        .find(|list| outline.has(&[&format!("{list}.words"), &format!("{list}.role")]))?;
    Some(format!("JSON with `role` and `words` in `{found}`, as uploads to Alibaba SCA have"))
}

#[derive(Default)]
struct Tickets;

impl Elements for Tickets {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(tickets) = object.array("tickets") else { return ticket(object, number, false, at, context, sink) };
        // 0 is chat, 1 a transcribed call.
        let is_call = object.number("optional") == Some(1.0);
        for (index, value) in tickets.into_iter().enumerate() {
            match Object::of(value) {
                Some(object) => ticket(&object, index + 1, is_call, at, context, sink),
                None => sink.problem(Some(at.line_of(value.get())), "a ticket is no object", "write it as {\"tid\":…,\"dialogue\":[…]}"),
            }
        }
    }
}

fn ticket(ticket: &Object<'_>, number: usize, is_call: bool, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(dialogue) = ticket.array("dialogue") else { return lacks("dialogue", ticket, at, sink) };
    let id = ticket.word("tid").unwrap_or_else(|| number.to_string());
    let call_type = ticket.number("callType");
    let turns = turns(&dialogue, &id, "words", at, sink, |sentence| {
        let (text, place) = sentence.located("words", at)?;
        let role = sentence.word("role");
        let speaker = role.as_deref().and_then(|role| context.speakers.speaker(role, None)).unwrap_or(Speaker::Unknown);
        let (start, end) = times(sentence);
        let name = sentence.word("identity").map(|name| context.speakers.bare_name(&name).to_owned());
        Some(Turn { speaker, name: name.or(role.filter(|_| speaker == Speaker::Unknown)), text, start, end, place })
    });
    sink.conversation(Conversation {
        agent: ticket.first_word(&["customerServiceName", "customerServiceId"]).map(|agent| context.speakers.bare_name(&agent).to_owned()),
        direction: match call_type {
            Some(1.0) => Some(Direction::Outbound),
            Some(3.0) => Some(Direction::Inbound),
            _ => None,
        },
        kind: if is_call || call_type.is_some() { Kind::Call } else { Kind::Chat },
        id,
        turns,
        ..Conversation::default()
    });
}

/// `beginTime` is a Unix time in ms, `begin` and `end` are ms from the start of the conversation.
fn times(sentence: &Object<'_>) -> (Option<Moment>, Option<Moment>) {
    let offset = |key| sentence.number(key).map(|millis| millis as i64);
    let (begin, end) = (offset("begin"), offset("end"));
    match (sentence.moment("beginTime"), begin.zip(end)) {
        (Some(start), Some((begin, end))) => {
            let end = start.after_millis(end - begin);
            (Some(start), Some(end))
        }
        (Some(start), None) => (Some(start), None),
        (None, _) => (begin.map(Moment::from_offset_millis), end.map(Moment::from_offset_millis)),
    }
}
