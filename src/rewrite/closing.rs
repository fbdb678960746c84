//! The mark at the end: behind a clause that is rewritten, it may not fit any more; nor does that which a rewrite brings fit before
//! another.

use crate::text::closes_clause;

/// The mark that should stand behind a clause that was rewritten as `rewrite`, where `behind` does, with what it takes the place of, in
/// bytes of `behind`: a question ends with ？, be it for a ！！！, and nothing else does; nor does anything go on behind 好吗. None
/// where the marks may stay.
pub(super) fn closing(behind: &str, rewrite: &str) -> Option<(usize, char)> {
    // A short one, such as 您好, may be asked as well as said.
    if rewrite.chars().count() < SENTENCE {
        return None;
    }
    let rest = behind.trim_start_matches(closes_clause);
    let marks = &behind[..behind.len() - rest.len()];
    let first = marks.chars().next()?;
    let is_question = marks.contains(['？', '?']);
    let is_of = |known: &[char]| marks.chars().all(|mark| known.contains(&mark));
    let trails_off = marks.chars().nth(1).is_some() && is_of(&['。', '.']);
    let asks = rewrite.ends_with(['吗', '嗎']);
    let wants_question =
        !trails_off && is_of(&['。', '！', '.', '!']) || is_of(&['，', ',', '、']) && TAGS.iter().any(|tag| rewrite.ends_with(tag));
    let better = if asks && wants_question {
        if first.is_ascii() { '?' } else { '？' }
    } else if is_question
        && is_of(&['？', '！', '?', '!', '。', '.'])
        && !asks
        && !rewrite.ends_with(MAY_ASK)
        && !ASKING.iter().any(|word| rewrite.contains(word))
        && !rest.starts_with(TRAILING)
    {
        '。'
    } else {
        return None;
    };
    Some((marks.len(), better))
}

/// A rewrite as it stands before `behind`: of 。 and ，, which it ends with, nothing is left before another mark, be it behind a space, or dots.
pub(super) fn before_mark<'r>(rewrite: &'r str, behind: &str) -> &'r str {
    let next = behind.trim_start_matches([' ', '\u{3000}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}']);
    let is_marked = next.starts_with(TRAILING) || next.starts_with(closes_clause);
    // Dots of its own are meant.
    if is_marked && !rewrite.ends_with("..") {
        rewrite.trim_end_matches(['。', '，', '、', '；', '：', '.', ',', ';', ':'])
    } else {
        rewrite
    }
}

/// What trails off or breaks off.
const TRAILING: [char; 5] = ['…', '⋯', '—', '―', '─'];

/// Characters of the shortest rewrite that is a sentence by itself.
const SENTENCE: usize = 5;

/// What asks whether all that stands before it is agreed to.
const TAGS: [&str; 6] = ["好吗", "好嗎", "可以吗", "可以嗎", "行吗", "行嗎"];

/// Particles that a question may end with as well as a statement.
const MAY_ASK: [char; 9] = ['么', '麼', '嘛', '呢', '吧', '不', '没', '沒', '否'];

/// Words of questions that do without 吗.
const ASKING: [&str; 17] =
    ["请问", "請問", "什么", "什麼", "甚麼", "哪", "谁", "誰", "怎么", "怎麼", "多少", "几", "幾", "如何", "是否", "贵姓", "貴姓"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_end_as_questions() {
        let better = |behind, rewrite| closing(behind, rewrite).map(|(_, better)| better);
        assert_eq!(better("。", "麻烦您提供一下地址,好吗"), Some('？'));
        assert_eq!(better("!", "您還有其他事嗎"), Some('?'));
        assert_eq!(better("？", "您先别着急,我正在为您处理"), Some('。'));
        assert_eq!(better("？", "请问怎么称呼您"), None);
        assert_eq!(better("，谢谢", "您还有其他事吗"), None);
        assert_eq!(better("，谢谢", "麻烦您提供一下地址,好吗"), Some('？'));
        assert_eq!(better(",", "請您再說一遍,好嗎"), Some('?'));
        assert_eq!(better("，", "好吗"), None);
        assert_eq!(better("？", "您好"), None);
        assert_eq!(better("？", "后天上门可以么"), None);
    }

    #[test]
    fn marks_in_a_row_are_one() {
        let asked = "请您再说一遍,好吗";
        assert_eq!(closing("！！！好的", asked), Some(("！！！".len(), '？')));
        assert_eq!(closing("，，", asked), Some(("，，".len(), '？')));
        assert_eq!(closing("、好的", asked), Some(("、".len(), '？')));
        assert_eq!(closing("。……", asked), Some(("。".len(), '？')));
        assert_eq!(closing("？！", "请您稍等一会儿"), Some(("？！".len(), '。')));
        for (behind, rewrite) in [
            ("。。。", asked),
            ("...", asked),
            ("？！", asked),
            ("～", asked),
            ("……", asked),
            ("！！！", "请您稍等一会儿"),
            ("？……", "请您稍等一会儿"),
            ("", asked),
        ] {
            assert_eq!(closing(behind, rewrite), None, "{behind}");
        }
    }

    #[test]
    fn a_rewrite_brings_no_mark_before_another() {
        for behind in ["……", "——好的", " ，好的", "\u{200b}。", "～", "！"] {
            assert_eq!(before_mark("这是我们需要的。", behind), "这是我们需要的", "{behind}");
        }
        assert_eq!(before_mark("这是我们需要的。", "好的"), "这是我们需要的。");
        assert_eq!(before_mark("您贵姓？", "……"), "您贵姓？");
        assert_eq!(before_mark("稍等...", "……"), "稍等...");
    }
}
