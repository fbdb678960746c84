//! The rules at work: a conversation in, violations out.
//!
//! [`RuleSet`] holds the rules of a run, ready to match. [`RuleSet::lint`] has a `listener` hear every turn, unless `memo` knows
//! it, be it with other digits: folded, it is heard by the `clause`, which may be known too; `scanner` says which patterns may
//! match, `matcher` verifies these on the `machine`; `scales` weigh signs. What most turns tell is `told` by their clauses
//! together; where a phrase matches or something reaches beyond a clause, the turn is judged as a whole. `phrases` drops what is
//! quoted, and what `exceptions` forbid. Of what was `heard`, `overlap` settles what competes, `wording` words the rewrites, and
//! `checks` judge the conversation as a whole.

mod answer;
mod checks;
mod clause;
mod courtesy;
mod entity;
mod exceptions;
mod heard;
mod listener;
mod machine;
mod matcher;
mod memo;
mod overlap;
mod phrase_row;
mod phrases;
mod scales;
mod scanner;
mod selection;
mod stretches;
mod told;
mod wording;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::rule::{Per, Phrase, Profile, Rules, Template, nearest};
use crate::text::{Folded, Hand, Marks};
use crate::transcript::{Conversation, Kind, Speaker};
use crate::violation::{Applicability, Rewrite, Violation};

use answer::Answer;
use checks::{Checks, Dialogue};
use courtesy::Counters;
pub use courtesy::Courtesy;
use heard::{Heard, HeardTurn};
use listener::{Listener, Notices, Vocabulary};
use phrase_row::PhraseRow;
use phrases::{Found, Phrases};
pub use selection::Selection;
use wording::Manner;

/// The rules of a run, ready to match.
///
/// ```
/// use phrase_lint::lint::{RuleSet, Selection};
/// use phrase_lint::rule::Profile;
/// use phrase_lint::builtin;
/// use phrase_lint::transcript::Conversation;
///
/// let rule_set = RuleSet::new(&builtin::rules(), &Selection::default());
/// let violations = rule_set.lint(&Conversation::reply("greeting", "你好,请问你贵姓?"), Profile::Replies);
/// assert_eq!(&*violations[0].rule, "address/nin");
/// assert_eq!(violations[0].rewrites[0].text, "您");
/// ```
#[derive(Debug)]
pub struct RuleSet {
    notices: Notices,
    phrases: Phrases,
    checks: Checks,
    counters: Counters,
    /// By profile, then by speaker; made when first needed.
    listeners: [[OnceLock<Listener>; 5]; 3],
    /// Ids that cost points once in a conversation.
    once: BTreeSet<Arc<str>>,
    /// Every id there is, and whether it is on.
    ids: BTreeMap<String, bool>,
}

/// What the rules tell of one conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Examination {
    /// The violations, in order of the text.
    pub violations: Vec<Violation>,
    /// The ids of the checks that stay silent because the conversation has no times, sorted.
    pub untimed: Vec<Arc<str>>,
    /// How often the agent says the words that packs count; nothing of canned replies.
    pub courtesy: Courtesy,
    /// The same for each of several agents, in the order of [`Conversation::agents`]; empty where there is one.
    pub courtesies: Vec<Courtesy>,
}

impl RuleSet {
    /// Makes the chosen rules ready.
    pub fn new(rules: &Rules, selection: &Selection) -> Self {
        let row = |phrase: &Arc<Phrase>| {
            let mut severity = phrase.severity;
            if let Some(wanted) = selection.severity(&phrase.id) {
                severity.map(|_| wanted);
            }
            PhraseRow::new(phrase, severity, selection.points(&phrase.id).or(phrase.points))
        };
        let phrases = rules.phrases.iter().map(|phrase| (&phrase.id, phrase.per));
        let costs = phrases.chain(rules.checks.iter().map(|check| (&check.id, check.per)));
        let once = costs.filter(|(_, per)| *per == Per::Rule).map(|(id, _)| Arc::clone(id));
        Self {
            notices: Notices::new(&rules.known),
            phrases: Phrases::new(rules.phrases.iter().filter(|phrase| selection.is_on(&phrase.id)).map(row).collect()),
            checks: Checks::new(rules, selection),
            counters: Counters::new(rules, selection),
            listeners: Default::default(),
            once: once.collect(),
            ids: rules.ids().into_iter().map(|id| (id.to_owned(), selection.is_on(id))).collect(),
        }
    }

