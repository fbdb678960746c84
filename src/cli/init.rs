//! `init`: a file of settings to begin with.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};

use phrase_lint::report::visible;
use phrase_lint::settings::{FILE_NAME, START};

use super::Outcome;
use super::arguments::InitArguments;
use super::failure::Failure;
use super::messages::Messages;

pub(super) fn run(arguments: &InitArguments, messages: &Messages) -> Result<Outcome, Failure> {
    let path = arguments.folder.join(FILE_NAME);
    let path = path.strip_prefix(".").unwrap_or(&path);
    let shown = path.display().to_string();
    let written = OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| {
        file.write_all(START.as_bytes()).inspect_err(|_| {
            // Half a file would stand in the way of the next try.
            let _ = fs::remove_file(path);
        })
    });
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(Failure::argument(
                format!("{shown} is there already, and stays as it is"),
                "edit it; `phrase-lint config show` tells what holds",
            ));
        }
        Err(error) => {
            return Err(Failure::argument(
                format!("{shown}: cannot be written: {error}"),
                "check that the folder is there and may be written to",
            ));
        }
    }
    if !messages.is_quiet() {
        writeln!(io::stdout(), "Wrote {}. Nothing in it is switched on; take the `#` away where you want it.", visible(&shown))?;
    }
    Ok(Outcome::Clean)
}
