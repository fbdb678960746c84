//! Text that must be UTF-8: packs, settings and baselines, which people write for this tool and in which nothing is guessed.

use std::fmt;

use super::Encoding;

/// Bytes that are no UTF-8, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The line of the first such byte, from 1.
    pub line: usize,
    /// The characters up to it in its line, with itself.
    pub column: usize,
    /// The byte.
    byte: u8,
    /// What the whole seems to be instead.
    encoding: Option<Encoding>,
}

/// The text of a file that must be UTF-8, without its byte order mark.
///
/// # Errors
/// It is not.
pub fn utf8(bytes: &[u8]) -> Result<&str, NotUtf8> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let before = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let encoding = Encoding::detect(bytes).filter(|encoding| !encoding.is_utf_8() && encoding.decode(bytes.to_vec()).is_ok());
        NotUtf8 {
            line: before.matches('\n').count() + 1,
            column: before[start..].trim_start_matches('\u{FEFF}').chars().count() + 1,
            byte: bytes.get(at).copied().unwrap_or_default(),
            encoding,
        }
    })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

impl NotUtf8 {
    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self.encoding {
            Some(encoding) => format!("the file seems to be {}; save it as UTF-8", encoding.name()),
            None => "write the damaged character again, and save the file as UTF-8".to_owned(),
        }
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is not UTF-8 (byte {:02X} at column {})", self.byte, self.column)
    }
}

impl std::error::Error for NotUtf8 {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wrong_byte_is_told_with_its_place() {
        let told = |bytes: &[u8]| utf8(bytes).map(str::to_owned).map_err(|error| (error.line, error.to_string(), error.remedy()));
        assert_eq!(told("\u{FEFF}甲\n".as_bytes()), Ok("甲\n".to_owned()));
        let (line, what, remedy) = told(&["\u{FEFF}甲\n你必须".as_bytes(), b"\xE4 \n"].concat()).unwrap_err();
        assert_eq!((line, what.as_str()), (2, "is not UTF-8 (byte E4 at column 4)"));
        assert_eq!(remedy, "write the damaged character again, and save the file as UTF-8");
        let gb18030 = Encoding::named("gb18030").unwrap().encode("# 规则\n您必须先付款,请您稍等一会儿\n").unwrap();
        let (line, _, remedy) = told(&gb18030).unwrap_err();
        assert_eq!((line, remedy.as_str()), (1, "the file seems to be gb18030; save it as UTF-8"));
        let (line, _, remedy) = told(b"\xFF\xFE#\0\n\0").unwrap_err();
        assert_eq!((line, remedy.as_str()), (1, "the file seems to be UTF-16LE; save it as UTF-8"));
    }
}
