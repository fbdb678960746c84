//! x
#![allow(missing_docs)]
pub mod lint;
pub mod report;
pub mod rewrite;
pub mod rule;
pub mod source;
pub mod spec;
pub mod style;
pub mod table;
pub mod text;
pub mod transcript;
pub mod violation;
