//! `--format jsonl`: one record a line, as findings are stored and sent on.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};

use super::Report;
use super::record::{Findings, Told};
use super::summary::Summary;
use super::visible::{acts, may_act};

/// Writes each conversation's violations, then the conversation; the summary ends the run.
#[derive(Debug)]
pub struct Jsonl<W> {
    out: W,
    /// The line that is being made: a record is written in dozens of pieces, which the output need not see one by one.
    line: Vec<u8>,
    with_text: bool,
}

impl<W: Write> Jsonl<W> {
    /// Reports to `out`, `with_text` with the turns of the conversations.
    pub fn new(out: W, with_text: bool) -> Self {
        Self { out, line: Vec::new(), with_text }
    }

    fn line(&mut self, record: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        write_json(&mut self.line, record)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
}

impl<W: Write> Report for Jsonl<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        for violation in &findings.violations {
            self.line(violation)?;
        }
        let transcript = if self.with_text { findings.transcript.clone() } else { Vec::new() };
        self.line(&Told { conversation: &findings.conversation, transcript })
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.line(summary)?;
        self.out.flush()
    }
}

/// Writes a record as JSON on one line, with everything escaped that acts on a terminal.
pub(super) fn write_json(out: &mut impl Write, record: &impl Serialize) -> io::Result<()> {
    record
        .serialize(&mut serde_json::Serializer::with_formatter(out, Escaping { escapes: acts, may_escape: may_act }))
        .map_err(io::Error::from)
}

/// Writes a record as JSON that can stand in a page: nothing in it ends a `<script>` or begins an entity.
pub(super) fn write_json_for_html(out: &mut impl Write, record: &impl Serialize) -> io::Result<()> {
    let escapes = |c| acts(c) || matches!(c, '<' | '>' | '&');
    let may_escape = |text: &str| may_act(text) || text.contains(['<', '>', '&']);
    record.serialize(&mut serde_json::Serializer::with_formatter(out, Escaping { escapes, may_escape })).map_err(io::Error::from)
}

/// JSON escapes only the C0 codes; C1 codes and reordering characters act on a terminal as well.
struct Escaping<E, M> {
    /// Whether a character is escaped.
    escapes: E,
    /// Whether a text may hold one that is; a no is never wrong.
    may_escape: M,
}

impl<E: Fn(char) -> bool, M: Fn(&str) -> bool> Formatter for Escaping<E, M> {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if !(self.may_escape)(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        let mut kept = 0;
        // An emoji's joiner is not taken out here: every JSON reader gets the same text back.
        for (at, c) in fragment.char_indices().filter(|&(_, c)| (self.escapes)(c)) {
            out.write_all(&fragment.as_bytes()[kept..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            kept = at + c.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[kept..])
    }

    fn write_char_escape<W: Write + ?Sized>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        serde_json::ser::CompactFormatter.write_char_escape(out, escape)
    }
}

#[cfg(test)]
pub(super) fn json_line(record: &impl Serialize) -> String {
    let mut line = Vec::new();
    write_json(&mut line, record).map(|()| String::from_utf8_lossy(&line).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_is_sent_and_nothing_is_lost() {
        let text = "\u{1b}[2J您\u{9b}\u{202e}好\u{200d}\u{e0041}\"\\\n\u{7f}";
        let line = json_line(&text);
        assert_eq!(line, r#""\u001b[2J您\u009b\u202e好\u200d\udb40\udc41\"\\\n\u007f""#);
        assert_eq!(serde_json::from_str::<String>(&line).ok().as_deref(), Some(text));
    }

    #[test]
    fn violations_come_before_their_conversation_and_the_summary_last() {
        let mut out = Vec::new();
        sample::run(&mut Jsonl::new(&mut out, false));
        let types: Vec<_> =
            String::from_utf8_lossy(&out).lines().map(|line| line.split('"').nth(3).unwrap_or_default().to_owned()).collect();
        assert_eq!(types.join(" "), "violation violation violation conversation conversation violation violation conversation summary");
    }
}
