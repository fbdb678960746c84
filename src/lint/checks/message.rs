//! What a broken check says: expected what, until when, and found what instead. Short fixed phrases in both scripts,
//! around the title that the pack carries, if any, and the words of the conversation.

use crate::rule::{At, Check, Extent, Window};
use crate::text::{Script, traditional};
use crate::transcript::Speaker;
use crate::violation::{Applicability, Rewrite};

use super::condition::{Fact, Place};
use super::hearing::Hearing;
use super::obligation::{Breach, Passage, Wanted};

/// How many characters of a turn are quoted.
const QUOTED: usize = 20;

/// One sentence on a breach; none of `wanted` where the place itself is one.
pub(super) fn message(
    check: &Check,
    wanted: Option<Wanted>,
    place: &Place,
    breach: &Breach,
    hearing: &Hearing<'_>,
    script: Script,
) -> String {
    let say = |hans: &'static str, hant: &'static str| if script == Script::Traditional { hant } else { hans };
    let quote = |words: &Passage| {
        let written = hearing.dialogue.folded(words.turn).written(words.span.clone());
        quoted(&hearing.dialogue.conversation.turns[words.turn].text[written], script)
    };
    let title = check.title.get(script);
    // Every report tells the id beside the message.
    let mut text = if title.is_empty() { String::new() } else { format!("{title}：") };
    let fact = place.fact.as_ref().map(|fact| fact_in_words(fact, check.when.at, script));
    let Some(wanted) = wanted else {
        match (fact, check.why.get(script)) {
            (Some(fact), _) => text.push_str(&fact),
            (None, "") => text.push_str(say("不应如此", "不應如此")),
            (None, why) => text.push_str(why.trim_end_matches('。')),
        }
        text.push('。');
        return text;
    };
    if let Some(fact) = fact {
        text.push_str(&fact);
        text.push('，');
    }
    if let Some(closed_by) = &breach.closed_by {
        text.push_str(&say("在{}之前，", "在{}之前，").replace("{}", &quote(closed_by)));
    } else {
        let own = hearing.dialogue.spoken[place.spoken].speaker == hearing.speaker(wanted.words);
        text.push_str(&window_in_words(wanted.within, own, check.when.at, script));
    }
    if wanted.forbidden {
        text.push_str(say("不应当说", "不應當說"));
        text.push_str(&breach.said.as_ref().map(quote).unwrap_or_default());
        text.push('。');
        return text;
    }
    let speaker = if hearing.speaker(wanted.words) == Speaker::Customer { say("客户", "客戶") } else { say("客服", "客服") };
    match sentences(check, script).first() {
        Some(example) if !hearing.is_anything(wanted.words) => {
            text.push_str(
                &say("应当说{}之类的话，", "應當說{}之類的話，").replace("{}", &in_quotes(example.trim_end_matches(['。', '.']), script)),
            );
        }
        _ => text.push_str(&say("应当有{}的回应，", "應當有{}的回應，").replace("{}", speaker)),
    }
    match (&breach.said, breach.waited) {
        (_, Some(waited)) => text.push_str(&waited_in_words(waited, wanted.within, script)),
        (Some(said), None) => text.push_str(&say("实际说的是{}", "實際說的是{}").replace("{}", &quote(said))),
        (None, None) if wanted.within.before => text.push_str(say("此前没有", "此前沒有")),
        (None, None) => text.push_str(&say("之后没有{}的话", "之後沒有{}的話").replace("{}", speaker)),
    }
    text.push('。');
    text
}

/// The sentences that would have fulfilled a check, as examples.
pub(super) fn rewrites(check: &Check, script: Script) -> Vec<Rewrite> {
    sentences(check, script).into_iter().map(|text| Rewrite { text, applicability: Applicability::Example }).collect()
}

fn sentences(check: &Check, script: Script) -> Vec<String> {
    match (script, check.professional_hant.is_empty()) {
        (Script::Simplified, _) => check.professional.clone(),
        (Script::Traditional, false) => check.professional_hant.clone(),
        (Script::Traditional, true) => check.professional.iter().map(|text| traditional(text)).collect(),
    }
}

fn fact_in_words(fact: &Fact, at: Option<At>, script: Script) -> String {
    let say = |hans: &'static str, hant: &'static str| if script == Script::Traditional { hant } else { hans };
    match fact {
        Fact::Silence(millis) if at.is_some() => say("客户等了{}", "客戶等了{}").replace("{}", &length(*millis, script)),
        Fact::Silence(millis) => say("此前沉默了{}", "此前沉默了{}").replace("{}", &length(*millis, script)),
        Fact::Lasted(millis) => say("已有{}", "已有{}").replace("{}", &length(*millis, script)),
        Fact::Clock(second) => format!("{}{:02}:{:02}", say("时间是", "時間是"), second / 3600, second / 60 % 60),
        Fact::Date(date) => format!("{}{date}", say("日期是", "日期是")),
        Fact::Repeated(times) => say("同样的话说了{}次", "同樣的話說了{}次").replace("{}", &times.to_string()),
    }
}

