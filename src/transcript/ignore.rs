//! What a `phrase-lint-ignore` key or column says: which rules are not for the texts beside it.

use serde_json::value::RawValue;

use super::Place;
use super::json_object::{Whereabouts, array};
use super::json_text::Scalar;
use super::reading::offset_within;

/// The name of the key, and of the column.
pub const IGNORE: &str = "phrase-lint-ignore";

/// What stands for all rules.
pub(crate) const ALL: &str = "all";

/// Rules that a source says are not for a turn, or for a whole conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The turn's index; none where the whole conversation is meant.
    pub turn: Option<usize>,
    /// Ids and categories as they are written, divided by commas or spaces; `all` for all rules.
    pub rules: String,
    /// Where this is written.
    pub place: Place,
}

impl Ignore {
    /// The value of a key: a string, an array of strings, or true.
    pub(super) fn of_value(value: Option<&RawValue>, turn: Option<usize>, at: &Whereabouts<'_>) -> Option<Self> {
        let value = value?;
        if let Some(names) = array(value) {
            let names: Vec<_> = names.into_iter().filter_map(|name| Scalar(name).text()).collect();
            let place = Place::Verbatim(at.offset + offset_within(value.get(), at.text));
            return Self::of_text(&names.join(", "), turn, place);
        }
        let (text, place) = Scalar(value).located(at.text, at.offset)?;
        Self::of_text(&text, turn, place)
    }

    /// The text of a cell.
    pub(super) fn of_text(text: &str, turn: Option<usize>, place: Place) -> Option<Self> {
        let rules = match text.trim().to_lowercase().as_str() {
            "" | "false" | "no" | "0" | "否" => return None,
            "true" | "yes" | "1" | "是" | "全部" | "*" => ALL.to_owned(),
            _ => text.trim().to_owned(),
        };
        Some(Self { turn, rules, place })
    }
}
