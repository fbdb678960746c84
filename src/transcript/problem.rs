//! What a reader could not read, said so that a person can put it right.

use std::fmt;

use super::strings::is_chinese;
use super::toml_strings::is_ours;
use super::{FORMATS, Matter, Sample};

/// A row, record or line that cannot be read. The rest of its file is read all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// The line (in a workbook, the row), from 1; none where the file as a whole is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}; {}", self.what, self.remedy)
    }
}

/// A document that no reader takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognised {
    /// Nothing but white space.
    #[error("{0}: the file is empty; nothing can be checked")]
    Empty(String),
    /// No format matches.
    #[error("{file}: no reader understands this file (tried {names}); name its format with --input-format, or leave the file out", names = format_names())]
    NoFormat {
        /// The file's name.
        file: String,
        /// Whether it is text and has Chinese in it: somebody may have meant it to be checked.
        is_chinese: bool,
    },
    /// It is what this program wrote.
    #[error("{0}: this is a report of phrase-lint, which nobody said; leave it out")]
    Report(String),
    /// `--input-format` names a format that there is not.
    #[error("there is no input format `{0}`; use one of {names}", names = format_names())]
    NoSuchFormat(String),
    /// `--input-format` names a format of text, but the file is none, or the other way round.
    #[error("{file}: this cannot be read as {format}, for it is {is}; leave out --input-format", is = if *.format == "xlsx" { "text" } else { "not text" })]
    NotThisFormat {
        /// The file's name.
        file: String,
        /// The format.
        format: &'static str,
    },
}

impl Unrecognised {
    /// Whether the document has Chinese text in it that no reader understands.
    pub fn is_chinese(&self) -> bool {
        matches!(self, Self::NoFormat { is_chinese: true, .. })
    }

    /// The error for a document of which this is a sample.
    pub(super) fn of(sample: &Sample<'_>) -> Self {
        let file = sample.name.to_owned();
        match sample.matter {
            Matter::Text(text) if text.trim().is_empty() => Self::Empty(file),
            Matter::Bytes([]) => Self::Empty(file),
            // What the linter itself is told by is no reply.
            _ => Self::NoFormat { file, is_chinese: sample.text().is_some_and(is_chinese) && !is_ours(sample) },
        }
    }
}

fn format_names() -> String {
    FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}
