//! From what a user typed to the files that are read, in an order that does not change from run to run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;

use super::archive::{Unfolded, unfold};
use super::mending::first_of_utf_8;
use super::stream::{Begin, TextStream, Unpacked};
use super::{ArchiveError, Content, DecodeError, Document, Encoding, NotUtf8, utf8};

/// Files above this size, in bytes, are read block by block.
const LARGE: u64 = 16 << 20;

/// The name of the file that holds paths to leave out, in the notation of `.gitignore`.
pub const IGNORE_FILE: &str = ".phrase-lintignore";

/// The name of a file and its bytes, to be read on.
type Bytes = (String, Box<dyn Read>);

/// One thing to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub origin: Origin,
    /// Whether the user named it. What is found in a directory or by a glob may be of a kind that no reader
    /// knows; what is named may not.
    pub named: bool,
    /// The name of the file that it stands for, where that is not its own (`--stdin-filename`).
    pub stands_for: Option<PathBuf>,
}

/// How inputs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceOptions {
    /// The encoding of all text, where the user named one; else each text's own is told from its content.
    pub encoding: Option<Encoding>,
    /// What one compressed file may unfold to, in bytes.
    pub max_unpacked: u64,
    /// Whether lines that are not in the encoding of their document are read all the same, where the user named none. Not
    /// where the document is to be written back: then they are an error.
    pub mends: bool,
}

/// Where an input is read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// Bytes that somebody else has fetched, which are not what stands in a file.
    Given {
        /// The name that reports show.
        name: String,
        /// What was fetched.
        bytes: Vec<u8>,
    },
}

/// The inputs that arguments lead to, and the arguments that lead nowhere.
#[derive(Debug, Default)]
pub struct Search {
    /// What to read: in the order of the arguments; what an argument yields is sorted by path. No file twice.
    pub inputs: Vec<Input>,
    /// Paths that do not exist or cannot be walked, globs that match nothing.
    pub errors: Vec<SourceError>,
}

/// Why something cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Nothing has this path.
    #[error("{0}: no such file or directory; check the path")]
    Missing(String),
    /// A glob without a match.
    #[error("{0}: no file matches this glob; hidden files and those that .gitignore or .phrase-lintignore name are left out")]
    NoMatch(String),
    /// A glob that matches nothing that is looked for, where no list leaves anything out.
    #[error("{0}: no file of the kind looked for matches this glob; hidden files are left out")]
    NoFile(String),
    /// A glob that is none.
    #[error("{glob}: {reason}; correct the glob, or write \\ before a mark that is meant as it is")]
    BadGlob {
        /// As it was typed.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The system says no.
    #[error("{name}: {error}; check that the file is still there and may be read")]
    Unreadable {
        /// The path, or `<stdin>`.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// A directory that cannot be searched through, or an ignore file with a mistake.
    #[error("{0}; check the permissions and the ignore files there")]
    Walk(String),
    /// An ignore file of which a line is no text: what it names from there on would be looked at unseen.
    #[error("{name}:{}: {error}; {}", error.line, error.remedy())]
    List {
        /// The path.
        name: String,
        /// Where and how.
        error: Box<NotUtf8>,
    },
    /// A directory that cannot be searched through, where no list leaves anything out.
    #[error("{0}; check the permissions there")]
    Folder(String),
    /// A compressed file that cannot be read, or not to its end.
    #[error("{name}: {error}")]
    Packed {
        /// The path, and within an archive the file's.
        name: String,
        /// Why.
        error: ArchiveError,
    },
    /// Lines are in two encodings, of a document that is to be written back in one.
    #[error(
        "{name}: line {line} is in UTF-8 and the rest in {encoding}, so nothing is written to it; save the file in one encoding, as UTF-8"
    )]
    Mixed {
        /// The path, or `<stdin>`.
        name: String,
        /// The first line in UTF-8, from 1.
        line: usize,
        /// That of the others.
        encoding: Encoding,
    },
    /// Characters that would be passed on as other bytes than they came as.
    #[error("{name}: line {line} cannot be passed on unchanged in {encoding}, so nothing is; save the file as UTF-8")]
    Inexact {
        /// The path, or `<stdin>`.
        name: String,
        /// The first line, from 1.
        line: usize,
        /// Its encoding.
        encoding: Encoding,
    },
    /// The bytes are no text in their encoding.
    #[error("{name}: {error}")]
    Undecodable {
        /// The path, or `<stdin>`.
        name: String,
        /// Where and how.
        error: DecodeError,
    },
}

