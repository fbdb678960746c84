//! `--diff`: what a correction would change, as a unified diff.

use std::borrow::Cow;
use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use crate::style::{Style, Tone};

use super::path_in_repository;
use super::visible::visible;

/// Lines around a change.
const CONTEXT: usize = 3;

/// Who a diff is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffFor {
    /// Somebody who looks at it. Control codes and what nobody sees are shown, not sent.
    Person(Style),
    /// A program that applies it, such as `patch`: every character as it is.
    Program,
}

/// Writes the lines in which `after` differs from `before`, both texts of the document so named; nothing where they are
/// the same.
///
/// # Errors
/// Where the output cannot be written.
pub fn diff(mut out: impl Write, name: &str, before: &str, after: &str, reader: DiffFor) -> io::Result<()> {
    // For `patch` a carriage return ends no line.
    let [before, after] = [before, after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let lines = TextDiff::from_slices(&before, &after);
    let mut unified = lines.unified_diff();
    let style = match reader {
        DiffFor::Person(style) => style,
        DiffFor::Program => Style::default(),
    };
    let mut is_first = true;
    for hunk in unified.context_radius(CONTEXT).iter_hunks() {
        if is_first {
            let name = if reader == DiffFor::Program { as_git_writes(&path_in_repository(name)) } else { visible(name).into_owned() };
            writeln!(
                out,
                "{}\n{}",
                style.paint(Tone::Heading, &format!("--- {name}")),
                style.paint(Tone::Heading, &format!("+++ {name}"))
            )?;
            is_first = false;
        }
        writeln!(out, "{}", style.paint(Tone::Quiet, &hunk.header().to_string()))?;
        for change in hunk.iter_changes() {
            let line = change.value();
            let text = line.strip_suffix('\n').unwrap_or(line);
            let (text, ending) = match text.strip_suffix('\r').filter(|text| text.len() + 1 < line.len()) {
                Some(text) => (text, "\r\n"),
                None => (text, "\n"),
            };
            let text = match reader {
                // A tab is harmless, and columns are divided by it.
                DiffFor::Person(_) => Cow::Owned(text.split('\t').map(visible).collect::<Vec<_>>().join("\t")),
                DiffFor::Program => Cow::Borrowed(text),
            };
            match change.tag() {
                ChangeTag::Equal => write!(out, " {text}{ending}")?,
                ChangeTag::Delete => write!(out, "{}{ending}", style.paint(Tone::Removed, &format!("-{text}")))?,
                ChangeTag::Insert => write!(out, "{}{ending}", style.paint(Tone::Added, &format!("+{text}")))?,
            }
            if !line.ends_with('\n') {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    out.flush()
}

/// The name of a file as git writes it in a diff: between quotes where it holds what would end it, and with a tab behind it where
/// it holds a space.
fn as_git_writes(name: &str) -> String {
    if name.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        let mut quoted = String::from("\"");
        for c in name.chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                _ if c.is_ascii_control() => quoted.push_str(&format!("\\{:03o}", u32::from(c))),
                _ => quoted.push(c),
            }
        }
        quoted.push('"');
        return quoted;
    }
    if name.contains(' ') { format!("{name}\t") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str, style: Style) -> String {
        let mut out = Vec::new();
        diff(&mut out, "a\u{7}.txt", before, after, DiffFor::Person(style)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_stand_among_the_lines_around_them() {
        let before = "一\r\n二\r\n三\r\n四\r\n你好\t\u{1b}[31m\r\n六\r\n末";
        let after = before.replace('你', "您").replace('末', "尾");
        let expected = "--- a␇.txt\n+++ a␇.txt\n@@ -2,6 +2,6 @@\n 二\r\n 三\r\n 四\r\n-你好\t␛[31m\r\n+您好\t␛[31m\r\n 六\r\n-末\n\\ No newline at end of file\n+尾\n\\ No newline at end of file\n";
        assert_eq!(shown(before, &after, Style::default()), expected);
        assert_eq!(shown(before, before, Style::default()), "");
    }

    #[test]
    fn colours_are_for_the_changed_lines() {
        let coloured = shown("好\n你好\n", "好\n您好\n", Style::new(true));
        assert!(coloured.contains("\u{1b}[31m-你好\u{1b}[0m\n\u{1b}[32m+您好\u{1b}[0m\n"), "{coloured}");
        assert!(coloured.contains("\n 好\n"));
    }
}
