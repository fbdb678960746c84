//! What can be typed, and what `--help` says of it.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, Styles, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use phrase_lint::report::{Format, Language};
use phrase_lint::rule::Profile;
use phrase_lint::settings::FailOn;
use phrase_lint::source::Encoding;
use phrase_lint::transcript::{Assumption, DateOrder, Direction, FORMATS, Speaker};
use phrase_lint::violation::Severity;

use super::outputs::Output;

/// Finds improper wording in Chinese customer-service transcripts and canned replies, and offers a professional rewrite.
#[derive(Debug, Parser)]
#[command(name = "phrase-lint", version, styles = Styles::plain(), subcommand_required = true, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// Colour the output: auto (on a terminal, unless NO_COLOR is set), always or never
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto, global = true, hide_possible_values = true)]
    pub(super) color: Color,

    /// Say less: findings, errors and files that nobody could read; no counts and no remarks
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Say more: how each file was read, and what was passed over
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  phrase-lint check chats/                    every transcript in a folder
  phrase-lint check replies.csv -f concise    one line for each violation
  phrase-lint explain asking/name             what a rule finds, why, and what to say instead
  phrase-lint rules list                      all rules";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find improper phrases in transcripts and canned replies
    Check(Box<CheckArguments>),
    /// Report stored findings in other forms: pages, workbooks, tables, for CI; of many runs as one
    Report(Box<StoredArguments>),
    /// List the rules, or try the examples they carry
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Explain a rule: what it finds, why, examples, exceptions, source
    Explain(ExplainArguments),
    /// Write a phrase-lint.toml to begin with, every key explained; one that is there stays as it is
    Init(InitArguments),
    /// Show which settings hold for a file and where each comes from
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Serve an editor, which marks what is wrong while it is typed (Language Server Protocol)
    Lsp(LspArguments),
    /// Print completions for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, or write the pages of all subcommands to a folder
    #[command(after_help = "Examples:\n  phrase-lint man | man -l -\n  phrase-lint man ~/.local/share/man/man1")]
    Man {
        /// The folder; it is made where there is none
        #[arg(value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
}

impl Command {
    /// Whether numbers of people are masked in all that the run says.
    pub(super) fn redacts(&self) -> bool {
        match self {
            Self::Check(check) => check.report.redact,
            Self::Report(stored) => stored.report.redact,
            _ => false,
        }
    }
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  phrase-lint completions bash > ~/.local/share/bash-completion/completions/phrase-lint
  phrase-lint completions zsh > ~/.zfunc/_phrase-lint
  phrase-lint completions fish > ~/.config/fish/completions/phrase-lint.fish";

/// The subcommands of `config`.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show what holds for a file or folder, and where each value comes from: a line of a file, an argument, or neither
    Show(Box<ShowArguments>),
    /// Print the JSON Schema of phrase-lint.toml, for editors
    Schema,
}

/// `config show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  phrase-lint config show replies/chat/greetings.csv\n  phrase-lint config show chats/ --profile call")]
pub(super) struct ShowArguments {
    /// The file or folder, which need not exist
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub(super) path: PathBuf,

    #[command(flatten)]
    pub(super) layer: LayerArguments,

    #[command(flatten)]
    pub(super) thresholds: ThresholdArguments,
}

/// `init`.
#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) folder: PathBuf,
}

/// `lsp`.
#[derive(Debug, Args)]
#[command(after_help = LSP_NOTES)]
pub(super) struct LspArguments {
    #[command(flatten)]
    pub(super) packs: PackArguments,
}

const LSP_NOTES: &str = "\
It is started by an editor; docs/editors.md of the repository says how, for VS Code, Neovim, Helix and Emacs.
Settings are found as by `check`, from each file's folder upwards, and read again when they change.

Exit status: 0 when the editor shut it down, 1 when it went away without that, 2 when it cannot be understood.";

