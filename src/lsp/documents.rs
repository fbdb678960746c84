//! A document that is open in the editor, as it is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem};

use crate::plan::Plan;
use crate::source::Document;

use super::diagnostics::Mark;
use super::paths;
use super::positions::{Positions, Units};

/// An open document.
#[derive(Debug)]
pub(super) struct OpenDocument {
    /// Where it is, or would be.
    pub(super) path: PathBuf,
    /// The number that the editor gave to this state of it.
    pub(super) version: i32,
    text: String,
    /// How it is checked; none until it is, and where it is not.
    pub(super) plan: Option<Arc<Plan>>,
    /// What was found when it was last looked at.
    pub(super) marks: Vec<Mark>,
    /// Whether it has changed since.
    pub(super) is_stale: bool,
}

impl OpenDocument {
    /// A document as the editor opens it; one without a path stands in `folder`.
    pub(super) fn new(opened: TextDocumentItem, folder: &Path) -> Self {
        let path = paths::standing_for(&opened.uri, &opened.language_id.to_string(), folder);
        Self { path, version: opened.version, text: opened.text, plan: None, marks: Vec::new(), is_stale: true }
    }

    /// Makes the changes that were made in the editor, one after the other.
    pub(super) fn change(&mut self, changes: Vec<TextDocumentContentChangeEvent>, version: i32, units: Units) {
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let bytes = Positions::new(&self.text, units).bytes(part.range);
                    self.text.replace_range(bytes, &part.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => self.text = whole.text,
            }
        }
        self.version = version;
        self.is_stale = true;
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The document for readers.
    pub(super) fn document(&self) -> Document {
        Document::from_text(self.path.display().to_string(), self.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use gen_lsp_types::{LanguageKind, Position, Range, TextDocumentContentChangePartial};

    use super::*;

    fn part(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let position = |(line, character)| Position { line, character };
        let range = Range { start: position(start), end: position(end) };
        TextDocumentContentChangePartial { range, text: text.to_owned(), ..TextDocumentContentChangePartial::default() }.into()
    }

    #[test]
    fn changes_build_on_each_other() {
        let opened = TextDocumentItem {
            uri: "untitled:1".into(),
            language_id: LanguageKind::Plaintext,
            version: 1,
            text: "😀你好\n再见".to_owned(),
        };
        let mut document = OpenDocument::new(opened, Path::new(""));
        document.change(vec![part((0, 2), (0, 3), "您"), part((0, 4), (1, 0), "，"), part((7, 0), (7, 9), "。")], 2, Units::Utf16);
        assert_eq!((document.text(), document.version), ("😀您好，再见。", 2));
    }
}
