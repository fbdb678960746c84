//! Findings as data: what every form of report is made from, and what `--format jsonl` stores.
//!
//! A record holds everything that a reader needs without the transcript at hand, so that stored findings can be
//! shown again in another form. The order of the fields is the order of the keys; an absent fact is an absent key.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::text::Lines;
use crate::transcript::{Conversation, Turn};
use crate::violation::{Applicability, Rewrite, Severity, Violation};

use super::sentence::Sentence;
use super::summary::Summary;
use super::visible::visible;

/// What was found in one conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Its violations, in the order of the turns.
    pub violations: Vec<ViolationRecord>,
    /// The conversation itself.
    pub conversation: ConversationRecord,
}

/// One violation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "violation")]
pub struct ViolationRecord {
    /// The file's name as the user gave it.
    pub file: String,
    /// The conversation's id.
    pub conversation: String,
    /// The index of the turn, from 0.
    pub turn: usize,
    /// Who spoke: `agent`, `customer`, `bot`, `system` or `unknown`.
    pub speaker: String,
    /// The agent of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// When the turn began, as the source writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The rule's id.
    pub rule: String,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence that says what is wrong.
    pub message: String,
    /// The sentence that holds the words, cut around them where it is long; the turn where no words are marked.
    pub sentence: String,
    /// The marked words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where the words stand, in UTF-8 bytes of the turn's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Range<usize>>,
    /// The line of the file where the words begin (the turn, where no words are marked), from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in that line, in characters, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What it costs on a scorecard.
    pub points: u32,
    /// Professional wordings, the best first.
    pub rewrites: Vec<Rewrite>,
    /// Where the words stand in `sentence`, in bytes. Not stored: forms that mark words need it.
    #[serde(skip)]
    pub mark: Option<Range<usize>>,
}

/// One conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "conversation")]
pub struct ConversationRecord {
    /// The file's name as the user gave it.
    pub file: String,
    /// The conversation's id.
    pub conversation: String,
    /// Its agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// When it began, as the source writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The number of its turns.
    pub turns: u64,
    /// What its violations cost together.
    pub points: u64,
    /// Whether a violation fails it whatever the points (一票否决).
    pub fatal: bool,
    /// 100 less the points, at least 0; 0 where it is fatal.
    pub score: u64,
    /// How often each rule was broken.
    pub rules: BTreeMap<String, u64>,
}

/// A line of stored findings.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Record {
    /// A violation; it comes before its conversation.
    Violation(ViolationRecord),
    /// A conversation.
    Conversation(ConversationRecord),
    /// The sums, at the end.
    Summary(Summary),
}

impl Findings {
    /// Records what was found in a conversation; `lines` are those of the document it stands in.
    pub fn new(file: &str, conversation: &Conversation, violations: &[Violation], lines: &Lines<'_>) -> Self {
        let points = violations.iter().map(|violation| u64::from(violation.points)).sum();
        let fatal = violations.iter().any(|violation| violation.fatal);
        let mut rules = BTreeMap::new();
        for violation in violations {
            *rules.entry(violation.rule.to_string()).or_insert(0) += 1;
        }
        let started = conversation.started.as_ref().or(conversation.turns.first().and_then(|turn| turn.start.as_ref()));
        Self {
            violations: violations
                .iter()
                .filter_map(|violation| {
                    let turn = conversation.turns.get(violation.turn)?;
                    Some(ViolationRecord::new(file, conversation, turn, violation, lines))
                })
                .collect(),
            conversation: ConversationRecord {
                file: file.to_owned(),
                conversation: conversation.id.clone(),
                agent: conversation.agent.clone(),
                time: started.map(|moment| moment.text.clone()),
                turns: conversation.turns.len() as u64,
                points,
                fatal,
                score: if fatal { 0 } else { 100u64.saturating_sub(points) },
                rules,
            },
        }
    }
}

impl ViolationRecord {
    /// `file:line:column`, as far as known, fit to be shown.
    pub(super) fn location(&self) -> String {
        let mut location = visible(&self.file).into_owned();
        for number in [self.line, self.column].into_iter().map_while(|number| number) {
            location.push_str(&format!(":{number}"));
        }
        location
    }

    /// Whether the first rewrite may be applied unseen.
    pub fn is_safely_fixable(&self) -> bool {
        self.rewrites.first().is_some_and(|rewrite| rewrite.applicability == Applicability::Safe)
    }

