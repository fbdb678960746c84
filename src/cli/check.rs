//! `check`: the whole run, from paths to a report.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};

use phrase_lint::report::{Findings, Format, Report, Several, Summary};
use phrase_lint::rule::Profile;
use phrase_lint::source::{self, Content, Document, Encoding, Input, Origin, Packed};
use phrase_lint::suppression::{Remark, Suppressions};
use phrase_lint::text::Lines;
use phrase_lint::transcript::{self, Conversation, Speaker};

use super::Outcome;
use super::arguments::{CheckArguments, Unused};
use super::baseline::BaselineFile;
use super::failure::Failure;
use super::fix::{Destination, Fixing, Undelivered};
use super::messages::Messages;
use super::options::CheckOptions;
use super::outputs::Main;
use super::plan::Plan;
use super::progress::Progress;
use super::terminal::Terminal;

/// Problems that are told of one file; the rest are counted.
const PROBLEMS: u64 = 20;
/// Names that are told of speakers whom nobody knows.
const NAMES: usize = 6;

pub(super) fn run(arguments: &CheckArguments, terminal: &Terminal, messages: &Messages) -> Result<Outcome, Failure> {
    let mut search = source::find(&arguments.paths);
    let options = CheckOptions::new(arguments, &mut search.inputs, terminal, messages)?;
    let mut baseline = BaselineFile::open(&arguments.baseline, !arguments.report.redact)?;
    if let Some(baseline) = &mut baseline {
        baseline.begin(&mut search.inputs);
    }
    // Corrected standard input has standard output to itself.
    let is_filter = options.destination == Some(Destination::File) && search.inputs.iter().any(|input| input.origin == Origin::Stdin);
    let main = match options.destination {
        Some(Destination::Diff) => Main::Nowhere,
        _ if is_filter => Main::Stderr,
        _ => Main::Stdout,
    };
    let mut run = Run {
        report: options.outputs.begin(main)?,
        fixing: options.destination.map(|destination| Fixing::new(destination, options.outputs.look().style)),
        is_filter,
        summary: Summary { unreadable: search.errors.len() as u64, ..options.outputs.summary() },
        progress: Progress::new(search.inputs.len(), terminal.shows_progress),
        failed: false,
        incomplete: !search.errors.is_empty(),
        baseline,
        has_mistaken_suppressions: false,
        options: &options,
        messages,
    };
    search.errors.iter().for_each(|error| messages.error(error));
    for input in &search.inputs {
        if run.is_stopped() {
            break;
        }
        run.input(input)?;
    }
    run.finish()
}

/// A run under way.
struct Run<'o> {
    options: &'o CheckOptions,
    messages: &'o Messages,
    report: Several<'o>,
    /// Corrections, where they are wanted.
    fixing: Option<Fixing>,
    /// Whether standard output is for corrected standard input.
    is_filter: bool,
    summary: Summary,
    progress: Progress,
    /// Whether anything was found that fails the run, after the settings of its file.
    failed: bool,
    /// Whether something that the user named could not be read.
    incomplete: bool,
    /// What was there before.
    baseline: Option<BaselineFile>,
    /// Whether a suppression is unused or does not say what it should, where that is to fail.
    has_mistaken_suppressions: bool,
}

