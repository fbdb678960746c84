//! `report`: findings that earlier runs stored, in any form, from any number of files.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use phrase_lint::plan::packs;
use phrase_lint::report::{Findings, Format, Report, RuleBook, Several, Stored, Summary, visible};
use phrase_lint::source::{self, FolderError, Input, Origin, SourceOptions};

use super::arguments::StoredArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::outputs::{Main, Outputs};
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
    let is_stored = |file: &Path| file.is_file() && Format::of_file(file) == Some(Format::Jsonl);
    let inputs = source::files(&arguments.paths, is_stored).map_err(no_findings)?;
    let read = inputs.iter().chain(&arguments.packs.config).chain(&arguments.packs.paths);
    Targets::new(&arguments.report.outputs)?.spare(read.map(PathBuf::as_path))?;
    let settings = plan::of_current_folder(&arguments.packs)?;
    let rules = packs::load(&packs::paths(&settings), &mut |note| messages.note(note))?;
    let outputs = Outputs::new(&arguments.report, &settings, RuleBook::new(&rules), terminal, messages)?;
    let mut run = Run {
        report: outputs.begin(Main::Stdout { is_live: false }, outputs.when_closed())?,
        summary: outputs.summary(),
        files: BTreeSet::new(),
        known: HashSet::default(),
        incomplete: false,
        outputs: &outputs,
        messages,
    };
    let told = inputs.iter().try_for_each(|path| run.input(path)).and_then(|()| {
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

/// Why a folder holds nothing to report.
fn no_findings(error: FolderError) -> Failure {
    match error {
        FolderError::Unreadable { path, error } => {
            Failure::argument(format!("{}: cannot be read: {error}", path.display()), "check the folder given for stored findings")
        }
        FolderError::Nothing(path) => Failure::argument(
            format!("{}: no stored findings in this folder", path.display()),
            "they are files that end in .jsonl, as `check -o findings.jsonl` writes them",
        ),
    }
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
}

impl Run<'_> {
    /// Reports what a path, or `-`, holds; of an archive, every file.
    fn input(&mut self, path: &Path) -> io::Result<()> {
        let origin = if path == Path::new("-") { Origin::Stdin } else { Origin::File(path.to_owned()) };
        let mut told = Ok(());
        Input { origin, named: true, stands_for: None }.unpack(SourceOptions::default().max_unpacked, &mut |opened| match opened {
            _ if told.is_err() => {}
            Ok((name, bytes)) => told = self.findings(&name.clone(), Stored::new(name, BufReader::with_capacity(BUFFER, bytes))),
            Err(error) => self.error(&error.to_string()),
        });
        told
    }

    fn findings(&mut self, name: &str, mut stored: Stored<impl BufRead>) -> io::Result<()> {
        let mut problems = 0;
        let mut own = HashSet::new();
        for findings in stored.by_ref() {
            match findings {
                Ok(findings) => {
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
                Err(error) => {
                    problems += 1;
                    match problems {
                        1..=PROBLEMS => self.error(&error.to_string()),
                        _ => self.summary.unreadable += 1,
                    }
                }
            }
        }
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
