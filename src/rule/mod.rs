//! Rules as data: packs, word classes and the pattern notation. Nothing here looks at a conversation.
//!
//! A pack is read as it is written (`document`), its patterns are parsed (`notation`) with the word classes
//! of their scope (`words`), which may have `signs`, and written as programs (`assembly`), and packs are laid over each other into
//! one [`Rules`]. Those of the built-in packs are bytes in the program (`carried`).

mod alternatives;
mod assembly;
mod beside;
mod bound;
mod builtin;
mod calendar;
mod carried;
mod check;
mod check_entry;
mod clues;
pub(crate) mod document;
mod entry;
mod error;
mod instruction;
mod lexicon;
mod literal;
mod needs;
mod notation;
mod pack;
mod pack_text;
mod passage;
mod pattern;
mod phrase;
mod profile;
mod program;
mod reader;
mod row;
mod rules;
mod saying;
mod schema;
mod sign_table;
mod signs;
mod stored;
mod swallowed;
mod template;
mod ways;
pub(crate) mod window;
mod word_list;
mod words;

pub use alternatives::{Alternative, Alternatives, Apart};
pub use beside::Beside;
pub use builtin::Builtin;
pub use calendar::Days;
pub use carried::{Carried, Stored};
pub use check::{Check, ClockRange, Duty, Extent, Said, Term, Utterance, When, Window};
pub use clues::Clues;
pub use document::{At, Per};
pub use entry::Entry;
pub use error::PackError;
pub(crate) use instruction::{Gap, Instruction};
pub(crate) use lexicon::{Lexicon, Literal, Numbers};
pub use literal::Literals;
pub(crate) use literal::{Known as KnownLiterals, Own};
pub use needs::Needs;
pub use pack::Pack;
pub use pack_text::PackText;
pub use pattern::{Class, LONGEST_GAP, Node, Pattern};
pub use phrase::{Phrase, Unless};
pub use profile::{ByProfile, Profile};
pub(crate) use program::{Part, Program};
pub use row::{Specs, Wording};
pub use rules::{Count, Known, Rules, nearest};
pub use saying::Saying;
pub use schema::SCHEMA;
#[cfg(test)]
pub(crate) use schema::{as_written, for_toml};
pub(crate) use sign_table::SignTable;
pub use signs::{ENOUGH, LONGEST_SIGN, Signs};
pub(crate) use signs::{KnownSigns, SignKey};
pub use template::{Piece, Template};
pub(crate) use word_list::{Shelf, stands_at};