impl Input {
    /// The name that reports show.
    pub fn name(&self) -> String {
        match (&self.stands_for, &self.origin) {
            (Some(path), _) | (None, Origin::File(path)) => path.display().to_string(),
            (None, Origin::Stdin) => "<stdin>".to_owned(),
            (None, Origin::Given { name, .. }) => name.clone(),
        }
    }

    /// Reads all of it, and hands over its document, or those that a compressed file holds, one by one.
    pub fn read(&self, options: &SourceOptions, take: &mut dyn FnMut(Result<Document, SourceError>)) {
        let name = self.name();
        let bytes = match &self.origin {
            Origin::Stdin => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
            Origin::File(path) => fs::read(path),
            Origin::Given { bytes, .. } => Ok(bytes.clone()),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return take(Err(SourceError::Unreadable { name, error })),
        };
        if self.origin != Origin::Stdin || options.mends {
            return unfolded(name, bytes, options, take);
        }
        // What comes in goes out again.
        let given = bytes.clone();
        unfolded(name, bytes, options, &mut |document| {
            take(document.and_then(|document| match (document.first_inexact_line(&given), &document.content) {
                (Some(line), Content::Text { encoding, .. }) => {
                    Err(SourceError::Inexact { name: document.name, line, encoding: *encoding })
                }
                _ => Ok(document),
            }));
        });
    }

    /// The same, but large text and all that comes through standard input is handed over to be read block by block.
    pub fn open(&self, options: &SourceOptions, take: &mut dyn FnMut(Result<Opened, SourceError>)) {
        let mut whole = || self.read(options, &mut |document| take(document.map(Opened::Document)));
        let (source, is_live): (io::Result<Box<dyn Read>>, bool) = match &self.origin {
            Origin::Given { .. } => return whole(),
            Origin::Stdin => (Ok(Box::new(io::stdin().lock())), true),
            Origin::File(path) => {
                // What is no regular file has no size: it is a pipe.
                let known = fs::metadata(path).ok().filter(fs::Metadata::is_file);
                if known.as_ref().is_some_and(|known| known.len() <= LARGE) {
                    return whole();
                }
                (fs::File::open(path).map(|file| Box::new(file) as Box<dyn Read>), known.is_none())
            }
        };
        let begun = source.and_then(|source| TextStream::begin(&self.name(), source, is_live, options));
        match begun {
            Ok(Begin::Stream(stream)) => take(Ok(Opened::Stream(stream))),
            Ok(Begin::Bytes(bytes)) => unfolded(self.name(), bytes, options, &mut |document| take(document.map(Opened::Document))),
            Err(error) => take(Err(SourceError::Unreadable { name: self.name(), error })),
        }
    }

    /// Hands over its bytes to be read on, unpacked, and their name; of an archive, which may unfold to `max_unpacked` bytes,
    /// those of each file.
    pub fn unpack(&self, max_unpacked: u64, take: &mut dyn FnMut(Result<Bytes, SourceError>)) {
        let source: io::Result<Box<dyn Read>> = match &self.origin {
            Origin::Stdin => Ok(Box::new(io::stdin().lock())),
            Origin::File(path) => fs::File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
            Origin::Given { bytes, .. } => Ok(Box::new(Cursor::new(bytes.clone()))),
        };
        match source.and_then(Unpacked::of) {
            Ok(Unpacked::Stream(source)) => take(Ok((self.name(), source))),
            Ok(Unpacked::Archive(bytes)) => unfold(&self.name(), bytes, max_unpacked, &mut |file| {
                take(match file {
                    Ok(Unfolded { name, bytes, .. }) => Ok((name, Box::new(Cursor::new(bytes)))),
                    Err((name, error)) => Err(SourceError::Packed { name, error }),
                });
            }),
            Err(error) => take(Err(SourceError::Unreadable { name: self.name(), error })),
        }
    }
}

/// What an input yields.
#[derive(Debug)]
pub enum Opened {
    /// All of it, in memory.
    Document(Document),
    /// Text to be read on.
    Stream(Box<TextStream>),
}

