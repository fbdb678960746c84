//! Averages, shares and rates as all forms show them: rounded half up, in whole numbers, so that no two forms differ by a tenth.
//! The script of the page does the same.

use std::fmt;

use crate::lint::Courtesy;

/// A number with one digit behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenths(u64);

impl Tenths {
    /// `part / whole`; 0 where there is no whole.
    pub fn of(part: u64, whole: u64) -> Self {
        Self(half_up(u128::from(part) * 10, whole))
    }

    /// How many of `part` there are in a hundred of `whole`.
    pub fn per_hundred(part: u64, whole: u64) -> Self {
        Self(half_up(u128::from(part) * 1000, whole))
    }

    /// How often a word of courtesy was said in 100 turns.
    pub fn of_courtesy(courtesy: &Courtesy, word: &str) -> Self {
        Self::per_hundred(courtesy.words.get(word).copied().unwrap_or(0), courtesy.agent_turns)
    }

    /// As the cell of a workbook holds it.
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 10.0
    }
}

/// `92.3`
impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.0 / 10, self.0 % 10))
    }
}

/// How many of `part` there are in a hundred of `whole`, without digits behind the point; 0 where there is no whole.
pub(super) fn percent(part: u64, whole: u64) -> u64 {
    half_up(u128::from(part) * 100, whole)
}

fn half_up(part: u128, whole: u64) -> u64 {
    let whole = u128::from(whole.max(1));
    u64::try_from((part * 2 + whole) / (whole * 2)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up() {
        let shown = |part, whole| Tenths::of(part, whole).to_string();
        assert_eq!([shown(3321, 36), shown(397, 4), shown(0, 0), shown(100, 1)], ["92.3", "99.3", "0.0", "100.0"]);
        assert_eq!(Tenths::per_hundred(245, 400).to_string(), "61.3");
        assert_eq!([percent(5, 8), percent(1, 3), percent(2, 3), percent(0, 0)], [63, 33, 67, 0]);
        assert_eq!(Tenths::of(u64::MAX, 1).to_string(), format!("{}.5", u64::MAX / 10));
    }
}
