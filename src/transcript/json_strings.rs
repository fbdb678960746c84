//! JSON with texts under keys (the files of i18n libraries), an array of texts, or records with a text each: canned replies.

use serde_json::value::RawValue;

use super::Format;
use super::json_elements::{for_each, is_cut_off, mended, report, without_place};
use super::json_object::{Object, array};
use super::json_text::Scalar;
use super::reading::{Context, Reading, Sample, Sink};
use super::strings::{DEEPEST, Node, Texts};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "json-strings",
    looks_like: r#"{"greeting":"您好…","wait":{"short":"请稍等"}} or ["您好…",…]: texts under keys, or records such as {"title":…,"content":…}"#,
    recognise,
    reading: Reading::Whole(read),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let text = sample.text()?;
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let (found, error) = texts(text);
    let is_damaged = error.is_some_and(|error| !is_cut_off(text, &error));
    if is_damaged { None } else { found.nature("JSON") }
}

/// The texts of a document that is JSON, and the name of this format.
pub(super) fn texts_of(sample: &Sample<'_>) -> Option<(Texts, &'static str)> {
    let text = sample.text().filter(|text| text.trim_start().starts_with(['{', '[']))?;
    let (found, error) = texts(text);
    error.is_none().then_some((found, FORMAT.name))
}

/// The line of the first mistake in a document that is named as JSON, and what it is.
pub(super) fn mistake(sample: &Sample<'_>) -> Option<(usize, String)> {
    let text = sample.text().filter(|_| sample.extension() == "json")?;
    let error = for_each(text, &mut |_| {}).err()?;
    Some((error.line(), without_place(&error)))
}

fn read(text: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let (found, error) = texts(text);
    if let Some(error) = &error {
        report(text, error, sink);
    }
    found.hand_over(context, sink);
}

/// The texts of a document, up to the first mistake, and what that is.
fn texts(text: &str) -> (Texts, Option<serde_json::Error>) {
    let (found, error) = values(text);
    let mended = error.as_ref().filter(|_| found.entries.is_empty()).and_then(|error| mended(text, error, true));
    (mended.map_or(found, |mended| values(&mended).0), error)
}

fn values(text: &str) -> (Texts, Option<serde_json::Error>) {
    let mut nodes = Vec::new();
    let error = for_each(text, &mut |value| nodes.push(node(value, text, 0))).err();
    let one = if nodes.len() == 1 && !text.trim_start().starts_with('[') { nodes.pop() } else { None };
    (Texts::of(one.unwrap_or(Node::List(nodes))), error)
}

/// A value as a tree.
fn node(value: &RawValue, document: &str, depth: usize) -> Node {
    if depth > DEEPEST {
        return Node::Plain(String::new());
    }
    if let Some(object) = Object::of(value) {
        return Node::Keys(object.entries().map(|(key, value)| (key.to_owned(), node(value, document, depth + 1))).collect());
    }
    if let Some(values) = array(value) {
        return Node::List(values.into_iter().map(|value| node(value, document, depth + 1)).collect());
    }
    match Scalar(value).located(document, 0) {
        Some((text, place)) if value.get().starts_with('"') => Node::Text(text, place),
        _ => Node::Plain(value.get().to_owned()),
    }
}
