//! `explain` of a check: where the obligation arises, what it asks, and chats that keep and break it.

use phrase_lint::report::visible;
use phrase_lint::rule::{At, Check, Count, Duty, Extent, Said, Term, Utterance, When};
use phrase_lint::style::{Style, Tone};
use phrase_lint::transcript::{Direction, Speaker};

use super::explain::{both, indented, line, section};

/// Broken examples that are shown of each row, and kept ones.
const BROKEN: usize = 2;
const KEPT: usize = 2;
/// Patterns that are named of one list.
const PATTERNS: usize = 12;

/// The part of the page between its heading and its source.
pub(super) fn rows(page: &mut String, rows: &[&Check], style: Style) {
    let Some(first) = rows.first() else { return };
    section(page, style, "What it asks");
    for row in rows {
        line(page, format_args!("  {}", visible(&row.scene)));
        line(page, format_args!("    when   {}", visible(&when(row))));
        for (key, words) in duty(&row.duty) {
            line(page, format_args!("    {key} {}", visible(&words)));
        }
        for unless in &row.unless {
            line(page, format_args!("    unless {} anywhere", visible(&says(unless))));
        }
    }
    section(page, style, "Why");
    for why in [&first.why.hans, &first.why.hant].into_iter().filter(|why| !why.is_empty()) {
        line(page, format_args!("  {}", visible(why)));
    }
    section(page, style, "Examples: broken");
    for (_, example) in rows.iter().flat_map(|row| row.specs.bad.iter().take(BROKEN)) {
        line(page, format_args!("    {}", style.paint(Tone::Removed, &format!("- {}", indented(example)))));
    }
    section(page, style, "In order");
    for (_, example) in rows.iter().flat_map(|row| row.specs.good.iter().take(KEPT)) {
        line(page, format_args!("    {}", style.paint(Tone::Added, &format!("+ {}", indented(example)))));
    }
    let mut sentences: Vec<String> = Vec::new();
    for row in rows {
        for (number, hans) in row.professional.iter().enumerate() {
            let sentence = both(hans, row.professional_hant.get(number).map_or("", String::as_str));
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
    }
    if !sentences.is_empty() {
        section(page, style, "What would keep it");
        sentences.iter().for_each(|sentence| line(page, format_args!("    {}", style.paint(Tone::Added, &format!("+ {sentence}")))));
    }
}

/// The page of what a pack counts.
pub(super) fn counts(page: &mut String, counts: &[&Count], style: Style) {
    section(page, style, "What it counts");
    line(page, format_args!("  How often the agent says these, per 100 turns, in the summary; nothing is reported."));
    for count in counts {
        let patterns: Vec<&str> = count.patterns.iter().map(|pattern| pattern.text.as_str()).collect();
        line(page, format_args!("    {}  {}", visible(&count.label), visible(&patterns.join(" · "))));
    }
}

fn when(check: &Check) -> String {
    let When { at, words, silence, repeat, lasts, clock, days } = &check.when;
    let mut parts: Vec<String> = Vec::new();
    match (at, silence) {
        (Some(At::Opening), Some(wait)) => parts.push(format!("the first agent turn comes after more than {} s", wait.as_secs())),
        (Some(At::Opening), None) => parts.push("at the first agent turn".to_owned()),
        (Some(At::Ending), _) => parts.push("at the last turn".to_owned()),
        (None, Some(silence)) => parts.push(format!("after more than {} s of the agent's silence", silence.as_secs())),
        (None, None) => {}
    }
    parts.extend(words.as_ref().map(says));
    parts.extend(repeat.map(|times| format!("for the {} time", ordinal(times))));
    parts.extend(lasts.map(|lasts| format!("after more than {} s of conversation", lasts.as_secs())));
    let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let ranges: Vec<String> = clock.iter().map(|range| format!("{}-{}", time(range.from), time(range.to))).collect();
    parts.extend((!ranges.is_empty()).then(|| format!("at {}", ranges.join(" or "))));
    parts.extend(days.as_ref().map(|_| "on one of the days of its list".to_owned()));
    parts.extend(check.direction.map(|direction| {
        if direction == Direction::Outbound { "in outbound conversations" } else { "in inbound conversations" }.to_owned()
    }));
    parts.join(", ")
}

/// `3rd`, `11th`.
fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn duty(duty: &Duty) -> Vec<(&'static str, String)> {
    let (key, Term { words, within, until, past }) = match duty {
        Duty::Itself => return Vec::new(),
        Duty::Expect(term) => ("expect", term),
        Duty::Forbid(term) => ("forbid", term),
    };
    let mut lines = vec![(key, says(words))];
    let extent = match within.extent {
        Extent::Whole => None,
        Extent::Turns(count) => Some(format!("{count} {} of that speaker", if count == 1 { "turn" } else { "turns" })),
        Extent::Answers(count) => Some(format!("{count} {}", if count == 1 { "answer" } else { "answers" })),
        Extent::Time(length) => Some(format!("{} s", length.as_secs())),
    };
    lines.extend(extent.map(|extent| ("within", format!("{extent}{}", if within.before { " before" } else { "" }))));
    lines.extend(past.as_ref().map(|past| ("past  ", says(past))));
    lines.extend(until.as_ref().map(|until| ("until ", says(until))));
    lines
}

fn says(utterance: &Utterance) -> String {
    let speaker = match utterance.speaker {
        Speaker::Customer => "the customer",
        Speaker::Bot => "the bot",
        Speaker::System => "the platform",
        _ => "the agent",
    };
    let mut said = match &utterance.said {
        Said::Anything => format!("{speaker} says anything"),
        Said::OneOf(sayings) => {
            let named: Vec<&str> = sayings.iter().take(PATTERNS).map(|saying| saying.text.as_str()).collect();
            format!("{speaker} says {}", named.join(" · "))
        }
    };
    if !utterance.except.is_empty() {
        let named: Vec<&str> = utterance.except.iter().take(PATTERNS).map(|saying| saying.text.as_str()).collect();
        said.push_str(&format!(" (not {})", named.join(" · ")));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn numbers_in_order_have_their_endings() {
        let told: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal).into();
        assert_eq!(told, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th"]);
    }
}
