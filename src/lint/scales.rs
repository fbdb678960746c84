//! Weighs the signs of word classes and phrase rows in a clause, all of them at once.

use foldhash::HashMap;
use smallvec::SmallVec;

use crate::rule::{KnownSigns, LONGEST_SIGN, SignKey, SignTable, Signs};

/// What signs weigh, set by set; sets are numbered as they were given.
#[derive(Debug)]
pub(super) struct Scales {
    /// How many sets there are.
    count: usize,
    /// The sets of the built-in packs.
    table: &'static SignTable,
    /// By the number of a set in the table, its numbers here.
    carried: Vec<SmallVec<[u32; 1]>>,
    /// By sign, what it weighs in the sets of packs from disk.
    own: HashMap<SignKey, SmallVec<[(u32, i16); 1]>>,
}

impl Scales {
    /// Over these sets.
    pub fn new<'s>(sets: impl Iterator<Item = &'s Signs>) -> Self {
        let mut scales = Self { count: 0, table: SignTable::EMPTY, carried: Vec::new(), own: HashMap::default() };
        for (number, signs) in (0_u32..).zip(sets) {
            scales.count += 1;
            match &signs.0 {
                // There is one table in the program.
                KnownSigns::Carried(table, set) => {
                    scales.table = table;
                    let set = usize::from(*set);
                    if scales.carried.len() <= set {
                        scales.carried.resize(set + 1, SmallVec::new());
                    }
                    scales.carried[set].push(number);
                }
                KnownSigns::Own(_) => {
                    signs.words().for_each(|(word, weight)| scales.own.entry(SignKey::of(word)).or_default().push((number, weight)));
                }
            }
        }
        scales
    }

    /// What the signs of each set weigh in a folded clause, each sign once.
    pub fn weigh(&self, clause: &str) -> Box<[i32]> {
        let mut weights = vec![0; self.count];
        if self.count == 0 {
            return weights.into();
        }
        let mut signs: SmallVec<[SignKey; 96]> = SmallVec::new();
        let mut last = SignKey::default();
        for c in ['^'].into_iter().chain(clause.chars()).chain(['$']) {
            last = last.then(c);
            // The last character, the last two, the last three.
            signs.extend((1..=LONGEST_SIGN as u32).map(|characters| last.ending(characters)));
        }
        signs.sort_unstable();
        signs.dedup();
        for sign in signs {
            for (set, weight) in self.table.weights(sign) {
                let numbers = self.carried.get(usize::from(set)).map(|numbers| numbers.as_slice()).unwrap_or_default();
                numbers.iter().for_each(|&number| weights[number as usize] += i32::from(weight));
            }
            if !self.own.is_empty() {
                let own = self.own.get(&sign).map(|own| own.as_slice()).unwrap_or_default();
                own.iter().for_each(|&(number, weight)| weights[number as usize] += i32::from(weight));
            }
        }
        weights.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_weigh_once_in_a_clause() {
        let signs = Signs::new([(60, vec!["居然"]), (40, vec!["又", "^又"]), (7, vec!["了$", "坏"]), (-30, vec!["请问"])].into_iter());
        let other = Signs::new([(9, vec!["又"])].into_iter());
        let scales = Scales::new([&signs, &other].into_iter());
        let weigh = |clauses: &[&str]| clauses.iter().map(|clause| scales.weigh(clause)[0]).collect::<Vec<_>>();
        assert_eq!(weigh(&["居然", "居然居然", "又", "要又", "又要又", "", "好"]), [60, 60, 80, 40, 80, 0, 0]);
        assert_eq!(weigh(&["坏了", "了坏", "请问坏了", "了", "𠮷坏", "居𠮷然"]), [14, 7, -16, 7, 7, 0]);
        assert_eq!(*scales.weigh("又坏了"), [94, 9]);
        assert!(Scales::new(std::iter::empty()).weigh("又").is_empty());
    }
}
