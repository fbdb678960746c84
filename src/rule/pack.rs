//! Packs: where they come from, and their TOML read.

use std::fs;
use std::path::Path;

use super::PackError;
use super::document::Document;
use super::table_pack;

/// The built-in packs: the files of `rules/`, by name, each with its text.
pub(super) const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// A pack as read: its keys are known and of the right type; its patterns are not yet parsed.
#[derive(Debug)]
pub struct Pack {
    /// The file's name, as errors show it.
    pub(super) file: String,
    /// Where its lines end, in bytes.
    line_ends: Vec<usize>,
    pub(super) document: Document,
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
    pub(super) fn new(file: &str, text: &str, document: Document) -> Self {
        Self { file: file.to_owned(), line_ends: text.match_indices('\n').map(|(at, _)| at).collect(), document }
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

    /// The first half of every rule id in the file.
    pub(super) fn category(&self) -> &str {
        match &self.document.pack {
            Some(header) => &header.category,
            None => Path::new(&self.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or("rules"),
        }
    }
}

/// The packs that are part of the program.
///
/// # Errors
/// None in a program that passed its tests; the type is that of every other pack.
pub fn builtin() -> Result<Vec<Pack>, PackError> {
    BUILTIN.iter().map(|(file, text)| Pack::parse(file, text)).collect()
}

/// Reads a pack from disk: TOML, or a table (`.csv`, `.tsv`, `.xlsx`).
///
/// # Errors
/// The file cannot be read, is not UTF-8 (a table may be), or is no pack.
pub fn load(path: &Path) -> Result<Pack, PackError> {
    let file = path.display().to_string();
    let bytes =
        fs::read(path).map_err(|error| PackError::new(&file, 0, format!("cannot be read: {error}"), "check the path given to --rules"))?;
    if table_pack::is_table(path) {
        return table_pack::parse(path, bytes);
    }
    let text = String::from_utf8(bytes).map_err(|_| PackError::new(&file, 0, "is not UTF-8", "save the pack as UTF-8"))?;
    Pack::parse(&file, text.strip_prefix('\u{FEFF}').unwrap_or(&text))
}
