//! YAML with texts under keys (the files of i18n libraries), or a list of texts: canned replies.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::Format;
use super::located::{Quoting, aligned};
use super::reading::{Context, Reading, Sample, Sink};
use super::strings::{Entry, hand_over, join, nature};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "yaml-strings",
    looks_like: "greeting: 您好… with further keys below or within, in YAML: each text is a canned reply",
    recognise,
    reading: Reading::Whole(read),
};

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let text = sample.text()?;
    let is_named = matches!(sample.extension().as_str(), "yml" | "yaml");
    // Prose has colons too: without the name, every line must look the part.
    let is_key = |line: &str| {
        line.starts_with(['#', '-', '|', '>'])
            || line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()))
    };
    if !is_named && !sample.lines(20).all(is_key) {
        return None;
    }
    let found = Texts::of(text);
    if found.has_records || !found.has_keys || (found.error.is_some() && !(is_named && found.entries.len() >= 2)) {
        return None;
    }
    nature("YAML", &found.entries)
}

fn read(text: &str, _: &Context<'_>, sink: &mut Sink<'_>) {
    let found = Texts::of(text);
    if let Some(error) = &found.error {
        let what = format!("this is not YAML: {}", error.info());
        sink.problem(Some(error.marker().line()), what, "what stands before was read; correct the rest");
    }
    hand_over(found.entries, sink);
}

/// The texts of a document.
#[derive(Default)]
struct Texts {
    entries: Vec<Entry>,
    /// Whether there are mappings within lists: records of something.
    has_records: bool,
    has_keys: bool,
    error: Option<ScanError>,
}

/// Where in the tree of values the parser is.
enum Level {
    /// In a mapping: its path, and the key whose value comes next.
    Mapping(String, Option<String>),
    /// In a list: its path, and how many elements it had.
    List(String, usize),
}

impl Texts {
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        let mut levels: Vec<Level> = Vec::new();
        let mut bytes = Bytes { text, character: 0, byte: 0 };
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok((Event::StreamEnd, _)) => break,
                Ok(event) => event,
                Err(error) => {
                    found.error = Some(error);
                    break;
                }
            };
            match event {
                Event::MappingStart(..) => {
                    found.has_keys |= levels.is_empty();
                    found.has_records |= matches!(levels.last(), Some(Level::List(..)));
                    let path = next_path(&mut levels);
                    levels.push(Level::Mapping(path, None));
                }
                Event::SequenceStart(..) => {
                    let path = next_path(&mut levels);
                    levels.push(Level::List(path, 0));
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    levels.pop();
                }
                Event::Alias(_) => {
                    next_path(&mut levels);
                }
                Event::Scalar(value, style, ..) => {
                    if let Some(Level::Mapping(_, key @ None)) = levels.last_mut() {
                        *key = Some(value.into_owned());
                        continue;
                    }
                    let path = next_path(&mut levels);
                    if style == ScalarStyle::Plain && is_no_text(&value) {
                        continue;
                    }
                    let (text, place) = bytes.locate(&value, style, span);
                    found.entries.push(Entry { path, text, place });
                }
                _ => {}
            }
        }
        found
    }
}

/// Whether an unquoted value is a number, true, false or null.
fn is_no_text(value: &str) -> bool {
    value.parse::<f64>().is_ok() || matches!(value, "true" | "false" | "null" | "~" | "")
}

/// The path of the value that begins now.
fn next_path(levels: &mut [Level]) -> String {
    match levels.last_mut() {
        None => String::new(),
        Some(Level::Mapping(path, key)) => join(path, &key.take().unwrap_or_default()),
        Some(Level::List(path, count)) => {
            *count += 1;
            join(path, &count.to_string())
        }
    }
}

/// From the parser's characters to bytes.
struct Bytes<'t> {
    text: &'t str,
    character: usize,
    byte: usize,
}

impl Bytes<'_> {
    fn at(&mut self, character: usize) -> usize {
        if character < self.character {
            (self.character, self.byte) = (0, 0);
        }
        let rest = &self.text[self.byte..];
        let passed = rest.char_indices().nth(character - self.character).map_or(rest.len(), |(at, _)| at);
        (self.character, self.byte) = (character, self.byte + passed);
        self.byte
    }

    fn locate(&mut self, value: &str, style: ScalarStyle, span: Span) -> (String, super::Place) {
        let (start, end) = (self.at(span.start.index()), self.at(span.end.index()));
        let raw = self.text.get(start..end).unwrap_or_default();
        let (raw, skipped, quoting) = match style {
            ScalarStyle::DoubleQuoted => (raw.trim_start_matches('"'), usize::from(raw.starts_with('"')), Quoting::Escapes),
            ScalarStyle::SingleQuoted => (raw.strip_prefix('\'').unwrap_or(raw), usize::from(raw.starts_with('\'')), Quoting::Doubled),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                // Behind `|` or `>` and its line.
                let header = if raw.starts_with(['|', '>']) { raw.find('\n').map_or(raw.len(), |end| end + 1) } else { 0 };
                (&raw[header..], header, Quoting::None)
            }
            ScalarStyle::Plain => (raw, 0, Quoting::None),
        };
        aligned(value.trim_end_matches('\n'), raw, start + skipped, quoting)
    }
}
