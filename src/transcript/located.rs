//! A text put together from stretches of a document, which remembers where each came from.

use std::ops::Range;

use smallvec::SmallVec;

use super::{Piece, Place};

/// A turn's text while it is read, with its [`Place`].
#[derive(Debug, Clone, Default)]
pub(super) struct Located {
    text: String,
    /// Most texts stand in one piece.
    pieces: SmallVec<[Piece; 1]>,
}

impl Located {
    /// The first byte of the document that it stands in so far.
    pub(super) fn start(&self) -> Option<usize> {
        self.pieces.first().map(|piece| piece.source)
    }

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

    /// The place of a text that was located within another one, `outer`, which itself stands at `place`.
    pub(super) fn within(text: &str, inner: &Place, outer: &str, place: &Place) -> Place {
        let mut located = Self::default();
        match inner {
            _ if matches!(place, Place::Cell { .. }) => return place.clone(),
            Place::Verbatim(start) => located.part(outer, place, *start..start + text.len()),
            Place::Pieces(pieces) => {
                for piece in pieces {
                    let said = text.get(piece.text..piece.text + piece.text_length).unwrap_or_default();
                    let range = piece.source..piece.source + piece.source_length;
                    if outer.get(range.clone()) == Some(said) {
                        located.part(outer, place, range);
                    } else {
                        located.instead(said, place, range);
                    }
                }
            }
            Place::Nowhere | Place::Cell { .. } => {}
        }
        located.finish().1
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
            _ => Place::Pieces(self.pieces.into_vec()),
        };
        (self.text, place)
    }
}

/// How a quoted text writes characters that it cannot hold as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Not at all.
    None,
    /// A quote `'` as two.
    Doubled,
    /// With a backslash, as YAML and TOML do.
    Escapes,
}

/// Locates a text that a library has read, in the stretch `raw` of the document that it was read from, at `source`.
///
/// Libraries tell where a text as a whole stands. Both are walked together: what is the same is verbatim, white space
/// reads as other white space (lines may be folded and indented), and the rest are escapes.
pub(super) fn aligned(text: &str, raw: &str, source: usize, quoting: Quoting) -> (String, Place) {
    let is_space = |c: char| c.is_whitespace();
    let mut located = Located::default();
    let (mut t, mut r) = (0, 0);
    while let Some(character) = text[t..].chars().next() {
        let rest = &raw[r..];
        let next = rest.chars().next();
        if quoting == Quoting::Escapes && next == Some('\\') {
            let length = match rest[1..].chars().next() {
                Some('x') => 4,
                Some('u') => 6,
                Some('U') => 10,
                // The line goes on.
                Some('\n' | '\r') => {
                    r += 1 + (rest[1..].len() - rest[1..].trim_start().len());
                    continue;
                }
                Some(other) => 1 + other.len_utf8(),
                None => break,
            };
            if rest.get(..length).is_none() {
                break;
            }
            located.escape(&text[t..t + character.len_utf8()], source + r, length);
            t += character.len_utf8();
            r += length;
        } else if quoting == Quoting::Doubled && character == '\'' && rest.starts_with("''") {
            located.escape("'", source + r, 2);
            t += 1;
            r += 2;
        } else if next == Some(character) {
            let length = character.len_utf8();
            located.verbatim(&text[t..t + length], source + r);
            t += length;
            r += length;
        } else if is_space(character) {
            let run = text[t..].len() - text[t..].trim_start_matches(is_space).len();
            let written = rest.len() - rest.trim_start_matches(is_space).len();
            located.escape(&text[t..t + run], source + r, written);
            t += run;
            r += written;
        } else if next.is_some_and(is_space) {
            r += rest.len() - rest.trim_start_matches(is_space).len();
        } else {
            break;
        }
    }
    if t < text.len() {
        // Not as expected: the text is somewhere in there.
        located = Located::default();
        located.escape(text, source, raw.len());
    }
    located.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_what_they_were_read_from() {
        let range = |text: &str, raw: &str, quoting, part: &str| {
            let (located, place) = aligned(text, raw, 0, quoting);
            assert_eq!(located, text);
            let start = text.find(part).unwrap();
            place.source_range(start..start + part.len()).map(|range| raw[range].to_owned())
        };
        assert_eq!(range("您好", "您好", Quoting::None, "好").as_deref(), Some("好"));
        assert_eq!(range("您好 请稍等", "您好\n    请稍等", Quoting::None, "请").as_deref(), Some("请"));
        assert_eq!(range("一\n二", "一\n  二", Quoting::None, "二").as_deref(), Some("二"));
        assert_eq!(range("a'好", "a''好'", Quoting::Doubled, "'").as_deref(), Some("''"));
        assert_eq!(range("说\"好\"\n了", r#"说\"\u597D\"\n了""#, Quoting::Escapes, "好").as_deref(), Some(r"\u597D"));
        assert_eq!(range("一二", "一\\\n   二", Quoting::Escapes, "二").as_deref(), Some("二"));
        assert_eq!(range("您好", "什么", Quoting::None, "您好").as_deref(), Some("什么"), "as a whole");
    }
}
