//! Transcripts and canned replies: the [`Conversation`] and one file for every format that makes one.

mod conversation;
mod moment;

pub use conversation::{Conversation, Direction, Kind, Piece, Place, Speaker, Turn};
pub use moment::{Clock, Moment};
