//! Conversations of which nobody is known to be the agent: to call them clean would be wrong.

use std::collections::BTreeSet;
use std::fmt;

use phrase_lint::transcript::{Conversation, Speaker};

/// Names that are told of speakers whom nobody knows.
const NAMES: usize = 6;

/// How many there are in a document, and who speaks there.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    pub(super) conversations: u64,
    /// The line (in a workbook, the row) on which the first begins.
    line: Option<usize>,
    names: BTreeSet<String>,
}

impl Strangers {
    /// Adds a conversation; `line` tells where it begins.
    pub(super) fn add(&mut self, conversation: &Conversation, line: impl FnOnce(&Conversation) -> Option<usize>) {
        self.line = self.line.or_else(|| line(conversation));
        self.conversations += 1;
        let names = conversation.turns.iter().filter(|turn| turn.speaker == Speaker::Unknown).filter_map(|turn| turn.name.clone());
        self.names.extend(names.take(NAMES.saturating_sub(self.names.len())));
    }

    /// Adds those of a later part of the document.
    pub(super) fn join(&mut self, later: Self) {
        self.conversations += later.conversations;
        self.line = self.line.or(later.line);
        self.names.extend(later.names.into_iter().take(NAMES.saturating_sub(self.names.len())));
    }
}

impl fmt::Display for Strangers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conversations =
            if self.conversations == 1 { "a conversation".to_owned() } else { format!("{} conversations", self.conversations) };
        let first = match (self.line, self.conversations) {
            (None, _) => String::new(),
            (Some(line), 1) => format!(" (line {line})"),
            (Some(line), _) => format!(" (the first at line {line})"),
        };
        write!(
            f,
            "nobody is known to be the agent in {conversations} of this file{first}; say who is: --speaker NAME=agent, or --assume-agent first"
        )?;
        if !self.names.is_empty() {
            let names: Vec<_> = self.names.iter().map(String::as_str).collect();
            write!(f, " (names found: {})", names.join(", "))?;
        }
        Ok(())
    }
}
