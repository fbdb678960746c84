//! One input's content, and how it was encoded.

use super::mending::decode_lines;
use super::{DecodeError, Encoding, Mended, Packed};

/// What an input holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The name that reports show: the path as given or found, or `<stdin>`; in an archive of several files, the
    /// archive's and then the file's own, `chats.zip/0429.txt`.
    pub name: String,
    /// Whether it came out of a compressed file, to which nothing can be written back.
    pub packed: Packed,
    /// Its lines that were not in its encoding: to write the text back would change them.
    pub mended: Mended,
    /// Text, or bytes that are none.
    pub content: Content,
}

/// Text with its encoding, or bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Decoded text, without a byte order mark. Line ends are as they stand in the file.
    Text {
        /// The text.
        text: String,
        /// How it was written; [`Encoding::encode`] writes it so again.
        encoding: Encoding,
    },
    /// A spreadsheet, or something that no reader will understand.
    Bytes(Vec<u8>),
}

impl Document {
    /// A document of text that is already decoded.
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let content = Content::Text { text: text.into(), encoding: Encoding::UTF_8 };
        Self { name: name.into(), packed: Packed::Not, mended: Mended::default(), content }
    }

    /// Decodes `bytes`, in the encoding that the user named or else in the one they seem to be in.
    ///
    /// Bytes that are not text stay bytes, whatever encoding was named.
    pub fn decode(name: impl Into<String>, bytes: Vec<u8>, named: Option<Encoding>) -> Result<Self, DecodeError> {
        let name = name.into();
        let encoding = Encoding::of(&bytes, named);
        let content = match encoding {
            Some(encoding) => Content::Text { text: encoding.decode(bytes)?, encoding },
            None => Content::Bytes(bytes),
        };
        Ok(Self { name, packed: Packed::Not, mended: Mended::default(), content })
    }

    /// The same, in the encoding that the bytes seem to be in; single lines may be in another one, and characters that were cut
    /// or damaged become U+FFFD.
    ///
    /// # Errors
    /// UTF-16 that is damaged: there nobody knows where a character begins.
    pub fn decode_mending(name: impl Into<String>, mut bytes: Vec<u8>) -> Result<Self, DecodeError> {
        let name = name.into();
        let Some(encoding) = Encoding::detect_mending(&bytes).filter(|encoding| encoding.can_be_mended()) else {
            return Self::decode(name, bytes, None);
        };
        bytes.drain(..encoding.mark().len());
        let mut mended = Mended::default();
        let text = decode_lines(encoding, bytes, 1, &mut mended);
        Ok(Self { name, packed: Packed::Not, mended, content: Content::Text { text, encoding } })
    }

    /// The same document with another text; bytes that are none stay what they are.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        let content = match &self.content {
            Content::Text { encoding, .. } => Content::Text { text, encoding: *encoding },
            bytes @ Content::Bytes(_) => bytes.clone(),
        };
        Self { name: self.name.clone(), packed: self.packed, mended: self.mended.clone(), content }
    }

    /// The first line, from 1, of which the text encoded again is not what was given; none where all is, and in what was packed.
    pub(super) fn first_inexact_line(&self, given: &[u8]) -> Option<usize> {
        let Content::Text { text, encoding } = &self.content else { return None };
        if self.packed != Packed::Not || encoding.is_utf_8() {
            return None;
        }
        let again = encoding.encode(text).unwrap_or_default();
        let same = again.iter().zip(given).take_while(|(one, other)| one == other).count();
        (again != given).then(|| 1 + memchr::memchr_iter(b'\n', &given[..same]).count())
    }

    /// The text, where it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text { text, .. } => Some(text),
            Content::Bytes(_) => None,
        }
    }
}
