//! The sums over all findings. Sums only: those of parts of the input add up to those of the whole.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lint::Courtesy;
use crate::violation::{Applicability, Severity};

use super::record::{ConversationRecord, Findings, Share};
use super::rounding::{Tenths, percent};
use super::rule_book::category;

/// The score from which a conversation passes unless another is asked for.
pub const PASS: u64 = 80;

/// The sums of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "summary")]
pub struct Summary {
    /// Conversations looked at; a canned reply counts as one.
    pub conversations: u64,
    /// Their turns, whoever spoke.
    pub turns: u64,
    /// Violations of all severities.
    pub violations: u64,
    /// Conversations with a violation of any severity.
    pub affected: u64,
    /// Violations by rule id.
    pub by_rule: BTreeMap<String, u64>,
    /// Violations by the first half of the rule id.
    pub by_category: BTreeMap<String, u64>,
    /// Violations by severity.
    pub by_severity: BySeverity,
    /// Violations by what their first rewrite is.
    pub by_rewrite: ByRewrite,
    /// Conversations that passed: a score of at least [`Summary::pass`], and nothing fatal.
    #[serde(default)]
    pub passed: u64,
    /// Conversations that a fatal violation failed.
    #[serde(default)]
    pub fatal: u64,
    /// The scores of the conversations added up.
    #[serde(default)]
    pub scores: u64,
    /// What the violations cost together.
    #[serde(default)]
    pub points: u64,
    /// How often agents said the words of courtesy that packs count.
    #[serde(default, skip_serializing_if = "Courtesy::is_empty")]
    pub courtesy: Courtesy,
    /// Conversations without times, in which the checks that need them are silent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub untimed: u64,
    /// Sums for each agent, by name; conversations without one are the first row. A conversation of several counts for each of them.
    pub agents: Vec<AgentSums>,
    /// Violations that suppressions in the files hide; they count nowhere else.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub suppressed: u64,
    /// Violations that the baseline hides; they count nowhere else.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub baselined: u64,
    /// Files of unknown kind that were passed over in directories.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: u64,
    /// Files, rows and messages that could not be read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unreadable: u64,
    /// Those of `violations` that are only remarks, by rule id. Not stored, for the violations tell.
    #[serde(skip)]
    pub remarks: BTreeMap<String, u64>,
    /// Files that were read. Not stored, for the parts of one file would not add up.
    #[serde(skip)]
    pub files: u64,
    /// The score from which a conversation counts as passed. Not stored, for it is no sum.
    #[serde(skip, default = "pass")]
    pub pass: u64,
}

/// A sum for each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BySeverity {
    /// Errors.
    pub error: u64,
    /// Warnings.
    pub warning: u64,
    /// Infos.
    pub info: u64,
}

/// A sum for each kind of first rewrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ByRewrite {
    /// May be applied unseen.
    pub safe: u64,
    /// A person decides.
    pub suggested: u64,
    /// Shows how it could be said.
    pub example: u64,
    /// There is none.
    pub none: u64,
}

/// The sums of one agent's conversations.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgentSums {
    /// The agent; absent for conversations that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Conversations.
    pub conversations: u64,
    /// Conversations that passed: a score of at least [`Summary::pass`], and nothing fatal.
    pub passed: u64,
    /// Conversations that a fatal violation failed.
    pub fatal: u64,
    /// The scores of the conversations added up.
    pub scores: u64,
    /// What the violations cost together.
    pub points: u64,
    /// Violations.
    pub violations: u64,
    /// Violations by rule id.
    pub by_rule: BTreeMap<String, u64>,
    /// Violations by the first half of the rule id.
    #[serde(default)]
    pub by_category: BTreeMap<String, u64>,
    /// How often the agent said the words of courtesy that packs count.
    #[serde(default, skip_serializing_if = "Courtesy::is_empty")]
    pub courtesy: Courtesy,
    /// Those of `violations` that are only remarks, by rule id. Not stored, for the violations tell.
    #[serde(skip)]
    pub remarks: BTreeMap<String, u64>,
}

