//! Signs of a word class or a phrase row: short words that speak for it or against it. People complain, and blame others, in more ways
//! than anybody can list, but many small hints tell together what none of them tells alone.

use super::notation::Mistake;
use super::pack_text::PackText;
use super::sign_table::SignTable;
use crate::text::{fold_word, is_word};

/// What the signs in a turn must weigh, so that what they speak for is said.
pub const ENOUGH: i64 = 100;
/// A sign has so many characters at most, `^` and `$` among them.
pub const LONGEST_SIGN: usize = 3;
/// Stands between the words of one weight.
const BETWEEN: char = '\n';

/// The signs of a class or a row. `^` and `$` in them are the first and the last character of a clause, as it is folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signs(pub(crate) KnownSigns);

/// From where signs are known.
#[derive(Debug, Clone)]
pub(crate) enum KnownSigns {
    /// By the number of their set among those that the program carries.
    Carried(&'static SignTable, u16),
    /// As a pack gives them, by what they weigh.
    Own(Vec<(i16, PackText)>),
}

impl PartialEq for KnownSigns {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // There is one table in the program.
            (Self::Carried(_, one), Self::Carried(_, other)) => one == other,
            (Self::Own(one), Self::Own(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for KnownSigns {}

impl Default for Signs {
    fn default() -> Self {
        Self(KnownSigns::Own(Vec::new()))
    }
}

/// A sign as a number: up to three characters, 21 bits each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SignKey(u64);

const BITS: u32 = 21;
const _: () = assert!(LONGEST_SIGN as u32 * BITS <= u64::BITS, "a sign must fit");

impl SignKey {
    /// Of a word, of which the last characters count.
    pub fn of(word: &str) -> Self {
        word.chars().fold(Self::default(), Self::then)
    }

    /// The same with one more character.
    #[inline]
    pub fn then(self, c: char) -> Self {
        Self(self.0 << BITS | u64::from(u32::from(c))).ending(LONGEST_SIGN as u32)
    }

    /// The last so many characters.
    #[inline]
    pub fn ending(self, characters: u32) -> Self {
        Self(self.0 & ((1 << (BITS * characters)) - 1))
    }

    /// Of which the lower bits are well mixed.
    #[inline]
    pub(super) fn hash(self) -> usize {
        (self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
    }
}

impl From<u64> for SignKey {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<SignKey> for u64 {
    fn from(key: SignKey) -> Self {
        key.0
    }
}

impl Signs {
    /// Of words by weight, as a pack gives them.
    pub fn new<'w>(written: impl Iterator<Item = (i16, Vec<&'w str>)>) -> Self {
        // What would divide a sign becomes a mark, which no sign may hold.
        let folded = |word: &&str| fold_word(word.trim()).replace(BETWEEN, " ");
        let one = |words: Vec<&str>| words.iter().map(folded).collect::<Vec<_>>().join(&BETWEEN.to_string()).into();
        Self(KnownSigns::Own(written.map(|(weight, words)| (weight, one(words))).collect()))
    }

    /// Each sign, and what it weighs, as a pack gives them; nothing of those that the program carries.
    pub fn words(&self) -> impl Iterator<Item = (&str, i16)> {
        let own: &[_] = if let KnownSigns::Own(own) = &self.0 { own } else { &[] };
        own.iter().flat_map(|(weight, words)| words.split(BETWEEN).map(|word| (word, *weight)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, KnownSigns::Own(own) if own.is_empty())
    }

    /// Whether every sign is one, and all together can be enough.
    ///
    /// # Errors
    /// What is wrong with the first that is not, and what to do.
    pub(super) fn check(&self) -> Result<(), Mistake> {
        let mut known: Vec<&str> = self.words().map(|(word, _)| word).collect();
        known.sort_unstable();
        if known.first() == Some(&"") {
            return Err(("a weight has no signs, or an empty one".to_owned(), "write the signs that weigh it, or remove it".to_owned()));
        }
        if let Some(twice) = known.windows(2).find(|two| two[0] == two[1]) {
            return Err((format!("sign `{}` stands there twice", twice[0]), "give it one weight".to_owned()));
        }
        let is_sign = |word: &str| {
            let bare = word.strip_prefix('^').unwrap_or(word);
            let bare = bare.strip_suffix('$').unwrap_or(bare);
            word.chars().count() <= LONGEST_SIGN && !bare.is_empty() && bare.chars().all(|c| is_word(c) && !c.is_ascii_digit())
        };
        if let Some(wrong) = known.into_iter().find(|word| !is_sign(word)) {
            let remedy = format!(
                "write one to {LONGEST_SIGN} characters, `^` and `$` among them, without digits and marks; longer ones are entries of `any`"
            );
            return Err((format!("`{wrong}` is no sign"), remedy));
        }
        let most: i64 = self.words().map(|(_, weight)| i64::from(weight).max(0)).sum();
        if !self.is_empty() && most < ENOUGH {
            return Err((format!("its signs weigh {most} at most"), format!("{ENOUGH} are asked for: give them more weight")));
        }
        Ok(())
    }
}
