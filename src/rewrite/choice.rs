//! Which rewrites of a turn are applied, where several want the same words.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::text::{closes_clause, is_particle};
use crate::violation::{Applicability, Rewrite, Violation};

use super::closing::{before_mark, closing};
use super::edit::Edit;
use super::pairs;
use super::reason::Reason;
use super::repetition::absorbed;

/// A rewrite that is to be applied.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub rule: Arc<str>,
    /// The words that the violation marks, in bytes of the turn's text.
    pub words: Range<usize>,
    pub edit: Edit,
    /// Whether it may be applied unseen.
    pub is_safe: bool,
    /// Whether a user's row wants it.
    by_user: bool,
}

/// A rewrite that is not applied, at its place in the turn's text as it is.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub choice: Choice,
    /// Why; none where it only has to wait its turn.
    pub reason: Option<Reason>,
}

impl Refused {
    fn is(&self, rule: &str, span: &Range<usize>) -> bool {
        self.choice.words == *span && *self.choice.rule == *rule
    }
}

/// The rewrite of a violation that may be applied: the safe one, or else, where these are wanted, the first that a person
/// would decide on. An example never is.
pub(super) fn applicable(violation: &Violation, suggested: bool) -> Option<&Rewrite> {
    let first_suggestion = || violation.rewrites.iter().find(|rewrite| rewrite.applicability != Applicability::Example);
    violation.safe_rewrite().or_else(|| first_suggestion().filter(|_| suggested))
}

/// The rewrites to apply to a turn's text, ascending and apart.
///
/// Of two that overlap, that of a user's row, as reports tell it before a built-in one; then the one that begins first, and of
/// these the longer: what a rewrite captures holds the safe rewrites within already, and what is left is found when the
/// result is looked at again.
pub(super) fn choose<'v>(text: &str, violations: impl Iterator<Item = &'v Violation>, suggested: bool, refused: &[Refused]) -> Vec<Choice> {
    let mut wanted: Vec<Choice> = violations
        .filter_map(|violation| {
            let span = violation.span.clone()?;
            let rewrite = applicable(violation, suggested)?;
            let words = text.get(span.clone())?;
            let written = rewrite.text.as_str();
            let is_refused = refused.iter().any(|refused| refused.is(&violation.rule, &span));
            (!is_refused && written != words).then(|| {
                let edit = fitted(text, span.clone(), written);
                let is_safe = rewrite.applicability == Applicability::Safe;
                Choice { rule: Arc::clone(&violation.rule), words: span, edit, is_safe, by_user: violation.by_user }
            })
        })
        .collect();
    wanted.sort_by_key(|choice| (!choice.by_user, choice.edit.span.start, Reverse(choice.edit.span.end)));
    // The ends of those that stand, by their start: they are apart, so that the one before tells.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    wanted.retain(|choice| {
        let Range { start, end } = choice.edit.span;
        let is_free = taken.range(..end).next_back().is_none_or(|(_, &other)| other <= start);
        if is_free {
            taken.insert(start, end);
        }
        is_free
    });
    wanted.sort_by_key(|choice| choice.edit.span.start);
    wanted
}

/// The edit that puts a rewrite in the place of words: with what it says again beside them, and with marks that fit.
pub(super) fn fitted(text: &str, words: Range<usize>, rewrite: &str) -> Edit {
    let end = words.end;
    let span = absorbed(text, pairs::whole(text, words, rewrite), rewrite);
    // 亲，您好， as 您好，: its mark is there.
    let is_marked = span.end > end && text[span.end..].starts_with(closes_clause);
    let rewrite = if is_marked { rewrite.trim_end_matches(closes_clause) } else { before_mark(rewrite, &text[span.end..]) };
    with_closing_mark(text, without_particles(text, Edit { span, text: rewrite.to_owned() }))
}

/// The bytes of a sentence that a rewrite of some words takes the place of, and what then stands there: as it is applied.
pub fn in_place(sentence: &str, words: Range<usize>, rewrite: &str) -> (Range<usize>, String) {
    let edit = fitted(sentence, words, rewrite);
    (edit.span, edit.text)
}

/// The edit that asks something, with the particles behind it, which nobody says behind a question: 你姓啥呀.
fn without_particles(text: &str, mut edit: Edit) -> Edit {
    let behind = &text[edit.span.end..];
    let rest = behind.trim_start_matches(is_particle);
    if rest.len() < behind.len() && edit.text.ends_with(['?', '？', '吗', '嗎']) && !rest.starts_with(char::is_alphanumeric) {
        edit.span.end = text.len() - rest.len();
        // One mark is enough; brackets, quotes and faces are none.
        if rest.starts_with(|c| closes_clause(c) || c == '…') {
            edit.text.truncate(edit.text.trim_end_matches(['?', '？']).len());
        }
    }
    edit
}

