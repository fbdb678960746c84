//! JSON whose objects are rows: each a turn, with keys called as the columns of a table are.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::value::RawValue;

use super::columns::{Cells, Columns, Gathering, quoted};
use super::json_elements::{Elements, for_each, open};
use super::json_object::{Object, Whereabouts};
use super::reading::{Context, Reading, Sample, Sink};
use super::{Format, Place};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "json-turns",
    looks_like: r#"{"session_id":…,"sender":"agent","text":…,"time":…}, each object a turn, in lines or an array"#,
    recognise,
    reading: Reading::Sequence(open::<Rows>),
};

/// How many objects are asked for their keys, among the first so many bytes.
const LOOKED_AT: usize = 50;
const BYTES: usize = 1 << 18;

/// Why a document holds turns as rows; none where it does not.
pub(super) fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let header = Header::find(sample, context)?;
    let keys = quoted(header.keys.iter().map(String::as_str));
    let what = if header.columns.are_dialogues() { "holds a conversation" } else { "is a turn" };
    header.columns.are_turns().then(|| format!("each JSON object {what}, with the keys {keys}"))
}

/// What the keys of a document's objects mean.
struct Header {
    keys: Vec<String>,
    columns: Columns,
}

impl Header {
    fn find(sample: &Sample<'_>, context: &Context<'_>) -> Option<Self> {
        sample.outline()?;
        let text = sample.text()?;
        let mut objects: Vec<Object<'_>> = Vec::new();
        let mut keep = |value| objects.extend(Object::of(value));
        // A damaged line must not hide what the others are.
        if text.trim_start().starts_with('[') {
            let start = (BYTES - 3..=BYTES).rev().find_map(|end| text.get(..end)).unwrap_or(text);
            let _ = for_each(start, &mut keep);
        } else {
            sample.lines(LOOKED_AT).filter_map(|line| serde_json::from_str::<&RawValue>(line).ok()).for_each(keep);
        }
        objects.truncate(LOOKED_AT);
        let (mut keys, mut known) = (Vec::new(), HashSet::new());
        for (key, value) in objects.iter().flat_map(Object::entries) {
            // A time may be a number, and whatever is nested belongs to other formats.
            if !value.get().starts_with(['{', '[']) && known.insert(key) {
                keys.push(key.to_owned());
            }
        }
        let values = |column: usize| objects.iter().map(|object| object.word(&keys[column]).unwrap_or_default()).collect();
        let columns = Columns::of(&keys.iter().map(String::as_str).collect::<Vec<_>>(), &values, true, context)?;
        // A single object with texts under keys, one of which is a transcript, has other texts too.
        if objects.len() == 1 && keys.len() > 1 && columns.are_bare_dialogues() {
            return None;
        }
        Some(Self { columns, keys })
    }
}

/// The rows of a document under way.
#[derive(Default)]
struct Rows {
    keys: Vec<String>,
    text: String,
    gathering: Option<Gathering>,
}

impl Elements for Rows {
    fn begin(sample: &Sample<'_>, context: &Context<'_>) -> Self {
        let Some(Header { keys, columns }) = Header::find(sample, context) else { return Self::default() };
        Self { keys, text: columns.text().to_owned(), gathering: Some(Gathering::new(columns)) }
    }

    fn element(&mut self, object: &Object<'_>, _: usize, at: &Whereabouts<'_>, context: &Context<'_>, sink: &mut Sink<'_>) {
        let line = at.line_of(object.raw.get());
        let Some(gathering) = &mut self.gathering else {
            return sink.problem(
                Some(line),
                "no key of the first objects is known to hold a text",
                "call it `text`, and who speaks `speaker`",
            );
        };
        if object.located(&self.text, at).is_none() {
            return sink.problem(Some(line), format!("the object has no text in `{}`", self.text), "complete it, or leave it out");
        }
        gathering.row(line, &Values { object, keys: &self.keys, at }, context, sink);
    }

    fn finish(&mut self, _: &Context<'_>, sink: &mut Sink<'_>) {
        if let Some(gathering) = &mut self.gathering {
            gathering.finish(sink);
        }
    }

    fn open_from(&self) -> Option<usize> {
        self.gathering.as_ref().and_then(Gathering::open_from)
    }
}

/// The values of an object as the cells of a row.
struct Values<'o, 'a, 't> {
    object: &'o Object<'a>,
    keys: &'o [String],
    at: &'o Whereabouts<'t>,
}

impl Cells for Values<'_, '_, '_> {
    fn count(&self) -> usize {
        self.keys.len()
    }

    /// A key that is absent says nothing.
    fn text(&self, column: usize) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.keys.get(column).and_then(|key| self.object.word(key)).unwrap_or_default()))
    }

    fn located(&self, column: usize) -> Option<(String, Place)> {
        self.object.located(self.keys.get(column)?, self.at)
    }
}
