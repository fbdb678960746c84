//! The rules of a run: the built-in packs, and those the user brings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::rule::{Pack, PackError, Rules};
use crate::settings::{Origin, Settings};
use crate::source::{self, FolderError};
use crate::{builtin, pack_file};

use super::{Note, Tell};

/// Endings of files that a folder of packs is searched for.
const ENDINGS: [&str; 4] = ["toml", "csv", "tsv", "xlsx"];

/// Loads the built-in packs with those at `paths`, files or folders, laid over them.
///
/// # Errors
/// All mistakes in the packs.
pub fn load(paths: &[PathBuf], tell: Tell<'_>) -> Result<Rules, Vec<PackError>> {
    builtin::rules_with(read(paths, tell)?)
}

/// The same with the examples that all packs carry, the built-in ones too.
///
/// # Errors
/// All mistakes in the packs.
pub fn load_with_examples(paths: &[PathBuf], tell: Tell<'_>) -> Result<Rules, Vec<PackError>> {
    builtin::rules_with_examples(read(paths, tell)?)
}

fn read(paths: &[PathBuf], tell: Tell<'_>) -> Result<Vec<Pack>, Vec<PackError>> {
    let (mut packs, mut mistakes): (Vec<Pack>, Vec<PackError>) = Default::default();
    for path in files(paths).map_err(|mistake| vec![mistake])? {
        match pack_file::load(&path) {
            Ok(pack) => packs.push(pack),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    for pack in packs.iter().filter(|pack| builtin::stands_for(pack).is_some()) {
        tell(Note::Remark(format!("{} stands in the place of the built-in pack of that name", pack.file())));
    }
    Ok(packs)
}

/// Says what the author of the packs at `paths` should know, though they load.
///
/// # Errors
/// A folder of packs cannot be read.
pub fn warn(rules: &Rules, paths: &[PathBuf], tell: Tell<'_>) -> Result<(), PackError> {
    let own = names(paths)?;
    rules.warnings.iter().filter(|warning| own.contains(&warning.file)).for_each(|warning| tell(Note::Warning(warning.to_string())));
    Ok(())
}

/// The names of the packs at `paths`, as rules and errors give them.
///
/// # Errors
/// A folder of packs cannot be read, or has none.
pub fn names(paths: &[PathBuf]) -> Result<BTreeSet<String>, PackError> {
    Ok(files(paths)?.iter().map(|path| path.display().to_string()).collect())
}

/// The pack files at `paths`, those of a folder sorted by name.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, PackError> {
    let is_pack = |file: &Path| file.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
    source::files(paths, is_pack).map_err(|error| match error {
        FolderError::Unreadable { path, error } => {
            PackError::new(&path.display().to_string(), 0, format!("cannot be read: {error}"), "check the folder given for packs")
        }
        FolderError::Nothing(path) => {
            let remedy = format!("packs are files that end in .{}", ENDINGS.join(", ."));
            PackError::new(&path.display().to_string(), 0, "no packs in this folder", remedy)
        }
    })
}

/// The packs that settings name, each once.
pub fn paths(settings: &Settings) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for rules in &settings.rules {
        if !paths.contains(&rules.value) {
            paths.push(rules.value.clone());
        }
    }
    paths
}

/// Whether the packs that settings files name are there.
pub(super) fn exist(settings: &Settings) -> Result<(), PackError> {
    for rules in &settings.rules {
        if let Origin::File { file, line } = &rules.origin
            && !rules.value.exists()
        {
            let what = format!("there is no pack `{}`", rules.value.display());
            return Err(PackError::new(file, *line, what, "`rules` are packs or folders of packs, seen from the folder of the settings"));
        }
    }
    Ok(())
}
