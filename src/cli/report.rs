//! `report`: findings that earlier runs stored, in any form, from any number of files.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Display;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use phrase_lint::plan::packs;
use phrase_lint::report::{Findings, Holds, Report, RuleBook, Several, Stored, Summary, visible};
use phrase_lint::source::{Input, Origin, SourceError, SourceOptions};
use phrase_lint::violation::Severity;

use super::arguments::StoredArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::outputs::{Main, Outputs};
use super::shards;
use super::targets::Targets;
use super::terminal::Terminal;
use super::{Outcome, plan};

/// What findings call standard input.
const STDIN: &str = "<stdin>";

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
    targets.leave_out(&mut search.inputs, messages)?;
    let copies = shards::copies(&search.inputs);
    let settings = plan::of_current_folder(&arguments.packs)?;
    let rules = packs::load(&packs::paths(&settings), &mut |note| messages.note(note))?;
    let outputs = Outputs::new(&arguments.report, &settings, RuleBook::new(&rules), terminal, messages)?;
    let mut run = Run {
        report: outputs.begin(Main::Stdout { is_live: false }, outputs.when_closed())?,
        summary: outputs.summary(),
        files: BTreeSet::new(),
        known: HashSet::default(),
        incomplete: false,
        held: HashSet::new(),
        named: HashSet::new(),
        outputs: &outputs,
        messages,
    };
    search.errors.iter().for_each(|error| run.error(&error.to_string()));
    let told = (0..search.inputs.len()).try_for_each(|index| {
        // What names no file is no copy: of what came through standard input two shards may tell the same, and be two.
        match copies.get(&index) {
            Some(earlier) if run.named.contains(earlier) => run.copy(&search.inputs[index], &search.inputs[*earlier]),
            _ => run.input(index, &search.inputs[index])?,
        }
        Ok(())
    });
    if told.is_ok() && run.held.is_empty() {
        // An earlier report stays: this one would be empty.
        if run.incomplete {
            return Ok(Outcome::Incomplete);
        }
        return Err(shards::nothing("no stored findings in what was given; --verbose says what each file is"));
    }
    let told = told.and_then(|()| {
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
    /// The inputs, by their place among those given, in which a line of findings was read.
    held: HashSet<usize>,
    /// Those of them that tell of conversations in files.
    named: HashSet<usize>,
}

/// What a file is taken for before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// Anything: it was found, and its name says nothing.
    Anything,
    /// Findings, or something else of that name.
    ByName,
    /// Findings: the user named it.
    Findings,
}

/// How grave it is that something is wrong with a file: findings that are lost are an error, and what may have been findings is
/// told at least.
fn gravity(holds: Holds, expected: Expected) -> Severity {
    match (holds, expected) {
        (Holds::Findings, _) | (_, Expected::Findings) | (Holds::Nothing | Holds::Unknown, Expected::ByName) => Severity::Error,
        (Holds::Unknown, Expected::Anything) => Severity::Warning,
        (Holds::Nothing, Expected::Anything) | (Holds::SomethingElse, _) => Severity::Info,
    }
}

impl Run<'_> {
    /// Reports what an input holds; of an archive, every file, by its own name. What was found in a folder and holds no findings is
    /// passed over.
    fn input(&mut self, index: usize, input: &Input) -> io::Result<()> {
        let mut told = Ok(());
        let is_called_so = matches!(&input.origin, Origin::File(path) if shards::is_called_so(path));
        let expected = |name: &str| match input.named {
            true => Expected::Findings,
            false if is_called_so || shards::is_called_so(Path::new(name)) => Expected::ByName,
            false => Expected::Anything,
        };
        input.unpack(SourceOptions::default().max_unpacked, &mut |opened| match opened {
            _ if told.is_err() => {}
            Ok((name, bytes)) => {
                let stored = Stored::new(name.clone(), BufReader::with_capacity(BUFFER, bytes));
                told = self.findings(index, &name, stored, expected(&name));
            }
            Err(error) => {
                let expected = match &error {
                    SourceError::Packed { name, .. } => expected(name),
                    _ => expected(""),
                };
                self.tell(gravity(Holds::Unknown, expected), &error);
            }
        });
        told
    }

    /// Tells of an input that holds, byte for byte, what one before it does.
    fn copy(&self, copy: &Input, of: &Input) {
        let (copy, of) = (copy.name(), of.name());
        let (copy, of) = (visible(&copy), visible(&of));
        self.messages.warning(format_args!("{copy}: holds the same as {of}, and counts once; give each stored file once"));
    }

    /// Reports what a file holds, which the input of this place is, or has in it.
    fn findings(&mut self, index: usize, name: &str, mut stored: Stored<impl BufRead>, expected: Expected) -> io::Result<()> {
        let mut problems = 0;
        let mut own = HashSet::new();
        for findings in stored.by_ref() {
            match findings {
                Ok(findings) => {
                    if self.known.len() + own.len() < KNOWN {
                        own.insert(fingerprint(&findings));
                    }
                    if findings.conversation.file != STDIN {
                        self.named.insert(index);
                    }
                    let findings = self.outputs.redacted(findings);
                    self.summary.add(&findings);
                    if !self.files.contains(&findings.conversation.file) {
                        self.files.insert(findings.conversation.file.clone());
                    }
                    self.report.conversation(&findings)?;
                }
                Err(error) => {
                    let gravity = gravity(error.holds, expected);
                    problems += u64::from(gravity == Severity::Error);
                    match problems {
                        0..=PROBLEMS => self.tell(gravity, &error),
                        _ => self.summary.unreadable += 1,
                    }
                }
            }
        }
        // A few may be alike by chance: two clean chats of two nights.
        if !own.is_empty() && own.is_subset(&self.known) {
            self.messages.warning(format_args!(
                "{}: another input tells the same {} too: they count twice; if they are the same, give them once",
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
        if stored.holds_findings {
            self.held.insert(index);
        }
        Ok(())
    }

    fn tell(&mut self, gravity: Severity, what: &impl Display) {
        match gravity {
            Severity::Error => self.error(&what.to_string()),
            Severity::Warning => self.messages.warning(format_args!("passed over: {what}")),
            Severity::Info => self.messages.remark(format_args!("passed over: {what}")),
        }
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
