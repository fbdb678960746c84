//! A whole JSON document: an array of conversations or replies, or one of them, in the project's own shape.

use std::fmt;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Format;
use super::reading::{Context, Reading, Sample, Sink, offset_within};
use super::record::{Record, Whereabouts, without_place};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "json",
    looks_like: r#"an array of {"id":…,"turns":[…]} or {"id":…,"text":…}, or one such object"#,
    recognise,
    reading: Reading::Whole(read),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let text = sample.text()?.trim_start();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let mut nature = None;
    let outcome = for_each(text, &mut |element| {
        if nature.is_none() {
            nature = serde_json::from_str::<Record<'_>>(element.get()).ok().and_then(|record| record.nature());
        }
    });
    // A damaged document is still one of ours, to be reported with the place of the damage.
    let damaged = || outcome.is_err() && [r#""turns""#, r#""speaker""#].iter().all(|key| text.contains(key));
    nature.or_else(|| damaged().then_some("conversations with `turns`, damaged")).map(|nature| format!("a JSON document; {nature}"))
}

fn read(text: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let (mut number, mut line, mut counted) = (0, 1, 0);
    let outcome = for_each(text, &mut |element| {
        let start = offset_within(element.get(), text);
        line += memchr::memchr_iter(b'\n', text.get(counted..start).unwrap_or_default().as_bytes()).count();
        counted = start;
        number += 1;
        match serde_json::from_str::<Record<'_>>(element.get()) {
            Ok(record) => record.read(number, Whereabouts { text, offset: 0, line }, context, sink),
            Err(error) => {
                let what = format!("element {number} cannot be read: {}", without_place(&error));
                sink.problem(Some(line), what, "make it an object with `turns` or `text`");
            }
        }
    });
    if let Err(error) = outcome {
        let what = if error.is_eof() {
            "the JSON ends too early: the file is cut off".to_owned()
        } else {
            format!("this is not JSON: {}", without_place(&error))
        };
        sink.problem(Some(error.line()), what, "what stands before was read; correct the rest");
    }
}

/// Calls `visit` for each element of the array, or for each object where there is no array, up to the first mistake.
fn for_each<'t>(text: &'t str, visit: &mut dyn FnMut(&'t RawValue)) -> Result<(), serde_json::Error> {
    if text.trim_start().starts_with('[') {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.deserialize_seq(Elements(visit))?;
        deserializer.end()
    } else {
        serde_json::Deserializer::from_str(text).into_iter::<&RawValue>().try_for_each(|element| element.map(&mut *visit))
    }
}

struct Elements<'v, 't>(&'v mut dyn FnMut(&'t RawValue));

impl<'t> Visitor<'t> for Elements<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element::<&RawValue>()? {
            (self.0)(element);
        }
        Ok(())
    }
}
