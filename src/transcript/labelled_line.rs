//! One line of a plain text transcript: who, when, and where the words begin.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::text::fold_word;

use super::division::header;
use super::person_name::is_person;
use super::reading::offset_within;
use super::role_words::role_of;
use super::speakers::{Labelled, Speakers};
use super::{Clock, Moment, Speaker};

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

/// Labels that no word list knows, and that only a whole transcript shows to be names.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    labels: Vec<String>,
    /// Whether the user said of one of the labels who bears it.
    is_given: bool,
    /// Whether every turn has its name and time on a line above it, as what is copied out of WeChat.
    is_headed: bool,
    /// Which of these times are headed by nothing but themselves: 预约 10:30 may be what somebody wrote.
    times: Times,
    /// Where the time stands in lines that have nothing but spaces between it, the name and the words.
    inline: Option<Inline>,
}

/// How the times are written that stand above words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Times {
    /// Behind names.
    #[default]
    BehindNames,
    /// To the second or with a date, on whichever side.
    Exact,
    /// Before names, to the minute.
    Loose,
}

/// Where the time stands in a line that holds a time, a name and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inline {
    /// 10:00:05 客服小李 您好
    First,
    /// 客服小李 10:00 您好
    BehindName,
}

/// Short labels that look like names where a line holds nothing else of a transcript, and head canned replies.
const HEADINGS: &[&str] = &[
    "温馨提示",
    "友情提示",
    "提示",
    "注意",
    "注意事项",
    "备注",
    "说明",
    "答复",
    "回复",
    "问题",
    "回答",
    "解答",
    "问",
    "答",
    "开场白",
    "开头语",
    "结束语",
    "结尾语",
    "问候语",
    "欢迎语",
    "场景",
    "话术",
    "示例",
    "例如",
    "标题",
    "内容",
    "主题",
    "正文",
];

/// No label of a speaker is longer, in characters.
const LONGEST_LABEL: usize = 30;

impl<'l> LabelledLine<'l> {
    /// Reads a line; none where it does not begin with a label.
    pub(super) fn parse(line: &'l str, speakers: &Speakers, names: &Names) -> Option<Self> {
        let inline = names.inline.and_then(|inline| Parts::inline(line, inline));
        let is_inline = inline.is_some();
        let Some(found) = inline.or_else(|| Parts::of(line)) else { return Self::notice(line, speakers, names) };
        let is_heading = names.is_headed
            && found.is_header
            && match names.times {
                Times::BehindNames => !found.has_time_first || found.is_exact(),
                Times::Exact => found.is_exact(),
                Times::Loose => found.has_time_first,
            };
        // In other transcripts a time without a colon is one that is talked about, or the words stand behind the name.
        if found.has_time_first && !is_heading {
            return Self::notice(line, speakers, names);
        }
        let who = speakers.label(found.label).or_else(|| {
            // Behind a time, whatever stands before the colon is who speaks.
            let is_named = (found.is_timed && !found.has_time_first) || is_heading || is_inline;
            let known = names.labels.iter().any(|name| name == found.label) || (is_named && may_be_name(found.label));
            known.then_some(Labelled { speaker: Speaker::Unknown, name: Some(found.label) })
        })?;
        let text = found.text.trim_end();
        let at = offset_within(text, line);
        Some(Self { speaker: who.speaker, name: who.name, label: found.label, start: found.start, end: found.end, text, at })
    }
}

impl<'l> LabelledLine<'l> {
    /// Among lines `10:00:05 客服小李 您好` one that has but one thing behind its time: somebody who sent a picture, or a notice.
    fn notice(line: &'l str, speakers: &Speakers, names: &Names) -> Option<Self> {
        let (parts, rest) = Parts::begun(line);
        let label = rest.trim_end_matches(is_space);
        if names.inline != Some(Inline::First) || !parts.is_exact() || label.is_empty() {
            return None;
        }
        let who = speakers.label(label).unwrap_or(Labelled { speaker: Speaker::System, name: None });
        let text = if who.speaker == Speaker::System { label } else { &rest[label.len()..label.len()] };
        let at = offset_within(text, line);
        Some(Self { speaker: who.speaker, name: who.name, label, start: parts.start, end: parts.end, text, at })
    }
}

