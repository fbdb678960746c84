//! Labels that no word list knows: what all lines of a transcript together tell of who speaks, and of where the times stand.

use std::collections::{HashMap, HashSet};

use crate::text::fold_word;

use super::Speaker;
use super::division::header;
use super::line_parts::{Inline, Parts, may_be_name};
use super::person_name::is_person;
use super::speakers::Speakers;
use super::strings::is_sentence;

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

/// The last characters of short labels that say what follows, not who says it: 订单号, 退款说明, 发货时间, folded.
const THINGS: &str = "号址间话码额名称明示知程式案骤则策题容项单期费格量型息态果因语注事点线箱网款货品件信例法类";

/// Whether a label is a letter or a number that programs call a voice by: `0：…`, `1：…`.
fn is_mark(label: &str) -> bool {
    matches!(label.len(), 1 | 2) && label.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Characters of a label that may be a name or a title which nobody knows, before a colon as Chinese is written with.
const SHORT: std::ops::RangeInclusive<usize> = 2..=4;

/// The label of a line that may be somebody's who speaks nowhere else: 襄理：您必须先提供账号.
pub(super) fn short_label(line: &str) -> Option<&str> {
    let (label, said) = line.trim().split_once('：')?;
    let is_short = SHORT.contains(&label.chars().count()) && label.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let folded = fold_word(label);
    (is_short && is_sentence(said) && !folded.ends_with(|c| THINGS.contains(c)) && !HEADINGS.contains(&folded.as_str())).then_some(label)
}

impl Names {
    /// The names in lines of which nearly all have a label: those that recur (张三：… 李四：… 张三：…), and in a short transcript
    /// those that look like names, or that stand beside one of which the user said who bears it.
    pub(super) fn in_lines<'t>(lines: impl Iterator<Item = &'t str>, speakers: &Speakers) -> Self {
        let (mut all, mut labelled, mut is_given) = (0usize, 0usize, false);
        let (mut known, mut counts) = (HashSet::new(), HashMap::<&str, usize>::new());
        // Labels that may be names, and whether somebody is known to speak beside them.
        let (mut short, mut has_role) = (HashSet::new(), false);
        let mut marks = HashMap::<&str, usize>::new();
        let (mut headers, mut exact, mut loose) = (Headers::default(), Headers::default(), Headers::default());
        let (mut first, mut behind, mut nowhere) = (InlineLines::default(), InlineLines::default(), InlineLines::default());
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
                nowhere.line(Parts::inline(line, Inline::Nowhere), speakers);
            }
            let found = found.filter(|found| !found.has_time_first);
            let Some(found) = found else { continue };
            is_given |= speakers.is_given(found.label);
            if speakers.label(found.label).is_some() {
                labelled += 1;
                known.insert(found.label);
                has_role |= is_role(found.label);
            } else if may_be_name(found.label) {
                *counts.entry(found.label).or_default() += 1;
                short.extend(short_label(line));
            } else if is_mark(found.label) {
                *marks.entry(found.label).or_default() += 1;
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
        let inline = inline.map(|(_, inline)| inline).or_else(|| nowhere.are_of_both_sides(all).then_some(Inline::Nowhere));
        if inline.is_some() {
            return Self { is_given, inline, ..Self::default() };
        }
        // Lists of replies are numbered too, but hardly of two again and again.
        let are_voices = marks.len() == 2 && marks.values().all(|count| *count >= 2) && marks.values().sum::<usize>() == all;
        if are_voices {
            return Self { labels: marks.into_keys().map(str::to_owned).collect(), ..Self::default() };
        }
        // Every line has a label, and all these are short words: then they are names, if they look like them.
        let is_labelled = labelled + counts.values().sum::<usize>() == all;
        let is_heading = |label: &&str| HEADINGS.contains(&fold_word(label).as_str());
        let look_like_names = counts.keys().all(|label| is_person(&fold_word(label))) && !known.iter().any(is_heading);
        let are_people = is_labelled && look_like_names && !counts.is_empty() && counts.len() + known.len() >= 2;
        let are_beside_given = is_given && is_labelled;
        if !are_people {
            // Whoever takes over for a sentence has a label once.
            let is_somebody = |label: &&str| is_labelled && has_role && short.contains(label);
            counts.retain(|label, count| *count >= 2 || (are_beside_given && !is_heading(label)) || is_somebody(label));
            labelled += counts.values().sum::<usize>();
            // A text of settings or addresses has labels too, but hardly on every line the same few.
            let recurring = labelled * 5 >= all * 4 && counts.len() * 2 <= labelled;
            if !recurring && !are_beside_given {
                counts.clear();
            }
        }
        Self { labels: counts.into_keys().map(str::to_owned).collect(), is_given, ..Self::default() }
    }

    /// The same in lines of subtitles, which nobody numbers: there each may begin with a letter or number for the voice.
    pub(super) fn in_cues(lines: &[&str], speakers: &Speakers) -> Self {
        let found = Self::in_lines(lines.iter().copied(), speakers);
        let labels = lines.iter().map(|line| line.split_once([':', '：']).map(|(label, _)| label.trim()).filter(|label| is_mark(label)));
        let marks: Option<HashSet<&str>> = labels.collect();
        match marks.filter(|marks| found.labels.is_empty() && marks.len() >= 2) {
            Some(marks) => Self { labels: marks.into_iter().map(str::to_owned).collect(), ..found },
            None => found,
        }
    }

    /// Whether a label is one of them.
    pub(super) fn hold(&self, label: &str) -> bool {
        self.labels.iter().any(|name| name == label)
    }

    /// Where the time stands in lines that hold the words too.
    pub(super) fn inline(&self) -> Option<Inline> {
        self.inline
    }

    /// Whether these parts of a line are a name and time that stand above words.
    pub(super) fn are_told_by(&self, parts: &Parts<'_>) -> bool {
        let is_one = match self.times {
            Times::BehindNames => !parts.has_time_first || parts.is_exact(),
            Times::Exact => parts.is_exact(),
            Times::Loose => parts.has_time_first,
        };
        self.is_headed && parts.is_header && is_one
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
    /// Whether one of these is the agent, and one the customer.
    has_agent: bool,
    has_customer: bool,
    /// How many have a name that looks like one, or a role.
    people: usize,
    /// Whether all times are to the second or have a date.
    is_exact: bool,
}

impl<'l> InlineLines<'l> {
    fn line(&mut self, found: Option<Parts<'l>>, speakers: &Speakers) {
        let Some(found) = found else { return };
        let speaker = speakers.label(found.label).map(|found| found.speaker);
        let is_role = speaker.is_some_and(|speaker| speaker != Speaker::Unknown);
        self.has_agent |= speaker == Some(Speaker::Agent);
        self.has_customer |= speaker == Some(Speaker::Customer);
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

    /// Whether these of `all` lines are what an agent and a customer say to each other, for nothing but labels tells it.
    fn are_of_both_sides(&self, all: usize) -> bool {
        self.has_agent && self.has_customer && self.roles * 2 >= all && self.roles * 2 >= self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn whoever_takes_over_for_a_sentence_has_a_label_once() {
        assert_eq!(names_in("客戶：我要開戶\n經辦：你必須先提供帳號\n客戶：好", &[]), ["經辦"]);
        for text in [
            "客服：您好\n发货时间：今天下午，请您等一下\n客户：好",
            "客服：您好\n温馨提示：请您稍等一下\n客户：好",
            "客服：您好\n颜色：红\n客户：好",
            "客户：我要开户\n经办：你必须先提供账号\n请您稍等\n客户：好",
        ] {
            assert_eq!(names_in(text, &[]), [""; 0], "{text}");
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
}
