//! Where the `when` of a check holds.

use std::ops::Range;

use crate::rule::{At, When};
use crate::transcript::Speaker;

use super::super::told::Number;
use super::hearing::Hearing;
use super::repetition::Formulas;
use super::silence::{self, Cues};
use super::timeline;

/// Where an obligation arises.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The spoken turn.
    pub spoken: usize,
    /// The words of `when` there, in folded bytes; none where it has none, or anything will do.
    pub words: Option<Range<usize>>,
    /// The fact that made it hold beside the words.
    pub fact: Option<Fact>,
    /// It stands between the turn before and this one.
    pub after_silence: bool,
}

/// What was measured at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// Milliseconds of silence, or of waiting for the opening.
    Silence(i64),
    /// Milliseconds that the conversation has lasted.
    Lasted(i64),
    /// The time of day in seconds.
    Clock(u32),
    /// The date.
    Date(String),
    /// The so-manieth time.
    Repeated(u32),
}

/// All places, in order. `words` is the number of the words of `when`.
pub(super) fn places(when: &When, words: Option<Number>, formulas: &Formulas, hearing: &Hearing<'_>, cues: Cues) -> Vec<Place> {
    let dialogue = hearing.dialogue;
    // At the last words before those of bot or platform, once an agent has spoken.
    if let Some(number) = words.filter(|&words| matches!(hearing.speaker(words), Speaker::Bot | Speaker::System)) {
        let served = dialogue.spoken.iter().position(|spoken| spoken.speaker == Speaker::Agent).unwrap_or(usize::MAX);
        let before = hearing.asides(number).map(|(aside, _)| aside.spoken).filter(|&before| before > served);
        return before.filter_map(|before| place(when, None, hearing, cues, before - 1)).collect();
    }
    let again = when.repeat.zip(words).map(|(times, words)| hearing.said_again(hearing.speaker(words), times, formulas));
    let is_again = |spoken: &usize| again.as_ref().is_none_or(|again| again.binary_search(spoken).is_ok());
    let place = |spoken: usize| Some(spoken).filter(is_again).and_then(|spoken| place(when, words, hearing, cues, spoken));
    match (when.at, words) {
        (Some(At::Opening), _) => dialogue.opening().and_then(place).into_iter().collect(),
        (Some(At::Ending), _) => dialogue.ending().and_then(place).into_iter().collect(),
        (None, Some(words)) => hearing.places(words).filter_map(place).collect(),
        (None, None) => (0..dialogue.spoken.len()).filter_map(place).collect(),
    }
}

fn place(when: &When, number: Option<Number>, hearing: &Hearing<'_>, cues: Cues, spoken: usize) -> Option<Place> {
    let dialogue = hearing.dialogue;
    let mut place = Place { spoken, words: None, fact: None, after_silence: false };
    if let Some(number) = number {
        let first = hearing.heard(number, spoken).next()?;
        place.words = (!hearing.is_anything(number)).then(|| first.clone());
    }
    if let Some(limit) = when.silence {
        let passed = match when.at {
            Some(_) => dialogue.wait_for(spoken),
            None => silence::before(hearing, cues, spoken),
        }?;
        place.fact = Some(Fact::Silence(passed).over(limit.as_millis(), passed)?);
        place.after_silence = when.at.is_none();
    }
    if let Some(limit) = when.lasts {
        let lasted = dialogue.lasted(spoken)?;
        place.fact = Some(Fact::Lasted(lasted).over(limit.as_millis(), lasted)?);
    }
    let turn = dialogue.spoken[spoken].turn;
    if !when.clock.is_empty() {
        let second = timeline::second_of_day(dialogue.conversation, turn)?;
        when.clock.iter().find(|range| range.holds(second))?;
        place.fact = Some(Fact::Clock(second));
    }
    if let Some(days) = &when.days {
        let date = timeline::date(dialogue.conversation, turn).filter(|date| days.hold(date))?;
        place.fact = Some(Fact::Date(date));
    }
    if let Some(times) = when.repeat {
        place.fact = Some(Fact::Repeated(times));
    }
    Some(place)
}

impl Fact {
    fn over(self, limit: u128, value: i64) -> Option<Self> {
        u128::try_from(value).is_ok_and(|value| value > limit).then_some(self)
    }
}
