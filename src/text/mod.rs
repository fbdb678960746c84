//! Chinese text as it is written: folding for matching, noise, script, and positions for people.
//!
//! Nothing here knows of rules or conversations. [`Folded`] is the view that patterns are matched on;
//! it always knows the way back to the bytes that were written.

mod boundary;
mod clause;
mod fold;
mod frequency;
mod hand;
mod marks;
mod mask;
mod noise;
mod position;
pub(crate) mod raw;
mod script;
mod traditional;

pub(crate) use boundary::floor_boundary;
pub use clause::{BEFORE_CLAUSE, PARTICLES, is_particle, opens_clause, skip_particles};
pub use fold::{BLANK, BREAK, FACE, Folded, Glance, Spacing, fold_word, glance};
pub use frequency::{frequency, share};
pub use hand::Hand;
pub use marks::{Marks, closes_clause};
pub use mask::Mask;
pub use noise::{emphasis, is_word};
pub use position::{Lines, Position, Utf16Places, display_width, utf16_length};
pub use script::{Script, ScriptCount};
pub use traditional::traditional;
