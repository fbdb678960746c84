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
    /// Whether there is one in which it is not told apart who says what.
    are_mingled: bool,
}

impl Strangers {
    /// Adds a conversation; `line` tells where it begins.
    pub(super) fn add(&mut self, conversation: &Conversation, line: impl FnOnce(&Conversation) -> Option<usize>) {
        self.line = self.line.or_else(|| line(conversation));
        self.conversations += 1;
        self.are_mingled |= !conversation.tells_speakers_apart();
        let names = conversation.turns.iter().filter(|turn| turn.speaker == Speaker::Unknown).filter_map(|turn| turn.name.clone());
        self.names.extend(names.take(NAMES.saturating_sub(self.names.len())));
    }

    /// Adds those of a later part of the document.
    pub(super) fn join(&mut self, later: Self) {
        self.conversations += later.conversations;
        self.line = self.line.or(later.line);
        self.are_mingled |= later.are_mingled;
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
        write!(f, "nobody is known to be the agent in {conversations} of this file{first}; ")?;
        if self.are_mingled && self.names.is_empty() {
            return f.write_str(
                "nothing tells the speakers apart: begin each turn with who speaks (客服：…), or, where only agents do, --assume-agent all",
            );
        }
        f.write_str("say who is: --speaker NAME=agent, or --assume-agent first")?;
        if !self.names.is_empty() {
            let names: Vec<_> = self.names.iter().map(String::as_str).collect();
            write!(f, " (names found: {})", names.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use phrase_lint::transcript::Turn;

    #[test]
    fn what_helps_depends_on_whether_speakers_are_told_apart() {
        let told = |names: [Option<&str>; 2]| {
            let turn = |name: Option<&str>| Turn { name: name.map(str::to_owned), ..Turn::new(Speaker::Unknown, "您好") };
            let mut strangers = Strangers::default();
            strangers.add(&Conversation { turns: names.into_iter().map(turn).collect(), ..Conversation::default() }, |_| Some(1));
            strangers.to_string()
        };
        assert!(told([None, None]).ends_with("--assume-agent all"));
        assert!(told([Some("张三"), Some("李四")]).contains("--assume-agent first (names found: 张三, 李四)"));
    }
}
