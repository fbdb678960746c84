//! What output goes to: whether it is coloured, and how wide it is. The only place that reads the environment.

use std::env;
use std::io::{self, IsTerminal};

use phrase_lint::style::Style;

use super::arguments::Color;

/// Cells in a line where nobody looks through a window.
const WIDTH: usize = 100;

/// The terminal, as far as reports and messages ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal {
    /// For standard output.
    pub(super) style: Style,
    /// For standard error.
    pub(super) message_style: Style,
    /// Cells in a line of standard output.
    pub(super) width: usize,
    /// Whether a person sees standard error as it is written.
    pub(super) shows_progress: bool,
}

impl Terminal {
    pub(super) fn new(color: Color) -> Self {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let coloured = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            // https://no-color.org: set to anything but the empty string.
            Color::Auto if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
            Color::Auto if is_set("CLICOLOR_FORCE") => true,
            Color::Auto => is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let width = if out { terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0)) } else { WIDTH };
        Self { style: Style::new(coloured(out)), message_style: Style::new(coloured(err)), width, shows_progress: err }
    }
}
