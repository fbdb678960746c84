//! x
use super::*;
pub(super) fn run(_a: &arguments::CheckArguments, _terminal: &Terminal, _messages: &Messages) -> Result<Outcome, Failure> {
    Ok(Outcome::Clean)
}