/// What counts of a conversation, or of an agent's part in it.
#[derive(Debug, Clone, Copy)]
struct Part<'r> {
    score: u64,
    fatal: bool,
    points: u64,
    rules: &'r BTreeMap<String, u64>,
    courtesy: &'r Courtesy,
}

impl Part<'_> {
    /// 1 where it passes, else 0.
    fn passed(self, pass: u64) -> u64 {
        u64::from(self.score >= pass && !self.fatal)
    }
}

impl<'r> From<&'r ConversationRecord> for Part<'r> {
    fn from(ConversationRecord { score, fatal, points, rules, courtesy, .. }: &'r ConversationRecord) -> Self {
        Self { score: *score, fatal: *fatal, points: *points, rules, courtesy }
    }
}

impl<'r> From<&'r Share> for Part<'r> {
    fn from(Share { score, fatal, points, rules, courtesy, .. }: &'r Share) -> Self {
        Self { score: *score, fatal: *fatal, points: *points, rules, courtesy }
    }
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            conversations: 0,
            turns: 0,
            violations: 0,
            affected: 0,
            by_rule: BTreeMap::new(),
            by_category: BTreeMap::new(),
            by_severity: BySeverity::default(),
            by_rewrite: ByRewrite::default(),
            passed: 0,
            fatal: 0,
            scores: 0,
            points: 0,
            courtesy: Courtesy::default(),
            untimed: 0,
            agents: Vec::new(),
            suppressed: 0,
            baselined: 0,
            skipped: 0,
            unreadable: 0,
            remarks: BTreeMap::new(),
            files: 0,
            pass: PASS,
        }
    }
}

impl Summary {
    /// Violations that are not reported, for the files or the baseline say so.
    pub fn hidden(&self) -> u64 {
        self.suppressed + self.baselined
    }

    /// Adds what was found in one conversation.
    pub fn add(&mut self, findings: &Findings) {
        let conversation = &findings.conversation;
        let violations = findings.violations.len() as u64;
        self.conversations += 1;
        self.turns += conversation.turns;
        self.violations += violations;
        self.affected += u64::from(violations > 0);
        add_counts(&mut self.by_rule, &conversation.rules);
        add_categories(&mut self.by_category, &conversation.rules);
        self.courtesy.add(&conversation.courtesy);
        self.untimed += u64::from(conversation.untimed);
        for violation in &findings.violations {
            *self.by_severity.of_mut(violation.severity) += 1;
            *self.by_rewrite.of_mut(violation.rewrites.first().map(|rewrite| rewrite.applicability)) += 1;
        }
        let whole = Part::from(conversation);
        self.passed += whole.passed(self.pass);
        self.fatal += u64::from(whole.fatal);
        self.scores += whole.score;
        self.points += whole.points;
        let pass = self.pass;
        if conversation.agents.is_empty() {
            self.agent(conversation.agent.as_deref()).count(whole, pass);
        }
        for share in &conversation.agents {
            self.agent(Some(&share.agent)).count(share.into(), pass);
        }
        for remark in findings.violations.iter().filter(|violation| violation.severity == Severity::Info) {
            add_count(&mut self.remarks, &remark.rule, 1);
            let is_share = |share: &Share| remark.agent.as_deref() == Some(&share.agent);
            let in_charge = if conversation.agents.is_empty() { conversation.agent.as_deref() } else { remark.agent.as_deref() };
            if conversation.agents.is_empty() || conversation.agents.iter().any(is_share) {
                add_count(&mut self.agent(in_charge).remarks, &remark.rule, 1);
            }
        }
    }

