//! What is said beside the report, on standard error.

use std::fmt::Display;
use std::io::{self, Write};

use phrase_lint::plan::Note;
use phrase_lint::report::{Redactor, visible};
use phrase_lint::style::{Style, Tone};
use phrase_lint::violation::Severity;

use super::Failure;
use super::terminal::Terminal;

/// Says errors and what was passed over always, other warnings unless quiet, remarks only when verbose.
#[derive(Debug)]
pub(super) struct Messages {
    style: Style,
    quiet: bool,
    verbose: bool,
    /// Masks what reports mask: names of speakers and words of files are quoted here too.
    redactor: Option<Redactor>,
}

impl Messages {
    pub(super) fn new(terminal: &Terminal, quiet: bool, verbose: bool) -> Self {
        Self { style: terminal.message_style, quiet, verbose, redactor: None }
    }

    /// The same, with what the redactor finds masked.
    pub(super) fn masked_by(self, redactor: Option<Redactor>) -> Self {
        Self { redactor, ..self }
    }

    /// What masks messages and reports, where that is wanted.
    pub(super) fn redactor(&self) -> Option<&Redactor> {
        self.redactor.as_ref()
    }

    /// Whether counts and remarks are left out.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub(super) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Packs(mistakes) => mistakes.iter().for_each(|mistake| self.error(mistake)),
            other => self.error(other),
        }
    }

    pub(super) fn error(&self, message: impl Display) {
        self.say(Severity::Error, message);
    }

    pub(super) fn warning(&self, message: impl Display) {
        if !self.quiet {
            self.say(Severity::Warning, message);
        }
    }

    /// Of files that went unchecked though they may have been meant: a run that is quiet is not silent about those.
    pub(super) fn passed_over(&self, message: impl Display) {
        self.say(Severity::Warning, message);
    }

    pub(super) fn remark(&self, message: impl Display) {
        if self.verbose {
            self.say(Severity::Info, message);
        }
    }

    /// What there is to say of settings and packs.
    pub(super) fn note(&self, note: Note) {
        match note {
            Note::Warning(note) => self.warning(note),
            Note::Remark(note) => self.remark(note),
        }
    }

    fn say(&self, severity: Severity, message: impl Display) {
        let mut message = message.to_string();
        if let Some(redactor) = &self.redactor {
            redactor.text(&mut message);
        }
        // File names and what stands in files are quoted in messages.
        let message: Vec<_> = message.lines().map(|line| visible(line).into_owned()).collect();
        // Where not even this can be written, the exit status still tells.
        let _ = writeln!(io::stderr().lock(), "{}: {}", self.style.paint(Tone::Severity(severity), severity.as_str()), message.join("\n"));
    }
}
