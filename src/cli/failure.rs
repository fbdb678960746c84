//! What keeps a run from doing its work, told so that the user can put it right.

use std::fmt;
use std::io;

use phrase_lint::plan::PlanError;
use phrase_lint::rule::PackError;
use phrase_lint::settings::UnknownRule;

/// Why a run ended.
#[derive(Debug)]
pub(super) enum Failure {
    /// An argument that cannot be meant.
    Argument {
        /// What is wrong.
        what: String,
        /// What to do about it.
        remedy: String,
    },
    /// Mistakes in settings or packs.
    Packs(Vec<PackError>),
    /// A rule that there is not.
    Rule(UnknownRule),
    /// The report cannot be written.
    Output(io::Error),
}

impl Failure {
    pub(super) fn argument(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Argument { what: what.into(), remedy: remedy.into() }
    }

    /// Whether only the reader of the output went away.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<PackError> for Failure {
    fn from(error: PackError) -> Self {
        Self::Packs(vec![error])
    }
}

impl From<Vec<PackError>> for Failure {
    fn from(errors: Vec<PackError>) -> Self {
        Self::Packs(errors)
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Mistakes(mistakes) => Self::Packs(mistakes),
            PlanError::Rule(unknown) => Self::Rule(unknown),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument { what, remedy } => write!(f, "{what}\n  help: {remedy}"),
            Self::Packs(errors) => errors.iter().try_for_each(|error| writeln!(f, "{error}")),
            Self::Rule(unknown) => unknown.fmt(f),
            Self::Output(error) => {
                write!(f, "the report cannot be written: {error}\n  help: check the free space and the permissions where it goes")
            }
        }
    }
}
