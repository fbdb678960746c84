//! `--staged`, `--changed-since`, `--changed-lines`: what git says of the inputs, asked of the `git` program.
//!
//! All lists come with NUL between names, for a name may hold anything, and names go to git as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use phrase_lint::report::Findings;
use phrase_lint::source::{Input, Origin};

use super::arguments::GitArguments;
use super::failure::Failure;

/// The inputs that git says changed.
#[derive(Debug)]
pub(super) struct Changed {
    /// By the name of the input, where only changed lines count.
    lines: Option<BTreeMap<String, Lines>>,
}

/// The lines of a file that changed.
#[derive(Debug)]
enum Lines {
    /// It is new, or no text.
    All,
    Some(Vec<RangeInclusive<usize>>),
}

/// Which changes are meant.
#[derive(Debug, Clone, Copy)]
enum Since<'r> {
    /// What is staged for the next commit.
    Staged,
    /// What is different from where the branch left this revision.
    Revision(&'r OsStr),
}

impl Changed {
    /// Limits the inputs to those that changed, as far as the arguments ask for it.
    pub(super) fn limit(arguments: &GitArguments, inputs: &mut Vec<Input>) -> Result<Option<Self>, Failure> {
        let since = match &arguments.changed_since {
            _ if arguments.staged => Since::Staged,
            Some(revision) => Since::Revision(revision),
            None => return Ok(None),
        };
        let root = git(&["rev-parse", "--show-toplevel"])?;
        let root = fs::canonicalize(path(root.strip_suffix(b"\n").unwrap_or(&root))).map_err(|error| failed(&error))?;
        let base = since.base()?;
        let (changed, untracked) = since.files(&base, &root)?;
        let moved = if arguments.changed_lines { since.moved(&base, &root)? } else { BTreeMap::new() };
        let mut limited = Vec::new();
        let mut lines = BTreeMap::new();
        for input in inputs.drain(..) {
            let Origin::File(file) = &input.origin else { continue };
            let Some(name) = fs::canonicalize(file).ok().and_then(|file| file.strip_prefix(&root).ok().map(Path::to_owned)) else {
                continue;
            };
            if !changed.contains(&name) && !untracked.contains(&name) {
                continue;
            }
            if arguments.changed_lines {
                let found = if untracked.contains(&name) {
                    Lines::All
                } else {
                    since.lines(&base, &root, &name, moved.get(&name).map(PathBuf::as_path))?
                };
                lines.insert(input.name(), found);
            }
            let origin = match since {
                Since::Staged => Origin::Given { name: input.name(), bytes: staged(&root, &name)? },
                Since::Revision(_) => input.origin,
            };
            limited.push(Input { origin, ..input });
        }
        *inputs = limited;
        Ok(Some(Self { lines: arguments.changed_lines.then_some(lines) }))
    }

    /// Whether violations are left out of files that are looked at.
    pub(super) fn is_by_line(&self) -> bool {
        self.lines.is_some()
    }

    /// Takes out of the findings what does not stand on changed lines. A place that is no line is kept.
    pub(super) fn keep(&self, findings: &mut Findings) {
        self.retain(findings, true);
    }

    /// Takes out of the findings what stands on changed lines.
    pub(super) fn drop(&self, findings: &mut Findings) {
        self.retain(findings, false);
    }

    fn retain(&self, findings: &mut Findings, wanted: bool) {
        let lines = self.lines.as_ref().and_then(|lines| lines.get(&findings.conversation.file));
        let lines = lines.and_then(|lines| if let Lines::Some(lines) = lines { Some(lines) } else { None });
        findings.retain(|violation| {
            let Some((first, lines)) = violation.line.filter(|_| !violation.cell).zip(lines) else { return wanted };
            let last = violation.end.map_or(first, |end| end.line);
            lines.iter().any(|changed| *changed.start() <= last && first <= *changed.end()) == wanted
        });
    }
}

