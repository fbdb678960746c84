//! Turns of somebody nobody knows, in conversations whose agent is known: they are not looked at, and that is said.

use std::collections::HashMap;
use std::fmt;

use phrase_lint::transcript::{Conversation, Speaker};

/// Names that are told apart in a run; the turns of more are counted all the same.
const KNOWN: usize = 1000;

/// Names that are told.
const TOLD: usize = 3;

/// Such turns, by the names of who spoke.
#[derive(Debug, Default)]
pub(super) struct Unchecked {
    turns: u64,
    /// In the order in which they first spoke.
    names: Vec<(String, u64)>,
    by_name: HashMap<String, usize>,
    /// Whether there are names beyond those.
    are_more: bool,
}

impl Unchecked {
    /// Adds the turns of a conversation. What a document holds it holds too: the names of a part are told apart, however many.
    pub(super) fn add(&mut self, conversation: &Conversation) {
        for turn in conversation.turns.iter().filter(|turn| turn.speaker == Speaker::Unknown && !turn.text.trim().is_empty()) {
            self.count(turn.name.as_deref().unwrap_or_default(), 1, usize::MAX);
        }
    }

    /// Adds those of a later part of the run.
    pub(super) fn join(&mut self, later: Self) {
        self.are_more |= later.are_more;
        later.names.into_iter().for_each(|(name, turns)| self.count(&name, turns, KNOWN));
    }

    fn count(&mut self, name: &str, turns: u64, most: usize) {
        self.turns += turns;
        if let Some(at) = self.by_name.get(name) {
            self.names[*at].1 += turns;
        } else if self.names.len() < most {
            self.by_name.insert(name.to_owned(), self.names.len());
            self.names.push((name.to_owned(), turns));
        } else {
            self.are_more = true;
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.turns == 0
    }
}

/// 3 turns of `小王` were not checked: nobody said who that is; add --speaker 小王=agent or =customer
impl fmt::Display for Unchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&(String, u64)> = self.names.iter().filter(|(name, _)| !name.is_empty()).collect();
        names.sort_by_key(|(_, turns)| std::cmp::Reverse(*turns));
        let (noun, verb) = if self.turns == 1 { ("turn", "was") } else { ("turns", "were") };
        let Some((first, _)) = names.first() else {
            return write!(f, "{} {noun} {verb} not checked: the input does not say who spoke", self.turns);
        };
        let told: Vec<String> = names.iter().take(TOLD).map(|(name, _)| format!("`{name}`")).collect();
        write!(f, "{} {noun} of {}", self.turns, told.join(", "))?;
        let left = names.len().saturating_sub(TOLD);
        match (left, self.are_more) {
            (0, false) => {}
            (left, false) => write!(f, " and {left} more")?,
            (left, true) => write!(f, " and more than {left} more")?,
        }
        let whom = if names.len() == 1 { "that is" } else { "they are" };
        // A shell takes other words apart.
        let quote = if first.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) { "" } else { "'" };
        write!(f, " {verb} not checked: nobody said who {whom}; add --speaker {quote}{first}=agent{quote} or =customer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use phrase_lint::transcript::Turn;

    fn of(names: &[&str]) -> Unchecked {
        let turn =
            |name: &&str| Turn { name: Some((*name).to_owned()).filter(|name| !name.is_empty()), ..Turn::new(Speaker::Unknown, "好") };
        let mut turns: Vec<Turn> = names.iter().map(turn).collect();
        turns.extend([Turn::new(Speaker::Agent, "您好"), Turn::new(Speaker::Unknown, " ")]);
        let mut unchecked = Unchecked::default();
        unchecked.add(&Conversation { turns, ..Conversation::default() });
        unchecked
    }

    #[test]
    fn names_are_told_by_the_number_of_their_turns() {
        assert!(of(&[]).is_empty());
        assert_eq!(
            of(&["小王", "小王", "小王"]).to_string(),
            "3 turns of `小王` were not checked: nobody said who that is; add --speaker 小王=agent or =customer"
        );
        assert_eq!(
            of(&["A B"]).to_string(),
            "1 turn of `A B` was not checked: nobody said who that is; add --speaker 'A B=agent' or =customer"
        );
        assert_eq!(
            of(&["甲", "乙", "丙", "丁", "丁", "戊"]).to_string(),
            "6 turns of `丁`, `甲`, `乙` and 2 more were not checked: nobody said who they are; add --speaker 丁=agent or =customer"
        );
        assert_eq!(of(&[""]).to_string(), "1 turn was not checked: the input does not say who spoke");
    }

    #[test]
    fn many_names_are_counted_in_bounded_memory() {
        let mut all = Unchecked::default();
        for part in 0..3 {
            let names: Vec<String> = (0..KNOWN).map(|number| format!("{part}-{number}")).collect();
            all.join(of(&names.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        assert_eq!((all.turns, all.names.len(), all.by_name.len()), (KNOWN as u64 * 3, KNOWN, KNOWN));
        assert!(all.to_string().starts_with("3000 turns of `0-0`, `0-1`, `0-2` and more than 997 more were not checked"), "{all}");
    }
}
