//! The signs of all built-in packs, each once. They are filed when the program is built and looked up where they lie: a run asks for few
//! of the tens of thousands.

use std::collections::BTreeMap;

use super::signs::{SignKey, Signs};

/// What signs weigh, set by set, as the program carries it. A set is that of a word class or of a phrase row.
#[derive(Debug)]
pub(crate) struct SignTable {
    /// By number, ascending by key: a sign, and the number of the first of its weights.
    entries: &'static [u8],
    /// By the hash of signs the number of their entry, plus 1; open addressing, at most half full.
    slots: &'static [u8],
    /// The weights of all signs, one behind the other: the number of a set, and what the sign weighs in it.
    weights: &'static [u8],
}

/// Bytes of an entry, of a slot and of a weight.
const ENTRY: usize = 12;
const SLOT: usize = 4;
const WEIGHT: usize = 4;

impl SignTable {
    /// Of nothing.
    pub(crate) const EMPTY: &'static Self = &Self::new(&[], &[], &[]);

    /// What a [`SignCollection`] stored.
    pub(super) const fn new(entries: &'static [u8], slots: &'static [u8], weights: &'static [u8]) -> Self {
        Self { entries, slots, weights }
    }

    /// What a sign weighs: the numbers of sets, ascending, and the weight in each.
    #[inline]
    pub(crate) fn weights(&self, sign: SignKey) -> impl Iterator<Item = (u16, i16)> + use<> {
        let (weights, _) = self.weights.as_chunks::<WEIGHT>();
        let weights = self.place(sign).and_then(|(first, end)| weights.get(first..end)).unwrap_or_default();
        weights.iter().map(|&[a, b, c, d]| (u16::from_le_bytes([a, b]), i16::from_le_bytes([c, d])))
    }

    /// The number of the first of a sign's weights, and of the one behind the last.
    fn place(&self, sign: SignKey) -> Option<(usize, usize)> {
        let (entries, _) = self.entries.as_chunks::<ENTRY>();
        let (slots, _) = self.slots.as_chunks::<SLOT>();
        // Where all slots are taken by other signs there would be no end.
        for step in 0..slots.len() {
            let slot = u32::from_le_bytes(slots[(sign.hash() + step) & (slots.len() - 1)]);
            let (known, first) = read(entries.get(slot.checked_sub(1)? as usize)?);
            if known == sign {
                let end = entries.get(slot as usize).map_or(self.weights.len() / WEIGHT, |next| read(next).1);
                return Some((first, end));
            }
        }
        None
    }
}

/// An entry.
fn read(&[a, b, c, d, e, f, g, h, first @ ..]: &[u8; ENTRY]) -> (SignKey, usize) {
    (SignKey::from(u64::from_le_bytes([a, b, c, d, e, f, g, h])), u32::from_le_bytes(first) as usize)
}

/// The signs of packs that are being written.
#[derive(Debug, Default)]
pub(super) struct SignCollection {
    sets: Vec<Signs>,
}

impl SignCollection {
    /// Notes a set and gives its number; none where there are too many.
    pub fn add(&mut self, signs: &Signs) -> Option<u16> {
        let number = self.sets.iter().position(|known| known == signs).unwrap_or(self.sets.len());
        if number == self.sets.len() {
            self.sets.push(signs.clone());
        }
        u16::try_from(number).ok()
    }

    /// The entries, the slots, and the weights.
    pub fn stored(&self) -> [Vec<u8>; 3] {
        let mut signs: BTreeMap<SignKey, Vec<(u16, i16)>> = BTreeMap::new();
        for (number, set) in (0..).zip(&self.sets) {
            set.words().for_each(|(word, weight)| signs.entry(SignKey::of(word)).or_default().push((number, weight)));
        }
        let (mut entries, mut weights) = (Vec::new(), Vec::new());
        let mut slots = vec![0_u32; (signs.len() * 2).next_power_of_two()];
        for (number, (sign, weighed)) in (0_u32..).zip(signs) {
            entries.extend_from_slice(&u64::from(sign).to_le_bytes());
            entries.extend_from_slice(&((weights.len() / WEIGHT) as u32).to_le_bytes());
            for (set, weight) in weighed {
                weights.extend_from_slice(&set.to_le_bytes());
                weights.extend_from_slice(&weight.to_le_bytes());
            }
            let free = (sign.hash()..).map(|place| place % slots.len()).find(|&place| slots[place] == 0);
            free.into_iter().for_each(|place| slots[place] = number + 1);
        }
        [entries, slots.into_iter().flat_map(u32::to_le_bytes).collect(), weights]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(collection: &SignCollection) -> SignTable {
        let [entries, slots, weights] = collection.stored();
        SignTable::new(entries.leak(), slots.leak(), weights.leak())
    }

    #[test]
    fn signs_are_found_with_what_they_weigh_in_each_set() {
        let mut collection = SignCollection::default();
        let one = Signs::new([(60, vec!["居然", "又"]), (-30, vec!["请问"])].into_iter());
        let other = Signs::new([(7, vec!["又", "^又"])].into_iter());
        assert_eq!([collection.add(&one), collection.add(&other), collection.add(&one)], [Some(0), Some(1), Some(0)]);
        let table = table(&collection);
        let weights = |word: &str| table.weights(SignKey::of(word)).collect::<Vec<_>>();
        assert_eq!(
            ["居然", "又", "^又", "请问", "又$"].map(weights),
            [vec![(0, 60)], vec![(0, 60), (1, 7)], vec![(1, 7)], vec![(0, -30)], vec![]]
        );
        assert_eq!(SignTable::EMPTY.weights(SignKey::of("又")).count(), 0);
    }

    #[test]
    fn every_sign_is_found_in_a_large_table() {
        let words: Vec<String> = (0xAC00..0xCC00).filter_map(char::from_u32).map(|c| format!("{c}了")).collect();
        let mut collection = SignCollection::default();
        collection.add(&Signs::new([(3, words.iter().map(String::as_str).collect())].into_iter()));
        let table = table(&collection);
        let weights = |word: &str| table.weights(SignKey::of(word)).collect::<Vec<_>>();
        assert!(words.iter().all(|word| weights(word) == [(0, 3)]));
        assert!((0xCC00..0xD700).filter_map(char::from_u32).all(|c| weights(&format!("{c}了")).is_empty()));
    }
}