fn unfolded(name: String, bytes: Vec<u8>, options: &SourceOptions, take: &mut dyn FnMut(Result<Document, SourceError>)) {
    unfold(&name, bytes, options.max_unpacked, &mut |file| {
        take(match file {
            Ok(Unfolded { name, bytes, packed }) => options.decode(name, bytes).map(|document| Document { packed, ..document }),
            Err((name, error)) => Err(SourceError::Packed { name, error }),
        });
    });
}

impl SourceOptions {
    /// The encoding of a document that begins with `bytes`; none for what is not text.
    pub(super) fn encoding_of(&self, bytes: &[u8]) -> Option<Encoding> {
        if self.mends && self.encoding.is_none() { Encoding::detect_mending(bytes) } else { Encoding::of(bytes, self.encoding) }
    }

    /// Whether the lines of a document in this encoding are mended.
    pub(super) fn mends(&self, encoding: Encoding) -> bool {
        self.mends && self.encoding.is_none() && encoding.can_be_mended()
    }

    fn decode(&self, name: String, bytes: Vec<u8>) -> Result<Document, SourceError> {
        let document = match self.encoding {
            None if self.mends => Document::decode_mending(name.clone(), bytes),
            None => {
                // Much of UTF-8 can be read as something else, be it as words that nobody wrote.
                let mixed = Encoding::detect(&bytes).and_then(|encoding| Some((first_of_utf_8(encoding, &bytes)?, encoding)));
                match mixed.filter(|(_, encoding)| encoding.can_be_mended()) {
                    Some((line, encoding)) => return Err(SourceError::Mixed { name, line, encoding }),
                    None => Document::decode(name.clone(), bytes, None),
                }
            }
            named => Document::decode(name.clone(), bytes, named),
        };
        document.map_err(|error| SourceError::Undecodable { name, error })
    }
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self { encoding: None, max_unpacked: 1 << 30, mends: true }
    }
}

/// Finds the inputs that `arguments` (paths, directories, globs, `-`) lead to.
///
/// In directories and behind globs, hidden files and what `.gitignore` and `.phrase-lintignore` name are left out;
/// links are followed, for an export that is linked to is an export.
pub fn find<P: AsRef<Path>>(arguments: &[P]) -> Search {
    find_by(arguments, &Walk { heeds_lists: true, is_wanted: &|_| true })
}

/// Finds the inputs that `arguments` lead to, of files that a program wrote: those that are wanted, also where `.gitignore` or
/// `.phrase-lintignore` name them.
pub fn find_written<P: AsRef<Path>>(arguments: &[P], is_wanted: &dyn Fn(&Path) -> bool) -> Search {
    find_by(arguments, &Walk { heeds_lists: false, is_wanted })
}

/// What is looked for in folders.
struct Walk<'w> {
    /// Whether what ignore files name is left out.
    heeds_lists: bool,
    is_wanted: &'w dyn Fn(&Path) -> bool,
}

fn find_by<P: AsRef<Path>>(arguments: &[P], walk: &Walk<'_>) -> Search {
    let mut search = Search::default();
    let mut seen = HashMap::new();
    for argument in arguments {
        let path = argument.as_ref();
        let typed = path.display().to_string();
        if path == Path::new("-") {
            if seen.insert(PathBuf::from("-"), search.inputs.len()).is_none() {
                search.inputs.push(Input { origin: Origin::Stdin, named: true, stands_for: None });
            }
        } else if path.is_dir() {
            let files = walk.files(path, |_| true, &mut search.errors);
            search.add(files, false, &mut seen);
        } else if path.exists() {
            search.add(vec![path.to_owned()], true, &mut seen);
        } else if typed.contains(['*', '?', '[', '{']) {
            match walk.expand(&typed, &mut search.errors) {
                Ok(files) if files.is_empty() && walk.heeds_lists => search.errors.push(SourceError::NoMatch(typed)),
                Ok(files) if files.is_empty() => search.errors.push(SourceError::NoFile(typed)),
                Ok(files) => search.add(files, false, &mut seen),
                Err(error) => search.errors.push(error),
            }
        } else {
            search.errors.push(SourceError::Missing(typed));
        }
    }
    search
}