fn window_in_words(window: Window, own: bool, at: Option<At>, script: Script) -> String {
    let say = |hans: &'static str, hant: &'static str| if script == Script::Traditional { hant } else { hans };
    let (text, count) = match (window.extent, window.before) {
        (Extent::Whole, false) => (say("到结束为止", "到結束為止"), 0),
        (Extent::Whole, true) => (say("此前", "此前"), 0),
        (Extent::Turns(1), false) if own => (say("这一句", "這一句"), 1),
        (Extent::Turns(1), false) => (say("下一句", "下一句"), 1),
        (Extent::Turns(count), false) => (say("{}句之内", "{}句之內"), count),
        (Extent::Answers(1), false) if own => (say("这次回答里", "這次回答裡"), 1),
        (Extent::Answers(1), false) => (say("接下来的回答里", "接下來的回答裡"), 1),
        (Extent::Answers(count), false) => (say("{}次回答之内", "{}次回答之內"), count),
        (Extent::Turns(count), true) if at.is_some() => (say("最后{}句里", "最後{}句裡"), count),
        (Extent::Turns(count), true) => (say("此前{}句里", "此前{}句裡"), count),
        (Extent::Answers(count), true) if at.is_some() => (say("最后{}次回答里", "最後{}次回答裡"), count),
        (Extent::Answers(count), true) => (say("此前{}次回答里", "此前{}次回答裡"), count),
        (Extent::Time(limit), before) => {
            let limit = length(i64::try_from(limit.as_millis()).unwrap_or(i64::MAX), script);
            return if before { say("此前{}之内", "此前{}之內") } else { say("{}之内", "{}之內") }.replace("{}", &limit);
        }
    };
    text.replace("{}", &count.to_string())
}

/// How long nobody spoke. What is over the limit by less than is told of it would read like the limit itself.
fn waited_in_words(millis: i64, window: Window, script: Script) -> String {
    let waited = length(millis, script);
    let is_limit =
        matches!(window.extent, Extent::Time(limit) if length(i64::try_from(limit.as_millis()).unwrap_or(i64::MAX), script) == waited);
    let said = match (is_limit, script) {
        (true, Script::Simplified) => "实际超过了{}",
        (true, Script::Traditional) => "實際超過了{}",
        (false, Script::Simplified) => "实际隔了{}",
        (false, Script::Traditional) => "實際隔了{}",
    };
    said.replace("{}", &waited)
}

/// `83秒`, `2分钟`, `4分20秒`.
fn length(millis: i64, script: Script) -> String {
    let seconds = millis / 1000;
    match (seconds / 60, seconds % 60) {
        (minutes, _) if minutes < 2 => format!("{seconds}秒"),
        (minutes, 0) => format!("{minutes}{}", if script == Script::Traditional { "分鐘" } else { "分钟" }),
        (minutes, seconds) => format!("{minutes}分{seconds}秒"),
    }
}

/// The first words of a turn in quotation marks, on one line.
fn quoted(text: &str, script: Script) -> String {
    let mut words: String = text.trim().chars().take(QUOTED).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().chars().count() > QUOTED {
        words.push('…');
    }
    in_quotes(&words, script)
}

fn in_quotes(words: &str, script: Script) -> String {
    if script == Script::Traditional { format!("「{words}」") } else { format!("“{words}”") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_well() {
        assert_eq!(length(83_400, Script::Simplified), "83秒");
        assert_eq!(length(120_000, Script::Traditional), "2分鐘");
        assert_eq!(length(260_000, Script::Simplified), "4分20秒");
    }

    #[test]
    fn a_wait_does_not_read_like_the_limit_it_is_over() {
        let window = |seconds| Window { extent: Extent::Time(std::time::Duration::from_secs(seconds)), before: false };
        assert_eq!(waited_in_words(20_500, window(20), Script::Traditional), "實際超過了20秒");
        assert_eq!(waited_in_words(21_000, window(20), Script::Simplified), "实际隔了21秒");
        assert_eq!(waited_in_words(180_400, window(180), Script::Simplified), "实际超过了3分钟");
    }

    #[test]
    fn quotations_are_short_and_on_one_line() {
        assert_eq!(quoted(" 好的\u{1b}[31m\n马上 ", Script::Simplified), "“好的 [31m 马上”");
        assert_eq!(quoted(&"啊".repeat(30), Script::Traditional).chars().count(), QUOTED + 3);
    }
}
