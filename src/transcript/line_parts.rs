//! What stands before the words of a line: the mark of a quote or a list, a number, times, a label, in whatever order.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::fold_word;

use super::person_name::is_person;
use super::reading::offset_within;
use super::role_words::role_of;
use super::{Clock, Moment};

/// Where the time stands in a line that holds a time, a name and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inline {
    /// 10:00:05 客服小李 您好
    First,
    /// 客服小李 10:00 您好
    BehindName,
    /// 客服小李 | 您好, with no time or with one behind the name
    Nowhere,
}

/// No label of a speaker is longer, in characters.
const LONGEST_LABEL: usize = 30;

/// The parts of a line before it is known whether its label means anybody.
pub(super) struct Parts<'l> {
    pub label: &'l str,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    /// Whether a time stands before the label.
    pub is_timed: bool,
    /// Whether the line holds a label and a time and nothing else: the words stand below.
    pub is_header: bool,
    /// Whether the time stands first there.
    pub has_time_first: bool,
    pub text: &'l str,
}

impl<'l> Parts<'l> {
    pub(super) fn of(line: &'l str) -> Option<Self> {
        let (mut parts, rest) = Self::begun(line);
        if let Some((inside, behind)) = bracketed(rest).filter(|(inside, _)| inside.chars().count() <= LONGEST_LABEL) {
            // 【客服】您好
            parts.label = inside.trim();
            parts.text = behind.trim_start_matches(is_space).trim_start_matches([':', '：']).trim_start_matches(is_space);
            return Some(parts);
        }
        if let Some((label, moment, text)) = split_at_time(rest).filter(|(_, moment, _)| is_exact(moment)) {
            (parts.label, parts.start, parts.text) = (label, Some(moment), text);
            return Some(parts);
        }
        let Some((label, text)) = split_label(rest) else {
            // 2024-04-29 10:02:08 客服 小李, with the words on the next line.
            let label = rest.trim_end_matches(is_space);
            (parts.label, parts.text) = (label, &rest[label.len()..label.len()]);
            (parts.is_header, parts.has_time_first) = (true, true);
            return (parts.is_timed && may_be_name(label)).then_some(parts);
        };
        parts.label = label.trim_matches(is_space);
        parts.text = text.trim_start_matches(is_space);
        parts.time_in_label();
        parts.time_after_label();
        (!parts.label.is_empty()).then_some(parts)
    }

    /// What stands before the label, and the rest of the line.
    pub(super) fn begun(line: &'l str) -> (Self, &'l str) {
        let mut parts = Self { label: "", start: None, end: None, is_timed: false, is_header: false, has_time_first: false, text: "" };
        let mut rest = without_marks(line);
        // A number, then a time.
        for _ in 0..2 {
            let Some(behind) = parts.leading(rest) else { break };
            rest = behind.trim_start_matches(is_space);
        }
        (parts, rest)
    }

    /// Reads a line that has nothing but spaces, or a mark that divides columns, between time, name and words.
    pub(super) fn inline(line: &'l str, inline: Inline) -> Option<Self> {
        let (mut parts, rest) = Self::begun(line);
        match inline {
            Inline::First if parts.is_timed => (parts.label, parts.text) = split_at_space(rest)?,
            Inline::BehindName if !parts.is_timed => {
                let (label, moment, text) = split_at_time(rest)?;
                (parts.label, parts.start, parts.text) = (label, Some(moment), text);
            }
            Inline::Nowhere if !parts.is_timed => {
                (parts.label, parts.text) = split_at_mark(rest)?;
                parts.time_after_label();
                parts.text = parts.text.trim_start_matches(|c| is_space(c) || divides(c));
            }
            _ => return None,
        }
        may_be_name(parts.label).then_some(parts)
    }

    /// Whether its time is one to the second or has a date, as programs write it.
    pub(super) fn is_exact(&self) -> bool {
        self.start.as_ref().is_some_and(is_exact)
    }

