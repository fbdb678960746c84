//! The files of stored findings that a report is made of: which there are, and each once.

use std::collections::HashMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use phrase_lint::report::Format;
use phrase_lint::source::{self, Input, Origin, Search};

use super::failure::Failure;

/// Endings of compressed files, behind which stands what the file is.
const PACKED: [&str; 3] = ["gz", "zst", "zip"];

/// Bytes that are compared at once.
const BLOCK: u64 = 1 << 16;

/// The files that `paths` (files, folders, globs, `-`) lead to. In folders and behind globs, what another form of report is by its
/// name is left out.
pub(super) fn find(paths: &[PathBuf]) -> Result<Search, Failure> {
    let may_hold = |file: &Path| matches!(form(file), None | Some(Format::Jsonl));
    for folder in paths.iter().filter(|path| path.is_dir()) {
        let search = source::find_written(&[folder], &may_hold);
        if search.inputs.is_empty() && search.errors.is_empty() {
            return Err(nothing(&format!("{}: no stored findings in this folder", folder.display())));
        }
    }
    Ok(source::find_written(paths, &may_hold))
}

/// Why there is nothing to report.
pub(super) fn nothing(what: &str) -> Failure {
    Failure::argument(what, "they are files that end in .jsonl, as `check -o findings.jsonl` writes them, compressed or not")
}

/// Whether a file is called as stored findings are.
pub(super) fn is_called_so(file: &Path) -> bool {
    form(file) == Some(Format::Jsonl)
}

/// The form of a file, whether compressed or not.
fn form(file: &Path) -> Option<Format> {
    let is_packed = file.extension().is_some_and(|ending| PACKED.iter().any(|packed| ending.eq_ignore_ascii_case(packed)));
    Format::of_file(if is_packed { Path::new(file.file_stem()?) } else { file })
}

/// The files that hold, byte for byte, what an earlier one does, and which that is: the same one by another name, or a copy.
pub(super) fn copies(inputs: &[Input]) -> HashMap<usize, usize> {
    // Only what is as long is read to be compared.
    let mut by_length: HashMap<u64, Vec<(usize, &Path)>> = HashMap::new();
    for (index, input) in inputs.iter().enumerate() {
        if let Origin::File(path) = &input.origin
            && let Ok(about) = fs::metadata(path)
            && about.is_file()
            && about.len() > 0
        {
            by_length.entry(about.len()).or_default().push((index, path));
        }
    }
    let mut copies = HashMap::new();
    for alike in by_length.into_values().filter(|alike| alike.len() > 1) {
        let mut firsts: HashMap<u64, Vec<(usize, &Path)>> = HashMap::new();
        for (index, path) in alike {
            // What cannot be read is told when it is its turn.
            let Ok(hash) = hash(path) else { continue };
            let firsts = firsts.entry(hash).or_default();
            match firsts.iter().find(|(_, first)| are_same(first, path).unwrap_or(false)) {
                Some((first, _)) => {
                    copies.insert(index, *first);
                }
                None => firsts.push((index, path)),
            }
        }
    }
    copies
}

fn hash(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut hasher = DefaultHasher::new();
    let mut block = Vec::new();
    while read_block(&mut file, &mut block)? {
        hasher.write(&block);
    }
    Ok(hasher.finish())
}

/// Whether two files hold the same bytes: a hash of them may be alike by chance.
fn are_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut block, mut beside) = (Vec::new(), Vec::new());
    loop {
        let is_over = !read_block(&mut one, &mut block)?;
        read_block(&mut other, &mut beside)?;
        if is_over || block != beside {
            return Ok(block == beside);
        }
    }
}

/// Reads the next [`BLOCK`], shorter at the end only; false where there is nothing more.
fn read_block(file: &mut File, block: &mut Vec<u8>) -> io::Result<bool> {
    block.clear();
    Ok(file.take(BLOCK).read_to_end(block)? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_hold_the_same_to_the_last_byte() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let long = vec![b'a'; BLOCK as usize + 1];
        let mut inputs = Vec::new();
        for (name, end) in [("1", b"b"), ("2", b"c"), ("3", b"b"), ("4", b"c"), ("5", b"b")] {
            let path = folder.path().join(name);
            fs::write(&path, [&long[..], end].concat())?;
            inputs.push(Input { origin: Origin::File(path), named: false, stands_for: None });
        }
        assert_eq!(copies(&inputs), HashMap::from([(2, 0), (3, 1), (4, 0)]));
        let same = |one: &str, other: &str| are_same(&folder.path().join(one), &folder.path().join(other));
        assert!(same("1", "3")? && !same("1", "2")?);
        fs::write(folder.path().join("6"), &long)?;
        assert!(!same("1", "6")? && !same("6", "1")?);
        Ok(())
    }
}
