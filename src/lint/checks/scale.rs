//! Weighs the signs of a word class in a clause.

use foldhash::{HashMap, HashMapExt};
use smallvec::SmallVec;

use crate::rule::{LONGEST_SIGN, Signs};

/// What signs weigh, by the sign.
#[derive(Debug)]
pub(super) struct Scale(HashMap<Key, i64>);

/// Up to three characters, 21 bits each.
type Key = u64;
const BITS: u32 = 21;
const _: () = assert!(LONGEST_SIGN as u32 * BITS <= Key::BITS, "a sign must fit");

/// The same with one more character.
fn then(key: Key, c: char) -> Key {
    (key << BITS | Key::from(u32::from(c))) & ((1 << (BITS * LONGEST_SIGN as u32)) - 1)
}

impl Scale {
    /// Of these signs.
    pub fn new(signs: &Signs) -> Self {
        let mut weights = HashMap::with_capacity(signs.words().count());
        weights.extend(signs.words().map(|(word, weight)| (word.chars().fold(0, then), i64::from(weight))));
        Self(weights)
    }

    /// What a folded clause weighs: all signs in it, each once.
    pub fn weigh(&self, clause: &str) -> i64 {
        let mut met: SmallVec<[Key; 32]> = SmallVec::new();
        let mut last = 0;
        for c in ['^'].into_iter().chain(clause.chars()).chain(['$']) {
            last = then(last, c);
            // The last character, the last two, the last three.
            let ending = |characters: u32| last & ((1 << (BITS * characters)) - 1);
            met.extend((1..=LONGEST_SIGN as u32).map(ending).filter(|key| self.0.contains_key(key)));
        }
        met.sort_unstable();
        met.dedup();
        met.iter().filter_map(|key| self.0.get(key)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_weigh_once_in_a_clause() {
        let signs = [(60, vec!["居然"]), (40, vec!["又", "^又"]), (7, vec!["了$", "坏"]), (-30, vec!["请问"])];
        let scale = Scale::new(&Signs::new(signs.into_iter()));
        let weigh = |clauses: &[&str]| clauses.iter().map(|clause| scale.weigh(clause)).collect::<Vec<_>>();
        assert_eq!(weigh(&["居然", "居然居然", "又", "要又", "又要又", "", "好"]), [60, 60, 80, 40, 80, 0, 0]);
        assert_eq!(weigh(&["坏了", "了坏", "请问坏了", "了", "𠮷坏", "居𠮷然"]), [14, 7, -16, 7, 7, 0]);
    }
}
