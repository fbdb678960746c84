//! Rules as data: packs, word classes and the pattern notation. Nothing here looks at a conversation.
//!
//! A pack is read as it is written (`document`), its patterns are parsed (`notation`) with the word classes
//! of their scope (`words`), and packs are laid over each other into one [`Rules`].

mod document;
mod error;
mod literal;
mod notation;
mod pack;
mod pattern;
mod profile;
mod rules;
mod table_pack;
mod template;
mod words;

pub use error::PackError;
pub use pack::{Pack, builtin, load};
pub use pattern::{Builtin, Node, Pattern};
pub use profile::{ByProfile, Profile};
pub use rules::{Phrase, Rules, Specs, Unless, Wording};
pub use template::{Piece, Template};
