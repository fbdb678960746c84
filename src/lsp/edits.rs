//! From one state of a document to the next, as an editor makes it: only what differs.

use std::ops::Range;

use gen_lsp_types::TextEdit;

use super::positions::{Positions, Units};

/// The edits that make `after` of `before`.
pub(super) fn between(before: &str, after: &str, units: Units) -> Vec<TextEdit> {
    let positions = Positions::new(before, units);
    changes(before, after)
        .into_iter()
        .map(|(bytes, text)| TextEdit { range: positions.stretch(&bytes), new_text: text.to_owned() })
        .collect()
}

/// Bytes of `before` and what stands there in `after`, in ascending order: line by line where the lines are as many, so that marks and
/// cursors of the editor stay where they are.
fn changes<'t>(before: &str, after: &'t str) -> Vec<(Range<usize>, &'t str)> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    if old.len() != new.len() {
        return change(before, after).into_iter().collect();
    }
    let mut start = 0;
    let mut changes = Vec::new();
    for (old, new) in old.into_iter().zip(new) {
        changes.extend(change(old, new).map(|(bytes, text)| (start + bytes.start..start + bytes.end, text)));
        start += old.len();
    }
    changes
}

/// What differs, from the first character to the last; none where nothing does.
fn change<'t>(before: &str, after: &'t str) -> Option<(Range<usize>, &'t str)> {
    if before == after {
        return None;
    }
    let same = |one: (char, char)| one.0 == one.1;
    let length =
        |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.take_while(|one| same(*one)).map(|(c, _)| c.len_utf8()).sum::<usize>();
    let mut start = length(&mut before.chars().zip(after.chars()));
    let mut behind = length(&mut before[start..].chars().rev().zip(after[start..].chars().rev()));
    // No position lies within a line end.
    let divides = |at: usize| before[..at].ends_with('\r') && before[at..].starts_with('\n');
    if divides(start) {
        start -= 1;
    }
    if divides(before.len() - behind) {
        behind -= 1;
    }
    Some((start..before.len() - behind, &after[start..after.len() - behind]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(before: &str, after: &str) -> String {
        let mut text = before.to_owned();
        for (bytes, new) in changes(before, after).into_iter().rev() {
            text.replace_range(bytes, new);
        }
        text
    }

    #[test]
    fn only_what_differs_is_edited() {
        assert_eq!(changes("你好\n好\n你是\n", "您好\n好\n您是\n"), [(0..3, "您"), (11..14, "您")]);
        assert_eq!(changes("甲\r\n乙\r\n", "甲\r\n# 丙\r\n乙\r\n"), [(5..5, "# 丙\r\n")]);
        assert!(changes("甲", "甲").is_empty());
        assert_eq!(applied("甲\r\n", "甲\n"), "甲\n");
    }

    proptest::proptest! {
        #[test]
        fn edits_make_the_one_of_the_other(before in "(你|您|a|\r\n|\n|\r|😀){0,9}", after in "(你|您|a|\r\n|\n|\r|😀){0,9}") {
            proptest::prop_assert_eq!(applied(&before, &after), after);
        }
    }
}
