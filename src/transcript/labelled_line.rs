//! One line of a plain text transcript: who, when, and where the words begin.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::reading::offset_within;
use super::speakers::{Labelled, Speakers};
use super::{Moment, Speaker};

/// A line that begins with a label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LabelledLine<'l> {
    pub speaker: Speaker,
    /// The name in the label: 小李 in `客服 小李：`.
    pub name: Option<&'l str>,
    /// The label as it is written, without a time.
    pub label: &'l str,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    /// What was said, without spaces around it.
    pub text: &'l str,
    /// Where the text starts, in bytes of the line.
    pub at: usize,
}

/// Labels that no word list knows, and that only their recurrence in a transcript shows to be names.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(Vec<String>);

/// No label of a speaker is longer, in characters.
const LONGEST_LABEL: usize = 30;

impl<'l> LabelledLine<'l> {
    /// Reads a line; none where it does not begin with a label.
    pub(super) fn parse(line: &'l str, speakers: &Speakers, names: &Names) -> Option<Self> {
        let found = Parts::of(line)?;
        let who = speakers.label(found.label).or_else(|| {
            // Behind a time, whatever stands before the colon is who speaks.
            let known = names.0.iter().any(|name| name == found.label) || (found.is_timed && may_be_name(found.label));
            known.then_some(Labelled { speaker: Speaker::Unknown, name: Some(found.label) })
        })?;
        let text = found.text.trim_end();
        let at = offset_within(text, line);
        Some(Self { speaker: who.speaker, name: who.name, label: found.label, start: found.start, end: found.end, text, at })
    }
}

impl Names {
    /// The names that recur in lines of which nearly all have a label: 张三：… 李四：… 张三：….
    pub(super) fn recurring_in<'t>(lines: impl Iterator<Item = &'t str>, speakers: &Speakers) -> Self {
        let (mut all, mut labelled) = (0usize, 0usize);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for line in lines {
            all += 1;
            let Some(found) = Parts::of(line) else { continue };
            if speakers.label(found.label).is_some() {
                labelled += 1;
            } else if may_be_name(found.label) {
                *counts.entry(found.label).or_default() += 1;
            }
        }
        counts.retain(|_, count| *count >= 2);
        labelled += counts.values().sum::<usize>();
        // A text of settings or addresses has labels too, but hardly on every line the same few.
        let recurring = labelled * 5 >= all * 4 && counts.len() * 2 <= labelled;
        Self(if recurring { counts.into_keys().map(str::to_owned).collect() } else { Vec::new() })
    }
}

/// The parts of a line before it is known whether its label means anybody.
struct Parts<'l> {
    label: &'l str,
    start: Option<Moment>,
    end: Option<Moment>,
    /// Whether a time stands before the label.
    is_timed: bool,
    text: &'l str,
}

impl<'l> Parts<'l> {
    fn of(line: &'l str) -> Option<Self> {
        let mut parts = Self { label: "", start: None, end: None, is_timed: false, text: "" };
        let mut rest = line.trim_start_matches(is_space);
        // A number, then a time.
        for _ in 0..2 {
            let Some(behind) = parts.leading(rest) else { break };
            rest = behind.trim_start_matches(is_space);
        }
        if let Some((inside, behind)) = bracketed(rest).filter(|(inside, _)| inside.chars().count() <= LONGEST_LABEL) {
            // 【客服】您好
            parts.label = inside.trim();
            parts.text = behind.trim_start_matches(is_space).trim_start_matches([':', '：']).trim_start_matches(is_space);
            return Some(parts);
        }
        let (label, text) = split_label(rest)?;
        parts.label = label.trim_matches(is_space);
        parts.text = text.trim_start_matches(is_space);
        parts.time_in_label();
        parts.time_after_label();
        (!parts.label.is_empty()).then_some(parts)
    }

