//! Why words are marked, for whoever points at them.

use std::fmt::Write as _;

use gen_lsp_types::{Hover, MarkupContent, MarkupKind};

use crate::report::{RuleBook, visible};

use super::diagnostics::{Broken, Mark};
use super::positions::Positions;

/// Of the violations at a byte of a document: the rule, why it is there, what to say instead, and where more is to be read.
pub(super) fn hover(marks: &[Mark], at: usize, book: &RuleBook, positions: &Positions<'_>) -> Option<Hover> {
    let here = || marks.iter().filter(|mark| (mark.bytes.start..=mark.bytes.end).contains(&at));
    let first = here().find(|mark| mark.broken.is_some())?;
    let pages: Vec<String> = here().filter_map(|mark| mark.broken.as_ref()).map(|broken| page(broken, book)).collect();
    Some(Hover {
        // Plain, for the words of a document are in it, and those of packs: none of them is markup.
        contents: MarkupContent { kind: MarkupKind::PlainText, value: pages.join("\n\n") }.into(),
        range: Some(positions.stretch(&first.bytes)),
    })
}

fn page(broken: &Broken, book: &RuleBook) -> String {
    let violation = &broken.violation;
    let mut page = format!("{} {} ({})\n{}", violation.rule, book.title(&violation.rule).hans, violation.severity, violation.message);
    for rewrite in &violation.rewrites {
        // Writing to a string does not fail.
        let _ = write!(page, "\n→ {} ({})", visible(&rewrite.text), rewrite.applicability.as_str());
    }
    if let Some(source) = book.get(&violation.rule).map(|entry| &entry.source).filter(|source| !source.is_empty()) {
        let _ = write!(page, "\n{source}");
    }
    let _ = write!(page, "\nphrase-lint explain {}", violation.rule);
    page
}