/// The subcommands of `rules`.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List all rules with their severity and title
    List(ListArguments),
    /// Check packs: their syntax, and that every `bad` and `good` example in them comes out as it says
    Test(TestArguments),
    /// Print the JSON Schema of packs, for editors
    Schema,
}

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES, group = ArgGroup::new("correction").args(["fix", "diff"]).multiple(true), group = ArgGroup::new("changes").args(["staged", "changed_since"]), group = ArgGroup::new("writing").args(["fix", "diff", "add_suppressions"]).multiple(true))]
pub(super) struct CheckArguments {
    /// Files, folders or globs to check; `-` reads standard input
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) report: ReportArguments,

    #[command(flatten)]
    pub(super) fixing: FixArguments,

    #[command(flatten)]
    pub(super) suppressions: SuppressionArguments,

    #[command(flatten)]
    pub(super) baseline: BaselineArguments,

    #[command(flatten)]
    pub(super) git: GitArguments,

    #[command(flatten)]
    pub(super) layer: LayerArguments,

    /// Standard input stands for this file: its settings hold, reports name it, and what only a name tells (Markdown) is told
    #[arg(long, value_name = "NAME", value_hint = ValueHint::FilePath, help_heading = "Input")]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Take nothing on trust: exit status 2 also for a file in a folder that no reader understands and that holds Chinese
    /// text or files, for characters that are lost, and for a name of --speaker or a from-path that nothing has
    #[arg(long, help_heading = "Input")]
    pub(super) strict: bool,

    /// What a .gz, .zst, .zip or .xlsx file may unfold to, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 1024, help_heading = "Input")]
    pub(super) max_unpacked: u64,

    /// How many threads share the work; by default as many as there are processors. The report is the same
    #[arg(short = 'j', long, value_name = "COUNT", help_heading = "Input")]
    pub(super) threads: Option<NonZeroUsize>,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  phrase-lint check chats/ --profile call             transcripts of telephone calls
  phrase-lint check 'replies/*.csv' --level info      with the finer points
  phrase-lint check chats/ --select asking,blame      two categories only
  phrase-lint check chats/ --rules house.toml         with rules of your own
  phrase-lint check export.txt --speaker 小王=agent   where the tool cannot tell who is the agent
  phrase-lint check replies/ --diff                   what --fix would change
  phrase-lint check replies/ --fix                    apply the safe rewrites
  phrase-lint check replies/ --write-baseline         from now on, report only what is new, with
                                                      --baseline .phrase-lint-baseline
  phrase-lint check chats/ -o april.html              a page for the quality team, beside the list
  cat chats.jsonl | phrase-lint check - -f jsonl      findings for another program

Exit status: 0 nothing found, 1 violations found, 2 something could not be read or is wrong.
Where standard output is closed (| head), a run that writes files as well (-o, --fix)
goes on to its end; any other ends quietly with the status of what was found until then.";

/// What settings say too: the layer above them.
#[derive(Debug, Args)]
pub(super) struct LayerArguments {
    /// End with exit status 1 from this severity on: error, warning (the default), info or never
    #[arg(long, value_name = "LEVEL", hide_possible_values = true, value_parser = one_of::<FailOn>(&["error", "warning", "info", "never"]), help_heading = "Report")]
    pub(super) fail_on: Option<FailOn>,

    #[command(flatten)]
    pub(super) packs: PackArguments,

    /// Only these rules: an id (asking/name) or a category (asking). May be given several times, or with commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,

    /// Not these rules: an id or a category. May be given several times, or with commas
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,

    /// Set the severity of a rule or category: register/pet-name=warning
    #[arg(long = "severity", value_name = "RULE=LEVEL", value_parser = named::<Severity>, help_heading = "Rules")]
    pub(super) severities: Vec<(String, Severity)>,

    /// What is checked, for it decides which rules apply: call, chat or replies. By default told from the input
    #[arg(long, hide_possible_values = true, value_parser = one_of::<Profile>(&["call", "chat", "replies"]), help_heading = "Rules")]
    pub(super) profile: Option<Profile>,

