//! x
#![allow(missing_docs)]
pub mod report;
pub mod style;
pub mod text;
pub mod transcript;
pub mod violation;
