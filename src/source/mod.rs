//! Where transcripts come from: files, directories, globs and standard input, compressed or not, as text in any usual
//! encoding.
//!
//! [`find`] turns what a user typed into [`Input`]s, in a stable order; [`Input::read`] turns one into its
//! [`Document`]s (an archive holds several), each of which remembers how it was encoded so that [`save`] can write a
//! corrected file the same way. [`Input::open`] does not read a large one but hands over its [`TextStream`].
//! [`files`] takes a folder for the files in it that are wanted; [`is_left_out`] asks `.phrase-lintignore`. [`Unopened`] are archives
//! and documents that nothing is read from. [`utf8`] is for files that must be UTF-8, for nothing in them is guessed. What is written
//! is [`Waiting`] beside the file whose place it takes. Nothing here knows what a transcript is.

mod archive;
mod document;
mod encoding;
mod folder;
mod frequency;
mod input;
mod mending;
mod save;
mod stream;
mod unopened;
mod utf8;
mod waiting;

pub(crate) use archive::unfolds_within;
pub use archive::{ArchiveError, Packed};
pub use document::{Content, Document};
pub use encoding::{DecodeError, EncodeError, Encoding};
pub use folder::{FolderError, files, is_left_out};
pub use input::{IGNORE_FILE, Input, Opened, Origin, Search, SourceError, SourceOptions, find, find_written};
pub use mending::Mended;
pub use save::{SaveError, save};
pub use stream::{TextBlock, TextStream};
pub use unopened::Unopened;
pub use utf8::{NotUtf8, utf8};
pub use waiting::{Waiting, abandon};
