//! Colours for a terminal: the only file that knows the colour crate.

use std::fmt;

use ansi_term::Colour;

use crate::violation::Severity;

/// Whether output is coloured. The caller decides; nothing here looks at the terminal or the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    coloured: bool,
}

/// What a piece of output is; its colour follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A severity, and the words that a violation marks.
    Severity(Severity),
    /// The name of a file, an id: what the eye jumps to.
    Heading,
    /// Rules and remarks around the content.
    Quiet,
    /// The words that a rewrite takes away.
    Removed,
    /// The words that a rewrite puts in their place.
    Added,
}

impl Style {
    /// Colours, or none.
    pub fn new(coloured: bool) -> Self {
        Self { coloured }
    }

    /// Whether anything is coloured.
    pub fn is_coloured(self) -> bool {
        self.coloured
    }

    /// The text in its colour. Text from a transcript must have been made visible before.
    pub fn paint<'t>(self, tone: Tone, text: &'t str) -> impl fmt::Display + 't {
        let style = if !self.coloured {
            ansi_term::Style::new()
        } else {
            match tone {
                Tone::Severity(Severity::Error) => Colour::Red.bold(),
                Tone::Severity(Severity::Warning) => Colour::Yellow.bold(),
                Tone::Severity(Severity::Info) => Colour::Cyan.bold(),
                Tone::Heading => ansi_term::Style::new().bold(),
                Tone::Quiet => ansi_term::Style::new().dimmed(),
                Tone::Removed => Colour::Red.normal(),
                Tone::Added => Colour::Green.normal(),
            }
        };
        style.paint(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_nothing_is_added() {
        assert_eq!(Style::new(false).paint(Tone::Removed, "你").to_string(), "你");
        assert_eq!(Style::new(true).paint(Tone::Removed, "你").to_string(), "\u{1b}[31m你\u{1b}[0m");
    }
}
