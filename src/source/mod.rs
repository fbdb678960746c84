//! Where transcripts come from: files, directories, globs and standard input, as text in any usual encoding.
//!
//! [`find`] turns what a user typed into [`Input`]s, in a stable order; [`Input::read`] turns one into a
//! [`Document`], which remembers how it was encoded so that [`save`] can write a corrected file the same way.
//! Nothing here knows what a transcript is.

mod document;
mod encoding;
mod frequency;
mod input;
mod save;

pub use document::{Content, Document};
pub use encoding::{DecodeError, EncodeError, Encoding};
pub use input::{Input, Origin, Search, SourceError, find};
pub use save::{SaveError, save};
