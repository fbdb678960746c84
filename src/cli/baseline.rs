//! `--baseline` and `baseline` of the settings, `--write-baseline`, `--prune-baseline`: the file, and what becomes of it in a run.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use phrase_lint::baseline::Baseline;
use phrase_lint::report::Findings;
use phrase_lint::settings::{FILE_NAME, Setting};
use phrase_lint::source::{Input, Origin, utf8};

use super::arguments::BaselineArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::outputs;

/// The baseline that is written where none is named. It is hidden, so no folder is read with it.
const NAME: &str = ".phrase-lint-baseline";

/// Stale entries that are told; the rest are counted.
const TOLD: usize = 5;

/// A baseline in use.
#[derive(Debug)]
pub(super) struct BaselineFile {
    path: PathBuf,
    baseline: Baseline,
    /// Its folder, which file names in it are relative to.
    folder: PathBuf,
    /// The folder in which the run was started.
    here: PathBuf,
    purpose: Purpose,
    with_sentences: bool,
}

/// What a run does with its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Hides what is in it.
    Hide,
    /// And takes out what is gone.
    Prune,
    /// Puts in everything there is.
    Write,
}

impl BaselineFile {
    /// The one that the arguments ask for, or else the settings.
    pub(super) fn open(
        arguments: &BaselineArguments,
        settings: Option<&Setting<PathBuf>>,
        with_sentences: bool,
    ) -> Result<Option<Self>, Failure> {
        let purpose = match arguments {
            BaselineArguments { write_baseline: Some(_), .. } => Purpose::Write,
            BaselineArguments { prune_baseline: true, .. } => Purpose::Prune,
            _ => Purpose::Hide,
        };
        let named = arguments.write_baseline.iter().flatten().chain(&arguments.baseline).next();
        let settings = settings.filter(|_| named.is_none());
        let path = match named.or(settings.map(|setting| &setting.value)) {
            Some(path) => path.clone(),
            None if purpose == Purpose::Write => PathBuf::from(NAME),
            None if purpose == Purpose::Prune => {
                return Err(Failure::argument(
                    "no baseline is named to be pruned",
                    format!("name it: --baseline FILE, or baseline = \"{NAME}\" in {FILE_NAME}"),
                ));
            }
            None => return Ok(None),
        };
        let here = env::current_dir().map_err(Failure::Output)?;
        let baseline = match fs::read(&path) {
            Ok(bytes) => {
                let damaged = |line: usize, what: &str| {
                    Failure::argument(format!("{}:{line}: {what}", path.display()), "nothing was checked, and the baseline is as it was")
                };
                let text = utf8(&bytes).map_err(|error| damaged(error.line, &format!("{error}; {}", error.remedy())))?;
                Baseline::parse(text).map_err(|error| damaged(error.line, &error.what))?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && purpose == Purpose::Write => Baseline::default(),
            Err(error) => {
                let origin = settings.map_or_else(String::new, |setting| format!("{}: ", setting.origin));
                return Err(Failure::argument(
                    format!("{origin}{}: the baseline cannot be read: {error}", path.display()),
                    format!("check the path, or make a baseline with --write-baseline={}", path.display()),
                ));
            }
        };
        if purpose != Purpose::Hide {
            // Whoever waits for a long run is told at its beginning that it would be for nothing.
            outputs::probe(&path).map_err(|error| unwritable(&path, &error))?;
        }
        let folder = normal(&here.join(path.parent().unwrap_or(Path::new(""))));
        Ok(Some(Self { path, baseline, folder, here, purpose, with_sentences }))
    }

    /// Where it is, as the current folder sees it.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the run writes it.
    pub(super) fn is_written(&self) -> bool {
        self.purpose != Purpose::Hide
    }

    /// Prepares for these inputs, of which the baseline itself is none.
    pub(super) fn begin(&mut self, inputs: &mut Vec<Input>) {
        let own = normal(&self.here.join(&self.path));
        inputs.retain(|input| input.origin == Origin::Stdin || normal(&self.here.join(input.name())) != own);
        let names: Vec<String> = inputs.iter().map(|input| self.name(&input.name())).collect();
        self.baseline.begin(names);
    }

    /// Takes out of the findings what was there before; returns how much.
    pub(super) fn hide(&mut self, findings: &mut Findings) -> u64 {
        if findings.violations.is_empty() {
            return 0;
        }
        let (name, folder) = (self.name(&findings.conversation.file), self.folder.clone());
        let is_hidden = if self.purpose == Purpose::Write {
            self.baseline.add(&name, &findings.violations);
            vec![true; findings.violations.len()]
        } else {
            self.baseline.hides(&name, &findings.violations, |file| is_there(&folder, file))
        };
        let mut is_hidden = is_hidden.into_iter();
        findings.retain(|_| is_hidden.next() != Some(true))
    }

    /// Says that a document was read to its end.
    pub(super) fn read(&mut self, document: &str) {
        let name = self.name(document);
        self.baseline.read(&name);
    }

    /// Writes the baseline where it should change; the result is what there is to tell of it. `is_on` says whether a rule is, in
    /// all files.
    pub(super) fn finish(&self, is_on: impl Fn(&str) -> bool) -> Result<Option<Told>, Failure> {
        let is_there = |file: &str| is_there(&self.folder, file);
        let stale = self.baseline.stale(&is_on, is_there);
        let count: u64 = stale.iter().map(|stale| stale.count).sum();
        let name = self.path.display();
        if self.purpose == Purpose::Hide {
            return Ok((count > 0).then(|| {
                let shown: Vec<String> = stale.iter().take(TOLD).map(|stale| format!("\n  {stale}")).collect();
                let more = if stale.len() > TOLD { format!("\n  and {} more", stale.len() - TOLD) } else { String::new() };
                let what = if count == 1 { "1 violation that is".to_owned() } else { format!("{count} violations that are") };
                Told::Warning(format!("{name}: holds {what} gone; take out what is stale with --prune-baseline{}{more}", shown.concat()))
            }));
        }
        let renewed = self.baseline.renewed(&is_on, is_there);
        outputs::replace(&self.path, renewed.text(self.with_sentences).as_bytes()).map_err(|error| unwritable(&self.path, &error))?;
        let verb = if self.purpose == Purpose::Write { "Wrote" } else { "Pruned" };
        let gone = match count {
            0 => String::new(),
            1 => " 1 that is gone was taken out.".to_owned(),
            _ => format!(" {count} that are gone were taken out."),
        };
        let violations = renewed.violations();
        let noun = if violations == 1 { "violation" } else { "violations" };
        Ok(Some(Told::Written(format!("{verb} {name}: {violations} {noun} will not be reported.{gone}"))))
    }

    /// The name of a document, as the run shows it, relative to the baseline's folder.
    fn name(&self, document: &str) -> String {
        if document == "<stdin>" {
            return document.to_owned();
        }
        let path = normal(&self.here.join(document));
        let shared = path.components().zip(self.folder.components()).take_while(|(one, other)| one == other).count();
        let up = self.folder.components().skip(shared).map(|_| "..".to_owned());
        let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// What there is to tell of a baseline at the end of a run.
#[derive(Debug)]
pub(super) enum Told {
    /// What is stale in it.
    Warning(String),
    /// What became of it.
    Written(String),
}

impl Told {
    pub(super) fn tell(&self, messages: &Messages) -> Result<(), Failure> {
        match self {
            Self::Warning(warning) => messages.warning(warning),
            Self::Written(_) if messages.is_quiet() => {}
            Self::Written(line) => writeln!(io::stderr(), "{line}")?,
        }
        Ok(())
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::argument(
        format!("{}: the baseline cannot be written: {error}", path.display()),
        "check the folder and its permissions; the file is as it was",
    )
}

/// Whether there is such a file; one within an archive is there as long as the archive is.
fn is_there(folder: &Path, file: &str) -> bool {
    file == "<stdin>" || folder.join(file).ancestors().take_while(|path| *path != folder).any(|path| path.is_file())
}

/// A path without `.` and `..`, as far as it can be told without following links.
fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}
