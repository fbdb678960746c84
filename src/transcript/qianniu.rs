//! 千牛 (the desk of Taobao's shops): what is copied from its chat window.
//!
//! `nick 2024-1-5 9:03:02` and the words below; the space may be missing, the time may stand on a line of its own, and
//! `A --> B` may stand in the place of the nick. A shop's staff write as `shop:name`, which no customer's nick can be. Other desks
//! copy `客服 张三 2024-1-5 9:03:02` in the same shape, several conversations in a file: `division` tells where they end.

use std::sync::LazyLock;

use regex::Regex;

use super::division::{self, BlankLines, Division, Line};
use super::open_turn::{OpenTurn, line_end};
use super::reading::{Block, Context, Reader, Reading, Sample, Sink, lines, offset_within};
use super::{Format, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "qianniu",
    looks_like: "tb小明 2024-1-5 9:03:02 and the words below, nick and time for every message; copied from 千牛",
    recognise,
    reading: Reading::Sequence(|sample, _| Box::new(Chats::new(sample))),
};

/// How many lines are looked at.
const LOOKED_AT: usize = 200;

/// How many lines may stand between one that begins a conversation and its first turn.
const TOLD_ABOVE: usize = 6;

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let (mut headers, mut is_first, mut before) = (0, false, "");
    // Behind a line that begins a conversation, its agent and customer may be told before the first turn.
    let (mut above, mut allowed) = (0, 1);
    for line in sample.lines(LOOKED_AT) {
        if division::header(line).is_some() {
            allowed = TOLD_ABOVE;
            continue;
        }
        if header(line).is_some() || (time_alone(line).is_some() && may_be_nick(before)) {
            headers += 1;
            is_first |= above <= allowed;
        }
        above += 1;
        before = line;
    }
    (is_first && headers >= 2).then(|| format!("{headers} lines with a nick and a time, the words below, as copied from 千牛"))
}

/// Chats under way.
#[derive(Default)]
struct Chats {
    division: Division,
    /// The line before: the next one shows whether it is a nick.
    held: Option<Held>,
    after_blank: bool,
    /// The shops whose staff write here.
    shops: Vec<String>,
}

/// A line that is held back.
struct Held {
    line: String,
    /// Where it stands, in bytes of the document.
    from: usize,
    line_end: &'static str,
    is_after_blank: bool,
}

impl Chats {
    fn new(sample: &Sample<'_>) -> Self {
        let kind = |line: &str, below: Option<&str>| {
            let is_nick = || may_be_nick(line) && below.is_some_and(|below| time_alone(below.trim()).is_some());
            if header(line.trim()).is_some() || is_nick() { Line::Turn } else { Line::Words }
        };
        let blank_lines = if BlankLines::divide(sample, kind) { BlankLines::DivideAfterAnHour } else { BlankLines::Nothing };
        let mut shops: Vec<String> = Vec::new();
        let mut before = "";
        for line in sample.lines(LOOKED_AT) {
            let nick = header(line).map(|(nick, _)| nick).or_else(|| time_alone(line).map(|_| before));
            let written = nick.into_iter().flat_map(|nick| nick.split("-->")).map(|nick| nick.trim().trim_start_matches("cntaobao"));
            for shop in written.filter(|nick| is_of_staff(nick)).filter_map(|nick| nick.split([':', '：']).next()) {
                if !shops.iter().any(|known| known == shop) {
                    shops.push(shop.to_owned());
                }
            }
            before = line;
        }
        Self { division: Division::new(blank_lines), held: None, after_blank: false, shops }
    }

    fn line(&mut self, line: &str, from: usize, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        if let Some(time) = time_alone(line)
            && let Some(nick) = self.held.take_if(|held| may_be_nick(&held.line))
        {
            return self.begin(&nick.line, time, nick.is_after_blank, context, sink);
        }
        self.release();
        if let Some(id) = division::header(line) {
            self.division.begin_conversation(id, sink);
        } else if let Some((nick, time)) = header(line) {
            self.begin(nick, time, self.after_blank, context, sink);
        } else {
            let line_end = line_end(block, from + line.len());
            self.held = Some(Held { line: line.to_owned(), from, line_end, is_after_blank: self.after_blank });
        }
    }

    fn begin(&mut self, nick: &str, time: &str, is_after_blank: bool, context: &Context<'_>, sink: &mut Sink<'_>) {
        let nick = nick.split("-->").next().unwrap_or(nick).trim().trim_start_matches("cntaobao");
        let (speaker, name) = match context.speakers.person(nick) {
            (Speaker::Unknown, _) if is_of_staff(nick) => (Speaker::Agent, Some(nick.to_owned())),
            // Who writes beside the staff of a shop is a customer, unless it is the shop itself.
            (Speaker::Unknown, name) if !self.shops.is_empty() => {
                let is_shop = self.shops.iter().any(|shop| shop == nick);
                (if is_shop { Speaker::Agent } else { Speaker::Customer }, name)
            }
            known => known,
        };
        let turn = OpenTurn::new(Turn { speaker, name, start: Moment::parse(time), ..Turn::default() });
        self.division.begin_turn(turn, is_after_blank, sink);
    }

