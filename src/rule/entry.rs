//! Rows of either kind, for those who only tell of them.

use super::row::{Specs, Wording};
use super::{ByProfile, Check, Per, Phrase};
use crate::violation::Severity;

/// A row of either kind, as far as both are alike.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'r> {
    /// A row of a phrase table.
    Phrase(&'r Phrase),
    /// A row of etiquette.
    Check(&'r Check),
}

impl<'r> Entry<'r> {
    /// `category/name`.
    pub fn id(self) -> &'r str {
        match self {
            Self::Phrase(row) => &row.id,
            Self::Check(row) => &row.id,
        }
    }

    /// The pack's file.
    pub fn file(self) -> &'r str {
        match self {
            Self::Phrase(row) => &row.file,
            Self::Check(row) => &row.file,
        }
    }

    /// The line of its id in the pack, from 1.
    pub fn line(self) -> usize {
        match self {
            Self::Phrase(row) => row.line,
            Self::Check(row) => row.line,
        }
    }

    /// A short name of the rule.
    pub fn title(self) -> &'r Wording {
        match self {
            Self::Phrase(row) => &row.title,
            Self::Check(row) => &row.title,
        }
    }

    /// One sentence that says why.
    pub fn why(self) -> &'r Wording {
        match self {
            Self::Phrase(row) => &row.why,
            Self::Check(row) => &row.why,
        }
    }

    /// Where the rule comes from.
    pub fn source(self) -> &'r str {
        match self {
            Self::Phrase(row) => &row.source,
            Self::Check(row) => &row.source,
        }
    }

    /// How grave a violation is in every profile.
    pub fn severity(self) -> ByProfile<Severity> {
        match self {
            Self::Phrase(row) => row.severity,
            Self::Check(row) => row.severity,
        }
    }

    /// What a violation of this severity costs on a scorecard.
    pub fn points(self, severity: Severity) -> u32 {
        let written = match self {
            Self::Phrase(row) => row.points,
            Self::Check(row) => row.points,
        };
        written.unwrap_or_else(|| severity.default_points())
    }

    /// Whether points are lost at every violation or once in a conversation.
    pub fn per(self) -> Per {
        match self {
            Self::Phrase(row) => row.per,
            Self::Check(row) => row.per,
        }
    }

    /// Whether a violation fails the whole conversation.
    pub fn fatal(self) -> bool {
        match self {
            Self::Phrase(row) => row.fatal,
            Self::Check(row) => row.fatal,
        }
    }

    /// Examples that the pack promises.
    pub fn specs(self) -> &'r Specs {
        match self {
            Self::Phrase(row) => &row.specs,
            Self::Check(row) => &row.specs,
        }
    }
}
