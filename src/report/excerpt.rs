//! A sentence cut to a terminal's width around the words that matter. All widths are in terminal cells.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::display_width;

use super::visible::visible;

/// Cells beside the room of a line that a mark at its end may take.
pub(super) const SPARE: usize = 2;

/// What stands before and after the words; `…` where it was cut.
pub(super) struct Excerpt {
    pub(super) before: String,
    pub(super) after: String,
}

impl Excerpt {
    /// Keeps of `sentence` what fits into `room` beside the words at `mark`, as even on both sides as there is text.
    pub(super) fn new(sentence: &str, mark: &Range<usize>, room: usize) -> Self {
        let before = visible(sentence.get(..mark.start).unwrap_or_default());
        let after = visible(sentence.get(mark.end..).unwrap_or_default());
        let (left, right) = (display_width(&before), display_width(&after));
        if left + right <= room {
            return Self { before: before.into_owned(), after: after.into_owned() };
        }
        let half = room / 2;
        let left_room = if left <= half { left } else { half.max(room.saturating_sub(right)) };
        let right_room = room - left_room.min(room);
        Self { before: keep_end(&before, left_room), after: keep_start(&after, right_room) }
    }
}

/// The text, or its beginning and `…` where it is wider than `room`.
pub(super) fn keep_start(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut width = 1;
    for cluster in text.graphemes(true) {
        width += display_width(cluster);
        if width > room {
            break;
        }
        kept.push_str(cluster);
    }
    if room > 0 {
        kept.push('…');
    }
    kept
}

fn keep_end(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.to_owned();
    }
    let mut from = text.len();
    let mut width = 1;
    for (at, cluster) in text.grapheme_indices(true).rev() {
        width += display_width(cluster);
        if width > room {
            break;
        }
        from = at;
    }
    if room > 0 { format!("…{}", &text[from..]) } else { String::new() }
}

/// Where to cut `text` into lines of at most `room`, in bytes.
///
/// Chinese breaks between any two characters but before a mark, which may stand out by [`SPARE`]; other words break at
/// spaces, which are left out at the end of a line.
pub(super) fn wrap(text: &str, room: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut width) = (0, 0);
    for (at, word) in text.split_word_bound_indices() {
        let needed = display_width(word);
        let is_mark = !word.contains(|c: char| c.is_alphanumeric() || c.is_whitespace());
        if width > 0 && width + needed > room + if is_mark { SPARE } else { 0 } {
            lines.push(start..start + text[start..at].trim_end().len());
            start = if word.trim().is_empty() { at + word.len() } else { at };
            width = 0;
        }
        if at >= start {
            width += needed;
        }
    }
    lines.push(start..text.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(sentence: &str, words: &str, room: usize) -> String {
        let start = sentence.find(words).unwrap_or(0);
        let excerpt = Excerpt::new(sentence, &(start..start + words.len()), room);
        assert!(display_width(&excerpt.before) + display_width(&excerpt.after) <= room, "{}[]{}", excerpt.before, excerpt.after);
        format!("{}[]{}", excerpt.before, excerpt.after)
    }

    #[test]
    fn the_room_is_shared_and_what_one_side_leaves_the_other_takes() {
        let sentence = "一二三四五六你七八九十";
        assert_eq!(excerpt(sentence, "你", 20), "一二三四五六[]七八九十");
        assert_eq!(excerpt(sentence, "你", 12), "…五六[]七八…");
        assert_eq!(excerpt(sentence, "一", 12), "[]二三四五六…");
        assert_eq!(excerpt(sentence, "十", 12), "…六你七八九[]");
        assert_eq!(excerpt(sentence, "二", 9), "一[]三四五…");
        assert_eq!(excerpt(sentence, "你", 0), "[]");
    }

    #[test]
    fn no_character_is_cut_apart() {
        let sentence = "👨\u{200d}👩\u{200d}👧e\u{301}e\u{301}你e\u{301}👍🏽👍🏽";
        for room in 0..20 {
            let shown = excerpt(sentence, "你", room);
            assert!(!shown.contains("…\u{301}") && !shown.contains("…\u{200d}") && !shown.contains("…🏽"), "{shown}");
        }
    }

    #[test]
    fn lines_break_between_characters_but_not_before_a_mark() {
        let lines = |text: &str, room| wrap(text, room).into_iter().map(|line| text[line].to_owned()).collect::<Vec<_>>();
        assert_eq!(lines("对客户称您，不称你。", 8), ["对客户称", "您，不称", "你。"]);
        assert_eq!(lines("对客户称您。", 10), ["对客户称您。"]);
        assert_eq!(lines("ask the customer", 8), ["ask the", "customer"]);
        assert_eq!(lines("", 8), [""]);
    }
}
