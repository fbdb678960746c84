//! YAML with texts under keys (the files of i18n libraries), a list of texts, or records with a text each: canned replies.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::Format;
use super::located::{Quoting, aligned};
use super::plain_text;
use super::reading::{Context, Reading, Sample, Sink, lines};
use super::strings::{DEEPEST, Node, Texts};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "yaml-strings",
    looks_like: "greeting: 您好… with further keys below or within, in YAML: each text, or that of each record, is a canned reply",
    recognise,
    reading: Reading::Whole(read),
};

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    let text = sample.text()?;
    let extension = sample.extension();
    let is_named = matches!(extension.as_str(), "yml" | "yaml");
    let is_other = matches!(extension.as_str(), "md" | "markdown" | "json" | "jsonl" | "toml");
    if is_other || (!is_named && !all_are_keys(text)) {
        return None;
    }
    // `Agent: 您好` is said by somebody.
    let is_said = (plain_text::FORMAT.recognise)(sample, context).is_some();
    let may_be_list = is_named || sample.lines(20).any(|line| line.starts_with('-'));
    if is_said && !may_be_list {
        return None;
    }
    let Document { nodes, error } = Document::of(text);
    let has_keys = nodes.iter().any(|node| matches!(node, Node::Keys(_)));
    // Those who speak there may do so in one of its texts.
    if is_said && is_named && (error.is_some() || !nodes.iter().any(|node| has_keys_of_texts(node, context))) {
        return None;
    }
    let texts = texts(nodes);
    // Without the name, a list of texts is one of Markdown.
    let is_yaml = is_named || texts.replies > 0 || (has_keys && !is_said);
    if !is_yaml || (error.is_some() && !(is_named && texts.entries.len() >= 2)) {
        return None;
    }
    texts.nature("YAML")
}

/// Whether the first lines look the part, each of them: prose has colons too. What stands deeper than the line with its `|` is a text.
fn all_are_keys(text: &str) -> bool {
    let is_key = |line: &str| {
        line.starts_with(['#', '-', '|', '>'])
            || line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()))
    };
    let mut block = None;
    let lines = lines(text).map(|(_, line)| line).filter(|line| !line.trim().is_empty()).filter(|line| {
        let depth = line.len() - line.trim_start().len();
        if block.is_some_and(|block| depth > block) {
            return false;
        }
        let is_header = |value: &str| value.trim().starts_with(['|', '>']) && value.trim().len() <= 3;
        block = line.rsplit_once(':').filter(|(_, value)| is_header(value)).map(|_| depth);
        true
    });
    lines.take(20).all(|line| is_key(line.trim()))
}

/// Whether a document has keys, none of which is the label of somebody who speaks: `客服: 您好` is said by one.
fn has_keys_of_texts(node: &Node, context: &Context<'_>) -> bool {
    match node {
        Node::Keys(fields) => fields.iter().all(|(key, _)| context.speakers.label(key).is_none()),
        Node::List(nodes) => !nodes.is_empty() && nodes.iter().all(|node| has_keys_of_texts(node, context)),
        Node::Text(..) | Node::Plain(_) => false,
    }
}

/// The texts of a document that is named as YAML, and the name of this format.
pub(super) fn texts_of(sample: &Sample<'_>) -> Option<(Texts, &'static str)> {
    let text = sample.text().filter(|_| matches!(sample.extension().as_str(), "yml" | "yaml"))?;
    let Document { nodes, error } = Document::of(text);
    error.is_none().then(|| (texts(nodes), FORMAT.name))
}

/// The line of the first mistake in a document that is named as YAML, and what it is.
pub(super) fn mistake(sample: &Sample<'_>) -> Option<(usize, String)> {
    let text = sample.text().filter(|_| matches!(sample.extension().as_str(), "yml" | "yaml"))?;
    let error = Document::of(text).error?;
    Some((error.marker().line(), error.info().to_owned()))
}

fn read(text: &str, context: &Context<'_>, sink: &mut Sink<'_>) {
    let found = Document::of(text);
    if let Some(error) = &found.error {
        let what = format!("this is not YAML: {}", error.info());
        sink.problem(Some(error.marker().line()), what, "what stands before was read; correct the rest");
    }
    texts(found.nodes).hand_over(context, sink);
}

