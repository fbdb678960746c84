//! `lsp`: the language server on standard input and output, until the editor ends it.

use std::path::Path;

use lsp_server::Connection;

use phrase_lint::lsp::{self, Ended, Options};
use phrase_lint::settings::{Setting, Settings};

use super::arguments::LspArguments;
use super::failure::Failure;
use super::{Outcome, plan};

pub(super) fn run(arguments: &LspArguments) -> Result<Outcome, Failure> {
    let packs = &arguments.packs;
    let (connection, threads) = Connection::stdio();
    let ended = lsp::serve(
        &connection,
        Options {
            choice: plan::choice(packs),
            folder: Path::new(".").to_owned(),
            nearest: Settings { rules: packs.paths.iter().cloned().map(Setting::argument).collect(), ..Settings::default() },
            version: env!("CARGO_PKG_VERSION"),
        },
    );
    drop(connection);
    // An editor that listens no more may hold standard input open: to wait for its end would be to wait for ever.
    if ended != Ended::Unheard {
        threads.join().map_err(|error| {
            Failure::argument(
                format!("the editor cannot be understood: {error}"),
                "`lsp` is started by an editor, which speaks the Language Server Protocol; to check files, use `check`",
            )
        })?;
    }
    Ok(if ended == Ended::AfterShutdown { Outcome::Clean } else { Outcome::Abandoned })
}
