//! Which encoding bytes are in, and decoding that never guesses over an error; `mending` is for documents that are to be read
//! all the same.
//!
//! A detector of all the world's encodings takes short GBK for Big5, Shift_JIS or EUC-KR. Chinese service desks
//! write UTF-8, UTF-16, GB18030 (with its subsets GBK and GB2312) and Big5, so only these are told apart, by
//! which decodes and which yields the characters that people use. Any other one can be named.

use std::fmt;
use std::str::FromStr;

use encoding_rs::{BIG5, Decoder, DecoderResult, EncoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::frequency::naturalness;

/// How a document's text is written in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    charset: &'static encoding_rs::Encoding,
    bom: bool,
}

/// Bytes that are no text in their encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The encoding that was tried.
    pub encoding: Encoding,
    /// The first byte that cannot be decoded, from 0.
    pub at: usize,
    /// Its line, from 1.
    pub line: usize,
}

/// A character that the encoding cannot write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodeError {
    /// The encoding.
    pub encoding: Encoding,
    /// The character.
    pub character: char,
}

impl Encoding {
    /// UTF-8 without a byte order mark.
    pub const UTF_8: Self = Self { charset: UTF_8, bom: false };

    /// The encoding that a user names: utf-8, utf-16le, utf-16be, gb18030 (gbk, gb2312), big5, or another label of
    /// the WHATWG Encoding Standard.
    pub fn named(label: &str) -> Option<Self> {
        let charset = match label.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "gbk" | "gb2312" | "cp936" => GB18030,
            "cp950" => BIG5,
            label => encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?,
        };
        Some(Self { charset, bom: false })
    }

    /// The encoding's name, as `--encoding` takes it.
    pub fn name(self) -> &'static str {
        self.charset.name()
    }

    /// Whether the document begins with a byte order mark.
    pub fn has_bom(self) -> bool {
        self.bom
    }

    /// Whether a line end is one byte, `\n`, that is part of no other character, so that undecoded bytes can be cut
    /// at lines.
    pub fn has_plain_line_ends(self) -> bool {
        self.charset != UTF_16LE && self.charset != UTF_16BE
    }

    /// Tells the encoding of `bytes`, the start of a document or all of it; none for what is not text or is in an
    /// encoding that must be named.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        if let Some((charset, _)) = encoding_rs::Encoding::for_bom(bytes) {
            return Some(Self { charset, bom: true });
        }
        if BINARY.iter().any(|magic| bytes.starts_with(magic)) {
            return None;
        }
        if memchr::memchr(0, bytes).is_some() {
            return utf_16_without_bom(bytes);
        }
        let charset = match std::str::from_utf8(bytes) {
            Ok(_) => UTF_8,
            // The sample ends within a character.
            Err(error) if error.error_len().is_none() => UTF_8,
            Err(_) if is_damaged_utf_8(bytes) => UTF_8,
            Err(_) => chinese(bytes)?,
        };
        Some(Self { charset, bom: false })
    }

    /// The same for a document of which single lines may be in another encoding, or damaged: ASCII with a stray byte now and
    /// then is UTF-8.
    pub(super) fn detect_mending(bytes: &[u8]) -> Option<Self> {
        Self::detect(bytes).or_else(|| is_damaged_ascii(bytes).then_some(Self::UTF_8))
    }

    /// The encoding of a document that begins with `bytes`: the one that the user named, or else the one that they seem
    /// to be in; none for what is not text.
    pub(super) fn of(bytes: &[u8], named: Option<Self>) -> Option<Self> {
        match (Self::detect(bytes), named) {
            (detected, None) => detected,
            // A byte order mark is a fact, a name may be meant for the other files of the run.
            (Some(detected), Some(_)) if detected.has_bom() => Some(detected),
            (_, Some(named)) => Some(named).filter(|_| !looks_packed(bytes)),
        }
    }

    /// Whether its documents are told from their content and their lines can be looked at one by one.
    pub(super) fn can_be_mended(self) -> bool {
        [UTF_8, GB18030, BIG5].contains(&self.charset)
    }

    /// What encodes and decodes.
    pub(super) fn charset(self) -> &'static encoding_rs::Encoding {
        self.charset
    }

    /// Whether it is UTF-8, which needs no decoding.
    pub(super) fn is_utf_8(self) -> bool {
        self.charset == UTF_8
    }

    /// A decoder for a document that comes piece by piece, behind its byte order mark.
    pub(super) fn decoder(self) -> Decoder {
        self.charset.new_decoder_without_bom_handling()
    }

    /// Decodes a whole document; the text is without the byte order mark.
    pub fn decode(self, mut bytes: Vec<u8>) -> Result<String, DecodeError> {
        let skip = self.mark().len();
        if self.charset == UTF_8 {
            bytes.drain(..skip.min(bytes.len()));
            return String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                self.error(error.as_bytes(), at, skip)
            });
        }
        let body = bytes.get(skip..).unwrap_or_default();
        let mut decoder = self.charset.new_decoder_without_bom_handling();
        decode_strictly(&mut decoder, body).map_err(|at| self.error(body, at, skip))
    }

    /// Encodes text as the document it came from was encoded, byte order mark included.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, EncodeError> {
        let mut bytes = self.mark().to_vec();
        if self.charset == UTF_8 {
            bytes.extend_from_slice(text.as_bytes());
        } else if self.charset == UTF_16LE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.charset == UTF_16BE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            let mut encoder = self.charset.new_encoder();
            let mut rest = text;
            loop {
                let room = encoder.max_buffer_length_from_utf8_without_replacement(rest.len()).unwrap_or(rest.len() * 4 + 16);
                bytes.reserve(room);
                let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
                rest = rest.get(read..).unwrap_or_default();
                match result {
                    EncoderResult::InputEmpty => break,
                    EncoderResult::OutputFull => {}
                    EncoderResult::Unmappable(character) => return Err(EncodeError { encoding: self, character }),
                }
            }
        }
        Ok(bytes)
    }

    /// The bytes of its byte order mark, where the document has one.
    pub(super) fn mark(self) -> &'static [u8] {
        if !self.bom {
            b""
        } else if self.charset == UTF_8 {
            b"\xEF\xBB\xBF"
        } else if self.charset == UTF_16LE {
            b"\xFF\xFE"
        } else if self.charset == UTF_16BE {
            b"\xFE\xFF"
        } else {
            b""
        }
    }

    fn error(self, body: &[u8], at: usize, skipped: usize) -> DecodeError {
        let before = body.get(..at).unwrap_or(body);
        let line = 1 + if self.has_plain_line_ends() {
            memchr::memchr_iter(b'\n', before).count()
        } else {
            let end: [u8; 2] = if self.charset == UTF_16LE { [b'\n', 0] } else { [0, b'\n'] };
            before.chunks_exact(2).filter(|unit| **unit == end).count()
        };
        DecodeError { encoding: self, at: at + skipped, line }
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::named(name).ok_or_else(|| format!("`{name}` is no known encoding: use utf-8, utf-16le, utf-16be, gb18030 or big5"))
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if self.bom { f.write_str(" with BOM") } else { Ok(()) }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}: byte {} is not valid {}; name the file's encoding (--encoding gb18030, big5, utf-8, utf-16le …) or save it as UTF-8",
            self.line,
            self.at,
            self.encoding.name()
        )
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot write the character {:?}; save the file as UTF-8", self.encoding.name(), self.character)
    }
}

