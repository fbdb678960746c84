//! Times that are numbers counted from the beginning of a conversation, in a unit that nobody names: 0, 10000, 40000.

use super::Moment;

/// What such numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offsets {
    Seconds,
    Milliseconds,
}

/// Two turns are so far apart on average, at the most where the numbers are seconds and at the least where they are milliseconds: in
/// seconds that is more than people leave each other waiting, in milliseconds less than they take to say a word. Between these
/// nobody can tell.
const MOST_SECONDS: f64 = 120.0;
const LEAST_MILLISECONDS: f64 = 300.0;

/// The first turn begins no later than a minute after the conversation, and the last within a day.
const FIRST: f64 = 60.0;
const LAST: f64 = 86_400.0;

impl Offsets {
    /// What the times of the turns of one conversation count, as they are written and in their order; none where one of them is no
    /// number, or they do not begin near 0 and grow. A Unix time is far from 0.
    pub(super) fn of<'n>(times: impl Iterator<Item = &'n str>) -> Option<Self> {
        let numbers: Vec<f64> = times.map(number).collect::<Option<_>>()?;
        let ([first, ..], [.., last]) = (&numbers[..], &numbers[..]) else { return None };
        let apart = (last - first) / numbers.len().saturating_sub(1).max(1) as f64;
        let found = match apart {
            _ if !numbers.is_sorted() => return None,
            apart if apart <= MOST_SECONDS => Self::Seconds,
            apart if apart >= LEAST_MILLISECONDS => Self::Milliseconds,
            _ => return None,
        };
        let unit = found.millis() / 1000.0;
        (*first * unit <= FIRST && *last * unit <= LAST).then_some(found)
    }

    /// The moment that a number is.
    pub(super) fn moment(self, written: &str) -> Option<Moment> {
        Some(Moment::from_offset_millis((number(written)? * self.millis()).round() as i64))
    }

    /// How many milliseconds one of them is.
    fn millis(self) -> f64 {
        match self {
            Self::Seconds => 1000.0,
            Self::Milliseconds => 1.0,
        }
    }
}

/// A number of no sign, with digits before and perhaps behind a point.
fn number(written: &str) -> Option<f64> {
    let written = written.trim();
    let is_one = written.starts_with(|c: char| c.is_ascii_digit()) && written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    written.parse().ok().filter(|_| is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[&str]) -> Option<Offsets> {
        Offsets::of(times.iter().copied())
    }

    #[test]
    fn the_distance_of_turns_tells_the_unit() {
        use Offsets::{Milliseconds, Seconds};
        assert_eq!(of(&["0", "10000", "40000"]), Some(Milliseconds));
        assert_eq!(of(&["1230", "2090", "5800"]), Some(Milliseconds));
        assert_eq!(of(&["0", "10", "40"]), Some(Seconds));
        assert_eq!(of(&["0.5", "3.25"]), Some(Seconds));
        assert_eq!(of(&["0"]), Some(Seconds));
        let hour: Vec<String> = (0..200).map(|turn| (turn * 18).to_string()).collect();
        assert_eq!(Offsets::of(hour.iter().map(String::as_str)), Some(Seconds));
        assert_eq!(Milliseconds.moment("40000").map(|moment| moment.millis), Some(40_000));
        assert_eq!(Seconds.moment("1.5").map(|moment| moment.millis), Some(1500));
    }

    #[test]
    fn what_nobody_can_tell_is_none() {
        for times in [
            &["1714363204", "1714363210"] as &[_],
            &["1714363204000", "1714363210000"],
            &["0", "200"],
            &["40", "10"],
            &["0", "十"],
            &["0", "-10"],
            &["500", "510"],
            &["0", "1e4"],
            &[],
        ] {
            assert_eq!(of(times), None, "{times:?}");
        }
    }
}
