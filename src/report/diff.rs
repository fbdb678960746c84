//! `--diff`: what a correction would change, as a unified diff.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use crate::style::{Style, Tone};

use super::visible::visible;

/// Lines around a change.
const CONTEXT: usize = 3;

/// Writes the lines in which `after` differs from `before`, both texts of the document so named; nothing where they are
/// the same. Control codes are shown, not sent.
///
/// # Errors
/// Where the output cannot be written.
pub fn diff(mut out: impl Write, name: &str, before: &str, after: &str, style: Style) -> io::Result<()> {
    let lines = TextDiff::from_lines(before, after);
    let mut unified = lines.unified_diff();
    let mut is_first = true;
    for hunk in unified.context_radius(CONTEXT).iter_hunks() {
        if is_first {
            let name = visible(name);
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
            let text = line.trim_end_matches(['\n', '\r']);
            // A tab is harmless, and columns are divided by it.
            let text = text.split('\t').map(visible).collect::<Vec<_>>().join("\t");
            let ending = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
            match change.tag() {
                ChangeTag::Equal => write!(out, " {text}{ending}")?,
                ChangeTag::Delete => write!(out, "{}{ending}", style.paint(Tone::Removed, &format!("-{text}")))?,
                ChangeTag::Insert => write!(out, "{}{ending}", style.paint(Tone::Added, &format!("+{text}")))?,
            }
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str, style: Style) -> String {
        let mut out = Vec::new();
        diff(&mut out, "a\u{7}.txt", before, after, style).unwrap();
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
