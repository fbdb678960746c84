//! Lines that are not in the encoding of their document: those of another system that writes into the same log, and those
//! that were cut or damaged within a character.
//!
//! In UTF-8, GB18030 and Big5 the byte of a line end is part of no character, so that each line can be looked at alone:
//! it is read in the document's encoding where it can be, else in the one that makes Chinese of it, and what is left is
//! replaced. What spans several lines, such as a quoted cell, is put together again by whoever reads the text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use encoding_rs::UTF_8;

use super::Encoding;
use super::encoding::{chinese, is_damaged_utf_8};
use super::frequency::naturalness;

/// The lines of a document that are not in its encoding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mended {
    /// The first, from 1.
    first: Option<usize>,
    /// How many were read in another encoding, by its name.
    others: BTreeMap<&'static str, u64>,
    /// In how many characters were replaced.
    damaged: u64,
}

impl Mended {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Whether there is a line that could not be read to its last character.
    pub fn is_damaged(&self) -> bool {
        self.damaged > 0
    }

    fn add(&mut self, line: usize, fate: Fate) {
        self.first.get_or_insert(line);
        match fate {
            Fate::Other(encoding) => *self.others.entry(encoding.name()).or_default() += 1,
            Fate::Damaged => self.damaged += 1,
        }
    }
}

/// 3 lines are in another encoding than the rest, or damaged, the first is line 17: 2 read as gb18030, 1 with � …
impl fmt::Display for Mended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.others.values().sum::<u64>() + self.damaged;
        let first = self.first.unwrap_or_default();
        if count == 1 {
            write!(f, "line {first} is in another encoding than the rest, or damaged: ")?;
        } else {
            write!(f, "{count} lines are in another encoding than the rest, or damaged, the first is line {first}: ")?;
        }
        let mut separator = "";
        for (name, count) in &self.others {
            write!(f, "{separator}{count} read as {name}")?;
            separator = ", ";
        }
        if self.damaged > 0 {
            write!(f, "{separator}{} with � for what is no text", self.damaged)?;
        }
        Ok(())
    }
}

/// What became of a line that is not in the encoding of its document.
enum Fate {
    /// It is in this one.
    Other(&'static encoding_rs::Encoding),
    /// What is no text was replaced.
    Damaged,
}

/// Decodes whole lines of a document that is in `encoding`, one of those that have plain line ends. The first line has the
/// number `first_line`; what is not in that encoding is added to `mended`.
pub(super) fn decode_lines(encoding: Encoding, bytes: Vec<u8>, first_line: usize, mended: &mut Mended) -> String {
    let charset = encoding.charset();
    let bytes = match decode_clean(charset, bytes) {
        Ok(text) => return text,
        Err(bytes) => bytes,
    };
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    for (number, line) in lines(&bytes).enumerate() {
        let (decoded, fate) = decode_line(charset, line);
        text.push_str(&decoded);
        if let Some(fate) = fate {
            mended.add(first_line + number, fate);
        }
    }
    text
}

/// The text of lines that are all in this encoding, or the bytes again.
fn decode_clean(charset: &'static encoding_rs::Encoding, bytes: Vec<u8>) -> Result<String, Vec<u8>> {
    if charset == UTF_8 {
        return String::from_utf8(bytes).map_err(std::string::FromUtf8Error::into_bytes);
    }
    // Every other line of UTF-8 is valid in the others too, as characters that nobody writes.
    if lines(&bytes).any(|line| non_ascii_utf_8(line).is_some()) {
        return Err(bytes);
    }
    match charset.decode_without_bom_handling_and_without_replacement(&bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Err(bytes),
    }
}

/// The first line, from 1, that is written in UTF-8 though the others are in `encoding`, which makes other characters of it.
pub(super) fn first_of_utf_8(encoding: Encoding, bytes: &[u8]) -> Option<usize> {
    let charset = encoding.charset();
    let is_other = |line: &[u8]| non_ascii_utf_8(line).is_some() && matches!(decode_line(charset, line), (_, Some(Fate::Other(_))));
    (charset != UTF_8).then(|| lines(bytes).position(is_other)).flatten().map(|before| before + 1)
}

fn decode_line<'l>(charset: &'static encoding_rs::Encoding, line: &'l [u8]) -> (Cow<'l, str>, Option<Fate>) {
    let own = charset.decode_without_bom_handling_and_without_replacement(line);
    let utf_8 = non_ascii_utf_8(line).filter(|_| charset != UTF_8);
    match (own, utf_8) {
        (Some(own), utf_8) if utf_8.is_none_or(|utf_8| naturalness(utf_8) <= naturalness(&own)) => return (own, None),
        (_, Some(utf_8)) => return (Cow::Borrowed(utf_8), Some(Fate::Other(UTF_8))),
        _ => {}
    }
    let likely = if is_damaged_utf_8(line) {
        UTF_8
    } else if charset == UTF_8 {
        chinese(line).unwrap_or(UTF_8)
    } else {
        charset
    };
    let (text, is_damaged) = likely.decode_without_bom_handling(line);
    (text, Some(if is_damaged { Fate::Damaged } else { Fate::Other(likely) }))
}