    /// Reads a time or a number at the start of `rest`; returns what follows.
    fn leading(&mut self, rest: &'l str) -> Option<&'l str> {
        if let Some((inside, behind)) = bracketed(rest) {
            if let Some((start, end)) = all_of_it(inside) {
                self.begin_at(start, end);
                return Some(behind);
            }
            let is_number = !inside.is_empty() && inside.trim_start_matches('#').bytes().all(|byte| byte.is_ascii_digit());
            return (is_number || (is_stamp(inside) && split_label(behind).is_some())).then_some(behind);
        }
        if let Some((length, start, end)) = times(rest).or_else(|| leading_times(rest)) {
            self.begin_at(start, end);
            let behind = rest[length..].trim_start_matches(['|', ',', '，', '\t', ' ']);
            // 10:02:08 - 客服：…
            let label = behind.strip_prefix(['-', '–']).filter(|label| label.starts_with(is_space) && split_label(label).is_some());
            return Some(label.unwrap_or(behind));
        }
        // 1. 客服：…
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        (number.len() < rest.len()).then(|| number.strip_prefix(['.', '、', ')', '）', '\t', ' '])).flatten()
    }

    fn begin_at(&mut self, start: Moment, end: Option<Moment>) {
        // 10.1-10.7 may be days, or paragraphs: whoever stands behind it is nobody for it.
        self.is_timed = start.clock != Clock::Start;
        (self.start, self.end) = (Some(start), end);
    }

    /// `客服 10:02:08：…`, `客服（2024-04-29 10:02）：…`
    fn time_in_label(&mut self) {
        let Some(at) = self.label.find(|c: char| c.is_ascii_digit() || "上下凌早中晚".contains(c)) else { return };
        let mut from = at;
        while let Some(tail) = self.label.get(from..) {
            if let Some((length, start, end)) = times(tail)
                && tail[length..].trim_start_matches(is_closing).is_empty()
            {
                let label = self.label[..from].trim_end_matches(|c: char| is_space(c) || is_opening(c));
                self.label = without_day(label).trim_end_matches(is_space);
                (self.start, self.end) = (Some(start), end);
                self.is_header = self.text.is_empty();
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

/// A line without the spaces and the marks of a quote or a list before what it says: `> 客服：…`, `- 客服：…`.
fn without_marks(line: &str) -> &str {
    let mut rest = line.trim_start_matches(is_space);
    while let Some(quoted) = rest.strip_prefix('>') {
        rest = quoted.trim_start_matches(is_space);
    }
    let item = rest.strip_prefix(['-', '*', '+', '•']).filter(|item| item.starts_with(is_space));
    item.map_or(rest, |item| item.trim_start_matches(is_space))
}

/// What divides columns.
fn divides(c: char) -> bool {
    matches!(c, '\t' | '|' | '｜')
}

/// `客服小李\t您好`, `客服小李 | 您好`, `客服小李 - 您好`: the label and the words behind it.
fn split_at_mark(rest: &str) -> Option<(&str, &str)> {
    let limit = rest.char_indices().nth(LONGEST_LABEL).map_or(rest.len(), |(at, _)| at);
    let head = &rest[..limit];
    let dash = || {
        head.match_indices(['-', '–', '—']).find(|(at, dash)| {
            head[..*at].ends_with(is_space) && head[at + dash.len()..].starts_with(|c| is_space(c) || matches!(c, '-' | '—'))
        })
    };
    let at = head.find(divides).or_else(|| dash().map(|(at, _)| at))?;
    let text = rest[at..].trim_start_matches(|c| is_space(c) || divides(c) || matches!(c, '-' | '–' | '—'));
    (!text.is_empty()).then_some((rest[..at].trim_end_matches(is_space), text))
}

/// `客服小李 您好`, `客服 小李 您好`, `客服小李 | 您好`: the label and the words behind it.
fn split_at_space(rest: &str) -> Option<(&str, &str)> {
    let limit = rest.char_indices().nth(LONGEST_LABEL).map_or(rest.len(), |(at, _)| at);
    let split = |at: usize| (rest[..at].trim_end_matches(is_space), rest[at..].trim_start_matches(|c| is_space(c) || divides(c)));
    let found = match rest[..limit].find(divides) {
        Some(at) => split(at),
        None => {
            let (label, text) = split(rest[..limit].find(is_space)?);
            // A name of its own behind the role.
            let name = text.find(is_space).map_or("", |end| &text[..end]);
            let is_beside = role_of(&fold_word(label)).is_some() && is_person(&fold_word(name));
            if is_beside { split(offset_within(name, rest) + name.len()) } else { (label, text) }
        }
    };
    (!found.1.is_empty()).then_some(found)
}

/// `客服 小李 2024-04-29 10:02:08 您好`: the label, the time and the text of a line that has a time in the place of the colon.
fn split_at_time(rest: &str) -> Option<(&str, Moment, &str)> {
    let limit = rest.char_indices().nth(LONGEST_LABEL).map_or(rest.len(), |(at, _)| at);
    // A time stands behind a space or a bracket, and digits may belong to the label: 客服 1001 10:02:08.
    let begins = |at: usize| rest[..at].ends_with(|c: char| is_space(c) || is_opening(c));
    let from = rest[..limit].match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).filter(|at| begins(*at));
    let (at, length, start) = from.into_iter().find_map(|at| times(&rest[at..]).map(|(length, start, _)| (at, length, start)))?;
    let label = rest[..at].trim_end_matches(|c: char| is_space(c) || is_opening(c));
    let behind = rest[at + length..].trim_start_matches(is_closing);
    let text = behind.trim_start_matches(is_space);
    let is_divided = text.len() < behind.len() && !text.is_empty() && !text.starts_with([':', '：']);
    (is_divided && may_be_name(label)).then_some((label, start, text))
}

/// Whether a time is one to the second or has a date and a time of day, as programs write it.
pub(super) fn is_exact(moment: &Moment) -> bool {
    match moment.text.matches([':', '：']).count() {
        0 => false,
        1 => moment.clock == Clock::Date,
        _ => true,
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

/// A label without the day behind it that a time of day may have before it: `张三 4月29日`, `张三 昨天`.
fn without_day(label: &str) -> &str {
    static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"\s(?:[0-9]{1,2}月[0-9]{1,2}日|(?:[0-9]{2}[-/.])?[0-9]{1,2}[-/.][0-9]{1,2}|昨天|前天|今天|(?:星期|周)[一二三四五六日天])$",
        )
        .ok()
    });
    let day = DAY.as_ref().and_then(|day| day.find(label));
    day.map_or(label, |day| &label[..day.start()])
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
pub(super) fn times(text: &str) -> Option<(usize, Moment, Option<Moment>)> {
    static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^
            (?: [0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日? (?:[（(][^）)]{1,4}[）)]|\s*(?:周|週|星期|礼拜|禮拜)[一二三四五六日天])? (?: [T\s\u{202F}\u{2009},，]* )  )?
            (?: (?:上午|下午|凌晨|早上|中午|晚上)? \s* [0-9]{1,2}[:：][0-9]{2} (?:[:：][0-9]{2})? (?:[.,][0-9]{1,9})?
                (?: \s*[APap][Mm]\b )? (?: Z\b | [+-][0-9]{2}:?[0-9]{2}\b )? )?",
        )
        .ok()
    });
    static DASH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*(?:-->|->|[-–—~～至到,，])\s*").ok());
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

/// A time in a shape that only stands before who speaks, where nothing else looks like it, and the bytes that it takes:
/// `04-29 10:00:00`, `4月29日 10:00`, `20240429 10:00:04`, `20240429100004`, `29/Apr/2024:10:00:04`, `0.00-2.09` in seconds.
fn leading_times(text: &str) -> Option<(usize, Moment, Option<Moment>)> {
    static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^(?:
              (?: [0-9]{8} [T\s]+ | [0-9]{1,2}[-/月][0-9]{1,2}日?\s* | [0-9]{1,2}[-/\ ][A-Za-z]{3,9}[-/\ ][0-9]{4}[:\s]+ )
                (?:上午|下午|凌晨|早上|中午|晚上)? \s* [0-9]{1,2}[:：][0-9]{2} (?:[:：][0-9]{2})? (?:[.,][0-9]{1,9})?
                (?: \s* [+-][0-9]{2}:?[0-9]{2}\b )?
            | [0-9]{8} [T\s]? [0-9]{6} (?:[0-9]{3})? )",
        )
        .ok()
    });
    static SECONDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^([0-9]{1,5}\.[0-9]{1,3})\s*[sS秒]?\s*(?:-->|->|[-–—~～至到,，])\s*([0-9]{1,5}\.[0-9]{1,3})\s*[sS秒]?").ok()
    });
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_cut = |length: usize| text[length..].starts_with(|c: char| c.is_ascii_digit());
    if let Some(found) = DATED.as_ref()?.find(text) {
        return Moment::parse(found.as_str()).filter(|_| !is_cut(found.end())).map(|start| (found.end(), start, None));
    }
    let found = SECONDS.as_ref()?.captures(text)?;
    let moment = |group: usize| Some(Moment::from_offset_millis((found.get(group)?.as_str().parse::<f64>().ok()? * 1000.0).round() as i64));
    let length = found.get(0)?.end();
    (!is_cut(length)).then_some((length, moment(1)?, moment(2)))
}

