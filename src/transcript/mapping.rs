//! JSON of a shape of its own, read by the paths that the user gives. A table of its own is read by the same
//! [`Mapping`], as names of its columns: see `columns`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::dialogue::Dialogue;
use super::json_elements::{Elements, open};
use super::json_object::{Object, Whereabouts, array};
use super::json_text::Scalar;
use super::reading::{Context, Reading, Sample, Sink};
use super::record::direction;
use super::turn_order::put_in_order;
use super::{Conversation, Format, IGNORE, Ignore, Moment, Place, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "mapped",
    looks_like: "JSON of any shape, by the paths of a mapping in phrase-lint.toml",
    recognise,
    reading: Reading::Sequence(open::<Mapped>),
};

/// Where JSON or a table of a shape of its own holds what.
///
/// In JSON these are paths of keys divided by dots, `data.sessions`; arrays on the way are looked through. With
/// `turns`, each conversation is an object: `id`, `agent`, `direction` and `turns` are found from there, the others
/// from each turn. Without, each object is a turn, and turns with the same id are a conversation; without `speaker`
/// too, each object is a canned reply. In a table these are names of columns, and each row is a turn or a reply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mapping {
    /// To the conversations (without `turns`: to the turns or replies), from the top of the JSON; absent where each
    /// object of the document is one.
    pub conversations: Option<String>,
    /// To the conversation's or reply's id.
    pub id: Option<String>,
    /// To the agent's name.
    pub agent: Option<String>,
    /// To who began: inbound or outbound, 呼入 or 外呼.
    pub direction: Option<String>,
    /// To the turns of a conversation.
    pub turns: Option<String>,
    /// To who speaks: a role, or a name that `speakers` explains. Absent for canned replies.
    pub speaker: Option<String>,
    /// To the speaker's name, where it stands apart from the role.
    pub name: Option<String>,
    /// To the words.
    pub text: String,
    /// To the time when the turn began.
    pub time: Option<String>,
    /// To the time when the turn ended.
    pub end: Option<String>,
}

impl Mapping {
    /// What makes no sense in it, and what to do; none where it can be used.
    pub fn mistake(&self) -> Option<(String, String)> {
        if let Some((key, _)) = self.paths().find(|(_, path)| path.trim().is_empty()) {
            return Some((
                format!("the mapping's `{key}` is empty"),
                "write a path of keys or the name of a column, or leave it out".to_owned(),
            ));
        }
        if self.turns.is_some() && self.speaker.is_none() {
            let remedy = "add speaker = \"…\", the path from a turn to who speaks, or leave out `turns` for canned replies";
            return Some(("the mapping has `turns` but no `speaker`".to_owned(), remedy.to_owned()));
        }
        None
    }

    /// What is mapped, as keys and paths.
    pub fn paths(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let optional = [
            ("conversations", &self.conversations),
            ("id", &self.id),
            ("agent", &self.agent),
            ("direction", &self.direction),
            ("turns", &self.turns),
            ("speaker", &self.speaker),
            ("name", &self.name),
            ("time", &self.time),
            ("end", &self.end),
        ];
        let optional = optional.into_iter().filter_map(|(key, path)| Some((key, path.as_deref()?)));
        optional.chain([("text", self.text.as_str())])
    }

    /// The path from the top of the JSON to what stands under this key of the mapping; in a table, which has but a top, the name of
    /// a column.
    pub fn path_from_top(&self, key: &str, path: &str) -> String {
        let steps = match key {
            "conversations" => [None, None, Some(path)],
            "id" | "agent" | "direction" | "turns" => [self.conversations.as_deref(), None, Some(path)],
            _ => [self.conversations.as_deref(), self.turns.as_deref(), Some(path)],
        };
        steps.into_iter().flatten().collect::<Vec<_>>().join(".").replace("[]", "")
    }

