//! What the columns of a table mean, by the names in its header; and from rows to conversations and replies.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::quality::RandomState;

use super::dialogue::{Dialogue, are_dialogues};
use super::field_names::{
    AGENT, AGENT_BESIDE_SPEAKER, AGENT_NUMBER, CASE, CASE_ENDINGS, CONVERSATION, DIRECTION, EDITED_AT, END, KIND, LABEL, NAME, NO_CASE,
    NOT_OF_NUMBER, PERSON, RECORD, REPLY, ROLE, SAID_AT, SPEAKER, SPEAKER_BY_VALUES, TEXT, TIME, folded,
};
use super::moment::open_date;
use super::reading::{Context, Sink};
use super::record::kind_of;
use super::row_doubts::Doubts;
use super::turn_order::put_in_order;
use super::{Clock, Conversation, DateOrder, Ignore, Mapping, Moment, Place, Speaker, Turn};

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
    /// The agent's number, where a name stands in another column.
    agent_number: Option<usize>,
    time: Option<usize>,
    end: Option<usize>,
    direction: Option<usize>,
    kind: Option<usize>,
    reply: Option<usize>,
    ignore: Option<usize>,
    /// The text column's name as the header writes it, for messages.
    text_name: String,
    /// Whether each text is a whole transcript.
    are_dialogues: bool,
    /// Whether the rows have times that only what was said has.
    are_said: bool,
    /// Whether the times are seconds of a recording.
    are_seconds: bool,
    /// Whether the user said which columns these are.
    is_mapped: bool,
    /// The names in the header.
    names: Vec<String>,
}

/// The header of a table may stand behind a title, but not deeper.
pub(super) const HEADER_ROWS: usize = 10;

