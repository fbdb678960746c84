//! The built-in rules: the packs of `rules/`, read and checked when the program was built.

use std::path::Path;

use crate::rule::{Carried, Pack, PackError, Rules, Stored};

/// The packs by name, each with its text.
const PACKS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The rules of these packs.
static CARRIED: Carried = Carried::new(Stored {
    rules: include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin")),
    alternatives: include_bytes!(concat!(env!("OUT_DIR"), "/alternatives.bin")),
    classes: include_bytes!(concat!(env!("OUT_DIR"), "/classes.bin")),
    exceptions: include_bytes!(concat!(env!("OUT_DIR"), "/exceptions.bin")),
    programs: include_bytes!(concat!(env!("OUT_DIR"), "/programs.bin")),
    lists: include_bytes!(concat!(env!("OUT_DIR"), "/lists.bin")),
    lexicon: include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin")),
    numbers: include_bytes!(concat!(env!("OUT_DIR"), "/numbers.bin")),
    slots: include_bytes!(concat!(env!("OUT_DIR"), "/slots.bin")),
    signs: include_bytes!(concat!(env!("OUT_DIR"), "/signs.bin")),
    sign_slots: include_bytes!(concat!(env!("OUT_DIR"), "/sign-slots.bin")),
    weights: include_bytes!(concat!(env!("OUT_DIR"), "/weights.bin")),
    literals: include_str!(concat!(env!("OUT_DIR"), "/literals.txt")),
    texts: include_str!(concat!(env!("OUT_DIR"), "/texts.txt")),
});

/// The built-in rules, ready for a run in a few milliseconds: of the examples in their packs each row has only the first improper one.
pub fn rules() -> Rules {
    // What the build wrote can be read; else the packs say what is wrong.
    Rules::from_stored(&CARRIED).unwrap_or_else(|_| packs().ok().and_then(|packs| Rules::new(&packs).ok()).unwrap_or_default())
}

/// The built-in rules with `packs` laid over them.
///
/// # Errors
/// All mistakes in the packs.
pub fn rules_with(packs: Vec<Pack>) -> Result<Rules, Vec<PackError>> {
    if packs.iter().any(|pack| pack.concerns_all() || stands_for(pack).is_some()) {
        rules_with_examples(packs)
    } else {
        rules().with(&packs)
    }
}

/// The same with the examples that the built-in packs carry: all is read anew, which takes longer.
///
/// # Errors
/// All mistakes in the packs.
pub fn rules_with_examples(packs: Vec<Pack>) -> Result<Rules, Vec<PackError>> {
    let mut all = self::packs().map_err(|mistake| vec![mistake])?;
    for pack in packs {
        match stands_for(&pack) {
            Some(place) => all[place] = pack.builtin(),
            None => all.push(pack),
        }
    }
    Rules::new(&all)
}

/// The built-in packs as they are written, with their examples.
///
/// # Errors
/// None in a program that could be built; the type is that of every other pack.
pub fn packs() -> Result<Vec<Pack>, PackError> {
    PACKS.iter().map(|(file, text)| Pack::parse(file, text).map(Pack::builtin)).collect()
}

/// The place of the built-in pack that a pack of the same file name replaces: so `rules/asking.toml` of a copy of the
/// built-in packs can be changed and tried.
pub fn stands_for(pack: &Pack) -> Option<usize> {
    let name = Path::new(pack.file()).file_name();
    PACKS.iter().position(|(file, _)| Path::new(file).file_name() == name)
}
