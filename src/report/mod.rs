//! Findings in the forms that their readers use: one file for each form, behind one trait.
//!
//! Every form is made from the same records ([`Findings`]) and the same sums ([`Summary`]), so it does not matter
//! whether they come from a run or from findings stored by an earlier one.

mod concise;
mod diff;
mod excerpt;
mod full;
mod json;
mod jsonl;
mod record;
#[cfg(test)]
mod sample;
mod sentence;
mod summary;
mod totals;
mod visible;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::style::Style;
use crate::violation::Severity;

pub use concise::Concise;
pub use diff::diff;
pub use full::Full;
pub use json::Json;
pub use jsonl::Jsonl;
pub use record::{ConversationRecord, Findings, Record, ViolationRecord};
pub use summary::{AgentSums, ByRewrite, BySeverity, Summary};
pub use visible::visible;

/// One form of report. Conversations come in input order, those of one file together.
pub trait Report {
    /// Reports a conversation and what was found in it, which may be nothing.
    ///
    /// # Errors
    /// Where the output cannot be written.
    fn conversation(&mut self, findings: &Findings) -> io::Result<()>;

    /// Ends the report.
    ///
    /// # Errors
    /// Where the output cannot be written.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// The forms by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// For a person at a terminal: sentence, marks, rewrite.
    #[default]
    Full,
    /// One line for each violation.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
}

/// How the forms for people look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Coloured or not.
    pub style: Style,
    /// Terminal cells in a line.
    pub width: usize,
    /// The least severity that is shown.
    pub level: Severity,
    /// Whether the counts stand at the end.
    pub totals: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { style: Style::default(), width: 100, level: Severity::Warning, totals: true }
    }
}

impl Format {
    /// All forms, in the order that help texts name them.
    pub const ALL: [Self; 4] = [Self::Full, Self::Concise, Self::Json, Self::Jsonl];

    /// The form's name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }

    /// A report in this form to `out`. Machine forms hold every severity and have no look.
    pub fn report<'w>(self, out: impl Write + 'w, look: Look) -> Box<dyn Report + 'w> {
        match self {
            Self::Full => Box::new(Full::new(out, look)),
            Self::Concise => Box::new(Concise::new(out, look)),
            Self::Json => Box::new(Json::new(out)),
            Self::Jsonl => Box::new(Jsonl::new(out)),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::as_str).join(", ");
        Self::ALL.into_iter().find(|format| format.as_str() == name).ok_or_else(|| format!("`{name}` is no form of report: use {names}"))
    }
}
