//! The rules of a run: the built-in packs, and those the user brings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use phrase_lint::rule::{Pack, Rules};
use phrase_lint::settings::{Origin, Settings};
use phrase_lint::{builtin, pack_file};

use super::failure::Failure;
use super::folders;
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
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let is_pack = |file: &Path| file.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
    folders::files(paths, "packs", &format!("packs are files that end in .{}", ENDINGS.join(", .")), is_pack)
}

/// The packs that settings name, each once.
pub(super) fn paths(settings: &Settings) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for rules in &settings.rules {
        if !paths.contains(&rules.value) {
            paths.push(rules.value.clone());
        }
    }
    paths
}

/// Whether the packs that settings files name are there.
pub(super) fn exist(settings: &Settings) -> Result<(), Failure> {
    let in_files = settings.rules.iter().filter(|rules| matches!(rules.origin, Origin::File { .. }));
    match in_files.into_iter().find(|rules| !rules.value.exists()) {
        Some(missing) => Err(Failure::argument(
            format!("{}: there is no pack `{}`", missing.origin, missing.value.display()),
            "`rules` are packs or folders of packs, seen from the folder of the settings",
        )),
        None => Ok(()),
    }
}

/// The failure to find a rule, with the one that was probably meant, and where it is named.
pub(super) fn unknown_rule(wrong: &str, nearest: Option<String>, origin: Option<&Origin>) -> Failure {
    let remedy =
        nearest.map_or_else(|| "`phrase-lint rules list` names all rules".to_owned(), |nearest| format!("did you mean `{nearest}`?"));
    let place = match origin {
        Some(place @ Origin::File { .. }) => format!("{place}: "),
        Some(Origin::Argument) | None => String::new(),
    };
    Failure::argument(format!("{place}there is no rule `{wrong}`"), remedy)
}