impl std::error::Error for DecodeError {}
impl std::error::Error for EncodeError {}

/// A spreadsheet or archive among text files: a named encoding is not meant for it.
fn looks_packed(bytes: &[u8]) -> bool {
    [&b"PK\x03\x04"[..], b"\xD0\xCF\x11\xE0", b"\x1F\x8B", b"\x28\xB5\x2F\xFD"].iter().any(|magic| bytes.starts_with(magic))
}

/// How files begin that are never text: ZIP (and XLSX), OLE (XLS), gzip, Zstandard, PDF, images, executables.
const BINARY: [&[u8]; 12] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xD0\xCF\x11\xE0",
    b"\x1F\x8B",
    b"\x28\xB5\x2F\xFD",
    b"%PDF",
    b"\x89PNG",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"\x7FELF",
    b"BZh",
    b"\xFD7zXZ",
];

/// Decodes all of `bytes`; the error is the first byte that is malformed.
fn decode_strictly(decoder: &mut Decoder, bytes: &[u8]) -> Result<String, usize> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(rest.len() * 2 + 16),
            DecoderResult::Malformed(length, after) => return Err(at.saturating_sub(usize::from(length) + usize::from(after))),
        }
    }
}

/// UTF-16 in whichever byte order yields natural text; none for binary data.
fn utf_16_without_bom(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(1 << 16) & !1];
    let score = |charset: &'static encoding_rs::Encoding| {
        let (text, _) = charset.decode_without_bom_handling(sample);
        let odd = text.chars().filter(|&c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
        (if odd > 0 { -1.0 } else { naturalness(&text).unwrap_or(1.0) }, charset)
    };
    let (little, big) = (score(UTF_16LE), score(UTF_16BE));
    let (best, charset) = if big.0 > little.0 { big } else { little };
    (best > 0.0).then_some(Encoding { charset, bom: false })
}

/// Whether the bytes are UTF-8 but for some: what is left must not make all of it GB18030 full of rare characters. In no
/// other encoding do so many bytes make characters of three bytes and more.
pub(super) fn is_damaged_utf_8(bytes: &[u8]) -> bool {
    let (mut sound, mut long, mut damaged) = (0usize, 0usize, 0usize);
    for chunk in bytes.utf8_chunks().take(10_000) {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        long += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    sound > damaged * 4 || long > damaged
}

/// Whether the bytes are ASCII but for a few, and not what only programs read.
fn is_damaged_ascii(bytes: &[u8]) -> bool {
    let is_of_programs = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace() && *byte != 0x1B;
    let damaged = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    damaged * 100 < bytes.len() && !bytes.iter().any(is_of_programs) && !BINARY.iter().any(|magic| bytes.starts_with(magic))
}

/// GB18030 or Big5, whichever yields more natural Chinese; none where neither does.
pub(super) fn chinese(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let score = |charset: &'static encoding_rs::Encoding| {
        let (text, has_errors) = charset.decode_without_bom_handling(bytes);
        let score = naturalness(&text).unwrap_or(-3.0);
        (if has_errors { score - 0.1 } else { score }, charset)
    };
    let (gb18030, big5) = (score(GB18030), score(BIG5));
    let (best, charset) = if big5.0 > gb18030.0 { big5 } else { gb18030 };
    (best > 0.0).then_some(charset)
}
