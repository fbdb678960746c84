//! Profiles: what is asked of a call, of a text chat and of canned replies.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::transcript::Kind;

/// What kind of service a text belongs to. It decides which rules are on and how severe they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum Profile {
    /// Telephone calls, as transcribed.
    Call,
    /// Text chats.
    Chat,
    /// Canned replies: no checks of a whole conversation.
    Replies,
}

impl Profile {
    /// All profiles, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Call, Self::Chat, Self::Replies];

    /// The word that packs and options use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Chat => "chat",
            Self::Replies => "replies",
        }
    }
}

impl From<Kind> for Profile {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Call => Self::Call,
            Kind::Chat => Self::Chat,
            Kind::Replies => Self::Replies,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.as_str() == word)
            .ok_or_else(|| format!("`{word}` is no profile: use call, chat or replies"))
    }
}

/// A value for every profile; none where a rule is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByProfile<T> {
    values: [Option<T>; 3],
}

impl<T> Default for ByProfile<T> {
    fn default() -> Self {
        Self { values: [None, None, None] }
    }
}

impl<T: Copy> ByProfile<T> {
    /// The same value in all profiles.
    pub fn all(value: T) -> Self {
        Self { values: [Some(value); 3] }
    }

    /// The value in one profile.
    pub fn get(&self, profile: Profile) -> Option<T> {
        self.values[profile as usize]
    }

    /// Sets the value in one profile.
    pub fn set(&mut self, profile: Profile, value: Option<T>) {
        self.values[profile as usize] = value;
    }

    /// Changes every value that is there.
    pub fn map(&mut self, change: impl Fn(T) -> T) {
        for value in &mut self.values {
            *value = value.map(&change);
        }
    }
}
