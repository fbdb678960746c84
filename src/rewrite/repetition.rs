//! What a rewrite must not bring about: the same words twice, where the turn says already what the rewrite says.

use std::collections::HashSet;
use std::ops::Range;

use crate::text::{BREAK, Folded};

/// The longest words that are looked for side by side, in characters.
const LONGEST: usize = 8;

/// How often a text says something again: a whole clause, as in 您好，在的，您好, or words in a row, as in 您好您好 or 您您.
pub(super) fn repetitions(folded: &Folded) -> usize {
    let clauses: Vec<Vec<char>> = folded.as_str().split(BREAK).map(|clause| clause.chars().collect()).collect();
    let mut said = HashSet::new();
    let again = clauses.iter().filter(|clause| clause.len() > 1 && !said.insert(clause.as_slice())).count();
    again + clauses.iter().map(|clause| words_twice(clause)).sum::<usize>()
}

/// The words that a rewrite replaces, with those beside them that say the same as the rewrite: 亲，您好 as 您好, and 您 behind
/// 辛苦您.
pub(super) fn absorbed(text: &str, words: Range<usize>, rewrite: &str) -> Range<usize> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '，' | ',' | '。' | '.' | '！' | '!' | '~' | '～' | '、');
    let said = rewrite.trim_end_matches(is_mark);
    let (before, behind) = (&text[..words.start], &text[words.end..]);
    let mut absorbed = words.clone();
    if !said.is_empty() && said.chars().count() <= LONGEST {
        let ends_clause = |rest: &str| rest.chars().next().is_none_or(is_mark);
        if behind.trim_start_matches(is_mark).strip_prefix(said).is_some_and(ends_clause) {
            absorbed.end = text.len() - behind.trim_start_matches(is_mark).len() + said.len();
        } else if let Some(earlier) = before.trim_end_matches(is_mark).strip_suffix(said)
            && earlier.chars().next_back().is_none_or(is_mark)
        {
            absorbed.start = earlier.len();
        }
    }
    if absorbed == words && rewrite.ends_with('您') && behind.starts_with('您') {
        absorbed.end += '您'.len_utf8();
    }
    absorbed
}

fn words_twice(clause: &[char]) -> usize {
    let is_twice = |start: usize, length: usize| {
        let (Some(first), Some(second)) = (clause.get(start..start + length), clause.get(start + length..start + 2 * length)) else {
            return false;
        };
        // 看看 and 谢谢 are one word.
        first == second && (length > 1 || first == ['您']) && first.iter().all(|c| !c.is_ascii() && c.is_alphanumeric())
    };
    (0..clause.len()).map(|start| (1..=LONGEST).filter(|&length| is_twice(start, length)).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Spacing;

    #[test]
    fn what_is_said_beside_is_not_said_again() {
        let rewritten = |text: &str, words: &str, rewrite: &str| {
            let start = text.find(words).unwrap();
            let span = absorbed(text, start..start + words.len(), rewrite);
            format!("{}{rewrite}{}", &text[..span.start], &text[span.end..])
        };
        assert_eq!(rewritten("亲，您好，在的", "亲", "您好"), "您好，在的");
        assert_eq!(rewritten("您好 亲亲，请问", "亲亲", "您好"), "您好，请问");
        assert_eq!(rewritten("辛苦亲亲您稍等", "辛苦亲亲", "辛苦您"), "辛苦您稍等");
        assert_eq!(rewritten("亲，您好像没收到", "亲", "您好"), "您好，您好像没收到");
        assert_eq!(rewritten("亲，在的", "亲", "您好"), "您好，在的");
    }

    #[test]
    fn what_is_said_twice_is_counted() {
        for (text, count) in [
            ("您好，您好，在的", 1),
            ("您好，在的，您好", 1),
            ("您好您好", 1),
            ("請您您稍等", 1),
            ("谢谢，看看", 0),
            ("满100减100", 0),
            ("您好，您好像没收到", 0),
        ] {
            assert_eq!(repetitions(&Folded::new(text, Spacing::Breaks)), count, "{text}");
        }
    }
}
