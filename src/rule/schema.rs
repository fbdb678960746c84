//! The JSON Schema of packs, for editors.

/// The schema, as it is shipped in `schema/`.
pub const SCHEMA: &str = include_str!("../../schema/pack.schema.json");
