//! `--format json`: the records of `jsonl` as one document, each conversation with its violations.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::jsonl::write_json;
use super::record::{ConversationRecord, Findings, TurnRecord, ViolationRecord};
use super::summary::Summary;

/// Writes the document as it goes, so that memory does not grow with the findings.
#[derive(Debug)]
pub struct Json<W> {
    out: W,
    begun: bool,
    with_text: bool,
}

#[derive(Serialize)]
struct Nested<'f> {
    #[serde(flatten)]
    conversation: &'f ConversationRecord,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    transcript: &'f [TurnRecord],
    violations: &'f [ViolationRecord],
}

impl<W: Write> Json<W> {
    /// Reports to `out`, `with_text` with the turns of the conversations.
    pub fn new(out: W, with_text: bool) -> Self {
        Self { out, begun: false, with_text }
    }
}

impl<W: Write> Report for Json<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.out.write_all(if self.begun { b",\n" } else { b"{\"conversations\":[\n" })?;
        self.begun = true;
        let transcript = if self.with_text { &findings.transcript[..] } else { &[] };
        write_json(&mut self.out, &Nested { conversation: &findings.conversation, transcript, violations: &findings.violations })
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n],\"summary\":" } else { b"{\"conversations\":[],\"summary\":" })?;
        write_json(&mut self.out, summary)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::sample;
    use super::*;

    #[test]
    fn the_whole_is_one_document() {
        let mut out = Vec::new();
        sample::run(&mut Json::new(&mut out, false));
        let document: Value = serde_json::from_slice(&out).unwrap_or_default();
        assert_eq!(document["conversations"].as_array().map(Vec::len), Some(3));
        assert_eq!(document["conversations"][0]["violations"][1]["rule"], "asking/name");
        assert_eq!(document["conversations"][0]["type"], "conversation");
        assert_eq!(document["summary"]["conversations"], 3);
    }

    #[test]
    fn without_conversations_it_is_a_document_too() {
        let mut out = Vec::new();
        assert!(Json::new(&mut out, false).finish(&Summary::default()).is_ok());
        let document: Value = serde_json::from_slice(&out).unwrap_or_default();
        assert_eq!(document["conversations"].as_array().map(Vec::len), Some(0));
    }
}
