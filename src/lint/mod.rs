//! The rules at work: a conversation in, violations out.
//!
//! [`RuleSet`] holds the rules of a run, ready to match. [`RuleSet::lint`] folds the turns, lets `scanner` say which
//! patterns may match, verifies these (`matcher`), drops what is excepted or quoted (`phrases`), settles overlaps
//! (`overlap`) and words the rewrites (`wording`).

mod entity;
mod matcher;
mod overlap;
mod phrases;
mod scanner;
mod selection;
mod wording;

use std::cell::OnceCell;
use std::sync::OnceLock;

use crate::rule::{PackError, Profile, Rules};
use crate::text::{Folded, Script, Spacing};
use crate::transcript::{Conversation, Speaker, Turn};
use crate::violation::{Applicability, Rewrite, Violation};

use matcher::{Matcher, Reach};
use phrases::{Found, Phrases, Row};
pub use selection::Selection;

/// The rules of a run, ready to match.
///
/// ```
/// use phrase_lint::lint::{RuleSet, Selection};
/// use phrase_lint::rule::{self, Profile, Rules};
/// use phrase_lint::transcript::Conversation;
///
/// let rules = Rules::new(&rule::builtin()?).map_err(|mistakes| mistakes[0].clone())?;
/// let rule_set = RuleSet::new(&rules, &Selection::default());
/// let violations = rule_set.lint(&Conversation::reply("greeting", "你好,请问你贵姓?"), Profile::Replies);
/// assert_eq!(&*violations[0].rule, "address/nin");
/// assert_eq!(violations[0].rewrites[0].text, "您");
/// # Ok::<(), rule::PackError>(())
/// ```
#[derive(Debug)]
pub struct RuleSet {
    rows: Vec<Row>,
    /// By profile, made when first needed.
    phrases: [OnceLock<Phrases>; 3],
    /// A turn with one of these was written by the platform, whoever it is sent as.
    notice: Option<Matcher>,
}

impl RuleSet {
    /// Makes the chosen rules ready. Expressions are compiled when their literals first fire.
    pub fn new(rules: &Rules, selection: &Selection) -> Self {
        let row = |phrase: &crate::rule::Phrase| {
            let mut severity = phrase.severity;
            if let Some(wanted) = selection.severity(&phrase.id) {
                severity.map(|_| wanted);
            }
            Row::new(phrase, severity)
        };
        Self {
            rows: rules.phrases.iter().filter(|phrase| selection.is_on(&phrase.id)).map(row).collect(),
            phrases: Default::default(),
            notice: rules.notice.as_ref().map(|pattern| Matcher::new(pattern, Reach::Clause)),
        }
    }

    /// Compiles every pattern now, which takes longer than most runs need.
    ///
    /// # Errors
    /// The rows whose patterns are too large.
    pub fn compile(&self) -> Result<(), Vec<PackError>> {
        let mut mistakes = Vec::new();
        for row in &self.rows {
            if let Some(Err(message)) = row.matchers().map(Matcher::compile).find(Result::is_err) {
                mistakes.push(PackError::new(
                    &row.phrase.file,
                    row.phrase.line,
                    format!("{}: {message}", row.phrase.id),
                    "divide it into several",
                ));
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }

    /// All violations in a conversation, in order of its text.
    pub fn lint(&self, conversation: &Conversation, profile: Profile) -> Vec<Violation> {
        let phrases = self.phrases[profile as usize].get_or_init(|| Phrases::new(&self.rows, profile));
        let script = conversation.script();
        let spacing = conversation.spacing();
        let customers = self.rows.iter().any(|row| row.phrase.speaker == Speaker::Customer);
        let looked_at = |turn: &Turn| turn.speaker == Speaker::Agent || customers && turn.speaker == Speaker::Customer;
        let views: Vec<OnceCell<Folded>> = conversation.turns.iter().map(|_| OnceCell::new()).collect();
        let view = |index: usize| views[index].get_or_init(|| Folded::new(&conversation.turns[index].text, spacing));
        let mut violations = Vec::new();
        for (index, turn) in conversation.turns.iter().enumerate() {
            // Most turns are never folded.
            if !looked_at(turn) || spacing == Spacing::Breaks && !phrases.may_find(&turn.text) {
                continue;
            }
            let folded = view(index);
            if self.notice.as_ref().is_some_and(|notice| notice.is_in(folded.as_str())) {
                continue;
            }
            let answer = || answer(conversation, index).map(view);
            let found = phrases.find(&self.rows, folded, answer, |row| row.phrase.speaker == turn.speaker);
            for place in 0..found.len() {
                violations.push(self.violation(&found, place, index, folded, &turn.text, script, profile));
            }
        }
        violations
    }

    #[allow(clippy::too_many_arguments)]
    fn violation(
        &self,
        found: &[Found],
        place: usize,
        turn: usize,
        folded: &Folded,
        written: &str,
        script: Script,
        profile: Profile,
    ) -> Violation {
        let row = &self.rows[found[place].row];
        let severity = row.severity.get(profile).unwrap_or(crate::violation::Severity::Info);
        Violation {
            rule: row.phrase.id.clone(),
            severity,
            message: row.phrase.why.get(script).to_owned(),
            turn,
            span: Some(folded.written(found[place].matched.span.clone())),
            points: row.phrase.points.unwrap_or_else(|| severity.default_points()),
            fatal: row.phrase.fatal,
            rewrites: self.rewrites(found, place, folded, written, script),
        }
    }

    fn rewrites(&self, found: &[Found], place: usize, folded: &Folded, written: &str, script: Script) -> Vec<Rewrite> {
        let Found { row, matched } = &found[place];
        wording::rewrites(&self.rows[*row].phrase, matched, folded, written, script, |tag| {
            let Some((_, capture)) = matched.captures.iter().find(|(name, _)| &**name == tag) else { return String::new() };
            let outer = folded.written(capture.clone());
            let mut text = String::new();
            let mut from = outer.start;
            // Other violations inside the capture are put right with it, from left to right.
            for (other, inner) in found.iter().enumerate() {
                let within = other != place
                    && inner.matched.span.start >= capture.start
                    && inner.matched.span.end <= capture.end
                    && inner.matched.span.len() < matched.span.len();
                if !within {
                    continue;
                }
                let span = folded.written(inner.matched.span.clone());
                let rewrite = self.rewrites(found, other, folded, written, script).into_iter().next();
                if let Some(rewrite) = rewrite.filter(|rewrite| rewrite.applicability == Applicability::Safe && span.start >= from) {
                    text.push_str(&written[from..span.start]);
                    text.push_str(&rewrite.text);
                    from = span.end;
                }
            }
            text.push_str(&written[from..outer.end]);
            text
        })
    }
}

/// The indices of the agent's turns between the customer turns around `index`; of the turn alone where it is not the agent's.
fn answer(conversation: &Conversation, index: usize) -> std::ops::Range<usize> {
    let turns = &conversation.turns;
    if turns[index].speaker != Speaker::Agent {
        return index..index + 1;
    }
    let is_customer = |turn: &Turn| turn.speaker == Speaker::Customer;
    let start = turns[..index].iter().rposition(is_customer).map_or(0, |customer| customer + 1);
    let end = turns[index..].iter().position(is_customer).map_or(turns.len(), |offset| index + offset);
    start..end
}