    /// Adds the sums of another part of the input.
    pub fn merge(&mut self, other: &Self) {
        self.conversations += other.conversations;
        self.turns += other.turns;
        self.violations += other.violations;
        self.affected += other.affected;
        add_counts(&mut self.by_rule, &other.by_rule);
        add_counts(&mut self.by_category, &other.by_category);
        self.by_severity.error += other.by_severity.error;
        self.by_severity.warning += other.by_severity.warning;
        self.by_severity.info += other.by_severity.info;
        self.by_rewrite.safe += other.by_rewrite.safe;
        self.by_rewrite.suggested += other.by_rewrite.suggested;
        self.by_rewrite.example += other.by_rewrite.example;
        self.by_rewrite.none += other.by_rewrite.none;
        self.passed += other.passed;
        self.fatal += other.fatal;
        self.scores += other.scores;
        self.points += other.points;
        self.courtesy.add(&other.courtesy);
        self.untimed += other.untimed;
        for sums in &other.agents {
            self.agent(sums.agent.as_deref()).add(sums);
        }
        self.suppressed += other.suppressed;
        self.baselined += other.baselined;
        self.skipped += other.skipped;
        self.unreadable += other.unreadable;
        add_counts(&mut self.remarks, &other.remarks);
        self.files += other.files;
    }

    /// Violations at `level` or above.
    pub fn at_least(&self, level: Severity) -> u64 {
        [Severity::Error, Severity::Warning, Severity::Info]
            .into_iter()
            .filter(|severity| *severity >= level)
            .map(|severity| self.by_severity.of(severity))
            .sum()
    }

    /// The sums of all conversations, in the shape of an agent's.
    pub(super) fn total(&self) -> AgentSums {
        AgentSums {
            agent: None,
            conversations: self.conversations,
            passed: self.passed,
            fatal: self.fatal,
            scores: self.scores,
            points: self.points,
            violations: self.violations,
            by_rule: self.by_rule.clone(),
            by_category: self.by_category.clone(),
            courtesy: self.courtesy.clone(),
            remarks: self.remarks.clone(),
        }
    }

    fn agent(&mut self, name: Option<&str>) -> &mut AgentSums {
        let at = match self.agents.binary_search_by(|sums| sums.agent.as_deref().cmp(&name)) {
            Ok(at) => at,
            Err(at) => {
                self.agents.insert(at, AgentSums { agent: name.map(str::to_owned), ..AgentSums::default() });
                at
            }
        };
        &mut self.agents[at]
    }
}

impl AgentSums {
    /// The average score; 0 without conversations.
    pub fn average(&self) -> Tenths {
        Tenths::of(self.scores, self.conversations)
    }

    /// Conversations in a hundred that passed; 0 without conversations.
    pub fn pass_percent(&self) -> u64 {
        percent(self.passed, self.conversations)
    }

    /// The order in which agents are listed: the lowest average first, those of the same by name.
    pub fn lowest_first(&self, other: &Self) -> Ordering {
        let compared = |scores: u64, conversations: u64| u128::from(scores) * u128::from(conversations.max(1));
        let [one, two] = [compared(self.scores, other.conversations), compared(other.scores, self.conversations)];
        one.cmp(&two).then_with(|| self.agent.cmp(&other.agent))
    }

    /// Violations that are more than a remark: errors and warnings.
    pub fn faults(&self) -> u64 {
        self.violations.saturating_sub(self.remarked())
    }

    /// Remarks: infos.
    pub fn remarked(&self) -> u64 {
        self.remarks.values().sum()
    }

    /// Errors and warnings by the first half of the rule id; without those categories that have none.
    pub fn faults_by_category(&self) -> BTreeMap<&str, u64> {
        let mut faults: BTreeMap<&str, u64> = self.by_category.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        for (rule, count) in &self.remarks {
            if let Some(of_category) = faults.get_mut(category(rule)) {
                *of_category = of_category.saturating_sub(*count);
            }
        }
        faults.retain(|_, count| *count > 0);
        faults
    }

    /// Adds an agent's part in a conversation.
    fn count(&mut self, part: Part<'_>, pass: u64) {
        self.conversations += 1;
        self.passed += part.passed(pass);
        self.fatal += u64::from(part.fatal);
        self.scores += part.score;
        self.points += part.points;
        self.violations += part.rules.values().sum::<u64>();
        add_counts(&mut self.by_rule, part.rules);
        add_categories(&mut self.by_category, part.rules);
        self.courtesy.add(part.courtesy);
    }

