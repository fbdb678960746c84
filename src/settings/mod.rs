//! `phrase-lint.toml`: what a team settles once, so that nobody types it again.
//!
//! A file is looked for from the folder of what is checked upwards ([`Folders`]), read with what it extends
//! ([`SettingsFile`]), and laid out for one path ([`Settings`]): what stands nearer wins, and every value remembers
//! where it stands ([`Origin`]). What the command line says is one more layer on top.

mod document;
mod fail_on;
mod file;
mod folders;
mod layers;
mod paths;
mod schema;
mod start;

pub use fail_on::FailOn;
pub use file::SettingsFile;
pub use folders::{Choice, FILE_NAME, Folders};
pub use layers::{Origin, Setting, Settings, UnknownRule};
pub use paths::shown;
pub use schema::SCHEMA;
pub use start::START;