    /// Whether there is a rule or category of this name, be it off.
    pub fn knows(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// Whether a rule is on; of a category, all rules.
    pub fn is_on(&self, name: &str) -> bool {
        self.named(name).all(|is_on| is_on)
    }

    /// Whether all rules are on.
    pub fn is_whole(&self) -> bool {
        self.ids.values().all(|is_on| *is_on)
    }

    /// The id or category that a wrong one was probably meant to be.
    pub fn nearest(&self, wrong: &str) -> Option<String> {
        nearest(wrong, self.ids.keys().map(String::as_str))
    }

    /// Of the rules that a name means, whether each is on.
    fn named(&self, name: &str) -> impl Iterator<Item = bool> {
        let of_category = move |id: &str| id.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
        self.ids.iter().filter(move |(id, _)| *id == name || of_category(id)).map(|(_, is_on)| *is_on)
    }

    /// All violations in a conversation, in order of its text: those of [`RuleSet::examine`].
    pub fn lint(&self, conversation: &Conversation, profile: Profile) -> Vec<Violation> {
        self.examine(conversation, profile).violations
    }

    /// All that the rules tell of a conversation.
    ///
    /// Points are those that the conversation loses: where a rule costs once, its gravest violation carries them and
    /// the others none.
    pub fn examine(&self, conversation: &Conversation, profile: Profile) -> Examination {
        self.examine_except(conversation, profile, |_| false)
    }

    /// The same without the violations that are hidden, which cost nothing.
    pub fn examine_except(&self, conversation: &Conversation, profile: Profile, is_hidden: impl Fn(&Violation) -> bool) -> Examination {
        self.examine_within(conversation, profile, Hand::default, is_hidden)
    }

    /// The same of a conversation in a document: `hand` tells how its agents write. Rewrites take the script of their conversation,
    /// else that of the hand, else Simplified; and the marks of their turn, else of their conversation, else of the hand. Where none
    /// of these has any, or as many of both kinds, marks stay as the pack has them.
    pub fn examine_within(
        &self,
        conversation: &Conversation,
        profile: Profile,
        hand: impl Fn() -> Hand,
        is_hidden: impl Fn(&Violation) -> bool,
    ) -> Examination {
        self.prepare(conversation, profile);
        let script = OnceCell::new();
        let script = || *script.get_or_init(|| conversation.script().or_else(|| hand().script).unwrap_or_default());
        let spacing = conversation.spacing();
        let said: Vec<HeardTurn> = conversation
            .turns
            .iter()
            .map(|turn| self.listener(profile, turn.speaker).hear(&turn.text, spacing, self.vocabulary(profile)))
            .collect();
        let all_marks = OnceCell::new();
        let all_marks = || *all_marks.get_or_init(|| Marks::of(conversation.said_by(Speaker::Agent)).or_else(|| hand().marks));
        let mut examination = Examination::default();
        let violations = &mut examination.violations;
        let mut answer: Option<Answer<'_>> = None;
        for (index, (turn, said)) in conversation.turns.iter().zip(&said).enumerate().filter(|(_, (_, said))| !said.heard.found.is_empty())
        {
            let mut own_answer;
            let answer = match &mut answer {
                Some(answer) if turn.speaker == Speaker::Agent && answer.has(index) => answer,
                _ if turn.speaker == Speaker::Agent => answer.insert(Answer::around(conversation, spacing, index)),
                _ => {
                    own_answer = Answer::around(conversation, spacing, index);
                    &mut own_answer
                }
            };
            let found = self.phrases.standing(&said.heard.found, answer);
            let folded = Folded::new(&turn.text, spacing);
            let own_marks = OnceCell::new();
            let own_marks = || *own_marks.get_or_init(|| Marks::of([turn.text.as_str()]).or_else(all_marks));
            let manner = Manner { script: script(), marks: &own_marks };
            for place in 0..found.len() {
                violations.push(self.violation(&found, place, index, &folded, &turn.text, manner, profile));
            }
        }
        if self.is_judged(conversation, profile) {
            let dialogue = Dialogue::new(conversation, spacing, &said, profile);
            self.checks.lint(&dialogue, profile, script, violations);
            violations.sort_by_key(|violation| (violation.turn, violation.span.as_ref().map(|span| (span.start, span.end))));
            examination.untimed = self.checks.untimed(&dialogue, profile);
            (examination.courtesy, examination.courtesies) = self.courtesy(conversation, &said);
        }
        violations.retain(|violation| !is_hidden(violation));
        self.charge_once(violations);
        examination
    }

    /// How courteous the agents are, together and, where there are several, each.
    fn courtesy(&self, conversation: &Conversation, said: &[HeardTurn]) -> (Courtesy, Vec<Courtesy>) {
        let own = conversation.turns.iter().zip(said).enumerate();
        let own = own.filter(|(_, (turn, said))| !said.heard.is_notice && turn.speaker == Speaker::Agent);
        let all = self.counters.courtesy(own.clone().map(|(_, (_, said))| &*said.heard));
        let agents = conversation.agents();
        if agents.is_empty() {
            return (all, Vec::new());
        }
        let mut heard: BTreeMap<&str, Vec<&Heard>> = BTreeMap::new();
        for (index, (_, said)) in own {
            heard.entry(conversation.in_charge(index).unwrap_or_default()).or_default().push(&said.heard);
        }
        let of = |agent: &str| self.counters.courtesy(heard.remove(agent).unwrap_or_default().into_iter());
        (all, agents.into_iter().map(of).collect())
    }

    /// Whether anything is to be told of whole conversations.
    fn tells_of_conversations(&self, profile: Profile) -> bool {
        profile != Profile::Replies && (self.checks.is_on(profile) || !self.counters.is_empty())
    }

    /// Whether a conversation is judged as a whole: canned replies are none.
    fn is_judged(&self, conversation: &Conversation, profile: Profile) -> bool {
        conversation.kind != Kind::Replies && self.tells_of_conversations(profile)
    }

    fn vocabulary(&self, profile: Profile) -> Vocabulary<'_> {
        let etiquette = self.tells_of_conversations(profile).then(|| (self.checks.repertoire(profile), &self.counters));
        Vocabulary { notices: &self.notices, phrases: &self.phrases, etiquette }
    }

