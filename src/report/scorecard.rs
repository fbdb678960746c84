//! `--format scorecard`: the agents and their scores, as a table for a terminal.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::style::Tone;
use crate::text::display_width;

use super::excerpt::{keep_start, wrap};
use super::record::Findings;
use super::rounding::Tenths;
use super::summary::{AgentSums, Summary};
use super::totals::{passed_over, untimed};
use super::visible::visible;
use super::{Report, ReportOptions};

/// Cells that a name may take.
const NAME: usize = 24;
/// Cells between columns.
const GAP: &str = "  ";

/// Writes a line for each agent, the lowest average first.
#[derive(Debug)]
pub struct Scorecard<'r, W> {
    out: W,
    options: ReportOptions<'r>,
}

impl<'r, W: Write> Scorecard<'r, W> {
    /// Reports to `out`.
    pub fn new(out: W, options: ReportOptions<'r>) -> Self {
        Self { out, options }
    }
}

impl<W: Write> Report for Scorecard<'_, W> {
    fn conversation(&mut self, _: &Findings) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let style = self.options.look.style;
        let mut agents: Vec<&AgentSums> = summary.agents.iter().collect();
        agents.sort_by(|one, other| one.lowest_first(other));
        let passed = format!("≥ {}", self.options.pass);
        let words: Vec<&str> = summary.courtesy.words.keys().map(String::as_str).collect();
        let mut headings = ["Agent", "Conversations", "Average", &passed, "Violations", "Infos"].map(str::to_owned).to_vec();
        headings.extend(words.iter().map(|word| format!("{}/100", visible(word))));
        let mut widths = vec![0; headings.len()];
        let mut rows = vec![headings];
        rows.extend(agents.iter().map(|sums| row(sums.agent.as_deref(), sums, &words)));
        let all = summary.total();
        if agents.len() > 1 {
            rows.push(row(Some("All"), &all, &words));
        }
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = display_width(cell).max(*width);
            }
        }
        let room = self.options.look.width.saturating_sub(widths.iter().sum::<usize>() + widths.len() * GAP.len()).max(20);
        let sums = agents.iter().copied().chain((agents.len() > 1).then_some(&all));
        let categories = std::iter::once("By category".to_owned()).chain(sums.map(categories));
        let indent = " ".repeat(widths.iter().sum::<usize>() + widths.len() * GAP.len());
        for (number, (row, categories)) in rows.iter().zip(categories).enumerate() {
            let mut line = String::new();
            for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let gap = " ".repeat(width - display_width(cell));
                line.push_str(&if place == 0 { format!("{cell}{gap}") } else { format!("{GAP}{gap}{cell}") });
            }
            for (part, range) in wrap(&categories, room).into_iter().enumerate() {
                let line = if part == 0 { format!("{line}{GAP}{}", &categories[range]) } else { format!("{indent}{}", &categories[range]) };
                match number {
                    0 => writeln!(self.out, "{}", style.paint(Tone::Heading, line.trim_end()))?,
                    _ => writeln!(self.out, "{}", line.trim_end())?,
                }
            }
        }
        if !words.is_empty() {
            writeln!(self.out, "{}", style.paint(Tone::Quiet, "/100: how often in 100 agent turns."))?;
        }
        if summary.untimed > 0 {
            writeln!(self.out, "{}", style.paint(Tone::Quiet, &untimed(summary)))?;
        }
        let passed_over = passed_over(summary);
        if !passed_over.is_empty() {
            writeln!(self.out, "{}", style.paint(Tone::Quiet, passed_over.trim_start()))?;
        }
        self.out.flush()
    }
}

fn row(name: Option<&str>, sums: &AgentSums, words: &[&str]) -> Vec<String> {
    let name = name.map_or_else(|| "(no agent)".into(), visible);
    let passed = if sums.conversations == 0 { String::new() } else { format!("{}%", sums.pass_percent()) };
    let average = if sums.conversations == 0 { String::new() } else { sums.average().to_string() };
    let counts = [sums.faults(), sums.remarked()].map(|count| count.to_string());
    let mut cells = vec![keep_start(&name, NAME), sums.conversations.to_string(), average, passed];
    cells.extend(counts);
    cells.extend(
        words
            .iter()
            .map(|word| if sums.courtesy.is_empty() { String::new() } else { Tenths::of_courtesy(&sums.courtesy, word).to_string() }),
    );
    cells
}

/// `asking 3, address 1`, the most frequent first; infos are not among them.
fn categories(sums: &AgentSums) -> String {
    let mut categories: Vec<_> = sums.faults_by_category().into_iter().collect();
    categories.sort_by_key(|(_, count)| Reverse(*count));
    visible(&categories.iter().map(|(category, count)| format!("{category} {count}")).collect::<Vec<_>>().join(", ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{Look, PASS, RuleBook, sample};
    use super::*;

    #[test]
    fn the_lowest_average_comes_first_and_no_agent_is_a_row() {
        let (mut out, book) = (Vec::new(), RuleBook::default());
        let options = ReportOptions { look: Look::default(), language: None, pass: PASS, with_text: false, rules: &book };
        sample::run(&mut Scorecard::new(&mut out, options));
        let expected = "\
Agent       Conversations  Average  ≥ 80  Violations  Infos  您/100  谢/100  By category
A001                    1     96.0  100%           2      1   200.0    16.7  address 1, asking 1
(no agent)              2     97.5  100%           1      1   200.0    50.0  pressure 1
All                     3     97.0  100%           3      2   200.0    25.0  address 1, asking 1,
                                                                             pressure 1
/100: how often in 100 agent turns.
No times in 1 of 3 conversations: checks of waits and lengths say nothing there.
";
        assert_eq!(String::from_utf8_lossy(&out), expected);
        let summary = Summary { suppressed: 1, baselined: 2, skipped: 3, ..Summary::default() };
        let mut out = Vec::new();
        assert!(Scorecard::new(&mut out, options).finish(&summary).is_ok());
        assert!(String::from_utf8_lossy(&out).ends_with("\n1 suppressed. 2 in the baseline. 3 files of unknown kind skipped.\n"));
    }
}
