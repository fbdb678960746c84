//! Whose a silence is.

use crate::transcript::Speaker;

use super::hearing::{Hearing, Number};

/// The words that decide who owes the next word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cues {
    /// The agent asks to wait: the next word is the agent's.
    pub ask_to_wait: Option<Number>,
    /// The customer fetches or tries something: the agent waits.
    pub customer_busy: Option<Number>,
    /// A customer turn that changes nothing.
    pub ok: Option<Number>,
}

/// How long the agent was silent before a spoken turn, in milliseconds; none where the silence is the customer's, or
/// times are not known.
pub(super) fn before(hearing: &Hearing<'_>, cues: Cues, place: usize) -> Option<i64> {
    let previous = place.checked_sub(1)?;
    let passed = hearing.dialogue.between(previous, place).filter(|passed| *passed > 0)?;
    agent_owes(hearing, cues, previous).then_some(passed)
}

fn agent_owes(hearing: &Hearing<'_>, cues: Cues, mut last: usize) -> bool {
    let says = |cue: Option<Number>, place: usize| cue.is_some_and(|cue| hearing.is_heard(cue, place));
    while says(cues.ok, last) {
        match last.checked_sub(1) {
            Some(previous) => last = previous,
            None => return false,
        }
    }
    match hearing.dialogue.spoken[last].speaker {
        Speaker::Customer => !says(cues.customer_busy, last),
        _ => says(cues.ask_to_wait, last),
    }
}
