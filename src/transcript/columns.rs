//! What the columns of a table mean, by the names in its header; and from rows to conversations and replies.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::quality::RandomState;

use super::field_names::{
    AGENT, CONVERSATION, DIRECTION, END, KIND, NAME, PERSON, REPLY, ROLE, SPEAKER, SPEAKER_BY_VALUES, TEXT, TIME, folded,
};
use super::reading::{Context, Sink};
use super::record::{direction_of, kind_of};
use super::{Conversation, Ignore, Mapping, Moment, Place, Speaker, Turn};

/// [`IGNORE`](super::IGNORE) as header names are compared.
const IGNORE_FOLDED: &str = "phraselintignore";

/// Which column holds what, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    text: usize,
    conversation: Option<usize>,
    speaker: Option<usize>,
    /// A second one, of roles.
    role: Option<usize>,
    name: Option<usize>,
    agent: Option<usize>,
    time: Option<usize>,
    end: Option<usize>,
    direction: Option<usize>,
    kind: Option<usize>,
    reply: Option<usize>,
    ignore: Option<usize>,
    /// The text column's name as the header writes it, for messages.
    text_name: String,
    /// Whether the user said which columns these are.
    is_mapped: bool,
    /// The names in the header.
    names: Vec<String>,
}

/// The cells of one row.
pub(super) trait Cells {
    /// How many there are.
    fn count(&self) -> usize;

    /// What a cell says; none where the row is too short.
    fn text(&self, column: usize) -> Option<Cow<'_, str>>;

    /// The same, and where every character of it stands.
    fn located(&self, column: usize) -> Option<(String, Place)>;
}

impl Columns {
    /// Reads a header by the first of the mappings that fits it, else by the usual names; none where no column holds
    /// text, or where the row is no header.
    /// `values` are those of a column in the rows below.
    pub(super) fn of(header: &[&str], values: &dyn Fn(usize) -> Vec<String>, context: &Context<'_>) -> Option<Self> {
        let mut mappings = context.options.mappings.iter().enumerate();
        let mapped = mappings.find_map(|(number, mapping)| Self::mapped(header, mapping, number, context));
        let columns = mapped.or_else(|| Self::named(header, values, context))?;
        if let Some(met) = &context.options.met {
            met.keep_fields(header.iter());
            let has = |name: &str| header.iter().any(|known| folded(known) == folded(name));
            let is_meant = |mapping: &Mapping| has(&mapping.text) || mapping.speaker.as_deref().is_some_and(has);
            met.miss(&context.options.mappings, |mapping| !columns.is_mapped && !mapping.is_for_objects() && is_meant(mapping));
        }
        Some(columns)
    }

