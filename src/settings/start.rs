//! The file that `init` writes.

/// Settings to begin with: every key with what it is for, none that changes anything.
pub const START: &str = include_str!("start.toml");
