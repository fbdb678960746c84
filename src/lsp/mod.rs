//! The language server: what `check` tells of a file, told while it is written, with corrections to choose from.
//!
//! ```text
//! editor ─ messages ─▶ server ─ documents (text as it is typed) ─ plans (settings by path) ─ diagnostics ─▶ editor
//!                        └─ asked for corrections or reasons: actions (edits), hover
//! ```
//!
//! [`serve`] answers over a connection of the crate `lsp-server` until the editor ends it. A document is read by its path or, where
//! it has none yet, by the language that the editor says it is in. Rules, readers, suppressions and rewrites are those of
//! every other run; only `positions` knows how editors count.

mod actions;
mod diagnostics;
mod documents;
mod edits;
mod hover;
mod paths;
mod plans;
mod positions;
mod server;

pub use server::{Ended, Options, serve};