    /// Reads a header that has the columns of a mapping.
    fn mapped(header: &[&str], mapping: &Mapping, number: usize, context: &Context<'_>) -> Option<Self> {
        if mapping.is_for_objects() {
            return None;
        }
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let column = |name: &Option<String>| name.as_ref().and_then(|name| names.iter().position(|known| *known == folded(name)));
        let met = context.options.met.as_ref();
        if let Some(met) = met {
            let found = mapping.paths().filter(|(_, name)| names.contains(&folded(name)));
            found.for_each(|(key, _)| met.meet_field(number, key));
        }
        let text = names.iter().position(|known| *known == folded(&mapping.text))?;
        let (id, speaker, agent) = (column(&mapping.id), column(&mapping.speaker), column(&mapping.agent));
        // Without these, turns would become replies, or all conversations one.
        if id.is_none() && mapping.id.is_some() || speaker.is_none() && mapping.speaker.is_some() {
            return None;
        }
        if let Some(met) = met {
            met.meet_mapping(number);
        }
        let are_replies = speaker.is_none() && agent.is_none();
        Some(Self {
            text,
            conversation: id.filter(|_| !are_replies),
            speaker,
            role: None,
            name: column(&mapping.name),
            agent,
            time: column(&mapping.time),
            end: column(&mapping.end),
            direction: column(&mapping.direction),
            kind: None,
            reply: id.filter(|_| are_replies),
            ignore: names.iter().position(|name| name == IGNORE_FOLDED),
            text_name: mapping.text.clone(),
            is_mapped: true,
            names: header.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// Reads a header of the usual names.
    fn named(header: &[&str], values: &dyn Fn(usize) -> Vec<String>, context: &Context<'_>) -> Option<Self> {
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let column = |known: &[&str]| known.iter().find_map(|word| names.iter().position(|name| name == word));
        let text = column(TEXT)?;
        let are_roles = |at: &usize| are_roles(&values(*at), context);
        let by_values = || SPEAKER_BY_VALUES.iter().find_map(|word| names.iter().position(|name| name == word).filter(are_roles));
        let speaker = column(SPEAKER).or_else(by_values);
        let other = |column: &usize| Some(*column) != speaker;
        let person = || column(PERSON).filter(|person| other(person) && speaker.is_some_and(|at| ROLE.contains(&names[at].as_str())));
        Some(Self {
            text,
            conversation: column(CONVERSATION),
            speaker,
            role: column(ROLE).filter(other),
            name: column(NAME).or_else(person),
            agent: column(AGENT),
            time: column(TIME),
            end: column(END),
            direction: column(DIRECTION),
            kind: column(KIND),
            reply: column(REPLY),
            ignore: column(&[IGNORE_FOLDED]),
            text_name: header.get(text).map(|name| name.trim().to_owned()).unwrap_or_default(),
            is_mapped: false,
            names: header.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// Whether the rows are canned replies: nobody speaks, and there is no conversation.
    pub(super) fn are_replies(&self) -> bool {
        self.speaker.is_none() && self.conversation.is_none() && self.agent.is_none()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// What is wrong where turns have nobody who speaks them.
    fn lacks_speaker(&self) -> Option<String> {
        let is_told = self.are_replies() || self.speaker.is_some() || self.role.is_some() || self.name.is_some();
        (!is_told).then(|| format!("no column says who speaks (its columns are {})", quoted(self.names.iter().map(String::as_str))))
    }

    /// The one of [`IGNORE`](super::IGNORE), where there is one.
    pub(super) fn ignore(&self) -> Option<usize> {
        self.ignore
    }

    /// What was recognised, for people.
    pub(super) fn summary(&self) -> String {
        let what = if self.are_replies() { "canned replies" } else { "turns" };
        let why = if self.is_mapped { ", as a mapping says" } else { "" };
        format!("its header names a column of texts, `{}`{why}; the rows are {what}", self.text_name)
    }
}

/// Gathers rows into conversations: rows of one conversation may stand apart.
#[derive(Debug)]
pub(super) struct Gathering {
    columns: Columns,
    /// The conversations that are open, in the order in which they began, each with the line of its last row.
    open: Vec<(Conversation, usize)>,
    /// From the id to the place in `open`.
    by_id: HashMap<String, usize>,
    /// The line at which it was last looked which of them nothing was added to for long.
    looked_at: usize,
    /// The id of the row before: an empty cell repeats it.
    id: String,
    done: Done,
    replies: usize,
    /// Whether it was said that nobody is known to speak.
    is_told: bool,
}

impl Gathering {
    pub(super) fn new(columns: Columns) -> Self {
        Self {
            columns,
            open: Vec::new(),
            by_id: HashMap::new(),
            looked_at: 0,
            id: String::new(),
            done: Done::default(),
            replies: 0,
            is_told: false,
        }
    }

    /// Adds a row; `line` is its place for messages.
    pub(super) fn row(&mut self, line: usize, cells: &impl Cells, context: &Context<'_>, sink: &mut Sink<'_>) {
        let columns = &self.columns;
        if context.options.assumption.is_none()
            && let Some(what) = columns.lacks_speaker()
        {
            if !std::mem::replace(&mut self.is_told, true) {
                sink.problem(None, what, "name it: speaker = \"…\", text = \"…\" and id = \"…\" under [mapping] in phrase-lint.toml");
            }
            return;
        }
        let count = cells.count();
        let value = |column: Option<usize>| Some(trimmed(cells.text(column?)?)).filter(|text| !text.is_empty());
        let Some((text, place)) = cells.located(columns.text) else {
            let what = format!("the row has {count} columns, but the text `{}` is column {}", columns.text_name, columns.text + 1);
            return sink.problem(Some(line), what, "complete the row, and put quotes around a text that holds the delimiter or a line end");
        };
        if (columns.count()..count).any(|column| value(Some(column)).is_some()) {
            let what = format!("the row has {count} columns, but the header {}: the text may be cut off", columns.count());
            sink.problem(Some(line), what, "put quotes around a text that holds the delimiter");
        }
        let ignore = |turn: usize| {
            let (text, place) = cells.located(columns.ignore?)?;
            Ignore::of_text(&text, Some(turn), place)
        };
        if columns.are_replies() {
            self.replies += 1;
            if !text.trim().is_empty() {
                let id = value(columns.reply).map_or_else(|| self.replies.to_string(), Cow::into_owned);
                let mut reply = Conversation::reply(id, text);
                reply.turns[0].place = place;
                reply.ignores.extend(ignore(0));
                sink.conversation(reply);
            }
            return;
        }
        if let Some(id) = value(columns.conversation).filter(|id| *id != self.id) {
            if !self.by_id.contains_key(&*id) && self.done.holds(&id) {
                let what =
                    format!("rows of the conversation {id} stand far apart, in a file too large to gather them: read as another one");
                sink.problem(Some(line), what, "sort the rows by conversation and time");
            }
            self.id = id.into_owned();
        }
        let next = self.open.len();
        let at = self.by_id.get(&self.id).copied().unwrap_or(next);
        if at == next {
            self.by_id.insert(self.id.clone(), next);
            let id = if self.id.is_empty() { (self.done.count + next + 1).to_string() } else { self.id.clone() };
            self.open.push((Conversation { id, ..Conversation::default() }, line));
        }
        let Some((conversation, last)) = self.open.get_mut(at) else { return };
        *last = line;
        let agent = value(columns.agent);
        let (role, name) = (value(columns.speaker), value(columns.name));
        let kind = value(columns.role);
        let (speaker, name) = context.speakers.who(&[role.as_deref(), kind.as_deref()], name.as_deref(), agent.as_deref());
        let turn = Turn {
            speaker,
            // Another may take over.
            name: name.or_else(|| agent.as_deref().filter(|_| speaker == Speaker::Agent).map(str::to_owned)),
            text,
            start: value(columns.time).and_then(|time| moment(&time)),
            end: value(columns.end).and_then(|time| moment(&time)),
            place,
        };
        if conversation.agent.is_none() {
            conversation.agent = agent.map(|agent| context.speakers.bare_name(&agent).to_owned());
        }
        if conversation.direction.is_none() {
            conversation.direction = value(columns.direction).and_then(|word| direction_of(&word));
        }
        if let Some(kind) = value(columns.kind).and_then(|word| kind_of(&word)) {
            conversation.kind = kind;
        }
        conversation.ignores.extend(ignore(conversation.turns.len()));
        conversation.turns.push(turn);
        if let Some(apart) = context.options.rows_apart.filter(|apart| line - self.looked_at > apart / 4) {
            self.looked_at = line;
            self.hand_over(line.saturating_sub(apart), sink);
        }
    }

    /// Hands over the conversations to which no row was added since a line.
    fn hand_over(&mut self, since: usize, sink: &mut Sink<'_>) {
        let (open, done) = std::mem::take(&mut self.open).into_iter().partition(|(_, last)| *last > since);
        self.open = open;
        if self.by_id.len() > self.open.len() {
            self.by_id = self.open.iter().enumerate().map(|(at, (conversation, _))| (conversation.id.clone(), at)).collect();
        }
        let done: Vec<(Conversation, usize)> = done;
        for (conversation, _) in done {
            self.done.add(&conversation.id);
            sink.conversation(conversation);
        }
    }

    /// The first byte that an open conversation stands in; none where none is open.
    pub(super) fn open_from(&self) -> Option<usize> {
        self.open.iter().map(|(conversation, _)| conversation.turns.first().and_then(|turn| turn.place.start()).unwrap_or(0)).min()
    }

    /// Hands over the conversations, in the order in which they first appeared.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        self.by_id.clear();
        for (conversation, _) in std::mem::take(&mut self.open) {
            sink.conversation(conversation);
        }
    }
}

/// The conversations that were handed over before the end, by hashes of their ids: a row of one of these comes too late. Of millions
/// only the latest are kept.
#[derive(Debug, Default)]
struct Done {
    count: usize,
    hasher: RandomState,
    young: HashSet<u64>,
    old: HashSet<u64>,
}

/// How many a generation keeps.
const LATEST: usize = 400_000;

impl Done {
    fn add(&mut self, id: &str) {
        if self.young.len() == LATEST {
            self.old = std::mem::take(&mut self.young);
        }
        self.count += 1;
        self.young.insert(self.hasher.hash_one(id));
    }

    fn holds(&self, id: &str) -> bool {
        self.count > 0 && {
            let hash = self.hasher.hash_one(id);
            self.young.contains(&hash) || self.old.contains(&hash)
        }
    }
}

/// Whether all values of a column are roles, of the agent and of somebody else.
fn are_roles(values: &[String], context: &Context<'_>) -> bool {
    let mut roles = values.iter().filter(|value| !value.is_empty()).map(|value| context.speakers.role(value)).peekable();
    let (mut agent, mut other) = (false, false);
    let are_all = roles.peek().is_some()
        && roles.all(|role| {
            agent |= role == Some(Speaker::Agent);
            other |= role.is_some_and(|role| role != Speaker::Agent);
            role.is_some()
        });
    are_all && agent && other
}

/// Names of columns for messages.
pub(super) fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

fn moment(text: &str) -> Option<Moment> {
    Moment::parse(text).or_else(|| Moment::from_number(text.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, Speakers};
    use super::*;

    fn columns(header: &[&str], rows: &[&[&str]]) -> Columns {
        let (speakers, options) = (Speakers::default(), ReadOptions::default());
        let values = |column: usize| rows.iter().map(|row| row[column].to_owned()).collect();
        Columns::of(header, &values, &Context { speakers: &speakers, options: &options }).unwrap()
    }

    #[test]
    fn who_speaks_stands_under_many_names() {
        for name in [
            "发送者身份",
            "發送者身份",
            "角色类型",
            "角色類型",
            "发送人类型",
            "發送人類型",
            "发言角色",
            "發言角色",
            "说话人角色",
            "說話人角色",
            "发言者",
            "發言者",
            "消息发送方",
            "消息發送方",
            "Author Type",
            "from_type",
        ] {
            assert_eq!(columns(&["会话ID", name, "内容"], &[]).speaker, Some(1), "{name}");
        }
        for name in ["用户类型", "用戶類型", "类型", "類型", "来源", "來源"] {
            let header = ["会话ID", name, "内容"];
            assert_eq!(columns(&header, &[&["1", "客服", "好"], &["1", "客戶", "好"]]).speaker, Some(1), "{name}");
            assert_eq!(columns(&header, &[&["1", "会员", "好"], &["1", "会员", "好"]]).speaker, None, "{name}");
            assert_eq!(columns(&header, &[&["1", "客服", "好"], &["1", "图片", "好"]]).speaker, None, "{name}");
            assert_eq!(columns(&header, &[]).speaker, None, "{name}");
        }
        for name in ["话术文本", "話術文本", "聊天记录", "聊天記錄", "留言内容", "留言內容"] {
            assert_eq!(columns(&["角色", name], &[]).text, 1, "{name}");
        }
    }

    #[test]
    fn people_and_their_roles_may_stand_in_two_columns() {
        let found = columns(&["发送者", "发送者类型", "内容"], &[]);
        assert_eq!((found.speaker, found.role, found.name), (Some(0), Some(1), None));
        let found = columns(&["角色", "发送人", "内容"], &[]);
        assert_eq!((found.speaker, found.role, found.name), (Some(0), None, Some(1)));
    }

    #[test]
    fn without_a_column_for_who_speaks_the_columns_are_named() {
        let what = columns(&["会话ID", "谁", "内容"], &[]).lacks_speaker();
        assert_eq!(what.as_deref(), Some("no column says who speaks (its columns are `会话ID`, `谁`, `内容`)"));
        assert_eq!(columns(&["编码", "内容"], &[]).lacks_speaker(), None);
        assert_eq!(columns(&["会话ID", "昵称", "内容"], &[]).lacks_speaker(), None);
    }

    #[test]
    fn only_the_latest_of_millions_are_remembered() {
        let mut done = Done::default();
        assert!(!done.holds("0"));
        for number in 0..LATEST * 3 {
            done.add(&number.to_string());
        }
        let holds = |number: usize| done.holds(&number.to_string());
        assert!(holds(LATEST * 3 - 1) && holds(LATEST + 1) && !holds(LATEST - 1));
        assert_eq!((done.count, done.young.len() + done.old.len()), (LATEST * 3, LATEST * 2));
    }
}
