//! Which settings hold where: the nearest file upwards, each read once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::rule::PackError;

use super::SettingsFile;
use super::paths::{shown, whole};

/// The name under which settings are looked for.
pub const FILE_NAME: &str = "phrase-lint.toml";

/// Which settings are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The nearest, from the folder of what is checked upwards.
    Nearest,
    /// Those of this file, wherever it is.
    File(PathBuf),
    /// None at all.
    Nothing,
}

/// Finds the settings of files. The search ends at the top of a repository (a folder with `.git`).
#[derive(Debug)]
pub struct Folders {
    choice: Choice,
    /// The folder from which paths are seen, whole.
    current: PathBuf,
    /// Folders as they were typed, and whole: to ask the system once for each is enough.
    typed: HashMap<PathBuf, PathBuf>,
    /// What holds in a folder, by its whole path.
    found: HashMap<PathBuf, Option<Arc<SettingsFile>>>,
}

impl Folders {
    /// Looks for settings by `choice`; `current` is the folder from which paths are seen.
    pub fn new(choice: Choice, current: &Path) -> Self {
        Self { choice, current: whole(current), typed: HashMap::new(), found: HashMap::new() }
    }

    /// The settings that hold for a file, which need not exist, with its path as overrides see it; none where there
    /// are no settings.
    ///
    /// # Errors
    /// The settings cannot be read, or something in them is wrong.
    pub fn of(&mut self, file: &Path) -> Result<Option<(Arc<SettingsFile>, PathBuf)>, PackError> {
        if self.choice == Choice::Nothing {
            return Ok(None);
        }
        let folder = self.folder(file);
        let settings = match (self.found.get(&folder), &self.choice) {
            (Some(found), _) => found.clone(),
            (None, Choice::File(named)) => {
                // One file holds everywhere.
                let same = self.found.values().next().cloned().flatten();
                let read = || SettingsFile::read(named, &self.current).map(Arc::new);
                Some(same.map_or_else(read, Ok)?)
            }
            (None, _) => self.upwards(&folder)?,
        };
        self.found.entry(folder.clone()).or_insert_with(|| settings.clone());
        Ok(settings.map(|settings| (settings, folder.join(file.file_name().unwrap_or_default()))))
    }

    fn folder(&mut self, file: &Path) -> PathBuf {
        let typed = file.parent().unwrap_or(Path::new(""));
        if let Some(known) = self.typed.get(typed) {
            return known.clone();
        }
        let folder = whole(&self.current.join(typed));
        self.typed.insert(typed.to_owned(), folder.clone());
        folder
    }

    fn upwards(&mut self, folder: &Path) -> Result<Option<Arc<SettingsFile>>, PackError> {
        for above in folder.ancestors() {
            if let Some(known) = self.found.get(above) {
                return Ok(known.clone());
            }
            let file = above.join(FILE_NAME);
            if file.is_file() {
                let read = Arc::new(SettingsFile::read(&shown(&file, &self.current), above)?);
                // Other folders below find the same.
                self.found.insert(above.to_owned(), Some(Arc::clone(&read)));
                return Ok(Some(read));
            }
            if above.join(".git").exists() {
                break;
            }
        }
        Ok(None)
    }
}
