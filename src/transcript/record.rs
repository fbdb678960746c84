//! The project's own JSON shape of conversations and replies, as whole documents and lines share it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::dialogue::Dialogue;
use super::direction_words::{REMEDY, says_nothing};
use super::json_elements::without_place;
use super::json_object::Whereabouts;
use super::json_text::Scalar;
use super::offsets::Offsets;
use super::reading::{Context, Sink};
use super::unread_times::UnreadTimes;
use super::{Conversation, Direction, Ignore, Kind, Moment, Turn};

/// A conversation, `{"id":…,"agent":…,"turns":[…]}`, or a reply, `{"id":…,"text":…}`. Other keys are ignored.
///
/// Its turns are read with it, or, to recognise it and to say what is wrong with them, as they are written.
#[derive(Debug, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a, T: Deserialize<'de>"))]
pub(super) struct Record<'a, T = &'a RawValue> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    agent: Option<&'a RawValue>,
    #[serde(borrow)]
    direction: Option<&'a RawValue>,
    #[serde(borrow)]
    started: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    channel: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    sort: Option<&'a RawValue>,
    turns: Option<T>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    speaker: Option<&'a RawValue>,
    #[serde(borrow)]
    role: Option<&'a RawValue>,
    #[serde(borrow, rename = "phrase-lint-ignore")]
    ignore: Option<&'a RawValue>,
}

/// Where the times of turns stand.
pub(super) const TIME: &str = "the key `time`";

/// What [`Record::nature`] says of replies.
pub(super) const REPLIES: &str = "replies with `text`";

/// A record with its turns.
type WholeRecord<'a> = Record<'a, Vec<TurnRecord<'a>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TurnRecord<'a> {
    #[serde(borrow)]
    speaker: Option<&'a RawValue>,
    #[serde(borrow)]
    role: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(borrow)]
    end: Option<&'a RawValue>,
    #[serde(borrow, rename = "phrase-lint-ignore")]
    ignore: Option<&'a RawValue>,
}

impl<T> Default for Record<'_, T> {
    fn default() -> Self {
        Self {
            id: None,
            agent: None,
            direction: None,
            started: None,
            kind: None,
            channel: None,
            sort: None,
            turns: None,
            text: None,
            speaker: None,
            role: None,
            ignore: None,
        }
    }
}

impl<'a> Record<'a> {
    /// What tells that this is a record of ours; none where it is some other object.
    pub(super) fn nature(&self) -> Option<&'static str> {
        match (self.turns, self.text) {
            (Some(turns), _) if turns.get().starts_with('[') => Some("conversations with `turns`"),
            // With somebody who speaks it is a message of a conversation, in a shape that is not ours.
            (_, Some(text)) if text.get().starts_with('"') && self.speaker.is_none() && self.role.is_none() => Some(REPLIES),
            _ => None,
        }
    }

    /// Says what is wrong with its turns; whether anything is.
    fn report(&self, number: usize, at: &Whereabouts<'a>, sink: &mut Sink<'_>) -> bool {
        let Some(turns) = self.turns else { return false };
        let Err(error) = serde_json::from_str::<Vec<TurnRecord<'_>>>(turns.get()) else { return false };
        let what = format!("`turns` of the conversation {} cannot be read: {}", self.id(number), without_place(&error));
        sink.problem(Some(at.line_of(turns.get())), what, "make it an array of {\"speaker\":…,\"text\":…}");
        true
    }
}

/// Hands over the conversation or reply that an object is; `number` is its id where it has none. What became of the times of its
/// turns is noted in `times`.
///
/// # Errors
/// The object is no JSON, or not of these shapes.
pub(super) fn read<'a>(
    object: &'a str,
    number: usize,
    at: &Whereabouts<'a>,
    times: &mut UnreadTimes,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), serde_json::Error> {
    match serde_json::from_str::<WholeRecord<'_>>(object) {
        Ok(record) => record.read(object, number, at, times, context, sink),
        // All but the turns may be right.
        Err(error) => {
            if !serde_json::from_str::<Record<'_>>(object)?.report(number, at, sink) {
                return Err(error);
            }
        }
    }
    Ok(())
}

impl<T> Record<'_, T> {
    /// Its id, or else a number.
    fn id(&self, number: usize) -> String {
        let id = scalar(self.id).filter(|id| !id.is_empty());
        id.map_or_else(|| number.to_string(), Cow::into_owned)
    }
}

