//! How a file is checked, by where it is: its rules, how it is read, what fails the run.
//!
//! A [`Planner`] finds the settings of a file, lays what the user said on top, loads the packs that are named and makes their
//! rules ready; files under the same settings share a [`Plan`], and plans with the same rules share these. [`packs`] loads rules
//! for what looks at rules only. What there is to say on the way is a [`Note`].

pub mod packs;
mod planner;

use std::fmt;

use crate::rule::PackError;
use crate::settings::UnknownRule;

pub use planner::{Found, Plan, Planner};

/// Something that whoever wrote the settings or packs should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// What is probably not meant.
    Warning(String),
    /// What is good to know for whoever asks.
    Remark(String),
}

/// Where notes go.
pub type Tell<'t> = &'t mut dyn FnMut(Note);

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanError {
    /// Mistakes in settings or packs.
    Mistakes(Vec<PackError>),
    /// A rule is chosen that there is not.
    Rule(UnknownRule),
}

impl From<PackError> for PlanError {
    fn from(mistake: PackError) -> Self {
        Self::Mistakes(vec![mistake])
    }
}

impl From<Vec<PackError>> for PlanError {
    fn from(mistakes: Vec<PackError>) -> Self {
        Self::Mistakes(mistakes)
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mistakes(mistakes) => {
                let told: Vec<String> = mistakes.iter().map(PackError::to_string).collect();
                f.write_str(&told.join("\n"))
            }
            Self::Rule(unknown) => unknown.fmt(f),
        }
    }
}

impl std::error::Error for PlanError {}
