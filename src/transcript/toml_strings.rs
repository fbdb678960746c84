//! TOML with texts under keys, or tables with a text each: canned replies.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::Lines;

use super::Format;
use super::located::{Quoting, aligned};
use super::reading::{Context, Reading, Sample, Sink};
use super::strings::{DEEPEST, Node, Texts};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "toml-strings",
    looks_like: "greeting = \"您好…\", in tables or not, in TOML: each text, or that of each [[reply]], is a canned reply",
    recognise,
    reading: Reading::Whole(read),
};

/// The tables of a pack of rules, whose texts are what nobody should say.
const PACK: [&str; 5] = ["pack", "phrase", "check", "words", "count"];

fn recognise(sample: &Sample<'_>, _: &Context<'_>) -> Option<String> {
    let text = sample.text()?;
    // Most files of other kinds have a line that no TOML has; `[10:02:08] 客服：…` and `=== c-17 ===` are of a transcript.
    let is_table = |line: &str| line.starts_with('[') && line.split('#').next().is_some_and(|table| table.trim_end().ends_with(']'));
    let is_key = |line: &str| line.split_once('=').is_some_and(|(key, _)| !key.trim().is_empty());
    let mut lines = sample.lines(20).filter(|line| !line.starts_with('#'));
    let may_be = lines
        .next()
        .is_none_or(|first| is_key(first) || (is_table(first) && lines.next().is_none_or(|next| is_table(next) || is_key(next))));
    if !may_be || sample.name.ends_with("phrase-lint.toml") {
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let table = table.get_ref();
    if table.keys().any(|key| PACK.contains(&key.get_ref().as_ref())) {
        return None;
    }
    let found = Texts::of(keys(table, text, 0));
    let is_whole = errors.is_empty() || (sample.extension() == "toml" && found.entries.len() >= 2);
    if is_whole { found.nature("TOML") } else { None }
}

/// The texts of a document that is named as TOML, and the name of this format.
pub(super) fn texts_of(sample: &Sample<'_>) -> Option<(Texts, &'static str)> {
    let text = sample.text().filter(|_| sample.extension() == "toml" && !is_ours(sample))?;
    let (table, errors) = DeTable::parse_recoverable(text);
    errors.is_empty().then(|| (Texts::of(keys(table.get_ref(), text, 0)), FORMAT.name))
}

/// The line of the first mistake in a document that is named as TOML, and what it is.
pub(super) fn mistake(sample: &Sample<'_>) -> Option<(usize, String)> {
    let text = sample.text().filter(|_| sample.extension() == "toml")?;
    let (_, errors) = DeTable::parse_recoverable(text);
    let error = errors.first()?;
    Some((Lines::new(text, 1).number(error.span().map_or(0, |span| span.start)), error.message().to_owned()))
}

/// Whether a document, even one with mistakes, is a pack of rules or holds the linter's settings.
pub(super) fn is_ours(sample: &Sample<'_>) -> bool {
    let is_table = |line: &str| {
        let name = line.trim_start_matches('[').split([']', '.', ' ']).next().unwrap_or_default();
        line.starts_with('[') && PACK.contains(&name)
    };
    sample.name.ends_with("phrase-lint.toml") || (sample.extension() == "toml" && sample.lines(usize::MAX).any(is_table))
}

fn read(text: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let lines = Lines::new(text, 1);
    for error in errors {
        let line = error.span().map(|span| lines.number(span.start));
        sink.problem(line, format!("this is not TOML: {}", error.message()), "correct it; what could be read was read");
    }
    let mut found = Texts::of(keys(table.get_ref(), text, 0));
    // In the order of the file, not of the keys.
    found.entries.sort_by_key(|entry| entry.place.source(0));
    found.hand_over(context, sink);
}

/// A table as a tree.
fn keys(table: &DeTable<'_>, document: &str, depth: usize) -> Node {
    Node::Keys(table.iter().map(|(key, value)| (key.get_ref().to_string(), node(value, document, depth + 1))).collect())
}

fn node(value: &Spanned<DeValue<'_>>, document: &str, depth: usize) -> Node {
    if depth > DEEPEST {
        return Node::Plain(String::new());
    }
    match value.get_ref() {
        DeValue::Table(table) => keys(table, document, depth),
        DeValue::Array(values) => Node::List(values.iter().map(|value| node(value, document, depth + 1)).collect()),
        DeValue::String(text) => {
            let span = value.span();
            let raw = document.get(span.clone()).unwrap_or_default();
            let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| raw.starts_with(quotes)).unwrap_or_default();
            let quoting = if quotes.starts_with('"') { Quoting::Escapes } else { Quoting::None };
            // A line end behind three quotes is no part of the text.
            let line_end = if quotes.len() == 3 { raw[3..].len() - raw[3..].trim_start_matches(['\r', '\n']).len() } else { 0 };
            let skipped = quotes.len() + if line_end > 0 && !text.starts_with('\n') { line_end } else { 0 };
            let (text, place) = aligned(text, raw.get(skipped..).unwrap_or_default(), span.start + skipped, quoting);
            Node::Text(text, place)
        }
        _ => Node::Plain(document.get(value.span()).unwrap_or_default().to_owned()),
    }
}
