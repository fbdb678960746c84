//! How long and how far, as packs write it: `7 s`, `2 answers before`, `12:00-14:00`.

use std::time::Duration;

use super::check::{ClockRange, Extent, Window};
use super::notation::Mistake;

/// `7 s`, `90 s`, `2 min`, `1 h`.
pub(super) fn duration(text: &str) -> Result<Duration, Mistake> {
    let remedy = "write a number and a unit: 7 s, 2 min, 1 h";
    let (number, unit) = number_and_rest(text).ok_or_else(|| (format!("`{text}` is no length of time"), remedy.to_owned()))?;
    let seconds = match unit.trim() {
        "s" | "sec" | "second" | "seconds" => number,
        "min" | "minute" | "minutes" => number * 60,
        "h" | "hour" | "hours" => number * 3600,
        "" => return Err((format!("`{text}` has no unit"), remedy.to_owned())),
        unit => return Err((format!("`{unit}` in `{text}` is no unit of time"), remedy.to_owned())),
    };
    if seconds == 0 {
        return Err((format!("`{text}` is no time at all"), remedy.to_owned()));
    }
    Ok(Duration::from_secs(seconds))
}

/// `1 turn`, `3 answers before`, `20 s`.
pub(super) fn window(text: &str) -> Result<Window, Mistake> {
    let remedy = "write a number and a unit: 3 turns, 1 answer, 20 s, 2 min; `before` behind it turns it round";
    let trimmed = text.trim();
    let (length, before) = match trimmed.strip_suffix("before") {
        Some(length) => (length.trim_end(), true),
        None => (trimmed, false),
    };
    let (number, unit) = number_and_rest(length).ok_or_else(|| (format!("within: `{text}` has no number"), remedy.to_owned()))?;
    let count = || match usize::try_from(number) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err((format!("within: `{text}` leaves no room for anything"), remedy.to_owned())),
    };
    let extent = match unit.trim() {
        "turn" | "turns" => Extent::Turns(count()?),
        "answer" | "answers" => Extent::Answers(count()?),
        "" => return Err((format!("within: `{text}` has no unit"), remedy.to_owned())),
        _ => Extent::Time(duration(length).map_err(|(message, _)| (format!("within: {message}"), remedy.to_owned()))?),
    };
    Ok(Window { extent, before })
}

/// `12:00-14:00`; `21:00-08:00` goes past midnight.
pub(super) fn clock_range(text: &str) -> Result<ClockRange, Mistake> {
    let parsed = text.trim().split_once(['-', '–', '~']).and_then(|(from, to)| Some(ClockRange { from: minute(from)?, to: minute(to)? }));
    match parsed {
        Some(range) if range.from != range.to => Ok(range),
        _ => Err((
            format!("clock: `{text}` is no range of the day"),
            "write two times: 12:00-14:00, or 21:00-08:00 for the night".to_owned(),
        )),
    }
}

/// `08:30` in minutes after midnight; 24:00 is the end of the day.
fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60).then(|| hour * 60 + minute)
}

fn number_and_rest(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    // Six digits of seconds are a week: more is a slip, and could not be multiplied.
    (1..=6).contains(&end).then(|| text[..end].parse().ok().map(|number| (number, &text[end..]))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_windows_are_read() {
        assert_eq!(duration("7 s"), Ok(Duration::from_secs(7)));
        assert_eq!(duration("2min"), Ok(Duration::from_secs(120)));
        assert_eq!(window("1 turn"), Ok(Window { extent: Extent::Turns(1), before: false }));
        assert_eq!(window("3 answers before"), Ok(Window { extent: Extent::Answers(3), before: true }));
        assert_eq!(window("20 s before"), Ok(Window { extent: Extent::Time(Duration::from_secs(20)), before: true }));
        assert_eq!(clock_range("21:00-08:00"), Ok(ClockRange { from: 1260, to: 480 }));
    }

    #[test]
    fn slips_are_told() {
        let message = |result: Result<Window, Mistake>| result.expect_err("a slip").0;
        assert_eq!(message(window("5")), "within: `5` has no unit");
        assert_eq!(message(window("turn")), "within: `turn` has no number");
        assert_eq!(message(window("0 turns")), "within: `0 turns` leaves no room for anything");
        assert_eq!(message(window("3 words")), "within: `words` in `3 words` is no unit of time");
        for range in ["12:00", "25:00-26:00", "12:00-12:00", "noon-night", "71582789:00-12:00", "24:01-03:00"] {
            assert!(clock_range(range).is_err(), "{range}");
        }
    }
}
