//! Stretches of folded text, of which it is soon told whether one meets another.

use std::ops::Range;

use smallvec::SmallVec;

use super::matcher::Match;

/// Stretches in order of the text, those that touch as one; nothing is in two of them.
#[derive(Debug)]
pub(super) struct Stretches(SmallVec<[Range<usize>; 2]>);

impl Stretches {
    /// Of stretches in any order.
    pub fn of(stretches: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut all: SmallVec<[Range<usize>; 2]> = stretches.into_iter().collect();
        all.sort_unstable_by_key(|stretch| stretch.start);
        let mut united: SmallVec<[Range<usize>; 2]> = SmallVec::new();
        for stretch in all {
            match united.last_mut() {
                Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
                _ => united.push(stretch),
            }
        }
        Self(united)
    }

    /// Of what matches have written.
    pub fn written<'m>(matches: impl IntoIterator<Item = &'m Match>) -> Self {
        Self::of(matches.into_iter().flat_map(|matched| matched.written.iter().cloned()))
    }

    /// Whether one of them shares a byte with this.
    pub fn meet(&self, stretch: &Range<usize>) -> bool {
        let from = self.0.partition_point(|own| own.end <= stretch.start);
        self.0.get(from).is_some_and(|own| own.start < stretch.end)
    }

    /// Whether one of them shares a character with what a match has written.
    pub fn compete(&self, matched: &Match) -> bool {
        matched.written.iter().any(|written| self.meet(written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_touch_are_one() {
        assert_eq!(Stretches::of([9..12, 0..3, 3..6, 4..5, 20..21]).0[..], [0..6, 9..12, 20..21]);
        assert!(Stretches::of([]).0.is_empty());
    }

    #[test]
    fn what_shares_a_byte_meets() {
        let stretches = Stretches::of([0..6, 9..12]);
        let meets: Vec<usize> = (0..14).filter(|&at| stretches.meet(&(at..at + 1))).collect();
        assert_eq!(meets, [0, 1, 2, 3, 4, 5, 9, 10, 11]);
        assert!(stretches.meet(&(5..20)) && !stretches.meet(&(6..9)));
    }
}