impl Names {
    /// The names in lines of which nearly all have a label: those that recur (张三：… 李四：… 张三：…), and in a short transcript
    /// those that look like names, or that stand beside one of which the user said who bears it.
    pub(super) fn in_lines<'t>(lines: impl Iterator<Item = &'t str>, speakers: &Speakers) -> Self {
        let (mut all, mut labelled, mut is_given) = (0usize, 0usize, false);
        let (mut known, mut counts) = (HashSet::new(), HashMap::<&str, usize>::new());
        let (mut headers, mut exact, mut loose) = (Headers::default(), Headers::default(), Headers::default());
        let (mut first, mut behind) = (InlineLines::default(), InlineLines::default());
        for line in lines.filter(|line| header(line).is_none()) {
            all += 1;
            let found = Parts::of(line);
            let head = found.as_ref().filter(|found| found.is_header && may_be_name(found.label));
            let is_exact = head.is_some_and(Parts::is_exact);
            let is_role = |label: &str| speakers.label(label).is_some_and(|found| found.speaker != Speaker::Unknown);
            let label = head.map(|found| found.label);
            headers.line(label.filter(|_| is_exact || head.is_some_and(|found| !found.has_time_first)), false);
            exact.line(label.filter(|_| is_exact), label.is_some_and(is_role));
            loose.line(label.filter(|_| head.is_some_and(|found| found.has_time_first)), label.is_some_and(is_role));
            let has_label = found.as_ref().is_some_and(|found| !found.is_header && speakers.label(found.label).is_some());
            if !has_label {
                first.line(Parts::inline(line, Inline::First), speakers);
                behind.line(Parts::inline(line, Inline::BehindName), speakers);
            }
            let found = found.filter(|found| !found.has_time_first);
            let Some(found) = found else { continue };
            is_given |= speakers.is_given(found.label);
            if speakers.label(found.label).is_some() {
                labelled += 1;
                known.insert(found.label);
            } else if may_be_name(found.label) {
                *counts.entry(found.label).or_default() += 1;
            }
        }
        if headers.are_of_people() || exact.are_of_roles() {
            let times = if exact.are_of_roles() { Times::Exact } else { Times::BehindNames };
            return Self { is_given, is_headed: true, times, ..Self::default() };
        }
        if loose.are_of_roles() && loose.are_of_people() {
            return Self { is_given, is_headed: true, times: Times::Loose, ..Self::default() };
        }
        let inline = [(first, Inline::First), (behind, Inline::BehindName)].into_iter().find(|(lines, _)| lines.are_of_talk(all));
        if let Some((_, inline)) = inline {
            return Self { is_given, inline: Some(inline), ..Self::default() };
        }
        // Every line has a label, and all these are short words: then they are names, if they look like them.
        let is_labelled = labelled + counts.values().sum::<usize>() == all;
        let is_heading = |label: &&str| HEADINGS.contains(&fold_word(label).as_str());
        let look_like_names = counts.keys().all(|label| is_person(&fold_word(label))) && !known.iter().any(is_heading);
        let are_people = is_labelled && look_like_names && !counts.is_empty() && counts.len() + known.len() >= 2;
        let are_beside_given = is_given && is_labelled;
        if !are_people {
            counts.retain(|label, count| *count >= 2 || (are_beside_given && !is_heading(label)));
            labelled += counts.values().sum::<usize>();
            // A text of settings or addresses has labels too, but hardly on every line the same few.
            let recurring = labelled * 5 >= all * 4 && counts.len() * 2 <= labelled;
            if !recurring && !are_beside_given {
                counts.clear();
            }
        }
        Self { labels: counts.into_keys().map(str::to_owned).collect(), is_given, ..Self::default() }
    }

    /// Whether they tell by themselves that this is a transcript.
    pub(super) fn are_of_transcript(&self) -> bool {
        self.is_given || self.is_headed || self.inline.is_some()
    }

    /// Whether every turn has its name and time on a line above it.
    pub(super) fn are_above_turns(&self) -> bool {
        self.is_headed
    }
}

