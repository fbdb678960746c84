//! Whose a silence is.

use crate::transcript::Speaker;

use super::super::told::Number;
use super::hearing::Hearing;

/// The words that decide who owes the next word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cues {
    /// The agent asks to wait: the next word is the agent's.
    pub ask_to_wait: Option<Number>,
    /// The agent asks the customer to do something: a silence that the customer ends is the customer's.
    pub ask_to_act: Option<Number>,
    /// The customer fetches or tries something: the agent waits.
    pub customer_busy: Option<Number>,
    /// A customer turn that changes nothing.
    pub ok: Option<Number>,
}

/// How long the agent was silent before a spoken turn, in milliseconds; none where the silence is the customer's, or
/// times are not known.
///
/// Turns that say only 好的 do not end a silence. Between them the longest stretch counts. The wait for the agent's first words is
/// none: it is the opening's.
pub(super) fn before(hearing: &Hearing<'_>, cues: Cues, place: usize) -> Option<i64> {
    let says = |cue: Option<Number>, turn: usize| cue.is_some_and(|cue| hearing.is_heard(cue, turn));
    let dialogue = hearing.dialogue;
    let is_served = dialogue.opening().map_or(dialogue.cut_start && dialogue.has_agent(), |opening| place > opening);
    if !is_served || says(cues.ok, place) {
        return None;
    }
    let mut last = place.checked_sub(1)?;
    let mut passed = hearing.dialogue.between(last, place)?;
    while says(cues.ok, last) {
        let previous = last.checked_sub(1)?;
        passed = passed.max(hearing.dialogue.between(previous, last)?);
        last = previous;
    }
    let spoken = &hearing.dialogue.spoken;
    let agent_owes = match spoken[last].speaker {
        Speaker::Customer if spoken[place].speaker == Speaker::Customer && says_before(hearing, cues.ask_to_act, last) => false,
        Speaker::Customer => !says(cues.customer_busy, last),
        _ => says(cues.ask_to_wait, last),
    };
    (agent_owes && passed > 0).then_some(passed)
}

/// Whether the agent's last answer before a turn holds a cue.
fn says_before(hearing: &Hearing<'_>, cue: Option<Number>, turn: usize) -> bool {
    let spoken = &hearing.dialogue.spoken;
    let before = (0..turn).rev().skip_while(|&turn| spoken[turn].speaker == Speaker::Customer);
    let mut answer = before.take_while(|&turn| spoken[turn].speaker == Speaker::Agent);
    answer.any(|turn| cue.is_some_and(|cue| hearing.is_heard(cue, turn)))
}