    fn new(file: &str, conversation: &Conversation, turn: &Turn, violation: &Violation, lines: &Lines<'_>) -> Self {
        let text = violation.span.clone().and_then(|span| turn.text.get(span));
        let sentence = Sentence::around(&turn.text, violation.span.clone());
        let position = turn.place.position(lines, violation.span.as_ref().map_or(0, |span| span.start));
        Self {
            file: file.to_owned(),
            conversation: conversation.id.clone(),
            turn: violation.turn,
            speaker: turn.speaker.as_str().to_owned(),
            agent: conversation.agent.clone(),
            time: turn.start.as_ref().map(|moment| moment.text.clone()),
            rule: violation.rule.to_string(),
            severity: violation.severity,
            message: violation.message.clone(),
            sentence: sentence.text,
            text: text.map(str::to_owned),
            span: violation.span.clone(),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            points: violation.points,
            rewrites: violation.rewrites.clone(),
            mark: sentence.mark,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::jsonl::json_line;
    use super::*;
    use crate::transcript::{Moment, Place, Speaker};

    fn findings() -> Findings {
        let document = "您好\n客服：請問你是誰?";
        let mut turn = Turn::new(Speaker::Agent, "請問你是誰?");
        turn.start = Moment::parse("10:11:20");
        turn.place = Place::Verbatim(document.find("請").unwrap_or(0));
        let conversation = Conversation {
            id: "c-17".into(),
            agent: Some("A001".into()),
            turns: vec![Turn::new(Speaker::Customer, "您好"), turn],
            ..Conversation::default()
        };
        let violation = Violation {
            rule: Arc::from("asking/identity"),
            severity: Severity::Warning,
            message: "問法生硬".into(),
            turn: 1,
            span: Some(6..15),
            points: 2,
            fatal: false,
            rewrites: vec![Rewrite { text: "您是哪位".into(), applicability: Applicability::Suggested }],
        };
        Findings::new("a.txt", &conversation, &[violation], &Lines::new(document, 1))
    }

    #[test]
    fn keys_are_those_of_the_contract_in_their_order() {
        let findings = findings();
        assert_eq!(
            json_line(&findings.violations[0]),
            concat!(
                r#"{"type":"violation","file":"a.txt","conversation":"c-17","turn":1,"speaker":"agent","agent":"A001","time":"10:11:20","#,
                r#""rule":"asking/identity","severity":"warning","message":"問法生硬","sentence":"請問你是誰?","text":"你是誰","#,
                r#""span":{"start":6,"end":15},"line":2,"column":6,"points":2,"#,
                r#""rewrites":[{"text":"您是哪位","applicability":"suggested"}]}"#,
            )
        );
        assert_eq!(
            json_line(&findings.conversation),
            concat!(
                r#"{"type":"conversation","file":"a.txt","conversation":"c-17","agent":"A001","turns":2,"points":2,"fatal":false,"#,
                r#""score":98,"rules":{"asking/identity":1}}"#
            )
        );
    }

    #[test]
    fn stored_findings_are_read_back() {
        let findings = findings();
        let mut stored = findings.violations[0].clone();
        stored.mark = None;
        let read = |line: String| serde_json::from_str::<Record>(&line).ok();
        assert_eq!(read(json_line(&stored)), Some(Record::Violation(stored)));
        assert_eq!(read(json_line(&findings.conversation)), Some(Record::Conversation(findings.conversation.clone())));
        let mut summary = Summary::default();
        summary.add(&findings);
        assert_eq!(read(json_line(&summary)), Some(Record::Summary(summary)));
    }

    #[test]
    fn a_violation_without_words_has_neither_text_nor_span() {
        let conversation = Conversation::reply("r-1", "好的。\n再见");
        let violation = Violation {
            rule: Arc::from("closing/thanks"),
            severity: Severity::Info,
            message: String::new(),
            turn: 0,
            span: None,
            points: 0,
            fatal: true,
            rewrites: Vec::new(),
        };
        let findings = Findings::new("-", &conversation, &[violation], &Lines::new("", 1));
        let record = &findings.violations[0];
        assert_eq!((&record.text, &record.span, &record.mark, record.line), (&None, &None, &None, None));
        assert_eq!(record.sentence, "好的。\n再见");
        assert_eq!((findings.conversation.fatal, findings.conversation.score), (true, 0));
    }
}
