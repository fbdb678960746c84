//! Texts out of packs. Those that the program carries are parts of one long text, which is known to be UTF-8 since the program was
//! built: when a run begins they are neither checked nor copied, and most are never looked at.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// A text out of a pack.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackText(Cow<'static, str>);

thread_local! {
    /// Where texts go that are written, and where those are that are read.
    static GATHERED: RefCell<Gathered> = RefCell::default();
}

#[derive(Default)]
struct Gathered {
    text: String,
    /// By the text its place in it.
    places: HashMap<String, Place>,
    read: &'static str,
}

/// The first byte and the one behind the last.
type Place = (u32, u32);

impl PackText {
    /// The text.
    pub fn as_str(&self) -> &str {
        self
    }

    /// Gathers the texts of what is written: each one once.
    pub(super) fn gathered<R>(write: impl FnOnce() -> R) -> (R, String) {
        let written = write();
        (written, GATHERED.take().text)
    }

    /// Reads what was written while `text` was gathered.
    pub(super) fn parts_of<R>(text: &'static str, read: impl FnOnce() -> R) -> R {
        GATHERED.with_borrow_mut(|gathered| gathered.read = text);
        let read = read();
        GATHERED.with_borrow_mut(|gathered| gathered.read = "");
        read
    }
}

impl Gathered {
    fn place(&mut self, text: &str) -> Option<Place> {
        if let Some(place) = self.places.get(text) {
            return Some(*place);
        }
        let start = u32::try_from(self.text.len()).ok()?;
        self.text.push_str(text);
        let place = (start, u32::try_from(self.text.len()).ok()?);
        self.places.insert(text.to_owned(), place);
        Some(place)
    }
}

impl Serialize for PackText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // In a report it is a text like others.
        if serializer.is_human_readable() {
            return serializer.serialize_str(self);
        }
        let place = GATHERED.with_borrow_mut(|gathered| gathered.place(self));
        place.ok_or_else(|| ser::Error::custom("the texts are longer than 4 GiB"))?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PackText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (start, end) = Place::deserialize(deserializer)?;
        let text = GATHERED.with_borrow(|gathered| gathered.read.get(start as usize..end as usize));
        text.map(|text| Self(Cow::Borrowed(text))).ok_or_else(|| de::Error::custom("a text that was not gathered"))
    }
}

impl Deref for PackText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for PackText {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl From<&str> for PackText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq<&str> for PackText {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Display for PackText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for PackText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gathered_is_read_back() {
        let texts = ["您好", "请稍等", "您好", ""].map(PackText::from);
        let (bytes, gathered) = PackText::gathered(|| postcard::to_allocvec(&texts).expect("bytes"));
        assert_eq!(gathered, "您好请稍等");
        let read: [PackText; 4] = PackText::parts_of(gathered.leak(), || postcard::from_bytes(&bytes)).expect("texts");
        assert_eq!(read, texts);
        assert!(postcard::from_bytes::<[PackText; 4]>(&bytes).is_err());
        assert_eq!(serde_json::to_string(&texts).expect("JSON"), r#"["您好","请稍等","您好",""]"#);
    }
}
