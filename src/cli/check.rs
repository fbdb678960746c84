//! `check`: the whole run, from paths to a report.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};

use phrase_lint::report::{Format, Report, Several, Summary};
use phrase_lint::source::{self, Encoding, Mended, Origin};
use phrase_lint::suppression::Remark;
use phrase_lint::transcript::Problem;

use super::Outcome as Status;
use super::arguments::{CheckArguments, Unused};
use super::baseline::BaselineFile;
use super::examine::{End, Examiner, Heard, Outcome, Part};
use super::failure::Failure;
use super::fix::{Destination, Fixing};
use super::git::Changed;
use super::giving::Giving;
use super::messages::Messages;
use super::options::CheckOptions;
use super::outputs::Main;
use super::pipeline;
use super::progress::Progress;
use super::signals;
use super::stdout::{Pipe, WhenClosed};
use super::strangers::Strangers;
use super::suppress::Suppressing;
use super::targets::Targets;
use super::terminal::Terminal;
use super::unchecked::Unchecked;
use super::unmet::{Unmet, unmet};
use super::unread::Unread;

/// Problems that are told of one file; the rest are counted.
const PROBLEMS: u64 = 20;

pub(super) fn run(arguments: &CheckArguments, terminal: &Terminal, messages: &Messages) -> Result<Status, Failure> {
    let targets = Targets::new(&arguments.report.outputs)?;
    targets.spare(read(arguments))?;
    let mut search = source::find(&arguments.paths);
    targets.leave_out(&mut search.inputs, messages)?;
    if arguments.git.skip_unknown {
        search.inputs.iter_mut().for_each(|input| input.named = false);
    }
    let changed = Changed::limit(&arguments.git, &mut search.inputs)?;
    let options = CheckOptions::new(arguments, &mut search.inputs, terminal, messages)?;
    // Suppressions are written for everything there is.
    let usual = options.plans.whole.baseline.as_ref().filter(|_| !options.adds_suppressions);
    let mut baseline = BaselineFile::open(&arguments.baseline, usual, !arguments.report.redact)?;
    if let Some(baseline) = &mut baseline {
        targets.spare([baseline.path()])?;
        baseline.begin(&mut search.inputs);
    }
    let is_live = search.inputs.iter().any(|input| input.origin == Origin::Stdin);
    // Corrected standard input has standard output to itself.
    let is_filter = options.destination == Some(Destination::File) && is_live;
    let main = match options.destination {
        Some(Destination::Diff) => Main::Nowhere,
        _ if is_filter => Main::Stderr,
        _ => Main::Stdout { is_live },
    };
    let mut suppressing = options.adds_suppressions.then(Suppressing::default);
    let writes_files = options.destination == Some(Destination::File) && !is_filter
        || options.adds_suppressions
        || baseline.as_ref().is_some_and(BaselineFile::is_written);
    if writes_files {
        signals::heed();
    }
    let when_closed = if writes_files { WhenClosed::GoOn } else { options.outputs.when_closed() };
    let mut fixing = options.destination.map(|destination| Fixing::new(destination, options.outputs.look().style, when_closed));
    let is_stopped = Cell::new(false);
    // A baseline knows the words, and git the lines, as they are written.
    let examiner = Examiner::new(&options, baseline.is_none() && changed.is_none());
    let mut run = Run {
        report: options.outputs.begin(main, when_closed)?,
        summary: Summary { unreadable: search.errors.len() as u64, ..options.outputs.summary() },
        progress: Progress::new(&search.inputs, terminal.shows_progress),
        failed: false,
        incomplete: !search.errors.is_empty(),
        may_be_empty: changed.is_some() || arguments.git.skip_unknown,
        changed,
        baseline,
        has_mistaken_suppressions: false,
        unchecked: Unchecked::default(),
        unread: Unread::default(),
        open: Open::default(),
        archive: (0, 0),
        written: Ok(()),
        is_stopped: &is_stopped,
        options: &options,
        messages,
    };
    search.errors.iter().for_each(|error| messages.error(error));
    pipeline::run(
        options.threads,
        |job| examiner.examine(job),
        &mut |outcome| run.take(outcome),
        |feed| {
            let mut giving = Giving {
                options: &options,
                messages,
                fixing: &mut fixing,
                suppressing: &mut suppressing,
                is_stopped: &is_stopped,
                bytes: 0,
            };
            for input in &search.inputs {
                if is_stopped.get() {
                    break;
                }
                giving.input(input, feed);
            }
        },
    );
    run.finish(fixing.as_ref(), suppressing.as_ref(), is_filter, when_closed)
}

