//! What a reader could not read, said so that a person can put it right.

use std::fmt;

use crate::source::Unopened;

use super::csv::column_names;
use super::reply_lines::{sided, stamped};
use super::strings::is_chinese;
use super::toml_strings::is_ours;
use super::{Context, FORMATS, Matter, Sample, json_strings, toml_strings, yaml_strings};

/// A row, record or line that cannot be read, or whose meaning is in doubt. The rest of its file is read all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
pub struct Problem {
    /// Whether nothing was left out for it that is known to be wording: somebody should know all the same.
    pub is_warning: bool,
    /// Whether a part of the document was passed over that may hold wording: an error in a run that must read all.
    pub is_passed_over: bool,
    /// The file's name.
    pub file: String,
    /// The line (in a workbook, the row), from 1; none where the file as a whole is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}; {}", self.what, self.remedy)
    }
}

/// A document that no reader takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognised {
    /// Nothing but white space.
    #[error("{0}: the file is empty; nothing can be checked")]
    Empty(String),
    /// No format matches.
    #[error("{file}: no reader understands this file (tried {names}); name its format with --input-format, or leave the file out", names = format_names())]
    NoFormat {
        /// The file's name.
        file: String,
        /// Whether it is text and has Chinese in it: somebody may have meant it to be checked.
        is_chinese: bool,
    },
    /// It is what this program wrote.
    #[error("{0}: this is a report of phrase-lint, which nobody said; leave it out")]
    Report(String),
    /// Lines with times and people, or of agents and customers, as transcripts have them, in a shape that no reader knows.
    #[error(
        "{file}: this looks like a transcript, for lines such as `{line}` show who speaks, but its turns cannot be told apart; \
         begin each with `客服 张三：` or put `客服 张三 2024-05-01 10:00:00` on a line above its words, or, where these are canned replies, \
         say so with --input-format lines"
    )]
    Transcript {
        /// The file's name.
        file: String,
        /// The first such line.
        line: String,
    },
    /// A table of which no column is known to hold texts.
    #[error(
        "{file}: no column of this table is known to hold the texts (its columns are {columns}); say which one does: text = \"…\", and \
         for conversations id = \"…\" and speaker = \"…\", under [mapping] in phrase-lint.toml"
    )]
    Table {
        /// The file's name.
        file: String,
        /// The names in its header.
        columns: String,
    },
    /// An archive or a document that is not opened.
    #[error("{file}: this is {kind}, which is not opened here; {remedy}", remedy = kind.remedy())]
    Unopened {
        /// The file's name.
        file: String,
        /// What it is.
        kind: Unopened,
    },
    /// It is named as JSON, YAML or TOML, holds Chinese text, and breaks somewhere.
    #[error("{file}:{line}: this is not {format}: {what}; correct it, for no other reader understands the file either")]
    Broken {
        /// The file's name.
        file: String,
        /// The line on which it breaks, from 1.
        line: usize,
        /// What it should be by its name.
        format: &'static str,
        /// What is wrong there.
        what: String,
    },
    /// It is named as a workbook or as packed, and is none.
    #[error("{file}: this is no {kind}, whatever its name says: it may be damaged; copy or export it again")]
    Misnamed {
        /// The file's name.
        file: String,
        /// What it should be by its name.
        kind: &'static str,
    },
    /// Records under keys of which nobody knows what an agent says.
    #[error(
        "{file}: none of the keys of its records ({keys}) is known to hold what an agent says; if every text in it is a canned reply, say \
         so with --input-format {format}; of a transcript, say which key holds what under [mapping] in phrase-lint.toml"
    )]
    Keys {
        /// The file's name.
        file: String,
        /// Some of the keys.
        keys: String,
        /// The format that reads all texts.
        format: &'static str,
    },
    /// `--input-format` says that each line is a reply, but the replies stand between quotes.
    #[error("{file}: this is no list of replies, one a line ({why}); leave out --input-format, or say --input-format {format}")]
    NotLines {
        /// The file's name.
        file: String,
        /// What it is.
        why: String,
        /// The format that reads it.
        format: &'static str,
    },
    /// `--input-format` names a format that there is not.
    #[error("there is no input format `{0}`; use one of {names}", names = format_names())]
    NoSuchFormat(String),
    /// `--input-format` names a format of text, but the file is none, or the other way round.
    #[error("{file}: this cannot be read as {format}, for it is {is}; leave out --input-format", is = if *.format == "xlsx" { "text" } else { "not text" })]
    NotThisFormat {
        /// The file's name.
        file: String,
        /// The format.
        format: &'static str,
    },
}

