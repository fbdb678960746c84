//! Files of texts under keys, as programs keep what they say in every language: each text is a canned reply.
//!
//! What JSON, YAML and TOML share here: which files are taken, and what becomes of a text.

use super::reading::Sink;
use super::{Conversation, Place};

/// A text and the keys that lead to it, divided by dots.
pub(super) struct Entry {
    pub path: String,
    pub text: String,
    pub place: Place,
}

/// What a file of texts looks like; none where it is rather something else.
///
/// Most texts must be Chinese: every program's settings are texts under keys as well.
pub(super) fn nature(kind: &str, entries: &[Entry]) -> Option<String> {
    let all = entries.iter().filter(|entry| !entry.text.trim().is_empty()).count();
    let chinese = entries.iter().filter(|entry| is_chinese(&entry.text)).count();
    (chinese > 0 && chinese * 2 >= all)
        .then(|| format!("{kind} with texts under keys; {chinese} of {all} are Chinese, such as `{}`", first(entries)))
}

fn first(entries: &[Entry]) -> &str {
    entries.iter().find(|entry| is_chinese(&entry.text)).map_or("", |entry| entry.path.as_str())
}

pub(super) fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9FFF}').contains(&c))
}

/// Hands over every text that is not blank as a reply.
pub(super) fn hand_over(entries: Vec<Entry>, sink: &mut Sink<'_>) {
    for entry in entries.into_iter().filter(|entry| !entry.text.trim().is_empty()) {
        let mut reply = Conversation::reply(entry.path, entry.text);
        reply.turns[0].place = entry.place;
        sink.conversation(reply);
    }
}

/// The path of a key within another path.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
