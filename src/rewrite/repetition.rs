//! What a rewrite must not bring about: the same words twice, where the turn says already what the rewrite says.

use crate::text::{BREAK, Folded, Spacing};

/// The longest words that are looked for side by side, in characters.
const LONGEST: usize = 8;

/// How often a text says something twice in a row: 您好，您好 or 您好您好 or 您您.
pub(super) fn repetitions(text: &str, spacing: Spacing) -> usize {
    let folded = Folded::new(text, spacing);
    let clauses: Vec<Vec<char>> = folded.as_str().split(BREAK).map(|clause| clause.chars().collect()).collect();
    let clauses_twice = clauses.windows(2).filter(|two| two[0].len() > 1 && two[0] == two[1]).count();
    clauses_twice + clauses.iter().map(|clause| words_twice(clause)).sum::<usize>()
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

    #[test]
    fn what_is_said_twice_is_counted() {
        for (text, count) in
            [("您好，您好，在的", 1), ("您好您好", 1), ("請您您稍等", 1), ("谢谢，看看", 0), ("满100减100", 0), ("您好，您好像没收到", 0)]
        {
            assert_eq!(repetitions(text, Spacing::Breaks), count, "{text}");
        }
    }
}
