//! Compressed files: what they unfold to, and no more than a machine can bear.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::Encoding;

/// Archives within archives are opened so deep.
const DEEPEST: usize = 3;

/// A way of packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstandard,
    Zip,
}

/// A file that an input unfolds to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unfolded {
    /// The input's name; behind that of an archive of several files, the file's name within.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// How it was packed.
    pub packed: Packed,
}

/// Whether a document was packed, and in what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Packed {
    /// It was not.
    #[default]
    Not,
    /// By itself: .gz, .zst.
    Alone,
    /// In an archive that may hold anything: .zip.
    AmongOthers,
}

/// Why something packed cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// More than the limit.
    #[error("it unfolds to more than {limit} bytes; unpack it yourself, or raise --max-unpacked")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The packed bytes end too early or are damaged; what was before is read.
    #[error("it is cut off or damaged ({0}): what came before is read; copy it again")]
    CutOff(io::Error),
    /// An archive that cannot be opened.
    #[error("the archive cannot be opened ({0}); copy it again, and pack it without a password")]
    Unreadable(ZipError),
    /// Archives within archives.
    #[error("there are archives within archives, more than {DEEPEST} deep; unpack it yourself")]
    TooDeep,
}

/// Calls `take` for every file that the input unfolds to: itself where it is not packed.
///
/// At most `limit` bytes come out of all of it together.
pub(super) fn unfold(name: &str, bytes: Vec<u8>, limit: u64, take: &mut dyn FnMut(Result<Unfolded, (String, ArchiveError)>)) {
    let mut left = limit;
    unfold_within(Unfolded { name: name.to_owned(), bytes, packed: Packed::Not }, 0, limit, &mut left, take);
}

fn unfold_within(file: Unfolded, depth: usize, limit: u64, left: &mut u64, take: &mut dyn FnMut(Result<Unfolded, (String, ArchiveError)>)) {
    let Unfolded { name, bytes, packed } = file;
    let Some(packing) = Packing::of(&bytes) else {
        return take(Ok(Unfolded { name, bytes, packed }));
    };
    if depth == DEEPEST {
        return take(Err((name, ArchiveError::TooDeep)));
    }
    if packing == Packing::Zip {
        return unzip(&name, bytes, depth, limit, left, take);
    }
    let mut unpacked = Vec::new();
    let outcome = match packing {
        Packing::Gzip => read_at_most(MultiGzDecoder::new(bytes.as_slice()), *left, &mut unpacked),
        _ => unpack_frames(&bytes, *left, &mut unpacked),
    };
    if unpacked.len() as u64 > *left {
        return take(Err((name, ArchiveError::TooLarge { limit })));
    }
    *left -= unpacked.len() as u64;
    if let Err(error) = outcome {
        take(Err((name.clone(), ArchiveError::CutOff(error))));
        cut_at_line(&mut unpacked);
        if unpacked.is_empty() {
            return;
        }
    }
    let packed = if packed == Packed::Not { Packed::Alone } else { packed };
    unfold_within(Unfolded { name, bytes: unpacked, packed }, depth + 1, limit, left, take);
}

/// Reads to the end, or to one byte more than `most`.
fn read_at_most(packed: impl Read, most: u64, unpacked: &mut Vec<u8>) -> io::Result<()> {
    packed.take(most.saturating_add(1)).read_to_end(unpacked).map(|_| ())
}

/// Drops a last line of which the end is missing: half a character is no text. UTF-16 has bytes of 0 and is left alone.
fn cut_at_line(unpacked: &mut Vec<u8>) {
    if memchr::memchr(0, unpacked).is_none()
        && let Some(end) = memchr::memrchr(b'\n', unpacked)
    {
        unpacked.truncate(end + 1);
    }
}

/// A Zstandard file may hold several frames.
fn unpack_frames(mut packed: &[u8], most: u64, unpacked: &mut Vec<u8>) -> io::Result<()> {
    while !packed.is_empty() && unpacked.len() as u64 <= most {
        let frame = StreamingDecoder::new(&mut packed).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
        read_at_most(frame, most - unpacked.len() as u64, unpacked)?;
    }
    Ok(())
}