/// The time, or the start and end, that a text is from its first to its last byte.
fn all_of_it(text: &str) -> Option<(Moment, Option<Moment>)> {
    let text = text.trim_matches(is_space);
    let is_all = |(length, ..): &(usize, Moment, Option<Moment>)| *length == text.len();
    let found = times(text).filter(is_all).or_else(|| leading_times(text).filter(is_all));
    found.map(|(_, start, end)| (start, end)).or_else(|| Moment::parse(text).map(|start| (start, None)))
}

/// Whether what stands between brackets is a time that nobody can read: `Apr 29 10:00:00`, `0.5s`. Numbers of paragraphs and codes
/// (`2.1`, `A-1`) stand between brackets too.
fn is_stamp(inside: &str) -> bool {
    const WORDS: [&str; 28] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat",
        "sun", "am", "pm", "t", "z", "s", "sec", "ms", "utc", "gmt",
    ];
    let words = || inside.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    inside.contains(|c: char| c.is_ascii_digit())
        && inside.chars().all(is_of_time)
        && (words().next().is_some() || inside.contains([':', '：', '/', '年', '月', '日', '秒', '+']))
        && words().all(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether a time may hold a character.
pub(super) fn is_of_time(c: char) -> bool {
    c.is_ascii() || is_space(c) || "年月日号號时時点點分秒周週星期礼禮拜一二三四五六天上下午凌晨早中晚今昨前民国國：，～–—".contains(c)
}

/// Whether an unknown label could be a name: short, and without a mark that names do not have.
pub(super) fn may_be_name(label: &str) -> bool {
    let length = label.chars().count();
    (1..=16).contains(&length)
        && label.chars().any(char::is_alphabetic)
        && label.chars().all(|c| c.is_alphanumeric() || "-_·. *@()（）".contains(c))
        && !matches!(label, "http" | "https")
}

/// White space, and the invisible marks that exports put before and after times.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200E}' | '\u{200F}' | '\u{200B}')
}

pub(super) fn is_opening(c: char) -> bool {
    matches!(c, '[' | '【' | '(' | '（' | '<' | '〔' | '［')
}

pub(super) fn is_closing(c: char) -> bool {
    matches!(c, ']' | '】' | ')' | '）' | '>' | '〕' | '］')
}
