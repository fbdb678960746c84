//! How a document's format writes a text where a turn's words stand: escapes, quotes, and what cannot be written.
//!
//! Which notation a text is in is told by the format and by the character before it (a quote or none). Whatever is
//! missed here is caught by reading the edited document again.

use std::fmt::Write as _;
use std::ops::Range;

use super::edit::{self, Edit};
use super::reason::Reason;
use crate::source::Encoding;
use crate::transcript::{Piece, Place, Turn};

/// Writes new texts of turns into a document.
#[derive(Debug)]
pub(super) struct Writer<'d> {
    document: &'d str,
    syntax: Syntax,
    encoding: Encoding,
    /// How the document as a whole writes what is not ASCII.
    escapes: Option<Escapes>,
}

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// Text as it is: transcripts, lists, Markdown.
    Text,
    Json,
    Csv,
    Yaml,
    Toml,
}

/// How one text of a document is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Notation {
    /// As it is, on lines of its own.
    Line,
    /// As it is, but these would end it or mean something else.
    Bare(&'static [&'static str]),
    /// Between quotes, with escapes that begin with `\`.
    Escaped(Syntax),
    /// Between quotes that are doubled within.
    Doubled(char),
    /// Between quotes that cannot stand within.
    Literal(&'static str),
    /// An unquoted field of CSV, from delimiter to delimiter, and what would need quotes in it.
    Field { place: Range<usize>, delimiters: &'static [char] },
}

/// How characters beyond ASCII are written between quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// As they are.
    None,
    /// `\u4000`: whether its letters would be large it does not tell.
    Escaped,
    /// `\u4f60`
    Lower,
    /// `\u4F60`
    Upper,
}

impl<'d> Writer<'d> {
    /// For a document that was read in the format so named.
    pub(super) fn new(document: &'d str, format: &str, encoding: Encoding) -> Self {
        let mut start = document.trim_start().chars();
        let syntax = match format {
            "csv" => Syntax::Csv,
            _ if format.starts_with("yaml") => Syntax::Yaml,
            _ if format.starts_with("toml") => Syntax::Toml,
            // Between quotes or not, they have the escapes of JSON.
            "resources" => Syntax::Json,
            "text" | "faq" | "lines" | "markdown" => Syntax::Text,
            // Most exports are JSON of one shape or another.
            _ if start.next().is_some_and(|c| matches!(c, '{' | '['))
                && start.find(|c| !c.is_whitespace()).is_some_and(|c| "{[\"}]".contains(c)) =>
            {
                Syntax::Json
            }
            _ => Syntax::Text,
        };
        let quoted = matches!(syntax, Syntax::Json | Syntax::Yaml | Syntax::Toml);
        Self { document, syntax, encoding, escapes: if quoted { Escapes::of(document) } else { None } }
    }

    /// The edits of the document that give a turn, as it was read, a new text.
    pub(super) fn edits(&self, turn: &Turn, text: &str) -> Result<Vec<Edit>, Reason> {
        let place = |range: Range<usize>| turn.place.source_range(range).ok_or(Reason::Scattered);
        let whole = place(0..0)?.start..place(turn.text.len()..turn.text.len())?.end;
        let notation = self.notation(&whole);
        let changes = edit::between(&turn.text, text);
        for change in &changes {
            self.encoding.encode(&change.text)?;
        }
        if let Notation::Field { place: field, delimiters } = &notation
            && (changes.iter().any(|change| change.text.contains(*delimiters) || change.text.contains(['\n', '\r']))
                || text.starts_with('"'))
        {
            return Ok(vec![self.quoted_field(field.clone(), whole, text)]);
        }
        let of = |place: Range<usize>| Escapes::of(self.document.get(place).unwrap_or_default());
        let own = Escapes::nearest(of(whole), self.escapes);
        let changes: Result<Vec<Vec<Edit>>, Reason> = changes.into_iter().map(|change| self.divided(&turn.place, change)).collect();
        changes?
            .into_iter()
            .flatten()
            .map(|change| {
                let span = match turn.text[change.span.start..].chars().next() {
                    // What begins a line stands behind its indentation, not before.
                    Some(next) if change.span.is_empty() && turn.text[..change.span.start].ends_with('\n') => {
                        let at = place(change.span.start..change.span.start + next.len_utf8())?.start;
                        at..at
                    }
                    _ => place(change.span)?,
                };
                let escapes = Escapes::nearest(of(span.clone()), own).unwrap_or(Escapes::None);
                Ok(Edit { span, text: notation.write(&change.text, escapes)? })
            })
            .collect()
    }

