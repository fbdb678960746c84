//! `completions` and `man`: made from the same definitions as `--help`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::Outcome;
use super::arguments::Arguments;
use super::failure::Failure;
use super::messages::Messages;

pub(super) fn completions(shell: Shell) -> Result<Outcome, Failure> {
    // The generator panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "phrase-lint", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Outcome::Clean)
}

pub(super) fn man(folder: Option<&Path>, messages: &Messages) -> Result<Outcome, Failure> {
    let Some(folder) = folder else {
        Man::new(Arguments::command()).render(&mut io::stdout().lock())?;
        return Ok(Outcome::Clean);
    };
    let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    if let Err(error) = written {
        let what = format!("{}: the pages cannot be written: {error}", folder.display());
        return Err(Failure::argument(what, "check the folder and its permissions"));
    }
    messages.remark(format_args!("wrote the pages to {}", folder.display()));
    Ok(Outcome::Clean)
}
