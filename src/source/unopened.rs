//! Archives and documents that may be full of texts, and that are not opened here: they are told by their first bytes, so that
//! nobody takes them for pictures.

use std::fmt;

/// A kind of such files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unopened {
    /// Files behind one another, as `tar` writes them.
    Tar,
    /// A 7-Zip archive.
    SevenZip,
    /// A RAR archive.
    Rar,
    /// Packed by bzip2.
    Bzip2,
    /// Packed by xz.
    Xz,
    /// A document of Office before 2007: .xls, .doc.
    OldOffice,
    /// A document of Office that a password protects: within, it is one of the old.
    Protected,
    /// A document of Word or PowerPoint: .docx, .pptx.
    Office,
    /// A document for printing: .pdf.
    Pdf,
    /// Rich text: .rtf.
    RichText,
}

/// Where in its first header a tar archive says what it is.
const TAR_MARK: usize = 257;

impl Unopened {
    /// Which of them bytes are; none where they are something else.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const BEGINNINGS: [(&[u8], Unopened); 7] = [
            (b"7z\xBC\xAF\x27\x1C", Unopened::SevenZip),
            (b"Rar!\x1A\x07", Unopened::Rar),
            (b"BZh", Unopened::Bzip2),
            (b"\xFD7zXZ\x00", Unopened::Xz),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Unopened::OldOffice),
            (b"%PDF-", Unopened::Pdf),
            (b"{\\rtf", Unopened::RichText),
        ];
        if bytes.get(TAR_MARK..).is_some_and(|rest| rest.starts_with(b"ustar")) {
            return Some(Self::Tar);
        }
        // The parts of a document are named in its directory of files.
        let has_part = |name: &[u8]| memchr::memmem::find(bytes, name).is_some();
        if bytes.starts_with(b"PK\x03\x04") && (has_part(b"word/document") || has_part(b"ppt/presentation")) {
            return Some(Self::Office);
        }
        BEGINNINGS.into_iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, kind)| kind)
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Tar | Self::SevenZip | Self::Rar => "unpack it, or pack it as .zip",
            Self::Bzip2 | Self::Xz => "unpack it, or pack it as .gz or .zst",
            Self::OldOffice => "save it as .xlsx, or as text",
            Self::Protected => "open it in a spreadsheet program and save it as .xlsx without a password",
            Self::Office | Self::Pdf | Self::RichText => "save it as text",
        }
    }
}

/// `a tar archive`
impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tar => "a tar archive",
            Self::SevenZip => "a 7z archive",
            Self::Rar => "a RAR archive",
            Self::Bzip2 => "packed by bzip2",
            Self::Xz => "packed by xz",
            Self::OldOffice => "a document of an old Office (.xls, .doc)",
            Self::Protected => "a workbook that a password may protect (within, it is a document of an old Office)",
            Self::Office => "a document of Word or PowerPoint",
            Self::Pdf => "a PDF document",
            Self::RichText => "a document of rich text (.rtf)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_told_by_their_first_bytes() {
        let mut tar = vec![0; 512];
        tar[TAR_MARK..TAR_MARK + 5].copy_from_slice(b"ustar");
        assert_eq!(Unopened::of(&tar), Some(Unopened::Tar));
        assert_eq!(Unopened::of(b"Rar!\x1A\x07\x01\x00"), Some(Unopened::Rar));
        assert_eq!(Unopened::of(b"%PDF-1.7\n%"), Some(Unopened::Pdf));
        assert_eq!(Unopened::of(b"{\\rtf1\\ansi"), Some(Unopened::RichText));
        assert_eq!(Unopened::of(b"PK\x03\x04....word/document.xml"), Some(Unopened::Office));
        for other in [&b""[..], b"PK\x03\x04....xl/workbook.xml", b"\x89PNG\r\n\x1A\n", &[0; 600]] {
            assert_eq!(Unopened::of(other), None);
        }
    }
}
