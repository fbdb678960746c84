//! JSON of a shape of its own, read by the paths that the user gives.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts, array};
use super::json_text::Scalar;
use super::reading::{Context, Reading, Sample, Sink};
use super::{Conversation, Format, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "mapped",
    looks_like: "JSON of any shape, by the paths of a mapping in phrase-lint.toml",
    recognise,
    reading: Reading::Sequence(open::<Mapped>),
};

/// Where JSON holds what: paths of keys divided by dots, `data.sessions`. Arrays on the way are looked through.
///
/// With `turns`, each conversation is an object: `id`, `agent` and `turns` are found from there, the others from each
/// turn. Without, each object is a turn, and turns with the same id are a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mapping {
    /// To the conversations (without `turns`: to the turns), from the top; absent where each object of the document
    /// is one.
    pub conversations: Option<String>,
    /// To the conversation's id.
    pub id: Option<String>,
    /// To the turns.
    pub turns: Option<String>,
    /// To who speaks: a role, or a name that `--speaker` explains.
    pub speaker: String,
    /// To the words.
    pub text: String,
    /// To the time when the turn began.
    pub time: Option<String>,
    /// To the agent's name.
    pub agent: Option<String>,
}

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let mapping = context.options.mapping.as_ref()?;
    let outline = sample.outline()?;
    let path = [mapping.conversations.as_deref(), mapping.turns.as_deref(), Some(mapping.text.as_str())];
    let path = path.into_iter().flatten().collect::<Vec<_>>().join(".");
    let is_there = outline.paths().any(|(known, _)| known.replace("[]", "") == path);
    is_there.then(|| format!("JSON with `{path}`, as the mapping says"))
}

#[derive(Default)]
struct Mapped {
    /// Conversations whose turns stand by themselves.
    scattered: Vec<Conversation>,
    by_id: HashMap<String, usize>,
}

impl Elements for Mapped {
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(mapping) = &context.options.mapping else {
            return sink.problem(None, "there is no mapping", "give one in phrase-lint.toml");
        };
        let mut found = vec![object.raw];
        if let Some(path) = &mapping.conversations {
            found = follow(object.raw, path);
        }
        for (index, value) in found.iter().enumerate() {
            let number = if mapping.conversations.is_some() { index + 1 } else { number };
            let word = |path: &Option<String>| path.as_deref().and_then(|path| word(value, path));
            let id = word(&mapping.id).unwrap_or_else(|| number.to_string());
            let agent = word(&mapping.agent);
            let Some(turns) = &mapping.turns else {
                let turn = turn(value, mapping, at, context, sink);
                self.scattered_turn(word(&mapping.id).unwrap_or_else(|| "1".to_owned()), agent, turn);
                continue;
            };
            let turns = follow(value, turns).into_iter().map(|value| turn(value, mapping, at, context, sink)).collect();
            sink.conversation(Conversation { id, agent, turns, ..Conversation::default() });
        }
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        std::mem::take(&mut self.scattered).into_iter().for_each(|conversation| sink.conversation(conversation));
    }
}

impl Mapped {
    fn scattered_turn(&mut self, id: String, agent: Option<String>, turn: Turn) {
        let next = self.scattered.len();
        let at = *self.by_id.entry(id.clone()).or_insert(next);
        if at == next {
            self.scattered.push(Conversation { id, ..Conversation::default() });
        }
        if let Some(conversation) = self.scattered.get_mut(at) {
            conversation.agent = conversation.agent.take().or(agent);
            conversation.turns.push(turn);
        }
    }
}

fn turn(value: &RawValue, mapping: &Mapping, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) -> Turn {
    let said = follow(value, &mapping.text).into_iter().find_map(|text| Scalar(text).located(at.text, at.offset));
    let Some((text, place)) = said else {
        let what = format!("a turn has no text at `{}`", mapping.text);
        sink.problem(Some(at.line_of(value.get())), what, "complete it, or correct the mapping");
        return Turn::default();
    };
    let name = word(value, &mapping.speaker);
    let role = name.as_deref().and_then(|name| context.speakers.role(name));
    Turn {
        speaker: role.unwrap_or(Speaker::Unknown),
        name: name.filter(|_| role.is_none()),
        text,
        start: mapping.time.as_deref().and_then(|path| follow(value, path).into_iter().find_map(|time| Scalar(time).moment())),
        end: None,
        place,
    }
}

/// The values that a path leads to.
fn follow<'a>(from: &'a RawValue, path: &str) -> Vec<&'a RawValue> {
    let mut found = vec![from];
    for key in path.split('.') {
        found = found
            .into_iter()
            .flat_map(|value| array(value).unwrap_or_else(|| vec![value]))
            .filter_map(|value| Object::of(value)?.get(key.trim_end_matches("[]")))
            .collect();
    }
    found.into_iter().flat_map(|value| array(value).unwrap_or_else(|| vec![value])).collect()
}

fn word(from: &RawValue, path: &str) -> Option<String> {
    let text = follow(from, path).into_iter().find_map(|value| Scalar(value).text())?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
