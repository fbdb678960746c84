//! Reads and checks the packs of `rules/`, so that the program starts with rules that are known to be right.
//!
//! The rule language is compiled here as well; of the crate it needs no more than the files named below.
#![allow(dead_code, unused_imports, unused_qualifications, missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "src/text/boundary.rs"]
mod boundary;
#[path = "src/text/clause.rs"]
mod clause;
#[path = "src/transcript/direction.rs"]
mod direction;
#[path = "src/text/fold.rs"]
mod fold;
#[path = "src/text/frequency.rs"]
mod frequency;
#[path = "src/transcript/kind.rs"]
mod kind;
#[path = "src/text/mask.rs"]
mod mask;
#[path = "src/text/noise.rs"]
mod noise;
#[path = "src/text/raw.rs"]
mod raw;
#[path = "src/rule/mod.rs"]
mod rule;
#[path = "src/text/script.rs"]
mod script;
#[path = "src/transcript/speaker.rs"]
mod speaker;
#[path = "src/violation.rs"]
mod violation;

mod text {
    pub use crate::clause::{BEFORE_CLAUSE, PARTICLES};
    pub use crate::fold::{BREAK, Folded, Spacing, fold_word};
    pub use crate::frequency::{frequency, share};
    pub use crate::mask::Mask;
    pub use crate::noise::is_word;
    pub(crate) use crate::raw;
    pub use crate::script::Script;
}

mod transcript {
    pub use crate::direction::Direction;
    pub use crate::kind::Kind;
    pub use crate::speaker::Speaker;
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=rules");
    for source in
        ["src/rule", "src/text", "src/transcript/direction.rs", "src/transcript/kind.rs", "src/transcript/speaker.rs", "src/violation.rs"]
    {
        println!("cargo::rerun-if-changed={source}");
    }
    let paths = paths(&Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("rules"))?;
    let mut list = String::from("&[\n");
    let mut packs = Vec::new();
    for path in paths {
        let name = path.file_name().ok_or("a pack without a name")?.to_string_lossy();
        let file = format!("rules/{name}");
        writeln!(list, "    ({file:?}, include_str!({path:?})),")?;
        packs.push(rule::Pack::parse(&file, &fs::read_to_string(&path)?).map(rule::Pack::builtin));
    }
    list.push(']');
    fs::write(out.join("packs.rs"), list)?;
    let packs: Result<Vec<_>, _> = packs.into_iter().collect();
    match packs.map_err(|mistake| vec![mistake]).and_then(|packs| rule::Rules::new(&packs)) {
        Ok(rules) => {
            let stored = rules.to_stored()?;
            fs::write(out.join("rules.bin"), stored.rules)?;
            fs::write(out.join("alternatives.bin"), stored.alternatives)?;
            fs::write(out.join("classes.bin"), stored.classes)?;
            fs::write(out.join("exceptions.bin"), stored.exceptions)?;
            fs::write(out.join("programs.bin"), stored.programs)?;
            fs::write(out.join("lists.bin"), stored.lists)?;
            fs::write(out.join("lexicon.bin"), stored.lexicon)?;
            fs::write(out.join("numbers.bin"), stored.numbers)?;
            fs::write(out.join("slots.bin"), stored.slots)?;
            fs::write(out.join("signs.bin"), stored.signs)?;
            fs::write(out.join("sign-slots.bin"), stored.sign_slots)?;
            fs::write(out.join("weights.bin"), stored.weights)?;
            fs::write(out.join("literals.txt"), stored.literals)?;
            fs::write(out.join("texts.txt"), stored.texts)?;
        }
        Err(mistakes) => mistakes.iter().for_each(|mistake| println!("cargo::error={}", mistake.to_string().replace('\n', " "))),
    }
    Ok(())
}

/// The packs, sorted by name: a new pack is a new file and nothing else.
fn paths(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    Ok(paths)
}
