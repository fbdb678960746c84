//! Why a rewrite is not applied.

use crate::source::EncodeError;

/// Why a rewrite is not applied, said for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A number, date, amount, mask or placeholder of the original is not in the result.
    #[error("`{0}` would be lost")]
    Lost(String),
    /// A bracket, quote, mark of emphasis or line end would go whose other half stays.
    #[error("{0:?} would be torn off what it belongs to")]
    Torn(String),
    /// The result would mix Simplified and Traditional.
    #[error("the script would change")]
    Script,
    /// What the rewrite says is said beside it already.
    #[error("the result would say the same twice")]
    Repeats,
    /// The result would break another rule.
    #[error("the result would break {0}")]
    Breaks(String),
    /// The result is no better than the original.
    #[error("the result would not be better")]
    NoBetter,
    /// Together with others it cannot be applied, and there are too many of these to try each.
    #[error("the text has too many rewrites that do not go together")]
    Untried,
    /// One rewrite leads to the next without an end.
    #[error("its rewrites never come to an end")]
    Endless,
    /// The file's encoding has no such character.
    #[error("{0}")]
    Encoding(#[from] EncodeError),
    /// The file's format cannot hold the result where the words stand.
    #[error("{0}")]
    Notation(&'static str),
    /// The words do not stand in the file in one piece.
    #[error("the words stand in the file in pieces, with an escape or markup within")]
    Scattered,
    /// The edited file would be read as something else.
    #[error("the edited file would be read differently")]
    ReadsDifferently,
}
