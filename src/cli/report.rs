//! `report`: findings that earlier runs stored, in any form, from any number of files.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use phrase_lint::report::{Report, RuleBook, Several, Stored, Summary};
use phrase_lint::source::{Input, Origin, SourceOptions};

use super::arguments::StoredArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::outputs::{Main, Outputs};
use super::targets::Targets;
use super::terminal::Terminal;
use super::{Outcome, packs, plan};

/// Broken lines that are told of one file; the rest are counted.
const PROBLEMS: u64 = 20;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 16;

pub(super) fn run(arguments: &StoredArguments, terminal: &Terminal, messages: &Messages) -> Result<Outcome, Failure> {
    let read = arguments.paths.iter().chain(&arguments.packs.config).chain(&arguments.packs.paths);
    Targets::new(&arguments.report.outputs)?.spare(read.map(PathBuf::as_path))?;
    let settings = plan::of_current_folder(&arguments.packs)?;
    let rules = packs::load(&packs::paths(&settings), messages)?;
    let outputs = Outputs::new(&arguments.report, &settings, RuleBook::new(&rules), terminal, messages)?;
    let mut run = Run {
        report: outputs.begin(Main::Stdout { is_live: false }, outputs.when_closed())?,
        summary: outputs.summary(),
        files: BTreeSet::new(),
        incomplete: false,
        outputs: &outputs,
        messages,
    };
    let told = arguments.paths.iter().try_for_each(|path| run.input(path)).and_then(|()| {
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
    incomplete: bool,
}

impl Run<'_> {
    /// Reports what a path, or `-`, holds; of an archive, every file.
    fn input(&mut self, path: &Path) -> io::Result<()> {
        let origin = if path == Path::new("-") { Origin::Stdin } else { Origin::File(path.to_owned()) };
        let mut told = Ok(());
        Input { origin, named: true, stands_for: None }.unpack(SourceOptions::default().max_unpacked, &mut |opened| match opened {
            _ if told.is_err() => {}
            Ok((name, bytes)) => told = self.findings(Stored::new(name, BufReader::with_capacity(BUFFER, bytes))),
            Err(error) => self.error(&error.to_string()),
        });
        told
    }

    fn findings(&mut self, mut stored: Stored<impl BufRead>) -> io::Result<()> {
        let mut problems = 0;
        for findings in stored.by_ref() {
            match findings {
                Ok(findings) => {
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
