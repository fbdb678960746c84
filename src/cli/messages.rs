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
        let message = shown(&message);
        // Where not even this can be written, the exit status still tells.
        let _ = writeln!(io::stderr().lock(), "{}: {}", self.style.paint(Tone::Severity(severity), severity.as_str()), message);
    }
}

/// A message fit to be shown. File names and what stands in files are quoted in it: a line end stays only where the line behind it is
/// indented, as those of help are, and would not be taken for a command by a CI that reads what programs say.
fn shown(message: &str) -> String {
    let mut shown = String::new();
    for (number, line) in message.lines().enumerate() {
        let is_own = line.starts_with("  ") && !["::", "##["].iter().any(|command| line.trim_start().starts_with(command));
        match number {
            0 => {}
            _ if is_own => shown.push('\n'),
            _ => shown.push('␊'),
        }
        shown.push_str(&visible(line));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_begins_no_line() {
        assert_eq!(shown("a: wrong\n  help: mend it\n"), "a: wrong\n  help: mend it");
        assert_eq!(shown("`昨天\n::error file=x::forged`\u{1b}"), "`昨天␊::error file=x::forged`␛");
        assert_eq!(shown("a\r\n  ::error::b\n  ##[error]c"), "a␊  ::error::b␊  ##[error]c");
    }
}
