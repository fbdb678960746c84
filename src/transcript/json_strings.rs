//! JSON with texts under keys (the files of i18n libraries), or an array of texts: canned replies.

use serde_json::value::RawValue;

use super::Format;
use super::json_elements::{for_each, is_cut_off, mended, report};
use super::json_object::{Object, array};
use super::json_text::Scalar;
use super::reading::{Context, Reading, Sample, Sink};
use super::strings::{Entry, hand_over, join, nature};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "json-strings",
    looks_like: r#"{"greeting":"您好…","wait":{"short":"请稍等"}} or ["您好…",…]: texts under keys, each a canned reply"#,
    recognise,
    reading: Reading::Whole(read),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let text = sample.text()?;
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let found = Texts::of(text);
    // Several objects are records of something, and nobody knows which of their texts an agent says.
    let is_damaged = found.error.is_some_and(|error| !is_cut_off(text, &error));
    if found.objects > 1 || !found.are_plain || is_damaged {
        return None;
    }
    nature("JSON", &found.entries)
}

fn read(text: &str, _: &Context<'_>, sink: &mut Sink<'_>) {
    let found = Texts::of(text);
    if let Some(error) = &found.error {
        report(text, error, sink);
    }
    hand_over(found.entries, sink);
}

/// The texts of a document, up to the first mistake.
struct Texts {
    entries: Vec<Entry>,
    objects: usize,
    are_plain: bool,
    error: Option<serde_json::Error>,
}

impl Texts {
    fn of(text: &str) -> Self {
        let mut found = Self { entries: Vec::new(), objects: 0, are_plain: true, error: None };
        if let Err(error) = found.add(text) {
            if found.entries.is_empty()
                && let Some(mended) = mended(text, &error, true)
            {
                let _ = found.add(&mended);
            }
            found.error = Some(error);
        }
        found
    }

    fn add(&mut self, text: &str) -> Result<(), serde_json::Error> {
        for_each(text, &mut |value| {
            self.objects += usize::from(value.get().starts_with('{'));
            self.are_plain &= collect(value, "", text, &mut self.entries);
        })
    }
}

/// Adds the texts of a value; returns whether it holds no array of objects.
fn collect(value: &RawValue, path: &str, document: &str, entries: &mut Vec<Entry>) -> bool {
    if let Some(object) = Object::of(value) {
        return object.entries().fold(true, |are_plain, (key, value)| collect(value, &join(path, key), document, entries) && are_plain);
    }
    if let Some(values) = array(value) {
        let are_plain = values.iter().all(|value| !value.get().starts_with(['{', '[']));
        return values.iter().enumerate().fold(are_plain, |are_plain, (index, value)| {
            collect(value, &join(path, &(index + 1).to_string()), document, entries) && are_plain
        });
    }
    if value.get().starts_with('"')
        && let Some((text, place)) = Scalar(value).located(document, 0)
    {
        let path = if path.is_empty() { (entries.len() + 1).to_string() } else { path.to_owned() };
        entries.push(Entry { path, text, place });
    }
    true
}
