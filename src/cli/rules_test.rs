//! `rules test`: whether packs keep what their examples promise.

use std::io::{self, BufWriter, Write};

use phrase_lint::plan::packs;
use phrase_lint::report::visible;
use phrase_lint::spec;
use phrase_lint::style::Tone;
use phrase_lint::violation::Severity;

use super::Outcome;
use super::arguments::TestArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::terminal::Terminal;

pub(super) fn run(arguments: &TestArguments, terminal: &Terminal, messages: &Messages) -> Result<Outcome, Failure> {
    let files = packs::names(&arguments.packs)?;
    let rules = packs::load_with_examples(&arguments.packs, &mut |note| messages.note(note))?;
    if files.is_empty() {
        rules.warnings.iter().for_each(|warning| messages.warning(warning));
    }
    packs::warn(&rules, &arguments.packs, &mut |note| messages.note(note))?;
    let run = spec::run(&rules, |file| files.is_empty() || files.contains(file));

    let style = terminal.style;
    let mut out = BufWriter::new(io::stdout().lock());
    for failure in &run.failures {
        let snippet: Vec<_> = failure.snippet.lines().map(visible).collect();
        writeln!(
            out,
            "{}: {}\n  --> {}:{}\n   | {}\n   = {}\n",
            style.paint(Tone::Severity(Severity::Error), "failed"),
            style.paint(Tone::Heading, &visible(&failure.id)),
            visible(&failure.file),
            failure.line,
            snippet.join("\n   | "),
            visible(&failure.what)
        )?;
    }
    if !messages.is_quiet() {
        let rows = rules.entries().filter(|row| files.is_empty() || files.iter().any(|file| file == row.file())).count();
        let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        match run.failures.len() {
            0 if run.checked == 1 => writeln!(out, "{} 1 example or rewrite holds ({rows}).", style.paint(Tone::Added, "All right:"))?,
            0 => writeln!(out, "{} {} examples and rewrites hold ({rows}).", style.paint(Tone::Added, "All right:"), run.checked)?,
            failed => writeln!(out, "{failed} of {} examples and rewrites failed ({rows}).", run.checked)?,
        }
    }
    out.flush()?;
    Ok(if run.failures.is_empty() { Outcome::Clean } else { Outcome::Violations })
}