/// Lines that hold a name and a time, `张三 10:02`, each above the words of a turn.
#[derive(Default)]
struct Headers<'l> {
    names: HashSet<&'l str>,
    count: usize,
    /// How many name a role.
    roles: usize,
    /// Whether the line before is one.
    is_open: bool,
    /// Whether a line stands before the first.
    is_titled: bool,
    /// Behind how many there are no words.
    empty: usize,
}

impl<'l> Headers<'l> {
    fn line(&mut self, name: Option<&'l str>, is_role: bool) {
        self.is_titled |= name.is_none() && self.count == 0;
        self.empty += usize::from(name.is_some() && self.is_open);
        self.is_open = name.is_some();
        self.count += usize::from(name.is_some());
        self.roles += usize::from(name.is_some() && is_role);
        self.names.extend(name);
    }

    /// Whether at least two talk with each other, each in words of their own.
    fn are_of_people(&self) -> bool {
        !self.is_titled && self.empty == 0 && !self.is_open && self.names.len() >= 2
    }

    /// Whether somebody talks whose role is known. A turn may be a picture, which leaves no words.
    fn are_of_roles(&self) -> bool {
        let are_more = self.count >= 2 || (!self.is_titled && !self.is_open);
        self.roles >= 1 && are_more && self.empty * 2 < self.count
    }
}

/// Lines that hold a time, a name and words, with nothing but spaces between them.
#[derive(Default)]
struct InlineLines<'l> {
    names: HashSet<&'l str>,
    count: usize,
    /// How many name a role, or somebody of whom the user said who that is.
    roles: usize,
    /// How many have a name that looks like one, or a role.
    people: usize,
    /// Whether all times are to the second or have a date.
    is_exact: bool,
}

impl<'l> InlineLines<'l> {
    fn line(&mut self, found: Option<Parts<'l>>, speakers: &Speakers) {
        let Some(found) = found else { return };
        let is_role = speakers.label(found.label).is_some_and(|found| found.speaker != Speaker::Unknown);
        self.is_exact = found.is_exact() && (self.is_exact || self.count == 0);
        self.count += 1;
        self.roles += usize::from(is_role);
        self.people += usize::from(is_role || is_person(&fold_word(found.label)));
        self.names.insert(found.label);
    }

    /// Whether these of `all` lines are what people say to each other. Programs write exact times; any other may be talked about,
    /// so that nearly all lines must have one, and somebody whose role is known.
    fn are_of_talk(&self, all: usize) -> bool {
        let are_turns = self.count >= 2 && self.people * 2 >= self.count;
        let is_exact_talk = self.is_exact && self.count * 4 >= all && (self.roles > 0 || self.names.len() >= 2);
        let is_loose_talk = self.count * 5 >= all * 4 && self.roles > 0 && self.names.len() >= 2;
        are_turns && (is_exact_talk || is_loose_talk)
    }
}

/// The parts of a line before it is known whether its label means anybody.
struct Parts<'l> {
    label: &'l str,
    start: Option<Moment>,
    end: Option<Moment>,
    /// Whether a time stands before the label.
    is_timed: bool,
    /// Whether the line holds a label and a time and nothing else: the words stand below.
    is_header: bool,
    /// Whether the time stands first there.
    has_time_first: bool,
    text: &'l str,
}