impl Run<'_> {
    /// Whether nothing more is to be read.
    fn is_stopped(&self) -> bool {
        self.options.strict && self.incomplete
    }

    fn input(&mut self, input: &Input) -> Result<(), Failure> {
        let (files, unreadable) = (self.summary.files, self.summary.unreadable);
        let mut outcome = Ok(());
        let mut is_archive = false;
        input.read(&self.options.plans.of(input).source, &mut |document| match document {
            _ if outcome.is_err() || self.is_stopped() => {}
            Ok(document) => {
                is_archive |= document.packed == Packed::AmongOthers;
                outcome = self.document(document, input);
            }
            Err(error) => self.unreadable(error),
        });
        outcome?;
        if is_archive && input.named && (files, unreadable) == (self.summary.files, self.summary.unreadable) {
            self.unreadable(format_args!("{}: no reader understands any file in this archive; -v names them", input.name()));
        }
        Ok(())
    }

    fn document(&mut self, document: Document, input: &Input) -> Result<(), Failure> {
        let options = self.options;
        let plan = options.plans.of(input);
        let document = &self.corrected(plan, input, document)?;
        let suppressions = options.suppressions(plan, document);
        let lines = OnceCell::new();
        let mut written = Ok(());
        let (mut problems, mut strangers) = (0, Strangers::default());
        let before = self.summary.conversations;
        let read = transcript::read(document, &plan.reading, &mut |result| match result {
            // Once the output is gone the rest is read for nothing, but a reader cannot be stopped.
            _ if written.is_err() || self.is_stopped() => {}
            Ok(conversation) if !conversation.knows_agent() => strangers.add(&conversation),
            Ok(conversation) => written = self.conversation(plan, document, conversation, &lines, &suppressions),
            Err(problem) => {
                problems += 1;
                if problems <= PROBLEMS {
                    self.unreadable(problem);
                } else {
                    self.summary.unreadable += 1;
                }
            }
        });
        written?;
        self.suppression_remarks(document, suppressions.remarks(&plan.rule_set));
        if let Some(baseline) = self.baseline.as_mut().filter(|_| read.is_ok() && problems == 0 && strangers.conversations == 0) {
            baseline.read(&document.name);
        }
        if problems > PROBLEMS {
            self.error(format_args!("{}: {} more like these", document.name, problems - PROBLEMS));
        }
        if strangers.conversations > 0 {
            self.summary.unreadable += strangers.conversations;
            self.error(format_args!("{}: {strangers}", document.name));
        }
        match read {
            Ok(detected) => {
                self.summary.files += 1;
                let conversations = match self.summary.conversations - before {
                    1 => "1 conversation".to_owned(),
                    count => format!("{count} conversations"),
                };
                let encoding = match &document.content {
                    Content::Text { encoding, .. } if *encoding != Encoding::UTF_8 => format!(", {}", encoding.name()),
                    _ => String::new(),
                };
                let remark =
                    format_args!("{}: read as {}{encoding} ({}): {conversations}", document.name, detected.format.name, detected.why);
                self.progress.aside(|| self.messages.remark(remark));
            }
            // An archive is read like a folder.
            Err(unrecognised) if input.named && document.packed != Packed::AmongOthers => self.unreadable(unrecognised),
            Err(unrecognised) => {
                self.summary.skipped += 1;
                self.progress.aside(|| self.messages.remark(format_args!("skipped: {unrecognised}")));
            }
        }
        Ok(())
    }

    /// The document as it is once the corrections are made that are wanted.
    fn corrected(&mut self, plan: &Plan, input: &Input, document: Document) -> Result<Document, Failure> {
        let Some(fixing) = &mut self.fixing else { return Ok(document) };
        let rewriter = self.options.rewriter(plan);
        match self.progress.aside(|| fixing.put_right(&rewriter, input, &document, self.messages)) {
            Ok(corrected) => Ok(corrected.unwrap_or(document)),
            Err(Undelivered::Unsaved(why)) => {
                self.error(why);
                Ok(document)
            }
            Err(Undelivered::Output(error)) => Err(error.into()),
        }
    }

    fn conversation<'d>(
        &mut self,
        plan: &Plan,
        document: &'d Document,
        mut conversation: Conversation,
        lines: &OnceCell<Lines<'d>>,
        suppressions: &Suppressions,
    ) -> io::Result<()> {
        conversation.direction = conversation.direction.or(plan.direction);
        let profile = plan.profile.unwrap_or(Profile::from(conversation.kind));
        let rule_set = &plan.rule_set;
        let cover = suppressions.cover(&conversation);
        let examination = rule_set.examine_except(&conversation, profile, |violation| cover.hides(violation));
        self.summary.suppressed += cover.hidden();
        let all_lines = || lines.get_or_init(|| Lines::new(document.text().unwrap_or_default(), 1));
        self.suppression_remarks(document, cover.remarks(&conversation, rule_set, |at| all_lines().position(at).line));
        let none = Lines::new("", 1);
        // Line starts are looked for only in documents with a violation.
        let lines = if examination.violations.is_empty() { &none } else { all_lines() };
        let mut findings = Findings::new(&document.name, &conversation, &examination, lines);
        if let Some(baseline) = &mut self.baseline {
            self.summary.baselined += baseline.hide(&mut findings);
        }
        let findings = self.options.outputs.findings(findings, &conversation);
        self.summary.add(&findings);
        self.failed |= findings.violations.iter().any(|violation| plan.fail_on.is_met_by(violation.severity));
        self.progress.conversation(&self.summary);
        let report = &mut self.report;
        if findings.violations.is_empty() { report.conversation(&findings) } else { self.progress.aside(|| report.conversation(&findings)) }
    }

    /// Tells what there is to say of the suppressions of a document.
    fn suppression_remarks(&mut self, document: &Document, remarks: Vec<Remark>) {
        for remark in remarks {
            let place = remark.line.map_or(document.name.clone(), |line| format!("{}:{line}", document.name));
            let message = format_args!("{place}: {remark}");
            match self.options.unused_suppressions {
                _ if !remark.is_mistake() => self.progress.aside(|| self.messages.remark(message)),
                Unused::Warn => self.progress.aside(|| self.messages.warning(message)),
                Unused::Fail => {
                    self.has_mistaken_suppressions = true;
                    self.progress.aside(|| self.messages.error(message));
                }
                Unused::Off => {}
            }
        }
    }

    fn finish(mut self) -> Result<Outcome, Failure> {
        self.progress.finish();
        self.report.finish(&self.summary)?;
        if let Some(fixing) = self.fixing.as_ref().filter(|_| self.options.outputs.look().totals) {
            // Beside what programs read, people are told on standard error.
            let is_beside = fixing.is_diff() || self.is_filter || !matches!(self.options.outputs.format(), Format::Full | Format::Concise);
            if is_beside { writeln!(io::stderr(), "{fixing}")? } else { writeln!(io::stdout(), "{fixing}")? }
        }
        if self.summary.conversations == 0 && !self.incomplete {
            self.error(
                "no conversation or reply was found\n  help: check the paths; -v tells what was passed over, --input-format names a format",
            );
        }
        if let Some(baseline) = &self.baseline {
            baseline.finish(|rule| self.options.plans.is_on_everywhere(rule), self.messages)?;
        }
        Ok(if self.incomplete {
            Outcome::Incomplete
        } else if let Some(fixing) = self.fixing.as_ref().filter(|fixing| fixing.is_diff()) {
            if fixing.has_changes() { Outcome::Violations } else { Outcome::Clean }
        } else if self.failed || self.has_mistaken_suppressions {
            Outcome::Violations
        } else {
            Outcome::Clean
        })
    }

    fn unreadable(&mut self, what: impl fmt::Display) {
        self.summary.unreadable += 1;
        self.error(what);
    }

    fn error(&mut self, what: impl fmt::Display) {
        self.incomplete = true;
        self.progress.aside(|| self.messages.error(what));
    }
}

/// Conversations of which nobody is known to be the agent: to call them clean would be wrong.
#[derive(Debug, Default)]
struct Strangers {
    conversations: u64,
    names: BTreeSet<String>,
}

impl Strangers {
    fn add(&mut self, conversation: &Conversation) {
        self.conversations += 1;
        let names = conversation.turns.iter().filter(|turn| turn.speaker == Speaker::Unknown).filter_map(|turn| turn.name.clone());
        self.names.extend(names.take(NAMES.saturating_sub(self.names.len())));
    }
}

impl fmt::Display for Strangers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conversations =
            if self.conversations == 1 { "a conversation".to_owned() } else { format!("{} conversations", self.conversations) };
        write!(
            f,
            "nobody is known to be the agent in {conversations} of this file; say who is: --speaker NAME=agent, or --assume-agent first"
        )?;
        if !self.names.is_empty() {
            let names: Vec<_> = self.names.iter().map(String::as_str).collect();
            write!(f, " (names found: {})", names.join(", "))?;
        }
        Ok(())
    }
}
