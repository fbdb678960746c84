//! Finds improper wording and missed etiquette in what customer-service agents write or say in Chinese, and offers a
//! professional rewrite.
//!
//! # The picture: one way, no loops
//!
//! ```text
//! paths, stdin ─ source ─▶ bytes ─ decode ─▶ text ─ transcript ─▶ conversations ─ lint ─▶ violations ─▶ report │ rewrite ─▶ exit status
//!                                 rules/*.toml, user packs ─ rule ─▶ compiled rule set ──┘
//! ```
//!
//! | module | what it knows |
//! |---|---|
//! | [`text`] | folding (script, width, noise) with exact offsets; positions in characters, UTF-16 and cells |
//! | [`violation`] | [`Violation`], [`Rewrite`], [`Severity`] |
//! | [`style`] | colours; the only file that knows the colour crate |
//! | [`table`] | rows of CSV and spreadsheets, for packs and transcripts alike |
//! | [`source`] | files, directories, globs, standard input → bytes → text, in any usual encoding |
//! | [`transcript`] | [`Conversation`], [`Turn`], and one file for every format that makes them |
//! | [`rule`] | packs as data: keys, word classes, the pattern notation, and patterns as programs |
//! | [`pack_file`] | packs from disk: TOML, and tables of two columns |
//! | [`builtin`] | the packs of `rules/`, read and checked when the program was built |
//! | [`lint`] | the rules at work: a conversation in, violations out |
//! | [`suppression`] | where a source says that a rule is not for a text |
//! | [`spec`] | runs the examples inside packs |
//! | [`rewrite`] | choosing, checking and applying rewrites: a corrected document |
//! | [`report`] | one file for every output form, and the summary they share |
//! | [`baseline`] | what was there before, and is not reported again |
//! | [`settings`] | `phrase-lint.toml`: finding it, laying settings over each other, where each value came from |
//! | [`plan`] | how a file is checked, by where it is: its settings, its rules made ready |
//! | [`lsp`] | the language server: a document as it is typed, what is wrong with it, corrections to choose from |
//! | `cli` | in the program: arguments and one file for every subcommand; the only place that prints |
//!
//! A file imports only from lines above its own. The built-in rules are not code: they are the packs in `rules/`.
//!
//! # Example
//!
//! ```
//! use phrase_lint::lint::{RuleSet, Selection};
//! use phrase_lint::rule::Profile;
//! use phrase_lint::builtin;
//! use phrase_lint::transcript::Conversation;
//!
//! let rule_set = RuleSet::new(&builtin::rules(), &Selection::default());
//! let violations = rule_set.lint(&Conversation::reply("r-1", "你必须先提供订单号"), Profile::Replies);
//! assert_eq!(&*violations[0].rule, "command/must");
//! assert_eq!(violations[0].rewrites[0].text, "我愿意帮助您,但首先我需要您先提供订单号");
//! ```

pub mod baseline;
pub mod builtin;
pub mod lint;
pub mod lsp;
pub mod pack_file;
pub mod plan;
pub mod report;
pub mod rewrite;
pub mod rule;
pub mod settings;
pub mod source;
pub mod spec;
pub mod style;
pub mod suppression;
pub mod table;
pub mod text;
pub mod transcript;
pub mod violation;

pub use lint::{RuleSet, Selection};
pub use rule::{Profile, Rules};
pub use transcript::{Conversation, Speaker, Turn};
pub use violation::{Rewrite, Severity, Violation};