impl Search {
    /// Adds files that are not there yet, under whatever name; `seen` tells the place of each.
    fn add(&mut self, files: Vec<PathBuf>, named: bool, seen: &mut HashMap<PathBuf, usize>) {
        for file in files {
            match seen.entry(file.canonicalize().unwrap_or_else(|_| file.components().collect())) {
                Entry::Vacant(place) => {
                    place.insert(self.inputs.len());
                    self.inputs.push(Input { origin: Origin::File(file), named, stands_for: None });
                }
                // Found before, now named: it must be understood.
                Entry::Occupied(place) if named => self.inputs[*place.get()].named = true,
                Entry::Occupied(_) => {}
            }
        }
    }
}

impl Walk<'_> {
    /// The files in a directory and below that are wanted, of those that `matches` takes.
    fn files(&self, directory: &Path, matches: impl Fn(&Path) -> bool, errors: &mut Vec<SourceError>) -> Vec<PathBuf> {
        let mut walk = WalkBuilder::new(directory);
        walk.follow_links(true)
            .standard_filters(self.heeds_lists)
            .hidden(true)
            .require_git(false)
            .git_global(false)
            .sort_by_file_path(Path::cmp);
        if self.heeds_lists {
            walk.add_custom_ignore_filename(IGNORE_FILE);
        }
        let mut files = Vec::new();
        for entry in walk.build() {
            match entry {
                Ok(entry) => {
                    if let Some(error) = entry.error() {
                        errors.push(self.error(error));
                    }
                    if self.heeds_lists && entry.file_type().is_some_and(|kind| kind.is_dir()) {
                        let list = entry.path().join(IGNORE_FILE);
                        let unreadable = fs::read(&list).ok().and_then(|bytes| utf8(&bytes).err());
                        errors
                            .extend(unreadable.map(|error| SourceError::List { name: list.display().to_string(), error: Box::new(error) }));
                    }
                    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                    if is_file && matches(entry.path()) && (self.is_wanted)(entry.path()) {
                        files.push(entry.into_path());
                    }
                }
                // What a link leads back up to is walked already.
                Err(error) if is_loop(&error) => {}
                Err(error) if gone(&error).is_some_and(|path| !matches(path) || !(self.is_wanted)(path)) => {}
                Err(error) => errors.push(self.error(&error)),
            }
        }
        files
    }

    fn error(&self, error: &ignore::Error) -> SourceError {
        if self.heeds_lists { SourceError::Walk(error.to_string()) } else { SourceError::Folder(error.to_string()) }
    }

    fn expand(&self, glob: &str, errors: &mut Vec<SourceError>) -> Result<Vec<PathBuf>, SourceError> {
        let matcher = GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .map_err(|error| SourceError::BadGlob { glob: glob.to_owned(), reason: error.kind().to_string() })?
            .compile_matcher();
        // The directory before the first mark is where the search begins.
        let literal = &glob[..glob.find(['*', '?', '[', '{']).unwrap_or(glob.len())];
        let root = literal.rfind(['/', std::path::MAIN_SEPARATOR]).map_or("", |end| &glob[..=end]);
        if root.is_empty() {
            let files = self.files(Path::new("."), |path| matcher.is_match(without_dot(path)), errors);
            return Ok(files.iter().map(|path| without_dot(path).to_owned()).collect());
        }
        if !Path::new(root).is_dir() {
            return Ok(Vec::new());
        }
        Ok(self.files(Path::new(root), |path| matcher.is_match(path), errors))
    }
}

/// Whether a walk ends here because a link leads to a folder that it came through.
fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithPath { err, .. } => is_loop(err),
        _ => false,
    }
}

/// The link that leads nowhere, or file that went away, of which an error tells.
fn gone(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithDepth { err, .. } => gone(err),
        ignore::Error::WithPath { path, err } => {
            err.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound).then_some(path.as_path())
        }
        _ => None,
    }
}

fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_are_not_heeded_are_not_to_blame() {
        let denied = ignore::Error::from(io::Error::from(io::ErrorKind::PermissionDenied));
        let told = |heeds_lists| Walk { heeds_lists, is_wanted: &|_| true }.error(&denied).to_string();
        assert!(told(true).ends_with("check the permissions and the ignore files there"));
        assert!(told(false).ends_with("; check the permissions there"));
    }
}
