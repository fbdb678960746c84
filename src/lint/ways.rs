//! Where a program may go on from a branch, by the character that comes next: of a hundred alternatives nearly always one or
//! none begins with it.

use std::rc::Rc;

/// What may stand first in a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Firsts {
    /// Any character, or none.
    Any,
    /// One of these, ascending.
    Of(Rc<[char]>),
}

impl Firsts {
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

/// The characters of [`Firsts`], for a quick look: a no is never wrong.
#[derive(Debug)]
pub(super) struct Mask([u64; 8]);

impl Mask {
    /// Of what may stand first.
    pub fn new(firsts: &Firsts) -> Self {
        let Firsts::Of(characters) = firsts else { return Self([u64::MAX; 8]) };
        let mut bits = [0; 8];
        for &c in characters.iter() {
            let place = hash(c) % 512;
            bits[place / 64] |= 1 << (place % 64);
        }
        Self(bits)
    }

    /// Whether a character may be among them.
    #[inline]
    pub fn may_hold(&self, c: char) -> bool {
        let place = hash(c) % 512;
        self.0[place / 64] & 1 << (place % 64) != 0
    }

    /// The same for what comes next; that nothing does is among any.
    #[inline]
    pub fn may_begin(&self, next: Option<char>) -> bool {
        next.map_or_else(|| self.0 == [u64::MAX; 8], |c| self.may_hold(c))
    }
}

/// The ways on from a branch, in order of preference.
#[derive(Debug)]
pub(super) struct Ways {
    /// Where the ways of each bucket start, and at last where they end.
    buckets: Box<[u32]>,
    /// By the bucket of the character, then by preference. A way for any character is in every bucket.
    filed: Box<[Way]>,
}

#[derive(Debug, Clone, Copy)]
struct Way {
    /// The character, or [`ANY`].
    first: u32,
    target: u32,
}

const ANY: u32 = u32::MAX;

impl Ways {
    /// Ways to these instructions, whatever comes.
    pub fn new(targets: &[usize]) -> Self {
        let filed: Box<[Way]> = targets.iter().map(|&target| Way { first: ANY, target: target as u32 }).collect();
        Self { buckets: [0, filed.len() as u32].into(), filed }
    }

    /// The instructions that they lead to, where they are not yet filed.
    pub fn targets(&self) -> impl Iterator<Item = usize> {
        self.filed.iter().map(|way| way.target as usize)
    }

    /// Files them under what stands first from each instruction on.
    pub fn file(&mut self, firsts: &[Firsts]) {
        let count: usize =
            self.targets().map(|target| if let Firsts::Of(characters) = &firsts[target] { characters.len() } else { 1 }).sum();
        let mask = count.next_power_of_two() - 1;
        let mut filed: Vec<(usize, Way)> = Vec::with_capacity(count);
        for target in self.targets() {
            let way = |first| Way { first, target: target as u32 };
            match &firsts[target] {
                Firsts::Any => filed.extend((0..=mask).map(|bucket| (bucket, way(ANY)))),
                Firsts::Of(characters) => filed.extend(characters.iter().map(|&c| (hash(c) & mask, way(c.into())))),
            }
        }
        // Within a bucket the order stays.
        filed.sort_by_key(|(bucket, _)| *bucket);
        self.buckets = (0..=mask + 1).map(|bucket| filed.partition_point(|(other, _)| *other < bucket) as u32).collect();
        self.filed = filed.into_iter().map(|(_, way)| way).collect();
    }

    /// The ways that are open where a character comes next, or none does.
    #[inline]
    pub fn open(&self, next: Option<char>) -> impl DoubleEndedIterator<Item = usize> {
        let (first, bucket) = next.map_or((ANY, 0), |c| (c.into(), hash(c) & (self.buckets.len() - 2)));
        let filed = &self.filed[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        filed.iter().filter(move |way| way.first == first || way.first == ANY).map(|way| way.target as usize)
    }
}

#[inline]
fn hash(c: char) -> usize {
    ((c as u32).wrapping_mul(0x9E37_79B1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_open_by_the_next_character_in_order() {
        let mut ways = Ways::new(&[0, 1, 2, 3]);
        let open = |ways: &Ways, next| ways.open(next).collect::<Vec<_>>();
        assert_eq!(open(&ways, Some('你')), [0, 1, 2, 3]);
        ways.file(&[Firsts::of("你您".chars()), Firsts::Any, Firsts::of("您们".chars()), Firsts::of([])]);
        assert_eq!(open(&ways, Some('你')), [0, 1]);
        assert_eq!(open(&ways, Some('您')), [0, 1, 2]);
        assert_eq!(open(&ways, Some('们')), [1, 2]);
        assert_eq!(open(&ways, Some('好')), [1]);
        assert_eq!(open(&ways, None), [1]);
        assert_eq!(ways.open(Some('您')).rev().collect::<Vec<_>>(), [2, 1, 0]);
    }

    #[test]
    fn every_first_character_is_in_the_mask() {
        let characters = || ('一'..'龥').step_by(7).take(60);
        let mask = Mask::new(&Firsts::of(characters()));
        assert!(characters().all(|c| mask.may_hold(c)));
        assert!(('a'..='z').filter(|&c| mask.may_hold(c)).count() < 13);
        assert!(Mask::new(&Firsts::Any).may_hold('好'));
        assert_eq!(Firsts::of_any([Firsts::of("乙".chars()), Firsts::of("甲乙".chars())].iter()), Firsts::of("甲乙".chars()));
        assert_eq!(Firsts::of_any([Firsts::Any, Firsts::of([])].iter()), Firsts::Any);
    }
}
