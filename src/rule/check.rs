//! What a check is: when something happens, something is expected or forbidden within a window.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ByProfile;
use super::calendar::Days;
use super::document::{At, Per};
use super::pack_text::PackText;
use super::row::{Specs, Wording};
use super::saying::Saying;
use crate::transcript::{Direction, Speaker};
use crate::violation::Severity;

/// One row of etiquette over a whole conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Check {
    /// `category/name`.
    pub id: Arc<str>,
    /// The pack's file.
    pub file: PackText,
    /// The line of its id in the pack, from 1.
    pub line: usize,
    /// A short name of the rule.
    pub title: Wording,
    /// What this row asks.
    pub scene: PackText,
    /// One sentence that says why it is asked.
    pub why: Wording,
    /// Where the rule comes from.
    pub source: PackText,
    /// How grave a breach is in every profile; none where it is off. Always off for replies.
    pub severity: ByProfile<Severity>,
    /// What a breach costs, where the pack says.
    pub points: Option<u32>,
    /// Whether a breach fails the whole conversation.
    pub fatal: bool,
    /// Whether points are lost at every breach or once.
    pub per: Per,
    /// Only in conversations that this side began; one of unknown direction is taken for inbound.
    pub direction: Option<Direction>,
    /// Where the obligation arises.
    pub when: When,
    /// What it asks.
    pub duty: Duty,
    /// No obligation where this was said anywhere.
    pub unless: Vec<Utterance>,
    /// Sentences that would have fulfilled it, in Simplified.
    pub professional: Vec<String>,
    /// The same in Traditional; empty where the pack has none.
    pub professional_hant: Vec<String>,
    /// Examples that the pack promises.
    pub specs: Specs,
}

/// Where an obligation arises: all that is given must hold together.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct When {
    /// At the first agent turn, or at the last turn.
    pub at: Option<At>,
    /// Where these words are said.
    pub words: Option<Utterance>,
    /// After a silence of the agent longer than this; with [`At::Opening`] a wait before it.
    pub silence: Option<Duration>,
    /// At the same text for the so-manieth time.
    pub repeat: Option<u32>,
    /// Where the conversation has lasted longer than this.
    pub lasts: Option<Duration>,
    /// At one of these times of day; any where empty.
    pub clock: Vec<ClockRange>,
    /// On one of these days.
    pub days: Option<Days>,
}

/// A stretch of the day in minutes after midnight, the last not included. It goes past midnight where `to` is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRange {
    /// The first minute.
    pub from: u32,
    /// The minute after the last.
    pub to: u32,
}

impl ClockRange {
    /// Whether a time, in seconds after midnight, is in it.
    pub fn holds(self, second_of_day: u32) -> bool {
        let minute = second_of_day / 60;
        if self.from < self.to { (self.from..self.to).contains(&minute) } else { minute >= self.from || minute < self.to }
    }
}

/// Words of one speaker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    /// Who says them.
    pub speaker: Speaker,
    /// What is said.
    pub said: Said,
    /// But not where one of these shares a written character.
    pub except: Vec<Saying>,
}

/// What is looked for in a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Said {
    /// `…` alone: anything.
    Anything,
    /// One of these.
    OneOf(Vec<Saying>),
}

impl Said {
    /// Those; none where anything will do.
    pub fn sayings(&self) -> &[Saying] {
        match self {
            Self::Anything => &[],
            Self::OneOf(sayings) => sayings,
        }
    }
}

/// What an obligation asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Duty {
    /// Nothing can fulfil it: the place itself is the breach.
    Itself,
    /// Something must be said.
    Expect(Term),
    /// Something must not be said.
    Forbid(Term),
}

impl Duty {
    /// What is expected or forbidden, where something is.
    pub fn term(&self) -> Option<&Term> {
        match self {
            Self::Itself => None,
            Self::Expect(term) | Self::Forbid(term) => Some(term),
        }
    }
}

/// What is said, and where it is looked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Term {
    /// What must, or must not, be said.
    pub words: Utterance,
    /// Where.
    pub within: Window,
    /// The window closes at the first of these.
    pub until: Option<Utterance>,
    /// Turns of the speaker in which one of these stands do not count.
    pub past: Option<Utterance>,
}

/// Where words are looked for, from the place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// How far it reaches.
    pub extent: Extent,
    /// Back from the place instead of on from it.
    pub before: bool,
}

/// How far a window reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// To the end of the conversation (or its beginning).
    Whole,
    /// So many turns of the speaker, the place's own included.
    Turns(usize),
    /// So many answers (runs of turns of the speaker), the place's own included.
    Answers(usize),
    /// So long after the end of the place's turn.
    Time(Duration),
}

impl Check {
    /// All words that it asks for.
    pub(super) fn utterances(&self) -> impl Iterator<Item = &Utterance> {
        let term = self.duty.term().map(|term| [Some(&term.words), term.until.as_ref(), term.past.as_ref()]);
        self.when.words.iter().chain(&self.unless).chain(term.into_iter().flatten().flatten())
    }

    /// Whether it can be broken only where times are known.
    pub fn needs_times(&self) -> bool {
        let when = &self.when;
        let timed = |term: &Term| matches!(term.within.extent, Extent::Time(_));
        when.silence.is_some()
            || when.lasts.is_some()
            || !when.clock.is_empty()
            || when.days.is_some()
            || self.duty.term().is_some_and(timed)
    }
}