    /// The keys of what a document must have that is of this shape: its text, who speaks, and in a table the conversation.
    pub fn needs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let is_table = !self.is_for_objects();
        self.paths().filter(move |(key, _)| matches!(*key, "text" | "speaker") || (*key == "id" && is_table))
    }

    /// Whether it speaks of objects within objects, which no table has.
    pub(super) fn is_for_objects(&self) -> bool {
        self.conversations.is_some() || self.turns.is_some()
    }

    /// Why a document is of this shape; none where it is not.
    fn fits(&self, sample: &Sample<'_>) -> Option<String> {
        let text = self.path_from_top("text", &self.text);
        // A document in which nobody speaks has another shape.
        let mut needed = ["text", "speaker"].into_iter().filter_map(|key| Some((key, self.path(key)?)));
        needed.all(|(key, path)| self.is_in(sample, key, path)).then(|| format!("JSON with `{text}`, as a mapping says"))
    }

    /// Whether a document of JSON has something at a path of the mapping.
    fn is_in(&self, sample: &Sample<'_>, key: &str, path: &str) -> bool {
        let path = self.path_from_top(key, path);
        sample.outline().is_some_and(|outline| outline.paths().any(|(known, _)| known.replace("[]", "") == path))
    }

    /// What stands under one of its keys.
    fn path(&self, key: &str) -> Option<&str> {
        self.paths().find(|(known, _)| *known == key).map(|(_, path)| path)
    }
}

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let mappings = &context.options.mappings;
    let fitting = mappings.iter().find_map(|mapping| mapping.fits(sample));
    if let Some(met) = &context.options.met
        && let Some(outline) = sample.outline()
    {
        met.keep_fields(outline.paths().map(|(path, _)| path.replace("[]", "")));
        for (number, mapping) in mappings.iter().enumerate() {
            let paths = mapping.paths().filter(|(key, path)| mapping.is_in(sample, key, path));
            paths.for_each(|(key, _)| met.meet_field(number, key));
        }
        if fitting.is_none() {
            let has = |mapping: &Mapping, key| mapping.path(key).is_some_and(|path| mapping.is_in(sample, key, path));
            met.miss(mappings, |mapping| has(mapping, "text") || has(mapping, "speaker"));
        }
    }
    fitting
}

#[derive(Default)]
struct Mapped {
    /// The mapping that fits the document; where none does, the first.
    mapping: Option<Mapping>,
    /// Its number, and its keys at whose paths nothing was found so far.
    number: usize,
    missing: Vec<&'static str>,
    /// Conversations whose turns stand by themselves.
    scattered: Vec<Conversation>,
    by_id: HashMap<String, usize>,
}

impl Elements for Mapped {
    fn begin(sample: &Sample<'_>, context: &Context<'_>) -> Self {
        let mappings = &context.options.mappings;
        let fitting = mappings.iter().position(|mapping| mapping.fits(sample).is_some());
        if let Some((met, number)) = context.options.met.as_ref().zip(fitting) {
            met.meet_mapping(number);
        }
        let number = fitting.unwrap_or(0);
        let mapping = mappings.get(number).cloned();
        let keys = mapping.iter().flat_map(Mapping::paths).map(|(key, _)| key).filter(|_| context.options.met.is_some());
        Self { missing: keys.collect(), mapping, number, ..Self::default() }
    }

    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let Some(mapping) = self.mapping.take() else {
            return sink.problem(None, "there is no mapping", "write a [mapping] in phrase-lint.toml");
        };
        self.meet(&mapping, object.raw, context);
        let mut found = vec![object.raw];
        if let Some(path) = &mapping.conversations {
            found = follow(object.raw, path);
        }
        for (index, value) in found.iter().enumerate() {
            let number = if mapping.conversations.is_some() { index + 1 } else { number };
            let word = |path: &Option<String>| path.as_deref().and_then(|path| word(value, path));
            let id = word(&mapping.id);
            let direction = mapping.direction.as_deref().and_then(|path| direction(follow(value, path).first().copied(), at, sink));
            let agent = word(&mapping.agent);
            let agent_name = agent.as_deref().map(|agent| context.speakers.bare_name(agent).to_owned());
            if let Some(turns) = &mapping.turns {
                let turns = follow(value, turns);
                let ignores = turns.iter().enumerate().filter_map(|(number, value)| ignore(value, Some(number), at));
                let ignores = ignore(value, None, at).into_iter().chain(ignores).collect();
                let turns = turns.into_iter().map(|value| turn(value, &mapping, agent.as_deref(), at, context, sink)).collect();
                sink.conversation(Conversation {
                    id: id.unwrap_or_else(|| number.to_string()),
                    direction,
                    agent: agent_name,
                    turns,
                    ignores,
                    ..Conversation::default()
                });
            } else if mapping.speaker.is_some() {
                let turn = turn(value, &mapping, agent.as_deref(), at, context, sink);
                let conversation = self.scattered(id.unwrap_or_else(|| "1".to_owned()));
                conversation.direction = conversation.direction.or(direction);
                conversation.agent = conversation.agent.take().or(agent_name);
                conversation.ignores.extend(ignore(value, Some(conversation.turns.len()), at));
                conversation.turns.push(turn);
            } else if let Some((text, place)) = said(value, &mapping, at, sink) {
                if let Some(Dialogue { turns, kind }) = Dialogue::by_itself(&text, &place, context) {
                    sink.conversation(Conversation {
                        id: id.unwrap_or_else(|| number.to_string()),
                        direction,
                        agent: agent_name,
                        started: moment(value, &mapping.time, context),
                        kind,
                        turns,
                        ignores: ignore(value, None, at).into_iter().collect(),
                    });
                    continue;
                }
                let mut reply = Conversation::reply(id.unwrap_or_else(|| number.to_string()), text);
                reply.ignores.extend(ignore(value, None, at));
                reply.turns.iter_mut().for_each(|turn| turn.place = place.clone());
                sink.conversation(reply);
            }
        }
        self.mapping = Some(mapping);
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        for mut conversation in std::mem::take(&mut self.scattered) {
            put_in_order(&mut conversation);
            sink.conversation(conversation);
        }
    }

    fn open_from(&self) -> Option<usize> {
        self.scattered.first().map(Conversation::first_byte)
    }
}

