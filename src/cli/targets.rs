//! The files that reports go to, so that none takes the place of what a run reads.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str;

use phrase_lint::report::is_report;
use phrase_lint::source::{Input, Origin};
use phrase_lint::transcript::Matter;

use super::failure::Failure;
use super::messages::Messages;
use super::outputs::Output;

/// Where the system finds standard input, so that one that comes from a file is known by it.
const STDIN: &str = "/dev/stdin";

/// Bytes of a text that tell whether it is a report.
const SAMPLE: u64 = 1 << 20;

/// The files that `--output` names.
#[derive(Debug)]
pub(super) struct Targets {
    /// Each by its own path, whatever was typed.
    files: Vec<PathBuf>,
}

impl Targets {
    /// Those of a run, which can be written as far as can be told before it.
    pub(super) fn new(outputs: &[Output]) -> Result<Self, Failure> {
        let mut files = Vec::new();
        for Output { path, .. } in outputs {
            let target = target(path)?;
            if files.contains(&target) {
                return Err(Failure::argument(format!("{} is given to --output twice", path.display()), "one file holds one report"));
            }
            files.push(target);
        }
        Ok(Self { files })
    }

    /// Fails where one of the paths that a run reads, `-` for standard input, is to be written over.
    pub(super) fn spare<'p>(&self, read: impl IntoIterator<Item = &'p Path>) -> Result<(), Failure> {
        // What is no file, a terminal, may well be read and written.
        let is_lost = |path: &Path| {
            let path = fs::canonicalize(if path == Path::new("-") { Path::new(STDIN) } else { path });
            path.is_ok_and(|path| path.is_file() && self.files.contains(&path))
        };
        match read.into_iter().find(|path| !self.files.is_empty() && is_lost(path)) {
            Some(path) => Err(lost(path)),
            None => Ok(()),
        }
    }

    /// Takes out of what was found in folders the reports that an earlier run put there; fails where what was found there is anything
    /// else.
    pub(super) fn leave_out(&self, inputs: &mut Vec<Input>, messages: &Messages) -> Result<(), Failure> {
        let mut spared = Ok(());
        inputs.retain(|input| {
            let Origin::File(path) = &input.origin else { return true };
            if input.named || !self.holds(path) {
                return true;
            }
            // What cannot be read is not written over either.
            if !may_be_replaced(path).unwrap_or(false) && spared.is_ok() {
                spared = Err(lost(path));
            }
            messages.remark(format_args!("skipped: {}: the report of this run goes there", input.name()));
            false
        });
        spared
    }

    fn holds(&self, path: &Path) -> bool {
        // Only where the name is the same is the system asked.
        let mut alike = self.files.iter().filter(|file| file.file_name() == path.file_name()).peekable();
        alike.peek().is_some() && fs::canonicalize(path).is_ok_and(|path| alike.any(|file| *file == path))
    }
}

/// Whether a file is an earlier report, or holds nothing, as a report of nothing may.
fn may_be_replaced(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(SAMPLE).read_to_end(&mut bytes)?;
    let is_nothing =
        || matches!(&*bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(3).collect::<Vec<_>>(), b"" | b"[]");
    if is_nothing() {
        return Ok(true);
    }
    // A character may be cut where the sample ends.
    let text = match str::from_utf8(&bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => str::from_utf8(&bytes[..error.valid_up_to()]).ok(),
        Err(_) => None,
    };
    if let Some(text) = text {
        return Ok(is_report(&Matter::Text(text)));
    }
    // The contents of a workbook stand at its end.
    file.read_to_end(&mut bytes)?;
    Ok(is_report(&Matter::Bytes(&bytes)))
}

fn lost(path: &Path) -> Failure {
    Failure::argument(
        format!("`{}` is an input of this run: write the report to another file", path.display()),
        "nothing was read, and the file is as it was",
    )
}

/// The file that a path leads to, which need not be there; its folder must.
fn target(path: &Path) -> Result<PathBuf, Failure> {
    if let Ok(there) = fs::canonicalize(path) {
        return if there.is_dir() { Err(cannot(path, "it is a folder", "name a file in it")) } else { Ok(there) };
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match fs::canonicalize(folder) {
        Ok(found) if found.is_dir() => Ok(path.file_name().map_or_else(|| path.to_owned(), |name| found.join(name))),
        Ok(_) => Err(cannot(path, &format!("`{}` is no folder", folder.display()), "name a file in a folder that is there")),
        Err(_) => Err(cannot(
            path,
            &format!("the folder `{}` does not exist", folder.display()),
            "make the folder first, or name a file in one that is there",
        )),
    }
}

fn cannot(path: &Path, why: &str, remedy: &str) -> Failure {
    Failure::argument(format!("cannot write `{}`: {why}", path.display()), remedy)
}