impl<'l> Parts<'l> {
    fn of(line: &'l str) -> Option<Self> {
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
    fn begun(line: &'l str) -> (Self, &'l str) {
        let mut parts = Self { label: "", start: None, end: None, is_timed: false, is_header: false, has_time_first: false, text: "" };
        let mut rest = line.trim_start_matches(is_space);
        // A number, then a time.
        for _ in 0..2 {
            let Some(behind) = parts.leading(rest) else { break };
            rest = behind.trim_start_matches(is_space);
        }
        (parts, rest)
    }

    /// Reads a line that has nothing but spaces, or a mark that divides columns, between time, name and words.
    fn inline(line: &'l str, inline: Inline) -> Option<Self> {
        let (mut parts, rest) = Self::begun(line);
        match inline {
            Inline::First if parts.is_timed => (parts.label, parts.text) = split_at_space(rest)?,
            Inline::BehindName if !parts.is_timed => {
                let (label, moment, text) = split_at_time(rest)?;
                (parts.label, parts.start, parts.text) = (label, Some(moment), text);
            }
            _ => return None,
        }
        may_be_name(parts.label).then_some(parts)
    }

    /// Whether its time is one to the second or has a date, as programs write it.
    fn is_exact(&self) -> bool {
        self.start.as_ref().is_some_and(is_exact)
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

/// Whether a line shows who speaks and when in a shape that is not read: a time, and beside it or at the other end a role or
/// what looks like a name. No canned reply does.
pub(super) fn is_stamped(line: &str, speakers: &Speakers) -> bool {
    let line = line.trim_matches(|c: char| is_space(c) || is_opening(c));
    let is_somebody = |word: &str, moment: &Moment| {
        let word = word.trim_matches(|c: char| is_space(c) || is_opening(c) || is_closing(c) || ":：,，|-".contains(c));
        let names_role = speakers.label(word).is_some_and(|found| found.speaker != Speaker::Unknown);
        names_role || (is_exact(moment) && (speakers.is_given(word) || is_person(&fold_word(word))))
    };
    let words =
        || line.split(|c: char| is_space(c) || is_opening(c) || is_closing(c) || ":：,，|".contains(c)).filter(|word| !word.is_empty());
    // 2024-05-01 10:00:00 张三 …
    if let Some((length, start, _)) = times(line) {
        let rest = line[length..].trim_start_matches(|c: char| is_space(c) || is_closing(c) || ",，|-".contains(c));
        let first = rest.split(|c: char| is_space(c) || ":：,，|".contains(c)).next().unwrap_or_default();
        return is_somebody(first, &start) || is_somebody(rest, &start);
    }
    // 张三 … 2024-05-01 10:00:00, 张三 2024-05-01 10:00:00 …
    let found = line
        .match_indices(|c: char| c.is_ascii_digit())
        .map(|(at, _)| at)
        .filter(|at| !line[..*at].ends_with(|c: char| c.is_ascii_digit()));
    let found = found
        .into_iter()
        .find_map(|at| times(&line[at..]).map(|(length, start, _)| (at, length, start)).filter(|(.., start)| is_exact(start)));
    let Some((at, length, start)) = found else { return false };
    let is_at_end = line[at + length..].trim_matches(|c: char| is_space(c) || is_closing(c)).is_empty();
    is_somebody(&line[..at], &start) || (is_at_end && words().next().is_some_and(|first| is_somebody(first, &start)))
}

/// `客服小李 您好`, `客服 小李 您好`, `客服小李 | 您好`: the label and the words behind it.
fn split_at_space(rest: &str) -> Option<(&str, &str)> {
    let limit = rest.char_indices().nth(LONGEST_LABEL).map_or(rest.len(), |(at, _)| at);
    let divides = |c: char| matches!(c, '\t' | '|' | '｜');
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
fn is_exact(moment: &Moment) -> bool {
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
            ("客服小李 4月29日 10:02", (Agent, "小李", "", "10:02")),
            ("客服小李 昨天 下午3:04：好", (Agent, "小李", "好", "下午3:04")),
            ("客服 小李 2024-04-29 10:02:08 好：的", (Agent, "小李", "好：的", "2024-04-29 10:02:08")),
            ("客服 小李 (10:02:08) 好", (Agent, "小李", "好", "10:02:08")),
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
            "10:30 客服",
            "2024-04-29 10:02:08 到货",
            "2024-04-29 10:02:08 客服 好的",
            "",
            "：您好",
            "您好，客服：在",
            "3.5元：贵",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    fn names_in(text: &str, given: &[(String, Speaker)]) -> Vec<String> {
        let mut labels = Names::in_lines(text.lines(), &Speakers::new(given)).labels;
        labels.sort();
        labels
    }

    #[test]
    fn recurring_names_are_labels() {
        assert_eq!(names_in("晴天：你好\n小美酱：您好\n晴天：在吗\n小美酱：在的", &[]), ["小美酱", "晴天"]);
        assert_eq!(names_in("姓名：张三\n电话：1\n地址：2\n", &[]), [""; 0]);
        assert_eq!(names_in("客服：您好\n订单号：1\n地址：2\n客户：好", &[]), [""; 0]);
    }

    #[test]
    fn in_a_short_transcript_labels_must_look_like_names() {
        assert_eq!(names_in("张三：你好\n李四：您好", &[]), ["张三", "李四"]);
        assert_eq!(names_in("张三：你好\n李四：您好\n王小明：在", &[]), ["张三", "李四", "王小明"]);
        assert_eq!(names_in("张三：你好\n主管：您好", &[]), ["张三"]);
        for replies in [
            "张三：你好",
            "温馨提示：您好\n注意：请稍等",
            "开场白：您好\n结束语：再见",
            "退款：您好\n发货：请稍等",
            "张三：你好\n您好，请稍等",
            "张三：你好\n备注：请稍等",
            "晴天：你好\n小美：您好",
        ] {
            assert_eq!(names_in(replies, &[]), [""; 0], "{replies}");
        }
    }

    #[test]
    fn beside_a_name_that_the_user_gave_the_others_are_names() {
        let given = [("小美".to_owned(), Speaker::Agent)];
        assert_eq!(names_in("晴天：你好\n小美：您好", &given), ["晴天"]);
        assert_eq!(names_in("小美：您好\n温馨提示：请稍等", &given), [""; 0]);
        assert!(Names::in_lines("小美：您好".lines(), &Speakers::new(&given)).are_of_transcript());
        assert!(!Names::in_lines("晴天：您好".lines(), &Speakers::new(&given)).are_of_transcript());
    }

    #[test]
    fn a_time_may_stand_before_the_name_above_the_words() {
        let text = "2024-04-29 10:02:08 客服 小李\n您好\n[2024/4/29 10:03] 晴天\n10:30 客服\n预约 10:30\n";
        let speakers = Speakers::default();
        let names = Names::in_lines(text.lines(), &speakers);
        let found: Vec<_> = text.lines().filter_map(|line| LabelledLine::parse(line, &speakers, &names)).collect();
        let found: Vec<_> = found.iter().map(|said| (said.speaker, said.name, said.text)).collect();
        assert_eq!(found, [(Speaker::Agent, Some("小李"), ""), (Speaker::Unknown, Some("晴天"), "")]);
        let all_on_a_line = "2024-04-29 10:02:08 客服 好的\n2024-04-29 10:03:08 客户 在吗\n2024-04-29 10:04:08 客服 在的";
        assert!(!Names::in_lines(all_on_a_line.lines(), &speakers).are_above_turns());
    }

    /// Who says what in a text, with names as its lines tell them.
    fn said(text: &str) -> Vec<(Speaker, &str, &str, &str)> {
        let speakers = Speakers::default();
        let names = Names::in_lines(text.lines(), &speakers);
        let lines = text.lines().filter_map(|line| LabelledLine::parse(line, &speakers, &names));
        lines
            .map(|said| {
                let time = said.start.map(|start| start.text).unwrap_or_default();
                (said.speaker, said.name.unwrap_or_default(), said.text, &*time.leak())
            })
            .collect()
    }

    #[test]
    fn nothing_but_spaces_may_stand_between_time_name_and_words() {
        use Speaker::{Agent, Customer, Unknown};
        for (text, expected) in [
            (
                "10:00:05 客服小李 您好：在吗\n10:00:09 晴天 好 的",
                vec![(Agent, "小李", "您好：在吗", "10:00:05"), (Unknown, "晴天", "好 的", "10:00:09")],
            ),
            (
                "[10:00:05] 客服 小李 您好\n[10:00:09] 客户 在吗",
                vec![(Agent, "小李", "您好", "10:00:05"), (Customer, "", "在吗", "10:00:09")],
            ),
            ("10:00 客服 您好\n10:01 客户 在吗", vec![(Agent, "", "您好", "10:00"), (Customer, "", "在吗", "10:01")]),
            (
                "10:00:05 | 客服 小李 | 您好\n10:00:09\t客户\t在吗",
                vec![(Agent, "小李", "您好", "10:00:05"), (Customer, "", "在吗", "10:00:09")],
            ),
            (
                "2024-05-01 10:00:05 张三 您好\n2024-05-01 10:00:09 李四 在吗",
                vec![(Unknown, "张三", "您好", "2024-05-01 10:00:05"), (Unknown, "李四", "在吗", "2024-05-01 10:00:09")],
            ),
            ("客服小李 10:00 您好\n晴天 10:01 在吗", vec![(Agent, "小李", "您好", "10:00"), (Unknown, "晴天", "在吗", "10:01")]),
            (
                "10:00:05 客服小李 您好\n10:00:07 客户 在\n10:00:09 客服小李",
                vec![(Agent, "小李", "您好", "10:00:05"), (Customer, "", "在", "10:00:07"), (Agent, "小李", "", "10:00:09")],
            ),
            (
                "10:00:05 客服小李 您好\n10:00:07 客户 在\n10:30 到货吗\n10:00:09 客户已离开，会话结束",
                vec![
                    (Agent, "小李", "您好", "10:00:05"),
                    (Customer, "", "在", "10:00:07"),
                    (Speaker::System, "", "客户已离开，会话结束", "10:00:09"),
                ],
            ),
            ("10:00 客服小李\n您好\n10:01 晴天\n预约 10:30", vec![(Agent, "小李", "", "10:00"), (Unknown, "晴天", "", "10:01")]),
            ("[10:00] 客服小李\n您好\n[10:01] 晴天\n在吗", vec![(Agent, "小李", "", "10:00"), (Unknown, "晴天", "", "10:01")]),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn times_that_are_talked_about_make_no_transcript() {
        for text in [
            "10:30 到货\n11:30 发货",
            "10:00 客服 上班\n您好，请稍等\n好的",
            "09:00 开门\n10:00 客服上班\n12:00 午休\n18:00 打烊",
            "2024-05-01 10:00:05 INFO started\n2024-05-01 10:00:06 WARN slow",
            "您好，客服 10:00 上班\n请稍等",
        ] {
            assert_eq!(said(text), [], "{text}");
        }
        // In a transcript of labels a time is a word as any other.
        let text = "客服：您好\n客户：在吗\n10:00:05 客服 在\n客服：在的";
        assert_eq!(said(text).len(), 3);
    }

    #[test]
    fn lines_with_a_time_and_somebody_are_stamped() {
        let stamped = |line: &str| is_stamped(line, &Speakers::default());
        for line in [
            "2024-05-01 10:00:00 张三 您好",
            "[2024-05-01 10:00:00] 客服 张三",
            "2024-05-01 10:00:00 - 客服 张三 - 您好",
            "张三 您好 2024-05-01 10:00:00",
            "张三 | 2024-05-01 10:00:00",
            "10:00 客服 张三",
        ] {
            assert!(stamped(line), "{line}");
        }
        for line in [
            "您好，2024-05-01 10:00:00 前发货",
            "营业时间 10:00",
            "2024-05-01 10:00:00 发货",
            "客服 9:00 上班",
            "2024年5月1日放假",
            "张三您好",
        ] {
            assert!(!stamped(line), "{line}");
        }
    }

    #[test]
    fn names_and_times_above_turns() {
        let are_above = |text: &str| Names::in_lines(text.lines(), &Speakers::default()).are_above_turns();
        assert!(are_above("晴天 10:02\n你好\n小美 10:03\n您好\n请讲"));
        assert!(are_above("晴天 昨天 10:02\n你好\n小美 昨天 10:03\n您好"));
        assert!(are_above("聊天记录\n2024-05-01 10:02:00 客服\n2024-05-01 10:03:00 晴天\n你好\n2024-05-01 10:04:00 客服\n在"));
        assert!(!are_above("晴天 10:02\n你好\n晴天 10:03\n在吗"));
        assert!(!are_above("营业时间 10:02\n打烊时间 10:03\n您好"));
        assert!(!are_above("您好\n晴天 10:02\n你好\n小美 10:03\n您好"));
        assert!(!are_above("您好，请稍等\n好的"));
    }
}