    fn add(&mut self, other: &Self) {
        self.conversations += other.conversations;
        self.passed += other.passed;
        self.fatal += other.fatal;
        self.scores += other.scores;
        self.points += other.points;
        self.violations += other.violations;
        add_counts(&mut self.by_rule, &other.by_rule);
        add_counts(&mut self.by_category, &other.by_category);
        self.courtesy.add(&other.courtesy);
        add_counts(&mut self.remarks, &other.remarks);
    }
}

impl BySeverity {
    /// The sum of one severity.
    pub fn of(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }

    fn of_mut(&mut self, severity: Severity) -> &mut u64 {
        match severity {
            Severity::Error => &mut self.error,
            Severity::Warning => &mut self.warning,
            Severity::Info => &mut self.info,
        }
    }
}

impl ByRewrite {
    fn of_mut(&mut self, applicability: Option<Applicability>) -> &mut u64 {
        match applicability {
            Some(Applicability::Safe) => &mut self.safe,
            Some(Applicability::Suggested) => &mut self.suggested,
            Some(Applicability::Example) => &mut self.example,
            None => &mut self.none,
        }
    }
}

fn add_counts(sums: &mut BTreeMap<String, u64>, counts: &BTreeMap<String, u64>) {
    for (name, count) in counts {
        add_count(sums, name, *count);
    }
}

fn add_categories(sums: &mut BTreeMap<String, u64>, rules: &BTreeMap<String, u64>) {
    for (rule, count) in rules {
        add_count(sums, category(rule), *count);
    }
}

fn add_count(sums: &mut BTreeMap<String, u64>, name: &str, count: u64) {
    match sums.get_mut(name) {
        Some(sum) => *sum += count,
        None => {
            sums.insert(name.to_owned(), count);
        }
    }
}

fn pass() -> u64 {
    PASS
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let all = sample::findings();
        let mut whole = Summary::default();
        all.iter().for_each(|findings| whole.add(findings));
        for cut in 0..=all.len() {
            let mut merged = Summary::default();
            for part in [&all[cut..], &all[..cut]] {
                let mut sums = Summary::default();
                part.iter().for_each(|findings| sums.add(findings));
                merged.merge(&sums);
            }
            assert_eq!(merged, whole);
        }
        let names: Vec<_> = whole.agents.iter().map(|sums| sums.agent.as_deref()).collect();
        assert_eq!(names, [None, Some("A001")]);
        assert_eq!(whole.violations, whole.at_least(Severity::Info));
        assert_eq!(whole.violations, whole.by_category.values().sum::<u64>());
        assert_eq!(whole.violations - whole.by_severity.info, whole.total().faults());
    }

    #[test]
    fn remarks_are_counted_for_who_made_them_and_apart_from_faults() {
        let mut findings = sample::findings().remove(0);
        let mut summary = Summary::default();
        summary.add(&findings);
        assert_eq!((summary.agents[0].faults(), summary.agents[0].remarked()), (2, 1));
        assert_eq!(summary.agents[0].faults_by_category(), [("address", 1), ("asking", 1)].into());
        let share = |agent: &str, rules: &[&str]| Share {
            agent: agent.into(),
            rules: rules.iter().map(|rule| ((*rule).to_owned(), 1)).collect(),
            ..Share::default()
        };
        findings.conversation.agents = vec![share("A001", &["address/nin", "asking/name"]), share("A002", &["closing/thanks"])];
        findings.violations[2].agent = Some("A002".into());
        let mut summary = Summary::default();
        summary.add(&findings);
        let counts: Vec<_> = summary.agents.iter().map(|sums| (sums.faults(), sums.remarked())).collect();
        assert_eq!(counts, [(2, 0), (0, 1)]);
        assert_eq!((summary.total().faults(), summary.total().remarked()), (2, 1));
        assert!(!serde_json::to_string(&summary).unwrap_or_default().contains("remarks"), "they are not stored");
    }
}
