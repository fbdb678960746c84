//! Which keys a JSON document has, so that its format can be told from its start, cut off or damaged as it may be.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::text::floor_boundary;

/// Bytes of a document that are looked at.
const LOOKED_AT: usize = 1 << 18;
/// No key of a known format lies deeper.
const DEEPEST: usize = 8;
/// Elements of an array that are looked at.
const ELEMENTS: usize = 40;
/// Bytes of a path that is kept at most, and how many are kept: more than any known format has.
const LONGEST: usize = 240;
const PATHS: usize = 4_000;
/// Different values that are kept of a key: enough for all roles and types.
const VALUES: usize = 16;

/// The paths of keys in the objects of a document, `tickets[].dialogue[].words`, with examples of what they hold.
///
/// An array or a sequence of lines around all objects is left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Outline(BTreeMap<String, Vec<String>>);

impl Outline {
    /// The outline of a document; none where it is no JSON or holds no object.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim_start();
        if !text.starts_with(['{', '[']) {
            return None;
        }
        let mut outline = Self::default();
        let mut rest = &text[..floor_boundary(text, LOOKED_AT)];
        // A damaged line must not hide what the others are.
        for _ in 0..ELEMENTS {
            let at = outline.add(rest);
            let Some(next) = rest.get(at..).and_then(|behind| behind.find("\n{")) else { break };
            rest = &rest[at + next + 1..];
        }
        (!outline.0.is_empty()).then_some(outline)
    }

    /// Keeps a path, unless there are too many.
    fn keep(&mut self, path: &str) {
        if self.0.len() < PATHS && !self.0.contains_key(path) {
            self.0.insert(path.to_owned(), Vec::new());
        }
    }

    /// Whether all these paths occur.
    pub(super) fn has(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.0.contains_key(*path))
    }

    /// Some of the values at a path that are no arrays or objects, as text.
    pub(super) fn values(&self, path: &str) -> &[String] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }

    /// All paths with some of their values.
    pub(super) fn paths(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(path, values)| (path.as_str(), values.as_slice()))
    }

    /// Adds the values that a text begins with; returns where the first mistake stands, or the end.
    fn add(&mut self, text: &str) -> usize {
        let mut at = 0;
        for _ in 0..ELEMENTS {
            let rest = &text[at..];
            let mut deserializer = serde_json::Deserializer::from_str(rest);
            if let Err(error) = (Level { outline: self, path: "", depth: 0 }).deserialize(&mut deserializer) {
                let line = rest.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
                return at + line;
            }
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde::de::IgnoredAny>();
            if !matches!(values.next(), Some(Ok(_))) {
                break;
            }
            at += values.byte_offset();
            if text[at..].trim_start().is_empty() {
                break;
            }
        }
        text.len()
    }
}

/// A value at a path.
struct Level<'o> {
    outline: &'o mut Outline,
    path: &'o str,
    depth: usize,
}

impl Level<'_> {
    fn value(self, value: &str) {
        let Some(values) = self.outline.0.get_mut(self.path) else { return };
        // Of a text its beginning shows that it is one.
        let value: String = value.chars().take(40).collect();
        if values.len() < VALUES && !values.contains(&value) {
            values.push(value);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if self.depth >= DEEPEST {
                map.next_value::<serde::de::IgnoredAny>()?;
                continue;
            }
            // What lies below a path that is not kept is longer still.
            if self.path.len() + key.len() >= LONGEST {
                map.next_value::<serde::de::IgnoredAny>()?;
                continue;
            }
            let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
            self.outline.keep(&path);
            map.next_value_seed(Level { outline: &mut *self.outline, path: &path, depth: self.depth + 1 })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        // What surrounds all objects is no part of their paths.
        let path = if self.path.is_empty() { String::new() } else { format!("{}[]", self.path) };
        if !path.is_empty() {
            self.outline.keep(&path);
        }
        for _ in 0..ELEMENTS {
            let level = Level { outline: &mut *self.outline, path: &path, depth: self.depth.max(1) };
            if elements.next_element_seed(level)?.is_none() {
                return Ok(());
            }
        }
        while elements.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.value(value);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.value(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.value(&value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_lines_and_single_objects_have_the_same_outline() {
        let one = r#"{"a":{"b":[{"c":"x","d":null}]},"e":1}"#;
        for text in [one.to_owned(), format!("[{one}]"), format!("{one}\n{one}\n"), format!("  [\n{one},{one}")] {
            let outline = Outline::of(&text).unwrap();
            assert!(outline.has(&["a", "a.b[].c", "a.b[].d", "e"]), "{text}");
            assert_eq!((outline.values("a.b[].c"), outline.values("e")), (&["x".to_owned()][..], &["1".to_owned()][..]));
        }
    }

    #[test]
    fn neither_long_keys_nor_many_take_memory() {
        let long = "长".repeat(60_000);
        let wide = |keys: usize| (0..keys).map(|key| format!("\"{key}\":{{\"x\":[1]}},")).collect::<String>();
        let outline =
            Outline::of(&format!("{{\"{long}\":{{{}\"a\":1}},\"b\":{{\"c\":\"x\"}},{}\"d\":1}}", wide(500), wide(9_000))).unwrap();
        assert!(outline.has(&["b", "b.c", "0.x[]"]));
        assert_eq!(outline.0.len(), PATHS);
        assert!(outline.paths().all(|(path, _)| path.len() <= LONGEST + 2));
    }

    #[test]
    fn damage_hides_only_what_comes_behind_it() {
        assert!(Outline::of(r#"{"a":[{"b":"x"},{"b":"#).unwrap().has(&["a[].b"]));
        assert!(Outline::of("{\"a\": oops}\n{\"b\":1}\n").unwrap().has(&["a", "b"]));
        assert!(Outline::of("hello").is_none());
        assert!(Outline::of("[1,2]").is_none());
        assert!(Outline::of("[[客服] 您好").is_none());
    }
}
