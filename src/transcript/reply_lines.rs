//! Canned replies as people keep them: one a line, in plain text, with the marks of a list or without.

use super::comment::Comments;
use super::labelled_line::{is_stamped, side};
use super::reading::{Block, Context, Reading, Sample, Sink, lines, offset_within};
use super::{Conversation, Format, Place, Speaker};

/// The format's row in the table.
pub(super) const FORMAT: Format = Format {
    name: "lines",
    looks_like: "Chinese text without labels: one canned reply a line; list marks (-, 1.) and headings (#) are left out",
    recognise,
    reading: Reading::CommentedLines(read),
};

fn recognise(sample: &Sample<'_>, context: &Context<'_>) -> Option<String> {
    if said(sample, context).is_some() {
        return None;
    }
    let first = sample.lines(1).next()?;
    let text = sample.text()?.get(offset_within(first, sample.text()?)..)?;
    if text.starts_with(['{', '<']) || (text.starts_with('[') && text[1..].trim_start().starts_with(['{', '[', '"'])) {
        return None;
    }
    // Other kinds of files hold Chinese too: their own readers must take them, or none.
    if !matches!(sample.extension().as_str(), "" | "txt" | "text" | "log" | "lst" | "list")
        && sample.name.contains('.')
        && sample.name != "<stdin>"
    {
        return None;
    }
    let (mut all, mut chinese) = (0, 0);
    for line in sample.lines(400) {
        all += 1;
        chinese += usize::from(line.chars().any(|c| ('\u{3400}'..='\u{9FFF}').contains(&c)));
    }
    (chinese > 0 && chinese * 2 >= all).then(|| format!("{chinese} of its first {all} lines are Chinese text, without speakers' labels"))
}

/// A line that shows who speaks and when, or who, where so many of a sample do that it is a transcript, if one that no reader
/// understands: to take it for replies would be to correct what customers wrote.
pub(super) fn said<'a>(sample: &Sample<'a>, context: &Context<'_>) -> Option<&'a str> {
    stamped(sample, context).or_else(|| sided(sample, context))
}

/// A line with a time and somebody, where many are such lines.
pub(super) fn stamped<'a>(sample: &Sample<'a>, context: &Context<'_>) -> Option<&'a str> {
    let all = sample.lines(400).count();
    let stamped: Vec<&str> = sample.lines(400).filter(|line| is_stamped(line, context.speakers)).collect();
    stamped.first().copied().filter(|_| stamped.len() >= 2 && stamped.len() * 4 >= all)
}

/// A line that begins with the agent or the customer, where half of all do and both are among them.
pub(super) fn sided<'a>(sample: &Sample<'a>, context: &Context<'_>) -> Option<&'a str> {
    let all = sample.lines(400).count();
    let sided = || sample.lines(400).filter_map(|line| side(line, context.speakers).map(|(side, is_alone)| (line, side, is_alone)));
    let has = |side: Speaker| sided().any(|(_, found, _)| found == side);
    // What stands alone is said on the next line.
    let told: usize = sided().map(|(.., is_alone)| 1 + usize::from(is_alone)).sum();
    let are_both = told * 2 >= all && has(Speaker::Agent) && has(Speaker::Customer);
    sided().next().map(|(line, ..)| line).filter(|_| are_both)
}

fn read(block: &Block<'_>, _: &Context<'_>, sink: &mut Sink<'_>) {
    let comments = Comments::of(block.text);
    for (index, (start, line)) in lines(block.text).enumerate() {
        let Some(words) = comments.take_off(line) else { continue };
        let text = without_mark(words);
        if text.starts_with("# ") || text.starts_with("##") || text.starts_with("```") || !text.chars().any(char::is_alphanumeric) {
            continue;
        }
        let within = offset_within(text, line);
        let mut reply = Conversation::reply((block.first_line + index).to_string(), text);
        reply.turns[0].place = Place::Verbatim(block.offset + start + within);
        sink.conversation(reply);
    }
}

/// The line without spaces around it and without the mark of a list: `- `, `1. `, `1、`, `（1）`, `①`, `> `.
pub(super) fn without_mark(line: &str) -> &str {
    let mut text = line.trim().trim_start_matches('\u{FEFF}');
    if let Some(rest) = text.strip_prefix('>') {
        text = rest.trim_start();
    }
    for mark in ["- [ ] ", "- [x] ", "- ", "* ", "+ ", "• ", "· ", "•", "●", "◆", "■", "– "] {
        if let Some(rest) = text.strip_prefix(mark) {
            return rest.trim_start();
        }
    }
    if let Some(rest) = text.strip_prefix(|c| ('①'..='⑳').contains(&c)) {
        return rest.trim_start();
    }
    let inner = text.strip_prefix(['(', '（']).unwrap_or(text);
    let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if !(1..=3).contains(&digits) {
        return text;
    }
    let rest = &inner[digits..];
    let behind = rest.strip_prefix(['、', ')', '）']).or_else(|| {
        // 1.您好 is a list, 1.5元 is a price.
        rest.strip_prefix(['.', '．']).filter(|behind| !behind.starts_with(|c: char| c.is_ascii_digit()))
    });
    behind.map_or(text, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::super::{Matter, ReadOptions, Speakers};
    use super::*;

    #[test]
    fn lines_of_both_sides_are_no_replies() {
        let (speakers, options) = (Speakers::default(), ReadOptions::default());
        let context = Context { speakers: &speakers, options: &options };
        let is_said = |text: &str| said(&Sample::new("a.txt", Matter::Text(text)), &context).is_some();
        for text in ["客户 你等着\n客服 请稍等", "客户\n你等着\n客服\n请稍等", "T+1,客户,你等着\nT+2,客服,请稍等\n好的\n再见"]
        {
            assert!(is_said(text), "{text}");
        }
        for text in
            ["客服 请稍等\n客服 您好", "客户您好\n客服很忙", "您好\n请稍等\n客户 请讲\n再见\n客服 在\n好的\n谢谢", "问 多少\n答 一元"]
        {
            assert!(!is_said(text), "{text}");
        }
    }

    #[test]
    fn marks_are_no_words() {
        for line in ["- 您好", "* 您好", "1. 您好", "12、您好", "(3)您好", "（3）您好", "3）您好", "1.您好", "> 您好", "① 您好", "  您好  "]
        {
            assert_eq!(without_mark(line), "您好", "{line}");
        }
        for line in ["1.5元一件", "2024年", "-5度", "10号到", "(您好)"] {
            assert_eq!(without_mark(line), line);
        }
    }
}
