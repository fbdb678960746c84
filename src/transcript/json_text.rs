//! Strings of JSON with the place of every character: where a violation points and a fix changes bytes.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::located::Located;
use super::reading::offset_within;
use super::{DateOrder, Moment, Place};

/// A scalar of a JSON document as it is written there: a string with its quotes, a number, true, false or null.
///
/// Exporters disagree on whether an id or a time is a string or a number, so such values are taken as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scalar<'a>(pub &'a RawValue);

impl<'a> Scalar<'a> {
    /// What it says, without quotes and escapes; none for null, arrays and objects.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self.string() {
            Some(inner) if !inner.contains('\\') => Some(Cow::Borrowed(inner)),
            Some(inner) => Some(Cow::Owned(unescape(inner, 0).finish().0)),
            None => match self.0.get() {
                "null" => None,
                token if token.starts_with(['[', '{']) => None,
                token => Some(Cow::Borrowed(token)),
            },
        }
    }

    /// What it says, and where, in bytes of `document` (of which it must be a part), whose first byte is `offset`.
    pub fn located(self, document: &str, offset: usize) -> Option<(String, Place)> {
        let start = |part: &str| offset + offset_within(part, document);
        match self.string() {
            Some(inner) if !inner.contains('\\') => Some((inner.to_owned(), Place::Verbatim(start(inner)))),
            Some(inner) => Some(unescape(inner, start(inner)).finish()),
            None => self.text().map(|text| (text.into_owned(), Place::Verbatim(start(self.0.get())))),
        }
    }

    /// A point in time: a string in a usual shape, or a Unix time.
    pub fn moment(self) -> Option<Moment> {
        self.moment_in(None)
    }

    /// The same, where the order is known in which the numbers of dates stand.
    pub fn moment_in(self, order: Option<DateOrder>) -> Option<Moment> {
        match self.string() {
            Some(_) => self.text().and_then(|text| Moment::parse_in(&text, order).or_else(|| Moment::from_number(text.parse().ok()?))),
            None => Moment::compact(self.0.get()).or_else(|| Moment::from_number(self.0.get().parse().ok()?)),
        }
    }

    /// The characters between the quotes, where it is a string.
    fn string(self) -> Option<&'a str> {
        self.0.get().strip_prefix('"')?.strip_suffix('"')
    }
}

/// Undoes the escapes of the characters between the quotes of a JSON string, which start at the byte `source`.
fn unescape(inner: &str, source: usize) -> Located {
    let mut located = Located::default();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', inner.get(at..).unwrap_or_default().as_bytes()) {
        let escape = at + found;
        located.verbatim(&inner[at..escape], source + at);
        let (character, length) = read_escape(&inner[escape..]);
        located.escape(character.encode_utf8(&mut [0; 4]), source + escape, length);
        at = escape + length;
    }
    located.verbatim(inner.get(at..).unwrap_or_default(), source + at);
    located
}

/// The character that an escape at the start of `text` stands for, and the bytes that it takes.
fn read_escape(text: &str) -> (char, usize) {
    let unit = |at: usize| text.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let simple = match text.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'u') => {
            let first = unit(2);
            let second = if text.get(6..8) == Some("\\u") { unit(8) } else { None };
            return match (first, second) {
                (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
                    (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).unwrap_or('\u{FFFD}'), 12)
                }
                // Half of a character by itself is none.
                (Some(unit), _) => (char::from_u32(unit).unwrap_or('\u{FFFD}'), 6),
                (None, _) => ('\u{FFFD}', 2),
            };
        }
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        // The JSON parser lets no other escape through.
        _ => return ('\u{FFFD}', 1),
    };
    (simple, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(document: &str) -> (String, Place) {
        Scalar(serde_json::from_str(document).unwrap()).located(document, 100).unwrap()
    }

    #[test]
    fn escapes_are_undone_and_placed() {
        assert_eq!(read(r#""您好""#), ("您好".to_owned(), Place::Verbatim(101)));
        let document = r#" "\u4f60说\"好\"\n\ud83d\ude00\ud83d!" "#;
        let (text, place) = read(document);
        assert_eq!(text, "你说\"好\"\n😀\u{FFFD}!");
        let at = |needle: &str| place.source(text.find(needle).unwrap()).map(|source| &document[source - 100..]);
        assert!(at("你").is_some_and(|rest| rest.starts_with(r"\u4f60")));
        assert!(at("好").is_some_and(|rest| rest.starts_with("好")));
        assert!(at("😀").is_some_and(|rest| rest.starts_with(r"\ud83d\ude00")));
        assert!(at("!").is_some_and(|rest| rest.starts_with('!')));
    }

    #[test]
    fn numbers_are_taken_as_written() {
        assert_eq!(read(" 17 "), ("17".to_owned(), Place::Verbatim(101)));
        assert!(Scalar(serde_json::from_str("null").unwrap()).text().is_none());
        assert!(Scalar(serde_json::from_str("{}").unwrap()).located("{}", 0).is_none());
        let moment = |document| Scalar(serde_json::from_str(document).unwrap()).moment().map(|moment| moment.text);
        assert_eq!(moment("1547087894783").as_deref(), Some("2019-01-10 10:38:14"));
        assert_eq!(moment("\"10:02:03\"").as_deref(), Some("10:02:03"));
        assert_eq!(moment("true"), None);
    }
}
