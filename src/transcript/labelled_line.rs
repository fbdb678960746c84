//! One line of a plain text transcript: who, when, and where the words begin.

use crate::text::fold_word;

use super::faq::is_label;
use super::line_parts::{Inline, Parts, is_closing, is_exact, is_of_time, is_opening, is_space, may_be_name, times};
use super::names::Names;
use super::person_name::is_person;
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

impl<'l> LabelledLine<'l> {
    /// Reads a line; none where it does not begin with a label.
    pub(super) fn parse(line: &'l str, speakers: &Speakers, names: &Names) -> Option<Self> {
        let inline = names.inline().and_then(|inline| Parts::inline(line, inline));
        let is_inline = inline.is_some();
        let Some(found) = inline.or_else(|| Parts::of(line)) else { return Self::notice(line, speakers, names) };
        let is_heading = names.are_told_by(&found);
        // In other transcripts a time without a colon is one that is talked about, or the words stand behind the name.
        if found.has_time_first && !is_heading {
            return Self::notice(line, speakers, names);
        }
        let who = speakers.label(found.label).or_else(|| {
            // Behind a time, whatever stands before the colon is who speaks.
            let is_named = (found.is_timed && !found.has_time_first) || is_heading || is_inline;
            let known = names.hold(found.label) || (is_named && may_be_name(found.label));
            known.then_some(Labelled { speaker: Speaker::Unknown, name: Some(found.label) })
        })?;
        let text = found.text.trim_end();
        let at = offset_within(text, line);
        Some(Self { speaker: who.speaker, name: who.name, label: found.label, start: found.start, end: found.end, text, at })
    }

    /// Among lines `10:00:05 客服小李 您好` one that has but one thing behind its time: somebody who sent a picture, or a notice.
    fn notice(line: &'l str, speakers: &Speakers, names: &Names) -> Option<Self> {
        let (parts, rest) = Parts::begun(line);
        let label = rest.trim_end_matches(is_space);
        if names.inline() != Some(Inline::First) || !parts.is_exact() || label.is_empty() {
            return None;
        }
        let who = speakers.label(label).unwrap_or(Labelled { speaker: Speaker::System, name: None });
        let text = if who.speaker == Speaker::System { label } else { &rest[label.len()..label.len()] };
        let at = offset_within(text, line);
        Some(Self { speaker: who.speaker, name: who.name, label, start: parts.start, end: parts.end, text, at })
    }
}

/// The side that a line begins with, agent or customer, in whatever shape, and whether nothing stands behind it: before the word for
/// it stands nothing but what times, numbers and marks are made of, and behind it a mark or a space. Canned replies do not begin so,
/// and never of both sides.
pub(super) fn side(line: &str, speakers: &Speakers) -> Option<(Speaker, bool)> {
    let divides = |c: char| is_space(c) || is_opening(c) || is_closing(c) || ":：,，|｜-–—=>*/".contains(c);
    let parts = line.split(divides).filter(|part| !part.is_empty());
    let first = parts.take(SIDE_WITHIN).find(|part| !part.chars().all(is_of_time) || speakers.role(part).is_some())?;
    let is_alone = line[offset_within(first, line) + first.len()..].trim_matches(divides).is_empty();
    let side = speakers.role(first).filter(|side| matches!(side, Speaker::Agent | Speaker::Customer) && !is_label(first))?;
    Some((side, is_alone))
}

/// In how many parts of a line the word for who speaks is looked for.
const SIDE_WITHIN: usize = 12;

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
            ("[04-29 10:00:00] 客服：好", (Agent, "", "好", "04-29 10:00:00")),
            ("[04/29 10:00] 客服：好", (Agent, "", "好", "04/29 10:00")),
            ("04-29 10:00:00 - 客服：好", (Agent, "", "好", "04-29 10:00:00")),
            ("4月29日10:00 客服：好", (Agent, "", "好", "4月29日10:00")),
            ("20240429100004 客服：好", (Agent, "", "好", "2024-04-29 10:00:04")),
            ("[20240429 10:00:04] 客服：好", (Agent, "", "好", "2024-04-29 10:00:04")),
            ("[2024-04-29 星期一 10:00:04] 客服：好", (Agent, "", "好", "2024-04-29 星期一 10:00:04")),
            ("2024-04-29 周一 10:00:04 客服：好", (Agent, "", "好", "2024-04-29 周一 10:00:04")),
            ("[29/Apr/2024:10:00:04 +0800] 客服：好", (Agent, "", "好", "29/Apr/2024:10:00:04 +0800")),
            ("[0.00-2.09] 客服：好", (Agent, "", "好", "00:00:00")),
            ("3.50s --> 5.00s 客服：好", (Agent, "", "好", "00:00:03")),
            ("[Apr 29 10:00:00] 客服：好", (Agent, "", "好", "")),
            ("> 客服：好", (Agent, "", "好", "")),
            ("- 客服小李：好", (Agent, "小李", "好", "")),
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
            "[10.1-10.7] 国庆活动：全场八折",
            "[FAQ-1] 退款：请稍等",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
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
            (
                "客服小李\t您好\n客户\t在吗\n晴天\t好",
                vec![(Agent, "小李", "您好", ""), (Customer, "", "在吗", ""), (Unknown, "晴天", "好", "")],
            ),
            ("客服|您好|请讲\n客户｜在", vec![(Agent, "", "您好|请讲", ""), (Customer, "", "在", "")]),
            ("客服 - 您好\n客户 - 在 - 吗", vec![(Agent, "", "您好", ""), (Customer, "", "在 - 吗", "")]),
            ("客服 | 10:00:05 | 您好\n客户 | 10:00:09 | 在", vec![(Agent, "", "您好", "10:00:05"), (Customer, "", "在", "10:00:09")]),
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
    fn a_line_begins_with_a_side_in_whatever_shape() {
        let side = |line: &str| side(line, &Speakers::default());
        for line in [
            "客户 你等着",
            "客户,你等着",
            "【T+3】<客户> 你等着",
            "3,04-29,客户,你等着",
            "Apr 29 | customer => 你等着",
            "周一 10:00 客户 - 你等着",
        ] {
            assert_eq!(side(line), Some((Speaker::Customer, false)), "{line}");
        }
        assert_eq!(side("  客服："), Some((Speaker::Agent, true)));
        for line in ["客户您好，请稍等", "您好，客服在线", "问：多少钱", "客服电话 400", "10:00 到货", ""] {
            assert_eq!(side(line), None, "{line}");
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
