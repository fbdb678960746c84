//! Full-width or half-width marks: a rewrite takes the kind that its text is written with.
//!
//! Packs write `,` and `?` whatever the text; 您好！对不起,我没听清楚。 is not how people write.

/// The kind of `，。？！；：` that a text uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// `，？`
    Full,
    /// `,?`
    Half,
}

/// The marks of both kinds, side by side.
const PAIRS: [(char, char); 5] = [(',', '，'), ('?', '？'), ('!', '！'), (';', '；'), (':', '：')];

impl Marks {
    /// What most marks of the texts are; none where there are as many of both, or none.
    pub(super) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        let (mut full, mut half) = (0usize, 0usize);
        for text in texts {
            full += text.matches(|c| c == '。' || PAIRS.iter().any(|&(_, mark)| mark == c)).count();
            half += half_marks(text).count();
        }
        match full.cmp(&half) {
            std::cmp::Ordering::Greater => Some(Self::Full),
            std::cmp::Ordering::Less => Some(Self::Half),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Wording of a pack with marks of this kind.
    pub(super) fn write(self, wording: &str) -> String {
        if self == Self::Half {
            return wording.to_owned();
        }
        let mut written = String::with_capacity(wording.len() + 8);
        let mut from = 0;
        for (at, full) in half_marks(wording) {
            written.push_str(&wording[from..at]);
            written.push(full);
            from = at + 1;
        }
        written + &wording[from..]
    }
}

/// The mark that should stand behind a clause that was rewritten as `rewrite`, where `mark` does: a question ends with ？, and
/// nothing else does. None where the mark may stay.
pub(super) fn closing(mark: char, rewrite: &str) -> Option<char> {
    // A short one, such as 您好, may be asked as well as said.
    if rewrite.chars().count() < SENTENCE {
        return None;
    }
    let asks = rewrite.ends_with(['吗', '嗎']);
    match mark {
        '。' | '！' if asks => Some('？'),
        '.' | '!' if asks => Some('?'),
        '？' | '?' if !asks && !rewrite.ends_with(MAY_ASK) && !ASKING.iter().any(|word| rewrite.contains(word)) => Some('。'),
        _ => None,
    }
}

/// Characters of the shortest rewrite that is a sentence by itself.
const SENTENCE: usize = 5;

/// Particles that a question may end with as well as a statement.
const MAY_ASK: [char; 9] = ['么', '麼', '嘛', '呢', '吧', '不', '没', '沒', '否'];

/// Words of questions that do without 吗.
const ASKING: [&str; 17] =
    ["请问", "請問", "什么", "什麼", "甚麼", "哪", "谁", "誰", "怎么", "怎麼", "多少", "几", "幾", "如何", "是否", "贵姓", "貴姓"];

/// The half-width marks behind Chinese, with the full-width form of each; a mark before a digit or a letter may be part of a
/// number, a time or an address.
fn half_marks(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().filter_map(|(at, c)| {
        let full = PAIRS.iter().find(|&&(half, _)| half == c)?.1;
        let is_behind = text[..at].chars().next_back().is_some_and(|before| !before.is_ascii());
        let is_before = text[at + 1..].starts_with(|after: char| after.is_ascii_alphanumeric());
        (is_behind && !is_before).then_some((at, full))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_marks_decide() {
        assert_eq!(Marks::of(["您好，在的。"]), Some(Marks::Full));
        assert_eq!(Marks::of(["您好,在吗?"]), Some(Marks::Half));
        assert_eq!(Marks::of(["您好 10:30"]), None);
        assert_eq!(Marks::of(["您好！", "在的,"]), None);
    }

    #[test]
    fn questions_end_as_questions() {
        assert_eq!(closing('。', "麻烦您提供一下地址,好吗"), Some('？'));
        assert_eq!(closing('!', "您還有其他事嗎"), Some('?'));
        assert_eq!(closing('？', "您先别着急,我正在为您处理"), Some('。'));
        assert_eq!(closing('？', "请问怎么称呼您"), None);
        assert_eq!(closing('，', "您还有其他事吗"), None);
        assert_eq!(closing('？', "您好"), None);
        assert_eq!(closing('？', "后天上门可以么"), None);
    }

    #[test]
    fn marks_of_chinese_widen_and_no_others() {
        assert_eq!(Marks::Full.write("对不起,请您10:30再来,好吗?"), "对不起，请您10:30再来，好吗？");
        assert_eq!(Marks::Full.write("好,1,299元 a,b:c"), "好,1,299元 a,b:c");
        assert_eq!(Marks::Half.write("好,的"), "好,的");
    }
}