    /// Reads a time or a number at the start of `rest`; returns what follows.
    fn leading(&mut self, rest: &'l str) -> Option<&'l str> {
        if let Some((inside, behind)) = bracketed(rest) {
            let is_number = !inside.is_empty() && inside.trim_start_matches('#').bytes().all(|byte| byte.is_ascii_digit());
            if !is_number {
                let (length, start, end) = times(inside)?;
                if inside.len() != length {
                    return None;
                }
                (self.start, self.end) = (Some(start), end);
                self.is_timed = true;
            }
            return Some(behind);
        }
        if let Some((length, start, end)) = times(rest) {
            (self.start, self.end) = (Some(start), end);
            self.is_timed = true;
            return Some(rest[length..].trim_start_matches(['|', ',', '，', '\t', ' ']));
        }
        // 1. 客服：…
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        (number.len() < rest.len()).then(|| number.strip_prefix(['.', '、', ')', '）', '\t', ' '])).flatten()
    }

    /// `客服 10:02:08：…`, `客服（2024-04-29 10:02）：…`
    fn time_in_label(&mut self) {
        let Some(at) = self.label.find(|c: char| c.is_ascii_digit() || "上下凌早中晚".contains(c)) else { return };
        let mut from = at;
        while let Some(tail) = self.label.get(from..) {
            if let Some((length, start, end)) = times(tail)
                && tail[length..].trim_start_matches(is_closing).is_empty()
            {
                self.label = self.label[..from].trim_end_matches(|c: char| is_space(c) || is_opening(c));
                (self.start, self.end) = (Some(start), end);
                return;
            }
            let Some(next) = tail.char_indices().skip(1).find(|(_, c)| c.is_ascii_digit()) else { return };
            from += next.0;
        }
    }

    /// `客户：[10:02:03] …`, `客户：10:02:03 …`
    fn time_after_label(&mut self) {
        if self.start.is_some() {
            return;
        }
        let found = match bracketed(self.text) {
            Some((inside, behind)) => {
                times(inside).filter(|(length, ..)| *length == inside.len()).map(|(_, start, end)| (start, end, behind))
            }
            // Without brackets, only a time to the second: 10:30 may be what is talked about.
            None => times(self.text)
                .filter(|(length, start, _)| start.text.matches([':', '：']).count() == 2 && self.text[*length..].starts_with(is_space))
                .map(|(length, start, end)| (start, end, &self.text[length..])),
        };
        if let Some((start, end, behind)) = found {
            (self.start, self.end) = (Some(start), end);
            self.text = behind.trim_start_matches(is_space);
        }
    }
}

/// The label and the text on both sides of the colon; a line may also end with a time in the place of the colon.
fn split_label(rest: &str) -> Option<(&str, &str)> {
    let limit = rest.char_indices().nth(LONGEST_LABEL + 30).map_or(rest.len(), |(at, _)| at);
    let head = &rest[..limit];
    for (at, colon) in head.match_indices([':', '：']) {
        let (label, text) = (&rest[..at], &rest[at + colon.len()..]);
        if is_within_time(label, text) {
            continue;
        }
        return (!text.starts_with("//")).then_some((label, text));
    }
    // 客服 小李 2024-04-29 10:02:08, with the words on the next line.
    let ends_with_time =
        limit == rest.len() && rest.trim_end_matches(|c: char| is_space(c) || is_closing(c)).ends_with(|c: char| c.is_ascii_digit());
    (ends_with_time && rest.contains([':', '：'])).then_some((rest, &rest[rest.len()..]))
}

/// Whether a colon between these two stands in a time of day: 10:02, but not in 客服1:20元.
fn is_within_time(before: &str, after: &str) -> bool {
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let ahead = before[..before.len() - digits].chars().next_back();
    let has_seconds = after.as_bytes().get(2..5).is_some_and(|rest| rest[0] == b':' && rest[1..].iter().all(u8::is_ascii_digit));
    (1..=2).contains(&digits)
        && after.as_bytes().iter().take(2).filter(|byte| byte.is_ascii_digit()).count() == 2
        && (has_seconds
            || ahead.is_none_or(|c| is_space(c) || is_opening(c) || matches!(c, ':' | '：' | 'T' | '-' | '~') || "午晨上晚日".contains(c)))
}

/// What a pair of brackets at the start holds, and what follows it.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let open = text.chars().next().filter(|&c| is_opening(c))?;
    let inside = &text[open.len_utf8()..];
    let end = inside.find(is_closing)?;
    let close = inside[end..].chars().next()?;
    Some((&inside[..end], &inside[end + close.len_utf8()..]))
}

/// A time, or a start and an end, at the beginning of a text, and the bytes that they take.
fn times(text: &str) -> Option<(usize, Moment, Option<Moment>)> {
    static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^
            (?: [0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日? (?:[（(][^）)]{1,4}[）)])? (?: [T\s\u{202F}\u{2009},，]* )  )?
            (?: (?:上午|下午|凌晨|早上|中午|晚上)? \s* [0-9]{1,2}[:：][0-9]{2} (?:[:：][0-9]{2})? (?:[.,][0-9]{1,9})?
                (?: \s*[APap][Mm]\b )? (?: Z\b | [+-][0-9]{2}:?[0-9]{2}\b )? )?",
        )
        .ok()
    });
    static DASH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*(?:-->|->|[-–—~～至到])\s*").ok());
    // Most lines begin with a word.
    if !text.starts_with(|c: char| c.is_ascii_digit() || "上下凌早中晚".contains(c)) {
        return None;
    }
    // What nearly all exports write, with nothing behind it that could belong to it.
    if let Some(start) = Moment::plain(text) {
        return Some((text.len(), start, None));
    }
    let read = |text: &str| {
        let found = TIME.as_ref()?.find(text)?.as_str().trim_end();
        // 13:05 within 13:0512 is no time.
        let cut = text[found.len()..].starts_with(|c: char| c.is_ascii_digit());
        Some((found.len(), Moment::parse(found).filter(|_| !cut)?))
    };
    let (length, start) = read(text)?;
    let dash = DASH.as_ref().and_then(|dash| dash.find(&text[length..])).map(|dash| length + dash.end());
    match dash.and_then(|from| read(&text[from..]).map(|(more, end)| (from + more, end))) {
        Some((length, end)) => Some((length, start, Some(end))),
        None => Some((length, start, None)),
    }
}