/// The files that the arguments name to be read.
fn read(arguments: &CheckArguments) -> impl Iterator<Item = &Path> {
    let packs = &arguments.layer.packs;
    let baseline = arguments.baseline.baseline.iter().chain(arguments.baseline.write_baseline.iter().flatten());
    arguments.paths.iter().chain(&packs.config).chain(&packs.paths).chain(baseline).map(PathBuf::as_path)
}

/// A run under way: where results are told and summed up, in the order of the inputs.
struct Run<'o> {
    options: &'o CheckOptions,
    messages: &'o Messages,
    report: Several<'o>,
    summary: Summary,
    progress: Progress,
    /// Whether a violation is as grave as to fail the run.
    failed: bool,
    /// Whether something that the user named could not be read.
    incomplete: bool,
    /// Whether it is all right that there is nothing to check.
    may_be_empty: bool,
    /// What git says changed.
    changed: Option<Changed>,
    /// What was there before.
    baseline: Option<BaselineFile>,
    /// Whether a suppression is unused or does not say what it should, where that is to fail.
    has_mistaken_suppressions: bool,
    /// Turns of which nobody knows who spoke.
    unchecked: Unchecked,
    /// Files that were passed over though they may have been meant.
    unread: Unread,
    /// The document that results come from.
    open: Open,
    /// Files read and things unreadable when the archive began.
    archive: (u64, u64),
    /// Whether the output is gone, and why.
    written: io::Result<()>,
    is_stopped: &'o Cell<bool>,
}

/// What was told of a document so far.
#[derive(Default)]
struct Open {
    conversations: u64,
    problems: u64,
    /// What was warned of: what all records have is told of the first.
    warned: BTreeSet<String>,
    /// Warnings beyond those.
    unwarned: u64,
    strangers: Strangers,
}