impl Unrecognised {
    /// Whether it is an export that holds nothing: perhaps nothing was said, perhaps it was never written.
    pub fn is_empty_export(&self) -> bool {
        let Self::Empty(file) = self else { return false };
        matches!(
            Sample::new(file, Matter::Text("")).extension().as_str(),
            "csv" | "tsv" | "jsonl" | "ndjson" | "json" | "xlsx" | "srt" | "vtt"
        )
    }

    /// Whether somebody may have meant the document to be checked: it has Chinese text in it that no reader understands, or may
    /// hold files that have.
    pub fn may_be_meant(&self) -> bool {
        match self {
            Self::NoFormat { is_chinese, .. } => *is_chinese,
            Self::Transcript { .. } | Self::Misnamed { .. } | Self::Broken { .. } | Self::Keys { .. } | Self::NotLines { .. } => true,
            Self::Unopened { kind, .. } => kind.may_hold_wording(),
            Self::Table { columns, .. } => is_chinese(columns),
            _ => false,
        }
    }

    /// The error for a document of which this is a sample.
    pub(super) fn of(sample: &Sample<'_>, context: &Context<'_>) -> Self {
        let file = sample.name.to_owned();
        let transcript = |line: &str| Self::Transcript { file: file.clone(), line: line.chars().take(40).collect() };
        if let Some(line) = stamped(sample, context) {
            return transcript(line);
        }
        if let Some(met) = context.options.met.as_ref().filter(|_| sample.outline().is_some()) {
            met.miss(&context.options.mappings, |_| true);
        }
        if let Some(columns) = column_names(sample, context) {
            return Self::Table { file, columns };
        }
        if let Matter::Bytes(bytes) = sample.matter
            && let Some(kind) = Unopened::of(bytes)
        {
            let is_protected = kind == Unopened::OldOffice && sample.extension() == "xlsx";
            return Self::Unopened { file, kind: if is_protected { Unopened::Protected } else { kind } };
        }
        if let Some((keys, format)) = strange_keys(sample) {
            return Self::Keys { file, keys, format };
        }
        let is_chinese = sample.text().is_some_and(is_chinese) && !is_ours(sample);
        if let Some((format, (line, what))) = mistake(sample).filter(|_| is_chinese) {
            return Self::Broken { file, line, format, what };
        }
        // Tables and records of such lines are told for what they are.
        if let Some(line) = sided(sample, context) {
            return transcript(line);
        }
        let kind = binary_kind(sample.name);
        match (sample.matter, kind) {
            (Matter::Text(text), _) if text.trim().is_empty() => Self::Empty(file),
            (Matter::Bytes([]), _) => Self::Empty(file),
            (_, Some(kind)) if !is_chinese => Self::Misnamed { file, kind },
            // What the linter itself is told by is no reply.
            _ => Self::NoFormat { file, is_chinese },
        }
    }
}

/// Keys that are named of a document.
const KEYS: usize = 8;

/// The keys of the records of a document that only their shape keeps from being read, and the format that reads all its texts.
fn strange_keys(sample: &Sample<'_>) -> Option<(String, &'static str)> {
    let (texts, format) =
        json_strings::texts_of(sample).or_else(|| yaml_strings::texts_of(sample)).or_else(|| toml_strings::texts_of(sample))?;
    if texts.strange.is_empty() || !texts.entries.iter().any(|entry| is_chinese(&entry.text)) {
        return None;
    }
    let more = if texts.strange.len() > KEYS { ", …" } else { "" };
    let keys = texts.strange.iter().take(KEYS).map(|key| key.chars().take(24).collect::<String>()).collect::<Vec<_>>().join(", ");
    Some((format!("{keys}{more}"), format))
}

/// Where a document breaks that its name calls JSON, YAML or TOML, and what is wrong there.
fn mistake(sample: &Sample<'_>) -> Option<(&'static str, (usize, String))> {
    let of = |format, found: Option<(usize, String)>| found.map(|found| (format, found));
    of("JSON", json_strings::mistake(sample))
        .or_else(|| of("YAML", yaml_strings::mistake(sample)))
        .or_else(|| of("TOML", toml_strings::mistake(sample)))
}

/// What a file of bytes is by its name, of those that are read.
fn binary_kind(name: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 4] = [(".xlsx", "workbook"), (".gz", "gzip file"), (".zst", "zstd file"), (".zip", "zip archive")];
    let name = name.to_lowercase();
    KINDS.into_iter().find(|(extension, _)| name.ends_with(extension)).map(|(_, kind)| kind)
}

fn format_names() -> String {
    FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}
