//! From which severity on a run fails.

use std::fmt;
use std::str::FromStr;

use crate::violation::Severity;

/// The severity from which a run fails; none where findings never fail it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailOn(pub Option<Severity>);

impl FailOn {
    /// Whether a violation of this severity fails the run.
    pub fn is_met_by(self, severity: Severity) -> bool {
        self.0.is_some_and(|least| severity >= least)
    }
}

impl Default for FailOn {
    fn default() -> Self {
        Self(Some(Severity::Warning))
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.map_or("never", Severity::as_str))
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "never" => Ok(Self(None)),
            _ => word
                .parse()
                .map(|severity| Self(Some(severity)))
                .map_err(|_| format!("`{word}` is no level: use error, warning, info or never")),
        }
    }
}
