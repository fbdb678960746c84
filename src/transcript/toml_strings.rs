//! TOML with texts under keys: canned replies.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Format;
use super::located::{Quoting, aligned};
use super::reading::{Context, Reading, Sample, Sink};
use super::strings::{Entry, hand_over, join, nature};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "toml-strings",
    looks_like: "greeting = \"您好…\", in tables or not, in TOML: each text is a canned reply",
    recognise,
    reading: Reading::Whole(read),
};

/// The tables of a pack of rules, whose texts are what nobody should say.
const PACK: [&str; 5] = ["pack", "phrase", "check", "words", "count"];

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let text = sample.text()?;
    // Most files of other kinds have a line that no TOML has.
    let is_line = |line: &str| line.starts_with(['#', '[']) || line.contains('=');
    if !sample.lines(1).all(is_line) || sample.name.ends_with("phrase-lint.toml") {
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let table = table.get_ref();
    if table.keys().any(|key| PACK.contains(&key.get_ref().as_ref())) {
        return None;
    }
    let mut entries = Vec::new();
    let are_plain = collect(table, "", text, &mut entries);
    let is_whole = errors.is_empty() || (sample.extension() == "toml" && entries.len() >= 2);
    if are_plain && is_whole { nature("TOML", &entries) } else { None }
}

fn read(text: &str, _: &Context<'_>, sink: &mut Sink<'_>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let line = error.span().map(|span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
        sink.problem(line, format!("this is not TOML: {}", error.message()), "correct it; what could be read was read");
    }
    let mut entries = Vec::new();
    collect(table.get_ref(), "", text, &mut entries);
    // In the order of the file, not of the keys.
    entries.sort_by_key(|entry| entry.place.source(0));
    hand_over(entries, sink);
}

/// Adds the texts of a table; returns whether it holds no array of tables.
fn collect(table: &DeTable<'_>, path: &str, document: &str, entries: &mut Vec<Entry>) -> bool {
    table.iter().fold(true, |are_plain, (key, value)| add(value, &join(path, key.get_ref()), document, entries) && are_plain)
}

fn add(value: &Spanned<DeValue<'_>>, path: &str, document: &str, entries: &mut Vec<Entry>) -> bool {
    match value.get_ref() {
        DeValue::Table(table) => collect(table, path, document, entries),
        DeValue::Array(values) => {
            let are_plain = values.iter().all(|value| !matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_)));
            values.iter().enumerate().fold(are_plain, |are_plain, (index, value)| {
                add(value, &join(path, &(index + 1).to_string()), document, entries) && are_plain
            })
        }
        DeValue::String(text) => {
            let span = value.span();
            let raw = document.get(span.clone()).unwrap_or_default();
            let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| raw.starts_with(quotes)).unwrap_or_default();
            let quoting = if quotes.starts_with('"') { Quoting::Escapes } else { Quoting::None };
            // A line end behind three quotes is no part of the text.
            let line_end = if quotes.len() == 3 { raw[3..].len() - raw[3..].trim_start_matches(['\r', '\n']).len() } else { 0 };
            let skipped = quotes.len() + if line_end > 0 && !text.starts_with('\n') { line_end } else { 0 };
            let (text, place) = aligned(text, raw.get(skipped..).unwrap_or_default(), span.start + skipped, quoting);
            entries.push(Entry { path: path.to_owned(), text, place });
            true
        }
        _ => true,
    }
}
