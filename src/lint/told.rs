//! What the words of a stretch of folded text tell by themselves. That of a turn is, mostly, that of its clauses added up.

use std::ops::Range;

use crate::text::{BREAK, is_particle, is_word};

/// The number of an utterance that checks ask for.
pub(super) type Number = usize;

/// What a stretch tells to checks and counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Utterances that checks ask for, by their number, with their places in folded bytes from left to right.
    pub utterances: Vec<(Number, Range<usize>)>,
    /// Utterances for which anything would do, but not what is said here.
    pub refused: Vec<Number>,
    /// Where exceptions of utterances stand that signs may tell, in folded bytes.
    pub excepted: Vec<(Number, Range<usize>)>,
    /// It says that the log begins mid-way.
    pub cut_start: bool,
    /// It says that the log stops mid-way.
    pub cut_end: bool,
    /// What signs weigh, clause by clause.
    pub weights: Vec<Weight>,
    /// How often words that packs count are said: the counter, and how often.
    pub counts: Vec<(usize, u64)>,
}

/// What the signs of one word class weigh in a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weight {
    /// The pattern of the repertoire that is the class.
    pub pattern: usize,
    pub weight: i64,
    /// The folded bytes of the clause.
    pub clause: Range<usize>,
}

impl Told {
    /// Adds what a clause tells that begins at byte `at`. When all are added, [`Told::settle`] puts them in order.
    pub fn add(&mut self, clause: &Self, at: usize) {
        self.utterances.extend(clause.utterances.iter().map(|(number, span)| (*number, span.start + at..span.end + at)));
        self.refused.extend(clause.refused.iter().filter(|number| !self.refused.contains(number)).copied().collect::<Vec<_>>());
        self.excepted.extend(clause.excepted.iter().map(|(number, span)| (*number, span.start + at..span.end + at)));
        self.cut_start |= clause.cut_start;
        self.cut_end |= clause.cut_end;
        self.add_weights(clause, at);
        for (counter, count) in &clause.counts {
            match self.counts.iter_mut().find(|(known, _)| known == counter) {
                Some((_, sum)) => *sum += count,
                None => self.counts.push((*counter, *count)),
            }
        }
    }

    /// Adds what signs weigh in a clause that begins at byte `at`.
    pub fn add_weights(&mut self, clause: &Self, at: usize) {
        let shifted = |weight: &Weight| Weight { clause: weight.clause.start + at..weight.clause.end + at, ..*weight };
        self.weights.extend(clause.weights.iter().map(shifted));
    }

    /// Bytes that it takes in memory beside itself, about.
    pub fn size(&self) -> usize {
        let said = size_of_val(&*self.utterances) + size_of_val(&*self.refused) + size_of_val(&*self.excepted);
        said + size_of_val(&*self.weights) + size_of_val(&*self.counts)
    }

    /// Puts the utterances in order.
    pub fn settle(&mut self) {
        self.utterances.sort_unstable_by_key(|(number, span)| (*number, span.start, std::cmp::Reverse(span.end)));
    }
}

/// A number modulo [`Words::PRIME`]: as that is a power of 2 less 1, the bits above it count as often as those below.
fn reduced(number: u128) -> u64 {
    let prime = u128::from(Words::PRIME);
    let folded = (number & prime) + (number >> 61);
    let folded = (folded & prime) + (folded >> 61);
    u64::try_from(if folded >= prime { folded - prime } else { folded }).unwrap_or_default()
}

fn product(one: u64, other: u64) -> u128 {
    u128::from(one) * u128::from(other)
}

/// Stands for a text without its marks, emoji, final particles and 亲 at the ends of clauses: equal texts have equal numbers, and
/// others hardly ever.
///
/// A polynomial in a fixed number whose coefficients are the characters, modulo a prime, so that those of two texts give that of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Words {
    sum: u64,
    /// The fixed number to the power of how many characters there are.
    power: u64,
}

impl Default for Words {
    fn default() -> Self {
        Self { sum: 0, power: 1 }
    }
}

impl Words {
    /// A Mersenne prime, and a number below it that means nothing.
    const PRIME: u64 = (1 << 61) - 1;
    const BASE: u64 = 0x0A3C_59AC_2C3B_1D27;

    /// Of folded text.
    pub fn of(folded: &str) -> Self {
        // Whoever says 亲 says it here and there.
        let is_aside = |c: char| c == '亲' || is_particle(c);
        let clauses = folded.split(BREAK).map(|clause| clause.trim_start_matches('亲').trim_end_matches(is_aside));
        let words = clauses.flat_map(str::chars).filter(|c| is_word(*c));
        words.fold(Self::default(), |before, c| before.then(Self { sum: u64::from(u32::from(c)), power: Self::BASE }))
    }

    /// Those of both.
    pub fn then(self, next: Self) -> Self {
        Self { sum: reduced(product(self.sum, next.power) + u128::from(next.sum)), power: reduced(product(self.power, next.power)) }
    }

    /// A part of the number.
    pub fn hash(self) -> u32 {
        self.sum as u32
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Whether a clause has so many characters that it tells, where it comes again, of a repetition.
pub(super) fn is_long(clause: &str) -> bool {
    const LONG: usize = 5;
    clause.chars().filter(|c| is_word(*c)).nth(LONG - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_however_they_are_divided() {
        assert_eq!(Words::of("请稍等\n马上好"), Words::of("请稍等啊\n马上\n\n好呢"));
        assert_eq!(Words::of("请稍等\n马上").then(Words::of("好")), Words::of("请稍等马上好"));
        assert_ne!(Words::of("稍等请"), Words::of("请稍等"));
        assert_ne!(Words::of("好"), Words::of("好好"));
        assert!(Words::of("\n呢\n").is_empty() && !Words::of("好").is_empty());
    }

    #[test]
    fn clauses_add_up() {
        let clause = |utterances: &[(Number, Range<usize>)], counts: &[(usize, u64)], refused: &[Number]| Told {
            utterances: utterances.to_vec(),
            counts: counts.to_vec(),
            refused: refused.to_vec(),
            ..Told::default()
        };
        let mut told = Told::default();
        told.add(&clause(&[(1, 0..3), (4, 3..6)], &[(0, 1)], &[7]), 0);
        told.add(&clause(&[(1, 0..6), (1, 0..3)], &[(0, 2), (2, 1)], &[7, 9]), 10);
        told.settle();
        assert_eq!(told, clause(&[(1, 0..3), (1, 10..16), (1, 10..13), (4, 3..6)], &[(0, 3), (2, 1)], &[7, 9]));
    }
}
