//! x
#![allow(missing_docs)]
pub mod source;
pub mod table;
pub mod text;
pub mod transcript;
pub mod violation;
