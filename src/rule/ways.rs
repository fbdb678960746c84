//! Where a program may go on from a branch, by the character that comes next: of a hundred alternatives nearly always one or
//! none begins with it.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::text::Mask;

/// What may stand first in a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Firsts {
    /// Any character, or none.
    Any,
    /// One of these, ascending.
    Of(Rc<[char]>),
}

impl Firsts {
    /// The same for a quick look.
    pub fn mask(&self) -> Mask {
        match self {
            Self::Any => Mask::ANY,
            Self::Of(characters) => Mask::of(characters.iter().copied()),
        }
    }

    /// One of these characters.
    pub fn of(characters: impl IntoIterator<Item = char>) -> Self {
        let mut characters: Vec<char> = characters.into_iter().collect();
        characters.sort_unstable();
        characters.dedup();
        Self::Of(characters.into())
    }

    /// What stands first in any of several.
    pub fn of_any<'f>(several: impl Iterator<Item = &'f Self>) -> Self {
        let mut all = Vec::new();
        for firsts in several {
            match firsts {
                Self::Any => return Self::Any,
                Self::Of(characters) => all.extend_from_slice(characters),
            }
        }
        Self::of(all)
    }
}

/// The ways on from all branches of a program.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Ways {
    /// For every bucket of every branch, where its ways start; each branch has one more, where its last bucket ends.
    buckets: Vec<u32>,
    /// By branch, then by the bucket of the first character, then by preference. What may begin with any character is in every
    /// bucket.
    filed: Vec<Filed>,
}

/// One branch: where its buckets stand.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Branch {
    first: u32,
    /// The number of buckets, a power of two, less one.
    mask: u32,
}

impl Branch {
    /// One by its number, of which the ways are yet to be filed.
    pub(super) fn to_file(number: usize) -> Self {
        Self { first: number as u32, mask: 0 }
    }

    /// Its number, as long as its ways are to be filed.
    pub(super) fn number(self) -> usize {
        self.first as usize
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Filed {
    /// The character, or [`ANY`].
    first: u32,
    /// The instruction to which the way leads.
    target: u32,
}

const ANY: u32 = u32::MAX;

impl Ways {
    /// Files the ways on from a branch, which lead to these instructions, by preference, each under what may stand first in it.
    pub(super) fn file<'f>(&mut self, ways: impl Iterator<Item = (u32, &'f Firsts)> + Clone) -> Branch {
        let count = |firsts: &Firsts| match firsts {
            Firsts::Any => 1,
            Firsts::Of(characters) => characters.len(),
        };
        let count: usize = ways.clone().map(|(_, firsts)| count(firsts)).sum();
        let mask = count.next_power_of_two() - 1;
        let mut filed: Vec<(usize, Filed)> = Vec::with_capacity(count);
        for (target, firsts) in ways {
            match firsts {
                Firsts::Any => filed.extend((0..=mask).map(|bucket| (bucket, Filed { first: ANY, target }))),
                Firsts::Of(characters) => filed.extend(characters.iter().map(|&c| (hash(c) & mask, Filed { first: c.into(), target }))),
            }
        }
        // Within a bucket the order stays.
        filed.sort_by_key(|(bucket, _)| *bucket);
        let branch = Branch { first: self.buckets.len() as u32, mask: mask as u32 };
        let before = self.filed.len();
        let start = |bucket: usize| (before + filed.partition_point(|(other, _)| *other < bucket)) as u32;
        self.buckets.extend((0..=mask + 1).map(start));
        self.filed.extend(filed.into_iter().map(|(_, way)| way));
        branch
    }

    /// The instructions to which the ways lead that a character leaves open, or that nothing comes next.
    #[inline]
    pub fn open(&self, branch: Branch, next: Option<char>) -> impl DoubleEndedIterator<Item = usize> {
        let (first, bucket) = next.map_or((ANY, 0), |c| (c.into(), hash(c) & branch.mask as usize));
        let bucket = branch.first as usize + bucket;
        let filed = &self.filed[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        filed.iter().filter(move |filed| filed.first == first || filed.first == ANY).map(|filed| filed.target as usize)
    }
}

/// A character's hash, of which the lower bits are well mixed.
#[inline]
pub(super) fn hash(c: char) -> usize {
    ((c as u32).wrapping_mul(0x9E37_79B1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_open_by_the_next_character_in_order() {
        let firsts = [Firsts::of("你您".chars()), Firsts::Any, Firsts::of("您们".chars()), Firsts::of([])];
        let mut ways = Ways::default();
        let other = ways.file([(9, &Firsts::of(['好']))].into_iter());
        let branch = ways.file((0..).zip(&firsts));
        let open = |next| ways.open(branch, next).collect::<Vec<_>>();
        assert_eq!(open(Some('你')), [0, 1]);
        assert_eq!(open(Some('您')), [0, 1, 2]);
        assert_eq!(open(Some('们')), [1, 2]);
        assert_eq!(open(Some('好')), [1]);
        assert_eq!(open(None), [1]);
        assert_eq!(ways.open(branch, Some('您')).rev().collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(ways.open(other, Some('好')).count() + ways.open(other, Some('你')).count() + ways.open(other, None).count(), 1);
    }

    #[test]
    fn what_is_first_in_several_is_first_in_any() {
        let one = Firsts::of(['乙']);
        assert_eq!(Firsts::of_any([&one, &Firsts::of("甲乙".chars())].into_iter()), Firsts::of("甲乙".chars()));
        assert_eq!(Firsts::of_any([&one, &Firsts::Any].into_iter()), Firsts::Any);
    }
}