impl Run<'_> {
    fn take(&mut self, outcome: Outcome) {
        // What was given out before the end of the run was known is not told.
        if self.is_stopped.get() {
            return;
        }
        match outcome {
            Outcome::Part(part) => self.part(part),
            Outcome::End(end) => self.end(end),
            Outcome::Whole(part, end) => {
                self.part(part);
                self.end(end);
            }
            Outcome::Failed(why) => self.unreadable(why),
            // Whoever writes counts what was not written.
            Outcome::Unwritten(why) => self.error(why),
            Outcome::Gone(error) => {
                self.written = Err(error);
                self.is_stopped.set(true);
            }
            Outcome::Archive => self.archive = (self.summary.files, self.summary.unreadable),
            Outcome::ArchiveEnd(name) if self.archive == (self.summary.files, self.summary.unreadable) => {
                self.unreadable(format_args!("{name}: no reader understands any file in this archive; -v names them"));
            }
            Outcome::ArchiveEnd(_) => {}
        }
    }

    fn part(&mut self, part: Part) {
        let changed = self.changed.as_ref().filter(|changed| changed.is_by_line());
        if let (Some(changed), Some(baseline)) = (changed, &mut self.baseline) {
            // What was there before is what stands as it was: no copy beside it, wherever it stands, is known instead.
            for heard in part.heard.iter().flatten().filter(|heard| !heard.findings.violations.is_empty()) {
                let mut unchanged = heard.findings.clone();
                changed.drop(&mut unchanged);
                baseline.hide(&mut unchanged);
            }
        }
        for heard in part.heard {
            match heard {
                Ok(heard) => self.heard(heard),
                Err(problem) => self.problem(&problem),
            }
            if self.is_stopped.get() {
                return;
            }
        }
        self.open.strangers.join(part.strangers);
        self.unchecked.join(part.unchecked);
        self.progress.is_at(part.bytes, &self.summary);
    }

    fn problem(&mut self, problem: &Problem) {
        if problem.is_warning && !(problem.is_passed_over && self.options.strict) {
            let Open { warned, unwarned, .. } = &mut self.open;
            if warned.len() as u64 == PROBLEMS {
                *unwarned += u64::from(!warned.contains(&problem.what));
            } else if warned.insert(problem.what.clone()) {
                self.progress.aside(|| self.messages.warning(problem));
            }
            return;
        }
        self.open.problems += 1;
        if self.open.problems <= PROBLEMS {
            self.unreadable(problem);
        } else {
            self.summary.unreadable += 1;
        }
    }

    fn heard(&mut self, heard: Heard) {
        let Heard { mut findings, suppressed, remarks, fail_on } = heard;
        self.open.conversations += 1;
        self.summary.suppressed += suppressed;
        self.suppression_remarks(&findings.conversation.file.clone(), remarks);
        if let Some(changed) = &self.changed {
            changed.keep(&mut findings);
        }
        if let Some(baseline) = &mut self.baseline {
            self.summary.baselined += baseline.hide(&mut findings);
        }
        if self.changed.is_some() || self.baseline.is_some() {
            findings = self.options.outputs.redacted(findings);
        }
        self.summary.add(&findings);
        self.failed |= findings.violations.iter().any(|violation| fail_on.is_met_by(violation.severity));
        let report = &mut self.report;
        let written = if findings.violations.is_empty() {
            report.conversation(&findings)
        } else {
            self.progress.aside(|| report.conversation(&findings))
        };
        if written.is_err() {
            self.written = written;
            self.is_stopped.set(true);
        }
    }

    fn end(&mut self, end: End) {
        let Open { conversations, problems, unwarned, strangers, .. } = mem::take(&mut self.open);
        let name = &end.name;
        self.suppression_remarks(name, end.remarks);
        let is_by_line = self.changed.as_ref().is_some_and(Changed::is_by_line);
        let is_whole = end.read.is_ok() && problems == 0 && strangers.conversations == 0 && !is_by_line;
        if let Some(baseline) = self.baseline.as_mut().filter(|_| is_whole) {
            baseline.read(name);
        }
        if problems > PROBLEMS {
            self.error(format_args!("{name}: {} more like these", problems - PROBLEMS));
        }
        if unwarned > 0 {
            self.progress.aside(|| self.messages.warning(format_args!("{name}: {unwarned} more like these")));
        }
        if strangers.conversations > 0 {
            self.summary.unreadable += strangers.conversations;
            self.error(format_args!("{name}: {strangers}"));
        }
        match end.read {
            Ok(detected) => {
                self.summary.files += 1;
                let conversations = if conversations == 1 { "1 conversation".to_owned() } else { format!("{conversations} conversations") };
                let encoding = match end.encoding {
                    Some(encoding) if encoding != Encoding::UTF_8 => format!(", {}", encoding.name()),
                    _ => String::new(),
                };
                let remark = format_args!("{name}: read as {}{encoding} ({}): {conversations}", detected.format.name, detected.why);
                self.progress.aside(|| self.messages.remark(remark));
                self.mended(name, &end.mended, end.encoding);
            }
            Err(unrecognised) if end.is_named || (self.options.strict && unrecognised.may_be_meant()) => self.unreadable(unrecognised),
            Err(unrecognised) => {
                self.summary.skipped += 1;
                if self.options.strict && unrecognised.is_empty_export() {
                    return self.progress.aside(|| self.messages.warning(unrecognised));
                }
                if unrecognised.may_be_meant() {
                    self.unread.add(name);
                }
                self.progress.aside(|| self.messages.remark(format_args!("skipped: {unrecognised}")));
            }
        }
    }

    /// Tells of lines that were not in the encoding of their document; where something of them is lost, that is an error in a
    /// run that must read all.
    fn mended(&mut self, name: &str, mended: &Mended, encoding: Option<Encoding>) {
        if mended.is_empty() {
            return;
        }
        let rest = encoding.map_or("text", Encoding::name);
        let message = format!(
            "{name}: {mended}; the rest is {rest}\n  help: save the file in one encoding, or name its encoding with --encoding if it is none of these"
        );
        if mended.is_damaged() && self.options.strict {
            self.unreadable(message);
        } else {
            self.progress.aside(|| self.messages.warning(message));
        }
    }

    /// Tells what there is to say of the suppressions of a document.
    fn suppression_remarks(&mut self, name: &str, remarks: Vec<Remark>) {
        for remark in remarks {
            let place = remark.line.map_or(name.to_owned(), |line| format!("{name}:{line}"));
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

    fn finish(
        mut self,
        fixing: Option<&Fixing>,
        suppressing: Option<&Suppressing>,
        is_filter: bool,
        when_closed: WhenClosed,
    ) -> Result<Status, Failure> {
        self.progress.finish();
        let written = mem::replace(&mut self.written, Ok(()));
        if written.is_err() {
            return self.status(fixing).told(written);
        }
        // What is summed up says what the baseline holds, and must not where that could not be written.
        let renewed = match &self.baseline {
            Some(baseline) => baseline.finish(|rule| self.options.plans.is_on_everywhere(rule))?,
            None => None,
        };
        let written = self.report.finish(&self.summary);
        if written.is_err() {
            return self.status(fixing).told(written);
        }
        if let Some(fixing) = fixing.filter(|_| self.options.outputs.look().totals) {
            // Beside what programs read, people are told on standard error.
            let is_beside = fixing.is_diff() || is_filter || !matches!(self.options.outputs.format(), Format::Full | Format::Concise);
            if is_beside { writeln!(io::stderr(), "{fixing}")? } else { writeln!(Pipe::new(io::stdout(), when_closed), "{fixing}")? }
        }
        if let Some(suppressing) = suppressing.filter(|_| self.options.outputs.look().totals) {
            writeln!(io::stderr(), "{suppressing}")?;
        }
        if !self.unchecked.is_empty() {
            self.messages.warning(&self.unchecked);
        }
        if !self.unread.is_empty() {
            self.messages.passed_over(&self.unread);
        }
        // What was not read to its end may have had what is missing.
        if !self.is_stopped.get() {
            let Unmet { missing, absent } = unmet(&self.options.plans);
            for what in missing {
                if self.options.strict { self.error(what) } else { self.messages.warning(what) }
            }
            absent.iter().for_each(|warning| self.messages.warning(warning));
        }
        if self.summary.conversations == 0 && !self.incomplete && !self.may_be_empty {
            self.error(
                "no conversation or reply was found\n  help: check the paths; -v tells what was passed over, --input-format names a format",
            );
        }
        if let Some(renewed) = renewed {
            renewed.tell(self.messages)?;
        }
        Ok(self.status(fixing))
    }

    /// What the run comes to, by what was seen so far.
    fn status(&self, fixing: Option<&Fixing>) -> Status {
        if self.incomplete {
            Status::Incomplete
        } else if let Some(fixing) = fixing.filter(|fixing| fixing.is_diff()) {
            if fixing.has_changes() { Status::Violations } else { Status::Clean }
        } else if self.failed || self.has_mistaken_suppressions {
            Status::Violations
        } else {
            Status::Clean
        }
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
