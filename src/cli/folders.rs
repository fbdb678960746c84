//! Folders given in the place of the files in them.

use std::path::{Path, PathBuf};

use super::failure::Failure;

/// The files at `paths`; of a folder those that are wanted, sorted by name. `what` they hold, and by what they are known, is told
/// where a folder has none.
pub(super) fn files(paths: &[PathBuf], what: &str, remedy: &str, is_wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable =
            |error| Failure::argument(format!("{}: cannot be read: {error}", path.display()), format!("check the folder given for {what}"));
        let mut found = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            found.push(entry.map_err(unreadable)?.path());
        }
        found.retain(|file| is_wanted(file));
        if found.is_empty() {
            return Err(Failure::argument(format!("{}: no {what} in this folder", path.display()), remedy));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}
