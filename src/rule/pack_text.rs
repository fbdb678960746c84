//! Texts out of packs. Those that the program carries are parts of one long text, which is known to be UTF-8 since the program was
//! built: when a run begins they are neither checked nor copied, and most are never looked at.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::carried::{self, Place};

/// A text out of a pack.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackText(Cow<'static, str>);

impl PackText {
    /// The text.
    pub fn as_str(&self) -> &str {
        self
    }
}

impl Serialize for PackText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // In a report it is a text like others.
        if serializer.is_human_readable() {
            return serializer.serialize_str(self);
        }
        carried::keep_text(self).ok_or_else(|| ser::Error::custom("a text cannot be kept"))?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PackText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = Place::deserialize(deserializer)?;
        carried::text(place).map(|text| Self(Cow::Borrowed(text))).ok_or_else(|| de::Error::custom("a text that was not kept"))
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
    use crate::rule::Carried;

    #[test]
    fn what_is_kept_is_read_back() {
        let texts = ["您好", "请稍等", "您好", ""].map(PackText::from);
        let stored = carried::write(|| Ok([postcard::to_allocvec(&texts)?, Vec::new(), Vec::new()])).expect("bytes");
        assert_eq!(stored.texts, "您好请稍等");
        let bytes = stored.rules.clone().leak();
        let carried = Carried::leaked(stored);
        assert_eq!(carried.read::<[PackText; 4]>(bytes).expect("texts"), texts);
        assert!(postcard::from_bytes::<[PackText; 4]>(bytes).is_err());
        assert_eq!(serde_json::to_string(&texts).expect("JSON"), r#"["您好","请稍等","您好",""]"#);
    }
}
