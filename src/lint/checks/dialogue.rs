//! A conversation as checks hear it: the turns that agent and customer said to each other.

use crate::rule::Profile;
use crate::text::Folded;
use crate::transcript::{Conversation, Speaker};

use super::timeline::Timeline;

/// The turns of agent and customer, without notices and what was said to a bot.
#[derive(Debug)]
pub(in crate::lint) struct Dialogue<'c> {
    pub conversation: &'c Conversation,
    pub timeline: Timeline,
    /// In order.
    pub spoken: Vec<Spoken<'c>>,
    /// The log begins mid-way.
    pub cut_start: bool,
    /// The log stops mid-way.
    pub cut_end: bool,
}

/// One turn of agent or customer.
#[derive(Debug)]
pub(in crate::lint) struct Spoken<'c> {
    /// Its index in the conversation.
    pub turn: usize,
    pub speaker: Speaker,
    pub folded: &'c Folded,
}

impl<'c> Dialogue<'c> {
    /// `folded` are the views of the turns; `is_notice` says which the platform wrote.
    pub fn new(
        conversation: &'c Conversation,
        folded: &'c [Folded],
        is_notice: &[bool],
        profile: Profile,
        (cut_start, cut_end): (bool, bool),
    ) -> Self {
        let mut spoken: Vec<Spoken<'c>> = Vec::new();
        let mut agent_came = false;
        for (turn, said) in conversation.turns.iter().enumerate() {
            match said.speaker {
                // What a bot answered before the agent came was not said to the agent.
                Speaker::Bot if !agent_came => spoken.clear(),
                Speaker::Agent | Speaker::Customer if !is_notice[turn] && !said.text.trim().is_empty() => {
                    agent_came |= said.speaker == Speaker::Agent;
                    spoken.push(Spoken { turn, speaker: said.speaker, folded: &folded[turn] });
                }
                _ => {}
            }
        }
        Self { conversation, timeline: Timeline::new(conversation, profile), spoken, cut_start, cut_end }
    }

    /// The first agent turn; none where the log begins mid-way.
    pub fn opening(&self) -> Option<usize> {
        if self.cut_start { None } else { self.spoken.iter().position(|spoken| spoken.speaker == Speaker::Agent) }
    }

    /// The last turn; none where the log stops mid-way, or nobody served.
    pub fn ending(&self) -> Option<usize> {
        if self.cut_end || !self.has_agent() { None } else { self.spoken.len().checked_sub(1) }
    }

    /// Whether an agent says anything.
    pub fn has_agent(&self) -> bool {
        self.spoken.iter().any(|spoken| spoken.speaker == Speaker::Agent)
    }

    /// The time from the end of one spoken turn to the start of another, in milliseconds.
    pub fn between(&self, from: usize, to: usize) -> Option<i64> {
        self.timeline.between(self.spoken[from].turn, self.spoken[to].turn)
    }

    /// How long the customer waited for the first agent turn, in milliseconds: from the bot's last turn, else from
    /// when the conversation began.
    pub fn wait_for(&self, opening: usize) -> Option<i64> {
        let turn = self.spoken[opening].turn;
        let bot = self.conversation.turns[..turn].iter().rposition(|said| said.speaker == Speaker::Bot);
        match bot {
            Some(bot) => self.timeline.between(bot, turn),
            None => self.timeline.since_start(turn),
        }
    }

    /// How long the conversation has lasted at the end of a turn, in milliseconds.
    pub fn lasted(&self, until: usize) -> Option<i64> {
        self.timeline.lasted(self.spoken.first()?.turn, self.spoken[until].turn)
    }
}
