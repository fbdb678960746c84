//! Signs of a word class: short words that speak for it or against it. People complain in more ways than anybody can list, but many
//! small hints tell together what none of them tells alone.

use serde::{Deserialize, Serialize};

use super::notation::Mistake;
use super::pack_text::PackText;
use crate::text::{fold_word, is_word};

/// What the signs in a turn must weigh, so that the class is said.
pub const ENOUGH: i64 = 100;
/// A sign has so many characters at most, `^` and `$` among them.
pub const LONGEST_SIGN: usize = 3;
/// Stands between the words of one weight.
const BETWEEN: char = '\n';

/// The signs of a class. `^` and `$` in them are the first and the last character of a clause, as it is folded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signs {
    /// By what they weigh.
    written: Vec<(i16, PackText)>,
}

impl Signs {
    /// Of words by weight, as a pack gives them.
    pub fn new<'w>(written: impl Iterator<Item = (i16, Vec<&'w str>)>) -> Self {
        // What would divide a sign becomes a mark, which no sign may hold.
        let folded = |word: &&str| fold_word(word.trim()).replace(BETWEEN, " ");
        let one = |words: Vec<&str>| words.iter().map(folded).collect::<Vec<_>>().join(&BETWEEN.to_string()).into();
        Self { written: written.map(|(weight, words)| (weight, one(words))).collect() }
    }

    /// Each sign, and what it weighs.
    pub fn words(&self) -> impl Iterator<Item = (&str, i16)> {
        self.written.iter().flat_map(|(weight, words)| words.split(BETWEEN).map(|word| (word, *weight)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
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
