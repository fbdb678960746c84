//! The command line: the only place that prints, reads the environment or knows of a terminal.
//!
//! Arguments are read ([`arguments`]), settled into options before anything runs, and handed to one file for each
//! subcommand. Whatever goes wrong comes back here as a [`Failure`] and becomes an exit status.

mod arguments;
mod baseline;
mod check;
mod config;
mod examine;
mod explain;
mod explain_check;
mod failure;
mod fix;
mod git;
mod giving;
mod init;
mod lsp;
mod messages;
mod options;
mod outputs;
mod pages;
mod pipeline;
mod plan;
mod progress;
mod report;
mod rules_list;
mod rules_test;
mod shards;
mod signals;
mod stdout;
mod strangers;
mod suppress;
mod targets;
mod terminal;
mod unchecked;
mod unmet;
mod unread;

use std::io::{self, Write};
use std::process::ExitCode;

use phrase_lint::report::Redactor;
use phrase_lint::rule;

pub use arguments::Arguments;

use arguments::{Command, RulesCommand};
use failure::Failure;
use messages::Messages;
use terminal::Terminal;

/// How a run ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing to object to.
    Clean,
    /// Violations at or above `--fail-on`, or specs that fail.
    Violations,
    /// The editor went away without a word.
    Abandoned,
    /// Something could not be read; what was found stands in the report all the same.
    Incomplete,
}

impl Outcome {
    /// The outcome of a run whose report was `told`, or not to its end: where only its reader went away, what was found until
    /// then counts.
    fn told(self, told: io::Result<()>) -> Result<Self, Failure> {
        match told {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(self),
            told => Ok(told.map(|()| self)?),
        }
    }
}

/// `rules schema`.
fn rules_schema() -> Result<Outcome, Failure> {
    io::stdout().lock().write_all(rule::SCHEMA.as_bytes())?;
    Ok(Outcome::Clean)
}

/// Runs what the arguments ask for.
pub fn run(arguments: &Arguments) -> ExitCode {
    let terminal = Terminal::new(arguments.color);
    let messages = Messages::new(&terminal, arguments.quiet, arguments.verbose);
    let messages = match arguments.command.redacts().then(Redactor::new).transpose() {
        Ok(redactor) => messages.masked_by(redactor),
        Err(error) => {
            messages.error(format_args!("--redact cannot be used: {error}\n  help: report this mistake"));
            return ExitCode::from(2);
        }
    };
    let outcome = match &arguments.command {
        Command::Check(check) => check::run(check, &terminal, &messages),
        Command::Report(stored) => report::run(stored, &terminal, &messages),
        Command::Rules(RulesCommand::List(list)) => rules_list::run(list, &terminal, &messages),
        Command::Rules(RulesCommand::Test(test)) => rules_test::run(test, &terminal, &messages),
        Command::Rules(RulesCommand::Schema) => rules_schema(),
        Command::Explain(explain) => explain::run(explain, &terminal, &messages),
        Command::Init(init) => init::run(init, &messages),
        Command::Config(command) => config::run(command, &terminal, &messages),
        Command::Lsp(arguments) => lsp::run(arguments),
        Command::Completions { shell } => pages::completions(*shell),
        Command::Man { folder } => pages::man(folder.as_deref(), &messages),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Violations | Outcome::Abandoned) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        // Who closes the pipe (`| head`) has seen enough, and until then nothing was wrong.
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            messages.failure(&failure);
            ExitCode::from(2)
        }
    }
}
