//! LINE: chats as the app saves them, in the wordings of Taiwan first of all.
//!
//! A line is `time⇥name⇥text`; dates stand on lines of their own. A message of several lines stands between quotes.
//! Older programs for computers put spaces in the place of the tabs.

use std::sync::LazyLock;

use regex::Regex;

use super::open_turn::OpenTurn;
use super::reading::{Block, Context, Reader, Reading, Sample, Sink, lines, offset_within};
use super::{Clock, Conversation, Format, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "line",
    looks_like: "[LINE] 與…的聊天記錄, a date such as 2024/01/05（五）, then 上午09:15⇥王小明⇥早安; a chat saved by LINE",
    recognise,
    reading: Reading::Sequence(|sample, _| Box::new(Chat::new(sample))),
};

/// How many lines are looked at.
const LOOKED_AT: usize = 60;

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let is_titled = sample.lines(3).any(|line| title(line).is_some());
    let dated = sample.lines(LOOKED_AT).filter_map(date).count();
    let partner = sample.lines(3).find_map(title).flatten();
    let messages = sample.lines(LOOKED_AT).filter(|line| Message::of(line, partner).is_some()).count();
    if is_titled && (dated > 0 || messages > 0) {
        return Some("a title `[LINE] …`, and lines with a time and a name".to_owned());
    }
    let is_dated_first = sample.lines(3).any(|line| date(line).is_some());
    (is_dated_first && messages >= 2)
        .then(|| format!("a date on a line of its own, and {messages} lines with a time and a name, as LINE saves"))
}

/// A chat under way.
struct Chat {
    conversation: Conversation,
    partner: Option<String>,
    date: String,
    turn: Option<OpenTurn>,
    /// Whether the lines of a message are being read that stand between quotes.
    is_quoted: bool,
}

impl Chat {
    fn new(sample: &Sample<'_>) -> Self {
        let partner = sample.lines(3).find_map(title).flatten().map(str::to_owned);
        let id = partner.clone().unwrap_or_else(|| "1".to_owned());
        let conversation = Conversation { id, ..Conversation::default() };
        Self { conversation, partner, date: String::new(), turn: None, is_quoted: false }
    }

    fn line(&mut self, line: &str, block: &Block<'_>, context: &Context<'_>) {
        let at = |part: &str| block.offset + offset_within(part, block.text);
        if let Some(message) = Message::of(line, self.partner.as_deref()) {
            self.close_turn();
            let time = format!("{} {}", self.date, message.time);
            let (known, name) = context.speakers.person(message.name);
            let speaker = if message.name.is_empty() || is_recall(message.text) { Speaker::System } else { known };
            let mut turn = OpenTurn::new(Turn { speaker, name, start: Moment::parse(&time), ..Turn::default() });
            let text = message.text.trim();
            self.is_quoted = text.starts_with('"') && !(text.len() > 1 && text.ends_with('"'));
            let text = if self.is_quoted { &text[1..] } else { text };
            turn.add_line(text, at(text), block);
            self.turn = Some(turn);
        } else if let Some(date) = date(line).filter(|_| !self.is_quoted) {
            self.close_turn();
            self.date = date;
        } else if let Some(turn) = &mut self.turn {
            let mut text = line.trim();
            if self.is_quoted
                && let Some(inner) = text.strip_suffix('"')
            {
                text = inner;
                self.is_quoted = false;
            }
            turn.add_line(text, at(text), block);
        }
    }

    fn close_turn(&mut self) {
        self.is_quoted = false;
        self.conversation.turns.extend(self.turn.take().map(OpenTurn::close));
    }
}

impl Reader for Chat {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, _: &mut Sink<'_>) {
        for (_, line) in lines(block.text) {
            self.line(line, block, context);
        }
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        self.close_turn();
        if self.conversation.turns.is_empty() {
            let what = "no line begins with a time and a name";
            return sink.problem(None, what, "save the chat from LINE again, as text");
        }
        let id = self.conversation.id.clone();
        sink.conversation(std::mem::replace(&mut self.conversation, Conversation { id, ..Conversation::default() }));
    }
}

struct Message<'l> {
    time: &'l str,
    /// Empty for notices.
    name: &'l str,
    text: &'l str,
}