    /// Read the input in this format instead of telling it from its content
    #[arg(long, value_name = "NAME", value_parser = input_format(), help_heading = "Input")]
    pub(super) input_format: Option<String>,

    /// Read the input in this encoding instead of telling it from its content: utf-8, utf-16le, gb18030, big5 …
    #[arg(long, value_name = "NAME", value_parser = Encoding::from_str, help_heading = "Input")]
    pub(super) encoding: Option<Encoding>,

    /// Say who a name or label in the transcripts is: agent, customer, bot or system (客服, 客户, 机器人, 系统). --speaker 小王=agent
    #[arg(long = "speaker", value_name = "NAME=WHO", value_parser = named::<Speaker>, help_heading = "Input")]
    pub(super) speakers: Vec<(String, Speaker)>,

    /// Where nobody is known to be the agent, take someone for it: a name, first (whoever speaks first) or all
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub(super) assume_agent: Option<Assumption>,

    /// Order of the numbers in dates such as 01/02/2024, where the file leaves it open: dmy, mdy or ymd
    #[arg(long, value_name = "ORDER", hide_possible_values = true, value_parser = one_of::<DateOrder>(&["dmy", "mdy", "ymd"]), help_heading = "Input")]
    pub(super) date_order: Option<DateOrder>,

    /// Who began the conversations, where the input does not say: inbound (the customer) or outbound
    #[arg(long, hide_possible_values = true, value_parser = one_of::<Direction>(&["inbound", "outbound"]), help_heading = "Input")]
    pub(super) direction: Option<Direction>,
}

/// Corrections.
#[derive(Debug, Args)]
pub(super) struct FixArguments {
    /// Put the files right: apply the safe rewrites to canned replies, in place. Standard input comes out corrected
    #[arg(long, help_heading = "Rewriting")]
    pub(super) fix: bool,

    /// Show what --fix would change, as a unified diff, and write nothing; exit status 1 where there is something
    #[arg(long, conflicts_with = "format", help_heading = "Rewriting")]
    pub(super) diff: bool,

    /// With --fix or --diff: where no safe rewrite is offered, apply the first suggestion. Read the result
    #[arg(long, requires = "correction", help_heading = "Rewriting")]
    pub(super) suggested: bool,

    /// With --fix, --diff or --add-suppressions: write into conversations too. They are left alone, for a log is evidence
    #[arg(long, requires = "writing", help_heading = "Rewriting")]
    pub(super) force_transcripts: bool,
}

/// What the files themselves say is not to be reported.
#[derive(Debug, Args)]
pub(super) struct SuppressionArguments {
    /// Report what suppressions in the files hide (# phrase-lint: ignore address/nin, a key or column phrase-lint-ignore)
    #[arg(long, conflicts_with_all = ["fix", "diff"], help_heading = "Repository")]
    pub(super) no_suppressions: bool,

    /// Write suppressions for all violations there are, from --level on, into the files: comments, keys or cells
    #[arg(long, conflicts_with_all = ["fix", "diff", "no_suppressions", "baseline", "write_baseline"], help_heading = "Repository")]
    pub(super) add_suppressions: bool,

    /// What an unused or mistaken suppression is: warn (told on standard error), fail (exit status 1) or off
    #[arg(long, value_name = "HOW", default_value = "warn", hide_possible_values = true, value_enum, help_heading = "Repository")]
    pub(super) unused_suppressions: Unused,
}

/// What was there before.
#[derive(Debug, Args)]
pub(super) struct BaselineArguments {
    /// Do not report the violations that this file holds: those that were there when it was written [default: what the settings
    /// name]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Repository")]
    pub(super) baseline: Option<PathBuf>,

