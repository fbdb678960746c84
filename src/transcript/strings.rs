//! Files of texts under keys, as programs keep what they say in every language, and of records that each hold a reply beside what it
//! is called: each text is a canned reply.
//!
//! What JSON, YAML and TOML share here: which files are taken, and what becomes of a text. Each makes a tree of [`Node`]s of a file.

use std::collections::{BTreeMap, BTreeSet};

use super::dialogue::Dialogue;
use super::field_names::{AGENT, ANSWER, CONVERSATION, HEARD, ID, LABEL, MESSAGE, SPEAKER, TEXT, VALUE, folded};
use super::reading::{Context, Sink};
use super::role_words::role_of;
use super::{Conversation, IGNORE, Ignore, Place, Speaker};

/// No file of texts goes deeper; what does is not looked at.
pub(super) const DEEPEST: usize = 64;

/// A value of a document.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A text, and where it stands.
    Text(String, Place),
    /// A number, true, false or null, as it is written.
    Plain(String),
    List(Vec<Node>),
    Keys(Vec<(String, Node)>),
}

/// A text and the keys that lead to it, divided by dots, or what its record is called.
#[derive(Debug)]
pub(super) struct Entry {
    pub path: String,
    pub text: String,
    pub place: Place,
    /// What the records around it say that is not for it.
    ignores: Vec<Ignore>,
    /// The key that it stands under in a record of which nobody knows what an agent says.
    strange: Option<String>,
}

/// The texts of a document.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub entries: Vec<Entry>,
    /// How many of its records hold a reply.
    pub replies: usize,
    /// Whether there are lists within lists, or records that are no replies, but what people said to each other.
    pub has_strange: bool,
    /// The keys of records of which nobody knows what an agent says, in order.
    pub strange: BTreeSet<String>,
}

impl Texts {
    /// The texts of a whole document.
    pub(super) fn of(document: Node) -> Self {
        let mut texts = Self::default();
        match document {
            // An array around a single object that is no reply says nothing; a lone turn is asked for what it is.
            Node::List(mut nodes) if matches!(nodes.as_slice(), [Node::Keys(fields)] if said(fields).is_empty() && !is_of_talk(fields)) => {
                if let Some(Node::Keys(fields)) = nodes.pop() {
                    texts.keys(fields, "");
                }
            }
            Node::List(nodes) => texts.list(nodes, "", true),
            // A file that holds one reply has an id, as no map of texts has.
            Node::Keys(fields) if fields.iter().all(is_of_record) && fields.iter().any(|(key, _)| is_one_of(key, ID)) => {
                texts.record(fields, String::new());
            }
            Node::Keys(fields) => texts.keys(fields, ""),
            text => texts.add(text, String::new()),
        }
        texts.settle();
        texts
    }

    /// Of records of which nobody knows what an agent says, those keys count under which most texts are sentences in Chinese:
    /// `nodes[].data.say` beside an id and a type.
    fn settle(&mut self) {
        let mut by_key: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for entry in &self.entries {
            if let Some(key) = &entry.strange {
                let (all, sentences) = by_key.entry(key.clone()).or_default();
                *all += 1;
                *sentences += usize::from(is_sentence(&entry.text));
            }
        }
        if by_key.is_empty() {
            return;
        }
        let is_said = |key: &String| !is_heard(key) && by_key.get(key).is_some_and(|(all, sentences)| sentences * 2 > *all);
        self.has_strange |= !by_key.keys().any(is_said);
        // Where a user says that all these are replies, all are.
        if !self.has_strange {
            self.entries.retain(|entry| entry.strange.as_ref().is_none_or(is_said));
        }
    }

    /// These, and those of what stands behind.
    pub(super) fn with(mut self, behind: Self) -> Self {
        self.entries.extend(behind.entries);
        self.replies += behind.replies;
        self.has_strange |= behind.has_strange;
        self.strange.extend(behind.strange);
        self
    }

    /// What a file of texts looks like; none where it is rather something else.
    ///
    /// Most texts must be Chinese: every program's settings are texts under keys as well.
    pub(super) fn nature(&self, kind: &str) -> Option<String> {
        let all = self.entries.iter().filter(|entry| !entry.text.trim().is_empty()).count();
        let chinese = self.entries.iter().filter(|entry| is_chinese(&entry.text)).count();
        let first = self.entries.iter().find(|entry| is_chinese(&entry.text))?.path.as_str();
        let what = if self.replies > 0 { "records of replies" } else { "texts under keys" };
        (!self.has_strange && chinese * 2 >= all).then(|| format!("{kind} with {what}; {chinese} of {all} are Chinese, such as `{first}`"))
    }