impl<'a> WholeRecord<'a> {
    fn read(
        self,
        whole: &'a str,
        number: usize,
        at: &Whereabouts<'a>,
        times: &mut UnreadTimes,
        context: &Context<'_>,
        sink: &mut Sink<'_>,
    ) {
        let id = self.id(number);
        let Some(turns) = self.turns else {
            match self.text.and_then(|text| Scalar(text).located(at.text, at.offset)) {
                Some((text, place)) => {
                    if let Some(dialogue) = Dialogue::by_itself(&text, &place, context) {
                        let agent = scalar(self.agent).filter(|agent| !agent.is_empty());
                        let kind = [self.kind, self.channel, self.sort].into_iter().find_map(|value| kind_of(&scalar(value)?));
                        let direction = direction(self.direction, at, sink);
                        return sink.conversation(Conversation {
                            id,
                            agent: agent.map(|agent| context.speakers.bare_name(&agent).to_owned()),
                            direction,
                            started: moment(self.started, context),
                            kind: kind.unwrap_or(dialogue.kind),
                            turns: dialogue.turns,
                            ignores: Ignore::of_value(self.ignore, None, at).into_iter().collect(),
                        });
                    }
                    let mut reply = Conversation::reply(id, text);
                    reply.turns[0].place = place;
                    reply.ignores.extend(Ignore::of_value(self.ignore, None, at));
                    sink.conversation(reply);
                }
                None => sink.problem(
                    Some(at.line_of(whole)),
                    "the record has neither `turns` (an array) nor `text` (a string)",
                    "write a conversation as {\"id\":…,\"turns\":[{\"speaker\":\"agent\",\"text\":…}]} or a reply as {\"id\":…,\"text\":…}",
                ),
            }
            return;
        };
        let kind = [self.kind, self.channel, self.sort].into_iter().find_map(|value| kind_of(&scalar(value)?));
        let mut conversation = Conversation {
            id,
            agent: scalar(self.agent).filter(|agent| !agent.is_empty()).map(Cow::into_owned),
            direction: direction(self.direction, at, sink),
            started: moment(self.started, context),
            kind: kind.unwrap_or_default(),
            turns: Vec::with_capacity(turns.len()),
            ignores: Ignore::of_value(self.ignore, None, at).into_iter().collect(),
        };
        let offsets = offsets(&turns, context);
        for record in turns {
            let turn = record.turn(conversation.agent.as_deref(), offsets, at, times, context);
            conversation.ignores.extend(Ignore::of_value(record.ignore, Some(conversation.turns.len()), at));
            if turn.is_none() {
                let what = format!("turn {} of the conversation {} has no `text`", conversation.turns.len(), conversation.id);
                let parts = [record.speaker, record.role, record.time, record.name, record.text, record.end, record.ignore];
                let part = parts.into_iter().flatten().next();
                sink.problem(
                    Some(at.line_of(part.map_or(whole, RawValue::get))),
                    what,
                    "give it one (an empty string where nothing was said)",
                );
            }
            // A turn that cannot be read still counts: the numbers of the others must not change.
            conversation.turns.push(turn.unwrap_or_default());
        }
        conversation.agent = conversation.agent.map(|agent| context.speakers.bare_name(&agent).to_owned());
        sink.conversation(conversation);
    }
}

impl<'a> TurnRecord<'a> {
    fn turn(
        &self,
        agent: Option<&str>,
        offsets: Option<Offsets>,
        at: &Whereabouts<'a>,
        times: &mut UnreadTimes,
        context: &Context<'_>,
    ) -> Option<Turn> {
        let (text, place) = Scalar(self.text?).located(at.text, at.offset)?;
        let word = |value: Option<&'a RawValue>| scalar(value).filter(|word| !word.trim().is_empty());
        let (said, role, name) = (word(self.speaker), word(self.role), word(self.name));
        let (speaker, name) = context.speakers.who(&[said.as_deref(), role.as_deref()], name.as_deref(), agent);
        let read = |value| moment(value, context).or_else(|| offsets?.moment(&scalar(value)?));
        let (start, end) = (read(self.time), read(self.end));
        let is_blank = |value| scalar(Some(value)).is_none_or(|time| time.trim().is_empty());
        if let Some(value) = self.time.filter(|value| start.is_some() || !is_blank(value)) {
            times.note(start.as_ref(), || (at.line_of(value.get()), scalar(Some(value)).unwrap_or_default()));
        }
        Some(Turn { speaker, name, text, start, end, place })
    }
}

/// What the times of turns count from the beginning of their conversation, where none is a time by itself.
fn offsets(turns: &[TurnRecord<'_>], context: &Context<'_>) -> Option<Offsets> {
    let times = || turns.iter().filter_map(|turn| turn.time);
    if times().next().is_none_or(|first| moment(Some(first), context).is_some()) {
        return None;
    }
    let written: Vec<Cow<'_, str>> = times().filter_map(|time| scalar(Some(time))).filter(|time| !time.trim().is_empty()).collect();
    Offsets::of(written.iter().map(|time| &**time))
}

fn scalar(value: Option<&RawValue>) -> Option<Cow<'_, str>> {
    value.and_then(|value| Scalar(value).text())
}

fn moment(value: Option<&RawValue>, context: &Context<'_>) -> Option<Moment> {
    value.and_then(|value| Scalar(value).moment_in(context.options.date_order))
}

/// Who called whom; a word that says neither is told.
pub(super) fn direction(value: Option<&RawValue>, at: &Whereabouts<'_>, sink: &mut Sink<'_>) -> Option<Direction> {
    let value = value?;
    let word = Scalar(value).text()?;
    let direction = Direction::of(&word);
    if direction.is_none() && !says_nothing(&word) {
        let word: String = word.chars().take(40).collect();
        sink.warning(Some(at.line_of(value.get())), format!("`{word}` is no direction"), REMEDY);
    }
    direction
}

/// What a word says of where a conversation took place.
pub(super) fn kind_of(word: &str) -> Option<Kind> {
    match word.to_lowercase().as_str() {
        "call" | "calls" | "phone" | "voice" | "telephone" | "audio" | "电话" | "電話" | "通话" | "通話" | "语音" | "語音" | "热线"
        | "熱線" => Some(Kind::Call),
        "chat" | "chats" | "im" | "online" | "webchat" | "在线" | "在線" | "聊天" | "会话" | "會話" | "微信" => {
            Some(Kind::Chat)
        }
        "reply" | "replies" | "canned" | "话术" | "話術" | "快捷短语" | "快捷短語" => Some(Kind::Replies),
        _ => None,
    }
}