    /// Put all violations that there are into the baseline: this one, or else that of --baseline or the settings, or else
    /// .phrase-lint-baseline
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, value_hint = ValueHint::FilePath, help_heading = "Repository")]
    pub(super) write_baseline: Option<Option<PathBuf>>,

    /// Take out of the baseline what is gone
    #[arg(long, conflicts_with = "write_baseline", help_heading = "Repository")]
    pub(super) prune_baseline: bool,
}

/// What of the input is looked at, by what git says.
#[derive(Debug, Args)]
pub(super) struct GitArguments {
    /// Only files that are staged for the next commit, and of these what is staged, whatever the files hold by now
    #[arg(long, conflicts_with_all = ["fix", "diff", "add_suppressions", "write_baseline", "prune_baseline", "changed_since"], help_heading = "Repository")]
    pub(super) staged: bool,

    /// Only files that are different from where this branch left a revision, new files included: --changed-since main
    #[arg(long, value_name = "REVISION", help_heading = "Repository")]
    pub(super) changed_since: Option<OsString>,

    /// With --staged or --changed-since: report only what stands on changed lines
    #[arg(long, requires = "changes", conflicts_with_all = ["fix", "diff", "add_suppressions", "write_baseline", "prune_baseline"], help_heading = "Repository")]
    pub(super) changed_lines: bool,

    /// Files of unknown kind are skipped even where they are named, and nothing to check is no error: for hooks
    #[arg(long, help_heading = "Repository")]
    pub(super) skip_unknown: bool,
}

/// In which forms findings are reported, and where.
#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// Form of the report on standard output: full (sentence, marks and rewrite), concise (a line each), scorecard
    /// (a line for each agent), markdown, html, xlsx, csv, json, jsonl, sarif, github, gitlab or junit
    #[arg(short, long, value_name = "FORM", default_value = "full", hide_possible_values = true, value_parser = PossibleValuesParser::new(Format::ALL.map(Format::as_str)).try_map(|word| word.parse::<Format>()), help_heading = "Report")]
    pub(super) format: Format,

    /// Instead of the violations, how many each rule has, as a table (full, concise) or as json
    #[arg(long, help_heading = "Report")]
    pub(super) statistics: bool,

    /// Write a report to a file beside it; its ending tells the form (.html .xlsx .csv .md .sarif .json .jsonl .xml),
    /// or FORM:FILE does. May be given several times
    #[arg(short, long = "output", value_name = "[FORM:]FILE", value_hint = ValueHint::AnyPath, help_heading = "Report")]
    pub(super) outputs: Vec<Output>,

    #[command(flatten)]
    pub(super) thresholds: ThresholdArguments,

    /// Language of headings in html, xlsx and markdown: zh-Hans, zh-Hant or en. By default that of the sentences found
    #[arg(long, hide_possible_values = true, value_parser = one_of::<Language>(&Language::NAMES), help_heading = "Report")]
    pub(super) language: Option<Language>,

    /// Keep all turns of the conversations in json and jsonl, so that `report` can show them
    #[arg(long, help_heading = "Report")]
    pub(super) with_text: bool,

    /// Mask telephone, identity-card, passport, plate and bank-card numbers and e-mail addresses in every form, and in messages
    #[arg(long, help_heading = "Report")]
    pub(super) redact: bool,
}

/// What is shown and what passes, in the whole report.
#[derive(Debug, Args)]
pub(super) struct ThresholdArguments {
    /// Show violations from this severity on: error, warning (the default) or info. Only full and concise leave any out
    #[arg(long, hide_possible_values = true, value_parser = severity(), help_heading = "Report")]
    pub(super) level: Option<Severity>,

    /// The score from which a conversation passes, of 100 (80 by default)
    #[arg(long, value_name = "SCORE", value_parser = score, help_heading = "Report")]
    pub(super) pass: Option<u64>,
}

