//! The order of turns that stand in rows of their own: exports with the newest row first run backwards.

use super::{Clock, Conversation};

/// How far a time may go back within rows that stand in order, in milliseconds: two clocks differ, and people talk at once.
const JITTER: i64 = 60_000;

/// Puts the turns of a conversation in the order of time where all its times run backwards: turned round as a whole, so that of
/// two at the same time the one written later comes first, as in the order in which they were written. Where its times run back
/// and forth the turns stay as they stand, for of two sources nobody knows which is right; whether that is so is what comes back.
pub(super) fn put_in_order(conversation: &mut Conversation) -> bool {
    let (mut back, mut far_back, mut forth) = (false, false, false);
    let mut last = None;
    for start in conversation.turns.iter().filter_map(|turn| turn.start.as_ref()) {
        if let Some(passed) = last.and_then(|last| start.since(last)) {
            back |= passed < 0;
            far_back |= passed < -JITTER && start.clock == Clock::Date;
            forth |= passed > 0;
        }
        last = Some(start);
    }
    if back && !forth {
        conversation.turns.reverse();
        let last = conversation.turns.len().saturating_sub(1);
        for turn in conversation.ignores.iter_mut().filter_map(|ignore| ignore.turn.as_mut()) {
            *turn = last.saturating_sub(*turn);
        }
        return false;
    }
    far_back && forth
}

#[cfg(test)]
mod tests {
    use super::super::{Ignore, Moment, Place, Speaker, Turn};
    use super::*;

    /// The texts of turns at these times after [`put_in_order`], and what it returns.
    fn ordered(times: &[&str]) -> (String, bool) {
        let turn = |(number, time): (usize, &&str)| Turn { start: Moment::parse(time), ..Turn::new(Speaker::Agent, number.to_string()) };
        let ignores = vec![Ignore { turn: Some(0), rules: "all".to_owned(), place: Place::Nowhere }];
        let mut conversation = Conversation { turns: times.iter().enumerate().map(turn).collect(), ignores, ..Conversation::default() };
        let is_mixed = put_in_order(&mut conversation);
        let ignored = conversation.ignores[0].turn.unwrap();
        assert_eq!(conversation.turns[ignored].text, "0");
        (conversation.turns.iter().map(|turn| turn.text.as_str()).collect(), is_mixed)
    }

    #[test]
    fn only_what_runs_backwards_all_through_is_turned_round() {
        for (times, expected) in [
            (&["2024-05-06 10:00:02", "2024-05-06 10:00:01"][..], ("10", false)),
            (&["10:00:03", "10:00:02", "10:00:02", "10:00:01"], ("3210", false)),
            (&["10:00:03", "", "10:00:01"], ("210", false)),
            (&["10:00:01", "10:00:01"], ("01", false)),
            (&["23:59:59", "00:00:01"], ("01", false)),
            (&["00:00:01", "23:59:59"], ("01", false)),
            (&["2024-05-06 10:00:02", "2024-05-06 10:00:03", "2024-05-06 10:00:01"], ("012", false)),
            (&["2024-05-06 10:00:02", "2024-05-06 10:00:03", "2024-05-06 09:00:01"], ("012", true)),
            (&["", ""], ("01", false)),
        ] {
            assert_eq!(ordered(times), (expected.0.to_owned(), expected.1), "{times:?}");
        }
    }
}
