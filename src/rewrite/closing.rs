//! The mark at the end: behind a clause that is rewritten, it may not fit any more.

/// The mark that should stand behind a clause that was rewritten as `rewrite`, where `mark` does: a question ends with ？, and
/// nothing else does; nor does anything go on behind 好吗. None where the mark may stay.
pub(super) fn closing(mark: char, rewrite: &str) -> Option<char> {
    // A short one, such as 您好, may be asked as well as said.
    if rewrite.chars().count() < SENTENCE {
        return None;
    }
    let asks = rewrite.ends_with(['吗', '嗎']);
    match mark {
        '。' | '！' if asks => Some('？'),
        '.' | '!' if asks => Some('?'),
        '，' if TAGS.iter().any(|tag| rewrite.ends_with(tag)) => Some('？'),
        ',' if TAGS.iter().any(|tag| rewrite.ends_with(tag)) => Some('?'),
        '？' | '?' if !asks && !rewrite.ends_with(MAY_ASK) && !ASKING.iter().any(|word| rewrite.contains(word)) => Some('。'),
        _ => None,
    }
}

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
        assert_eq!(closing('。', "麻烦您提供一下地址,好吗"), Some('？'));
        assert_eq!(closing('!', "您還有其他事嗎"), Some('?'));
        assert_eq!(closing('？', "您先别着急,我正在为您处理"), Some('。'));
        assert_eq!(closing('？', "请问怎么称呼您"), None);
        assert_eq!(closing('，', "您还有其他事吗"), None);
        assert_eq!(closing('，', "麻烦您提供一下地址,好吗"), Some('？'));
        assert_eq!(closing(',', "請您再說一遍,好嗎"), Some('?'));
        assert_eq!(closing('，', "好吗"), None);
        assert_eq!(closing('？', "您好"), None);
        assert_eq!(closing('？', "后天上门可以么"), None);
    }
}
