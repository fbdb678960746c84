//! Objects of JSON by their keys, with every value as it is written and where.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::text::Lines;

use super::json_text::Scalar;
use super::reading::offset_within;
use super::{Moment, Place};

/// Keys of an object among which one is looked for by going through all of them.
const FEW: usize = 32;

/// An object and the values of its keys.
#[derive(Debug, Clone)]
pub(super) struct Object<'a> {
    /// The object as it is written.
    pub raw: &'a RawValue,
    values: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// The places of `values` in the order of their keys, where they are many.
    by_key: Vec<usize>,
}

/// The text that objects are part of.
#[derive(Debug)]
pub(super) struct Whereabouts<'a> {
    /// The text, a whole document or a line of one.
    pub text: &'a str,
    /// Where the text starts, in bytes of the document.
    pub offset: usize,
    /// The number of its first line.
    first_line: usize,
    /// Where its lines start; most readers never ask.
    lines: OnceCell<Lines<'a>>,
}

impl<'a> Object<'a> {
    /// Reads an object; none where the value is something else.
    pub(super) fn of(raw: &'a RawValue) -> Option<Self> {
        if !raw.get().starts_with('{') {
            return None;
        }
        let Values(values) = serde_json::from_str(raw.get()).ok()?;
        let mut by_key = Vec::new();
        if values.len() > FEW {
            by_key.extend(0..values.len());
            by_key.sort_by_key(|at: &usize| &values[*at].0);
        }
        Some(Self { raw, values, by_key })
    }

    /// The value of a key; none where it is absent or null.
    pub(super) fn get(&self, key: &str) -> Option<&'a RawValue> {
        // As in JavaScript, the last of several counts.
        let (_, value) = if self.by_key.is_empty() {
            self.values.iter().rev().find(|(name, _)| name == key)?
        } else {
            let behind = self.by_key.partition_point(|at| *self.values[*at].0 <= *key);
            Some(&self.values[self.by_key[behind.checked_sub(1)?]]).filter(|(name, _)| name == key)?
        };
        (value.get() != "null").then_some(*value)
    }

    /// What a scalar says, without spaces around it; none where it says nothing.
    pub(super) fn word(&self, key: &str) -> Option<String> {
        let text = Scalar(self.get(key)?).text()?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The first of several keys whose value is a scalar that says anything.
    pub(super) fn first_word(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.word(key))
    }

    /// The text of a scalar and where it stands.
    pub(super) fn located(&self, key: &str, at: &Whereabouts<'_>) -> Option<(String, Place)> {
        Scalar(self.get(key)?).located(at.text, at.offset)
    }

    /// A number, written as one or as a string.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.word(key)?.parse().ok()
    }

    /// Whether a key says true.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.get() == "true")
    }

    /// A point in time.
    pub(super) fn moment(&self, key: &str) -> Option<Moment> {
        Scalar(self.get(key)?).moment()
    }

    /// An object within this one.
    pub(super) fn object(&self, key: &str) -> Option<Self> {
        Self::of(self.get(key)?)
    }

    /// The elements of an array; none where the value is something else.
    pub(super) fn array(&self, key: &str) -> Option<Vec<&'a RawValue>> {
        array(self.get(key)?)
    }

    /// The objects of an array; none where the value is no array.
    pub(super) fn objects(&self, key: &str) -> Option<Vec<Self>> {
        Some(self.array(key)?.into_iter().filter_map(Self::of).collect())
    }

    /// All keys and their values, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.values.iter().map(|(key, value)| (key.as_ref(), *value))
    }
}

/// The elements of a value that is an array.
pub(super) fn array(raw: &RawValue) -> Option<Vec<&RawValue>> {
    if raw.get().starts_with('[') { serde_json::from_str(raw.get()).ok() } else { None }
}

impl<'a> Whereabouts<'a> {
    /// Those of a text, a whole document or a line of one, that starts at a byte of the document and on a line of it.
    pub(super) fn new(text: &'a str, offset: usize, first_line: usize) -> Self {
        Self { text, offset, first_line, lines: OnceCell::new() }
    }

    /// The line on which a part of the text begins.
    pub(super) fn line_of(&self, part: &str) -> usize {
        self.lines.get_or_init(|| Lines::new(self.text, self.first_line)).number(offset_within(part, self.text))
    }
}

struct Values<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Values<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                // Keys with escapes are rare, but a borrowed string cannot hold them.
                while let Some(key) = map.next_key::<&'de RawValue>()? {
                    let key = Scalar(key).text().unwrap_or_default();
                    values.push((key, map.next_value::<&'de RawValue>()?));
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_keys() {
        let document = "{\"a\":\"x\",\n \"a\":\" y\\n\", \"\\u006e\": null, \"l\": [{\"b\":1}, 2], \"o\": {\"t\":true}}";
        let raw: &RawValue = serde_json::from_str(document).unwrap();
        let object = Object::of(raw).unwrap();
        assert_eq!(object.word("a").as_deref(), Some("y"));
        assert!(object.get("n").is_none() && object.get("z").is_none());
        assert_eq!(object.array("l").map(|elements| elements.len()), Some(2));
        let elements = object.objects("l").unwrap();
        assert_eq!((elements.len(), elements[0].number("b")), (1, Some(1.0)));
        assert!(object.object("o").is_some_and(|inner| inner.is_true("t")));
        let at = Whereabouts::new(document, 0, 5);
        assert_eq!(at.line_of(elements[0].raw.get()), 6);
        // A lone `\r` ends a line as well.
        let document = "[\r{}]";
        let raw: Vec<&RawValue> = serde_json::from_str(document).unwrap();
        assert_eq!(Whereabouts::new(document, 0, 5).line_of(raw[0].get()), 6);
    }

    #[test]
    fn the_last_of_equal_keys_counts_among_few_and_many() {
        for count in [3, FEW, 1000] {
            let pairs: Vec<String> = (0..count).chain([1]).enumerate().map(|(at, key)| format!("\"k{key}\":{at}")).collect();
            let document = format!("{{{},\"n\":null}}", pairs.join(","));
            let object = Object::of(serde_json::from_str(&document).unwrap()).unwrap();
            assert_eq!((object.number("k1"), object.number("k2")), (Some(count as f64), Some(2.0)));
            assert!(object.get("n").is_none() && object.get("a").is_none() && object.get("z").is_none());
        }
    }
}
