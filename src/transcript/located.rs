//! A text put together from stretches of a document, which remembers where each came from.

use super::{Piece, Place};

/// A turn's text while it is read, with its [`Place`].
#[derive(Debug, Clone, Default)]
pub(super) struct Located {
    text: String,
    pieces: Vec<Piece>,
}

impl Located {
    /// Adds a stretch that stands in the document as it is, from its byte `source`.
    pub(super) fn verbatim(&mut self, stretch: &str, source: usize) {
        if let Some(last) = self.pieces.last_mut()
            && last.text_length == last.source_length
            && last.source + last.source_length == source
        {
            last.text_length += stretch.len();
            last.source_length += stretch.len();
        } else if !stretch.is_empty() {
            self.pieces.push(Piece { text: self.text.len(), text_length: stretch.len(), source, source_length: stretch.len() });
        }
        self.text.push_str(stretch);
    }

    /// Adds text that the document writes in another way, in `source_length` bytes from its byte `source`.
    pub(super) fn escape(&mut self, text: &str, source: usize, source_length: usize) {
        self.pieces.push(Piece { text: self.text.len(), text_length: text.len(), source, source_length });
        self.text.push_str(text);
    }

    /// The text so far.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The text and where it stands.
    pub(super) fn finish(self) -> (String, Place) {
        let place = match self.pieces.as_slice() {
            [] => Place::Nowhere,
            [one] if one.text_length == one.source_length => Place::Verbatim(one.source),
            _ => Place::Pieces(self.pieces),
        };
        (self.text, place)
    }
}