/// `report`.
#[derive(Debug, Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub(super) struct StoredArguments {
    /// Findings as `check --format jsonl` stored them, of one run or of several, compressed or not: files, folders (recursively) or
    /// globs; `-` reads standard input. What holds the same bytes as another file counts once
    #[arg(required = true, value_name = "FINDINGS", value_hint = ValueHint::FilePath)]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) report: ReportArguments,

    /// End with exit status 1 from this severity on: error, warning, info or never
    #[arg(long, value_name = "LEVEL", default_value = "never", hide_possible_values = true, value_parser = one_of::<FailOn>(&["error", "warning", "info", "never"]), help_heading = "Report")]
    pub(super) fail_on: FailOn,

    #[command(flatten)]
    pub(super) packs: PackArguments,
}

const REPORT_EXAMPLES: &str = "\
Examples:
  phrase-lint check chats/ --with-text -f jsonl > april.jsonl     store what was found
  phrase-lint report april.jsonl -f scorecard -o april.html       a table, and a page
  phrase-lint report shard-*.jsonl -o all.xlsx -o all.csv         many runs as one
  phrase-lint report reports/2024-05 -f scorecard                 all that a folder holds
  phrase-lint report april.jsonl -f jsonl --redact > safe.jsonl   without numbers of people";

/// Packs beside the built-in ones, and the settings that may name some.
#[derive(Debug, Args)]
pub(super) struct PackArguments {
    /// Take the settings from this file, instead of the nearest phrase-lint.toml from each file's folder upwards
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Settings")]
    pub(super) config: Option<PathBuf>,

    /// Take no settings from any phrase-lint.toml
    #[arg(long, visible_alias = "isolated", conflicts_with = "config", help_heading = "Settings")]
    pub(super) no_config: bool,

    /// Rules of your own, beside the built-in ones: a pack or a folder of packs. May be given several times
    #[arg(id = "rules", long = "rules", value_name = "FILE", value_hint = ValueHint::AnyPath, help_heading = "Rules")]
    pub(super) paths: Vec<PathBuf>,
}

/// `rules list`.
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    pub(super) packs: PackArguments,

    /// Form of the list: text or json
    #[arg(short, long, value_enum, value_name = "FORM", default_value_t = ListFormat::Text, hide_possible_values = true)]
    pub(super) format: ListFormat,
}

/// `rules test`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  phrase-lint rules test                the built-in packs\n  phrase-lint rules test house.toml     a pack of your own, together with the built-in ones"
)]
pub(super) struct TestArguments {
    /// Packs or folders of packs; without any, the built-in packs
    #[arg(value_name = "PACK", value_hint = ValueHint::AnyPath)]
    pub(super) packs: Vec<PathBuf>,
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  phrase-lint explain asking/name")]
pub(super) struct ExplainArguments {
    /// The rule's id; without one, all rules are listed
    #[arg(value_name = "ID")]
    pub(super) rule: Option<String>,

    #[command(flatten)]
    pub(super) packs: PackArguments,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// What becomes of suppressions that hide nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Unused {
    Warn,
    Fail,
    Off,
}

/// Forms of `rules list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    Text,
    Json,
}

/// The names of the readers, each with what its files look like.
fn input_format() -> PossibleValuesParser {
    PossibleValuesParser::new(FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.looks_like)))
}

/// A score, with or without a percent sign.
fn score(word: &str) -> Result<u64, String> {
    let number = word.strip_suffix(['%', '％']).unwrap_or(word).parse().ok();
    number.filter(|score| *score <= 100).ok_or_else(|| "a score is a whole number from 0 to 100".to_owned())
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    one_of(&["error", "warning", "info"])
}

/// A value that is one of a few words, so that a wrong one is told which there are.
fn one_of<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}

/// `NAME=VALUE`.
fn named<T: FromStr<Err = String>>(text: &str) -> Result<(String, T), String> {
    match text.rsplit_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.parse()?)),
        _ => Err(format!("write NAME=VALUE, not `{text}`")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_agree_with_each_other() {
        Arguments::command().debug_assert();
    }
}
