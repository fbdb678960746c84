//! What a broken rule leaves behind: the [`Violation`] and its [`Rewrite`]s.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How grave a violation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum Severity {
    /// Worth knowing; a formal house may raise it.
    Info,
    /// Improper: to be put right.
    Warning,
    /// Grave: an insult, a threat, a password asked for.
    Error,
}

impl Severity {
    /// The word that packs, options and reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// What a violation costs on a scorecard where its rule does not say.
    pub fn default_points(self) -> u32 {
        match self {
            Self::Info => 0,
            Self::Warning => 2,
            Self::Error => 5,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "info" => Ok(Self::Info),
            "warning" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            _ => Err(format!("`{word}` is no severity: use error, warning or info")),
        }
    }
}

/// Who decides whether a rewrite is applied.
// In order: what is applied least comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum Applicability {
    /// May be applied unseen.
    Safe,
    /// A person decides.
    Suggested,
    /// Shows how it could be said; never applied.
    Example,
}

impl Applicability {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Suggested => "suggested",
            Self::Example => "example",
        }
    }
}

/// Professional wording offered for a violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewrite {
    /// The text that replaces the violation's span.
    pub text: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

/// Of the rewrites of a violation the one to tell in a line behind its message: the first, unless it is an example which the message
/// quotes.
pub fn instead<'r>(message: &str, rewrites: &'r [Rewrite]) -> Option<&'r Rewrite> {
    let is_told =
        |rewrite: &Rewrite| rewrite.applicability == Applicability::Example && message.contains(rewrite.text.trim_end_matches(['。', '.']));
    rewrites.first().filter(|rewrite| !is_told(rewrite))
}

/// A rule broken at one place of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The rule's id, `category/name`.
    pub rule: Arc<str>,
    /// How grave it is in the conversation's profile.
    pub severity: Severity,
    /// One sentence that says what is wrong, in the conversation's script.
    pub message: String,
    /// The index of the turn, from 0.
    pub turn: usize,
    /// The words, in UTF-8 bytes of the turn's text; none where a check marks the turn itself.
    pub span: Option<Range<usize>>,
    /// What it costs on a scorecard.
    pub points: u32,
    /// Whether it fails the whole conversation (一票否决).
    pub fatal: bool,
    /// Professional wordings, the best first.
    pub rewrites: Vec<Rewrite>,
    /// Whether a row of a user's pack found it: then its rewrite goes before those of built-in rows.
    pub by_user: bool,
}

impl Violation {
    /// The first rewrite that may be applied unseen.
    pub fn safe_rewrite(&self) -> Option<&Rewrite> {
        self.rewrites.first().filter(|rewrite| rewrite.applicability == Applicability::Safe)
    }
}
