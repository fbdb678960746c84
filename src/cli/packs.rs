//! The rules of a run: the built-in packs, and those the user brings.

use std::collections::BTreeSet;
use std::path::PathBuf;

use phrase_lint::rule::{Pack, Rules};
use phrase_lint::{builtin, pack_file};

use super::failure::Failure;
use super::messages::Messages;

/// Endings of files that a folder of packs is searched for.
const ENDINGS: [&str; 4] = ["toml", "csv", "tsv", "xlsx"];

/// Loads the built-in packs with those at `paths`, files or folders, laid over them.
pub(super) fn load(paths: &[PathBuf], messages: &Messages) -> Result<Rules, Failure> {
    Ok(builtin::rules_with(read(paths, messages)?)?)
}

/// The same with the examples that all packs carry, the built-in ones too.
pub(super) fn load_with_examples(paths: &[PathBuf], messages: &Messages) -> Result<Rules, Failure> {
    Ok(builtin::rules_with_examples(read(paths, messages)?)?)
}

fn read(paths: &[PathBuf], messages: &Messages) -> Result<Vec<Pack>, Failure> {
    let packs: Vec<Pack> = files(paths)?.iter().map(|path| pack_file::load(path)).collect::<Result<_, _>>()?;
    for pack in packs.iter().filter(|pack| builtin::stands_for(pack).is_some()) {
        messages.remark(format_args!("{} stands in the place of the built-in pack of that name", pack.file()));
    }
    Ok(packs)
}

/// Says what the author of the packs at `paths` should know, though they load.
pub(super) fn warn(rules: &Rules, paths: &[PathBuf], messages: &Messages) -> Result<(), Failure> {
    let own = names(paths)?;
    rules.warnings.iter().filter(|warning| own.contains(&warning.file)).for_each(|warning| messages.warning(warning));
    Ok(())
}

/// The names of the packs at `paths`, as rules and errors give them.
pub(super) fn names(paths: &[PathBuf]) -> Result<BTreeSet<String>, Failure> {
    Ok(files(paths)?.iter().map(|path| path.display().to_string()).collect())
}

/// The pack files at `paths`, those of a folder sorted by name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable =
            |error| Failure::argument(format!("{}: cannot be read: {error}", path.display()), "check the folder given for packs");
        let mut found = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            found.push(entry.map_err(unreadable)?.path());
        }
        found.retain(|file| file.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending)));
        if found.is_empty() {
            return Err(Failure::argument(
                format!("{}: no packs in this folder", path.display()),
                format!("packs are files that end in .{}", ENDINGS.join(", .")),
            ));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// The failure to find a rule, with the one that was probably meant.
pub(super) fn unknown_rule(wrong: &str, nearest: Option<String>) -> Failure {
    let remedy =
        nearest.map_or_else(|| "`phrase-lint rules list` names all rules".to_owned(), |nearest| format!("did you mean `{nearest}`?"));
    Failure::argument(format!("there is no rule `{wrong}`"), remedy)
}
