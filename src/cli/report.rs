//! `report`: findings that earlier runs stored, in any form, from any number of files.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use phrase_lint::plan::packs;
use phrase_lint::report::{Findings, Report, RuleBook, Several, Stored, Summary, visible};
use phrase_lint::source::{Input, Origin, SourceOptions};

use super::arguments::StoredArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::outputs::{Main, Outputs};
use super::shards;
use super::targets::Targets;
use super::terminal::Terminal;
use super::{Outcome, plan};

/// Broken lines that are told of one file; the rest are counted.
const PROBLEMS: u64 = 20;

/// Conversations that are remembered, to tell whether they come again.
const KNOWN: usize = 2_000_000;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 16;

pub(super) fn run(arguments: &StoredArguments, terminal: &Terminal, messages: &Messages) -> Result<Outcome, Failure> {
    let targets = Targets::new(&arguments.report.outputs)?;
    let read = arguments.paths.iter().chain(&arguments.packs.config).chain(&arguments.packs.paths);
    targets.spare(read.map(PathBuf::as_path))?;
    let mut search = shards::find(&arguments.paths)?;
    targets.leave_out(&mut search.inputs, messages);
    shards::leave_out_copies(&mut search.inputs, messages);
    let settings = plan::of_current_folder(&arguments.packs)?;
    let rules = packs::load(&packs::paths(&settings), &mut |note| messages.note(note))?;
    let outputs = Outputs::new(&arguments.report, &settings, RuleBook::new(&rules), terminal, messages)?;
    let mut run = Run {
        report: outputs.begin(Main::Stdout { is_live: false }, outputs.when_closed())?,
        summary: outputs.summary(),
        files: BTreeSet::new(),
        known: HashSet::default(),
        incomplete: false,
        held: 0,
        outputs: &outputs,
        messages,
    };
    search.errors.iter().for_each(|error| run.error(&error.to_string()));
    let told = search.inputs.iter().try_for_each(|input| run.input(input)).and_then(|()| {
        if run.held == 0 && !run.incomplete {
            run.incomplete = true;
            messages.failure(&shards::nothing("no stored findings in what was given; --verbose says what each file is"));
        }
        run.summary.files = run.files.len() as u64;
        run.report.finish(&run.summary)
    });
    let outcome = if run.incomplete {
        Outcome::Incomplete
    } else if arguments.fail_on.0.is_some_and(|level| run.summary.at_least(level) > 0) {
        Outcome::Violations
    } else {
        Outcome::Clean
    };
    outcome.told(told)
}

/// A report under way.
struct Run<'o> {
    outputs: &'o Outputs,
    messages: &'o Messages,
    report: Several<'o>,
    summary: Summary,
    /// The transcripts in which the findings were made.
    files: BTreeSet<String>,
    /// Hashes of the conversations that earlier inputs told.
    known: HashSet<u64>,
    incomplete: bool,
    /// How many files held findings.
    held: u64,
}

impl Run<'_> {
    /// Reports what an input holds; of an archive, every file. What was found in a folder and holds none is passed over.
    fn input(&mut self, input: &Input) -> io::Result<()> {
        let mut told = Ok(());
        let is_meant = input.named || matches!(&input.origin, Origin::File(path) if shards::is_called_so(path));
        input.unpack(SourceOptions::default().max_unpacked, &mut |opened| match opened {
            _ if told.is_err() => {}
            Ok((name, bytes)) => {
                let stored = Stored::new(name.clone(), BufReader::with_capacity(BUFFER, bytes));
                told = self.findings(&name, stored, (input.named, is_meant));
            }
            Err(error) if !is_meant => self.messages.remark(format_args!("passed over: {error}")),
            Err(error) => self.error(&error.to_string()),
        });
        told
    }

    /// `is_named`: what holds no findings is an error; `is_meant`: what is empty or cut off at its start is.
    fn findings(&mut self, name: &str, mut stored: Stored<impl BufRead>, (is_named, is_meant): (bool, bool)) -> io::Result<()> {
        let mut problems = 0;
        let mut begun = false;
        let mut own = HashSet::new();
        for findings in stored.by_ref() {
            match findings {
                Ok(findings) => {
                    begun = true;
                    if self.known.len() + own.len() < KNOWN {
                        own.insert(fingerprint(&findings));
                    }
                    let findings = self.outputs.redacted(findings);
                    self.summary.add(&findings);
                    if !self.files.contains(&findings.conversation.file) {
                        self.files.insert(findings.conversation.file.clone());
                    }
                    self.report.conversation(&findings)?;
                }
                Err(error) if !begun && problems == 0 && !(is_named || is_meant && error.line.is_some()) => {
                    self.messages.remark(format_args!("passed over: {error}"));
                    return Ok(());
                }
                Err(error) => {
                    problems += 1;
                    match problems {
                        1..=PROBLEMS => self.error(&error.to_string()),
                        _ => self.summary.unreadable += 1,
                    }
                }
            }
        }
        self.held += 1;
        // A few may be alike by chance: two clean chats of two nights.
        if !own.is_empty() && own.is_subset(&self.known) {
            self.messages.warning(format_args!(
                "{}: another input tells the same {} too: they count twice; give each stored file once",
                visible(name),
                if own.len() == 1 { "conversation".to_owned() } else { format!("{} conversations", own.len()) }
            ));
        }
        self.known.extend(own);
        if problems > PROBLEMS {
            self.messages.error(format_args!("{} more like these", problems - PROBLEMS));
        }
        self.summary.suppressed += stored.suppressed;
        self.summary.baselined += stored.baselined;
        self.summary.skipped += stored.skipped;
        self.summary.unreadable += stored.unreadable;
        Ok(())
    }

    fn error(&mut self, what: &str) {
        self.incomplete = true;
        self.summary.unreadable += 1;
        self.messages.error(what);
    }
}

/// What tells a conversation and what was found in it from others.
fn fingerprint(findings: &Findings) -> u64 {
    let mut hasher = DefaultHasher::new();
    let told = &findings.conversation;
    (&told.file, &told.conversation, &told.agent, &told.time, told.turns, told.points, &told.rules).hash(&mut hasher);
    findings.violations.iter().for_each(|violation| (violation.turn, &violation.rule, &violation.sentence).hash(&mut hasher));
    hasher.finish()
}
