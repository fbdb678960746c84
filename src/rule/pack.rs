//! One pack: its TOML read.

use std::path::Path;

use super::PackError;
use super::document::Document;

/// A pack as read: its keys are known and of the right type; its patterns are not yet parsed.
#[derive(Debug)]
pub struct Pack {
    /// The file's name, as errors show it.
    pub(super) file: String,
    /// Where its lines end, in bytes.
    line_ends: Vec<usize>,
    pub(super) document: Document,
    /// Whether the program carries it.
    pub(super) is_builtin: bool,
}

impl Pack {
    /// Reads a pack's text. `file` is the name that errors show.
    ///
    /// # Errors
    /// The first mistake of TOML's own grammar, or the first unknown key or wrong type.
    pub fn parse(file: &str, text: &str) -> Result<Self, PackError> {
        match toml::from_str(text) {
            Ok(document) => Ok(Self::new(file, text, document)),
            Err(error) => Err(PackError::of_toml(file, text, &error)),
        }
    }

    /// A pack whose places are bytes of `text`.
    pub(crate) fn new(file: &str, text: &str, document: Document) -> Self {
        Self { file: file.to_owned(), line_ends: text.match_indices('\n').map(|(at, _)| at).collect(), document, is_builtin: false }
    }

    /// The same as one that the program carries: where its rows and those of another pack want the same words, the other's go first.
    #[must_use]
    pub fn builtin(self) -> Self {
        Self { is_builtin: true, ..self }
    }

    /// The number of the line that holds the byte `at`, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_ends.partition_point(|&end| end < at) + 1
    }

    /// The file's name, as errors show it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// A mistake at a byte of the pack's text.
    pub(super) fn mistake(&self, at: usize, message: impl Into<String>, remedy: impl Into<String>) -> PackError {
        PackError::new(&self.file, self.line(at), message, remedy)
    }

    /// Whether it holds no rules, but word classes and dates for all packs.
    pub(super) fn is_shared(&self) -> bool {
        let Document { pack, phrase, check, count, .. } = &self.document;
        pack.is_none() && phrase.is_empty() && check.is_empty() && count.is_empty()
    }

    /// Whether it changes what the rules of other packs are made of: word classes or days for all.
    pub fn concerns_all(&self) -> bool {
        self.is_shared() || !self.document.dates.is_empty()
    }

    /// The first half of every rule id in the file.
    pub(super) fn category(&self) -> &str {
        match &self.document.pack {
            Some(header) => &header.category,
            None => Path::new(&self.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or("rules"),
        }
    }
}
