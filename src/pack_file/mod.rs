//! Packs from disk: TOML, or a table of two columns.

mod table;

use std::fs;
use std::path::Path;

use crate::rule::{Pack, PackError};
use crate::source::utf8;

/// Reads a pack from disk: TOML, or a table (`.csv`, `.tsv`, `.xlsx`).
///
/// # Errors
/// The file cannot be read, is not UTF-8 (a table may be), or is no pack: of a table all rows that are wrong, of TOML the first mistake.
pub fn load(path: &Path) -> Result<Pack, Vec<PackError>> {
    let file = path.display().to_string();
    let mistake = |message: String, remedy: &str| vec![PackError::new(&file, 0, message, remedy)];
    let bytes = fs::read(path).map_err(|error| mistake(format!("cannot be read: {error}"), "check the path given to --rules"))?;
    if table::is_table(path) {
        return table::parse(path, bytes);
    }
    let text = utf8(&bytes).map_err(|error| vec![PackError::new(&file, error.line, error.to_string(), error.remedy())])?;
    Pack::parse(&file, text).map_err(|mistake| vec![mistake])
}
