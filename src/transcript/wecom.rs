//! WeCom's archive of conversations (企业微信会话内容存档): one message a line, those of all conversations mixed.
//!
//! Source of the field names: developer.work.weixin.qq.com/document/path/91774. The ids of people outside begin with
//! `wm` or `wo` (in old archives `wr`), those of robots with `wb`; who else writes to them is the agent. Where nobody is outside,
//! nobody is known to be the agent.

use std::collections::{BTreeSet, HashMap};

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

/// A conversation under way: who is outside is known when all who take part are.
#[derive(Default)]
struct Open {
    conversation: Conversation,
    /// Whether it is named by the ids of those who write to each other, which are in `members`.
    is_of_two: bool,
    /// The ids of all who write or are written to.
    members: BTreeSet<String>,
}

#[derive(Default)]
struct Archive {
    conversations: Vec<Open>,
    /// From the id of a room, or those of two who write to each other, to the place of the conversation among them.
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
        let room = message.word("roomid");
        // The same for both directions.
        let key = room.clone().unwrap_or_else(|| {
            let mut pair = [from.as_str(), receivers.first().map_or("", String::as_str)];
            pair.sort_unstable();
            pair.join("|")
        });
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
        let given = context.speakers.role(&from);
        let turn = Turn {
            speaker: if recalled.is_some() { Speaker::System } else { given.unwrap_or_default() },
            name: Some(from.clone()),
            text,
            start: message.moment("msgtime"),
            end: None,
            place,
        };
        let next = self.conversations.len();
        let conversation = *self.by_id.entry(key).or_insert(next);
        if conversation == next {
            let is_of_two = room.is_none();
            let conversation = Conversation { id: room.unwrap_or_default(), ..Conversation::default() };
            self.conversations.push(Open { conversation, is_of_two, ..Open::default() });
        }
        if let Some((conversation, turn)) = recalled.and_then(|id| self.messages.get(&id))
            && let Some(turn) = self.conversations.get_mut(*conversation).and_then(|open| open.conversation.turns.get_mut(*turn))
        {
            turn.speaker = Speaker::System;
        }
        let Some(open) = self.conversations.get_mut(conversation) else { return };
        if let Some(id) = message.word("msgid") {
            self.messages.insert(id, (conversation, open.conversation.turns.len()));
        }
        open.conversation.turns.push(turn);
        // Of two only the first is written to.
        let written_to = receivers.into_iter().take(if open.is_of_two { 1 } else { usize::MAX });
        open.members.extend(written_to.chain([from]));
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        std::mem::take(&mut self.conversations).into_iter().for_each(|open| sink.conversation(open.close()));
    }

    fn open_from(&self) -> Option<usize> {
        self.conversations.first().map(|open| open.conversation.first_byte())
    }
}

/// The message that this one takes back.
fn recalls(message: &Object<'_>) -> Option<String> {
    let is_recall = message.word("action").as_deref() == Some("recall") || message.word("msgtype").as_deref() == Some("revoke");
    is_recall.then(|| message.word("pre_msgid").or_else(|| message.object("revoke")?.word("pre_msgid")).unwrap_or_default())
}

impl Open {
    /// The conversation, with who speaks.
    fn close(self) -> Conversation {
        let Self { mut conversation, is_of_two, members } = self;
        // The ids that a company gives its staff may begin the same, but are words; those that its customers get are longer, but
        // for archives in which somebody has put others in their place.
        let are_real = members.iter().any(|id| id.len() >= SHORTEST && outside(id).is_some());
        let outside = |id: &str| outside(id).filter(|_| !are_real || id.len() >= SHORTEST);
        if is_of_two {
            // The agent's id first.
            let mut pair: Vec<&str> = members.iter().map(String::as_str).collect();
            pair.sort_by_key(|id| (outside(id).is_some(), *id));
            conversation.id = pair.join("|");
        }
        let is_with_others = members.iter().any(|id| outside(id).is_some());
        for turn in conversation.turns.iter_mut().filter(|turn| turn.speaker == Speaker::Unknown) {
            let of_staff = || is_with_others.then_some(Speaker::Agent);
            turn.speaker = turn.name.as_deref().and_then(outside).or_else(of_staff).unwrap_or_default();
        }
        conversation
    }
}

/// The shortest that ids of people outside are, in bytes, where nobody has changed them.
const SHORTEST: usize = 20;

/// Who the owner of an id is by its beginning, where that is not one of the company's staff.
fn outside(id: &str) -> Option<Speaker> {
    match id.get(..2)? {
        "wb" => Some(Speaker::Bot),
        "wm" | "wo" | "wr" => Some(Speaker::Customer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who speaks in a conversation of these who write to each other in turn, and its id.
    fn speakers(ids: [&str; 2]) -> (Vec<Speaker>, String) {
        let turns = ids.iter().map(|id| Turn { name: Some((*id).to_owned()), ..Turn::default() }).collect();
        let members = ids.iter().map(|id| (*id).to_owned()).collect();
        let conversation = Open { conversation: Conversation { turns, ..Conversation::default() }, is_of_two: true, members }.close();
        (conversation.turns.iter().map(|turn| turn.speaker).collect(), conversation.id)
    }

    #[test]
    fn whoever_is_outside_is_so_by_the_beginning_of_the_id() {
        use Speaker::{Agent, Bot, Customer, Unknown};
        for id in ["wm1", "wmCustomer01", "wo_3", "wrErxtDgAA9AW32YyyuYRimKr7D1KWlw"] {
            assert_eq!(speakers([id, "anna"]), (vec![Customer, Agent], format!("anna|{id}")));
        }
        assert_eq!(speakers(["wb1", "anna"]).0, [Bot, Agent]);
        assert_eq!(speakers(["lisi", "anna"]).0, [Unknown, Unknown]);
        // 吴敏 and 温 are of the staff, whatever their ids begin with.
        assert_eq!(speakers(["wumin", "wmErxtDgAA9AW32YyyuYRimKr7D1KWlw"]).0, [Agent, Customer]);
        assert_eq!(speakers(["wren", "wmErxtDgAA9AW32YyyuYRimKr7D1KWlw"]).0, [Agent, Customer]);
    }
}
