//! `explain`: one rule for a person: what it does, why, examples, exceptions, source.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use phrase_lint::plan::packs;
use phrase_lint::report::visible;
use phrase_lint::rule::{Check, Count, Entry, Pattern, Phrase, Piece, Rules, Template};
use phrase_lint::settings::UnknownRule;
use phrase_lint::style::{Style, Tone};
use phrase_lint::transcript::Speaker;
use phrase_lint::violation::Applicability;

use super::arguments::{ExplainArguments, ListFormat};
use super::failure::Failure;
use super::messages::Messages;
use super::rules_list::{costs, severities, severity};
use super::terminal::Terminal;
use super::{Outcome, explain_check, plan, rules_list};

/// Improper examples that are shown of each row.
const EXAMPLES: usize = 3;
/// Proper examples that are shown of the rule.
const PROPER: usize = 8;
/// Exceptions that are named of each reach.
const PATTERNS: usize = 30;

pub(super) fn run(arguments: &ExplainArguments, terminal: &Terminal, messages: &Messages) -> Result<Outcome, Failure> {
    let rules = packs::load_with_examples(&packs::paths(&plan::of_current_folder(&arguments.packs)?), &mut |note| messages.note(note))?;
    let Some(rule) = &arguments.rule else { return rules_list::list(&rules, ListFormat::Text, terminal) };
    let page = page(rule, &rules, terminal.style).ok_or_else(|| unknown(rule, &rules))?;
    io::stdout().lock().write_all(page.as_bytes())?;
    Ok(Outcome::Clean)
}

fn unknown(wrong: &str, rules: &Rules) -> Failure {
    let ids = rules.ids();
    let of_category: Vec<_> = ids.iter().copied().filter(|id| id.split('/').next() == Some(wrong)).collect();
    if !of_category.is_empty() {
        return Failure::argument(format!("`{wrong}` is a category"), format!("explain one of its rules: {}", of_category.join(", ")));
    }
    Failure::Rule(UnknownRule { name: wrong.to_owned(), nearest: rules.nearest(wrong), origin: None })
}

/// The page of a rule; none where there is no such rule.
fn page(id: &str, rules: &Rules, style: Style) -> Option<String> {
    let mut page = String::new();
    let entries: Vec<Entry<'_>> = rules.entries().filter(|row| row.id() == id).collect();
    let phrases: Vec<&Phrase> = rules.phrases.iter().map(|row| &**row).filter(|row| *row.id == *id).collect();
    let checks: Vec<&Check> = rules.checks.iter().filter(|row| *row.id == *id).collect();
    let counts: Vec<&Count> = rules.counts.iter().filter(|count| *count.id == *id).collect();
    if let Some(first) = entries.first() {
        let mut level = format!("{}; {}", severities(&severity(&entries)), costs(&entries));
        if first.fatal() {
            level.push_str(", fails the conversation");
        }
        let title = both(&first.title().hans, &first.title().hant);
        let title = if title.is_empty() { title } else { format!("{title}  ") };
        line(&mut page, format_args!("{}  {title}{}", style.paint(Tone::Heading, id), style.paint(Tone::Quiet, &level)));
    }
    if let Some(first) = phrases.first() {
        phrase_rows(&mut page, first, &phrases, style);
    }
    if !checks.is_empty() {
        explain_check::rows(&mut page, &checks, style);
    }
    if let Some(first) = counts.first() {
        line(&mut page, format_args!("{}", style.paint(Tone::Heading, id)));
        explain_check::counts(&mut page, &counts, style);
        line(&mut page, format_args!("\n  {}", style.paint(Tone::Quiet, &visible(&format!("{}:{}", first.file, first.line)))));
    }
    if let Some(first) = entries.first() {
        section(&mut page, style, "Source");
        if !first.source().is_empty() {
            line(&mut page, format_args!("  {}", visible(first.source())));
        }
        line(&mut page, format_args!("  {}", style.paint(Tone::Quiet, &visible(&format!("{}:{}", first.file(), first.line())))));
    }
    (!page.is_empty()).then_some(page)
}

/// What a phrase rule finds, why, and its rows.
fn phrase_rows(page: &mut String, first: &Phrase, rows: &[&Phrase], style: Style) {
    section(page, style, "What it finds");
    let whose = if first.speaker == Speaker::Customer { "customer" } else { "agent" };
    let title: &str = if first.title.hans.is_empty() { &first.id } else { &first.title.hans };
    line(page, format_args!("  {} (in what the {whose} says; {})", visible(title), rows_counted(rows.len())));
    section(page, style, "Why");
    for why in [&first.why.hans, &first.why.hant].into_iter().filter(|why| !why.is_empty()) {
        line(page, format_args!("  {}", visible(why)));
    }
    section(page, style, "Examples: improper → professional");
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            page.push('\n');
        }
        examples(page, style, row);
    }
    exceptions(page, style, rows);
}

