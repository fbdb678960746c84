//! WeCom's archive of conversations (企业微信会话内容存档): one message a line, those of all conversations mixed.
//!
//! Source of the field names: developer.work.weixin.qq.com/document/path/91774. The ids of people outside begin with
//! `wm` or `wo` (in old archives `wr`), those of robots with `wb`; who else writes to them is the agent.

use std::collections::HashMap;

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Format, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "wecom",
    looks_like: r#"a line each: {"msgid":…,"action":"send","from":…,"tolist":[…],"msgtype":"text","text":{"content":…}}, of WeCom"#,
    recognise,
    reading: Reading::Sequence(open::<Archive>),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    sample
        .outline()?
        .has(&["msgid", "action", "from", "msgtype"])
        .then(|| "JSON with `msgid`, `action` and `msgtype`, as WeCom archives".to_owned())
}

#[derive(Default)]
struct Archive {
    conversations: Vec<Conversation>,
    /// From the id of a conversation to its place among them.
    by_id: HashMap<String, usize>,
    /// From the id of a message to its conversation and turn.
    messages: HashMap<String, (usize, usize)>,
}

impl Elements for Archive {
    fn element(&mut self, message: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        // Somebody changed to another company's account: no message.
        if message.word("action").as_deref() == Some("switch") {
            return;
        }
        let line = Some(at.line_of(message.raw.get()));
        let Some(from) = message.word("from") else {
            return sink.problem(line, format!("message {number} has no sender in `from`"), "complete it, or leave it out");
        };
        let receivers: Vec<String> = message
            .array("tolist")
            .unwrap_or_default()
            .iter()
            .filter_map(|id| super::json_text::Scalar(id).text())
            .map(|id| id.into_owned())
            .collect();
        let id = message.word("roomid").unwrap_or_else(|| {
            // The same for both directions; the agent's id first.
            let mut pair = [from.as_str(), receivers.first().map_or("", String::as_str)];
            pair.sort_by_key(|id| (outside(id).is_some(), *id));
            pair.join("|")
        });
        let is_among_colleagues = outside(&from).is_none() && receivers.iter().all(|id| outside(id).is_none());
        let recalled = recalls(message);
        let kind = message.word("msgtype").unwrap_or_default();
        let said = match kind.as_str() {
            "text" | "markdown" => message.object(&kind).and_then(|body| body.located("content", at)),
            // Pictures, files, cards: a turn without words.
            _ => Some(Default::default()),
        };
        let Some((text, place)) = said else {
            return sink.problem(line, format!("message {number} has no text in `{kind}.content`"), "complete it, or leave it out");
        };
        let speaker = context.speakers.role(&from).or(outside(&from)).unwrap_or(Speaker::Agent);
        let is_notice = recalled.is_some() || is_among_colleagues;
        let turn = Turn {
            speaker: if is_notice { Speaker::System } else { speaker },
            name: Some(from),
            text,
            start: message.moment("msgtime"),
            end: None,
            place,
        };
        let next = self.conversations.len();
        let conversation = *self.by_id.entry(id.clone()).or_insert(next);
        if conversation == next {
            self.conversations.push(Conversation { id, ..Conversation::default() });
        }
        if let Some((conversation, turn)) = recalled.and_then(|id| self.messages.get(&id))
            && let Some(turn) = self.conversations.get_mut(*conversation).and_then(|conversation| conversation.turns.get_mut(*turn))
        {
            turn.speaker = Speaker::System;
        }
        let Some(open) = self.conversations.get_mut(conversation) else { return };
        if let Some(id) = message.word("msgid") {
            self.messages.insert(id, (conversation, open.turns.len()));
        }
        open.turns.push(turn);
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        std::mem::take(&mut self.conversations).into_iter().for_each(|conversation| sink.conversation(conversation));
    }

    fn open_from(&self) -> Option<usize> {
        self.conversations.first().map(Conversation::first_byte)
    }
}

/// The message that this one takes back.
fn recalls(message: &Object<'_>) -> Option<String> {
    let is_recall = message.word("action").as_deref() == Some("recall") || message.word("msgtype").as_deref() == Some("revoke");
    is_recall.then(|| message.word("pre_msgid").or_else(|| message.object("revoke")?.word("pre_msgid")).unwrap_or_default())
}

/// Who the owner of an id is, where it does not belong to the company's staff.
fn outside(id: &str) -> Option<Speaker> {
    // They are as long as that; the ids that a company gives its staff may begin the same, but are words.
    const SHORTEST: usize = 20;
    match id.get(..2).filter(|_| id.len() >= SHORTEST)? {
        "wb" => Some(Speaker::Bot),
        "wm" | "wo" | "wr" => Some(Speaker::Customer),
        _ => None,
    }
}
