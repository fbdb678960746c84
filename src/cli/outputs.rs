//! Where reports go: one to standard output, and any number to files beside it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, LineWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tempfile::Builder;

use phrase_lint::report::{
    Findings, Format, Language, Look, PASS, Redactor, Report, ReportOptions, RuleBook, Several, Statistics, Summary,
};
use phrase_lint::settings::Settings;
use phrase_lint::source::Waiting;
use phrase_lint::transcript::Conversation;
use phrase_lint::violation::Severity;

use super::arguments::ReportArguments;
use super::failure::Failure;
use super::messages::Messages;
use super::signals;
use super::stdout::{Pipe, WhenClosed};
use super::terminal::Terminal;

/// Bytes that are written at once where nobody watches.
const PIECE: usize = 1 << 16;

/// A file that a report goes to, and its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    /// `FILE`, whose ending tells the form, or `FORM:FILE`.
    fn from_str(text: &str) -> Result<Self, String> {
        // A single letter is a drive of Windows, and behind a `/` a colon belongs to a file's name.
        if let Some((name, path)) = text.split_once(':')
            && name.len() > 1
            && !name.contains(['/', '\\'])
            && !path.is_empty()
        {
            let path = PathBuf::from(path);
            return match name.parse() {
                Ok(format) => Ok(Self { format, path }),
                Err(error) => Err(mistaken(text, name, &path, &error)),
            };
        }
        let path = PathBuf::from(text);
        match Format::of_file(&path) {
            Some(format) => Ok(Self { format, path }),
            None => Err(format!(
                "the form cannot be told from the name; write FORM:{text} with one of {}",
                Format::ALL.map(Format::as_str).join(", ")
            )),
        }
    }
}

/// What is said of a form that there is none of.
fn mistaken(text: &str, name: &str, path: &Path, error: &str) -> String {
    let likeness = |format: &Format| strsim::jaro_winkler(&name.to_ascii_lowercase(), format.as_str());
    let nearest = Format::ALL.into_iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let meant = nearest.filter(|format| likeness(format) > 0.7).or_else(|| Format::of_file(path));
    let meant = meant.map_or_else(|| ".".to_owned(), |format| format!("; did you mean {format}:{}?", path.display()));
    format!("{error}{meant} For a file of this name write ./{text}")
}

/// Where the main report goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Main {
    /// To standard output, at once where the input is live.
    Stdout { is_live: bool },
    /// Standard output is wanted for something else.
    Stderr,
    /// What there is to say is said otherwise.
    Nowhere,
}

/// What reports are asked for, and what they need.
#[derive(Debug)]
pub(super) struct Outputs {
    format: Format,
    files: Vec<Output>,
    look: Look,
    language: Option<Language>,
    pass: u64,
    with_text: bool,
    redactor: Option<Redactor>,
    rules: RuleBook,
    statistics: bool,
}

impl Outputs {
    /// The reports that arguments ask for; `settings` say what is shown and what passes.
    pub(super) fn new(
        arguments: &ReportArguments,
        settings: &Settings,
        rules: RuleBook,
        terminal: &Terminal,
        messages: &Messages,
    ) -> Result<Self, Failure> {
        if arguments.format.is_binary() && io::stdout().is_terminal() {
            let form = arguments.format;
            return Err(Failure::argument(format!("a terminal cannot show {form}"), format!("write it to a file: --output report.{form}")));
        }
        if arguments.statistics && !matches!(arguments.format, Format::Full | Format::Concise | Format::Json) {
            let what = format!("--statistics has no {} form", arguments.format);
            return Err(Failure::argument(what, "leave out --format, or use --format json"));
        }
        let level = arguments.thresholds.level.or(settings.level.as_ref().map(|setting| setting.value)).unwrap_or(Severity::Warning);
        let pass = arguments.thresholds.pass.or(settings.pass.as_ref().map(|setting| setting.value)).unwrap_or(PASS);
        Ok(Self {
            format: arguments.format,
            files: arguments.outputs.clone(),
            look: Look { style: terminal.style, width: terminal.width, level, totals: !messages.is_quiet() },
            language: arguments.language,
            pass,
            with_text: arguments.with_text,
            redactor: messages.redactor().cloned(),
            rules,
            statistics: arguments.statistics,
        })
    }

    /// The sums of a run that has not begun.
    pub(super) fn summary(&self) -> Summary {
        Summary { pass: self.pass, ..Summary::default() }
    }

    /// The findings with what was said, where a form shows it.
    pub(super) fn told(&self, findings: Findings, conversation: &Conversation) -> Findings {
        let shown = self.with_text || self.files.iter().map(|file| file.format).chain([self.format]).any(Format::shows_transcripts);
        if shown { findings.with_transcript(conversation) } else { findings }
    }

    /// The findings without what `--redact` takes out of them.
    pub(super) fn redacted(&self, mut findings: Findings) -> Findings {
        if let Some(redactor) = &self.redactor {
            redactor.redact(&mut findings);
        }
        findings
    }

    /// The form of the main report.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// How the reports for people look.
    pub(super) fn look(&self) -> Look {
        self.look
    }

    /// What becomes of the run where standard output is closed, as far as the reports say.
    pub(super) fn when_closed(&self) -> WhenClosed {
        if self.files.is_empty() { WhenClosed::End } else { WhenClosed::GoOn }
    }

