//! `--format concise`: one line for each violation, as editors and `grep` like it.

use std::io::{self, Write};

use crate::style::Tone;

use super::record::{Findings, ViolationRecord};
use super::summary::Summary;
use super::totals::Totals;
use super::visible::visible;
use super::{Look, Report};

/// Writes `file:line:column: severity rule message: words → rewrite`.
#[derive(Debug)]
pub struct Concise<W> {
    out: W,
    look: Look,
    totals: Totals,
}

impl<W: Write> Concise<W> {
    /// Reports to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self { out, look, totals: Totals::default() }
    }

    fn violation(&mut self, violation: &ViolationRecord) -> io::Result<()> {
        let style = self.look.style;
        write!(
            self.out,
            "{}: {} {} {}",
            style.paint(Tone::Heading, &violation.location()),
            style.paint(Tone::Severity(violation.severity), violation.severity.as_str()),
            style.paint(Tone::Heading, &visible(&violation.rule)),
            visible(violation.message.trim_end_matches('。'))
        )?;
        if let Some(words) = &violation.text {
            write!(self.out, ": {}", style.paint(Tone::Removed, &visible(words)))?;
        }
        if let Some((link, rewrite)) = violation.instead() {
            write!(self.out, "{link}{}", style.paint(Tone::Added, &visible(rewrite)))?;
        }
        writeln!(self.out)
    }
}

impl<W: Write> Report for Concise<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        self.totals.shown(findings, self.look.level).into_iter().try_for_each(|violation| self.violation(violation))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.look.totals {
            self.out.write_all(self.totals.lines(summary, self.look).as_bytes())?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use crate::violation::Severity;

    use super::super::sample;
    use super::*;

    #[test]
    fn a_line_for_each_violation_at_the_level() {
        let mut out = Vec::new();
        sample::run(&mut Concise::new(&mut out, Look { totals: false, ..Look::default() }));
        assert_eq!(
            String::from_utf8_lossy(&out),
            "chats/a.jsonl:18:42: warning address/nin 对客户称“您”: 你 → 您\n\
             chats/a.jsonl:18:60: warning asking/name 问姓名要用请求的语气: 你叫什么名字 → 能告诉我您的姓名吗\n\
             replies.csv:7:3: error pressure/authority 不得恐吓客户␛[31m: 报警\\u{202e}抓你\n"
        );
        let mut out = Vec::new();
        sample::run(&mut Concise::new(&mut out, Look { totals: false, level: Severity::Info, ..Look::default() }));
        assert_eq!(String::from_utf8_lossy(&out).lines().count(), 5);
    }
}