    /// Hands over every text that is not blank as a reply, or where it is a whole transcript, as a conversation.
    pub(super) fn hand_over(self, context: &Context<'_>, sink: &mut Sink<'_>) {
        for entry in self.entries.into_iter().filter(|entry| !entry.text.trim().is_empty()) {
            if let Some(Dialogue { turns, kind }) = Dialogue::by_itself(&entry.text, &entry.place, context) {
                sink.conversation(Conversation { id: entry.path, kind, turns, ignores: entry.ignores, ..Conversation::default() });
                continue;
            }
            let mut reply = Conversation::reply(entry.path, entry.text);
            reply.turns[0].place = entry.place;
            reply.ignores = entry.ignores;
            sink.conversation(reply);
        }
    }

    /// Adds a value that stands under a key.
    fn add(&mut self, node: Node, path: String) {
        match node {
            Node::Text(text, place) => {
                let path = if path.is_empty() { (self.entries.len() + 1).to_string() } else { path };
                self.entries.push(Entry { path, text, place, ignores: Vec::new(), strange: None });
            }
            Node::Plain(_) => {}
            Node::List(nodes) => self.list(nodes, &path, false),
            Node::Keys(fields) => self.keys(fields, &path),
        }
    }

    fn list(&mut self, nodes: Vec<Node>, path: &str, is_top: bool) {
        for (index, node) in nodes.into_iter().enumerate() {
            let path = join(path, &(index + 1).to_string());
            self.has_strange |= !is_top && matches!(node, Node::List(_));
            match node {
                Node::Keys(fields) => self.record(fields, path),
                node => self.add(node, path),
            }
        }
    }

    /// Adds the texts under keys; where there are records among them, what is written about all these is none.
    fn keys(&mut self, mut fields: Vec<(String, Node)>, path: &str) {
        let ignored = take_ignored(&mut fields);
        let before = self.entries.len();
        self.add_keys(fields, path);
        self.ignore(before, ignored);
    }

    /// Notes what a record says that is not for its texts, which begin at this entry.
    fn ignore(&mut self, from: usize, ignored: Option<(String, Option<Place>)>) {
        let Some((rules, place)) = ignored else { return };
        for entry in &mut self.entries[from..] {
            entry.ignores.extend(Ignore::of_text(&rules, None, place.clone().unwrap_or_else(|| entry.place.clone())));
        }
    }

    fn add_keys(&mut self, fields: Vec<(String, Node)>, path: &str) {
        let is_about_records = fields.iter().any(|(_, node)| holds_replies(node));
        for (key, node) in fields {
            if !(is_about_records && (is_one_of(&key, LABEL) || is_one_of(&key, ID)) && !holds_replies(&node)) {
                self.add(node, join(path, &key));
            }
        }
    }

    /// Adds what a record holds that an agent says; all its texts where that is not known.
    fn record(&mut self, mut fields: Vec<(String, Node)>, path: String) {
        let ignored = take_ignored(&mut fields);
        let before = self.entries.len();
        if said(&fields).is_empty() {
            self.strange_record(fields, &path);
        } else {
            self.add_record(fields, path);
        }
        self.ignore(before, ignored);
    }

    /// Adds a record of which nobody knows what an agent says.
    fn strange_record(&mut self, fields: Vec<(String, Node)>, path: &str) {
        if fields.iter().any(|(_, node)| holds_replies(node)) {
            return self.add_keys(fields, path);
        }
        self.strange.extend(fields.iter().map(|(key, _)| key.clone()));
        self.has_strange |= is_of_talk(&fields);
        let before = self.entries.len();
        self.add_keys(fields, path);
        for entry in &mut self.entries[before..] {
            let key = entry.path.rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
            entry.strange = Some(key.to_owned());
        }
    }

    fn add_record(&mut self, fields: Vec<(String, Node)>, path: String) {
        let said = said(&fields);
        self.replies += 1;
        let id = called(&fields).unwrap_or(path);
        let is_one = said.len() == 1;
        for (index, (key, node)) in fields.into_iter().enumerate() {
            let path = || if is_one { id.clone() } else { join(&id, &key) };
            match node {
                Node::List(nodes) if said.contains(&index) => self.list(nodes, &path(), false),
                node if said.contains(&index) => self.add(node, path()),
                // Replies within a reply: its variants, its buttons.
                node if holds_replies(&node) => self.add(node, join(&id, &key)),
                _ => {}
            }
        }
    }
}

