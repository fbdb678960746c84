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
    names: BTreeSet<String>,
}

impl Strangers {
    pub(super) fn add(&mut self, conversation: &Conversation) {
        self.conversations += 1;
        let names = conversation.turns.iter().filter(|turn| turn.speaker == Speaker::Unknown).filter_map(|turn| turn.name.clone());
        self.names.extend(names.take(NAMES.saturating_sub(self.names.len())));
    }

    /// Adds those of a later part of the document.
    pub(super) fn join(&mut self, later: Self) {
        self.conversations += later.conversations;
        self.names.extend(later.names.into_iter().take(NAMES.saturating_sub(self.names.len())));
    }
}

impl fmt::Display for Strangers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conversations =
            if self.conversations == 1 { "a conversation".to_owned() } else { format!("{} conversations", self.conversations) };
        write!(
            f,
            "nobody is known to be the agent in {conversations} of this file; say who is: --speaker NAME=agent, or --assume-agent first"
        )?;
        if !self.names.is_empty() {
            let names: Vec<_> = self.names.iter().map(String::as_str).collect();
            write!(f, " (names found: {})", names.join(", "))?;
        }
        Ok(())
    }
}