/// The line as UTF-8 with more than ASCII in it; none where it is none.
fn non_ascii_utf_8(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line).ok().filter(|text| !text.is_ascii())
}

/// The lines with their ends, `\n`, `\r\n` or a lone `\r`.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = memchr::memchr2(b'\n', b'\r', rest).map_or(rest.len(), |end| end + if rest[end..].starts_with(b"\r\n") { 2 } else { 1 });
        let (line, behind) = rest.split_at(end);
        rest = behind;
        (!line.is_empty()).then_some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTF_8_LINES: &str = "客服：您好，请问有什么可以帮您？\n客户：我要退货\n客服：好的，请您提供订单号\n";

    fn gb18030(text: &str) -> Vec<u8> {
        Encoding::named("gb18030").unwrap().encode(text).unwrap()
    }

    /// The text, and what is said of it.
    fn decoded(bytes: &[u8]) -> (String, String, String) {
        let encoding = Encoding::detect_mending(bytes).unwrap();
        let mut mended = Mended::default();
        let text = decode_lines(encoding, bytes.to_vec(), 1, &mut mended);
        (encoding.name().to_owned(), text, if mended.is_empty() { String::new() } else { mended.to_string() })
    }

    fn of(name: &str, text: impl Into<String>, said: &str) -> (String, String, String) {
        (name.to_owned(), text.into(), said.to_owned())
    }

    #[test]
    fn each_line_is_read_in_its_own_encoding() {
        let other = "客服：你必须先付款\r\n";
        let bytes = [UTF_8_LINES.as_bytes(), &gb18030(other), UTF_8_LINES.as_bytes()].concat();
        let said = "line 4 is in another encoding than the rest, or damaged: 1 read as gb18030";
        assert_eq!(decoded(&bytes), of("UTF-8", format!("{UTF_8_LINES}{other}{UTF_8_LINES}"), said));

        for other in ["客服：你必须先付款\r\n", "客服：你必须先付款。\r\n"] {
            let bytes = [gb18030(UTF_8_LINES), other.as_bytes().to_vec(), gb18030(UTF_8_LINES), other.as_bytes().to_vec()].concat();
            let said = "2 lines are in another encoding than the rest, or damaged, the first is line 4: 2 read as UTF-8";
            assert_eq!(decoded(&bytes), of("gb18030", format!("{UTF_8_LINES}{other}{UTF_8_LINES}{other}"), said));
        }
    }

    #[test]
    fn nothing_but_a_damaged_character_is_lost() {
        let lines = UTF_8_LINES.as_bytes();
        let said = "line 3 is in another encoding than the rest, or damaged: 1 with � for what is no text";
        for cut in [2, 3] {
            let whole = UTF_8_LINES.trim_end().trim_end_matches('号');
            assert_eq!(decoded(&lines[..lines.len() - cut]), of("UTF-8", format!("{whole}�"), said));
        }
        let stray = [lines, b"a \xFF \"b\",\n", lines].concat();
        let said = "line 4 is in another encoding than the rest, or damaged: 1 with � for what is no text";
        assert_eq!(decoded(&stray), of("UTF-8", format!("{UTF_8_LINES}a � \"b\",\n{UTF_8_LINES}"), said));

        let (lines, whole) = (gb18030(UTF_8_LINES), UTF_8_LINES.trim_end().trim_end_matches('号'));
        let said = "line 3 is in another encoding than the rest, or damaged: 1 with � for what is no text";
        assert_eq!(decoded(&lines[..lines.len() - 2]), of("gb18030", format!("{whole}�"), said));
        let text = [&[b'x'; 300][..], b"\n{\"text\":\"\\u60a8\xE9\"}\n"].concat();
        let said = "line 2 is in another encoding than the rest, or damaged: 1 with � for what is no text";
        assert_eq!(decoded(&text), of("UTF-8", format!("{}\n{{\"text\":\"\\u60a8�\"}}\n", "x".repeat(300)), said));
    }

    #[test]
    fn what_is_clean_is_left_alone() {
        for name in ["utf-8", "gb18030"] {
            let bytes = Encoding::named(name).unwrap().encode(&UTF_8_LINES.repeat(20)).unwrap();
            let (_, text, said) = decoded(&bytes);
            assert_eq!((text, said.as_str()), (UTF_8_LINES.repeat(20), ""), "{name}");
        }
        // What is one character in GB18030 and one of Cyrillic in UTF-8 is Chinese among Chinese.
        let text = format!("{UTF_8_LINES}一\n");
        assert_eq!(decoded(&gb18030(&text)).1, text);
        assert_eq!(Encoding::detect_mending(b"caf\xE9 \xE0 la carte, tr\xE8s bien"), None);
        assert_eq!(Encoding::detect_mending(&[&[b'x'; 300][..], b"\0\xFF"].concat()), None);
    }
}
