//! `--format full`: for a person at a terminal. Every violation with its sentence, the words marked, and the rewrite.

use std::io::{self, Write};
use std::ops::Range;

use crate::rewrite::in_place;
use crate::style::Tone;
use crate::text::display_width;
use crate::violation::{Applicability, Rewrite};

use super::excerpt::{Excerpt, SPARE, keep_start, wrap};
use super::record::{ConversationRecord, Findings, ViolationRecord};
use super::summary::Summary;
use super::totals::Totals;
use super::visible::visible;
use super::{Look, Report};

/// Cells that the gutter `   | - ` takes from every line.
const GUTTER: usize = 7;

/// Further rewrites that are named beside the first.
const ALTERNATIVES: usize = 3;

/// Groups the violations by file and conversation.
#[derive(Debug)]
pub struct Full<W> {
    out: W,
    look: Look,
    totals: Totals,
}

impl<W: Write> Full<W> {
    /// Reports to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self { out, look, totals: Totals::default() }
    }

    fn heading(&mut self, conversation: &ConversationRecord) -> io::Result<()> {
        let style = self.look.style;
        let mut facts = Vec::new();
        let several: Vec<&str> = conversation.agents.iter().map(|share| share.agent.as_str()).collect();
        match &conversation.agent {
            _ if !several.is_empty() => facts.push(format!("agents {}", visible(&several.join(", ")))),
            Some(agent) => facts.push(format!("agent {}", visible(agent))),
            None => {}
        }
        facts.extend(conversation.time.as_deref().map(|time| visible(time).into_owned()));
        if conversation.turns > 1 {
            facts.push(format!("{} turns", conversation.turns));
        }
        let facts = facts.iter().map(|fact| format!(" · {fact}")).collect::<String>();
        let name = format!("{} › {}", visible(&conversation.file), visible(&conversation.conversation));
        writeln!(self.out, "{}{}\n", style.paint(Tone::Heading, &name), style.paint(Tone::Quiet, &facts))
    }

    fn violation(&mut self, violation: &ViolationRecord, conversation: &ConversationRecord) -> io::Result<()> {
        let style = self.look.style;
        let severity = Tone::Severity(violation.severity);
        let rule = format!("{}[{}]", violation.severity, visible(&violation.rule));
        let message = visible(&violation.message);
        let indent = display_width(&rule) + ": ".len();
        // Beside a long id on a narrow terminal a message would stand in a column of a few characters.
        let room = self.look.width.saturating_sub(indent + SPARE).max(20);
        for (number, line) in wrap(&message, room).into_iter().enumerate() {
            match number {
                0 => write!(self.out, "{}", style.paint(severity, &rule)).and_then(|()| write!(self.out, ": "))?,
                _ => write!(self.out, "{:indent$}", "")?,
            }
            writeln!(self.out, "{}", style.paint(Tone::Heading, &message[line]))?;
        }

        let mut place = format!("  --> {}", violation.location());
        if conversation.turns > 1 {
            place.push_str(&format!(" · turn {} of {}", violation.turn + 1, conversation.turns));
            place.push_str(&format!(" · {}", visible(&violation.speaker)));
            if let Some(agent) = violation.agent.as_deref().filter(|_| conversation.agents.len() > 1 && violation.speaker == "agent") {
                place.push_str(&format!(" {}", visible(agent)));
            }
        }
        if violation.fatal {
            place.push_str(" · fatal");
        }
        place.extend(violation.time.as_deref().map(|time| format!(" · {}", visible(time))));
        writeln!(self.out, "{}", style.paint(Tone::Quiet, &place))?;

        match violation.mark() {
            Some(mark) => self.marked(violation, &mark)?,
            None => self.unmarked(violation)?,
        }
        writeln!(self.out)
    }

    /// What the conversation comes to; of a canned reply its violations say enough.
    fn score(&mut self, conversation: &ConversationRecord) -> io::Result<()> {
        let ConversationRecord { score, points, .. } = conversation;
        let why = match conversation.fatal {
            true => "a fatal violation".to_owned(),
            false if *points == 1 => "1 point taken".to_owned(),
            false => format!("{points} points taken"),
        };
        if conversation.turns < 2 || (*points == 0 && !conversation.fatal) {
            return Ok(());
        }
        writeln!(self.out, "{}\n", self.look.style.paint(Tone::Quiet, &format!("Score {score}: {why}")))
    }

    /// The sentence with carets under its words, and the same sentence with the first rewrite.
    fn marked(&mut self, violation: &ViolationRecord, mark: &Range<usize>) -> io::Result<()> {
        let words = visible(violation.sentence.get(mark.clone()).unwrap_or_default());
        let words = keep_start(&words, self.room());
        let excerpt = Excerpt::new(&violation.sentence, mark, self.room() - display_width(&words));
        let tone = Tone::Severity(violation.severity);
        let line = format!("{}{words}{}", excerpt.before, excerpt.after);
        let at = excerpt.before.len();
        // An example does not take the place of the words.
        let replacement = violation.rewrites.first().filter(|rewrite| rewrite.applicability != Applicability::Example);
        let sign = if replacement.is_some() { "-" } else { " " };
        let words_tone = if replacement.is_some() { Tone::Removed } else { tone };
        self.line(sign, &line, 0..line.len(), at..at + words.len(), words_tone)?;

        let carets = "^".repeat(display_width(&words).max(1));
        let left = " ".repeat(GUTTER - 4 + display_width(&excerpt.before));
        writeln!(self.out, "{}{left}{}", self.look.style.paint(Tone::Quiet, "   |"), self.look.style.paint(tone, &carets))?;

        if let Some(rewrite) = replacement {
            // As it is applied: it may take words and marks beside it along.
            let (replaced, text) = in_place(&violation.sentence, mark.clone(), &rewrite.text);
            let taken = |stretch: Range<usize>| visible(violation.sentence.get(stretch).unwrap_or_default());
            let (taken_before, taken_behind) = (taken(replaced.start..mark.start), taken(mark.end..replaced.end));
            let before = excerpt.before.strip_suffix(&*taken_before).unwrap_or(&excerpt.before);
            let after = excerpt.after.strip_prefix(&*taken_behind).unwrap_or(&excerpt.after);
            let words = visible(&text);
            let line = format!("{before}{words}{after}");
            let at = before.len();
            for (number, part) in wrap(&line, self.room()).into_iter().enumerate() {
                self.line(if number == 0 { "+" } else { " " }, &line, part, at..at + words.len(), Tone::Added)?;
            }
            return self.remark(violation, if rewrite.applicability == Applicability::Safe { "safe rewrite" } else { "suggested rewrite" });
        }
        self.example(violation)
    }

    /// The turn, and what could be said; nothing in it is to be replaced.
    fn unmarked(&mut self, violation: &ViolationRecord) -> io::Result<()> {
        let line = keep_start(&visible(&violation.sentence), self.room());
        self.line(" ", &line, 0..line.len(), 0..0, Tone::Quiet)?;
        self.example(violation)
    }

    /// What could be said.
    fn example(&mut self, violation: &ViolationRecord) -> io::Result<()> {
        if let Some(rewrite) = violation.rewrites.first() {
            let line = visible(&rewrite.text);
            for (number, part) in wrap(&line, self.room()).into_iter().enumerate() {
                self.line(if number == 0 { "+" } else { " " }, &line, part, 0..line.len(), Tone::Added)?;
            }
            self.remark(violation, "for example")?;
        }
        Ok(())
    }

    /// What the rewrite is worth, and which others there are.
    fn remark(&mut self, violation: &ViolationRecord, label: &str) -> io::Result<()> {
        let is_example = |rewrite: &&Rewrite| rewrite.applicability == Applicability::Example;
        let others: Vec<&Rewrite> = violation.rewrites.iter().skip(1).take(ALTERNATIVES).collect();
        // Behind an example, the first that may be applied is: that is told apart.
        let begins_with_example = violation.rewrites.first().as_ref().is_some_and(is_example);
        let applied = others.iter().find(|other| !is_example(other)).filter(|_| begins_with_example).copied();
        let rest: Vec<_> = others
            .iter()
            .filter(|other| applied.is_none_or(|applied| !std::ptr::eq(applied, **other)))
            .map(|other| visible(&other.text))
            .collect();
        let mut remark = label.to_owned();
        if let Some(applied) = applied {
            remark.push_str(&format!("; suggested rewrite: {}", visible(&applied.text)));
        }
        if !rest.is_empty() {
            remark.push_str(&format!("; or: {}", rest.join(" / ")));
        }
        for (number, part) in wrap(&remark, self.room()).into_iter().enumerate() {
            let gutter = if number == 0 { "   = " } else { "     " };
            writeln!(self.out, "{}", self.look.style.paint(Tone::Quiet, &format!("{gutter}{}", &remark[part])))?;
        }
        Ok(())
    }

    /// One line behind the gutter: `part` of `line`, with what of `words` lies in it in the tone.
    fn line(&mut self, sign: &str, line: &str, part: Range<usize>, words: Range<usize>, tone: Tone) -> io::Result<()> {
        let style = self.look.style;
        let (start, end) = (words.start.clamp(part.start, part.end), words.end.clamp(part.start, part.end));
        write!(self.out, "{} {} {}", style.paint(Tone::Quiet, "   |"), style.paint(tone, sign), &line[part.start..start])?;
        if start < end {
            write!(self.out, "{}", style.paint(tone, &line[start..end]))?;
        }
        writeln!(self.out, "{}", &line[end..part.end])
    }

    /// Cells for the sentence.
    fn room(&self) -> usize {
        self.look.width.saturating_sub(GUTTER + SPARE).max(20)
    }
}