impl<'l> Message<'l> {
    fn of(line: &'l str, partner: Option<&str>) -> Option<Self> {
        static TIME: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"^(?:上午|下午|凌晨|早上|中午|晚上|[AP]M)?\s?[0-9]{1,2}:[0-9]{2}(?:\s?[AP]M)?").ok());
        let line = line.trim_start_matches('\u{FEFF}');
        let time = TIME.as_ref()?.find(line)?.as_str();
        Moment::parse(time).filter(|time| time.clock == Clock::Day)?;
        let rest = &line[time.len()..];
        if let Some(rest) = rest.strip_prefix('\t') {
            // Without a second tab, a notice.
            let (name, text) = rest.split_once('\t').unwrap_or(("", rest));
            return Some(Self { time, name: name.trim(), text });
        }
        let rest = rest.strip_prefix(' ')?;
        let is_partner = |name: &&str| rest.strip_prefix(*name).is_some_and(|rest| rest.starts_with(' '));
        let name = partner.filter(is_partner).map_or_else(|| rest.find(' '), |name| Some(name.len()))?;
        Some(Self { time, name: &rest[..name], text: &rest[name..] })
    }
}

/// Whose chat it is, in a title line; the name may be missing.
fn title(line: &str) -> Option<Option<&str>> {
    let rest = line.trim_start_matches('\u{FEFF}').strip_prefix("[LINE]")?.trim();
    let name = ["的聊天記錄", "的聊天紀錄", "的聊天记录", "的聊天纪录", "的對話"].iter().find_map(|ending| rest.strip_suffix(ending));
    let name = name.map(|name| name.trim_start_matches(['與', '与', '和']).trim());
    Some(
        name.or_else(|| rest.strip_prefix("Chat history with "))
            .or_else(|| rest.strip_prefix("Chat history in "))
            .filter(|name| !name.is_empty()),
    )
}

/// The date of a line that holds nothing else, as `2024/01/05`.
fn date(line: &str) -> Option<String> {
    static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^\x{FEFF}?(?:
            (?P<y>[0-9]{4})[/.年-](?P<m>[0-9]{1,2})[/.月-](?P<d>[0-9]{1,2})日?
                (?:\s*[（(](?:週|周|星期)?[一二三四五六日天月火水木金土曜A-Za-z]{1,9}[）)] | \s+(?:星期|週|周)[一二三四五六日天] | \s+[A-Za-z]{3,9})?
            | [A-Za-z]{3},\s(?P<m2>[0-9]{1,2})/(?P<d2>[0-9]{1,2})/(?P<y2>[0-9]{4}) )\s*$",
        )
        .ok()
    });
    let found = DATE.as_ref()?.captures(line.trim())?;
    let part = |one: &str, other: &str| found.name(one).or(found.name(other)).map(|part| part.as_str().to_owned());
    Some(format!("{}/{}/{}", part("y", "y2")?, part("m", "m2")?, part("d", "d2")?))
}

fn is_recall(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() <= 40 && ["已收回訊息", "收回了訊息", "已收回讯息", "unsent a message"].iter().any(|notice| text.ends_with(notice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_wordings() {
        for line in [
            "2024/01/05（五）",
            "2024/01/05（週五）",
            "2024/01/05(週五)",
            "2024/01/05(Fri)",
            "2024.01.05 星期五",
            "Fri, 01/05/2024",
            "2024/01/05",
        ] {
            assert_eq!(
                date(line).map(|date| Moment::parse(&date).and_then(|date| date.date())),
                Some(Some("2024-01-05".to_owned())),
                "{line}"
            );
        }
        for line in ["2024/01/05 10:00 開會", "上午09:15\t王小明\t早安", "", "01/05"] {
            assert_eq!(date(line), None, "{line}");
        }
    }

    #[test]
    fn titles_name_the_partner() {
        assert_eq!(title("[LINE] 與王小明的聊天記錄"), Some(Some("王小明")));
        assert_eq!(title("[LINE] 與 王小明 的聊天紀錄"), Some(Some("王小明")));
        assert_eq!(title("[LINE] Chat history with Ming"), Some(Some("Ming")));
        assert_eq!(title("[LINE]"), Some(None));
        assert_eq!(title("王小明"), None);
    }
}