    /// An edit of a turn's text in one for each string that it reaches into, where several stand for one text: `"规定就是规"` and on the
    /// next line `"定"`. The new words stand in the first.
    fn divided(&self, place: &Place, change: Edit) -> Result<Vec<Edit>, Reason> {
        let mut parts = vec![change];
        for (end, next) in gaps(place, &parts[0].span.clone()) {
            let between = self.document.get(end..next.source).unwrap_or_default();
            let strings = between.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            if !strings.is_some_and(|line_end| line_end.trim().is_empty() && line_end.contains(['\n', '\r'])) {
                return Err(Reason::Scattered);
            }
            let Some(last) = parts.last_mut() else { continue };
            let behind = next.text..last.span.end;
            last.span.end = next.text;
            parts.push(Edit { span: behind, text: String::new() });
        }
        Ok(parts)
    }

    /// How the text that stands at `place` is written.
    fn notation(&self, place: &Range<usize>) -> Notation {
        let before = self.document.get(..place.start).unwrap_or_default();
        match (self.syntax, before.chars().next_back()) {
            (Syntax::Text, _) => Notation::Line,
            (Syntax::Csv, _) if before.trim_end_matches(' ').ends_with('"') => Notation::Doubled('"'),
            (Syntax::Csv, _) => self.field(place),
            (Syntax::Toml, _) => {
                // The line end right behind `"""` is not part of the text.
                let opening = before.strip_suffix("\r\n").or_else(|| before.strip_suffix('\n')).unwrap_or(before);
                if opening.ends_with("'''") {
                    Notation::Literal("'''")
                } else if before.ends_with('\'') {
                    Notation::Literal("'")
                } else {
                    Notation::Escaped(Syntax::Toml)
                }
            }
            (syntax, Some('"')) => Notation::Escaped(syntax),
            (Syntax::Yaml, Some('\'')) => Notation::Doubled('\''),
            (Syntax::Yaml, _) => {
                let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
                // A text that begins a line is a block; elsewhere some marks would end it or begin a comment.
                if line.trim().is_empty() { Notation::Line } else { Notation::Bare(&[": ", " #", "\n", "\t"]) }
            }
            // A number, or a text within markup within a string.
            (_, _) => Notation::Escaped(Syntax::Json),
        }
    }

    /// The field of CSV around the text at `place`, which may have spaces around it.
    fn field(&self, place: &Range<usize>) -> Notation {
        const DELIMITERS: [&[char]; 4] = [&[','], &['\t'], &[';'], &['|']];
        let before = self.document.get(..place.start).unwrap_or_default().trim_end_matches(' ');
        let behind = self.document.get(place.end..).unwrap_or_default();
        let end = self.document.len() - behind.trim_start_matches(' ').len();
        let neighbours = [before.chars().next_back(), self.document[end..].chars().next()];
        let delimiter = DELIMITERS.into_iter().find(|delimiter| neighbours.iter().flatten().any(|c| delimiter.contains(c)));
        // In a table of one column nobody can tell.
        Notation::Field { place: before.len()..end, delimiters: delimiter.unwrap_or(&[',', '\t', ';', '|']) }
    }

    /// A field that needs quotes by now.
    fn quoted_field(&self, field: Range<usize>, place: Range<usize>, text: &str) -> Edit {
        let left = &self.document[field.start..place.start];
        let right = &self.document[place.end..field.end];
        Edit { span: field, text: format!("\"{left}{}{right}\"", text.replace('"', "\"\"")) }
    }
}

/// Where a stretch of a turn's text leaves something out, such as markup: the byte of the document before that, and what goes on
/// behind.
fn gaps<'p>(place: &'p Place, span: &Range<usize>) -> Vec<(usize, &'p Piece)> {
    let Place::Pieces(pieces) = place else { return Vec::new() };
    let covering = || pieces.iter().filter(|piece| piece.text < span.end && span.start < piece.text + piece.text_length);
    let ends = covering().map(|piece| piece.source + piece.source_length);
    ends.zip(covering().skip(1)).filter(|(end, next)| *end != next.source).collect()
}

impl Notation {
    /// New words as they are written in a text of this notation.
    fn write(&self, words: &str, escapes: Escapes) -> Result<String, Reason> {
        match self {
            Self::Line if words.contains(['\n', '\r']) => Err(Reason::Notation("the result would need another line")),
            Self::Bare(marks) if marks.iter().any(|mark| words.contains(mark)) => {
                Err(Reason::Notation("the result holds marks that need quotes here; put the text between quotes"))
            }
            Self::Literal(quote) if words.contains(quote) || words.contains(['\n', '\r']) => {
                Err(Reason::Notation("the result holds marks that cannot stand between these quotes; use \"…\""))
            }
            Self::Doubled('\'') if words.contains(['\n', '\r']) => Err(Reason::Notation("the result would need another line")),
            Self::Line | Self::Bare(_) | Self::Literal(_) | Self::Field { .. } => Ok(words.to_owned()),
            Self::Doubled(quote) => Ok(words.replace(*quote, &format!("{quote}{quote}"))),
            Self::Escaped(syntax) => Ok(escaped(words, *syntax, escapes)),
        }
    }
}

