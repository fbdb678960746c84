//! A text put together from stretches of a document, which remembers where each came from.

use std::ops::Range;

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

    /// Adds a stretch of another located text; `range` must begin and end at its characters.
    pub(super) fn part(&mut self, text: &str, place: &Place, range: Range<usize>) {
        match place {
            Place::Verbatim(start) => self.verbatim(text.get(range.clone()).unwrap_or_default(), start + range.start),
            Place::Pieces(pieces) => {
                let first = pieces.partition_point(|piece| piece.text + piece.text_length <= range.start);
                for piece in pieces.iter().skip(first).take_while(|piece| piece.text < range.end) {
                    let start = piece.text.max(range.start);
                    let end = (piece.text + piece.text_length).min(range.end);
                    let stretch = text.get(start..end).unwrap_or_default();
                    if piece.text_length == piece.source_length {
                        self.verbatim(stretch, piece.source + (start - piece.text));
                    } else {
                        self.escape(stretch, piece.source, piece.source_length);
                    }
                }
            }
            Place::Nowhere | Place::Cell { .. } => self.text.push_str(text.get(range).unwrap_or_default()),
        }
    }

    /// Adds text in the place of a stretch of another located text: an entity, a tag that divides lines.
    pub(super) fn instead(&mut self, text: &str, place: &Place, range: Range<usize>) {
        match place.source_range(range.clone()) {
            Some(source) => self.escape(text, source.start, source.len()),
            None => match place.source(range.start) {
                Some(source) => self.escape(text, source, 0),
                None => self.text.push_str(text),
            },
        }
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
