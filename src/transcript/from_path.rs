//! What the path of a file tells of the conversations in it: recorders write one file a call, and who and when into its name.

use std::str::FromStr;

use regex::Regex;

use super::{Clock, Conversation, Moment};

/// The groups that tell something.
const GROUPS: [&str; 3] = ["agent", "date", "time"];

/// A regular expression for paths, with groups that are called `agent`, `date` and `time`.
#[derive(Debug, Clone)]
pub struct FromPath(Regex);

impl FromStr for FromPath {
    type Err = String;

    fn from_str(pattern: &str) -> Result<Self, String> {
        let regex = Regex::new(pattern).map_err(|error| {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
            format!("`{pattern}` is no regular expression: {why}")
        })?;
        let mut names = regex.capture_names().flatten().peekable();
        if names.peek().is_none() {
            return Err(format!("`{pattern}` tells nothing: name a group agent, date or time, as in '(?<agent>[0-9]+)-'"));
        }
        match names.find(|name| !GROUPS.contains(name)) {
            Some(name) => Err(format!("`{name}` is no group that tells something: use agent, date and time")),
            None => Ok(Self(regex)),
        }
    }
}

impl FromPath {
    /// The regular expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether a path tells something.
    pub(super) fn fits(&self, path: &str) -> bool {
        self.0.is_match(path)
    }

    /// Whether a path has something where date and time are looked for.
    pub(super) fn has_moment(&self, path: &str) -> bool {
        let found = self.0.captures(path);
        found.is_some_and(|found| ["date", "time"].iter().any(|name| found.name(name).is_some_and(|group| !group.is_empty())))
    }

    /// The agent that a path names.
    pub(super) fn agent(&self, path: &str) -> Option<String> {
        let found = self.0.captures(path)?;
        found.name("agent").map(|agent| agent.as_str().trim().to_owned()).filter(|agent| !agent.is_empty())
    }

    /// Whether a path may tell more of when a conversation began than the conversation does.
    pub(super) fn is_asked_when(conversation: &Conversation) -> bool {
        let first = conversation.turns.first().and_then(|turn| turn.start.as_ref());
        conversation.started.is_none() && first.is_none_or(|first| first.clock != Clock::Date)
    }

    /// When a conversation began, by the path and the time of its first turn.
    pub(super) fn started(&self, path: &str, conversation: &Conversation) -> Option<Moment> {
        let first = conversation.turns.first().and_then(|turn| turn.start.as_ref());
        let found = self.0.captures(path)?;
        let group = |name| found.name(name).map_or("", |group| group.as_str());
        let written = format!("{} {}", group("date"), group("time"));
        let digits: String = written.chars().filter(char::is_ascii_digit).collect();
        let (date, time) = match digits.len() {
            8 | 12 | 14 => digits.split_at(8),
            4 | 6 => ("", &*digits),
            _ => return Moment::parse(written.trim()),
        };
        let date = date.get(..4).map(|year| format!("{year}-{}-{}", &date[4..6], &date[6..]));
        let time = (!time.is_empty()).then(|| time.as_bytes().chunks(2).map(String::from_utf8_lossy).collect::<Vec<_>>().join(":"));
        match (date, time) {
            (Some(date), None) => {
                let of_day = first.filter(|first| first.clock == Clock::Day);
                let whole = of_day.and_then(|first| Moment::parse(&format!("{date} {}", first.text)));
                // A day alone is no time of day: nobody called at midnight.
                whole.or_else(|| Moment::parse(&date).map(|day| Moment { millis: 0, clock: Clock::Start, ..day }))
            }
            (date, time) => Moment::parse([date, time].into_iter().flatten().collect::<Vec<_>>().join(" ").trim()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Turn;
    use super::*;

    fn started(pattern: &str, path: &str, first: Option<&str>) -> Option<(String, Clock)> {
        let start = first.and_then(Moment::parse);
        let conversation = Conversation { turns: vec![Turn { start, ..Turn::default() }], ..Conversation::default() };
        let from_path = pattern.parse::<FromPath>().unwrap_or_else(|error| panic!("{error}"));
        let began = from_path.started(path, &conversation).filter(|_| FromPath::is_asked_when(&conversation))?;
        Some((began.text, began.clock))
    }

    #[test]
    fn a_name_tells_the_agent_and_the_start() {
        let pattern = r"(?<agent>\d{4})-\d+-(?<time>\d+)";
        let path = "calls/1032-13800001111-20240506101500.srt";
        let told = |text: &str, clock| Some((text.to_owned(), clock));
        assert_eq!(pattern.parse::<FromPath>().ok().and_then(|from| from.agent(path)).as_deref(), Some("1032"));
        assert_eq!(started(pattern, path, None), told("2024-05-06 10:15:00", Clock::Date));
        assert_eq!(started(pattern, path, Some("10:15:03")), told("2024-05-06 10:15:00", Clock::Date));
        assert_eq!(started(pattern, path, Some("2024-05-06 10:15:03")), None);
        assert_eq!(started(pattern, "calls/1032.srt", None), None);
        assert_eq!(started("(?<date>[0-9-]+)/", "2024-05-06/a.srt", None), told("2024-05-06", Clock::Start));
        assert_eq!(started("(?<date>[0-9-]+)/", "2024-05-06/a.srt", Some("10:15:03")), told("2024-05-06 10:15:03", Clock::Date));
        assert_eq!(started("(?<date>[0-9]+)_(?<time>[0-9]+)", "20240506_1015", None), told("2024-05-06 10:15", Clock::Date));
        assert_eq!(started("(?<time>.*)", "99999999999999", None), None);
        assert_eq!(started("(?<time>.*)", "二〇二四", None), None);
    }

    #[test]
    fn what_tells_nothing_is_a_mistake() {
        let mistake = |pattern: &str| pattern.parse::<FromPath>().err().unwrap_or_default();
        assert!(mistake("(?<agent>").starts_with("`(?<agent>` is no regular expression: "), "{}", mistake("(?<agent>"));
        assert!(mistake("[0-9]+").contains("tells nothing: name a group agent, date or time"));
        assert!(mistake("(?<agnt>[0-9]+)").starts_with("`agnt` is no group"));
    }
}
