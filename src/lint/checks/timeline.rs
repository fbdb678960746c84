//! When turns began and ended, on one scale: the arithmetic of time that checks need.

use crate::rule::Profile;
use crate::transcript::Conversation;

/// People speak some four characters a second. Source: ETIQUETTE of the built-in packs, which asks for no more.
const MILLIS_PER_CHARACTER: i64 = 250;

/// The times of a conversation's turns in milliseconds from its first timed turn.
#[derive(Debug)]
pub(in crate::lint) struct Timeline {
    starts: Vec<Option<i64>>,
    ends: Vec<Option<i64>>,
    started: Option<i64>,
}

impl Timeline {
    /// A turn's time is its start. It ends where the input says; else, in a call, as long after as its words take,
    /// and in a chat at once.
    pub fn new(conversation: &Conversation, profile: Profile) -> Self {
        let mut last: Option<(i64, &crate::transcript::Moment)> = None;
        let mut started = None;
        let mut starts = Vec::with_capacity(conversation.turns.len());
        let mut ends = Vec::with_capacity(conversation.turns.len());
        for turn in &conversation.turns {
            let start = turn.start.as_ref().and_then(|start| {
                let at = match last {
                    // Step by step, so that a conversation may pass midnight more than once.
                    Some((earlier, moment)) => start.since(moment).map(|passed| passed.saturating_add(earlier)),
                    None => {
                        started = conversation.started.as_ref().and_then(|began| start.since(began)).map(|passed| passed.saturating_neg());
                        Some(0)
                    }
                }?;
                last = Some((at, start));
                Some(at)
            });
            let spoken = start.map(|at| {
                let given =
                    turn.end.as_ref().zip(turn.start.as_ref()).and_then(|(end, start)| end.since(start)).filter(|passed| *passed >= 0);
                at.saturating_add(match given {
                    Some(passed) => passed,
                    None if profile == Profile::Call => turn.text.trim().chars().count() as i64 * MILLIS_PER_CHARACTER,
                    None => 0,
                })
            });
            starts.push(start);
            ends.push(spoken);
        }
        Self { starts, ends, started }
    }

    /// Whether any turn has a time.
    pub fn is_known(&self) -> bool {
        self.starts.iter().any(Option::is_some)
    }

    /// From the end of one turn to the start of another.
    pub fn between(&self, from: usize, to: usize) -> Option<i64> {
        Some(self.starts[to]?.saturating_sub(self.ends[from]?))
    }

    /// From the start of one turn to the end of another.
    pub fn lasted(&self, from: usize, to: usize) -> Option<i64> {
        Some(self.ends[to]?.saturating_sub(self.starts[from]?))
    }

    /// From when the conversation began, as far as its source says, to the start of a turn.
    pub fn since_start(&self, turn: usize) -> Option<i64> {
        let at = self.starts[turn]?;
        let first = self.starts.iter().flatten().next()?;
        Some(at.saturating_sub(self.started.unwrap_or(*first)))
    }
}

/// The time of day of a turn, in seconds after midnight.
pub(super) fn second_of_day(conversation: &Conversation, turn: usize) -> Option<u32> {
    let own = conversation.turns[turn].start.as_ref().and_then(|moment| moment.second_of_day());
    own.or_else(|| conversation.started.as_ref()?.second_of_day())
}

/// The date of a turn as `2024-10-01`.
pub(super) fn date(conversation: &Conversation, turn: usize) -> Option<String> {
    let own = conversation.turns[turn].start.as_ref().and_then(|moment| moment.date());
    own.or_else(|| conversation.started.as_ref()?.date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{Moment, Speaker, Turn};

    fn conversation(turns: &[(&str, &str)]) -> Conversation {
        let turn = |(time, text): &(&str, &str)| Turn { start: Moment::parse(time), ..Turn::new(Speaker::Agent, *text) };
        Conversation { turns: turns.iter().map(turn).collect(), ..Conversation::default() }
    }

    #[test]
    fn words_take_time_in_a_call_only() {
        let turns = conversation(&[("10:00:00", "请您稍等一会儿"), ("10:00:10", "好"), ("", "嗯")]);
        assert_eq!(Timeline::new(&turns, Profile::Call).between(0, 1), Some(8_250));
        assert_eq!(Timeline::new(&turns, Profile::Chat).between(0, 1), Some(10_000));
        assert_eq!(Timeline::new(&turns, Profile::Chat).between(1, 2), None);
    }

    #[test]
    fn midnight_may_pass_more_than_once() {
        let turns = conversation(&[("22:00:00", "在"), ("09:00:00", "在"), ("21:00:00", "在"), ("08:00:00", "在")]);
        assert_eq!(Timeline::new(&turns, Profile::Chat).lasted(0, 3), Some(34 * 3_600_000));
    }

    #[test]
    fn a_given_end_and_start_count() {
        let mut turns = conversation(&[("2024-05-01 10:00:20", "您好")]);
        turns.started = Moment::parse("2024-05-01 10:00:00");
        turns.turns[0].end = Moment::parse("2024-05-01 10:00:30");
        let timeline = Timeline::new(&turns, Profile::Call);
        assert_eq!(timeline.since_start(0), Some(20_000));
        assert_eq!(timeline.lasted(0, 0), Some(10_000));
    }
}