/// The edit of a whole clause, with the mark behind it where that does not fit any more.
fn with_closing_mark(text: &str, mut edit: Edit) -> Edit {
    let begins_clause = text[..edit.span.start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    if begins_clause && let Some((length, better)) = closing(&text[edit.span.end..], &edit.text) {
        edit.span.end += length;
        edit.text.push(better);
    }
    edit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::Severity;

    fn violation(rule: &str, span: Range<usize>, rewrites: &[(&str, Applicability)]) -> Violation {
        Violation {
            rule: rule.into(),
            severity: Severity::Warning,
            message: String::new(),
            turn: 0,
            span: Some(span),
            points: 1,
            fatal: false,
            rewrites: rewrites.iter().map(|&(text, applicability)| Rewrite { text: text.into(), applicability }).collect(),
            by_user: false,
        }
    }

    fn chosen(violations: &[Violation], suggested: bool) -> Vec<String> {
        let choices = choose("你等着，你好", violations.iter(), suggested, &[]);
        choices.into_iter().map(|choice| choice.edit.text).collect()
    }

    #[test]
    fn the_outer_one_wins_where_it_may_be_applied() {
        let outer = violation("a/a", 0..18, &[("请您稍等", Applicability::Suggested)]);
        let inner = violation("b/b", 12..15, &[("您", Applicability::Safe)]);
        assert_eq!(chosen(&[outer.clone(), inner.clone()], false), ["您"]);
        assert_eq!(chosen(&[outer, inner], true), ["请您稍等"]);
    }

    #[test]
    fn a_user_s_row_goes_before_a_longer_built_in_one() {
        let built_in = violation("a/a", 0..18, &[("请您稍等", Applicability::Safe)]);
        let apart = violation("a/b", 0..9, &[("请稍等", Applicability::Safe)]);
        let own = |applicability| Violation { by_user: true, ..violation("house/hello", 12..15, &[("您", applicability)]) };
        assert_eq!(chosen(&[built_in.clone(), own(Applicability::Safe)], false), ["您"]);
        assert_eq!(chosen(&[own(Applicability::Safe), built_in.clone(), apart.clone()], false), ["请稍等", "您"]);
        // What is not applied keeps nothing else from it.
        assert_eq!(chosen(&[built_in.clone(), own(Applicability::Suggested)], false), ["请您稍等"]);
        assert_eq!(chosen(&[built_in, own(Applicability::Suggested)], true), ["您"]);
    }

    #[test]
    fn a_rewrite_brings_marks_that_fit() {
        let rewritten = |sentence: &str, words: &str, rewrite: &str| {
            let start = sentence.find(words).unwrap_or(0);
            let (span, text) = in_place(sentence, start..start + words.len(), rewrite);
            format!("{}{text}{}", &sentence[..span.start], &sentence[span.end..])
        };
        assert_eq!(rewritten("没货了，别等了。", "没货了，别等了", "我帮您留意，好吗"), "我帮您留意，好吗？");
        assert_eq!(rewritten("没看清楚，不能怪我们", "没看清楚", "我来帮您看看，好吗"), "我来帮您看看，好吗？不能怪我们");
        assert_eq!(rewritten("亲您好，请问", "亲", "您好，"), "您好，请问");
        assert_eq!(rewritten("你必须……", "你必须", "这是我们需要的。"), "这是我们需要的……");
        assert_eq!(rewritten("再说一遍！！！好", "再说一遍", "请您再说一遍，好吗"), "请您再说一遍，好吗？好");
        assert_eq!(rewritten("你叫什么名字。……", "你叫什么名字", "能告诉我您的姓名吗"), "能告诉我您的姓名吗？……");
        assert_eq!(rewritten("你等着？！", "你等着", "请您稍等一会儿"), "请您稍等一会儿。");
    }

    #[test]
    fn an_example_is_never_chosen() {
        let example = violation("a/a", 0..3, &[("请问您是……", Applicability::Example), ("请问您是哪位", Applicability::Suggested)]);
        assert_eq!(chosen(std::slice::from_ref(&example), true), ["请问您是哪位"]);
        assert!(chosen(&[example], false).is_empty());
        assert!(chosen(&[violation("a/a", 0..3, &[("您……", Applicability::Example)])], true).is_empty());
    }
}
