//! The sentence around the marked words: enough to judge a violation without the transcript.

use std::ops::Range;

/// Characters kept on either side of the words; a turn can be a whole page.
const REACH: usize = 60;
/// Characters on either side in which the sentence's ends are looked for; more than are kept, for spaces at its ends are not.
const FAR: usize = 4 * REACH;

/// A sentence of a turn, and where the words stand in it.
pub(super) struct Sentence {
    /// The sentence; `…` stands where it was cut.
    pub(super) text: String,
    /// The words, in bytes of the sentence.
    pub(super) mark: Option<Range<usize>>,
}

impl Sentence {
    /// Cuts from `turn` the sentence that holds `span`; without a span, the beginning of the turn.
    ///
    /// A sentence ends at 。！？!? or a line end.
    pub(super) fn around(turn: &str, span: Option<Range<usize>>) -> Self {
        let Some(words) = span.clone().and_then(|span| turn.get(span)) else {
            let turn = turn.trim();
            let kept = keep_start(turn, 2 * REACH);
            return Self { text: if kept.len() < turn.len() { format!("{kept}…") } else { kept.to_owned() }, mark: None };
        };
        let Range { start, end } = span.unwrap_or_default();
        // No farther than what may be kept: a turn can be a whole file.
        let near = keep_end(&turn[..start], FAR);
        let near_start = near.rfind(ends_sentence).map_or(0, |at| at + near[at..].chars().next().map_or(1, char::len_utf8));
        let sentence_start = start - near.len() + near_start;
        let rest = keep_start(&turn[end..], FAR);
        // Where the words bring their own mark, what follows is another sentence.
        let sentence_end = match rest.find(ends_sentence) {
            _ if words.ends_with(ends_sentence) && !rest.starts_with(ends_sentence) => end,
            Some(at) => end + at + rest[at..].find(|c| !ends_sentence(c)).unwrap_or(rest.len() - at),
            None => end + rest.len(),
        };
        let before = turn[sentence_start..start].trim_start();
        let after = turn[end..sentence_end].trim_end();
        let (kept_before, kept_after) = (keep_end(before, REACH), keep_start(after, REACH));
        let mut text = String::new();
        if kept_before.len() < before.len() {
            text.push('…');
        }
        text.push_str(kept_before);
        let mark = text.len()..text.len() + words.len();
        text.push_str(words);
        text.push_str(kept_after);
        if kept_after.len() < after.len() {
            text.push('…');
        }
        Self { text, mark: Some(mark) }
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | '\r')
}

fn keep_start(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(at, _)| &text[..at])
}

fn keep_end(text: &str, characters: usize) -> &str {
    match characters.checked_sub(1) {
        Some(last) => text.char_indices().rev().nth(last).map_or(text, |(at, _)| &text[at..]),
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(turn: &str, words: &str) -> (String, String) {
        let start = turn.find(words).unwrap_or(0);
        let sentence = Sentence::around(turn, Some(start..start + words.len()));
        let marked = sentence.mark.map(|mark| sentence.text[mark].to_owned()).unwrap_or_default();
        (sentence.text, marked)
    }

    #[test]
    fn a_sentence_ends_at_its_mark_or_a_line_end() {
        let turn = "您好！ 请问你叫什么名字？?\n方便登记一下。谢谢";
        assert_eq!(around(turn, "你"), ("请问你叫什么名字？?".into(), "你".into()));
        assert_eq!(around(turn, "登记"), ("方便登记一下。".into(), "登记".into()));
        assert_eq!(around(turn, "谢谢"), ("谢谢".into(), "谢谢".into()));
        assert_eq!(around(turn, "您好！"), ("您好！".into(), "您好！".into()));
    }

    #[test]
    fn long_sentences_are_cut_around_the_words() {
        let turn = format!("{}你{}", "早".repeat(500), "晚".repeat(500));
        let (sentence, marked) = around(&turn, "你");
        assert_eq!(sentence, format!("…{}你{}…", "早".repeat(60), "晚".repeat(60)));
        assert_eq!(marked, "你");
    }

    #[test]
    fn a_span_that_does_not_fit_its_turn_marks_nothing() {
        for span in [0..99, 1..3] {
            let sentence = Sentence::around("您好", Some(span));
            assert_eq!((sentence.text.as_str(), sentence.mark), ("您好", None));
        }
    }
}