/// Whether an unknown label could be a name: short, and without a mark that names do not have.
fn may_be_name(label: &str) -> bool {
    let length = label.chars().count();
    (1..=16).contains(&length)
        && label.chars().any(char::is_alphabetic)
        && label.chars().all(|c| c.is_alphanumeric() || "-_·. *@()（）".contains(c))
        && !matches!(label, "http" | "https")
}

/// White space, and the invisible marks that exports put before and after times.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200E}' | '\u{200F}' | '\u{200B}')
}

fn is_opening(c: char) -> bool {
    matches!(c, '[' | '【' | '(' | '（' | '<' | '〔' | '［')
}

fn is_closing(c: char) -> bool {
    matches!(c, ']' | '】' | ')' | '）' | '>' | '〕' | '］')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<(Speaker, &str, &str, &str)> {
        let said = LabelledLine::parse(line, &Speakers::default(), &Names::default())?;
        assert_eq!(&line[said.at..said.at + said.text.len()], said.text);
        let time = said.start.map(|start| start.text).unwrap_or_default();
        Some((said.speaker, said.name.unwrap_or_default(), said.text, Box::leak(time.into_boxed_str())))
    }

    #[test]
    fn the_variants_of_a_line() {
        use Speaker::{Agent, Customer, System, Unknown};
        let cases = [
            ("客服：您好", (Agent, "", "您好", "")),
            ("客服:您好 ", (Agent, "", "您好", "")),
            ("客戶： 你好", (Customer, "", "你好", "")),
            ("客户：[10:02:03] 你好", (Customer, "", "你好", "10:02:03")),
            ("客户：10:02:03 你好", (Customer, "", "你好", "10:02:03")),
            ("客户：10:30 能到吗", (Customer, "", "10:30 能到吗", "")),
            ("[10:02:08] 客服：请问", (Agent, "", "请问", "10:02:08")),
            ("【10:02】客服：请问", (Agent, "", "请问", "10:02")),
            ("10:02:08 客服：请问", (Agent, "", "请问", "10:02:08")),
            ("2024-04-29 10:11:12 客服 小李：好的", (Agent, "小李", "好的", "2024-04-29 10:11:12")),
            ("2024/4/29 下午3:04 客服：好的", (Agent, "", "好的", "2024/4/29 下午3:04")),
            ("[2024-04-29 10:11:12] 客服小李：好的", (Agent, "小李", "好的", "2024-04-29 10:11:12")),
            ("[1] 客服：您好", (Agent, "", "您好", "")),
            ("[1] [10:02] 客服：您好", (Agent, "", "您好", "10:02")),
            ("1. 客服：您好", (Agent, "", "您好", "")),
            ("客服 10:02:08：您好", (Agent, "", "您好", "10:02:08")),
            ("客服（2024-04-29 10:02）：您好", (Agent, "", "您好", "2024-04-29 10:02")),
            ("客服小李 2024-04-29 10:02:08", (Agent, "小李", "", "2024-04-29 10:02:08")),
            ("坐席1001:20元", (Agent, "1001", "20元", "")),
            ("客服1:20元", (Agent, "1", "20元", "")),
            ("【客服】您好", (Agent, "", "您好", "")),
            ("[00:00:01.20 - 00:00:03.40] 座席：您好", (Agent, "", "您好", "00:00:01.20")),
            ("系统提示：会话结束", (System, "", "会话结束", "")),
            ("[10:02:08] 张三：你好", (Unknown, "张三", "你好", "10:02:08")),
            ("customer: 你好：在吗", (Customer, "", "你好：在吗", "")),
            ("店小二：", (Agent, "", "", "")),
        ];
        for (line, expected) in cases {
            assert_eq!(parse(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn lines_without_a_label() {
        for line in [
            "您好：请问",
            "订单号：123",
            "http://example.com/客服",
            "客服电话：400-100",
            "[图片]",
            "10:30 到货",
            "",
            "：您好",
            "您好，客服：在",
            "3.5元：贵",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn recurring_names_are_labels() {
        let names = |text: &str| Names::recurring_in(text.lines(), &Speakers::default()).0.len();
        assert_eq!(names("张三：你好\n李四：您好\n张三：在吗\n李四：在的"), 2);
        assert_eq!(names("姓名：张三\n电话：1\n地址：2\n"), 0);
        assert_eq!(names("客服：您好\n订单号：1\n地址：2\n客户：好"), 0);
    }
}