fn escaped(words: &str, syntax: Syntax, escapes: Escapes) -> String {
    let mut written = String::with_capacity(words.len() + 8);
    for c in words.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            _ if c.is_control() || (!c.is_ascii() && escapes != Escapes::None) => {
                // JSON writes what lies beyond four digits in two halves, the others in eight digits.
                let halves = syntax == Syntax::Json;
                let mut units = [0; 2];
                let units = c.encode_utf16(&mut units);
                let outcome = match escapes {
                    _ if !halves && units.len() == 2 => write!(written, "\\U{:08X}", c as u32),
                    Escapes::Upper => units.iter().try_for_each(|unit| write!(written, "\\u{unit:04X}")),
                    _ => units.iter().try_for_each(|unit| write!(written, "\\u{unit:04x}")),
                };
                debug_assert!(outcome.is_ok(), "writing to a string cannot fail");
            }
            _ => written.push(c),
        }
    }
    written
}

impl Escapes {
    /// How a stretch of a document writes what is not ASCII; none where it has nothing of the kind. One escape is enough.
    fn of(stretch: &str) -> Option<Self> {
        let mut found = None;
        let mut rest = stretch;
        while let Some(at) = rest.find('\\') {
            let digits = rest.get(at + 2..at + 6).filter(|_| rest[at + 1..].starts_with('u'));
            let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
            if let (Some(digits), Some(0x80..)) = (digits, unit) {
                if digits.contains(|c: char| c.is_ascii_uppercase()) {
                    return Some(Self::Upper);
                }
                if digits.contains(|c: char| c.is_ascii_lowercase()) {
                    return Some(Self::Lower);
                }
                found = Some(Self::Escaped);
            }
            // An escaped backslash is no escape's beginning.
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        found.or_else(|| (!stretch.is_ascii()).then_some(Self::None))
    }

    /// What holds where a stretch says one thing, and what is around it another: what it does not tell itself is told by that.
    fn nearest(own: Option<Self>, around: Option<Self>) -> Option<Self> {
        match (own, around) {
            (Some(Self::Escaped), Some(Self::Lower | Self::Upper)) | (None, _) => around,
            (own, _) => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Speaker;

    /// The document with the words in it replaced; they stand there as they are.
    fn written(format: &str, document: &str, words: &str, new: &str) -> Result<String, String> {
        let turn = Turn { place: Place::Verbatim(document.find(words).unwrap()), ..Turn::new(Speaker::Agent, words) };
        edited(format, document, &turn, new)
    }

    fn edited(format: &str, document: &str, turn: &Turn, new: &str) -> Result<String, String> {
        let writer = Writer::new(document, format, Encoding::UTF_8);
        let mut edits = writer.edits(turn, new).map_err(|reason| reason.to_string())?;
        edits.sort_by_key(|edit| edit.span.start);
        Ok(edit::apply(document, &edits))
    }

    #[test]
    fn json_escapes_as_the_document_does() {
        let raw = r#"{"id":"r-1","text":"你好"}"#;
        assert_eq!(written("jsonl", raw, "你好", "说\"您\\好\"\n").unwrap(), r#"{"id":"r-1","text":"说\"您\\好\"\n"}"#);
        for (escaped, expected) in
            [(r#"{"text":"\u4f60,ok"}"#, r#"{"text":"\u60a8,ok"}"#), (r#"{"text":"\u4F60,ok"}"#, r#"{"text":"\u60A8,ok"}"#)]
        {
            let piece = |text, text_length, source, source_length| Piece { text, text_length, source, source_length };
            let place = Place::Pieces(vec![piece(0, 3, 9, 6), piece(3, 3, 15, 3)]);
            let turn = Turn { place, ..Turn::new(Speaker::Agent, "你,ok") };
            assert_eq!(edited("json", escaped, &turn, "您,ok").unwrap(), expected);
        }
        // A document that writes nothing but ASCII stays so, beyond four digits too.
        let ascii = r#"[{"text":"ok"},{"text":"\u597d"}]"#;
        assert_eq!(written("json", ascii, "ok", "好😀").unwrap(), r#"[{"text":"\u597d\ud83d\ude00"},{"text":"\u597d"}]"#);
        // An escaped backslash before a u is no escape.
        assert_eq!(Escapes::of(r"\\u4f60"), None);
        assert_eq!(Escapes::of(r"\\\u4f60"), Some(Escapes::Lower));
    }

    #[test]
    fn csv_quotes_what_needs_quotes_by_now() {
        let written = |document, new| written("csv", document, "你好", new).unwrap();
        assert_eq!(written("编码,内容\n1,你好\n", "您好"), "编码,内容\n1,您好\n");
        assert_eq!(written("编码,内容\n1,你好\n", "您好,\"在\"的"), "编码,内容\n1,\"您好,\"\"在\"\"的\"\n");
        assert_eq!(written("编码,内容\n1, 你好 \r\n", "您好,在"), "编码,内容\n1,\" 您好,在 \"\r\n");
        assert_eq!(written("编码;内容\n1;你好", "您好,在"), "编码;内容\n1;您好,在");
        assert_eq!(written("编码\t内容\n1\t你好\n", "您好,在"), "编码\t内容\n1\t您好,在\n");
        assert_eq!(written("内容\n你好\n", "您好,在"), "内容\n\"您好,在\"\n");
        assert_eq!(written("编码,内容\n1,\"你好\"\n", "说\"您\",在"), "编码,内容\n1,\"说\"\"您\"\",在\"\n");
    }

    #[test]
    fn yaml_keeps_its_quotes() {
        let written = |document, new| written("yaml", document, "你好", new);
        assert_eq!(written("a: 你好 # 注\n", "您好,在?").unwrap(), "a: 您好,在? # 注\n");
        assert!(written("a: 你好\n", "您好: 在").is_err());
        assert!(written("a: 你好\n", "您好 #1").is_err());
        assert_eq!(written("a: '你好'\n", "您'好").unwrap(), "a: '您''好'\n");
        assert_eq!(written("a: \"你好\"\n", "说\"您: 好\"").unwrap(), "a: \"说\\\"您: 好\\\"\"\n");
        assert_eq!(written("a: |\n  你好\n", "您: 好").unwrap(), "a: |\n  您: 好\n");
        assert!(written("a: |\n  你好\n", "您\n好").is_err());
    }

    #[test]
    fn what_begins_a_line_stands_behind_its_indentation() {
        let document = "a: |\n  您好：\n  我一定照办\n";
        let piece =
            |text, words: &str| Piece { text, text_length: words.len(), source: document.find(words).unwrap(), source_length: words.len() };
        let place = Place::Pieces(vec![piece(0, "您好：\n"), piece("您好：\n".len(), "我一定照办")]);
        let turn = Turn { place, ..Turn::new(Speaker::Agent, "您好：\n我一定照办") };
        let better = edited("yaml", document, &turn, "您好：\n请放心，我一定照办").unwrap();
        assert_eq!(better, "a: |\n  您好：\n  请放心，我一定照办\n");
    }

    #[test]
    fn toml_keeps_its_quotes() {
        let written = |document, new| written("toml", document, "你好", new);
        assert_eq!(written("a = \"你好\"\n", "说\"您\"").unwrap(), "a = \"说\\\"您\\\"\"\n");
        assert_eq!(written("a = '你好'\n", "您\"好").unwrap(), "a = '您\"好'\n");
        assert!(written("a = '你好'\n", "您'好").is_err());
        assert_eq!(written("a = '''\n你好'''\n", "您'好").unwrap(), "a = '''\n您'好'''\n");
        assert_eq!(written("a = \"\"\"\n你好\"\"\"\n", "您\n好").unwrap(), "a = \"\"\"\n您\\n好\"\"\"\n");
    }

    #[test]
    fn markup_within_words_is_left_alone() {
        let document = r#"{"body":"<p>你<b>等</b>着,你好</p>"}"#;
        let at = |words: &str| document.find(words).unwrap();
        let piece = |text, words: &str| Piece { text, text_length: words.len(), source: at(words), source_length: words.len() };
        let place = Place::Pieces(vec![piece(0, "你"), piece(3, "等"), piece(6, "着,你好")]);
        let turn = Turn { place, ..Turn::new(Speaker::Agent, "你等着,你好") };
        let better = edited("intercom", document, &turn, "你等着,您好").unwrap();
        assert_eq!(better, document.replace("着,你好", "着,您好"));
        assert_eq!(edited("intercom", document, &turn, "稍候,你好"), Err(Reason::Scattered.to_string()));
    }

    #[test]
    fn what_the_encoding_lacks_is_not_written() {
        let turn = Turn { place: Place::Verbatim(0), ..Turn::new(Speaker::Agent, "妳好") };
        let big5 = Encoding::named("big5").unwrap();
        let writer = Writer::new("妳好", "lines", big5);
        assert!(writer.edits(&turn, "您好").is_ok());
        assert_eq!(writer.edits(&turn, "请好"), Err(Reason::Encoding(crate::source::EncodeError { encoding: big5, character: '请' })));
    }
}
