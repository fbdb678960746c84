//! Which of several matches stands where they compete for the same words.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::matcher::Match;

/// Keeps of matches that share a written character the one with more written characters, then the longer span, then that of a
/// user's row, then the earlier row; but what a user's row finds is not hidden by a built-in one. `row` says of a match whether its
/// row is built in, and where it stands among the rows; the result is in order of the text.
///
/// Of matches of one rule, of which `is_one` tells, that lie within each other and not in what the outer one captures, the first of
/// these stands: it is one thing that is wrong.
pub(super) fn settle<T>(
    mut found: Vec<T>,
    matched: impl Fn(&T) -> &Match,
    row: impl Fn(&T) -> (bool, usize),
    is_one: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
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
    // The outer one first, where one begins.
    kept.sort_by_key(|kept| (matched(kept).span.start, Reverse(matched(kept).span.end), Reverse(matched(kept).weight())));
    let is_within = |inner: &Range<usize>, outer: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
    let says_again = |outer: &T, inner: &T| {
        let (outer_match, inner_match) = (matched(outer), matched(inner));
        let is_captured = || outer_match.captures.iter().any(|(_, capture)| is_within(&inner_match.span, capture));
        is_within(&inner_match.span, &outer_match.span) && !is_captured() && is_one(outer, inner)
    };
    // Those that reach as far as the next one begins, so that each is compared with few.
    let mut open: Vec<usize> = Vec::new();
    let mut stands = Vec::with_capacity(kept.len());
    for (index, candidate) in kept.iter().enumerate() {
        open.retain(|&other| matched(&kept[other]).span.end > matched(candidate).span.start);
        let is_new = !open.iter().any(|&other| says_again(&kept[other], candidate));
        stands.push(is_new);
        if is_new {
            open.push(index);
        }
    }
    let mut stands = stands.into_iter();
    kept.retain(|_| stands.next() == Some(true));
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
        let kept = settle(found, |(_, matched)| matched, |(row, _)| (true, *row), |_, _| false);
        assert_eq!(kept.iter().map(|(row, matched)| (*row, matched.span.start)).collect::<Vec<_>>(), [(1, 0), (0, 12)]);
    }

    #[test]
    fn one_rule_tells_a_thing_once() {
        let matched = |span: Range<usize>, written: Range<usize>| Match { span, ..Match::whole(written) };
        let captured = Match { captures: vec![("what".into(), 9..18)], ..matched(0..18, 0..9) };
        let kept = |found: Vec<Match>| {
            let found = found.into_iter().enumerate().collect();
            let kept = settle(found, |(_, matched)| matched, |(row, _)| (true, *row), |_, _| true);
            kept.into_iter().map(|(row, _)| row).collect::<Vec<_>>()
        };
        // 那没办法啊系统就是这样规定的 by its first words, and by its last.
        assert_eq!(kept(vec![matched(0..18, 0..6), matched(0..18, 9..18)]), [1]);
        assert_eq!(kept(vec![matched(0..18, 0..6), matched(9..12, 9..12)]), [0]);
        assert_eq!(kept(vec![captured, matched(9..12, 9..12)]), [0, 1]);
        assert_eq!(kept(vec![matched(0..9, 0..9), matched(9..12, 9..12)]), [0, 1]);
    }

    #[test]
    fn what_a_user_looks_for_is_found() {
        let found = |rows: [(usize, usize); 2]| rows.into_iter().map(|(row, to)| (row, Match::whole(0..to))).collect::<Vec<_>>();
        // Row 0 is built in, row 1 the user's.
        let kept = |found: Vec<(usize, Match)>| {
            let kept = settle(found, |(_, matched)| matched, |(row, _)| (*row == 0, *row), |_, _| false);
            kept.into_iter().map(|(row, _)| row).collect::<Vec<_>>()
        };
        assert_eq!(kept(found([(0, 9), (1, 9)])), [1]);
        assert_eq!(kept(found([(0, 6), (1, 9)])), [1]);
        assert_eq!(kept(found([(0, 9), (1, 6)])), [1, 0]);
        assert_eq!(kept(found([(1, 9), (1, 6)])), [1]);
    }
}
