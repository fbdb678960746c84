//! Files found in a folder that hold Chinese text, or files, and that no reader understands: they are passed over, and that is
//! said.

use std::fmt;

/// Names that are told.
const TOLD: usize = 3;

/// Such files.
#[derive(Debug, Default)]
pub(super) struct Unread {
    count: usize,
    names: Vec<String>,
}

impl Unread {
    pub(super) fn add(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < TOLD {
            self.names.push(name.to_owned());
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// 2 files that may hold wording were not checked: …
impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (noun, verb) = if self.count == 1 { ("file", "was") } else { ("files", "were") };
        write!(
            f,
            "{} {noun} that may hold wording {verb} not checked, for no reader understands the format: {}",
            self.count,
            self.names.join(", ")
        )?;
        match self.count - self.names.len() {
            0 => {}
            left => write!(f, " and {left} more (-v names them)")?,
        }
        f.write_str("\n  help: unpack archives, name the format with --input-format or in a [mapping], or name what is no wording in ")?;
        f.write_str(".phrase-lintignore; ")?;
        f.write_str("--strict makes this an error")
    }
}