/// The texts of all documents of a file.
fn texts(nodes: Vec<Node>) -> Texts {
    nodes.into_iter().map(Texts::of).reduce(Texts::with).unwrap_or_default()
}

/// What a file holds.
#[derive(Default)]
struct Document {
    /// Its documents.
    nodes: Vec<Node>,
    error: Option<ScanError>,
}

/// What is open while the parser goes through the values.
enum Level {
    /// A mapping, and the key whose value comes next.
    Mapping(Vec<(String, Node)>, Option<String>),
    List(Vec<Node>),
}

impl Document {
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
            let node = match event {
                Event::MappingStart(..) => {
                    levels.push(Level::Mapping(Vec::new(), None));
                    continue;
                }
                Event::SequenceStart(..) => {
                    levels.push(Level::List(Vec::new()));
                    continue;
                }
                Event::MappingEnd | Event::SequenceEnd => levels.pop().map(Level::close),
                Event::Alias(_) => Some(Node::Plain(String::new())),
                Event::Scalar(value, style, ..) => {
                    if let Some(Level::Mapping(_, key @ None)) = levels.last_mut() {
                        *key = Some(value.into_owned());
                        continue;
                    }
                    Some(if style == ScalarStyle::Plain && is_no_text(&value) {
                        Node::Plain(value.into_owned())
                    } else {
                        let (text, place) = bytes.locate(&value, style, span);
                        Node::Text(text, place)
                    })
                }
                _ => None,
            };
            if let Some(node) = node {
                found.add(node, &mut levels);
            }
        }
        // What a mistake left open.
        while let Some(level) = levels.pop() {
            found.add(level.close(), &mut levels);
        }
        found
    }

    fn add(&mut self, node: Node, levels: &mut [Level]) {
        let is_too_deep = levels.len() > DEEPEST;
        match levels.last_mut() {
            // Dropped one by one, what is too deep takes no stack.
            Some(_) if is_too_deep => {}
            Some(Level::Mapping(fields, key @ Some(_))) => fields.push((key.take().unwrap_or_default(), node)),
            // A key that is no scalar.
            Some(Level::Mapping(_, key @ None)) => *key = Some(String::new()),
            Some(Level::List(nodes)) => nodes.push(node),
            None => self.nodes.push(node),
        }
    }
}

impl Level {
    fn close(self) -> Node {
        match self {
            Self::Mapping(fields, _) => Node::Keys(fields),
            Self::List(nodes) => Node::List(nodes),
        }
    }
}

/// Whether an unquoted value is a number, true, false or null.
fn is_no_text(value: &str) -> bool {
    value.parse::<f64>().is_ok() || matches!(value, "true" | "false" | "null" | "~" | "")
}

/// A value without the anchor and the tag before it (`&x 你好`, `!!str "你好"`), and the byte where it begins.
fn without_properties(raw: &str, start: usize) -> (&str, usize) {
    let mut rest = raw;
    while rest.starts_with(['&', '!']) {
        rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
    }
    (rest, start + raw.len() - rest.len())
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
        let (raw, start) = without_properties(raw, start);
        let (raw, skipped, quoting) = match style {
            ScalarStyle::DoubleQuoted => (raw.trim_start_matches('"'), usize::from(raw.starts_with('"')), Quoting::Escapes),
            ScalarStyle::SingleQuoted => (raw.strip_prefix('\'').unwrap_or(raw), usize::from(raw.starts_with('\'')), Quoting::Doubled),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                // Behind `|` or `>` and its line; a text may begin with such a mark itself.
                let first = raw.split('\n').next().unwrap_or_default();
                let is_header = is_block_header(first) && value.lines().next().map(str::trim) != Some(first.trim());
                let header = if is_header { (first.len() + 1).min(raw.len()) } else { 0 };
                (&raw[header..], header, Quoting::None)
            }
            ScalarStyle::Plain => (raw, 0, Quoting::None),
        };
        aligned(value.trim_end_matches('\n'), raw, start + skipped, quoting)
    }
}

/// `|`, `>-`, `|2`, `> # a comment`: with which a text of several lines begins.
fn is_block_header(line: &str) -> bool {
    let behind = line.strip_prefix(['|', '>']).map(|rest| rest.trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']));
    behind.is_some_and(|rest| rest.trim().is_empty() || rest.trim_start().starts_with('#') && rest.starts_with([' ', '\t']))
}
