//! Words of a check that may be put in many ways: a pattern that is never run as a whole, only in its alternatives.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pack_text::PackText;
use super::pattern::Pattern;

/// A pattern by what is written. Its alternatives are told by [`Alternatives`](super::Alternatives).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Saying {
    /// As the pack's author wrote it.
    pub text: PackText,
    /// The number of the scope whose word classes it names; 0 where it names none of its own pack.
    scope: u16,
    /// The pattern; none of one that the program carries.
    #[serde(skip)]
    pattern: Option<Arc<Pattern>>,
}

impl Saying {
    /// What is written, and where.
    pub(super) fn key(&self) -> (u16, &str) {
        (self.scope, &self.text)
    }

    /// The pattern, where it was just read.
    pub(super) fn pattern(&self) -> Option<&Arc<Pattern>> {
        self.pattern.as_ref()
    }
}

impl From<&Arc<Pattern>> for Saying {
    fn from(pattern: &Arc<Pattern>) -> Self {
        Self { text: pattern.text.clone(), scope: pattern.scope(), pattern: Some(Arc::clone(pattern)) }
    }
}

/// Two are alike where they are written alike in the same scope.
impl PartialEq for Saying {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Hash for Saying {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}