fn rows_counted(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// The exceptions of a row that reach equally far.
type Reach = fn(&Phrase) -> &[Arc<Pattern>];

/// What keeps the rule quiet, and sentences that are in order.
fn exceptions(page: &mut String, style: Style, rows: &[&Phrase]) {
    let lists: [(&str, Reach); 3] = [
        ("Not as part of", |row| &row.except),
        ("Not where the same sentence has", |row| &row.unless.sentence),
        ("Not where the same answer has", |row| &row.unless.answer),
    ];
    let mut found: Vec<String> = Vec::new();
    for (reach, of) in lists {
        let mut patterns: Vec<&str> = rows.iter().flat_map(|row| of(row)).map(|pattern| pattern.text.as_str()).collect();
        let mut seen = BTreeSet::new();
        patterns.retain(|pattern| seen.insert(*pattern));
        if !patterns.is_empty() {
            let more = if patterns.len() > PATTERNS { " …" } else { "" };
            patterns.truncate(PATTERNS);
            found.push(format!("{reach}: {}{more}", patterns.join(" · ")));
        }
    }
    // From every row the first, then from every row the second.
    let rounds = (0..PROPER).flat_map(|round| rows.iter().filter_map(move |row| row.specs.good.get(round)));
    let proper: Vec<_> = rounds.take(PROPER).map(|(_, example)| indented(example)).collect();
    if found.is_empty() && proper.is_empty() {
        return;
    }
    section(page, style, "Exceptions");
    for line_of in found {
        line(page, format_args!("  {}", visible(&line_of)));
    }
    if !proper.is_empty() {
        line(page, format_args!("  In order:"));
    }
    for example in proper {
        line(page, format_args!("    {example}"));
    }
}

/// What a row finds, and its rewrites in both scripts.
fn examples(page: &mut String, style: Style, row: &Phrase) {
    if !row.scene.is_empty() {
        line(page, format_args!("  {}", visible(&row.scene)));
    }
    if !row.signs.is_empty() {
        line(
            page,
            format_args!("    {}", style.paint(Tone::Quiet, "by signs: what many small words tell together is likely, not certain")),
        );
    }
    let mut improper: Vec<_> = row.specs.bad.iter().map(|(_, example)| example.split('→').next().unwrap_or_default().trim()).collect();
    improper.truncate(EXAMPLES);
    if improper.is_empty() {
        improper.extend(row.improper.iter().take(EXAMPLES).map(|pattern| pattern.text.as_str()));
    }
    for example in improper {
        line(page, format_args!("    {}", style.paint(Tone::Removed, &format!("- {}", indented(example)))));
    }
    for (number, template) in row.professional.iter().enumerate() {
        let rewrite = both(&shown(template), &row.professional_hant.get(number).map(shown).unwrap_or_default());
        line(page, format_args!("    {}", style.paint(Tone::Added, &format!("+ {rewrite}"))));
    }
    let label = match row.apply {
        _ if row.professional.is_empty() => "no rewrite: only reported",
        Applicability::Safe => "safe: may be applied unseen",
        Applicability::Suggested => "suggested: a person decides",
        Applicability::Example => "an example: never applied",
    };
    line(page, format_args!("    {}", style.paint(Tone::Quiet, &format!("= {label}"))));
}

pub(super) fn section(page: &mut String, style: Style, title: &str) {
    line(page, format_args!("\n{}", style.paint(Tone::Heading, title)));
}

/// Writing to a string does not fail.
pub(super) fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(page, "{text}");
}

/// A text in both scripts, safe to show; once where they do not differ.
pub(super) fn both(hans: &str, hant: &str) -> String {
    let both = if hant.is_empty() || hant == hans { hans.to_owned() } else { format!("{hans} / {hant}") };
    visible(&both).into_owned()
}

/// A rewrite as the pack writes it, with what it captures in braces.
fn shown(template: &Template) -> String {
    template
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Capture(tag) => format!("{{{tag}}}"),
        })
        .collect()
}

/// A snippet of several lines, safe to show, behind the sign of its first.
pub(super) fn indented(example: &str) -> String {
    example.lines().map(visible).collect::<Vec<_>>().join("\n      ")
}
