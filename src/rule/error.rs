//! A mistake in a pack, told so that its author can put it right.

use std::fmt;

/// A mistake in a pack: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackError {
    /// The pack's file, or the name of a built-in pack.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong, with the offending text.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl PackError {
    /// A mistake at a line of a file.
    pub fn new(file: &str, line: usize, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.remedy.is_empty() {
            write!(f, "\n  help: {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for PackError {}
