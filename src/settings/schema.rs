//! The JSON Schema of the settings, for editors.

/// The schema, as it is shipped in `schema/`.
pub const SCHEMA: &str = include_str!("../../schema/phrase-lint.schema.json");