/// How many rows below a header are asked what a column holds.
pub(super) const VALUES: usize = 50;

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
    /// `values` are those of a column in the rows below; `have_lines` tells whether one of several lines may be among them.
    pub(super) fn of(header: &[&str], values: &dyn Fn(usize) -> Vec<String>, have_lines: bool, context: &Context<'_>) -> Option<Self> {
        let mut mappings = context.options.mappings.iter().enumerate();
        let mapped = mappings.find_map(|(number, mapping)| Self::mapped(header, values, mapping, number, context));
        let mut columns = mapped.or_else(|| Self::named(header, values, have_lines, context))?;
        columns.are_seconds = columns.time.is_some_and(|time| are_seconds(&values(time)));
        if let Some(met) = &context.options.met {
            met.keep_fields(header.iter());
            let has = |name: &str| header.iter().any(|known| folded(known) == folded(name));
            let is_meant = |mapping: &Mapping| has(&mapping.text) || mapping.speaker.as_deref().is_some_and(has);
            met.miss(&context.options.mappings, |mapping| !columns.is_mapped && !mapping.is_for_objects() && is_meant(mapping));
        }
        Some(columns)
    }

    /// Reads a header that has the columns of a mapping.
    fn mapped(
        header: &[&str],
        values: &dyn Fn(usize) -> Vec<String>,
        mapping: &Mapping,
        number: usize,
        context: &Context<'_>,
    ) -> Option<Self> {
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
            agent_number: None,
            time: column(&mapping.time),
            end: column(&mapping.end),
            direction: column(&mapping.direction),
            kind: None,
            reply: id.filter(|_| are_replies),
            ignore: names.iter().position(|name| name == IGNORE_FOLDED),
            text_name: mapping.text.clone(),
            are_dialogues: speaker.is_none() && are_dialogues(&values(text), context),
            are_said: false,
            are_seconds: false,
            is_mapped: true,
            names: header.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// Reads a header of the usual names.
    fn named(header: &[&str], values: &dyn Fn(usize) -> Vec<String>, have_lines: bool, context: &Context<'_>) -> Option<Self> {
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let column = |known: &[&str]| known.iter().find_map(|word| names.iter().position(|name| name == word));
        let known_speaker = column(SPEAKER);
        // A column of transcripts is one whatever its name, beside one of summaries or remarks too.
        let may_be_any = have_lines && known_speaker.is_none() && are_names(header);
        let mut candidates = column(TEXT).into_iter().chain(0..names.len()).filter(|_| may_be_any);
        let dialogues = candidates.find(|at| are_dialogues(&values(*at), context));
        let text = dialogues.or_else(|| column(TEXT)).or_else(|| column(RECORD).filter(|_| names.len() > 1))?;
        let are_roles = |at: &usize| are_roles(&values(*at), false, context);
        let by_values = || SPEAKER_BY_VALUES.iter().find_map(|word| names.iter().position(|name| name == word).filter(are_roles));
        // Whatever it is called, who speaks stands where nothing but agent and customer does.
        let is_free = |at: &usize| *at != text && !LABEL.contains(&names[*at].as_str());
        let of_both = || (0..names.len()).filter(is_free).find(|at| self::are_roles(&values(*at), true, context));
        let speaker = known_speaker.or_else(by_values).or_else(of_both).filter(|_| dialogues.is_none());
        let other = |column: &usize| Some(*column) != speaker;
        let person = || column(PERSON).filter(|person| other(person) && speaker.is_some_and(|at| ROLE.contains(&names[at].as_str())));
        let role = column(ROLE).filter(other).filter(|_| dialogues.is_none());
        let (name, reply) = (column(NAME).or_else(person), column(REPLY));
        let is_said = speaker.is_some() || dialogues.is_some();
        let (agent, agent_number) = agent_of(&names, is_said, |at| other(at) && *at != text);
        // The name of who speaks is the agent's where the agent does.
        let (agent, agent_number) = match (agent, agent_number) {
            (None, number) if name.is_none() || speaker.is_none() => (number, None),
            both => both,
        };
        let case = || {
            let claimed = [Some(text), speaker, role, agent, agent_number];
            let held = |at: &usize| match speaker {
                Some(speaker) if !claimed.contains(&Some(*at)) => held_together(&values(*at), &values(speaker)),
                _ => 0,
            };
            let mut known = CASE.iter().filter_map(|word| names.iter().position(|name| name == word));
            // That of a project or a batch divides less, or nothing.
            let by_ending = || (0..names.len()).filter(|at| is_case(&names[*at])).map(|at| (held(&at), at)).filter(|(held, _)| *held > 1);
            known.find(|at| held(at) > 0).or_else(|| by_ending().max_by_key(|(held, at)| (*held, std::cmp::Reverse(*at))).map(|(_, at)| at))
        };
        let (time, end) = (column(TIME), column(END));
        let is_titled = reply.is_some() || names.iter().any(|name| LABEL.contains(&name.as_str()) && !KIND.contains(&name.as_str()));
        let is_edited = |at: usize| EDITED_AT.contains(&names[at].as_str());
        let are_segments = || time.zip(end).is_some_and(|(time, _)| values(time).iter().all(|time| !has_date(time)));
        let are_said = column(SAID_AT).is_some()
            || ((time.is_some_and(|time| !is_edited(time)) || end.is_some()) && !is_titled)
            || (end.is_some() && are_segments());
        Some(Self {
            text,
            conversation: column(CONVERSATION).or_else(case),
            speaker,
            role,
            name,
            agent,
            agent_number,
            time,
            end,
            direction: column(DIRECTION),
            kind: column(KIND).filter(other),
            reply,
            ignore: column(&[IGNORE_FOLDED]),
            text_name: header.get(text).map(|name| name.trim().to_owned()).unwrap_or_default(),
            are_dialogues: dialogues.is_some(),
            are_said,
            are_seconds: false,
            is_mapped: false,
            names: header.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// Whether the rows are canned replies: nobody speaks, at no time, and there is no conversation.
    pub(super) fn are_replies(&self) -> bool {
        let is_somebodys = self.speaker.is_some() || self.agent.is_some() || self.agent_number.is_some();
        !self.are_dialogues && !is_somebodys && self.conversation.is_none() && !self.are_said
    }

    /// Whether somebody speaks, or should: canned replies may have somebody who wrote them.
    pub(super) fn are_turns(&self) -> bool {
        self.are_said || self.are_dialogues || self.speaker.is_some() || self.conversation.is_some()
    }

    /// Whether each row is a whole conversation.
    pub(super) fn are_dialogues(&self) -> bool {
        self.are_dialogues
    }

    /// Whether nothing but what stands in one column tells that each row is a whole conversation: no id, nobody, no time.
    pub(super) fn are_bare_dialogues(&self) -> bool {
        let beside = [self.conversation, self.reply, self.agent, self.time, self.direction, self.kind];
        self.are_dialogues && beside.iter().all(Option::is_none)
    }

    /// The column of the texts.
    pub(super) fn text(&self) -> &str {
        &self.text_name
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// What is wrong where turns have nobody who speaks them.
    fn lacks_speaker(&self) -> Option<String> {
        let is_told = self.are_dialogues || self.are_replies() || self.speaker.is_some() || self.role.is_some() || self.name.is_some();
        (!is_told).then(|| format!("no column says who speaks (its columns are {})", quoted(self.names.iter().map(String::as_str))))
    }

    /// The one of [`IGNORE`](super::IGNORE), where there is one.
    pub(super) fn ignore(&self) -> Option<usize> {
        self.ignore
    }

    /// What was recognised, for people.
    pub(super) fn summary(&self) -> String {
        let what = match self.are_replies() {
            _ if self.are_dialogues => "conversations",
            true => "canned replies",
            false => "turns",
        };
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
    doubts: Doubts,
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
            doubts: Doubts::default(),
        }
    }

    /// Adds a row; `line` is its place for messages.
    pub(super) fn row(&mut self, line: usize, cells: &impl Cells, context: &Context<'_>, sink: &mut Sink<'_>) {
        let (columns, order) = (&self.columns, context.options.date_order);
        if context.options.assumption.is_none()
            && let Some(what) = columns.lacks_speaker()
        {
            if !std::mem::replace(&mut self.is_told, true) {
                let remedy = match columns.are_said {
                    true => {
                        "name it: speaker = \"…\", text = \"…\" and id = \"…\" under [mapping] in phrase-lint.toml; or, where these are canned replies, text alone"
                    }
                    false => "name it: speaker = \"…\", text = \"…\" and id = \"…\" under [mapping] in phrase-lint.toml",
                };
                sink.problem(None, what, remedy);
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
        // Files that were put together have the header of each.
        let is_header = || (0..columns.count()).all(|at| cells.text(at).is_some_and(|cell| cell.trim() == columns.names[at].trim()));
        if text.trim() == columns.text_name && is_header() {
            return;
        }
        if columns.are_dialogues {
            self.replies += 1;
            let id = value(columns.conversation.or(columns.reply)).map_or_else(|| self.replies.to_string(), Cow::into_owned);
            if !text.trim().is_empty() {
                let ignore = ignore(0).map(|ignore| Ignore { turn: None, ..ignore });
                let Some(dialogue) = Dialogue::of(&text, &place, context) else {
                    let what = format!(
                        "the text of {id} is no transcript, as the others of `{}` are: no line begins with who speaks",
                        columns.text_name
                    );
                    return sink.problem(
                        Some(line),
                        what,
                        "begin each turn with `客服：` or `客户：` on a line of its own, or leave the row out",
                    );
                };
                sink.conversation(Conversation {
                    id,
                    agent: numbered(value(columns.agent), value(columns.agent_number), context),
                    direction: value(columns.direction).and_then(|word| self.doubts.direction(line, &word)),
                    started: value(columns.time).and_then(|time| moment(&time, false, order)),
                    kind: value(columns.kind).and_then(|word| kind_of(&word)).unwrap_or(dialogue.kind),
                    turns: dialogue.turns,
                    ignores: ignore.into_iter().collect(),
                });
            }
            return;
        }
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
        if is_sum(&text) && value(Some(0)).is_some_and(|first| SUMS.contains(&&*folded(&first))) {
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
        let (agent, number) = (value(columns.agent), value(columns.agent_number));
        let (role, name) = (value(columns.speaker), value(columns.name));
        let kind = value(columns.role);
        // Who sends may be told by the number as well.
        let sender = number.as_ref().filter(|number| role.as_ref() == Some(number) || name.as_ref() == Some(number));
        let sender = sender.or(agent.as_ref()).or(number.as_ref());
        let (speaker, name) = context.speakers.who(&[role.as_deref(), kind.as_deref()], name.as_deref(), sender.map(|sender| &**sender));
        let is_agent = speaker == Speaker::Agent;
        let (name, agent) = match number {
            None => (name.or_else(|| agent.as_deref().filter(|_| is_agent).map(str::to_owned)), agent),
            Some(number) => {
                let bare = |word: &str, name: &str| context.speakers.bare_name(word) == name;
                // Another may take over, who has another number.
                let is_own = |name: &String| bare(&number, name) || agent.as_deref().is_none_or(|agent| bare(agent, name));
                let own = name.as_ref().filter(|name| is_agent && is_own(name));
                let agent = agent.or_else(|| own.cloned().map(Cow::Owned));
                let is_own = own.is_some() || (is_agent && name.is_none());
                let agent = numbered(agent, Some(number.clone()), context);
                // What names the agent tells more than the number that stood alone before.
                if conversation.agent.as_ref().is_some_and(|known| bare(&number, known)) {
                    conversation.agent.clone_from(&agent);
                }
                (if is_own { agent.clone() } else { name }, agent.map(Cow::Owned))
            }
        };
        let turn = Turn {
            speaker,
            name,
            text,
            start: value(columns.time).and_then(|time| self.doubts.time(line, &time, moment(&time, columns.are_seconds, order))),
            end: value(columns.end).and_then(|time| moment(&time, columns.are_seconds, order)),
            place,
        };
        if columns.conversation.is_none() {
            self.doubts.row(&turn, agent.as_deref());
        }
        if conversation.agent.is_none() {
            conversation.agent = match columns.agent_number {
                Some(_) => agent.map(Cow::into_owned),
                None => agent.map(|agent| context.speakers.bare_name(&agent).to_owned()),
            };
        }
        if conversation.direction.is_none() {
            conversation.direction = value(columns.direction).and_then(|word| self.doubts.direction(line, &word));
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
        for (mut conversation, _) in done {
            self.done.add(&conversation.id);
            self.doubts.order(&conversation.id.clone(), put_in_order(&mut conversation));
            sink.conversation(conversation);
        }
    }

    /// The first byte that an open conversation stands in; none where none is open.
    pub(super) fn open_from(&self) -> Option<usize> {
        self.open.iter().map(|(conversation, _)| conversation.first_byte()).min()
    }

    /// Hands over the conversations, in the order in which they first appeared.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        self.by_id.clear();
        for (mut conversation, _) in std::mem::take(&mut self.open) {
            self.doubts.order(&conversation.id.clone(), put_in_order(&mut conversation));
            sink.conversation(conversation);
        }
        let columns = &self.columns;
        let name = |column: Option<usize>| column.and_then(|at| columns.names.get(at)).map(|name| name.trim());
        let is_undivided = columns.conversation.is_none() && !columns.is_mapped;
        std::mem::take(&mut self.doubts).tell([columns.time, columns.direction].map(name), is_undivided.then(|| columns.unused()), sink);
    }
}

impl Columns {
    /// The names of those that hold nothing known.
    fn unused(&self) -> Vec<&str> {
        let Self { text, conversation, speaker, role, name, agent, agent_number, time, end, direction, kind, reply, ignore, .. } = self;
        let used = [conversation, speaker, role, name, agent, agent_number, time, end, direction, kind, ignore];
        let is_used =
            |at: usize| at == *text || used.iter().any(|column| **column == Some(at)) || (self.are_replies() && *reply == Some(at));
        self.names.iter().enumerate().filter(|(at, name)| !is_used(*at) && !name.trim().is_empty()).map(|(_, name)| name.trim()).collect()
    }
}

/// The columns of the agent's name and number; where there is no name, the number's alone.
fn agent_of(names: &[String], is_said: bool, is_free: impl Fn(&usize) -> bool) -> (Option<usize>, Option<usize>) {
    let known = || AGENT.iter().chain(AGENT_BESIDE_SPEAKER.iter().filter(|_| is_said));
    let find = |is_wanted: &dyn Fn(&str) -> bool| {
        known().filter(|word| is_wanted(word)).find_map(|word| names.iter().position(|name| name == word).filter(&is_free))
    };
    let number = find(&|word| AGENT_NUMBER.contains(&word));
    let name = find(&|word| !AGENT_NUMBER.contains(&word) && (number.is_none() || !NOT_OF_NUMBER.contains(&word)));
    (name, number)
}

/// The agent by name and number, 张三(1001), or by the one that is there.
fn numbered(name: Option<Cow<'_, str>>, number: Option<Cow<'_, str>>, context: &Context<'_>) -> Option<String> {
    let bare = |word: &Option<Cow<'_, str>>| word.as_deref().map(|word| context.speakers.bare_name(word).to_owned());
    match (bare(&name), bare(&number)) {
        (Some(name), Some(number)) if name.contains(&number) => Some(name),
        (Some(name), Some(number)) => Some(format!("{name}({number})")),
        (name, number) => name.or(number),
    }
}

/// What the first cell of a row of sums says.
const SUMS: &[&str] = &["合计", "总计", "小计", "共计", "汇总", "total", "subtotal", "sum", "grandtotal"];

/// Whether a text is one that a row of sums has: a number, or nothing.
fn is_sum(text: &str) -> bool {
    !text.chars().any(char::is_alphabetic)
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
const LATEST: usize = 220_000;

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

/// Whether the fields of a row may be names of columns, so that what stands below tells more.
fn are_names(fields: &[&str]) -> bool {
    fields.iter().all(|name| name.chars().count() <= 20 && !name.contains(['\n', '\r', ':', '：', '。', '{', '<']))
}

/// Whether a folded name is of the kind of [`CASE`].
fn is_case(name: &str) -> bool {
    CASE_ENDINGS.iter().any(|ending| name.ends_with(ending)) && !NO_CASE.iter().any(|word| name.contains(word))
}

/// How many conversations the values of a column hold together; 0 where they do not come again, or nowhere several speak.
fn held_together(values: &[String], speakers: &[String]) -> usize {
    let mut first: HashMap<&str, (&str, bool)> = HashMap::new();
    let mut rows = 0;
    for (value, speaker) in values.iter().zip(speakers).filter(|(value, _)| !value.is_empty()) {
        rows += 1;
        first.entry(value).and_modify(|(known, are_more)| *are_more |= known != speaker).or_insert((speaker, false));
    }
    let hold = first.len() * 3 <= rows * 2 && first.values().any(|(_, are_more)| *are_more);
    if hold { first.len() } else { 0 }
}

/// Whether a time has a date.
fn has_date(time: &str) -> bool {
    moment(time, false, None).is_some_and(|moment| moment.clock == Clock::Date) || open_date(time).is_some()
}

/// Whether the values of a column are seconds of a recording: numbers, and not all of them whole, for these may be milliseconds.
fn are_seconds(values: &[String]) -> bool {
    let is_number = |value: &String| value.parse::<f64>().is_ok_and(|seconds| (0.0..LONGEST_RECORDING).contains(&seconds));
    let mut all = values.iter().filter(|value| !value.is_empty()).peekable();
    all.peek().is_some() && all.all(is_number) && values.iter().any(|value| value.contains('.'))
}

/// No recording is longer, in seconds; days of a spreadsheet are more.
const LONGEST_RECORDING: f64 = 30_000.0;

/// Whether all values of a column are roles, of the agent and of somebody else, or of both sides.
fn are_roles(values: &[String], of_both: bool, context: &Context<'_>) -> bool {
    let mut roles = values.iter().filter(|value| !value.is_empty()).map(|value| context.speakers.role(value)).peekable();
    let (mut agent, mut other, mut customer) = (false, false, false);
    let are_all = roles.peek().is_some()
        && roles.all(|role| {
            agent |= role == Some(Speaker::Agent);
            other |= role.is_some_and(|role| role != Speaker::Agent);
            customer |= role == Some(Speaker::Customer);
            role.is_some()
        });
    are_all && agent && other && (customer || !of_both)
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

fn moment(text: &str, are_seconds: bool, order: Option<DateOrder>) -> Option<Moment> {
    Moment::parse_in(text, order).or_else(|| match text.parse::<f64>().ok()? {
        seconds if are_seconds => Some(Moment::from_offset_millis((seconds * 1000.0) as i64)),
        number => Moment::from_number(number).or_else(|| Moment::from_spreadsheet_days(number)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, Speakers};
    use super::*;

    fn columns(header: &[&str], rows: &[&[&str]]) -> Columns {
        let (speakers, options) = (Speakers::default(), ReadOptions::default());
        let values = |column: usize| rows.iter().map(|row| row[column].to_owned()).collect();
        Columns::of(header, &values, true, &Context { speakers: &speakers, options: &options }).unwrap()
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
    fn agents_have_names_and_numbers() {
        for (name, number) in [
            ("客服", "工号"),
            ("坐席", "坐席工号"),
            ("坐席姓名", "坐席工号"),
            ("客服姓名", "客服工号"),
            ("客服人員", "員工編號"),
            ("客服昵称", "客服账号"),
            ("专员", "工号"),
            ("agent_name", "agent_id"),
        ] {
            let found = columns(&[number, "会话ID", "角色", name, "内容"], &[]);
            assert_eq!((found.agent, found.agent_number), (Some(3), Some(0)), "{name} {number}");
            assert!(!found.unused().contains(&number), "{number}");
            let found = columns(&["会话ID", "角色", number, "内容"], &[]);
            assert_eq!((found.agent, found.agent_number), (Some(2), None), "{number}");
        }
        let found = columns(&["会话ID", "角色", "姓名", "工号", "内容"], &[]);
        assert_eq!((found.name, found.agent, found.agent_number), (Some(2), None, Some(3)));
        let found = columns(&["会话ID", "角色", "负责人", "工号", "内容"], &[]);
        assert_eq!((found.agent, found.agent_number), (Some(3), None));
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