/// Takes out of a record the rules that are not for its texts, and where they are written, if that is known.
fn take_ignored(fields: &mut Vec<(String, Node)>) -> Option<(String, Option<Place>)> {
    let at = fields.iter().position(|(key, _)| key == IGNORE)?;
    match fields.remove(at).1 {
        Node::Text(text, place) => Some((text, Some(place))),
        Node::Plain(word) => Some((word, None)),
        Node::List(names) => {
            let name = |name| if let Node::Text(name, _) | Node::Plain(name) = name { Some(name) } else { None };
            Some((names.into_iter().filter_map(name).collect::<Vec<_>>().join(", "), None))
        }
        Node::Keys(_) => None,
    }
}

/// Whether a record is of what people said to each other: it names somebody who speaks, or when.
fn is_of_talk(fields: &[(String, Node)]) -> bool {
    let is_who = |key: &str| [SPEAKER, CONVERSATION, AGENT].into_iter().any(|names| is_one_of(key, names));
    fields.iter().any(|(key, node)| match node {
        // `message` or `用户` may be said to somebody.
        _ if is_who(key) => true,
        Node::Text(word, _) | Node::Plain(word) => is_one_of(key, MESSAGE) || is_role(word),
        Node::Keys(fields) => is_of_talk(fields),
        Node::List(nodes) => nodes.iter().any(|node| matches!(node, Node::Keys(fields) if is_of_talk(fields))),
    })
}

/// Whether what stands under a key of a record is about it, or what a customer says.
fn is_heard(key: &str) -> bool {
    let folded = folded(key);
    is_one_of(key, LABEL) || HEARD.iter().any(|word| folded == *word || (word.len() > 2 && folded.contains(word)))
}

/// Whether a word is the name of one of the two sides.
fn is_role(word: &str) -> bool {
    matches!(role_of(&folded(word)), Some(Speaker::Agent | Speaker::Customer))
}

/// Whether a text may be said to somebody and is more than a name or a heading.
pub(super) fn is_sentence(text: &str) -> bool {
    let han = text.chars().filter(|c| ('\u{3400}'..='\u{9FFF}').contains(c)).count();
    han > 6 || han > 0 && text.contains(['你', '您', '请', '請', '，', '。', '！', '？', ',', '!', '?', '~', '～'])
}

/// Which fields of a record hold what an agent says; none where it is no reply.
fn said(fields: &[(String, Node)]) -> Vec<usize> {
    if fields.iter().any(|(key, _)| [SPEAKER, CONVERSATION, AGENT, MESSAGE].into_iter().any(|names| is_one_of(key, names))) {
        return Vec::new();
    }
    let named = |names: &[&str]| -> Vec<usize> {
        let is_said = |(_, (key, node)): &(usize, &(String, Node))| holds_words(node) && is_one_of(key, names);
        fields.iter().enumerate().filter(is_said).map(|(index, _)| index).collect()
    };
    [ANSWER, TEXT, VALUE].into_iter().map(named).find(|said| !said.is_empty()).unwrap_or_default()
}

/// What a record is called.
fn called(fields: &[(String, Node)]) -> Option<String> {
    const CALLED: [&[&str]; 2] = [ID, &["标题", "title", "名称", "name"]];
    CALLED.into_iter().flatten().find_map(|name| match fields.iter().find(|(key, _)| folded(key) == *name)? {
        (_, Node::Text(word, _) | Node::Plain(word)) if !word.trim().is_empty() => Some(word.trim().to_owned()),
        _ => None,
    })
}

/// Whether there is a record that holds a reply among the elements of a list, however deep.
fn holds_replies(node: &Node) -> bool {
    match node {
        Node::Text(..) | Node::Plain(_) => false,
        Node::List(nodes) => nodes.iter().any(|node| holds_replies(node) || matches!(node, Node::Keys(fields) if !said(fields).is_empty())),
        Node::Keys(fields) => fields.iter().any(|(_, node)| holds_replies(node)),
    }
}

/// Whether it is a text, or a list of texts.
fn holds_words(node: &Node) -> bool {
    match node {
        Node::Text(text, _) => !text.trim().is_empty(),
        Node::List(nodes) => !nodes.is_empty() && nodes.iter().all(|node| matches!(node, Node::Text(..))),
        _ => false,
    }
}

/// Whether a field is of a record of a reply and hardly of anything else.
fn is_of_record((key, _): &(String, Node)) -> bool {
    [ID, LABEL, ANSWER, TEXT].into_iter().any(|names| is_one_of(key, names))
}

fn is_one_of(key: &str, names: &[&str]) -> bool {
    names.contains(&folded(key).as_str())
}

pub(super) fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9FFF}').contains(&c))
}

/// The path of a key within another path.
fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
