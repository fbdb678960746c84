//! `--format markdown`: a page at most, for a CI step summary or a chat message.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::language::{Language, Reader};
use super::record::Findings;
use super::rounding::Tenths;
use super::summary::{AgentSums, Summary};
use super::tally::Tally;
use super::visible::visible;
use super::{Report, ReportOptions};
use crate::violation::Severity;

/// Rules and agents that are listed.
const LISTED: usize = 15;

/// Writes the totals, the most frequent rules with an example, and the agents with the lowest average.
pub struct Markdown<'r, W> {
    out: W,
    options: ReportOptions<'r>,
    reader: Reader,
    tally: Tally,
}

impl<'r, W: Write> Markdown<'r, W> {
    /// Reports to `out`.
    pub fn new(out: W, options: ReportOptions<'r>) -> Self {
        Self { out, options, reader: Reader::default(), tally: Tally::default() }
    }

    fn page(&self, summary: &Summary, language: Language) -> String {
        let labels = language.labels();
        let total = summary.total();
        let counts = [Severity::Error, Severity::Warning]
            .map(|severity| format!("{} {}", labels.of_severity(severity), summary.by_severity.of(severity)));
        let infos = summary.by_severity.of(Severity::Info);
        let mut page = format!("## {}\n\n", labels.title);
        let facts = [
            (labels.conversations, summary.conversations.to_string()),
            (labels.violation_count, format!("{} ({})", summary.at_least(Severity::Warning), counts.join(" · "))),
            (labels.info_count, infos.to_string()),
            (labels.average, total.average().to_string()),
            (labels.pass_rate, format!("{}% ({} {})", total.pass_percent(), labels.pass_line, self.options.pass)),
        ];
        for (label, fact) in facts {
            line(&mut page, format_args!("- {label}: **{fact}**"));
        }
        let words: Vec<&str> = summary.courtesy.words.keys().map(String::as_str).collect();
        if !words.is_empty() {
            let said =
                words.iter().map(|word| format!("{} {}", escaped(&language.word(word)), Tenths::of_courtesy(&summary.courtesy, word)));
            line(&mut page, format_args!("- {}: **{}**", labels.courtesy, said.collect::<Vec<_>>().join(" · ")));
        }
        if summary.untimed > 0 {
            line(&mut page, format_args!("- {}", labels.untimed.replace("{0}", &summary.untimed.to_string())));
        }
        if summary.hidden() > 0 {
            line(&mut page, format_args!("- {}", labels.hidden.replace("{0}", &summary.hidden().to_string())));
        }
        if summary.at_least(Severity::Warning) == 0 {
            line(&mut page, format_args!("\n{}", labels.none_found));
        }
        let rules = self.tally.faults();
        if !rules.is_empty() {
            line(&mut page, format_args!("\n### {}\n", labels.rules));
            line(
                &mut page,
                format_args!("| {} | {} | {} | {} | {} |", labels.rule_title, labels.severity, labels.hits, labels.share, labels.examples),
            );
            line(&mut page, format_args!("|---|---|--:|--:|---|"));
        }
        for (id, tally) in rules.iter().take(LISTED) {
            let title = escaped(language.pick(&self.options.rules.title(id)));
            let name = if *title == escaped(id) { title } else { format!("{title} `{}`", code(id)) };
            let share = Tenths::per_hundred(tally.conversations, summary.conversations);
            let example = tally.examples.first().map(|example| escaped(example)).unwrap_or_default();
            line(&mut page, format_args!("| {name} | {} | {} | {share}% | {example} |", labels.of_severity(tally.severity), tally.hits));
        }
        if rules.len() > LISTED {
            line(&mut page, format_args!("\n… +{}", rules.len() - LISTED));
        }
        let mut agents: Vec<&AgentSums> = summary.agents.iter().collect();
        agents.sort_by(|one, other| one.lowest_first(other));
        // One row that says what the totals say tells nothing.
        if agents.len() > 1 {
            line(&mut page, format_args!("\n### {}\n", labels.agents));
            let further: String =
                words.iter().map(|word| format!(" {} |", escaped(&labels.courtesy_of.replace("{0}", &language.word(word))))).collect();
            line(
                &mut page,
                format_args!(
                    "| {} | {} | {} | {} | {} | {} |{further}",
                    labels.agent, labels.conversations, labels.pass_rate, labels.average, labels.violation_count, labels.info_count
                ),
            );
            line(&mut page, format_args!("|---|--:|--:|--:|--:|--:|{}", "--:|".repeat(words.len())));
            for sums in agents.iter().take(LISTED) {
                let name = sums.agent.as_deref().map_or_else(|| labels.no_agent.to_owned(), escaped);
                let (share, average) = (sums.pass_percent(), sums.average());
                let per_hundred = |word: &&str| {
                    if sums.courtesy.is_empty() { " – |".to_owned() } else { format!(" {} |", Tenths::of_courtesy(&sums.courtesy, word)) }
                };
                let said: String = words.iter().map(per_hundred).collect();
                let (conversations, faults, infos) = (sums.conversations, sums.faults(), sums.remarked());
                line(&mut page, format_args!("| {name} | {conversations} | {share}% | {average} | {faults} | {infos} |{said}"));
            }
            if agents.len() > LISTED {
                line(&mut page, format_args!("\n… +{}", agents.len() - LISTED));
            }
        }
        page
    }
}

impl<W: Write> Report for Markdown<'_, W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.reader.add(findings);
        self.tally.add(findings);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let page = self.page(summary, self.reader.language(self.options.language));
        self.out.write_all(page.as_bytes())?;
        self.out.flush()
    }
}

/// Writing to a string does not fail.
fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(page, "{text}");
}

/// Text that Markdown shows as it is: no markup, no link, no end of a table's cell.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A colon and a point are what bare addresses are recognised by, an `@` what calls people.
            ':' | '@' => escaped.push_str(&format!("&#{};", c as u32)),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '#' | '!' | '$' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped.replace("www.", "www\\.")
}

/// Text within backquotes in a table.
fn code(text: &str) -> String {
    visible(text).replace(['`', '|'], "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(escaped("[点我](javascript:x)|<b>`*a*"), "\\[点我\\]\\(javascript&#58;x\\)\\|&lt;b&gt;\\`\\*a\\*");
        assert_eq!(escaped("www.example.com\n# 题"), "www\\.example.com␊\\# 题");
        assert_eq!(code("a`|b"), "a''b");
    }
}
