//! Archives, documents, mail, pictures and recordings, which are not opened here: they are told by their first bytes, so that
//! everybody hears what to do about them.

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
    /// A document of Office before 2007, or a message of Outlook: .xls, .doc, .ppt, .msg.
    OldOffice,
    /// A document of Office that a password protects: within, it is one of the old.
    Protected,
    /// A document of Word or PowerPoint: .docx, .pptx.
    Office,
    /// A document for printing: .pdf.
    Pdf,
    /// Rich text: .rtf.
    RichText,
    /// Electronic mail: .eml, .mbox.
    Mail,
    /// A picture.
    Picture,
    /// A recording of sound.
    Sound,
    /// A recording of pictures and sound.
    Film,
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
        BEGINNINGS.into_iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, kind)| kind).or_else(|| medium(bytes))
    }

    /// The same of text: they may well consist of it, as they are written.
    pub fn of_text(text: &str) -> Option<Self> {
        if is_mail(text) {
            return Some(Self::Mail);
        }
        Self::of(text.as_bytes()).filter(|kind| matches!(kind, Self::Pdf | Self::RichText))
    }

    /// Whether there may be wording in it that a run over a folder should not miss.
    pub fn may_hold_wording(self) -> bool {
        !matches!(self, Self::Picture | Self::Sound | Self::Film)
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Tar | Self::SevenZip | Self::Rar => "unpack it, or pack it as .zip",
            Self::Bzip2 | Self::Xz => "unpack it, or pack it as .gz or .zst",
            Self::OldOffice => "save it as .xlsx, or as text",
            Self::Protected => "open it in a spreadsheet program and save it as .xlsx without a password",
            Self::Office | Self::Pdf | Self::RichText => "save it as text",
            Self::Mail => "save what was written as text, with the agent's name before it: `客服：…`",
            Self::Picture => "write what stands in it into a file of text, or leave it out",
            Self::Sound | Self::Film => "have a speech recognition write it down: transcripts, also as subtitles, are read",
        }
    }
}

/// Pictures and recordings, by the marks that their formats begin with.
fn medium(bytes: &[u8]) -> Option<Unopened> {
    const BEGINNINGS: [(&[u8], Unopened); 16] = [
        (b"\x89PNG\r\n\x1A\n", Unopened::Picture),
        (b"\xFF\xD8\xFF", Unopened::Picture),
        (b"GIF8", Unopened::Picture),
        (b"II*\0", Unopened::Picture),
        (b"MM\0*", Unopened::Picture),
        (b"ID3", Unopened::Sound),
        (b"\xFF\xFB", Unopened::Sound),
        (b"\xFF\xF3", Unopened::Sound),
        (b"\xFF\xF1", Unopened::Sound),
        (b"fLaC", Unopened::Sound),
        (b"OggS", Unopened::Sound),
        (b"#!AMR", Unopened::Sound),
        (b"\x02#!SILK", Unopened::Sound),
        (b"\x1A\x45\xDF\xA3", Unopened::Film),
        (b"FLV\x01", Unopened::Film),
        (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", Unopened::Film),
    ];
    // In two families the mark of the member stands behind that of the family and a length.
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => return Some(Unopened::Picture),
        (Some(b"RIFF"), _, Some(b"WAVE")) => return Some(Unopened::Sound),
        (Some(b"RIFF"), _, Some(b"AVI ")) => return Some(Unopened::Film),
        (_, Some(b"ftyp"), Some(b"heic" | b"mif1" | b"avif")) => return Some(Unopened::Picture),
        (_, Some(b"ftyp"), Some(b"M4A " | b"M4B ")) => return Some(Unopened::Sound),
        (_, Some(b"ftyp"), _) => return Some(Unopened::Film),
        _ => {}
    }
    BEGINNINGS.into_iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, kind)| kind)
}

/// Whether a text begins with the header of a mail (RFC 5322), behind the line that a file of several has before each.
fn is_mail(text: &str) -> bool {
    const FIELDS: [&str; 13] = [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "content-type",
        "delivered-to",
        "reply-to",
        "dkim-signature",
    ];
    // What servers add is long, but not so long.
    const LONGEST: usize = 500;
    let text = text.trim_start();
    let has_envelope = text.starts_with("From ") && text.lines().next().is_some_and(|line| line.contains('@') || line.contains("MAILER"));
    let mut known = 0;
    for line in text.lines().skip(usize::from(has_envelope)).take(LONGEST) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return false;
        }
        known += usize::from(FIELDS.contains(&name.to_ascii_lowercase().as_str()));
    }
    known >= if has_envelope { 1 } else { 3 }
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
            Self::OldOffice => "a document of an old Office (.xls, .doc, .ppt, .msg)",
            Self::Protected => "a workbook that a password may protect (within, it is a document of an old Office)",
            Self::Office => "a document of Word or PowerPoint",
            Self::Pdf => "a PDF document",
            Self::RichText => "a document of rich text (.rtf)",
            Self::Mail => "electronic mail (.eml, .mbox)",
            Self::Picture => "a picture",
            Self::Sound => "a recording of sound",
            Self::Film => "a film",
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
        assert_eq!(Unopened::of(b"\x89PNG\r\n\x1A\n"), Some(Unopened::Picture));
        assert_eq!(Unopened::of(b"RIFF\x24\x08\0\0WAVEfmt "), Some(Unopened::Sound));
        assert_eq!(Unopened::of(b"\0\0\0\x20ftypisom"), Some(Unopened::Film));
        for other in [&b""[..], b"PK\x03\x04....xl/workbook.xml", b"RIFF", &[0; 600]] {
            assert_eq!(Unopened::of(other), None);
        }
    }

    #[test]
    fn mail_is_told_by_its_header() {
        let mail = "From: a@b.com\nTo: c@d.com\nSubject: 你好\n 朋友\nX-Mailer: a\n\n您必须先付款\n";
        assert_eq!(Unopened::of_text(mail), Some(Unopened::Mail));
        assert_eq!(
            Unopened::of_text("From a@b.com Mon Apr 29 10:11:12 2024\r\nSubject: 你好\r\n\r\n您必须先付款\r\n"),
            Some(Unopened::Mail)
        );
        for other in ["", "客服：您好\n客户：在吗\n", "From: a\nTo: b\n您好\nDate: c\n", "Agent: hi\nDate: 1\nTo: 2\n", "{\\rt"]
        {
            assert_eq!(Unopened::of_text(other), None, "{other}");
        }
    }
}
