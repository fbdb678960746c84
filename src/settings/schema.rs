//! The JSON Schema of the settings, for editors: made from the types, and shipped as a file.

/// The schema, as it is shipped in `schema/`.
pub const SCHEMA: &str = include_str!("../../schema/phrase-lint.schema.json");

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
    use serde_json::{Value, json};

    use super::super::START;
    use super::super::document::{InputFormat, Mappings, Pass, Placed, Points, Section, Word};
    use crate::rule::as_written;
    use crate::settings::FailOn;
    use crate::source::Encoding;
    use crate::transcript::{Assumption, FORMATS, FromPath, Mapping};
    use crate::violation::Severity;

    /// A type whose schema is that of what it holds.
    macro_rules! as_held {
        ($($outer:ident),*) => {$(
            impl<T: JsonSchema> JsonSchema for $outer<T> {
                fn inline_schema() -> bool {
                    T::inline_schema()
                }

                fn schema_name() -> Cow<'static, str> {
                    T::schema_name()
                }

                fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                    T::json_schema(generator)
                }
            }
        )*};
    }

    as_held!(Placed, Word);
    as_written! {
        Encoding: |_| json_schema!({ "type": "string" });
        Assumption: |_| json_schema!({ "type": "string", "minLength": 1 });
        FromPath: |_| json_schema!({ "type": "string", "minLength": 1 });
        InputFormat: |_| {
            let names = FORMATS.iter().map(|format| json!({ "const": format.name, "description": format.looks_like }));
            json_schema!({ "type": "string", "oneOf": names.collect::<Vec<_>>() })
        };
        Pass: |_| json_schema!({ "type": "integer", "minimum": 0, "maximum": 100 });
        Points: |_| json_schema!({ "type": "integer", "minimum": 0 });
        FailOn: |_| {
            let words = [Severity::Error, Severity::Warning, Severity::Info].map(|severity| FailOn(Some(severity)));
            json_schema!({ "type": "string", "enum": words.into_iter().chain([FailOn(None)]).map(|word| word.to_string()).collect::<Vec<_>>() })
        };
        Mappings: |generator| {
            let mapping = generator.subschema_for::<Mapping>();
            json_schema!({ "anyOf": [mapping, { "type": "array", "items": mapping }] })
        };
    }

    fn generated() -> Value {
        let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Section>();
        let mut schema = crate::rule::for_toml(schema.to_value());
        // One type reads both the file and an override; what each may hold differs.
        let mut part = schema.clone();
        let keys = |schema: &mut Value, without: &[&str]| {
            if let Some(keys) = schema["properties"].as_object_mut() {
                keys.retain(|key, _| !without.contains(&key.as_str()));
            }
        };
        keys(&mut schema, &["paths"]);
        keys(&mut part, &["extends", "level", "pass", "baseline", "overrides"]);
        schema["title"] = "phrase-lint.toml".into();
        schema["definitions"]["Override"] = json!({
            "type": "object",
            "description": "Settings for some of the files.",
            "properties": part["properties"],
            "required": ["paths"],
            "additionalProperties": false,
        });
        schema["properties"]["overrides"]["items"] = json!({ "$ref": "#/definitions/Override" });
        schema
    }

    /// `SNAPSHOTS=overwrite cargo test schema` writes the shipped files anew.
    #[test]
    fn the_shipped_schema_is_that_of_the_types() {
        let text = format!("{:#}\n", generated());
        snapbox::assert_data_eq!(text, snapbox::file!["../../schema/phrase-lint.schema.json"].raw());
    }

    fn mistakes(text: &str) -> Vec<String> {
        let settings: Value = toml::from_str(text).unwrap();
        jsonschema::validator_for(&generated()).unwrap().iter_errors(&settings).map(|error| error.to_string()).collect()
    }

    /// The file that `init` writes, with everything switched on that stands in it as a comment.
    fn switched_on() -> String {
        let is_setting = |line: &&str| {
            let line = line.trim_start_matches("# ");
            line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.trim_matches('"').contains(' '))
        };
        START.lines().filter(is_setting).map(|line| format!("{}\n", line.trim_start_matches("# "))).collect()
    }

    #[test]
    fn the_file_to_begin_with_fits_the_schema_and_the_reader() {
        assert!(toml::from_str::<Section>(START).is_ok());
        let on = switched_on();
        assert_eq!(mistakes(&on), [""; 0]);
        let section: Section = toml::from_str(&on).unwrap_or_else(|error| panic!("{error}\n{on}"));
        assert!(section.extends.is_some() && section.mapping.is_some() && section.pass.is_some() && section.overrides.len() == 1, "{on}");
    }

    #[test]
    fn what_the_reader_refuses_the_schema_refuses() {
        for wrong in [
            "profle = \"chat\"",
            "profile = \"mail\"",
            "fail-on = \"often\"",
            "pass = 101",
            "input-format = \"docx\"",
            "[speakers]\nx = \"unknown\"",
            "[severities]\nx = \"fatal\"",
            "[mapping]\nspeaker = \"a\"",
            "[[mapping]]\ntext = \"a\"\nsay = \"b\"",
            "[[overrides]]\npaths = [\"a\"]\nselct = [\"a\"]",
        ] {
            assert!(toml::from_str::<Section>(wrong).is_err(), "{wrong}");
            assert!(!mistakes(wrong).is_empty(), "{wrong}");
        }
        // What only the rest of the reader refuses.
        for wrong in ["paths = [\"a\"]", "[[overrides]]\nprofile = \"chat\"", "[[overrides]]\npaths = [\"a\"]\nbaseline = \"b\""] {
            assert!(!mistakes(wrong).is_empty(), "{wrong}");
        }
    }
}
