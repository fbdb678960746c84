//! x
#![allow(missing_docs)]
pub mod text;
pub mod transcript;
pub mod violation;
