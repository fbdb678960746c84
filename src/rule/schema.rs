//! The JSON Schema of packs, for editors: made from the types, and shipped as a file.

/// The schema, as it is shipped in `schema/`.
pub const SCHEMA: &str = include_str!("../../schema/pack.schema.json");

/// A schema without what TOML has not: a value that may be absent is never null.
#[cfg(test)]
pub(crate) fn for_toml(mut schema: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;

    fn is_null(schema: &Value) -> bool {
        schema.get("type").is_some_and(|kind| kind == "null")
    }

    match &mut schema {
        Value::Array(values) => values.iter_mut().for_each(|value| *value = for_toml(value.take())),
        Value::Object(keys) => {
            keys.values_mut().for_each(|value| *value = for_toml(value.take()));
            // Defaults of lists and tables say nothing to an author.
            keys.retain(|key, value| {
                key != "default" || !(value.is_null() || *value == serde_json::json!([]) || *value == serde_json::json!({}))
            });
            if let Some(Value::Array(kinds)) = keys.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [kind] = &kinds[..] {
                    let kind = kind.clone();
                    keys.insert("type".to_owned(), kind);
                }
            }
            if let Some(Value::Array(choices)) = keys.get_mut("anyOf") {
                choices.retain(|choice| !is_null(choice));
                if let [only] = &mut choices[..] {
                    let only = only.take();
                    keys.remove("anyOf");
                    // Beside a `$ref` a validator of draft 7 sees nothing else.
                    keys.insert("allOf".to_owned(), Value::Array(vec![only]));
                }
            }
        }
        _ => {}
    }
    schema
}

/// Gives types that are read by hand the schemas of what they read.
#[cfg(test)]
macro_rules! as_written {
    ($($name:ident: $schema:expr;)*) => {$(
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema = $schema;
                schema(generator)
            }
        }
    )*};
}
#[cfg(test)]
pub(crate) use as_written;

#[cfg(test)]
mod tests {
    use std::fs;

    use schemars::{generate::SchemaSettings, json_schema};
    use serde_json::Value;

    use super::super::document::{Document, SeverityEntry, SeverityTable, SignStrings, Strings, WordClass};
    use super::*;
    use crate::violation::Severity;

    as_written! {
        Strings: |_| json_schema!({ "type": ["string", "array"], "items": { "type": "string" } });
        SeverityEntry: |generator| {
            let (word, table) = (generator.subschema_for::<Severity>(), generator.subschema_for::<SeverityTable>());
            json_schema!({ "anyOf": [word, table] })
        };
        SignStrings: |generator| {
            let strings = generator.subschema_for::<Strings>();
            json_schema!({ "type": "object", "patternProperties": { "^-?[1-9][0-9]{0,4}$": strings }, "additionalProperties": false })
        };
        WordClass: |generator| {
            let strings = generator.subschema_for::<Strings>();
            let signs = generator.subschema_for::<SignStrings>();
            let table = json_schema!({
                "type": "object",
                "properties": { "any": strings, "except": strings, "signs": signs },
                "required": ["any"],
                "additionalProperties": false,
            });
            json_schema!({ "anyOf": [strings, table] })
        };
    }

    fn generated() -> Value {
        let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Document>();
        let mut schema = for_toml(schema.to_value());
        schema["title"] = "A pack of phrase-lint rules".into();
        schema
    }

    fn mistakes(text: &str) -> Vec<String> {
        let pack: Value = toml::from_str(text).unwrap();
        jsonschema::validator_for(&generated())
            .unwrap()
            .iter_errors(&pack)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    /// `SNAPSHOTS=overwrite cargo test schema` writes the shipped files anew.
    #[test]
    fn the_shipped_schema_is_that_of_the_types() {
        let text = format!("{:#}\n", generated());
        snapbox::assert_data_eq!(text, snapbox::file!["../../schema/pack.schema.json"].raw());
    }

    #[test]
    fn all_packs_fit_the_schema() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = ["rules", "examples/packs"].map(|folder| fs::read_dir(root.join(folder)).unwrap());
        let files = files.into_iter().flatten().map(|entry| entry.unwrap().path());
        let packs: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
        assert!(packs.len() > 18, "{packs:?}");
        for pack in packs {
            assert_eq!(mistakes(&fs::read_to_string(&pack).unwrap()), [""; 0], "{}", pack.display());
        }
    }

    #[test]
    fn what_the_reader_refuses_the_schema_refuses() {
        let phrase = "[[phrase]]\nid = \"a\"\nimproper = \"甲\"\nprofessional = \"乙\"\n";
        assert_eq!(mistakes(phrase), [""; 0]);
        for wrong in [
            "[pack]\ntitle = \"无类\"",
            "[[phrase]]\nid = \"a\"",
            &format!("{phrase}improperr = \"丙\""),
            &format!("{phrase}severity = \"fatal\""),
            &format!("{phrase}severity = {{ mail = \"info\" }}"),
            &format!("{phrase}apply = \"always\""),
            &format!("{phrase}points = -1"),
            &format!("{phrase}unless = {{ turn = \"丙\" }}"),
            "[[check]]\nid = \"a\"\nwhen = { at = \"noon\" }",
            "[words]\nyou = { some = [\"你\"] }",
        ] {
            assert!(toml::from_str::<Document>(wrong).is_err(), "{wrong}");
            assert!(!mistakes(wrong).is_empty(), "{wrong}");
        }
    }
}
