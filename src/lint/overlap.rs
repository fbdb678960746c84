//! Which of several matches stands where they compete for the same words.

use std::collections::BTreeMap;

use super::matcher::Match;

/// Keeps of matches that share a written character the one with more written characters, then the longer span,
/// then the earlier row. `row` gives a match's place among the rows; the result is in order of the text.
pub(super) fn settle<T>(mut found: Vec<T>, matched: impl Fn(&T) -> &Match, row: impl Fn(&T) -> usize) -> Vec<T> {
    found.sort_by(|one, other| {
        let (first, second) = (matched(one), matched(other));
        (second.weight(), second.span.len(), row(one)).cmp(&(first.weight(), first.span.len(), row(other)))
    });
    // What those that stand have written, by its start: nothing of it overlaps, so that the one before tells.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut kept = found;
    kept.retain(|candidate| {
        let written = &matched(candidate).written;
        let is_taken = |start: usize, end: usize| taken.range(..end).next_back().is_some_and(|(_, &other)| other > start);
        let is_free = !written.iter().any(|written| is_taken(written.start, written.end));
        if is_free {
            taken.extend(written.iter().map(|written| (written.start, written.end)));
        }
        is_free
    });
    kept.sort_by_key(|kept| (matched(kept).span.start, matched(kept).span.end));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_written_characters_win_and_gaps_belong_to_nobody() {
        let matched = |start: usize, end: usize, written_to: usize| Match { span: start..end, ..Match::whole(start..written_to) };
        // 你必须…{what} over a later 你, and a bare 你 at both places.
        let found = vec![(0, matched(0, 3, 3)), (0, matched(12, 15, 15)), (1, matched(0, 30, 9))];
        let kept = settle(found, |(_, matched)| matched, |(row, _)| *row);
        assert_eq!(kept.iter().map(|(row, matched)| (*row, matched.span.start)).collect::<Vec<_>>(), [(1, 0), (0, 12)]);
    }
}
