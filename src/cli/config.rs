//! `config`: which settings hold for a file, and where each value comes from.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use phrase_lint::report::{PASS, visible};
use phrase_lint::settings::{self, Origin, Setting, Settings};
use phrase_lint::style::Tone;
use phrase_lint::text::display_width;
use phrase_lint::transcript::Mapping;
use phrase_lint::violation::Severity;

use super::arguments::{ConfigCommand, ShowArguments};
use super::failure::Failure;
use super::messages::Messages;
use super::terminal::Terminal;
use super::{Outcome, plan};

pub(super) fn run(command: &ConfigCommand, terminal: &Terminal, messages: &Messages) -> Result<Outcome, Failure> {
    match command {
        ConfigCommand::Show(arguments) => show(arguments, terminal, messages)?,
        ConfigCommand::Schema => io::stdout().lock().write_all(settings::SCHEMA.as_bytes())?,
    }
    Ok(Outcome::Clean)
}

fn show(arguments: &ShowArguments, terminal: &Terminal, messages: &Messages) -> Result<(), Failure> {
    let path = &arguments.path;
    // For a folder: what holds for the files in it.
    let file = if path.is_dir() { path.join("…") } else { path.clone() };
    let (found, settings) = plan::settings(&arguments.layer, &arguments.thresholds, &file, messages)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let of = if path == Path::new(".") { "this folder".to_owned() } else { path.display().to_string() };
    match found {
        Some((found, _)) => {
            let files: Vec<_> = found.chain().map(|file| file.path().display().to_string()).collect();
            writeln!(out, "Settings of {}, from {}\n", visible(&of), visible(&files.join(", which extends ")))?;
        }
        None => writeln!(out, "Settings of {}, without a phrase-lint.toml\n", visible(&of))?,
    }
    let rows = rows(&settings);
    let key_width = rows.iter().map(|row| display_width(row.key)).max().unwrap_or(0);
    let value_width = rows.iter().map(|row| display_width(&visible(&row.value))).max().unwrap_or(0);
    for Row { key, value, origin } in &rows {
        let value = visible(value);
        let (key_gap, value_gap) = (key_width - display_width(key), value_width - display_width(&value));
        let key = terminal.style.paint(Tone::Heading, key);
        let tone = if origin.is_some() { Tone::Added } else { Tone::Quiet };
        let origin = origin.map_or_else(|| "default".to_owned(), Origin::to_string);
        writeln!(out, "{key}{:key_gap$}  {value}{:value_gap$}  {}", "", "", terminal.style.paint(tone, &visible(&origin)))?;
    }
    out.flush()?;
    Ok(())
}

/// A value with its key; the origin is none for a default.
struct Row<'s> {
    /// Empty where the value belongs to the key above.
    key: &'static str,
    value: String,
    origin: Option<&'s Origin>,
}

/// All keys, in the order of the file that `init` writes.
fn rows(settings: &Settings) -> Vec<Row<'_>> {
    let level = |severity: &Severity| severity.to_string();
    let groups = [
        list("rules", &settings.rules, "the built-in packs", |path| path.display().to_string()),
        list("select", settings.select.as_deref().unwrap_or_default(), "all", String::clone),
        list("ignore", &settings.ignore, "none", String::clone),
        list("severities", &settings.severities, "as the rules say", |(name, severity)| format!("{name} = {severity}")),
        list("points", &settings.points, "as the rules say", |(name, points)| format!("{name} = {points}")),
        one("profile", &settings.profile, "told from the input", |profile| profile.to_string()),
        one("fail-on", &settings.fail_on, &settings.fail_on().to_string(), |fail_on| fail_on.to_string()),
        one("level", &settings.level, Severity::Warning.as_str(), level),
        one("pass", &settings.pass, &PASS.to_string(), |pass| pass.to_string()),
        one("baseline", &settings.baseline, "none", |path| path.display().to_string()),
        list("speakers", &settings.speakers, "told from the input", |(name, speaker)| format!("{name} = {speaker}")),
        one("assume-agent", &settings.assume_agent, "nobody", |assumption| assumption.to_string()),
        one("direction", &settings.direction, "told from the input", |direction| direction.to_string()),
        one("input-format", &settings.input_format, "told from the input", String::clone),
        one("encoding", &settings.encoding, "told from the input", |encoding| encoding.to_string()),
        one("date-order", &settings.date_order, "told from the input", |order| order.to_string()),
        one("from-path", &settings.from_path, "nothing", |from_path| from_path.as_str().to_owned()),
        mappings(&settings.mapping),
    ];
    groups.into_iter().flatten().collect()
}

fn list<'s, T>(key: &'static str, values: &'s [Setting<T>], default: &str, shown: impl Fn(&T) -> String) -> Vec<Row<'s>> {
    if values.is_empty() {
        return vec![Row { key, value: default.to_owned(), origin: None }];
    }
    let keys = std::iter::once(key).chain(std::iter::repeat(""));
    values.iter().zip(keys).map(|(setting, key)| Row { key, value: shown(&setting.value), origin: Some(&setting.origin) }).collect()
}

/// Of every mapping a line for each path.
fn mappings(mappings: &[Setting<Mapping>]) -> Vec<Row<'_>> {
    if mappings.is_empty() {
        return vec![Row { key: "mapping", value: "none".to_owned(), origin: None }];
    }
    let rows = mappings.iter().flat_map(|setting| {
        let keys = std::iter::once("mapping").chain(std::iter::repeat(""));
        let paths = setting.value.paths().zip(keys);
        paths.map(|((name, path), key)| Row { key, value: format!("{name} = {path}"), origin: Some(&setting.origin) })
    });
    rows.collect()
}

fn one<'s, T>(key: &'static str, value: &'s Option<Setting<T>>, default: &str, shown: impl Fn(&T) -> String) -> Vec<Row<'s>> {
    list(key, value.as_slice(), default, shown)
}