impl Since<'_> {
    /// What is compared with.
    fn base(self) -> Result<OsString, Failure> {
        match self {
            // In a repository without a commit there is no HEAD, and git compares with nothing by itself.
            Self::Staged => Ok(OsString::new()),
            Self::Revision(revision) => {
                let mut commit = revision.to_owned();
                commit.push("^{commit}");
                let known = git(&[OsStr::new("rev-parse"), "--verify".as_ref(), "--quiet".as_ref(), "--end-of-options".as_ref(), &commit]);
                let Ok(known) = known else {
                    return Err(Failure::argument(
                        format!("git knows no revision `{}`", revision.display()),
                        "check the name given to --changed-since; a shallow clone must fetch it first: git fetch origin NAME",
                    ));
                };
                let known = path(known.trim_ascii_end()).into_os_string();
                let base = git(&[OsStr::new("merge-base"), &known, "HEAD".as_ref()]).map_err(|_| {
                    Failure::argument(
                        format!("git finds no commit that HEAD and `{}` have in common", revision.display()),
                        "in a shallow clone, fetch more of the history: git fetch --unshallow (actions/checkout: fetch-depth: 0)",
                    )
                })?;
                Ok(path(base.trim_ascii_end()).into_os_string())
            }
        }
    }

    /// The files that changed, and those that git does not know yet, relative to the root.
    fn files(self, base: &OsStr, root: &Path) -> Result<(BTreeSet<PathBuf>, BTreeSet<PathBuf>), Failure> {
        let mut diff: Vec<&OsStr> =
            ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative", "--no-color", "--diff-filter=ACMRT"]
                .map(OsStr::new)
                .to_vec();
        diff.push(self.compared(base));
        diff.push("--".as_ref());
        let changed = names(&git_in(root, &diff)?);
        let untracked = match self {
            Self::Staged => BTreeSet::new(),
            Self::Revision(_) => names(&git_in(root, &["ls-files", "--others", "--exclude-standard", "-z"].map(OsStr::new))?),
        };
        Ok((changed, untracked))
    }

    /// The names that files had before they were moved, by their new ones.
    fn moved(self, base: &OsStr, root: &Path) -> Result<BTreeMap<PathBuf, PathBuf>, Failure> {
        let diff = ["diff", "--name-status", "-z", MOVED[0], MOVED[1], "--no-ext-diff", "--no-relative", "--no-color", "--diff-filter=R"];
        let list = git_in(root, &[&diff.map(OsStr::new)[..], &[self.compared(base), "--".as_ref()]].concat())?;
        let fields: Vec<&[u8]> = list.split(|byte| *byte == 0).collect();
        // R087, the old name, the new one.
        Ok(fields.chunks_exact(3).map(|file| (path(file[2]), path(file[1]))).collect())
    }

    /// The lines of a file that changed; of one that was moved, beside what it was under its old name.
    fn lines(self, base: &OsStr, root: &Path, name: &Path, old: Option<&Path>) -> Result<Lines, Failure> {
        let names: Vec<&OsStr> = old.into_iter().chain([name]).map(Path::as_os_str).collect();
        let arguments = [&LINES.map(OsStr::new)[..], &[self.compared(base), "--".as_ref()], &names].concat();
        let patch = git_in(root, &arguments)?;
        // Every line of the files themselves begins with another character.
        let headers = patch.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"@@ "));
        let ranges: Vec<_> = headers.filter_map(range).collect();
        Ok(if ranges.is_empty() && patch.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"Binary files ")) {
            Lines::All
        } else {
            Lines::Some(ranges)
        })
    }

    fn compared(self, base: &OsStr) -> &OsStr {
        match self {
            Self::Staged => OsStr::new("--cached"),
            Self::Revision(_) => base,
        }
    }
}

/// What is a file that was moved: that of which half is the same, among so many.
const MOVED: [&str; 2] = ["--find-renames=50%", "-l1000"];

/// What git is asked for the lines of a file that changed: whatever the user's settings are, it is to say the same.
const LINES: [&str; 11] = [
    "diff",
    "--unified=0",
    "--inter-hunk-context=0",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    MOVED[0],
    MOVED[1],
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--no-color",
];

/// The lines of the new file in `@@ -1,2 +3,4 @@ …`; none where lines were only taken out.
fn range(header: &[u8]) -> Option<RangeInclusive<usize>> {
    let header = std::str::from_utf8(header.get(..header.len().min(80))?).unwrap_or_else(|error| {
        // What follows the numbers is a line of the file, in whatever encoding.
        std::str::from_utf8(&header[..error.valid_up_to()]).unwrap_or_default()
    });
    let new = header.split(' ').find_map(|part| part.strip_prefix('+'))?;
    let (start, count) = new.split_once(',').unwrap_or((new, "1"));
    let (start, count): (usize, usize) = (start.parse().ok()?, count.parse().ok()?);
    (count > 0).then(|| start..=start.saturating_add(count - 1))
}

/// What is staged of a file.
fn staged(root: &Path, name: &Path) -> Result<Vec<u8>, Failure> {
    // In the index, at stage 0: said so, for the name itself may begin with digits and a colon.
    let mut object = OsString::from(":0:");
    object.push(name);
    git_in(root, &[OsStr::new("cat-file"), "blob".as_ref(), &object])
}

fn names(list: &[u8]) -> BTreeSet<PathBuf> {
    list.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(path).collect()
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn git<A: AsRef<OsStr>>(arguments: &[A]) -> Result<Vec<u8>, Failure> {
    run(Command::new("git").args(arguments))
}

fn git_in(root: &Path, arguments: &[&OsStr]) -> Result<Vec<u8>, Failure> {
    // Names are no patterns, and no setting of the user's may change what comes out.
    run(Command::new("git").arg("-C").arg(root).args(["--literal-pathspecs", "-c", "core.quotePath=false"]).args(arguments))
}

fn run(command: &mut Command) -> Result<Vec<u8>, Failure> {
    // Messages are told on; in a language that is known here.
    let Output { status, stdout, stderr } = command.env("LC_ALL", "C").output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::argument(
            "the program `git` is not there, which --staged and --changed-since ask for what changed",
            "install git, or check without these options",
        ),
        _ => failed(&error),
    })?;
    if status.success() {
        return Ok(stdout);
    }
    let said = String::from_utf8_lossy(&stderr);
    Err(match said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it ended without a word") {
        said if said.contains("not a git repository") => Failure::argument(
            "this folder is no git repository, so nothing can be said of what changed",
            "run from within the repository, or check without --staged and --changed-since",
        ),
        said => failed(&said),
    })
}

fn failed(error: &dyn fmt::Display) -> Failure {
    Failure::argument(
        format!("git could not say what changed: {error}"),
        "try the same with `git status` here, or check without --staged and --changed-since",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_hunks_tell_the_new_lines() {
        assert_eq!(range("@@ -1 +2 @@ 客服".as_bytes()), Some(2..=2));
        assert_eq!(range(b"@@ -0,0 +1,3 @@"), Some(1..=3));
        assert_eq!(range(b"@@ -4,2 +3,0 @@ +9"), None);
        assert_eq!(range(b"@@ -4,2 +5,2 @@ \xc4\xe3"), Some(5..=6));
        assert_eq!(range(b"@@ oops"), None);
        assert_eq!(range(b"@@ -1 +99999999999999999999 @@"), None);
    }
}
