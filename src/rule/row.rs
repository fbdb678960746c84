//! What rows of phrase tables and checks have in common.

use serde::{Deserialize, Serialize};

use super::document::{Per, SeverityEntry};
use super::pack_text::PackText;
use super::{ByProfile, Profile};
use crate::text::Script;
use crate::violation::Severity;

/// A text in both scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// In Simplified.
    pub hans: PackText,
    /// In Traditional; empty where the pack has none.
    pub hant: PackText,
}

impl Wording {
    /// The text in a script, or what there is.
    pub fn get(&self, script: Script) -> &str {
        if script == Script::Traditional && !self.hant.is_empty() { &self.hant } else { &self.hans }
    }
}

/// Snippets that a pack promises to report, and not to report.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Specs {
    /// Reported under the row's id; `原句 → 改写` also asserts the first rewrite. With the line in the pack.
    /// Of stored rules the first alone, which reports show.
    #[serde(serialize_with = "first")]
    pub bad: Vec<(usize, String)>,
    /// Not reported under the row's id. With the line in the pack. Stored rules have none.
    #[serde(skip)]
    pub good: Vec<(usize, String)>,
}

fn first<S: serde::Serializer>(examples: &[(usize, String)], serializer: S) -> Result<S::Ok, S::Error> {
    examples[..examples.len().min(1)].serialize(serializer)
}

/// What later rows of an id take from its first.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    pub title: Wording,
    pub why: Wording,
    pub source: PackText,
    pub severity: ByProfile<Severity>,
    pub points: Option<u32>,
    pub fatal: bool,
    pub per: Per,
}

impl Default for Heading {
    fn default() -> Self {
        Self {
            title: Wording::default(),
            why: Wording::default(),
            source: PackText::default(),
            severity: ByProfile::all(Severity::Warning),
            points: None,
            fatal: false,
            per: Per::default(),
        }
    }
}

/// A text in both scripts, or the inherited one.
pub(super) fn wording(hans: Option<&String>, hant: Option<&String>, inherited: &Wording) -> Wording {
    match hans {
        Some(hans) => Wording { hans: hans.clone().into(), hant: hant.cloned().unwrap_or_default().into() },
        None => inherited.clone(),
    }
}

pub(super) fn severity(entry: &SeverityEntry) -> ByProfile<Severity> {
    match entry {
        SeverityEntry::Everywhere(severity) => ByProfile::all(*severity),
        SeverityEntry::ByProfile(table) => {
            let mut by_profile = ByProfile::default();
            by_profile.set(Profile::Call, table.call);
            by_profile.set(Profile::Chat, table.chat);
            by_profile.set(Profile::Replies, table.replies);
            by_profile
        }
    }
}
