//! What the columns of a table mean, by the names in its header; and from rows to conversations and replies.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::quality::RandomState;

use super::field_names::{AGENT, CONVERSATION, DIRECTION, END, KIND, NAME, REPLY, SPEAKER, TEXT, TIME, folded};
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
    /// How many columns the header has.
    count: usize,
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
    pub(super) fn of(header: &[&str], mappings: &[Mapping]) -> Option<Self> {
        mappings.iter().find_map(|mapping| Self::mapped(header, mapping)).or_else(|| Self::named(header))
    }

    /// Reads a header that has the columns of a mapping.
    fn mapped(header: &[&str], mapping: &Mapping) -> Option<Self> {
        if mapping.is_for_objects() {
            return None;
        }
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let column = |name: &Option<String>| name.as_ref().and_then(|name| names.iter().position(|known| *known == folded(name)));
        let text = names.iter().position(|known| *known == folded(&mapping.text))?;
        let (id, speaker, agent) = (column(&mapping.id), column(&mapping.speaker), column(&mapping.agent));
        // Without these, turns would become replies, or all conversations one.
        if id.is_none() && mapping.id.is_some() || speaker.is_none() && mapping.speaker.is_some() {
            return None;
        }
        let are_replies = speaker.is_none() && agent.is_none();
        Some(Self {
            text,
            conversation: id.filter(|_| !are_replies),
            speaker,
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
            count: header.len(),
        })
    }

    /// Reads a header of the usual names.
    fn named(header: &[&str]) -> Option<Self> {
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let column = |known: &[&str]| known.iter().find_map(|word| names.iter().position(|name| name == word));
        let text = column(TEXT)?;
        Some(Self {
            text,
            conversation: column(CONVERSATION),
            speaker: column(SPEAKER),
            name: column(NAME),
            agent: column(AGENT),
            time: column(TIME),
            end: column(END),
            direction: column(DIRECTION),
            kind: column(KIND),
            reply: column(REPLY),
            ignore: column(&[IGNORE_FOLDED]),
            text_name: header.get(text).map(|name| name.trim().to_owned()).unwrap_or_default(),
            is_mapped: false,
            count: header.len(),
        })
    }

    /// Whether the rows are canned replies: nobody speaks, and there is no conversation.
    pub(super) fn are_replies(&self) -> bool {
        self.speaker.is_none() && self.conversation.is_none() && self.agent.is_none()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
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
}

impl Gathering {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns, open: Vec::new(), by_id: HashMap::new(), looked_at: 0, id: String::new(), done: Done::default(), replies: 0 }
    }

    /// Adds a row; `line` is its place for messages.
    pub(super) fn row(&mut self, line: usize, cells: &impl Cells, context: &Context<'_>, sink: &mut Sink<'_>) {
        let columns = &self.columns;
        let count = cells.count();
        let value = |column: Option<usize>| Some(trimmed(cells.text(column?)?)).filter(|text| !text.is_empty());
        let Some((text, place)) = cells.located(columns.text) else {
            let what = format!("the row has {count} columns, but the text `{}` is column {}", columns.text_name, columns.text + 1);
            return sink.problem(Some(line), what, "complete the row, and put quotes around a text that holds the delimiter or a line end");
        };
        if (columns.count..count).any(|column| value(Some(column)).is_some()) {
            let what = format!("the row has {count} columns, but the header {}: the text may be cut off", columns.count);
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
        let (speaker, name) = context.speakers.who(&[role.as_deref()], name.as_deref(), agent.as_deref());
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
            conversation.agent = agent.map(Cow::into_owned);
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
    use super::*;

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
