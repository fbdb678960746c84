//! What `check` was asked to do, settled before anything is read.

use std::num::NonZeroUsize;
use std::thread;

use phrase_lint::plan::Plan;
use phrase_lint::rewrite::Rewriter;
use phrase_lint::source::{Document, Input, Origin};
use phrase_lint::suppression::{Suppressions, Suppressor};

use super::arguments::{CheckArguments, FixArguments, Unused};
use super::failure::Failure;
use super::fix::Destination;
use super::messages::Messages;
use super::outputs::Outputs;
use super::plan::Plans;
use super::terminal::Terminal;

/// Arguments that are known to make sense.
#[derive(Debug)]
pub(super) struct CheckOptions {
    /// What depends on where a file is.
    pub(super) plans: Plans,
    /// Threads that share the work.
    pub(super) threads: NonZeroUsize,
    /// Whether what a run may pass over with a warning is an error: files that may have been meant, characters that are lost.
    pub(super) strict: bool,
    /// The reports.
    pub(super) outputs: Outputs,
    /// Where corrected documents go, where any are wanted.
    pub(super) destination: Option<Destination>,
    /// Whether suggestions are applied too.
    pub(super) suggested: bool,
    /// Whether conversations are changed too.
    pub(super) transcripts: bool,
    /// Whether what the files say is not to be reported is left out.
    pub(super) heeds_suppressions: bool,
    /// Whether suppressions are written for what is wrong.
    pub(super) adds_suppressions: bool,
    /// What becomes of suppressions that hide nothing.
    pub(super) unused_suppressions: Unused,
}

impl CheckOptions {
    /// Settles how `inputs` are checked; those that are settings or packs themselves are taken out.
    pub(super) fn new(
        arguments: &CheckArguments,
        inputs: &mut Vec<Input>,
        terminal: &Terminal,
        messages: &Messages,
    ) -> Result<Self, Failure> {
        for input in inputs.iter_mut().filter(|input| input.origin == Origin::Stdin) {
            input.stands_for.clone_from(&arguments.stdin_filename);
        }
        let max_unpacked = arguments.max_unpacked.saturating_mul(1 << 20);
        let mut plans = Plans::new(&arguments.layer, &arguments.report.thresholds, inputs, max_unpacked, messages)?;
        let rules = std::mem::take(&mut plans.rules);
        Ok(Self {
            threads: arguments.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN),
            strict: arguments.strict,
            outputs: Outputs::new(&arguments.report, &plans.whole, rules, terminal, messages)?,
            plans,
            destination: match arguments.fixing {
                FixArguments { diff: true, .. } => Some(Destination::Diff),
                FixArguments { fix: true, .. } => Some(Destination::File),
                _ => None,
            },
            suggested: arguments.fixing.suggested,
            transcripts: arguments.fixing.force_transcripts,
            heeds_suppressions: !arguments.suppressions.no_suppressions,
            adds_suppressions: arguments.suppressions.add_suppressions,
            unused_suppressions: arguments.suppressions.unused_suppressions,
        })
    }

    /// What a document says is not to be reported.
    pub(super) fn suppressions(&self, plan: &Plan, document: &Document) -> Suppressions {
        if self.heeds_suppressions { Suppressions::of(document, &plan.reading) } else { Suppressions::off() }
    }

    /// What the parts of a document say that is read without its comments.
    pub(super) fn no_comments(&self) -> Suppressions {
        if self.heeds_suppressions { Suppressions::default() } else { Suppressions::off() }
    }

    /// What writes suppressions into a document, where that is wanted.
    pub(super) fn suppressor<'p>(&self, plan: &'p Plan) -> Suppressor<'p> {
        Suppressor {
            rule_set: &plan.rule_set,
            reading: &plan.reading,
            profile: plan.profile,
            direction: plan.direction,
            level: self.outputs.look().level,
            transcripts: self.transcripts,
        }
    }

    /// What puts a document right.
    pub(super) fn rewriter<'p>(&self, plan: &'p Plan) -> Rewriter<'p> {
        Rewriter {
            rule_set: &plan.rule_set,
            reading: &plan.reading,
            profile: plan.profile,
            direction: plan.direction,
            suggested: self.suggested,
            transcripts: self.transcripts,
        }
    }
}