    fn listener(&self, profile: Profile, speaker: Speaker) -> &Listener {
        let place = match speaker {
            Speaker::Agent => 0,
            Speaker::Customer => 1,
            Speaker::Bot => 2,
            Speaker::System => 3,
            Speaker::Unknown => 4,
        };
        self.listeners[profile as usize][place].get_or_init(|| Listener::new(speaker, profile, self.vocabulary(profile)))
    }

    /// Makes at the same time what a conversation needs: one after the other it is most of what a small run does.
    fn prepare(&self, conversation: &Conversation, profile: Profile) {
        let is_begun = self.listeners[profile as usize].iter().any(|listener| listener.get().is_some());
        if is_begun || conversation.turns.is_empty() {
            return;
        }
        let is_said_by = |speaker: Speaker| conversation.turns.iter().any(|turn| turn.speaker == speaker);
        std::thread::scope(|scope| {
            let beside = || {
                // What the other thread makes meanwhile is what the customer is heard with.
                self.phrases.prepare();
                if is_said_by(Speaker::Customer) {
                    self.listener(profile, Speaker::Customer);
                }
            };
            // Without another thread it is made when it is needed.
            _ = std::thread::Builder::new().spawn_scoped(scope, beside);
            if is_said_by(Speaker::Agent) {
                self.listener(profile, Speaker::Agent);
            }
        });
    }

