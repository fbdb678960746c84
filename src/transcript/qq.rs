//! QQ: chats as its message manager exports them, `2019-07-16 18:15:05 昵称(10001)` with the words on the next lines.

use std::sync::LazyLock;

use regex::Regex;

use super::open_turn::OpenTurn;
use super::reading::{Block, Context, Reader, Reading, Sample, Sink, lines, offset_within};
use super::{Conversation, Format, Moment, Speaker, Turn};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "qq",
    looks_like: "消息记录（此消息记录为文本格式…）, 消息对象:…, then 2019-07-16 18:15:05 昵称(10001) and the words below; exported by QQ",
    recognise,
    reading: Reading::Sequence(|_, _| Box::new(Export::default())),
};

/// How many lines are looked at.
const LOOKED_AT: usize = 60;

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let headers = sample.lines(LOOKED_AT).filter_map(Header::of).filter(|header| header.is_numbered).count();
    if sample.lines(3).any(|line| line.starts_with("消息记录")) {
        return Some("the title `消息记录` of an export from QQ".to_owned());
    }
    let begins = sample.lines(1).any(|line| Header::of(line).is_some_and(|header| header.is_numbered));
    (begins && headers >= 2).then(|| format!("{headers} lines with a time and a name with its QQ number"))
}

/// An export under way.
#[derive(Default)]
struct Export {
    conversation: Conversation,
    turn: Option<OpenTurn>,
    number: usize,
}

impl Export {
    fn line(&mut self, line: &str, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let text = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        if text.len() > 8 && text.bytes().all(|byte| byte == b'=') {
            self.close_turn();
        } else if let Some(partner) = text.strip_prefix("消息对象").and_then(|rest| rest.strip_prefix([':', '：'])) {
            self.close_conversation(sink);
            self.conversation.id = partner.trim().to_owned();
        } else if text.starts_with("消息记录") || text.starts_with("消息分组") || is_date_line(text) {
            self.close_turn();
        } else if let Some(header) = Header::of(text) {
            self.close_turn();
            let name = if header.name.is_empty() { header.number } else { header.name };
            let by_number = context.speakers.role(header.number).filter(|_| !header.number.is_empty());
            let (by_name, known) = context.speakers.person(name);
            let speaker = match header.number {
                // The numbers of the platform itself.
                "10000" | "1000000" => Speaker::System,
                _ => by_number.unwrap_or(by_name),
            };
            self.turn = Some(OpenTurn::new(Turn {
                speaker,
                name: known.or_else(|| Some(name.to_owned()).filter(|name| !name.is_empty())),
                start: Moment::parse(header.time),
                ..Turn::default()
            }));
        } else if let Some(turn) = &mut self.turn {
            if turn.is_empty() && text.ends_with("撤回了一条消息") {
                turn.turn_mut().speaker = Speaker::System;
            }
            turn.add_line(text, block.offset + offset_within(text, block.text), block);
        }
    }

    fn close_turn(&mut self) {
        self.conversation.turns.extend(self.turn.take().map(OpenTurn::close));
    }

    fn close_conversation(&mut self, sink: &mut Sink<'_>) {
        self.close_turn();
        let mut done = std::mem::take(&mut self.conversation);
        if !done.turns.is_empty() {
            self.number += 1;
            if done.id.is_empty() {
                done.id = self.number.to_string();
            }
            sink.conversation(done);
        }
    }
}

impl Reader for Export {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        for (_, line) in lines(block.text) {
            if !line.trim().is_empty() {
                self.line(line, block, context, sink);
            }
        }
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        self.close_conversation(sink);
        if self.number == 0 {
            let what = "no line holds a time and a name, as 2019-07-16 18:15:05 昵称(10001) does";
            sink.problem(None, what, "export the chat from QQ again, as text");
        }
    }
}

struct Header<'l> {
    time: &'l str,
    name: &'l str,
    /// The QQ number or mail address; may be empty.
    number: &'l str,
    is_numbered: bool,
}

impl<'l> Header<'l> {
    fn of(line: &'l str) -> Option<Self> {
        static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r"^([0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}\s+(?:上午|下午)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\s[AP]M)?)\s+(.*?)(?:[（(]([0-9]{5,12})[）)]|<([^<>]+)>)?$").ok()
        });
        if !line.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let found = SHAPE.as_ref()?.captures(line)?;
        let part = |group: usize| found.get(group).map_or("", |part| part.as_str());
        let number = if part(3).is_empty() { part(4) } else { part(3) };
        let name = part(2).trim();
        // A line of words that begins with a time is longer.
        let is_name = name.chars().count() <= 40 && !name.contains(['：', '，', '。']);
        is_name.then_some(Self { time: part(1), name, number, is_numbered: !number.is_empty() })
    }
}

fn is_date_line(text: &str) -> bool {
    text.strip_prefix("日期").is_some_and(|rest| rest.trim_start_matches([':', '：', ' ']).starts_with(|c: char| c.is_ascii_digit()))
}