    /// Begins the reports; `main` says where the one goes that is not for a file.
    pub(super) fn begin(&self, main: Main, when_closed: WhenClosed) -> Result<Several<'_>, Failure> {
        let stdout = io::stdout();
        let pipe = || Pipe::new(stdout.lock(), when_closed);
        // A person sees every finding at once; a file or pipe gets them in large pieces.
        let out: Box<dyn Write> = match main {
            Main::Stdout { .. } if stdout.is_terminal() => Box::new(pipe()),
            // Whoever feeds a filter line by line waits for its lines.
            Main::Stdout { is_live: true } => Box::new(LineWriter::with_capacity(PIECE, pipe())),
            Main::Stdout { .. } => Box::new(BufWriter::with_capacity(PIECE, pipe())),
            Main::Stderr => Box::new(BufWriter::new(io::stderr())),
            Main::Nowhere => Box::new(io::sink()),
        };
        let options =
            ReportOptions { look: self.look, language: self.language, pass: self.pass, with_text: self.with_text, rules: &self.rules };
        let mut reports = match main {
            Main::Nowhere => Vec::new(),
            _ if self.statistics => {
                let json = self.format == Format::Json;
                vec![Box::new(Statistics::new(out, json, self.look, &self.rules)) as Box<dyn Report + '_>]
            }
            _ => vec![self.format.report(out, options)],
        };
        for Output { format, path } in &self.files {
            let cannot = |error: io::Error| {
                Failure::argument(
                    format!("{}: cannot be written: {error}", path.display()),
                    "check the folder and the permissions of the file given to --output",
                )
            };
            let (file, pending) = create(path).map_err(cannot)?;
            // A file has no colours and no window.
            let look = Look { style: phrase_lint::style::Style::default(), ..self.look };
            let report = format.report(BufWriter::with_capacity(PIECE, file), ReportOptions { look, ..options });
            reports.push(Box::new(FileReport { path, report, pending }));
        }
        Ok(Several::new(reports))
    }
}

/// A report to a file, which gets its name only when it is complete.
struct FileReport<'o> {
    path: &'o Path,
    report: Box<dyn Report + 'o>,
    /// None where the report goes straight to a device or a pipe.
    pending: Option<Pending>,
}

/// A file that waits for its name. Where the run fails it goes away, and what was there before stays.
struct Pending {
    waiting: Waiting,
    target: PathBuf,
}

impl Report for FileReport<'_> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.report.conversation(findings).map_err(|error| named(self.path, error))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.report.finish(summary).map_err(|error| named(self.path, error))?;
        match self.pending.take() {
            Some(Pending { waiting, target }) => waiting.replace(&target).map_err(|error| named(self.path, error)),
            None => Ok(()),
        }
    }
}

fn named(path: &Path, error: io::Error) -> io::Error {
    // A pipe that is closed on the way to a file is no `| head`.
    let kind = if error.kind() == io::ErrorKind::BrokenPipe { io::ErrorKind::Other } else { error.kind() };
    io::Error::new(kind, format!("{}: {error}", path.display()))
}

/// Opens a file to write: a temporary one beside it, unless it is a device or a pipe.
fn create(path: &Path) -> io::Result<(File, Option<Pending>)> {
    let before = fs::metadata(path).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return Ok((OpenOptions::new().write(true).open(path)?, None));
    }
    // A link stays a link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".phrase-lint-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets; the user's mask is taken off.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    signals::heed();
    // The name of a file beside it would tell nobody anything.
    let (file, waiting) = Waiting::begin(&builder, folder).map_err(|error| io::Error::from(error.kind()))?;
    if let Some(before) = before {
        file.set_permissions(before.permissions())?;
    }
    Ok((file, Some(Pending { waiting, target })))
}

/// Whether a file can be given new content, as far as that can be told before there is any.
pub(super) fn probe(path: &Path) -> io::Result<()> {
    create(path).map(drop)
}

/// Gives a file new content, whole or not at all.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let (mut file, pending) = create(path)?;
    file.write_all(content)?;
    match pending {
        Some(Pending { waiting, target }) => waiting.replace(&target),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_told_from_the_name_unless_it_is_said() {
        let read = |text: &str| text.parse::<Output>().map(|output| (output.format, output.path.display().to_string()));
        assert_eq!(read("a.html"), Ok((Format::Html, "a.html".into())));
        assert_eq!(read("gitlab:a.json"), Ok((Format::Gitlab, "a.json".into())));
        assert_eq!(read("a.sarif.json"), Ok((Format::Sarif, "a.sarif.json".into())));
        assert_eq!(read("C:\\a.csv"), Ok((Format::Csv, "C:\\a.csv".into())));
        assert_eq!(read("./a:b.csv"), Ok((Format::Csv, "./a:b.csv".into())));
        assert!(read("report").is_err_and(|error| error.contains("FORM:report")));
        assert!(read("exel:a.xlsx").is_err_and(|error| error.contains("use full, concise") && error.contains("mean xlsx:a.xlsx?")));
        assert!(
            read("gitlb:a.json")
                .is_err_and(|error| error.contains("did you mean gitlab:a.json? For a file of this name write ./gitlb:a.json"))
        );
        assert!(read("12:30.csv").is_err_and(|error| error.contains("write ./12:30.csv")));
        assert!(read("xlsx:").is_err());
    }

    #[test]
    fn a_report_that_fails_leaves_what_was_there() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.txt");
        fs::write(&path, "before")?;
        let (mut file, pending) = create(&path)?;
        file.write_all(b"half")?;
        drop(pending);
        assert_eq!(fs::read_to_string(&path)?, "before");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
