//! A conversation as checks hear it: the turns that agent and customer said to each other.

use crate::rule::Profile;
use crate::text::{Folded, Spacing};
use crate::transcript::{Conversation, Speaker};

use super::super::heard::{Heard, HeardTurn};
use super::super::told::Words;
use super::timeline::Timeline;

/// The turns of agent and customer, without notices and what was said to a bot.
#[derive(Debug)]
pub(in crate::lint) struct Dialogue<'c> {
    pub conversation: &'c Conversation,
    spacing: Spacing,
    pub timeline: Timeline,
    /// In order.
    pub spoken: Vec<Spoken<'c>>,
    /// What platform and bot say beside it, in order.
    pub asides: Vec<Aside<'c>>,
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
    pub heard: &'c Heard,
    /// What is said, word by word.
    pub words: Words,
}

/// One turn of neither.
#[derive(Debug)]
pub(in crate::lint) struct Aside<'c> {
    /// How many spoken turns stand before it.
    pub spoken: usize,
    /// Its index in the conversation.
    pub turn: usize,
    /// Who speaks: of a notice the platform, whoever it is sent as.
    pub speaker: Speaker,
    pub heard: &'c Heard,
}

impl<'c> Dialogue<'c> {
    /// `said` is what was heard in each turn.
    pub fn new(conversation: &'c Conversation, spacing: Spacing, said: &'c [HeardTurn], profile: Profile) -> Self {
        let heard = |turn: usize| -> &'c Heard { &said[turn].heard };
        // Notices stand around what was said; and the first or last words themselves may tell.
        let is_spoken =
            |turn: &usize| matches!(conversation.turns[*turn].speaker, Speaker::Agent | Speaker::Customer) && !heard(*turn).is_notice;
        let turns = 0..conversation.turns.len();
        let first = turns.clone().find(is_spoken).map_or(turns.end, |first| first + 1);
        let last = turns.clone().rfind(is_spoken).unwrap_or(0);
        let mut spoken: Vec<Spoken<'c>> = Vec::with_capacity(turns.len());
        let mut asides: Vec<Aside<'c>> = Vec::new();
        let aside = |spoken: usize, turn: usize| {
            let heard = heard(turn);
            let speaker = if heard.is_notice { Speaker::System } else { conversation.turns[turn].speaker };
            Aside { spoken, turn, speaker, heard }
        };
        let mut agent_came = false;
        // Before these nothing was spoken.
        let mut early = 0;
        for (turn, written) in conversation.turns.iter().enumerate() {
            match written.speaker {
                // What a bot answered before the agent came was not said to the agent.
                Speaker::Bot if !agent_came => {
                    spoken.clear();
                    asides[early..].iter_mut().for_each(|aside| aside.spoken = 0);
                    asides.push(aside(0, turn));
                    early = asides.len();
                }
                Speaker::Agent | Speaker::Customer if !heard(turn).is_notice && !written.text.trim().is_empty() => {
                    agent_came |= written.speaker == Speaker::Agent;
                    spoken.push(Spoken { turn, speaker: written.speaker, heard: heard(turn), words: said[turn].words });
                }
                _ => asides.push(aside(spoken.len(), turn)),
            }
        }
        Self {
            conversation,
            spacing,
            timeline: Timeline::new(conversation, profile),
            spoken,
            asides,
            cut_start: turns.clone().take(first).any(|turn| heard(turn).cut_start),
            cut_end: turns.skip(last).any(|turn| heard(turn).cut_end),
        }
    }

    /// The folded view of a turn of the conversation, with the way back to what was written. Few are ever asked for.
    pub fn folded(&self, turn: usize) -> Folded {
        Folded::new(&self.conversation.turns[turn].text, self.spacing)
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
