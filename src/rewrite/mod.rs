//! From suggestions to a corrected document: choosing, checking and applying rewrites.
//!
//! ```text
//! Document ─ read ─▶ conversations ─ settle ─▶ new texts of turns ─ notation ─▶ edits of the document ─ read again ─▶ Rewriting
//!                     choice: which rewrites     harm: what must stay    edit: as few bytes as may be
//! ```
//!
//! [`Rewriter::rewrite`] gives the edited text and says what was not applied and why; writing it to a file is
//! [`source::save`](crate::source::save); [`Rewriter::offers`] gives it for each rewrite by itself. Only words of agents change; all other
//! bytes of the document stay. [`reconsider`] has reports call nothing safe of which the same judgement says that it takes away what must stay.

mod choice;
mod closing;
mod document;
mod edit;
mod facts;
mod harm;
mod notation;
mod pairs;
mod reason;
mod repetition;
mod settle;

pub use choice::in_place;
pub use document::{Offer, Refusal, Rewriter, Rewriting};
pub use harm::reconsider;
pub use reason::Reason;
