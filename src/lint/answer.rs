//! The turns of an agent between two of the customer: what the agent says in one of them excuses what is said in another. What bot,
//! platform and strangers say between them excuses nothing.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::text::{Folded, Spacing};
use crate::transcript::{Conversation, Speaker, Turn};

use super::matcher::Matcher;

/// One answer. What was looked for in it is kept: a log may be one answer from end to end.
pub(super) struct Answer<'c> {
    conversation: &'c Conversation,
    spacing: Spacing,
    /// The indices of its turns, and of those that others have between them.
    turns: Range<usize>,
    /// Whose answer it is.
    speaker: Speaker,
    folded: OnceCell<Vec<Folded>>,
    /// By the number of a row, whether something in it excuses what this row finds.
    excused: BTreeMap<usize, bool>,
}

impl<'c> Answer<'c> {
    /// That of which the turn `index` is a part; of a turn that is not the agent's this turn alone.
    pub fn around(conversation: &'c Conversation, spacing: Spacing, index: usize) -> Self {
        let turns = &conversation.turns;
        let is_customer = |turn: &Turn| turn.speaker == Speaker::Customer;
        let speaker = turns[index].speaker;
        let turns = if speaker == Speaker::Agent {
            let start = turns[..index].iter().rposition(is_customer).map_or(0, |customer| customer + 1);
            let end = turns[index..].iter().position(is_customer).map_or(turns.len(), |offset| index + offset);
            start..end
        } else {
            index..index + 1
        };
        Self { conversation, spacing, turns, speaker, folded: OnceCell::new(), excused: BTreeMap::new() }
    }

    /// Whether a turn of the agent is a part of it.
    pub fn has(&self, index: usize) -> bool {
        self.turns.contains(&index)
    }

    /// Whether one of these patterns of a row is in it.
    pub fn excuses(&mut self, row: usize, unless: &[Matcher]) -> bool {
        let Self { conversation, spacing, turns, speaker, folded, excused } = self;
        *excused.entry(row).or_insert_with(|| {
            let fold = |turn: &Turn| Folded::new(&turn.text, *spacing);
            let own = || conversation.turns[turns.clone()].iter().filter(|turn| turn.speaker == *speaker);
            let folded = || folded.get_or_init(|| own().map(fold).collect());
            unless.iter().any(|unless| folded().iter().any(|turn| unless.is_in(turn.as_str())))
        })
    }
}
