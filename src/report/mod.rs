//! Findings in the forms that their readers use: one file for each form, behind one trait.
//!
//! Every form is made from the same records ([`Findings`]) and the same sums ([`Summary`]), so it does not matter
//! whether they come from a run or from findings stored by an earlier one.

mod concise;
mod csv;
mod diff;
mod excerpt;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod language;
mod markdown;
mod own;
mod record;
mod redact;
mod rounding;
mod rule_book;
#[cfg(test)]
mod sample;
mod sarif;
mod scorecard;
mod sentence;
mod several;
mod statistics;
mod stored;
mod summary;
mod tally;
mod totals;
mod visible;
mod xlsx;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;
use std::sync::LazyLock;
use std::{env, fmt};

use crate::style::Style;
use crate::violation::Severity;

pub use self::csv::Csv;
pub use concise::Concise;
pub use diff::{DiffFor, diff};
pub(crate) use fingerprint::{of_words, of_words_put_right};
pub use full::Full;
pub use github::Github;
pub use gitlab::Gitlab;
pub use html::Html;
pub use json::Json;
pub use jsonl::Jsonl;
pub use junit::Junit;
pub use language::{Labels, Language};
pub use markdown::Markdown;
pub use own::is_report;
pub use record::{ConversationRecord, End, Findings, Region, Share, TurnRecord, ViolationRecord};
pub use redact::Redactor;
pub use rounding::Tenths;
pub use rule_book::{RuleBook, RuleEntry};
pub use sarif::Sarif;
pub use scorecard::Scorecard;
pub use several::Several;
pub use statistics::Statistics;
pub use stored::{Holds, Stored, StoredError};
pub use summary::{AgentSums, ByRewrite, BySeverity, PASS, Summary};
pub use totals::counted;
pub use visible::visible;
pub use xlsx::Xlsx;

/// One form of report. Conversations come in input order, those of one file together.
pub trait Report {
    /// Reports a conversation and what was found in it, which may be nothing.
    ///
    /// # Errors
    /// Where the output cannot be written.
    fn conversation(&mut self, findings: &Findings) -> io::Result<()>;

    /// Ends the report.
    ///
    /// # Errors
    /// Where the output cannot be written.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// A file as tools that know the repository name it, which is where the run was started: `replies/a.md` for `./replies/a.md`,
/// `replies/./a.md` and the whole path.
fn path_in_repository(file: &str) -> Cow<'_, str> {
    static HERE: LazyLock<Option<String>> = LazyLock::new(|| Some(format!("{}/", env::current_dir().ok()?.to_str()?)));
    let below = HERE.as_deref().and_then(|here| file.strip_prefix(here)).unwrap_or(file);
    let below = below.strip_prefix("./").unwrap_or(below);
    if below.contains("/./") { Cow::Owned(below.replace("/./", "/")) } else { Cow::Borrowed(below) }
}

/// The forms by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// For a person at a terminal: sentence, marks, rewrite.
    #[default]
    Full,
    /// One line for each violation.
    Concise,
    /// A table of the agents and their scores.
    Scorecard,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A table of the violations for spreadsheets.
    Csv,
    /// A workbook: scorecard, rules, violations.
    Xlsx,
    /// One page for browsers, with everything in it.
    Html,
    /// A summary for a chat or a CI step.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// JUnit XML.
    Junit,
}

/// How the forms for people look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Coloured or not.
    pub style: Style,
    /// Terminal cells in a line.
    pub width: usize,
    /// The least severity that is shown.
    pub level: Severity,
    /// Whether the counts stand at the end.
    pub totals: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { style: Style::default(), width: 100, level: Severity::Warning, totals: true }
    }
}

/// What the forms need beside the findings.
#[derive(Debug, Clone, Copy)]
pub struct ReportOptions<'r> {
    /// For the forms that a terminal shows.
    pub look: Look,
    /// The language of headings in the forms for a quality team; by default that of the sentences.
    pub language: Option<Language>,
    /// The score from which a conversation passes, as headings tell it; the [`Summary`] counts by it.
    pub pass: u64,
    /// Whether `json` and `jsonl` hold the turns of the conversations.
    pub with_text: bool,
    /// What is known of the rules.
    pub rules: &'r RuleBook,
}

impl Format {
    /// All forms, in the order that help texts name them.
    pub const ALL: [Self; 13] = [
        Self::Full,
        Self::Concise,
        Self::Scorecard,
        Self::Markdown,
        Self::Html,
        Self::Xlsx,
        Self::Csv,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
    ];

    /// The form's name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Scorecard => "scorecard",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
        }
    }

    /// The form that a file's name asks for by its ending; none where it tells nothing.
    pub fn of_file(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (stem, ending) = name.rsplit_once('.')?;
        Some(match ending {
            "txt" | "log" => Self::Full,
            "json" if stem.ends_with(".sarif") => Self::Sarif,
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            "xlsx" => Self::Xlsx,
            "html" | "htm" => Self::Html,
            "md" | "markdown" => Self::Markdown,
            "sarif" => Self::Sarif,
            "xml" => Self::Junit,
            _ => return None,
        })
    }

    /// Whether the form is bytes that a terminal cannot show.
    pub fn is_binary(self) -> bool {
        self == Self::Xlsx
    }

    /// Whether the form shows whole conversations, so that their turns must be kept.
    pub fn shows_transcripts(self) -> bool {
        self == Self::Html
    }

    /// A report in this form to `out`. Machine forms hold every severity and have no look.
    pub fn report<'w>(self, out: impl Write + 'w, options: ReportOptions<'w>) -> Box<dyn Report + 'w> {
        match self {
            Self::Full => Box::new(Full::new(out, options.look)),
            Self::Concise => Box::new(Concise::new(out, options.look)),
            Self::Scorecard => Box::new(Scorecard::new(out, options)),
            Self::Json => Box::new(Json::new(out, options.with_text)),
            Self::Jsonl => Box::new(Jsonl::new(out, options.with_text)),
            Self::Csv => Box::new(Csv::new(out)),
            Self::Xlsx => Box::new(Xlsx::new(out, options)),
            Self::Html => Box::new(Html::new(out, options)),
            Self::Markdown => Box::new(Markdown::new(out, options)),
            Self::Sarif => Box::new(Sarif::new(out, options.rules)),
            Self::Github => Box::new(Github::new(out)),
            Self::Gitlab => Box::new(Gitlab::new(out)),
            Self::Junit => Box::new(Junit::new(out)),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::as_str).join(", ");
        Self::ALL.into_iter().find(|format| format.as_str() == name).ok_or_else(|| format!("`{name}` is no form of report: use {names}"))
    }
}
