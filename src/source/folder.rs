//! Folders given in the place of the files in them, and files that are named to be left out.

use std::io;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::Gitignore;

use super::input::IGNORE_FILE;

/// Why a folder stands for no files.
#[derive(Debug)]
pub enum FolderError {
    /// It cannot be read.
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// None of the files in it is wanted.
    Nothing(PathBuf),
}

/// The files at `paths`; of a folder those that are wanted, sorted by name.
///
/// # Errors
/// A folder cannot be read, or has no such file.
pub fn files(paths: &[PathBuf], is_wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, FolderError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |error| FolderError::Unreadable { path: path.clone(), error };
        let mut found = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            found.push(entry.map_err(unreadable)?.path());
        }
        found.retain(|file| is_wanted(file));
        if found.is_empty() {
            return Err(FolderError::Nothing(path.clone()));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Whether a `.phrase-lintignore` names a file, of which the whole path is given. They are looked for from its folder upwards as
/// far as the repository (`.git`); the nearest that says anything counts.
pub fn is_left_out(file: &Path) -> bool {
    for folder in file.ancestors().skip(1) {
        let list = folder.join(IGNORE_FILE);
        if list.is_file() {
            // A line with a mistake says nothing; a run over the folder tells of it.
            let (list, _) = Gitignore::new(&list);
            match list.matched_path_or_any_parents(file, false) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_list_counts() {
        let folder = tempfile::tempdir().unwrap();
        let repository = folder.path();
        fs::create_dir_all(repository.join(".git")).unwrap();
        fs::create_dir_all(repository.join("src/words")).unwrap();
        fs::write(repository.join(IGNORE_FILE), "src/\n/notes.md\n").unwrap();
        fs::write(repository.join("src/words").join(IGNORE_FILE), "!replies.md\n").unwrap();
        let left_out = |path: &str| is_left_out(&repository.join(path));
        assert!(left_out("notes.md") && left_out("src/deep/readme.md") && left_out("src/words/other.md"));
        assert!(!left_out("replies.md") && !left_out("deep/notes.md") && !left_out("src/words/replies.md"));
    }
}