impl Mapped {
    /// Notes at which paths an object of the document has something. What is found once is not looked for again.
    fn meet(&mut self, mapping: &Mapping, object: &RawValue, context: &Context<'_>) {
        let Some(met) = context.options.met.as_ref().filter(|_| !self.missing.is_empty()) else { return };
        self.missing.retain(|key| {
            let path = mapping.path(key).map(|path| mapping.path_from_top(key, path));
            let is_found = path.is_some_and(|path| !follow(object, &path).is_empty());
            if is_found {
                met.meet_field(self.number, key);
            }
            !is_found
        });
    }

    /// The conversation of this id, whose turns stand by themselves.
    fn scattered(&mut self, id: String) -> &mut Conversation {
        let next = self.scattered.len();
        let at = *self.by_id.entry(id.clone()).or_insert(next);
        if at == next {
            self.scattered.push(Conversation { id, ..Conversation::default() });
        }
        &mut self.scattered[at]
    }
}

/// What an object says is not to be reported.
fn ignore(value: &RawValue, turn: Option<usize>, at: &Whereabouts<'_>) -> Option<Ignore> {
    Ignore::of_value(Object::of(value)?.get(IGNORE), turn, at)
}

/// The words of a turn or reply, and where they stand; where there are none, that is a problem.
fn said(value: &RawValue, mapping: &Mapping, at: &Whereabouts<'_>, sink: &mut Sink<'_>) -> Option<(String, Place)> {
    let said = follow(value, &mapping.text).into_iter().find_map(|text| Scalar(text).located(at.text, at.offset));
    if said.is_none() {
        let what = format!("there is no text at `{}`", mapping.text);
        sink.problem(Some(at.line_of(value.get())), what, "complete it, or correct the mapping in phrase-lint.toml");
    }
    said
}

fn turn(
    value: &RawValue,
    mapping: &Mapping,
    agent: Option<&str>,
    at: &Whereabouts<'_>,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Turn {
    // A turn that cannot be read still counts: the numbers of the others must not change.
    let Some((text, place)) = said(value, mapping, at, sink) else { return Turn::default() };
    let of = |path: &Option<String>| path.as_deref().and_then(|path| word(value, path));
    let (role, name) = (of(&mapping.speaker), of(&mapping.name));
    let (speaker, name) = context.speakers.who(&[role.as_deref()], name.as_deref(), agent);
    // In rows another may take over.
    let name = name.or_else(|| agent.filter(|_| speaker == Speaker::Agent).map(str::to_owned));
    Turn { speaker, name, text, start: moment(value, &mapping.time, context), end: moment(value, &mapping.end, context), place }
}

fn moment(value: &RawValue, path: &Option<String>, context: &Context<'_>) -> Option<Moment> {
    follow(value, path.as_deref()?).into_iter().find_map(|time| Scalar(time).moment_in(context.options.date_order))
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
