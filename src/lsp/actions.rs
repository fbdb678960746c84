//! Corrections to choose from: rewrites of what is marked, all that is safe at once, and suppressions.

use std::collections::{BTreeSet, HashMap};

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionTriggerKind, Diagnostic, OptionalVersionedTextDocumentIdentifier,
    TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};

use crate::plan::Plan;
use crate::report::visible;
use crate::rewrite::Rewriter;
use crate::source::Document;
use crate::suppression::Suppressor;
use crate::violation::{Applicability, Severity, Violation};

use super::diagnostics::{Broken, Mark};
use super::documents::OpenDocument;
use super::edits;
use super::positions::{Positions, Units};

/// All safe rewrites of a document; editors that ask for `source.fixAll` get this one too.
pub(super) const FIX_ALL: &str = "source.fixAll.phrase-lint";

/// Violations for which corrections are worked out: whoever selects more wants all that is safe at once.
const CHOICES: usize = 20;

/// Characters of words and rewrites that a title shows.
const SHOWN: usize = 40;

/// What the editor says of edits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Editor {
    pub(super) units: Units,
    /// Whether it knows edits of a document in a certain state.
    pub(super) is_versioned: bool,
}

/// The corrections that an editor asks for.
pub(super) fn actions(open: &OpenDocument, asked: &CodeActionParams, editor: Editor) -> Vec<CodeAction> {
    let Some(plan) = &open.plan else { return Vec::new() };
    let chosen = Chosen { open, plan, document: open.document(), uri: &asked.text_document.uri, editor };
    let is_wanted = |kind: &CodeActionKind| match &asked.context.only {
        Some(only) => only.iter().any(|only| is_within(kind, only)),
        // What changes the whole document is not offered for a movement of the cursor.
        None => *kind == CodeActionKind::QuickFix || asked.context.trigger_kind != Some(CodeActionTriggerKind::Automatic),
    };
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QuickFix) {
        actions = chosen.quick_fixes(&Positions::new(open.text(), editor.units), asked);
    }
    if is_wanted(&CodeActionKind::new(FIX_ALL)) {
        actions.extend(chosen.fix_all());
    }
    actions
}

/// Whether a kind is the one asked for, or under it.
fn is_within(kind: &CodeActionKind, asked: &CodeActionKind) -> bool {
    let (kind, asked) = (kind.to_string(), asked.to_string());
    kind.strip_prefix(&asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || asked.is_empty())
}

/// A document for which corrections are asked.
struct Chosen<'o> {
    open: &'o OpenDocument,
    plan: &'o Plan,
    document: Document,
    uri: &'o Uri,
    editor: Editor,
}

