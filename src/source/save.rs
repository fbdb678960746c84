//! Writing a corrected document back: whole or not at all, and only over what was read.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use super::{Content, Document, EncodeError, Encoding, Waiting};

/// Why a document cannot be written back; the file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// It is not what was read any more.
    #[error("the file changed while it was checked and was left alone; run again")]
    Changed,
    /// Text was read out of something packed.
    #[error("this is no plain text file and was left alone; unpack it, or export it as CSV, and fix that")]
    NotText,
    /// What was read, encoded again, is not what stands in the file.
    #[error("its bytes cannot be written back unchanged in {0}, so it was left alone; save the file as UTF-8")]
    Inexact(Encoding),
    /// A character that the encoding has not.
    #[error("{0}")]
    Unwritable(#[from] EncodeError),
    /// The file may not be written.
    #[error("the file is write-protected and was left alone; make it writable")]
    WriteProtected,
    /// The system says no.
    #[error("cannot be written: {0}; check the free space and the permissions of its folder")]
    System(#[from] io::Error),
}

/// Gives the file at `path`, which `read` was read from, another text, in the encoding and with the byte order mark it has.
///
/// The new content is written beside it and takes its place in one step, with its permissions and, where the system
/// allows it, its owner: whoever looks, and whenever the program is killed, there is the old file or the new one. A
/// link stays a link; the file that it leads to is replaced.
///
/// # Errors
/// Where the file is no more what was read, or the text cannot be written so that everything else stays as it is.
pub fn save(path: &Path, read: &Document, text: &str) -> Result<(), SaveError> {
    let Content::Text { text: before, encoding } = &read.content else { return Err(SaveError::NotText) };
    let target = fs::canonicalize(path)?;
    let metadata = fs::metadata(&target)?;
    if metadata.permissions().readonly() {
        return Err(SaveError::WriteProtected);
    }
    let bytes = encoding.encode(text)?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let (mut file, waiting) = Waiting::begin(Builder::new().prefix(".phrase-lint-").suffix(".tmp"), folder)?;
    file.write_all(&bytes)?;
    resemble(&file, &metadata)?;
    file.sync_all()?;
    drop(file);
    // As late as may be, for what is written by others from here on is lost.
    unchanged(fs::read(&target)?, before, *encoding)?;
    waiting.replace(&target)?;
    Ok(())
}

/// Whether the bytes of the file are those that the text was read from.
fn unchanged(bytes: Vec<u8>, text: &str, encoding: Encoding) -> Result<(), SaveError> {
    if encoding.encode(text).is_ok_and(|expected| expected == bytes) {
        return Ok(());
    }
    if Encoding::detect(&bytes).is_none() {
        return Err(SaveError::NotText);
    }
    let is_same_text = encoding.decode(bytes).is_ok_and(|now| now == text);
    Err(if is_same_text { SaveError::Inexact(encoding) } else { SaveError::Changed })
}

/// Gives a new file the permissions and the owner of the one that it will replace.
fn resemble(file: &File, model: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
            // Only the superuser may give files away; for anyone else the new file is theirs, as with every editor.
            let _ = fchown(file, Some(model.uid()), Some(model.gid()));
        }
    }
    // After the owner, for changing that takes some permissions away.
    file.set_permissions(model.permissions())
}
