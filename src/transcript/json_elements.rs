//! The objects of a JSON document one after the other: a line each, the elements of an array, or a single one.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json_object::{Object, Whereabouts, array};
use super::reading::{Block, Context, Reader, Sample, Sink, lines};
use super::strings::DEEPEST;

/// What is done with the objects of a format.
pub(super) trait Elements: Default {
    /// Begins to read a document of which a sample is known.
    fn begin(_sample: &Sample<'_>, _context: &Context<'_>) -> Self {
        Self::default()
    }

    /// Reads one object; `number` is its line where each stands on one, else its place among the others, from 1.
    fn element(&mut self, object: &Object<'_>, number: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>);

    /// Hands over what is still open when the document ends.
    fn finish(&mut self, _context: &Context<'_>, _sink: &mut Sink<'_>) {}

    /// The first byte of the document that the conversations which are still open stand in. By default each object is all of one.
    fn open_from(&self) -> Option<usize> {
        None
    }
}

/// Opens a document whose objects `E` reads.
pub(super) fn open<E: Elements + 'static>(sample: &Sample<'_>, context: &Context<'_>) -> Box<dyn Reader> {
    // Where most of the first lines are whole objects, each is; in a document of many lines some may be, by chance.
    let is_whole = |line: &&str| line.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(line).is_ok();
    let (all, whole) = (sample.lines(20).count(), sample.lines(20).filter(is_whole).count());
    let by_line = sample.lines(1).all(|line| line.starts_with('{')) && whole * 2 >= all.max(1);
    Box::new(Document { elements: E::begin(sample, context), by_line, kept: String::new() })
}

/// A document of JSON under way.
struct Document<E> {
    elements: E,
    by_line: bool,
    /// All of a document that is no sequence of lines.
    kept: String,
}

impl<E: Elements> Reader for Document<E> {
    fn block(&mut self, block: &Block<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        if !self.by_line {
            return self.kept.push_str(block.text);
        }
        for (index, (start, line)) in lines(block.text).enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let number = block.first_line + index;
            let at = Whereabouts::new(line, block.offset + start, number);
            match serde_json::from_str::<&RawValue>(line) {
                Ok(value) => read(&mut self.elements, value, 0, number, &at, context, sink),
                Err(error) => {
                    let what = if error.is_eof() { "the JSON ends too early".to_owned() } else { not_json(&error) };
                    sink.problem(Some(number), what, "write one complete JSON object on the line");
                }
            }
        }
    }

    fn finish(&mut self, context: &Context<'_>, sink: &mut Sink<'_>) {
        let text = std::mem::take(&mut self.kept);
        if !self.by_line {
            let mut number = 0;
            let at = Whereabouts::new(&text, 0, 1);
            let outcome = for_each(&text, &mut |value| {
                number += 1;
                read(&mut self.elements, value, 0, number, &at, context, sink);
            });
            if let Err(error) = outcome {
                if number == 0
                    && let Some(mended) = mended(&text, &error, false)
                {
                    // What is whole before the mistake is read all the same.
                    let at = Whereabouts::new(&mended, 0, 1);
                    let _ = for_each(&mended, &mut |value| read(&mut self.elements, value, 0, 1, &at, context, sink));
                }
                report(&text, &error, sink);
            }
        }
        self.elements.finish(context, sink);
    }

    fn open_from(&self) -> Option<usize> {
        if self.by_line { self.elements.open_from() } else { Some(0) }
    }
}

/// Hands over the object that a value is, or the objects of the arrays that it is; `depth` is the number of arrays around it.
fn read<E: Elements>(
    elements: &mut E,
    value: &RawValue,
    depth: usize,
    number: usize,
    at: &Whereabouts<'_>,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
) {
    if let Some(object) = Object::of(value) {
        return elements.element(&object, number, at, context, sink);
    }
    match array(value) {
        Some(_) if depth > DEEPEST => too_deep(value, at, sink),
        Some(values) => values.into_iter().for_each(|value| read(elements, value, depth + 1, number, at, context, sink)),
        None => sink.problem(Some(at.line_of(value.get())), "this is JSON, but no object", "write an object, {…}"),
    }
}

/// Reports a value that lies deeper than any reader looks.
pub(super) fn too_deep(value: &RawValue, at: &Whereabouts<'_>, sink: &mut Sink<'_>) {
    let what = format!("what begins here lies more than {DEEPEST} levels deep, and was not read");
    sink.problem(Some(at.line_of(value.get())), what, "write the objects one a line, or in one array");
}

