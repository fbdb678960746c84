//! Stretches of a text and what stands there instead; as few characters as possible.

use std::ops::Range;

use similar::{Algorithm, capture_diff_slices};

/// A stretch of a text, in bytes, and what replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub span: Range<usize>,
    pub text: String,
}

/// The text with all edits made; these must be ascending and apart, and lie within it.
pub(super) fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edited = String::with_capacity(text.len() + 64);
    let mut from = 0;
    for edit in edits {
        edited.push_str(&text[from..edit.span.start]);
        edited.push_str(&edit.text);
        from = edit.span.end;
    }
    edited.push_str(&text[from..]);
    edited
}

/// The edits that make `after` of `before`: characters that both have stay where they are, as they are written.
pub(super) fn between(before: &str, after: &str) -> Vec<Edit> {
    let characters = |text: &str| text.chars().collect::<Vec<_>>();
    let starts = |text: &str| text.char_indices().map(|(at, _)| at).chain([text.len()]).collect::<Vec<_>>();
    let (old, new) = (starts(before), starts(after));
    let changes = capture_diff_slices(Algorithm::Myers, &characters(before), &characters(after));
    let mut edits: Vec<Edit> = Vec::new();
    for change in changes.iter().filter(|change| change.tag() != similar::DiffTag::Equal) {
        let (removed, added) = (change.old_range(), change.new_range());
        let span = old[removed.start]..old[removed.end];
        let text = &after[new[added.start]..new[added.end]];
        match edits.last_mut() {
            // A removal and an insertion at one place are one edit.
            Some(last) if last.span.end == span.start => {
                last.span.end = span.end;
                last.text.push_str(text);
            }
            _ => edits.push(Edit { span, text: text.to_owned() }),
        }
    }
    edits
}

/// Where a stretch of a text lies once the edits are made; none where one of them touches it.
pub(super) fn moved<'e>(stretch: &Range<usize>, edits: impl IntoIterator<Item = &'e Edit>) -> Option<Range<usize>> {
    let (mut grown, mut shrunk) = (0, 0);
    for edit in edits {
        if edit.span.end <= stretch.start {
            grown += edit.text.len();
            shrunk += edit.span.len();
        } else if edit.span.start < stretch.end {
            return None;
        }
    }
    Some(stretch.start + grown - shrunk..stretch.end + grown - shrunk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_edited() {
        let before = "好的，你必须先提供“订单号”，谢谢";
        let after = "好的，我愿意帮助您，但首先我需要您先提供“订单号”，谢谢";
        let edits = between(before, after);
        assert_eq!(apply(before, &edits), after);
        let kept = before.find("先提供").unwrap();
        assert!(edits.iter().all(|edit| edit.span.end <= kept), "{edits:?}");
        assert!(between("您好", "您好").is_empty());
        assert_eq!(between("", "您好"), [Edit { span: 0..0, text: "您好".into() }]);
        assert_eq!(between("帮你查", "帮您查"), [Edit { span: 3..6, text: "您".into() }]);
    }

    #[test]
    fn a_stretch_moves_with_what_stands_before_it() {
        let edits = [Edit { span: 0..3, text: "请您".into() }, Edit { span: 9..12, text: String::new() }];
        assert_eq!(moved(&(3..6), &edits), Some(6..9));
        assert_eq!(moved(&(12..15), &edits), Some(12..15));
        assert_eq!(moved(&(6..10), &edits), None);
    }

    proptest::proptest! {
        #[test]
        fn edits_make_the_one_of_the_other(before in "(你|您|好|,|😀|a){0,12}", after in "(你|您|好|,|😀|a){0,12}") {
            proptest::prop_assert_eq!(apply(&before, &between(&before, &after)), after);
        }
    }
}