    /// Of a rule that costs once, the gravest violation keeps its points.
    fn charge_once(&self, violations: &mut [Violation]) {
        for id in &self.once {
            let own = |violations: &[Violation]| (0..violations.len()).filter(|&index| violations[index].rule == *id).collect::<Vec<_>>();
            let indices = own(violations);
            let dearest = indices.iter().copied().rev().max_by_key(|&index| violations[index].points);
            for index in indices {
                if Some(index) != dearest {
                    violations[index].points = 0;
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn violation(
        &self,
        found: &[Found],
        place: usize,
        turn: usize,
        folded: &Folded,
        written: &str,
        manner: Manner<'_>,
        profile: Profile,
    ) -> Violation {
        let row = self.phrases.row(found[place].row);
        let severity = row.severity.get(profile).unwrap_or(crate::violation::Severity::Info);
        Violation {
            rule: row.phrase.id.clone(),
            severity,
            message: row.phrase.why.get(manner.script).to_owned(),
            turn,
            span: Some(folded.written(found[place].matched.span.clone())),
            points: row.points.unwrap_or_else(|| severity.default_points()),
            fatal: row.phrase.fatal,
            rewrites: self.rewrites(found, place, folded, written, manner),
            by_user: !row.phrase.is_builtin,
        }
    }

    fn rewrites(&self, found: &[Found], place: usize, folded: &Folded, written: &str, manner: Manner<'_>) -> Vec<Rewrite> {
        let phrase = &self.phrases.row(found[place].row).phrase;
        let templates = wording::templates(phrase, manner.script).iter();
        let mut rewrites: Vec<Rewrite> = templates.map(|template| self.rewrite(template, found, place, folded, written, manner)).collect();
        // What may be somebody else's words is for a person to change.
        if folded.is_one_quote() {
            rewrites.iter_mut().for_each(|rewrite| rewrite.applicability = rewrite.applicability.max(Applicability::Suggested));
        }
        rewrites
    }

    fn rewrite(&self, template: &Template, found: &[Found], place: usize, folded: &Folded, written: &str, manner: Manner<'_>) -> Rewrite {
        let Found { row, matched } = &found[place];
        let mut rewrite = wording::rewrite(&self.phrases.row(*row).phrase, template, matched, folded, written, manner, |tag| {
            let Some((_, capture)) = matched.captures.iter().find(|(name, _)| &**name == tag) else { return String::new() };
            let outer = folded.written(capture.clone());
            // Nobody reads so long a rewrite.
            if outer.len() > LONGEST_CAPTURE {
                return String::new();
            }
            let mut text = String::new();
            let mut from = outer.start;
            // Other violations inside the capture are put right with it, from left to right.
            let first = found.partition_point(|inner| inner.matched.span.start < capture.start);
            let near = found[first..].iter().take_while(|inner| inner.matched.span.start <= capture.end);
            for (other, inner) in (first..).zip(near) {
                let span = folded.written(inner.matched.span.clone());
                let within = other != place && inner.matched.span.end <= capture.end && inner.matched.span.len() < matched.span.len();
                if !within || span.start < from {
                    continue;
                }
                let phrase = &self.phrases.row(inner.row).phrase;
                let best = wording::templates(phrase, manner.script).first().filter(|_| phrase.apply == Applicability::Safe);
                let rewrite = best.map(|template| self.rewrite(template, found, other, folded, written, manner));
                if let Some(rewrite) = rewrite.filter(|rewrite| rewrite.applicability == Applicability::Safe) {
                    text.push_str(&written[from..span.start]);
                    text.push_str(&rewrite.text);
                    from = span.end;
                }
            }
            text.push_str(&written[from..outer.end]);
            // 你必须 3 天内: the space goes along.
            let spaced = written[..outer.start].strip_suffix(' ');
            if spaced.is_some_and(|before| before.ends_with(|c: char| c.is_ascii()) || text.starts_with(|c: char| c.is_ascii())) {
                text.insert(0, ' ');
            }
            text
        });
        rewrite.applicability = rewrite.applicability.max(self.left_by_users(template, found, place, folded, written, manner));
        rewrite
    }

    /// Who decides at the words that a built-in rewrite would replace: where a user's row leaves some of them to a person, or offers
    /// nothing for them, no built-in one takes them away unseen.
    fn left_by_users(
        &self,
        template: &Template,
        found: &[Found],
        place: usize,
        folded: &Folded,
        written: &str,
        manner: Manner<'_>,
    ) -> Applicability {
        let Found { row, matched } = &found[place];
        if !self.phrases.row(*row).phrase.is_builtin {
            return Applicability::Safe;
        }
        // What is captured is said again in the rewrite.
        let kept = || matched.captures.iter().filter(|(name, _)| template.tags().any(|tag| tag == &**name)).map(|(_, span)| span);
        let is_replaced = |words: &Range<usize>| {
            let is_within = words.start < matched.span.end && matched.span.start < words.end;
            is_within && !kept().any(|span| span.start <= words.start && words.end <= span.end)
        };
        let first = found.partition_point(|other| other.matched.span.start + LONGEST_CAPTURE < matched.span.start);
        let near = found[first..].iter().take_while(|other| other.matched.span.start < matched.span.end);
        let users = near.filter(|other| !self.phrases.row(other.row).phrase.is_builtin && is_replaced(&other.matched.span));
        users.map(|other| self.best_of(other, folded, written, manner)).max().unwrap_or(Applicability::Safe)
    }

    /// Who decides at what a row found: what the best of its rewrites comes out as, with its captures as they were written.
    fn best_of(&self, found: &Found, folded: &Folded, written: &str, manner: Manner<'_>) -> Applicability {
        let Found { row, matched } = found;
        let phrase = &self.phrases.row(*row).phrase;
        let capture = |tag: &str| {
            let captured = matched.captures.iter().find(|(name, _)| &**name == tag).map(|(_, span)| folded.written(span.clone()));
            captured.filter(|span| span.len() <= LONGEST_CAPTURE).map_or_else(String::new, |span| written[span].to_owned())
        };
        let rewrites = wording::templates(phrase, manner.script).iter();
        let rewrites = rewrites.map(|template| wording::rewrite(phrase, template, matched, folded, written, manner, capture));
        rewrites.map(|rewrite| rewrite.applicability).min().unwrap_or(Applicability::Example)
    }
}

/// Bytes of a capture that a rewrite repeats at most.
const LONGEST_CAPTURE: usize = 600;