/// Reports why a document could not be read to its end.
pub(super) fn report(text: &str, error: &serde_json::Error, sink: &mut Sink<'_>) {
    let what = if is_cut_off(text, error) { "the JSON ends too early: the file is cut off".to_owned() } else { not_json(error) };
    sink.problem(Some(error.line()), what, "what stands before was read; correct the rest");
}

/// Whether nothing stands behind the mistake.
pub(super) fn is_cut_off(text: &str, error: &serde_json::Error) -> bool {
    // A line end within a string is a mistake, and the last one of a file cut off.
    error.is_eof() || text.get(position(text, error)..).is_some_and(|rest| rest.trim().is_empty())
}

/// Where the mistake stands, in bytes.
fn position(text: &str, error: &serde_json::Error) -> usize {
    let line: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (line + error.column()).min(text.len())
}

fn not_json(error: &serde_json::Error) -> String {
    format!("this is not JSON: {}", without_place(error))
}

/// What a JSON parser complains about, without the line and column, which may count within a part only.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.clone(), |(what, _)| what.to_owned())
}

/// Calls `visit` for each element of the array, or for each value where there is no array, up to the first mistake.
pub(super) fn for_each<'t>(text: &'t str, visit: &mut dyn FnMut(&'t RawValue)) -> Result<(), serde_json::Error> {
    if text.trim_start().starts_with('[') {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.deserialize_seq(ArrayElements(visit))?;
        deserializer.end()
    } else {
        serde_json::Deserializer::from_str(text).into_iter::<&RawValue>().try_for_each(|element| element.map(&mut *visit))
    }
}

struct ArrayElements<'v, 't>(&'v mut dyn FnMut(&'t RawValue));

impl<'t> Visitor<'t> for ArrayElements<'_, 't> {
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

/// A document with a mistake, cut behind the last element of an array that is whole before it, and closed; where
/// objects may lack what is behind the mistake, cut behind the last value.
pub(super) fn mended(text: &str, error: &serde_json::Error, within_objects: bool) -> Option<String> {
    let end = if error.is_eof() { text.len() } else { position(text, error) };
    let bytes = &text.as_bytes()[..end];
    let (mut open, mut in_string, mut at) = (Vec::new(), false, 0);
    // Where it may be cut, with the brackets that are open there; how many of these are still.
    let mut whole: Option<(usize, Vec<u8>)> = None;
    let mut still = 0;
    let mut cut = |at: usize, open: &[u8], still: &mut usize| {
        let (end, kept) = whole.get_or_insert_default();
        kept.truncate(*still);
        kept.extend_from_slice(&open[*still..]);
        (*end, *still) = (at, open.len());
    };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            byte @ (b'{' | b'[') => open.push(byte),
            b'}' | b']' => {
                open.pop();
                still = still.min(open.len());
                if open.last() == Some(&b'[') {
                    cut(at + 1, &open, &mut still);
                }
            }
            b',' if within_objects => cut(at, &open, &mut still),
            _ => {}
        }
        at += 1;
    }
    let (end, open) = whole?;
    let mut mended = text.get(..end)?.to_owned();
    mended.extend(open.iter().rev().map(|bracket| if *bracket == b'{' { '}' } else { ']' }));
    Some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_whole_before_a_mistake_is_kept() {
        let mend = |text: &str| serde_json::from_str::<IgnoredAny>(text).err().and_then(|error| mended(text, &error, false));
        assert_eq!(mend(r#"{"a":[{"b":"}"},{"b":[1,2"#).as_deref(), Some(r#"{"a":[{"b":"}"}]}"#));
        assert_eq!(mend("{\"a\":[{\"b\":\"\\\"x\"},\n{oops},{\"b\":1}]}").as_deref(), Some("{\"a\":[{\"b\":\"\\\"x\"}]}"));
        assert_eq!(mend(r#"{"a":"#), None);
        let strings = r#"{"a":"x","b":["y","z"#;
        let error = serde_json::from_str::<IgnoredAny>(strings).unwrap_err();
        assert_eq!(mended(strings, &error, true).as_deref(), Some(r#"{"a":"x","b":["y"]}"#));
        assert_eq!(mend(r#"[[[1],[2]],{"a":[[3],[4"#).as_deref(), Some(r#"[[[1],[2]],{"a":[[3]]}]"#));
        assert_eq!(mend(r#"[[[1],[2]],{"a":3},[[4"#).as_deref(), Some(r#"[[[1],[2]],{"a":3}]"#));
        // What is open is not copied for each element.
        let many = 500_000;
        let deep = format!("{}{}", "[".repeat(many), "[],".repeat(many));
        let mended = mend(&deep).unwrap();
        assert_eq!(mended.len(), many * 5 - 1);
        assert!(mended[..many * 4 - 1].ends_with("],[]"));
    }
}
