//! Suppressions: where a source says that a rule is not for a text.
//!
//! ```text
//! Document ─ Suppressions::of ─▶ comments ┐
//! Conversation::ignores (key, column) ────┴─ cover ─▶ Cover ─ hides ─▶ RuleSet::examine_except
//! Document ─ Suppressor::suppress ─▶ the text with suppressions for what is wrong with it now
//! ```
//!
//! In plain text, lists, Markdown, YAML, TOML and the texts of programs a suppression is a comment, `# phrase-lint: ignore address/nin —
//! why` or `<!-- phrase-lint: … -->`, in .strings `/* phrase-lint: … */`; in JSON and tables a key or column, `phrase-lint-ignore`. It
//! covers whole texts: a reply or a turn that has words on the lines it is for. A name that is no rule hides nothing. Each knows whether it hid
//! anything, and [`Remark`] tells of one that could go.

mod addition;
mod directive;
mod layout;
mod remark;
mod suppressions;

pub use addition::{Addition, NoPlace, Suppressor};
pub use remark::{Remark, What};
pub use suppressions::{Cover, Suppressions};