    /// The line held back is no nick, but what somebody wrote or the platform shows.
    fn release(&mut self) {
        let Some(Held { line, from, line_end, .. }) = self.held.take() else { return };
        if is_status(&line) || is_card(&line) {
            return;
        }
        if is_notice(&line) {
            let start = self.division.turn.as_mut().and_then(|turn| turn.turn_mut().start.clone());
            // The nick above belongs to the notice, where it wrote nothing else.
            match &self.division.turn {
                Some(turn) if turn.is_empty() => self.division.turn = None,
                _ => self.division.close_turn(),
            }
            let mut notice = OpenTurn::new(Turn { speaker: Speaker::System, start, ..Turn::default() });
            notice.add_ended_line(&line, from, line_end);
            self.division.open.turns.push(notice.close());
        } else if let Some(turn) = &mut self.division.turn {
            turn.add_ended_line(&line, from, line_end);
        }
    }
}

impl Reader for Chats {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for (_, line) in lines(block.text) {
            let text = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
            if text.is_empty() {
                self.after_blank = true;
            } else {
                self.line(text, block.offset + offset_within(text, block.text), block, context, sink);
                self.after_blank = false;
            }
        }
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        self.release();
        self.division.begin_conversation("", sink);
        if self.division.count() == 0 {
            sink.problem(None, "no line holds a nick and a time, as `tb小明 2024-1-5 9:03:02` does", "copy the chat from 千牛 again");
        }
    }

    fn open_from(&self) -> Option<usize> {
        self.division.open_from().or(self.held.as_ref().map(|held| held.from))
    }
}

const TIME: &str = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\s+[0-9]{1,2}:[0-9]{2}:[0-9]{2}";

/// The nick and the time of a line that holds nothing else.
fn header(line: &str) -> Option<(&str, &str)> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"^(.+?)\s*[（(]?({TIME})[)）]?$")).ok());
    if !line.ends_with(|c: char| c.is_ascii_digit() || matches!(c, ')' | '）')) {
        return None;
    }
    let found = SHAPE.as_ref()?.captures(line)?;
    let (nick, time) = (found.get(1)?.as_str(), found.get(2)?.as_str());
    may_be_nick(nick).then_some((nick, time))
}

/// The time of a line that holds nothing else.
fn time_alone(line: &str) -> Option<&str> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("^{TIME}$")).ok());
    SHAPE.as_ref()?.is_match(line).then_some(line)
}

/// Whether a nick is that of a shop's staff, `shop:name`.
fn is_of_staff(nick: &str) -> bool {
    nick.contains([':', '：'])
}

fn may_be_nick(text: &str) -> bool {
    let nick = text.trim();
    let length = nick.chars().count();
    // Nicks have at most 25 characters; two of them and an arrow may stand here.
    (1..=70).contains(&length)
        && !nick.starts_with('[')
        && !nick.ends_with([':', '：'])
        && !nick.contains(['，', '。', '？', '！', ',', '?', '!'])
        && nick.chars().any(char::is_alphanumeric)
}

fn is_status(line: &str) -> bool {
    matches!(line, "已读" | "未读" | "发送中" | "已送达" | "发送失败")
}

fn is_notice(line: &str) -> bool {
    line.chars().count() <= 80
        && (line.contains("撤回了一条消息") || line.contains("撤回一条消息") || (line.starts_with('由') && line.contains("转交给")))
}

/// A price or an address by itself: what is left of a card.
fn is_card(line: &str) -> bool {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:https?://\S+|(?:价格|售价|到手价)?[:：]?\s*[¥￥]\s?[0-9][0-9,.]*(?:\s*[-~]\s*[¥￥]?[0-9][0-9,.]*)?)$").ok()
    });
    SHAPE.as_ref().is_some_and(|shape| shape.is_match(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nicks_and_times() {
        assert_eq!(header("tb小明 2024-1-5 9:03:02"), Some(("tb小明", "2024-1-5 9:03:02")));
        assert_eq!(header("tb123452024-01-05 09:03:02"), Some(("tb12345", "2024-01-05 09:03:02")));
        assert_eq!(header("好物店:小美 --> tb小明 2024-1-5 9:03:02").map(|found| found.0), Some("好物店:小美 --> tb小明"));
        for line in ["2024-1-5 9:03:02", "您好，2024-1-5 9:03:02", "预计 2024-1-5 发货", "[1] 2024-1-5 9:03:02"] {
            assert_eq!(header(line), None, "{line}");
        }
        assert!(time_alone("2024-1-5 9:03:02").is_some());
        assert!(is_card("¥ 99.00") && is_card("https://item.example.com/1") && !is_card("价格99元可以吗"));
    }
}
