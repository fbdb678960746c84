//! `check --add-suppressions`: documents with suppressions on their way to the report.

use std::fmt;

use phrase_lint::report::counted;
use phrase_lint::source::{self, Document, Input, Origin};
use phrase_lint::suppression::Suppressor;

use super::messages::Messages;

/// What was written in a run.
#[derive(Debug, Default)]
pub(super) struct Suppressing {
    violations: u64,
    files: u64,
    /// Files in which suppressions were wanted and that could not be written.
    unwritten: u64,
}

impl Suppressing {
    /// Writes suppressions into the file of a document; the result is what stands there now, where that is something
    /// else, or why it could not be written. What has no place for suppressions is told, and its violations reported.
    pub(super) fn suppress(
        &mut self,
        suppressor: &Suppressor<'_>,
        input: &Input,
        document: &Document,
        messages: &Messages,
    ) -> Result<Option<Document>, String> {
        let failed = |why: &dyn fmt::Display| format!("{}: {why}", document.name);
        let addition = match (suppressor.suppress(document), &input.origin) {
            (Ok(None), _) => return Ok(None),
            (Ok(Some(_)), Origin::Stdin | Origin::Given { .. }) => {
                Err(failed(&"suppressions are written into files only; give the file's path"))
            }
            (Ok(Some(addition)), Origin::File(path)) => Ok((addition, path)),
            (Err(no_place), _) => Err(failed(&no_place)),
        };
        let (addition, path) = match addition {
            Ok(addition) => addition,
            Err(why) => {
                messages.warning(why);
                return Ok(None);
            }
        };
        if let Err(error) = source::save(path, document, &addition.text) {
            self.unwritten += 1;
            return Err(failed(&error));
        }
        self.violations += addition.violations;
        self.files += 1;
        Ok(Some(document.with_text(addition.text)))
    }
}

impl fmt::Display for Suppressing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.violations, self.files) {
            (0, _) => f.write_str("No suppression was written.")?,
            (1, _) => f.write_str("Wrote a suppression of 1 violation in 1 file; add the reason behind a dash.")?,
            (violations, 1) => write!(f, "Wrote suppressions of {violations} violations in 1 file; add the reasons behind a dash.")?,
            (violations, files) => {
                write!(f, "Wrote suppressions of {violations} violations in {files} files; add the reasons behind a dash.")?;
            }
        }
        if self.unwritten > 0 {
            write!(f, " {} could not be written.", counted(self.unwritten, "file"))?;
        }
        Ok(())
    }
}