impl Chosen<'_> {
    /// Of what is marked within the stretch asked for: its rewrites, the best first, then suppressions.
    fn quick_fixes(&self, positions: &Positions<'_>, asked: &CodeActionParams) -> Vec<CodeAction> {
        let here = positions.bytes(asked.range);
        let marks = self.open.marks.iter().filter(|mark| mark.bytes.start <= here.end && here.start <= mark.bytes.end);
        let broken: Vec<(&Mark, &Broken)> = marks.filter_map(|mark| Some((mark, mark.broken.as_ref()?))).take(CHOICES).collect();
        if broken.is_empty() {
            return Vec::new();
        }
        let of = |conversation: usize, violation: &Violation| {
            broken.iter().find(|(_, broken)| broken.conversation == conversation && is_same(&broken.violation, violation))
        };
        let offers = self.rewriter().offers(&self.document, |conversation, violation| of(conversation, violation).is_some());
        let mut preferred = Vec::new();
        let mut actions = Vec::new();
        for offer in &offers {
            let Some((mark, broken)) = of(offer.conversation, &offer.violation) else { continue };
            let is_safe = offer.rewrite.applicability == Applicability::Safe;
            let is_first = is_safe && !preferred.contains(&mark.bytes);
            if is_first {
                preferred.push(mark.bytes.clone());
            }
            let remark = if is_safe { "" } else { " (a suggestion)" };
            let title = format!("{} → {}{remark}", shortened(&broken.words), shortened(&offer.rewrite.text));
            actions.push(CodeAction {
                is_preferred: is_first.then_some(true),
                ..self.action(title, CodeActionKind::QuickFix, &offer.text, vec![mark.diagnostic(positions)])
            });
        }
        let mut ignored = BTreeSet::new();
        for (mark, broken) in &broken {
            let wanted = (broken.conversation, broken.violation.turn, &broken.violation.rule);
            if !ignored.insert(wanted) {
                continue;
            }
            let addition = self
                .suppressor()
                .suppress_where(&self.document, |conversation, violation| (conversation, violation.turn, &violation.rule) == wanted);
            if let Ok(Some(addition)) = addition {
                let title = format!("Ignore {} here", broken.violation.rule);
                actions.push(self.action(title, CodeActionKind::QuickFix, &addition.text, vec![mark.diagnostic(positions)]));
            }
        }
        actions
    }

    /// What `--fix` would write.
    fn fix_all(&self) -> Option<CodeAction> {
        let rewriting = self.rewriter().rewrite(&self.document);
        let title = "Apply all safe rewrites in this file".to_owned();
        Some(self.action(title, CodeActionKind::new(FIX_ALL), &rewriting.text?, Vec::new()))
    }

    fn action(&self, title: String, kind: CodeActionKind, after: &str, diagnostics: Vec<Diagnostic>) -> CodeAction {
        CodeAction {
            title,
            kind: Some(kind),
            diagnostics: Some(diagnostics).filter(|diagnostics| !diagnostics.is_empty()),
            edit: Some(self.edit(edits::between(self.open.text(), after, self.editor.units))),
            ..CodeAction::default()
        }
    }

    fn edit(&self, edits: Vec<TextEdit>) -> WorkspaceEdit {
        if !self.editor.is_versioned {
            return WorkspaceEdit { changes: Some(HashMap::from([(self.uri.clone(), edits)])), ..WorkspaceEdit::default() };
        }
        let text_document = OptionalVersionedTextDocumentIdentifier {
            version: Some(self.open.version),
            text_document_identifier: TextDocumentIdentifier { uri: self.uri.clone() },
        };
        let edit = TextDocumentEdit { text_document, edits: edits.into_iter().map(Into::into).collect() };
        WorkspaceEdit { document_changes: Some(vec![edit.into()]), ..WorkspaceEdit::default() }
    }

    fn rewriter(&self) -> Rewriter<'_> {
        let Plan { rule_set, reading, profile, direction, .. } = self.plan;
        Rewriter { rule_set, reading, profile: *profile, direction: *direction, suggested: false, transcripts: false }
    }

    fn suppressor(&self) -> Suppressor<'_> {
        let Plan { rule_set, reading, profile, direction, .. } = self.plan;
        Suppressor { rule_set, reading, profile: *profile, direction: *direction, level: Severity::Info, transcripts: false }
    }
}

fn is_same(one: &Violation, other: &Violation) -> bool {
    (&one.rule, one.turn, &one.span) == (&other.rule, other.turn, &other.span)
}

/// Words fit for a title.
fn shortened(words: &str) -> String {
    let mut shown: String = visible(words).chars().take(SHOWN).collect();
    if words.chars().count() > SHOWN {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_asked_for_by_their_beginning() {
        let asked = |asked: CodeActionKind| is_within(&CodeActionKind::new(FIX_ALL), &asked);
        assert!(asked(CodeActionKind::Source) && asked(CodeActionKind::SourceFixAll) && asked(CodeActionKind::Empty));
        assert!(asked(CodeActionKind::new(FIX_ALL)) && !asked(CodeActionKind::QuickFix) && !asked(CodeActionKind::new("source.fixAll.ph")));
    }
}
