//! Lists the packs of `rules/`, so that a new pack is a new file and nothing else.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let rules = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("rules");
    println!("cargo::rerun-if-changed=rules");
    let mut packs: Vec<PathBuf> = fs::read_dir(&rules)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    packs.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    packs.sort();
    let mut list = String::from("&[\n");
    for path in packs {
        let name = path.file_name().ok_or("a pack without a name")?.to_string_lossy().into_owned();
        writeln!(list, "    ({:?}, include_str!({:?})),", format!("rules/{name}"), path)?;
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("packs.rs"), list)?;
    Ok(())
}
