//! `rules list`: which rules there are.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::Serialize;

use phrase_lint::plan::packs;
use phrase_lint::report::{counted, visible};
use phrase_lint::rule::{ByProfile, Entry, Per, Profile, Rules};
use phrase_lint::style::Tone;
use phrase_lint::text::display_width;
use phrase_lint::violation::Severity;

use super::arguments::{ListArguments, ListFormat};
use super::failure::Failure;
use super::messages::Messages;
use super::terminal::Terminal;
use super::{Outcome, plan};

/// A rule as programs get it. Its rows are summed up.
#[derive(Serialize)]
struct Listed<'r> {
    id: &'r str,
    category: &'r str,
    title: &'r str,
    title_hant: &'r str,
    /// By profile; a profile in which the rule is off has no key.
    severity: BTreeMap<&'static str, Severity>,
    /// What a violation costs, by profile.
    points: BTreeMap<&'static str, u32>,
    fatal: bool,
    rows: usize,
    why: &'r str,
    why_hant: &'r str,
    source: &'r str,
    pack: &'r str,
}

pub(super) fn run(arguments: &ListArguments, terminal: &Terminal, messages: &Messages) -> Result<Outcome, Failure> {
    let rules = packs::load(&packs::paths(&plan::of_current_folder(&arguments.packs)?), &mut |note| messages.note(note))?;
    list(&rules, arguments.format, terminal)
}

/// Lists rules.
pub(super) fn list(rules: &Rules, format: ListFormat, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        ListFormat::Text => text(rules, terminal, &mut out)?,
        ListFormat::Json => {
            let listed: Vec<_> = by_id(rules).into_values().map(|rows| listed(&rows)).collect();
            serde_json::to_writer_pretty(&mut out, &listed).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

/// The rows of every rule id.
fn by_id(rules: &Rules) -> BTreeMap<&str, Vec<Entry<'_>>> {
    let mut by_id = BTreeMap::<_, Vec<_>>::new();
    for row in rules.entries() {
        by_id.entry(row.id()).or_default().push(row);
    }
    by_id
}

/// How grave a rule is: in every profile, the gravest of its rows.
pub(super) fn severity(rows: &[Entry<'_>]) -> ByProfile<Severity> {
    most(rows, |_, severity| severity)
}

/// What a rule costs: in every profile, what its dearest row does.
fn points(rows: &[Entry<'_>]) -> ByProfile<u32> {
    most(rows, |row, severity| row.points(severity))
}

/// The most of what is told of the rows that are on, by profile.
fn most<T: Copy + Ord>(rows: &[Entry<'_>], of: impl Fn(&Entry<'_>, Severity) -> T) -> ByProfile<T> {
    let mut found = ByProfile::default();
    for profile in Profile::ALL {
        found.set(profile, rows.iter().filter_map(|row| Some(of(row, row.severity().get(profile)?))).max());
    }
    found
}

fn text(rules: &Rules, terminal: &Terminal, out: &mut impl Write) -> io::Result<()> {
    let by_id = by_id(rules);
    let id_width = by_id.keys().map(|id| display_width(&visible(id))).max().unwrap_or(0);
    let level_width = by_id.values().map(|rows| severities(&severity(rows)).len()).max().unwrap_or(0);
    let mut last_category = "";
    for (id, rows) in &by_id {
        let Some(first) = rows.first() else { continue };
        let category = category(id);
        if category != last_category {
            let title = rules.categories.get(category).map_or("", |title| title.hans.as_str());
            let gap = if last_category.is_empty() { "" } else { "\n" };
            writeln!(out, "{gap}{} {}", terminal.style.paint(Tone::Heading, &visible(category)), visible(title))?;
            last_category = category;
        }
        let severity = severity(rows);
        let level = severities(&severity);
        let tone = gravest(&severity).map_or(Tone::Quiet, Tone::Severity);
        let id = visible(id);
        let (id_gap, level_gap) = (id_width - display_width(&id), level_width - level.len());
        writeln!(out, "  {id}{:id_gap$}  {}{:level_gap$}  {}", "", terminal.style.paint(tone, &level), "", visible(&first.title().hans))?;
    }
    let counts = format!("\n{} rules of {} rows. phrase-lint explain ID tells more of one.\n", by_id.len(), rules.entries().count());
    write!(out, "{}", terminal.style.paint(Tone::Quiet, &counts))
}

fn listed<'r>(rows: &[Entry<'r>]) -> Listed<'r> {
    let (first, severity) = (rows[0], severity(rows));
    Listed {
        id: first.id(),
        category: category(first.id()),
        title: &first.title().hans,
        title_hant: &first.title().hant,
        severity: by_profile(&severity).collect(),
        points: by_profile(&points(rows)).collect(),
        fatal: rows.iter().any(|row| row.fatal()),
        rows: rows.len(),
        why: &first.why().hans,
        why_hant: &first.why().hant,
        source: first.source(),
        pack: first.file(),
    }
}

/// `warning`, or by profile where they differ: `call warning, chat info`.
pub(super) fn severities(severity: &ByProfile<Severity>) -> String {
    told(severity, |level| level.to_string())
}

/// `2 points`, or by profile where they differ: `call 2 points, chat 0 points`; and whether only once.
pub(super) fn costs(rows: &[Entry<'_>]) -> String {
    let costs = told(&points(rows), |points| counted(u64::from(*points), "point"));
    if rows.iter().any(|row| row.per() == Per::Rule) { format!("{costs}, once in a conversation") } else { costs }
}

fn told<T: Copy + PartialEq>(values: &ByProfile<T>, name: impl Fn(&T) -> String) -> String {
    let known: Vec<_> = by_profile(values).collect();
    match known.first() {
        Some((_, first)) if known.len() == Profile::ALL.len() && known.iter().all(|(_, other)| other == first) => name(first),
        _ => known.iter().map(|(profile, value)| format!("{profile} {}", name(value))).collect::<Vec<_>>().join(", "),
    }
}

/// What holds by profile, where anything does.
fn by_profile<T: Copy>(values: &ByProfile<T>) -> impl Iterator<Item = (&'static str, T)> {
    Profile::ALL.into_iter().filter_map(|profile| Some((profile.as_str(), values.get(profile)?)))
}

fn gravest(severity: &ByProfile<Severity>) -> Option<Severity> {
    Profile::ALL.into_iter().filter_map(|profile| severity.get(profile)).max()
}

fn category(id: &str) -> &str {
    id.split_once('/').map_or(id, |(category, _)| category)
}
