//! What `check` was asked to do, settled before anything is read.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use phrase_lint::lint::{RuleSet, Selection};
use phrase_lint::rewrite::Rewriter;
use phrase_lint::rule::{Profile, Rules};
use phrase_lint::source::{Document, SourceOptions};
use phrase_lint::suppression::{Suppressions, Suppressor};
use phrase_lint::transcript::{Direction, ReadOptions};
use phrase_lint::violation::Severity;

use super::arguments::{CheckArguments, FixArguments, Unused};
use super::failure::Failure;
use super::fix::Destination;
use super::messages::Messages;
use super::outputs::Outputs;
use super::packs;
use super::terminal::Terminal;

/// Arguments that are known to make sense.
#[derive(Debug)]
pub(super) struct CheckOptions {
    /// Files, folders, globs, `-`.
    pub(super) paths: Vec<PathBuf>,
    /// How files are read.
    pub(super) source: SourceOptions,
    /// How transcripts are read.
    pub(super) reading: ReadOptions,
    /// Threads that share the work.
    pub(super) threads: NonZeroUsize,
    /// Whether the first thing that cannot be read ends the run.
    pub(super) strict: bool,
    /// Who began the conversations that do not say it.
    pub(super) direction: Option<Direction>,
    /// The rules that are on.
    pub(super) rule_set: RuleSet,
    /// The profile of all conversations; by default that of their kind.
    pub(super) profile: Option<Profile>,
    /// The reports.
    pub(super) outputs: Outputs,
    /// Where corrected documents go, where any are wanted.
    pub(super) destination: Option<Destination>,
    /// Whether suggestions are applied too.
    pub(super) suggested: bool,
    /// Whether conversations are changed too.
    pub(super) transcripts: bool,
    /// The severity from which the run fails.
    pub(super) fail_on: Option<Severity>,
    /// Whether what the files say is not to be reported is left out.
    pub(super) heeds_suppressions: bool,
    /// Whether suppressions are written for what is wrong.
    pub(super) adds_suppressions: bool,
    /// What becomes of suppressions that hide nothing.
    pub(super) unused_suppressions: Unused,
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
            source: SourceOptions { encoding: arguments.encoding, max_unpacked: arguments.max_unpacked.saturating_mul(1 << 20) },
            reading: ReadOptions {
                format: arguments.input_format.clone(),
                speakers: arguments.speakers.clone(),
                date_order: arguments.date_order,
                assumption: arguments.assume_agent.clone(),
                ..ReadOptions::default()
            },
            threads: arguments.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN),
            strict: arguments.strict,
            direction: arguments.direction,
            rule_set: RuleSet::new(&rules, &selection),
            profile: arguments.profile,
            outputs: Outputs::new(&arguments.report, &rules, terminal, messages)?,
            destination: match arguments.fixing {
                FixArguments { diff: true, .. } => Some(Destination::Diff),
                FixArguments { fix: true, .. } => Some(Destination::File),
                _ => None,
            },
            suggested: arguments.fixing.suggested,
            transcripts: arguments.fixing.force_transcripts,
            fail_on: arguments.fail_on.0,
            heeds_suppressions: !arguments.suppressions.no_suppressions,
            adds_suppressions: arguments.suppressions.add_suppressions,
            unused_suppressions: arguments.suppressions.unused_suppressions,
        })
    }

    /// What a document says is not to be reported.
    pub(super) fn suppressions(&self, document: &Document) -> Suppressions {
        if self.heeds_suppressions { Suppressions::of(document, &self.reading) } else { Suppressions::off() }
    }

    /// What the parts of a document say that is read without its comments.
    pub(super) fn no_comments(&self) -> Suppressions {
        if self.heeds_suppressions { Suppressions::default() } else { Suppressions::off() }
    }

    /// What writes suppressions into documents, where that is wanted.
    pub(super) fn suppressor(&self) -> Option<Suppressor<'_>> {
        self.adds_suppressions.then(|| Suppressor {
            rule_set: &self.rule_set,
            reading: &self.reading,
            profile: self.profile,
            direction: self.direction,
            level: self.outputs.look().level,
            transcripts: self.transcripts,
        })
    }

    /// What puts documents right in this run.
    pub(super) fn rewriter(&self) -> Rewriter<'_> {
        Rewriter {
            rule_set: &self.rule_set,
            reading: &self.reading,
            profile: self.profile,
            direction: self.direction,
            suggested: self.suggested,
            transcripts: self.transcripts,
        }
    }
}

/// A rule that does not exist is neither on nor off: the user must have meant another.
fn known(selection: &Selection, rules: &Rules) -> Result<(), Failure> {
    match selection.unknown(rules).into_iter().next() {
        None => Ok(()),
        Some((wrong, nearest)) => Err(packs::unknown_rule(&wrong, nearest)),
    }
}
