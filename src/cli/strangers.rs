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
        let strangers = conversation.turns.iter().filter(|turn| turn.speaker == Speaker::Unknown);
        strangers.filter_map(|turn| turn.name.as_deref()).for_each(|name| self.name(name));
    }

    /// Adds a name, unless there are enough: who speaks often takes no more places than others.
    fn name(&mut self, name: &str) {
        if self.names.len() < NAMES && !self.names.contains(name) {
            self.names.insert(name.to_owned());
        }
    }

    /// Adds those of a later part of the document.
    pub(super) fn join(&mut self, later: Self) {
        self.conversations += later.conversations;
        self.line = self.line.or(later.line);
        self.are_mingled |= later.are_mingled;
        later.names.iter().for_each(|name| self.name(name));
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
            if let Some(machine) = names.iter().find(|name| is_machine(name)) {
                write!(f, "; of a machine say --speaker {machine}=bot, or =system where it only tells what happens")?;
            }
        }
        Ok(())
    }
}

/// Whether a name is hardly a person's: 語音系統, IVR.
fn is_machine(name: &str) -> bool {
    const WORDS: [&str; 11] = ["语音", "語音", "系统", "系統", "机器", "機器", "自动", "自動", "平台", "ivr", "robot"];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
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

    #[test]
    fn six_different_names_are_told_and_what_a_machine_may_be() {
        let names = ["张三丰"; 7].into_iter().chain(["甲", "乙", "丙", "丁", "IVR", "戊"]);
        let turns = names.map(|name| Turn { name: Some(name.to_owned()), ..Turn::new(Speaker::Unknown, "您好") });
        let mut strangers = Strangers::default();
        strangers.add(&Conversation { turns: turns.collect(), ..Conversation::default() }, |_| Some(1));
        let told = strangers.to_string();
        assert_eq!(strangers.names.len(), NAMES);
        assert!(["张三丰", "甲", "乙", "丙", "丁", "IVR"].iter().all(|name| strangers.names.contains(*name)), "{told}");
        assert!(told.contains("; of a machine say --speaker IVR=bot, or =system"), "{told}");
    }
}