impl<W: Write> Report for Full<W> {
    fn conversation(&mut self, findings: &Findings) -> io::Result<()> {
        let shown = self.totals.shown(findings, self.look.level);
        if !shown.is_empty() {
            self.heading(&findings.conversation)?;
        }
        if shown.is_empty() {
            return Ok(());
        }
        shown.into_iter().try_for_each(|violation| self.violation(violation, &findings.conversation))?;
        self.score(&findings.conversation)
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
    use crate::style::Style;
    use crate::violation::Severity;

    use super::super::sample;
    use super::*;

    fn shown(look: Look) -> String {
        let mut out = Vec::new();
        sample::run(&mut Full::new(&mut out, look));
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn a_violation_shows_where_why_and_what_instead() {
        let expected = "\
chats/a.jsonl › c-17 · agent A001 · 12 turns

warning[address/nin]: 对客户称“您”
  --> chats/a.jsonl:18:42 · turn 4 of 12 · agent · 10:11:20
   | - 👍🏽你好！
   |     ^^
   | + 👍🏽您好！
   = safe rewrite

warning[asking/name]: 问姓名要用请求的语气
  --> chats/a.jsonl:18:60 · turn 4 of 12 · agent · 10:11:20
   | - 好的，那你叫什么名字?
   |           ^^^^^^^^^^^^
   | + 好的，那能告诉我您的姓名吗?
   = suggested rewrite; or: 请问您怎么称呼

info[closing/thanks]: 结束前要致谢
  --> chats/a.jsonl:18:42 · turn 4 of 12 · agent · 10:11:20
   |   没有别的事了
   | + 感谢您的来电,再见
   = for example

Score 96: 4 points taken

replies.csv › r-1

error[pressure/authority]: 不得恐吓客户␛[31m
  --> replies.csv:7:3
   |   不付款就报警\\u{202e}抓你␇
   |           ^^^^^^^^^^^^^^^^

info[register/pet-name]: 称呼要得体
  --> replies.csv:7:3
   |   亲\\u{200b}爱的e\u{301}亲
   |   ^^^^^^^^^^^^^^

Found 1 error, 2 warnings, 2 infos in 2 of 3 conversations, 2 files. 1 safely fixable.
No times in 1 of 3 conversations: checks of waits and lengths say nothing there.
Courtesy per 100 agent turns: 您 200.0, 谢 25.0.
";
        assert_eq!(shown(Look { level: Severity::Info, ..Look::default() }), expected);
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_the_terminal_and_the_carets_stand_under_the_words(
            before in "[早，a 😊é\u{301}\u{202e}]{0,60}", words in "[你a\u{301}👍🏽]{0,40}", after in "[晚。b 😊\u{200b}]{0,60}", rewrite in "[您，c ]{0,60}", width in 40usize..120,
        ) {
            let mut violation = sample::findings().remove(0).violations.remove(0);
            violation.sentence = format!("{before}{words}{after}");
            violation.text = Some(words.clone());
            violation.marked_at = Some(before.len());
            violation.rewrites[0].text = rewrite;
            let findings = Findings { violations: vec![violation], ..sample::findings().remove(0) };
            let mut out = Vec::new();
            let written = Full::new(&mut out, Look { width, ..Look::default() }).conversation(&findings);
            proptest::prop_assert!(written.is_ok());
            let shown = String::from_utf8_lossy(&out).into_owned();
            let lines: Vec<_> = shown.lines().filter(|line| line.starts_with("   |")).collect();
            for line in &lines {
                proptest::prop_assert!(display_width(line) <= width, "{width}: {line}");
            }
            let carets = lines[1];
            let left = display_width(carets.trim_end_matches('^'));
            let words = visible(&words);
            if display_width(&words) <= width - GUTTER - SPARE {
                let start = lines[0].find(&*words).map(|at| display_width(&lines[0][..at]));
                proptest::prop_assert!(words.is_empty() || start.is_some_and(|start| start <= left), "{shown}");
                proptest::prop_assert_eq!(carets.matches('^').count(), display_width(&words).max(1));
            }
        }
    }

    #[test]
    fn colours_are_the_only_codes_sent() {
        let coloured = shown(Look { style: Style::new(true), level: Severity::Info, ..Look::default() });
        let plain = regex::Regex::new("\u{1b}\\[[0-9;]*m").map(|codes| codes.replace_all(&coloured, "").into_owned()).unwrap_or_default();
        assert_eq!(plain, shown(Look { level: Severity::Info, ..Look::default() }));
        assert!(!plain.contains('\u{1b}'));
    }
}
