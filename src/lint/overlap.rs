//! Which of several matches stands where they compete for the same words.

use std::collections::BTreeMap;
use std::ops::Range;

use super::matcher::Match;

/// Keeps of matches that share a written character the one with more written characters, then the longer span, then that of a
/// user's row, then the earlier row; but what a user's row finds is not hidden by a built-in one. `row` says of a match whether its
/// row is built in, and where it stands among the rows; the result is in order of the text.
pub(super) fn settle<T>(mut found: Vec<T>, matched: impl Fn(&T) -> &Match, row: impl Fn(&T) -> (bool, usize)) -> Vec<T> {
    found.sort_by(|one, other| {
        let (first, second) = (matched(one), matched(other));
        (second.weight(), second.span.len(), row(one)).cmp(&(first.weight(), first.span.len(), row(other)))
    });
    // What those that stand have written, by its start, the user's apart: nothing of it overlaps, so that the one before tells.
    let mut taken: [BTreeMap<usize, usize>; 2] = Default::default();
    let mut kept = found;
    kept.retain(|candidate| {
        let written = &matched(candidate).written;
        let is_builtin = row(candidate).0;
        let is_taken = |by: &BTreeMap<usize, usize>, written: &Range<usize>| {
            by.range(..written.end).next_back().is_some_and(|(_, &other)| other > written.start)
        };
        let rivals = if is_builtin { &taken[..] } else { &taken[..1] };
        let is_free = !written.iter().any(|written| rivals.iter().any(|by| is_taken(by, written)));
        if is_free {
            taken[usize::from(is_builtin)].extend(written.iter().map(|written| (written.start, written.end)));
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
        let kept = settle(found, |(_, matched)| matched, |(row, _)| (true, *row));
        assert_eq!(kept.iter().map(|(row, matched)| (*row, matched.span.start)).collect::<Vec<_>>(), [(1, 0), (0, 12)]);
    }

    #[test]
    fn what_a_user_looks_for_is_found() {
        let found = |rows: [(usize, usize); 2]| rows.into_iter().map(|(row, to)| (row, Match::whole(0..to))).collect::<Vec<_>>();
        // Row 0 is built in, row 1 the user's.
        let kept = |found: Vec<(usize, Match)>| {
            let kept = settle(found, |(_, matched)| matched, |(row, _)| (*row == 0, *row));
            kept.into_iter().map(|(row, _)| row).collect::<Vec<_>>()
        };
        assert_eq!(kept(found([(0, 9), (1, 9)])), [1]);
        assert_eq!(kept(found([(0, 6), (1, 9)])), [1]);
        assert_eq!(kept(found([(0, 9), (1, 6)])), [1, 0]);
        assert_eq!(kept(found([(1, 9), (1, 6)])), [1]);
    }
}
