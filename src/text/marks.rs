//! Full-width or half-width marks: a rewrite takes the kind that the text around it is written with.
//!
//! Packs write `,` and `?` whatever the text; 您好！对不起,我没听清楚。 is not how people write.

/// The kind of `，。？！；：` that a text uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// `，？`
    Full,
    /// `,?`
    Half,
}

/// The marks of both kinds, side by side.
const PAIRS: [(char, char); 5] = [(',', '，'), ('?', '？'), ('!', '！'), (';', '；'), (':', '：')];

/// Whether a mark closes a sentence or a clause, as brackets, quotes and emoji do not.
pub fn closes_clause(c: char) -> bool {
    matches!(c, '。' | '，' | '！' | '？' | '、' | '；' | '：' | '.' | ',' | '!' | '?' | ';' | ':' | '~' | '～')
}

impl Marks {
    /// What most marks of the texts are; none where there are as many of both, or none.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Self> {
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

    /// Whether wording reads otherwise with one kind of marks than with the other.
    pub fn matter(wording: &str) -> bool {
        half_marks(wording).next().is_some()
    }

    /// Wording of a pack with marks of this kind.
    pub fn write(self, wording: String) -> String {
        if self == Self::Half || !Self::matter(&wording) {
            return wording;
        }
        let mut written = String::with_capacity(wording.len() + 8);
        let mut from = 0;
        for (at, full) in half_marks(&wording) {
            written.push_str(&wording[from..at]);
            written.push(full);
            from = at + 1;
        }
        written + &wording[from..]
    }
}

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
    fn marks_of_chinese_widen_and_no_others() {
        assert_eq!(Marks::Full.write("对不起,请您10:30再来,好吗?".into()), "对不起，请您10:30再来，好吗？");
        assert_eq!(Marks::Full.write("好,1,299元 a,b:c".into()), "好,1,299元 a,b:c");
        assert_eq!(Marks::Half.write("好,的".into()), "好,的");
    }
}
