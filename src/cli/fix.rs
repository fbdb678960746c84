//! `check --fix` and `check --diff`: documents put right on their way to the report.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use phrase_lint::report::{self, DiffFor, counted};
use phrase_lint::rewrite::Rewriter;
use phrase_lint::source::{self, Content, Document, Encoding, Input, Mended, Origin, Packed};
use phrase_lint::style::Style;

use super::messages::Messages;
use super::stdout::{Pipe, WhenClosed};

/// What happens to a corrected document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// Its file is replaced; standard input goes to standard output.
    File,
    /// Nothing is written; what would change is shown.
    Diff,
}

/// What was put right in a run.
#[derive(Debug)]
pub(super) struct Fixing {
    destination: Destination,
    style: Style,
    when_closed: WhenClosed,
    fixed: u64,
    /// Files that changed, or would.
    files: u64,
    suggestions: u64,
    refused: u64,
    kept_back: u64,
    /// Files that should have changed and could not be written.
    unwritten: u64,
}

/// Why a corrected document did not reach its destination.
pub(super) enum Undelivered {
    /// Its file could not be replaced; the run goes on.
    Unsaved(String),
    /// Standard output is gone.
    Output(io::Error),
}

impl From<io::Error> for Undelivered {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Fixing {
    pub(super) fn new(destination: Destination, style: Style, when_closed: WhenClosed) -> Self {
        Self { destination, style, when_closed, fixed: 0, files: 0, suggestions: 0, refused: 0, kept_back: 0, unwritten: 0 }
    }

    /// Puts a document right and delivers it; the result is what stands there now, or why the original still does.
    pub(super) fn put_right(
        &mut self,
        rewriter: &Rewriter<'_>,
        input: &Input,
        document: &Document,
        messages: &Messages,
    ) -> Result<Option<Document>, Undelivered> {
        let rewriting = rewriter.rewrite(document);
        for refusal in &rewriting.refusals {
            let place = refusal.line.map_or(document.name.clone(), |line| format!("{}:{line}", document.name));
            messages.remark(format_args!("{place}: {refusal}"));
        }
        if rewriting.read_only > 0 {
            let (what, remedy) = match document.packed {
                Packed::Not => ("a workbook", "save it as CSV"),
                _ => ("a compressed file", "unpack it"),
            };
            let violations = counted(rewriting.read_only, "violation");
            messages.warning(format_args!("{}: {what} is read-only here; {remedy} to have {violations} put right", document.name));
        }
        let corrected = rewriting.text.and_then(|text| match &document.content {
            Content::Text { encoding, .. } => Some((text, *encoding)),
            Content::Bytes(_) => None,
        });
        let corrected = corrected.map(|(text, encoding)| Document {
            name: document.name.clone(),
            packed: Packed::Not,
            mended: Mended::default(),
            content: Content::Text { text, encoding },
        });
        let delivered = self.deliver(input, document, corrected.as_ref(), messages);
        self.unwritten += u64::from(matches!(delivered, Err(Undelivered::Unsaved(_))));
        delivered?;
        self.fixed += rewriting.fixed;
        self.files += u64::from(corrected.is_some());
        self.suggestions += rewriting.suggestions;
        self.refused += rewriting.refusals.len() as u64;
        self.kept_back += rewriting.kept_back;
        Ok(corrected.filter(|_| self.destination == Destination::File))
    }

    fn deliver(&self, input: &Input, document: &Document, corrected: Option<&Document>, messages: &Messages) -> Result<(), Undelivered> {
        let unsaved = |why: &dyn fmt::Display| Undelivered::Unsaved(format!("{}: {why}", document.name));
        match (self.destination, &input.origin, corrected) {
            (Destination::Diff, _, Some(corrected)) => {
                let out = Pipe::new(io::stdout().lock(), self.when_closed);
                let [before, after] = [document, corrected].map(|document| document.text().unwrap_or_default());
                if io::stdout().is_terminal() || self.style.is_coloured() {
                    report::diff(out, &document.name, before, after, DiffFor::Person(self.style))?;
                } else {
                    tell_encoding(corrected, messages);
                    // The byte order mark is a part of the first line.
                    let mark = if has_mark(document) { "\u{feff}" } else { "" };
                    let [before, after] = [before, after].map(|text| format!("{mark}{text}"));
                    report::diff(out, &document.name, &before, &after, DiffFor::Program)?;
                }
            }
            (Destination::File, Origin::File(path), Some(corrected)) => {
                source::save(path, document, corrected.text().unwrap_or_default()).map_err(|error| unsaved(&error))?;
            }
            // A filter passes on what it does not change.
            (Destination::File, Origin::Stdin, _) => {
                let mut out = Pipe::new(io::stdout().lock(), self.when_closed);
                match &corrected.unwrap_or(document).content {
                    Content::Text { text, encoding } => out.write_all(&encoding.encode(text).map_err(|error| unsaved(&error))?)?,
                    Content::Bytes(bytes) => out.write_all(bytes)?,
                }
                out.flush()?;
            }
            // What is staged cannot be corrected, and is not asked for.
            (Destination::File, Origin::Given { .. }, Some(_)) | (_, _, None) => {}
        }
        Ok(())
    }

    /// Whether only a diff is wanted.
    pub(super) fn is_diff(&self) -> bool {
        self.destination == Destination::Diff
    }

    /// Whether anything changed, or would.
    pub(super) fn has_changes(&self) -> bool {
        self.files > 0
    }
}

fn has_mark(document: &Document) -> bool {
    matches!(&document.content, Content::Text { encoding, .. } if encoding.has_bom())
}

/// Says of a document in another encoding than UTF-8, in which people read a diff, that no program can apply it.
fn tell_encoding(document: &Document, messages: &Messages) {
    if let Content::Text { encoding, .. } = &document.content
        && encoding.name() != Encoding::UTF_8.name()
    {
        messages.warning(format_args!(
            "{}: the diff is in UTF-8 and the file in {}, so that `patch` cannot apply it; --fix writes the file in its encoding",
            document.name,
            encoding.name()
        ));
    }
}

/// The summary: `Fixed 12 violations in 3 files (4 more with --suggested).`
impl fmt::Display for Fixing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.is_diff() { "Would fix" } else { "Fixed" };
        if self.files > 0 {
            write!(f, "{verb} {} in {}", counted(self.fixed, "violation"), counted(self.files, "file"))?;
        } else {
            write!(f, "{verb} nothing")?;
        }
        if self.suggestions > 0 {
            write!(f, " ({} {}with --suggested)", self.suggestions, if self.files > 0 { "more " } else { "" })?;
        }
        f.write_str(".")?;
        if self.refused > 0 {
            write!(f, " {} not applied (--verbose says why).", counted(self.refused, "rewrite"))?;
        }
        if self.kept_back > 0 {
            write!(f, " {} in conversations left, for a log is evidence (--force-transcripts).", self.kept_back)?;
        }
        if self.unwritten > 0 {
            write!(f, " {} could not be written.", counted(self.unwritten, "file"))?;
        }
        Ok(())
    }
}
