//! Suppressions: where a source says that a rule is not for a text.
//!
//! ```text
//! Document ─ Suppressions::of ─▶ comments ┐
//! Conversation::ignores (key, column) ────┴─ cover ─▶ Cover ─ hides ─▶ RuleSet::lint_except
//! ```
//!
//! In plain text, lists, Markdown, YAML and TOML a suppression is a comment, `# phrase-lint: ignore address/nin — why`
//! or `<!-- phrase-lint: … -->`; in JSON and tables a key or column, `phrase-lint-ignore`. It covers whole texts: a reply
//! or a turn that has words on the lines it is for. A name that is no rule hides nothing. Each knows whether it hid
//! anything, and [`Remark`] tells of one that could go.

mod directive;
mod remark;
mod suppressions;

pub use remark::{Remark, What};
pub use suppressions::{Cover, Suppressions};
