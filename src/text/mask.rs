//! Sets of characters for a quick look.

use serde::{Deserialize, Serialize};

use super::raw;

/// Characters by a hash to 256 bits: asked whether it holds one, it is never wrong when it says no. Of ASCII digits and small
/// letters, which have bits of their own, it is never wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mask(#[serde(with = "raw")] [u128; WORDS]);

const WORDS: usize = 2;
/// Bits of a word.
const BITS: usize = 128;

impl Mask {
    /// No character.
    pub const NONE: Self = Self([0; WORDS]);
    /// Every character.
    pub const ANY: Self = Self([u128::MAX; WORDS]);

    /// These characters.
    pub fn of(characters: impl IntoIterator<Item = char>) -> Self {
        let mut mask = Self::NONE;
        for c in characters {
            let place = hash(c);
            mask.0[place / BITS] |= 1 << (place % BITS);
        }
        mask
    }

    /// Every character but these ASCII digits and small letters.
    pub fn all_but(characters: impl IntoIterator<Item = char>) -> Self {
        let mut mask = Self::ANY;
        for c in characters.into_iter().filter(|c| c.is_ascii_digit() || c.is_ascii_lowercase()) {
            let place = hash(c);
            mask.0[place / BITS] &= !(1 << (place % BITS));
        }
        mask
    }

    /// The characters of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    /// Whether a character may be among them.
    #[inline]
    pub fn may_hold(&self, c: char) -> bool {
        let place = hash(c);
        self.0[place / BITS] & 1 << (place % BITS) != 0
    }

    /// Whether it may be any character.
    #[inline]
    pub fn is_any(&self) -> bool {
        *self == Self::ANY
    }
}

/// Bits of characters that share theirs with none.
const OWN: u32 = 36;

#[inline]
fn hash(c: char) -> usize {
    let own = match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        'a'..='z' => Some(c as u32 - 'a' as u32 + 10),
        _ => None,
    };
    // The upper bits of a product are the well mixed ones.
    let mixed = (c as u32).wrapping_mul(0x9E37_79B1) >> 16;
    let shared = || (mixed * ((WORDS * BITS) as u32 - OWN)) >> 16;
    own.unwrap_or_else(|| OWN + shared()) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_in_the_mask() {
        let characters = || ('一'..'龥').step_by(7).take(30);
        let mask = Mask::of(characters());
        assert!(characters().all(|c| mask.may_hold(c)));
        assert!(!('a'..='z').any(|c| mask.may_hold(c)));
        assert!(('\u{3400}'..'\u{3500}').filter(|&c| mask.may_hold(c)).count() < 64);
        let others = Mask::all_but("6z好".chars());
        assert!(!others.may_hold('6') && !others.may_hold('z'));
        assert!(
            ('0'..='9').chain('a'..='z').chain(characters()).chain(['好', '-', '\n', 'é']).all(|c| "6z".contains(c) || others.may_hold(c))
        );
        assert!(Mask::ANY.may_hold('好') && Mask::ANY.is_any());
        assert!(!Mask::NONE.may_hold('好') && !mask.is_any());
        let both = mask.or(Mask::of(['好']));
        assert!(both.may_hold('好') && characters().all(|c| both.may_hold(c)));
    }
}