fn unzip(
    name: &str,
    bytes: Vec<u8>,
    depth: usize,
    limit: u64,
    left: &mut u64,
    take: &mut dyn FnMut(Result<Unfolded, (String, ArchiveError)>),
) {
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return take(Err((name.to_owned(), ArchiveError::Unreadable(error)))),
    };
    // Workbooks and other documents are ZIP archives as well, but of one document.
    if archive.index_for_name("[Content_Types].xml").is_some() {
        // Its reader unpacks the parts, one by one, without a limit.
        match unpacked_length(&mut archive, *left) {
            Some(length) => *left -= length,
            None => return take(Err((name.to_owned(), ArchiveError::TooLarge { limit }))),
        }
        let bytes = archive.into_inner().into_inner();
        return take(Ok(Unfolded { name: name.to_owned(), bytes, packed: if depth == 0 { Packed::Not } else { Packed::AmongOthers } }));
    }
    let count = archive.len();
    for index in 0..count {
        let mut file = match archive.by_index(index) {
            Ok(file) => file,
            Err(error) => {
                take(Err((format!("{name}: file {} of {count}", index + 1), ArchiveError::Unreadable(error))));
                continue;
            }
        };
        let inner = file_name(file.name_raw());
        // Folders, and what systems hide in archives.
        if file.is_dir() || inner.split('/').any(|part| part.starts_with('.') || part == "__MACOSX") {
            continue;
        }
        let mut unpacked = Vec::new();
        let outcome = read_at_most(&mut file, *left, &mut unpacked);
        drop(file);
        let inner = format!("{name}/{inner}");
        if unpacked.len() as u64 > *left {
            return take(Err((inner, ArchiveError::TooLarge { limit })));
        }
        *left -= unpacked.len() as u64;
        if let Err(error) = outcome {
            take(Err((inner.clone(), ArchiveError::CutOff(error))));
            cut_at_line(&mut unpacked);
        }
        unfold_within(Unfolded { name: inner, bytes: unpacked, packed: Packed::AmongOthers }, depth + 1, limit, left, take);
    }
}

/// How many bytes the parts of a document unfold to; none where these are more than `most`. What the archive says of its parts may
/// be wrong.
fn unpacked_length(archive: &mut ZipArchive<Cursor<Vec<u8>>>, most: u64) -> Option<u64> {
    let mut length = 0;
    for index in 0..archive.len() {
        // A part that cannot be unpacked is for the reader to report.
        let Ok(part) = archive.by_index(index) else { continue };
        let mut limited = part.take((most - length).saturating_add(1));
        // As far as it could be read.
        let _ = io::copy(&mut limited, &mut Counted(&mut length));
        if length > most {
            return None;
        }
    }
    Some(length)
}

/// Counts the bytes that are written to it.
struct Counted<'c>(&'c mut u64);

impl io::Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        *self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether a workbook that somebody names unfolds to no more than `limit` bytes.
///
/// # Errors
/// It unfolds to more.
pub(crate) fn unfolds_within(workbook: &[u8], limit: u64) -> Result<(), ArchiveError> {
    // What cannot be opened is for the reader to report.
    let Ok(mut archive) = ZipArchive::new(Cursor::new(workbook.to_vec())) else { return Ok(()) };
    unpacked_length(&mut archive, limit).map(|_| ()).ok_or(ArchiveError::TooLarge { limit })
}

/// Names within archives are in UTF-8 or in whatever the system wrote them in.
fn file_name(raw: &[u8]) -> String {
    let decoded = Encoding::detect(raw).and_then(|encoding| encoding.decode(raw.to_vec()).ok());
    decoded.unwrap_or_else(|| String::from_utf8_lossy(raw).into_owned())
}

impl Packing {
    /// How many bytes tell it.
    pub const MARK: u64 = 4;

    /// How bytes are packed, by how they begin.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let begins = |magic: &[u8]| bytes.starts_with(magic);
        if begins(b"\x1F\x8B") {
            Some(Self::Gzip)
        } else if begins(b"\x28\xB5\x2F\xFD") {
            Some(Self::Zstandard)
        } else if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
            Some(Self::Zip)
        } else {
            None
        }
    }
}
