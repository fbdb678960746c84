//! The files of stored findings that a report is made of: which there are, and each once.

use std::collections::HashMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};

use phrase_lint::report::{Format, visible};
use phrase_lint::source::{self, Input, Origin, Search};

use super::failure::Failure;
use super::messages::Messages;

/// Endings of compressed files, behind which stands what the file is.
const PACKED: [&str; 3] = ["gz", "zst", "zip"];

/// Bytes that are compared at once.
const BLOCK: usize = 1 << 16;

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

/// Takes out files that hold, byte for byte, what another does: the same one by another name, or a copy.
pub(super) fn leave_out_copies(inputs: &mut Vec<Input>, messages: &Messages) {
    // Only what is as long is read to be compared.
    let mut by_length: HashMap<u64, Vec<usize>> = HashMap::new();
    for (index, input) in inputs.iter().enumerate() {
        if let Origin::File(path) = &input.origin
            && let Ok(about) = fs::metadata(path)
            && about.is_file()
            && about.len() > 0
        {
            by_length.entry(about.len()).or_default().push(index);
        }
    }
    let mut copies = Vec::new();
    for alike in by_length.into_values().filter(|alike| alike.len() > 1) {
        let mut first: HashMap<u64, usize> = HashMap::new();
        for index in alike {
            let Origin::File(path) = &inputs[index].origin else { continue };
            // What cannot be read is told when it is its turn.
            let Some(hash) = hash(path) else { continue };
            let earlier = *first.entry(hash).or_insert(index);
            if earlier != index {
                copies.push((index, earlier));
            }
        }
    }
    copies.sort_unstable();
    for &(index, earlier) in &copies {
        let (copy, of) = (inputs[index].name(), inputs[earlier].name());
        let (copy, of) = (visible(&copy), visible(&of));
        messages.warning(format_args!("{copy}: holds the same as {of}, and counts once; give each stored file once"));
    }
    for &(index, _) in copies.iter().rev() {
        inputs.remove(index);
    }
}

fn hash(path: &Path) -> Option<u64> {
    let mut file = File::open(path).ok()?;
    let mut hasher = DefaultHasher::new();
    let mut block = vec![0; BLOCK];
    loop {
        match file.read(&mut block).ok()? {
            0 => return Some(hasher.finish()),
            length => hasher.write(&block[..length]),
        }
    }
}
