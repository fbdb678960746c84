//! What `check` was asked to do, settled before anything is read.

use std::path::PathBuf;

use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rule::{Profile, Rules};
use phrase_lint::source::Encoding;
use phrase_lint::transcript::{Direction, ReadOptions};
use phrase_lint::violation::Severity;

use super::arguments::CheckArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::outputs::Outputs;
use super::packs;
use super::terminal::Terminal;

/// Arguments that are known to make sense.
#[derive(Debug)]
pub(super) struct CheckOptions {
    /// Files, folders, globs, `-`.
    pub(super) paths: Vec<PathBuf>,
    /// How transcripts are read.
    pub(super) reading: ReadOptions,
    /// The encoding of all files, where the user named one.
    pub(super) encoding: Option<Encoding>,
    /// Who began the conversations that do not say it.
    pub(super) direction: Option<Direction>,
    /// The rules that are on.
    pub(super) rule_set: RuleSet,
    /// The profile of all conversations; by default that of their kind.
    pub(super) profile: Option<Profile>,
    /// The reports.
    pub(super) outputs: Outputs,
    /// The severity from which the run fails.
    pub(super) fail_on: Option<Severity>,
}

impl CheckOptions {
    pub(super) fn new(arguments: &CheckArguments, terminal: &Terminal, messages: &Messages) -> Result<Self, Failure> {
        let rules = packs::load(&arguments.packs.paths, messages)?;
        packs::warn(&rules, &arguments.packs.paths, messages)?;
        let selection =
            Selection { select: arguments.select.clone(), ignore: arguments.ignore.clone(), severities: arguments.severities.clone() };
        known(&selection, &rules)?;
        Ok(Self {
            paths: arguments.paths.clone(),
            reading: ReadOptions { format: arguments.input_format.clone(), speakers: arguments.speakers.clone() },
            encoding: arguments.encoding,
            direction: arguments.direction,
            rule_set: RuleSet::new(&rules, &selection),
            profile: arguments.profile,
            outputs: Outputs::new(&arguments.report, &rules, terminal, messages)?,
            fail_on: arguments.fail_on.0,
        })
    }
}

/// A rule that does not exist is neither on nor off: the user must have meant another.
fn known(selection: &Selection, rules: &Rules) -> Result<(), Failure> {
    match selection.unknown(rules).into_iter().next() {
        None => Ok(()),
        Some((wrong, nearest)) => Err(packs::unknown_rule(&wrong, nearest)),
    }
}
