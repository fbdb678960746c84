//! Rules as data: packs, word classes and the pattern notation. Nothing here looks at a conversation.
//!
//! A pack is read as it is written (`document`), its patterns are parsed (`notation`) with the word classes
//! of their scope (`words`), and packs are laid over each other into one [`Rules`].

mod alternatives;
mod beside;
mod bound;
mod calendar;
mod check;
mod check_entry;
mod clues;
pub(crate) mod document;
mod entry;
mod error;
mod literal;
mod needs;
mod notation;
mod pack;
mod pack_text;
mod pattern;
mod phrase;
mod profile;
mod reader;
mod row;
mod rules;
mod schema;
mod stored;
mod template;
mod words;

pub use alternatives::{Alternative, Alternatives};
pub use beside::Beside;
pub use calendar::Days;
pub use check::{Check, ClockRange, Duty, Extent, Said, Term, Utterance, When, Window};
pub use clues::Clues;
pub use document::{At, Per};
pub use entry::Entry;
pub use error::PackError;
pub use literal::Literals;
pub use needs::Needs;
pub use pack::Pack;
pub use pack_text::PackText;
pub use pattern::{Builtin, Class, LONGEST_GAP, Node, Pattern};
pub use phrase::{Phrase, Unless};
pub use profile::{ByProfile, Profile};
pub use row::{Specs, Wording};
pub use rules::{Count, Known, Rules, nearest};
pub use schema::SCHEMA;
#[cfg(test)]
pub(crate) use schema::{as_written, for_toml};
pub use stored::{Carried, Stored};
pub use template::{Piece, Template};
